"""Papers through the door: taken in, verified, presented, returned, taken back, replaced."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.actions import instruments, presenting, receipts, replacing, requests, returning
from tahsil.actions._verb import Context, Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import standing_of
from tahsil.store.models import (
    BankAccount,
    DepositSlip,
    Event,
    Instrument,
    InstrumentMove,
    Obligation,
    Person,
    Presentment,
    Receipt,
    Reversal,
    RoleGrant,
)
from tests.actions.money import check_money, check_standing, open_of
from tests.conftest import NOW, TODAY
from tests.tables import table

CHECKED = dict.fromkeys(
    ("date", "words", "payee", "signature", "alteration", "drawer", "bank", "paper", "expiry",
     "currency", "photo"), True,
)  # fmt: skip


class Desk:
    """The cheque desk of the book: an officer, the head of the treasury, an account at a bank."""

    def __init__(self, book):
        self.book = book
        self.ids = {}
        for name, role in (("mervat", "cheque_officer"), ("tarek", "treasury_head"),
                           ("adel", "cfo")):  # fmt: skip
            person = Person.objects.create(
                username=name, name=name.title(), branch_id=book.people.branch
            )
            RoleGrant.objects.create(
                person=person, role=role, scope="all", since_on=date(2026, 1, 1)
            )
            self.ids[name] = person.id
        self.bank = BankAccount.objects.create(
            creditor_id=book.people.creditor, code="CIB-1", bank="CIB", currency="EGP",
            rule="price",
        ).id  # fmt: skip

    def ctx(self, name: str, *, as_of: date = TODAY) -> Context:
        if name not in self.ids:
            return self.book.ctx(name)
        return Context(standing_of(self.ids[name], as_of=as_of), as_of, NOW, "")

    def agreed(self, outcome, by: str) -> Done:
        assert isinstance(outcome, Waiting), outcome
        return requests.approve(self.ctx(by), request_id=outcome.request_id)

    def captured(self, number: str = "000123", minor: int = 5_000_000, **more) -> Instrument:
        given = {"bank": "NBE", "matures_on": TODAY, **more}
        done = instruments.capture(
            self.ctx("mervat"), account_id=self.book.account, number=number, amount_minor=minor,
            **given,
        )  # fmt: skip
        return Instrument.objects.get(id=done.id)

    def kept(self, number: str = "000123", minor: int = 5_000_000, **more) -> Instrument:
        made = self.captured(number, minor, **more)
        self.agreed(self.do(instruments.verify, made, checklist=CHECKED), "tarek")
        return Instrument.objects.get(id=made.id)

    def sent(self, number: str = "000123", minor: int = 5_000_000, **more) -> Instrument:
        made = self.kept(number, minor, **more)
        presenting.send(
            self.ctx("mervat"), bank_account_id=self.bank, instruments=[made.id],
            number=f"S-{number}",
        )  # fmt: skip
        return Instrument.objects.get(id=made.id)

    def do(self, act, paper: Instrument, *, by: str = "mervat", **params):
        return act(self.ctx(by), account_id=self.book.account, instrument_id=paper.id, **params)


@pytest.fixture
def desk(book):
    return Desk(book)


def code_of(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def state(paper: Instrument) -> str:
    return Instrument.objects.values_list("state", flat=True).get(id=paper.id)


def test_a_paper_is_for_the_lines_due_nearest_its_date(desk):
    made = desk.captured(minor=6_000_000)
    covered = {each.obligation.label: each.amount_minor for each in made.lines.all()}
    assert sum(covered.values()) == 6_000_000
    assert made.state == "provisional"
    assert open_of(desk.book.account)["Q01"] == 5_000_000  # covered is never paid


@pytest.mark.parametrize("case", table("""
    code                     more                        why
    instrument.duplicate     -                           the same leaf twice
    given.missing            number=                     a cheque has a number
    given.amount             minor=0                     and an amount
    instrument.kind          kind=shell                  of a known kind
    contract.unknown         contract_id=999             of this account's contract
    instrument.lines_wrong   lines=999                   for lines of this account
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_be_taken_in_is_refused(desk, case):
    desk.captured()
    name, _, value = case["more"].partition("=")
    more = {} if name == "-" else {name: int(value) if value.isdigit() else value}
    if "lines" in more:
        more["lines"] = [[more["lines"], 100]]
    params = {"number": "000124" if more else "000123", **more}
    assert code_of(lambda: desk.captured(**params)) == case["code"]
    assert Instrument.objects.count() == 1


def test_two_drawers_may_share_a_number(desk):
    desk.captured(drawn_on="EG11")
    assert desk.captured("000123", bank="CIB", drawn_on="EG22").number == "000123"


