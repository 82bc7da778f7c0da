"""Cash in hands: taken, handed over, deposited, reversed, counted, closed; each refusal."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tahsil.actions import cash, cash_days, matching, receipts, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    BankAccount,
    CashCase,
    CashDay,
    CashDeposit,
    CashEntry,
    CashHandOver,
    CashItem,
    Receipt,
    RoleGrant,
)
from tests.actions import statements
from tests.actions.money import total
from tests.conftest import NOW, TODAY
from tests.tables import table

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@dataclass
class Till:
    """Lina in the field, Huda at the counter, one bank account, and a clock."""

    book: object
    bank: int
    as_of: object = TODAY
    now: object = NOW
    keys: list[int] = field(default_factory=lambda: [0])

    def ctx(self, who: str):
        self.keys[0] += 1
        made = self.book.ctx(who, as_of=self.as_of)
        return replace(made, now=self.now, key=f"k{self.keys[0]}")

    def later(self, days: int = 1) -> None:
        self.as_of += days * DAY
        self.now += days * DAY

    def take(self, minor: int, who: str = "lina", **more) -> int:
        given = {"value_on": self.as_of, "instrument": "cash", "confirm": True, **more}
        done = receipts.record(
            self.ctx(who), account_id=self.book.account, amount_minor=minor, **given
        )
        return done.id

    def reverse(self, receipt_id: int) -> None:
        receipts.reverse(
            self.ctx("sara"), account_id=self.book.account, receipt_id=receipt_id, reason="wrong"
        )

    def deposit(self, minor: int, number: str = "S1", who: str = "lina", **more):
        return cash.deposit(
            self.ctx(who), bank_account_id=self.bank, number=number, amount_minor=minor, **more
        )

    def offer(self, giver: str = "lina", receiver: str = "huda", **more) -> int:
        to = getattr(self.book.people, receiver)
        return cash.hand_over(self.ctx(giver), receiver_id=to, currency="EGP", **more).id

    def accept(self, offer: int, minor: int, who: str = "huda", **more):
        return cash.accept(self.ctx(who), hand_over_id=offer, pieces=notes(minor), **more)

    def close(self, counted: int, who: str = "lina", **more):
        cash_days.count(self.ctx(who), currency="EGP", pieces=notes(counted))
        return cash_days.close_day(self.ctx(who), currency="EGP", **more)

    def held(self, who: str) -> int:
        person = getattr(self.book.people, who)
        by_entry = total(CashEntry.objects.filter(person_id=person))
        assert by_entry == total(CashItem.objects.filter(holder_id=person))
        return by_entry


def notes(minor: int) -> dict[str, int]:
    """The amount in piastres of 25: any that can be."""
    assert minor % 25 == 0
    return {"25": minor // 25}


@pytest.fixture
def till(book) -> Till:
    ours = BankAccount.objects.create(
        creditor_id=book.people.creditor, code="CIB-1", bank="CIB", currency="EGP"
    )
    return Till(book, ours.id)


def refused(act, *words, **more) -> str:
    with pytest.raises(Refused) as said:
        act(*words, **more)
    str(said.value)  # every fact of its sentence is there
    return said.value.code


def test_only_cash_is_held(till):
    till.take(10_000)
    till.take(20_000, instrument="transfer")
    till.take(30_000, instrument="card")
    till.take(40_000, instrument="cheque")
    assert till.held("lina") == 10_000
    assert till.held("huda") == 0


def test_a_ceiling_waits_for_the_leader(till):
    till.take(40_000_00)
    asked = receipts.record(
        till.ctx("lina"), account_id=till.book.account, amount_minor=10_000_01, value_on=TODAY,
        instrument="cash",
    )  # fmt: skip
    assert isinstance(asked, Waiting)
    assert {each.code for each in asked.verdict.reasons} == {"cash.above_day", "cash.above_hand"}
    assert till.held("lina") == 40_000_00
    requests.approve(till.ctx("omar"), request_id=asked.request_id)
    assert till.held("lina") == 50_000_01


def test_cash_is_counted_by_its_receiver(till):
    first, second = till.take(10_000), till.take(5_000)
    offer = till.offer(receipts=[first])
    assert till.held("lina") == 15_000  # hers until it is counted
    assert refused(till.accept, offer, 10_000, who="sara") == "cash.not_receiver"
    assert refused(till.deposit, 10_000, receipts=[first]) == "cash.not_in_hand"
    till.accept(offer, 10_000)
    assert (till.held("lina"), till.held("huda")) == (5_000, 10_000)
    assert refused(till.accept, offer, 10_000) == "cash.answered"
    till.deposit(10_000, who="huda")
    till.deposit(5_000, number="S2", receipts=[second])
    assert (till.held("lina"), till.held("huda")) == (0, 0)


@pytest.mark.parametrize(
    "case",
    table("""
    counted  kind      receiver  why
    9500     shortage  9500      too little is a shortage of the giver
    10500    overage   10500     too much is an overage of the giver