def test_a_far_date_and_a_missing_leaf_are_said_not_refused(desk):
    desk.captured()
    desk.captured("000125", matures_on="2036-11-22")
    assert Event.objects.last().facts["warnings"] == ["far_date", "gap"]


def test_a_series_follows_the_schedule(desk):
    lines = Obligation.objects.filter(account=desk.book.account, due_on__isnull=False)
    contract = lines.exclude(contract=None).first().contract_id
    done = instruments.capture_series(
        desk.ctx("mervat"), account_id=desk.book.account, contract_id=contract, number="000301",
        bank="NBE", count=2,
    )  # fmt: skip
    assert done.facts["numbers"] == ["000301", "000302"]
    for paper in Instrument.objects.all():
        covered = paper.lines.get()
        assert (covered.amount_minor, covered.obligation.due_on) == (
            paper.amount_minor, paper.matures_on,
        )  # fmt: skip


def test_a_cleared_cheque_is_a_receipt_that_pays_its_lines(desk):
    paper = desk.sent(lines=[[desk.book.lines["Q01"], 5_000_000]])
    done = desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="ST-1")
    receipt = Receipt.objects.get()
    assert (receipt.amount_minor, receipt.instrument, receipt.reference) == (
        5_000_000, "cheque", "000123",
    )  # fmt: skip
    assert open_of(desk.book.account)["Q01"] == 0
    assert done.facts["receipt"] == receipt.number
    assert state(paper) == "cleared"
    check_money(desk.book.account)
    check_standing(desk.book.account)


def test_a_cheque_whose_line_was_paid_in_part_meanwhile_still_clears(desk):
    paper = desk.sent(lines=[[desk.book.lines["Q01"], 5_000_000]])
    receipts.record(
        desk.ctx("huda"), account_id=desk.book.account, amount_minor=2_000_000, value_on=TODAY,
        instrument="cash", instruction=[[desk.book.lines["Q01"], 2_000_000]],
    )  # fmt: skip
    desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="ST-1")
    opened = open_of(desk.book.account)
    assert opened["Q01"] == 0
    assert opened["Q02"] == 3_000_000  # what was over paid the next line
    check_money(desk.book.account)


def test_a_credit_the_bank_takes_back_opens_the_line_again(desk):
    paper = desk.sent(lines=[[desk.book.lines["Q01"], 5_000_000]])
    desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="ST-1")
    asked = desk.do(returning.bounce_late, paper, by="huda", reason="INSF", memo="advice 4")
    desk.agreed(asked, "adel")
    assert Reversal.objects.count() == 1
    assert open_of(desk.book.account)["Q01"] == 5_000_000
    assert state(paper) == "bounced"
    tried = Presentment.objects.get()
    assert (tried.result, tried.reason, tried.paid_minor) == ("bounced", "NSF", 0)
    check_money(desk.book.account)


def test_a_clearing_taken_back_awaits_the_answer_again(desk):
    paper = desk.sent()
    desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="ST-1")
    desk.agreed(
        desk.do(returning.take_back_clearing, paper, by="huda", document="wrong cheque"), "adel"
    )
    assert state(paper) == "under_collection"
    desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="ST-2")
    assert Receipt.objects.filter(reversal=None).count() == 1


def test_a_part_payment_pays_its_part(desk):
    paper = desk.sent(lines=[[desk.book.lines["Q01"], 5_000_000]])
    desk.do(
        presenting.pay_in_part, paper, by="huda", amount_minor=1_800_000, certificate="C-1",
        value_on=TODAY,
    )  # fmt: skip
    assert open_of(desk.book.account)["Q01"] == 3_200_000
    assert state(paper) == "partially_paid"
    whole = {"amount_minor": 5_000_000, "certificate": "C-2", "value_on": TODAY}
    other = desk.sent("000200")
    assert code_of(lambda: desk.do(presenting.pay_in_part, other, by="huda", **whole)) == (
        "instrument.part"
    )


def test_a_closed_account_tells_on_the_drawers_other_leaves(desk):
    paper, other = desk.sent(), desk.kept("000124", 1_000_000)
    desk.do(returning.bounce, paper, by="huda", reason="الحساب مغلق", memo="memo 1")
    other.refresh_from_db()
    assert other.warning == "ACCOUNT_CLOSED"
    again = {"bank_account_id": desk.bank, "instruments": [paper.id], "number": "S-2"}
    assert code_of(lambda: presenting.send(desk.ctx("mervat"), **again)) == "instrument.represent"
    assert not DepositSlip.objects.filter(number="S-2").exists()


def test_a_second_try_needs_somebody_elses_yes(desk):
    paper = desk.sent()
    desk.do(returning.bounce, paper, by="huda", reason="NSF", memo="memo 1")
    params = {"instruments": [paper.id], "bank_account_id": desk.bank, "number": "S-2"}
    asked = presenting.send(desk.ctx("mervat"), **params)
    assert not DepositSlip.objects.filter(number="S-2").exists()
    desk.agreed(asked, "sara")
    assert state(paper) == "under_collection"
    assert list(Presentment.objects.order_by("seq").values_list("seq", "result")) == [
        (1, "bounced"), (2, ""),
    ]  # fmt: skip


@pytest.mark.parametrize("case", table("""
    code               rule         currency   why
    slip.rule          maintenance  EGP        price lines do not go to the maintenance account
    slip.currency      price        AED        nor pounds to a dirham account
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_slip_has_one_account_rule_and_one_currency(desk, case):
    paper = desk.kept(lines=[[desk.book.lines["Q01"], 5_000_000]])
    BankAccount.objects.filter(id=desk.bank).update(rule=case["rule"], currency=case["currency"])
    params = {"bank_account_id": desk.bank, "instruments": [paper.id], "number": "S-1"}
    assert code_of(lambda: presenting.send(desk.ctx("mervat"), **params)) == case["code"]
    assert not DepositSlip.objects.exists()


def test_a_paper_that_names_no_line_goes_to_its_companys_price_account(desk):
    from tahsil.store.models import Creditor, InstrumentLine

    paper = desk.kept()
    InstrumentLine.objects.all().delete()
    other = Creditor.objects.create(code="OTH", name="Other", country="EG", currency="EGP")
    for rule, creditor, code in (
        ("maintenance", desk.book.people.creditor, "slip.rule"),
        ("price", other.id, "slip.creditor"),
    ):
        BankAccount.objects.filter(id=desk.bank).update(rule=rule, creditor_id=creditor)
        params = {"bank_account_id": desk.bank, "instruments": [paper.id], "number": "S-1"}
        assert code_of(lambda: presenting.send(desk.ctx("mervat"), **params)) == code  # noqa: B023
    assert not DepositSlip.objects.exists()


def test_a_paper_whose_lines_were_paid_meanwhile_stays(desk):
    paper = desk.kept(lines=[[desk.book.lines["Q01"], 5_000_000]])
    receipts.record(
        desk.ctx("huda"), account_id=desk.book.account, amount_minor=5_000_000, value_on=TODAY,
        instrument="cash",
    )  # fmt: skip
    params = {"bank_account_id": desk.bank, "instruments": [paper.id], "number": "S-1"}
    refused = code_of(lambda: presenting.send(desk.ctx("mervat"), **params))
    assert refused == "instrument.paid_meanwhile"
    desk.agreed(desk.do(replacing.hand_back, paper, document="signed"), "adel")
    assert state(paper) == "returned_to_customer"


def test_a_paper_that_still_covers_is_not_given_back(desk):
    paper = desk.kept()
    asked = desk.do(replacing.hand_back, paper, document="signed")
    assert code_of(lambda: requests.approve(desk.ctx("adel"), request_id=asked.request_id)) == (
        "instrument.released"
    )
    assert state(paper) == "in_safe"


def test_every_move_says_who_when_and_on_what(desk):
    paper = desk.sent()
    moves = InstrumentMove.objects.filter(instrument=paper).order_by("id")
    assert [(move.verb, move.before, move.after, move.document) for move in moves] == [
        ("capture", "draft", "provisional", paper.temporary_receipt),
        ("verify", "provisional", "in_safe", ""),
        ("deposit", "in_safe", "under_collection", "S-000123"),
    ]
    assert all(move.by_id for move in moves)


@pytest.mark.parametrize("who", ["lina", "auditor", "stranger"])
def test_a_slip_is_sent_by_those_who_may(desk, who):
    paper = desk.kept()
    params = {"bank_account_id": desk.bank, "instruments": [paper.id], "number": "S-1"}
    assert code_of(lambda: presenting.send(desk.ctx(who), **params)).startswith("grant.")


def test_the_same_key_is_one_slip(desk):
    paper = desk.kept()
    ctx = desk.ctx("mervat").keyed("slip-1")
    params = {"bank_account_id": desk.bank, "instruments": [paper.id], "number": "S-1"}
    first, second = presenting.send(ctx, **params), presenting.send(ctx, **params)
    assert second.repeated
    assert first.event_id == second.event_id
    assert Presentment.objects.count() == 1