"""),
    ids=lambda case: case["why"],
)
def test_a_difference_is_named(till, case):
    till.take(10_000)
    offer = till.offer()
    assert refused(till.accept, offer, int(case["counted"])) == "cash.variance"
    assert till.held("lina") == 10_000
    till.accept(offer, int(case["counted"]), reason="counted twice, together")
    found = CashCase.objects.get()
    assert (found.kind, found.person_id, found.amount_minor) == (
        case["kind"], till.book.people.lina, 500,
    )  # fmt: skip
    assert (till.held("lina"), till.held("huda")) == (0, int(case["receiver"]))
    till.deposit(int(case["receiver"]), who="huda")
    assert till.held("huda") == 0


def test_an_offer_may_come_to_nothing(till):
    till.take(10_000)
    offer = till.offer()
    assert refused(cash.decline, till.ctx("sara"), hand_over_id=offer, reason="no") == (
        "cash.not_yours"
    )
    cash.decline(till.ctx("huda"), hand_over_id=offer, reason="no safe today")
    assert till.held("lina") == 10_000
    till.deposit(10_000)


@pytest.mark.parametrize("receiver, code", [
    ("lina", "cash.receiver"), ("stranger", "cash.receiver_role"),
    ("auditor", "cash.receiver_role"),
])  # fmt: skip
def test_who_may_receive(till, receiver, code):
    till.take(10_000)
    assert refused(till.offer, receiver=receiver) == code


def test_a_deposit_covers_whole_receipts_oldest_first(till):
    ids = [till.take(minor) for minor in (10_000, 5_000, 7_000)]
    assert refused(till.deposit, 12_000) == "cash.not_whole"
    assert refused(till.deposit, 12_000, receipts=ids[:2]) == "cash.deposit_sum"
    made = till.deposit(15_000)
    covered = CashEntry.objects.filter(deposit_id=made.id).values_list(
        "item__receipt_id", "amount_minor"
    )
    assert list(covered.order_by("item_id")) == [(ids[0], -10_000), (ids[1], -5_000)]
    assert refused(till.deposit, 7_000) == "cash.slip_known"
    assert refused(till.deposit, 10_000, number="S2", receipts=[ids[0]]) == "cash.not_in_hand"
    till.deposit(7_000, number="S2", receipts=[ids[2]])


def test_a_deposit_is_late_after_its_time(till):
    till.take(10_000)  # on a Sunday at 10:00 in Cairo
    made = CashDeposit.objects.get(id=till.deposit(10_000).id)
    assert made.deposited_at <= made.due_at
    till.take(10_000)
    till.later()
    late = till.deposit(10_000, number="S2")
    assert late.facts["is_late"]
    assert refused(till.deposit, 1, number="S3", deposited_on=till.as_of + DAY) == "cash.not_whole"
    till.take(10_000)
    assert refused(till.deposit, 10_000, number="S3", deposited_on=TODAY) == "cash.before_taken"
    assert refused(
        till.deposit, 10_000, number="S3", deposited_on=till.as_of + DAY
    ) == "cash.deposit_future"  # fmt: skip


def test_reversed_in_the_hand_it_is_in_no_hand(till):
    kept = till.take(10_000)
    till.reverse(kept)
    assert till.held("lina") == 0
    assert not CashItem.objects.filter(holder__isnull=False).exists()
    moved = till.take(5_000)
    till.accept(till.offer(), 5_000)
    till.reverse(moved)
    assert (till.held("lina"), till.held("huda")) == (0, 0)


def test_reversed_at_the_bank_stands_below_nothing_until_it_is_put_right(till):
    wrong = till.take(10_000)
    till.deposit(10_000)
    till.reverse(wrong)
    assert till.held("lina") == -10_000
    case = CashCase.objects.get()
    assert (case.kind, case.amount_minor, case.receipt_id) == ("reversed", 10_000, wrong)
    till.take(10_000)  # the right receipt of the same money
    assert till.held("lina") == 0
    settle(till, case, "recorded")
    till.take(3_000)
    till.deposit(3_000, number="S2")
    assert till.held("lina") == 0


def test_reversed_at_the_bank_and_paid_back_from_there(till):
    wrong = till.take(10_000)
    till.deposit(10_000)
    till.reverse(wrong)
    settle(till, CashCase.objects.get(), "refunded")
    assert till.held("lina") == 0
    assert not CashItem.objects.filter(holder__isnull=False).exists()


def settle(till, case, outcome, who="sara"):
    return cash_days.settle_case(till.ctx(who), case_id=case.id, outcome=outcome, note="seen")


def test_a_day_closes_on_what_was_counted(till):
    till.take(10_000)
    till.take(5_000)
    till.deposit(10_000)
    done = till.close(5_000)
    found = CashDay.objects.get(id=done.id)
    assert (found.opening_minor, found.taken_minor, found.deposited_minor) == (0, 15_000, -10_000)
    assert (found.expected_minor, found.difference_minor, found.case_id) == (5_000, 0, None)
    assert not found.needs_signature


def test_no_receipt_of_a_closed_day(till):
    till.take(10_000)
    till.close(10_000)
    assert refused(till.take, 100) == "cash.day_closed"
    till.take(100, instrument="transfer")
    assert refused(till.close, 10_000) == "cash.closed"
    till.later()
    assert refused(till.take, 100, value_on=TODAY) == "cash.day_closed"
    till.take(100)
    assert till.held("lina") == 10_100


def test_what_moves_after_closing_is_of_the_next_day(till):
    till.take(10_000)
    till.close(10_000)
    till.deposit(10_000)
    till.later()
    till.close(0)
    found = CashDay.objects.latest("id")
    assert (found.opening_minor, found.deposited_minor, found.expected_minor) == (
        10_000,
        -10_000,
        0,
    )


def test_a_count_comes_first_and_is_of_now(till):
    till.take(10_000)
    assert refused(cash_days.close_day, till.ctx("lina"), currency="EGP") == "cash.count_first"
    cash_days.count(till.ctx("lina"), currency="EGP", pieces=notes(10_000))
    till.take(100)
    assert refused(cash_days.close_day, till.ctx("lina"), currency="EGP") == "cash.count_first"
    till.offer()
    assert refused(till.close, 10_100) == "cash.offer_open"


def test_a_day_left_open_is_closed_with_its_own_entries(till):
    till.take(10_000)
    till.later()
    till.close(10_000)
    assert CashDay.objects.get().day_on == TODAY
    till.take(100)
    till.close(10_100)
    assert list(CashDay.objects.values_list("day_on", flat=True)) == [TODAY, TODAY + DAY]


def test_a_shortage_is_a_case_until_it_is_settled(till):
    till.take(10_000)
    assert refused(till.close, 9_500) == "cash.difference"
    done = till.close(9_500, reason="a note was torn")
    day = CashDay.objects.get(id=done.id)
    assert (day.difference_minor, day.needs_signature) == (-500, True)
    assert till.held("lina") == 9_500
    assert refused(cash_days.sign_day, till.ctx("lina"), day_id=day.id) in (
        "cash.own_day", "grant.none",
    )  # fmt: skip
    cash_days.sign_day(till.ctx("omar"), day_id=day.id)
    assert refused(cash_days.sign_day, till.ctx("sara"), day_id=day.id) == "cash.signed"
    case = day.case
    assert case.owner_id == till.book.people.omar
    assert refused(settle, till, case, "kept") == "cash.outcome"
    settle(till, case, "paid_back", who="omar")
    assert till.held("lina") == 10_000
    assert refused(settle, till, case, "deducted") == "cash.case_settled"
    till.deposit(10_000)


@pytest.mark.parametrize("outcome, held", [("deducted", 9_500), ("paid_back", 10_000)])
def test_what_settling_a_shortage_brings(till, outcome, held):
    till.take(10_000)
    till.close(9_500, reason="missing")
    settle(till, CashCase.objects.get(), outcome)
    assert till.held("lina") == held
    till.later()
    till.deposit(held)
    assert till.held("lina") == 0


def test_writing_off_has_limits(till):
    till.take(40_000_00)
    till.close(30_000_00, reason="robbed")
    asked = settle(till, CashCase.objects.get(), "written_off")
    assert isinstance(asked, Waiting)
    assert "cfo" in asked.verdict.approvers
    assert CashCase.objects.get().state == "open"


def test_an_overage_may_be_a_receipt_nobody_wrote(till):
    till.take(10_000)
    till.close(10_500, reason="too much")
    case = CashCase.objects.get()
    settle(till, case, "recorded")
    assert till.held("lina") == 10_000
    till.later()
    till.take(500)
    till.deposit(10_500)


def test_a_leader_signs_only_for_their_team(till):
    RoleGrant.objects.create(
        person_id=till.book.people.stranger, role="team_leader", scope="team", since_on=TODAY
    )
    till.take(10_000)
    done = till.close(9_500, reason="missing")
    assert refused(cash_days.sign_day, till.ctx("stranger"), day_id=done.id) == "grant.scope"
    assert refused(settle, till, CashCase.objects.get(), "deducted", "stranger") == "grant.scope"


def test_audit_calls_back(till):
    made = till.take(10_000)
    call = cash_days.call_back
    assert refused(call, till.ctx("auditor"), receipt_id=made, result="maybe") == "cash.result"
    assert refused(call, till.ctx("auditor"), receipt_id=made, result="not_confirmed") == (
        "given.missing"
    )
    done = call(till.ctx("auditor"), receipt_id=made, result="not_confirmed", note="paid more")
    assert isinstance(done, Done)
    assert refused(call, till.ctx("lina"), receipt_id=made, result="confirmed") == "grant.none"


def test_a_law_is_asked_by_the_company_s_country(till):
    from tahsil.store.models import Account, Creditor

    Creditor.objects.filter(id=till.book.people.creditor).update(country="IN", currency="INR")
    Account.objects.filter(id=till.book.account).update(currency="INR")
    for _ in range(10):
        till.take(19_999_00, who="huda")
    assert refused(till.take, 19_000_00, who="huda") == "cash.law_day"
    till.take(19_000_00, who="huda", instrument="transfer")


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_hands_hold_what_was_taken_and_not_banked(till, seed):
    """Taken − reversed − deposited, with what cases added or took, is what all hands hold."""
    dice, ids = random.Random(seed), []
    for step in range(30):
        try:
            act(till, dice, step, ids)
        except Refused as said:
            assert said.code.partition(".")[0] == "cash", said
        check_hands(till)


def act(till, dice, step, ids):
    who = dice.choice(("lina", "huda"))
    what = dice.choice(
        ("take", "take", "reverse", "offer", "answer", "deposit", "close", "settle", "day")
    )
    if what == "take":
        ids.append(till.take(dice.randrange(1, 40) * 2_500, who=who))
    elif what == "reverse" and ids:
        till.reverse(ids.pop(dice.randrange(len(ids))))
    elif what == "offer":
        giver = dice.choice(("lina", "huda"))
        till.offer(giver, "huda" if giver == "lina" else "sara")
    elif what == "answer" and (offer := CashHandOver.objects.filter(state="offered").first()):
        off = dice.choice((0, 0, 2_500, -2_500))
        to = "huda" if offer.receiver_id == till.book.people.huda else "sara"
        till.accept(offer.id, max(offer.amount_minor + off, 0), who=to, reason="so it is")
    elif what == "deposit":
        free = CashItem.objects.filter(holder_id=getattr(till.book.people, who))
        chosen = [item for item in free if item.amount_minor > 0][: dice.randrange(1, 4)]
        if chosen:
            named = [item.receipt_id for item in chosen if item.receipt_id]
            till.deposit(sum(item.amount_minor for item in chosen), f"S{step}", who, receipts=named)
    elif what == "close":
        till.close(max(till.held(who) + dice.choice((0, 0, 2_500)), 0), who, reason="as counted")
    elif what == "settle" and (case := CashCase.objects.filter(state="open").first()):
        outcome = dice.choice([o for o in cash_days.OUTCOMES[case.kind] if o != "written_off"])
        settle(till, case, outcome, "sara" if case.person_id != till.book.people.sara else "omar")
    elif what == "day":
        till.later()


def check_hands(till):
    sums = {kind: total(CashEntry.objects.filter(kind=kind)) for kind in (
        "take", "reverse", "give", "receive", "deposit", "shortage", "overage", "repay",
    )}  # fmt: skip
    cash_in = Receipt.objects.filter(instrument="cash")
    assert sums["take"] == total(cash_in)
    assert sums["reverse"] == -total(cash_in.filter(reversal__isnull=False))
    assert sums["deposit"] == -total(CashDeposit.objects.all())
    assert sums["give"] == -sums["receive"]
    assert sum(till.held(who) for who in ("lina", "huda", "sara", "omar")) == sum(sums.values())
    for deposit in CashDeposit.objects.all():
        assert total(deposit.entries) == -deposit.amount_minor
    for day in CashDay.objects.all():
        rows = CashEntry.objects.filter(person=day.person, day_on__lte=day.day_on)
        assert total(rows) == day.expected_minor + day.difference_minor


@pytest.mark.parametrize("first", ["deposited", "linked"])
def test_cash_reaches_the_bank_once(till, first):
    """A receipt whose cash a deposit covers explains no other line, and the other way round."""
    receipt_id = till.take(500_00)
    BankAccount.objects.filter(code="CIB-1").update(iban=statements.IBAN)
    (line,) = statements.take(till.ctx("huda"), (500_00, "TRF", "NTRF", "X9"))
    part = [{"receipt_id": receipt_id, "amount_minor": 500_00}]

    def link():
        matching.match(till.ctx("huda"), line_id=line.id, parts=part)

    acts = {"deposited": lambda: till.deposit(500_00), "linked": link}
    then = acts.pop(first)
    then()
    with pytest.raises(Refused) as refused:
        next(iter(acts.values()))()
    assert refused.value.code in ("bank.receipt_deposited", "cash.explained")
