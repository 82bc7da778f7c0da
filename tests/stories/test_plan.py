"""A plan of instalments: an unpaid line from thirty days before it is due to the closed case."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.actions import contact, promises, receipts, requests
from tahsil.actions._verb import Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import statement, worklist
from tahsil.run import check
from tahsil.store.models import Case, Obligation, Receipt
from tests.stories.life import amount, check_figures, check_ties, open_minor
from tests.stories.signing import BIG, DEVELOPER, sign
from tests.tables import table

pytestmark = pytest.mark.django_db


class Mona:
    """Mona's account, and what is done on it."""

    def __init__(self, life, account_id: int) -> None:
        self.life, self.id = life, account_id

    def pays(self, minor: int, on: str, reference: str):
        return receipts.record(
            self.life.ctx("huda"), account_id=self.id, amount_minor=minor, value_on=on,
            instrument="transfer", reference=reference,
        )  # fmt: skip

    def promises(self, minor: int, on: str):
        return promises.make(
            self.life.ctx("lina"), account_id=self.id, amount_minor=minor, promised_on=on
        )

    def is_called(self, disposition: str, awaited_on: str, reason: str = ""):
        return contact.log_attempt(
            self.life.ctx("lina"), account_id=self.id, channel="call", disposition=disposition,
            reason=reason, next_step="await_payment", next_step_on=awaited_on,
        )  # fmt: skip

    def ties(self) -> None:
        check_ties(self.life.who("sara"), self.id, self.life.as_of)

    def why_listed(self) -> list[str]:
        """The reasons for which Lina finds the account on her list today."""
        found = worklist.worklist(self.life.who("lina"), as_of=self.life.as_of).page.rows
        return [each.code.removeprefix("worklist.") for row in found for each in row.reasons]


@pytest.fixture
def mona(life, people) -> Mona:
    """The worked schedule, signed; the reservation and the first down payment paid on time."""
    account_id, _ = sign(life, people, terms=DEVELOPER, price_minor=BIG)
    mona = Mona(life, account_id)
    mona.pays(100_000_00, "2026-01-10", "RES")
    mona.pays(200_000_00, "2026-01-13", "DP1")
    return mona


def test_the_worked_schedule_is_signed_and_paid_so_far(life, mona):
    rows = Obligation.objects.order_by("seq").values_list("label", "due_on", "amount_minor")
    found = [(label, due_on.isoformat(), amount(minor)) for label, due_on, minor in rows]
    assert found[:4] == [
        ("RES", "2026-01-10", "100000.00"),
        ("DP1", "2026-01-13", "200000.00"),
        ("DP2", "2026-04-13", "300000.00"),
        ("Q01", "2026-07-13", "144000.00"),
    ]
    assert found[-1] == ("Q30", "2033-10-13", "144000.00")
    assert {each for each in found if each[0] in ("B1", "B2", "DLV", "MNT", "CLUB", "PRK")} == {
        ("B1", "2027-01-13", "240000.00"),
        ("B2", "2028-01-13", "240000.00"),
        ("DLV", "2029-01-13", "600000.00"),
        ("MNT", "2028-10-13", "480000.00"),
        ("CLUB", "2029-01-13", "150000.00"),
        ("PRK", "2029-01-13", "200000.00"),
    }
    assert len(found) == 36 + 3
    assert [row.number for row in Receipt.objects.order_by("id")] == [
        "CAI-HUDA-2026-000001", "CAI-HUDA-2026-000002",
    ]  # fmt: skip
    check_figures(
        life.who("sara"),
        mona.id,
        """
    as_of        overdue    due_today  not_due     unapplied  paid       dpd
    # the reservation was owed, and paid, three days before the contract
    2026-01-09   0.00       0.00       0.00        0.00       0.00       0
    2026-01-10   0.00       0.00       0.00        0.00       100000.00  0
    2026-01-12   0.00       0.00       0.00        0.00       100000.00  0
    2026-01-13   0.00       0.00       6530000.00  0.00       300000.00  0
    """,
    )
    mona.ties()


def test_from_the_reminder_to_the_closed_case(life, mona):
    life.happened("""
    on          by      verb              of        facts
    2026-01-13  Sara    contract.sign     contract  number=YAS-B-12 lines=39 total=6830000.00
    2026-01-10  Huda    receipt.record    receipt   number=CAI-HUDA-2026-000001 amount=100000.00 unapplied=0.00
    2026-01-13  Huda    receipt.record    receipt   number=CAI-HUDA-2026-000002 amount=200000.00 unapplied=0.00
    """)  # noqa: E501
    reminded_early(life, mona)
    promised_with_a_leaders_yes(life, mona)
    kept_in_part_then_broken_twice(life, mona)
    paid_and_closed(life, mona)
    case = Case.objects.get()  # one line, one case
    assert (case.opened_on, case.closed_on) == (date(2026, 3, 29), date(2026, 6, 3))
    the_statement_says_it_line_by_line(life, mona)
    assert check.check(as_of=life.as_of).findings == []


def reminded_early(life, mona) -> None:
    """A big line: a reminder at thirty days, calls at fifteen and seven, then it is due."""
    life.as_of = date(2026, 3, 12)
    life.day()
    life.until("2026-03-29")
    assert mona.why_listed() == ["big_line_ahead"]
    mona.is_called("RP_BRANCH", "2026-04-13")
    life.until("2026-04-13")
    check_figures(
        life.who("sara"),
        mona.id,
        """
    as_of        overdue  due_today  not_due     dpd
    2026-04-13   0.00     300000.00  6230000.00  0
    """,
    )
    life.until("2026-04-16", each=mona.ties)
    life.happened("""
    on          by      verb              of        facts
    2026-03-14  Tahsil  treatment.chosen  account   rung=before_30_big treatment=remind next_due_days=30 next_due=300000.00
    2026-03-29  Tahsil  case.open         case      rung=before_15_big
    2026-03-29  Tahsil  treatment.chosen  account   rung=before_15_big treatment=call next_due_days=15
    2026-03-29  Lina    contact.log       attempt   disposition=RP_BRANCH level=right_party next_step_on=2026-04-13
    2026-04-06  Tahsil  case.move         case      before=before_15_big after=before_7_big
    2026-04-06  Tahsil  treatment.chosen  account   rung=before_7_big treatment=call next_due_days=7
    2026-04-10  Tahsil  treatment.chosen  account   rung=before_7_big treatment=call next_due_days=3
    2026-04-13  Tahsil  case.move         case      before=before_7_big after=due_today
    2026-04-13  Tahsil  treatment.chosen  account   rung=due_today treatment=message due_today=300000.00 dpd=0
    2026-04-14  Tahsil  case.move         case      before=due_today after=day_1
    2026-04-14  Tahsil  treatment.chosen  account   rung=day_1 treatment=message dpd=1 overdue=300000.00
    2026-04-16  Tahsil  case.move         case      before=day_1 after=day_3
    2026-04-16  Tahsil  treatment.chosen  account   rung=day_3 treatment=call dpd=3 overdue=300000.00
    """)  # noqa: E501


def promised_with_a_leaders_yes(life, mona) -> None:
    """Twelve days ahead is more than a collector may take; Omar agrees, Lina logs the call."""
    assert mona.why_listed() == ["next_step", "first_late", "late"]
    with pytest.raises(Refused) as refused:
        mona.is_called("RP_PTP_FULL", "2026-04-28", "SALARY_DELAY")
    assert refused.value.code == "attempt.promise_missing"
    asked = mona.promises(300_000_00, "2026-04-28")
    assert isinstance(asked, Waiting)
    assert asked.verdict.approvers == ("team_leader", "collection_manager")
    assert life.told() == []  # what waits has not happened
    requests.approve(life.ctx("omar"), request_id=asked.request_id, remark="salary day")
    mona.is_called("RP_PTP_FULL", "2026-04-28", "SALARY_DELAY")
    life.happened("""
    on          by    verb             of       facts
    2026-04-16  Lina  promise.make     promise  amount=300000.00 promised_on=2026-04-28 approvers=Omar
    2026-04-16  Omar  request.approve  request  verb=promise.make
    2026-04-16  Lina  contact.log      attempt  disposition=RP_PTP_FULL reason=SALARY_DELAY next_step=await_payment
    """)  # noqa: E501
    assert mona.why_listed() == []


def kept_in_part_then_broken_twice(life, mona) -> None:
    """A third of the money comes; then nothing, twice: the second broken promise escalates."""
    life.until("2026-04-27", each=mona.ties)
    mona.pays(100_000_00, "2026-04-27", "T1")
    life.until("2026-04-29", each=mona.ties)
    assert mona.why_listed() == ["promise_due", "next_step", "first_late", "late"]
    life.until("2026-04-30", each=mona.ties)
    mona.promises(200_000_00, "2026-05-07")  # a Thursday: Sunday still counts
    life.until("2026-05-11", each=mona.ties)
    assert mona.why_listed()[0] == "promise_broken"
    mona.promises(200_000_00, "2026-05-18")
    life.until("2026-06-02", each=mona.ties)
    life.happened("""
    on          by      verb              of        facts
    2026-04-17  Tahsil  case.move         case      before=day_3 after=promise_open
    2026-04-27  Huda    receipt.record    receipt   number=CAI-HUDA-2026-000003 amount=100000.00 unapplied=0.00
    2026-04-28  Tahsil  case.move         case      before=promise_open after=promise_today
    2026-04-28  Tahsil  treatment.chosen  account   rung=promise_today treatment=call dpd=15 overdue=200000.00
    2026-04-30  Tahsil  promise.judge     promise   state=part_kept amount=300000.00 received=100000.00
    2026-04-30  Tahsil  case.move         case      before=promise_today after=day_15
    2026-04-30  Tahsil  treatment.chosen  account   rung=day_15 treatment=letter dpd=17
    2026-04-30  Lina    promise.make      promise   amount=200000.00 promised_on=2026-05-07 approvers= supersedes_id=None
    2026-05-01  Tahsil  case.move         case      before=day_15 after=promise_open
    2026-05-07  Tahsil  case.move         case      before=promise_open after=promise_today
    2026-05-07  Tahsil  treatment.chosen  account   rung=promise_today treatment=call dpd=24
    2026-05-11  Tahsil  promise.judge     promise   state=broken amount=200000.00 received=0.00
    2026-05-11  Tahsil  case.move         case      before=promise_today after=day_15
    2026-05-11  Tahsil  treatment.chosen  account   rung=day_15 treatment=letter dpd=28
    2026-05-11  Lina    promise.make      promise   amount=200000.00 promised_on=2026-05-18
    2026-05-12  Tahsil  case.move         case      before=day_15 after=promise_open
    2026-05-18  Tahsil  case.move         case      before=promise_open after=promise_today
    2026-05-18  Tahsil  treatment.chosen  account   rung=promise_today treatment=call dpd=35
    2026-05-20  Tahsil  promise.judge     promise   state=broken amount=200000.00 received=0.00
    2026-05-20  Tahsil  case.move         case      before=promise_today after=broken_twice
    2026-05-20  Tahsil  treatment.chosen  account   rung=broken_twice treatment=manager_call dpd=37
    2026-05-27  Tahsil  treatment.chosen  account   rung=broken_twice treatment=manager_call dpd=44
    2026-05-28  Tahsil  case.move         case      before=broken_twice after=day_45
    2026-05-28  Tahsil  treatment.chosen  account   rung=day_45 treatment=settlement_offer dpd=45
    """)  # noqa: E501


def paid_and_closed(life, mona) -> None:
    """The rest comes in: nothing is overdue, the run closes the case, the list lets go of it."""
    check_figures(
        life.who("sara"),
        mona.id,
        """
    as_of        overdue    not_due     paid       dpd
    2026-04-14   300000.00  6230000.00  300000.00  1
    2026-04-26   300000.00  6230000.00  300000.00  13
    2026-04-27   200000.00  6230000.00  400000.00  14
    2026-06-02   200000.00  6230000.00  400000.00  50
    """,
    )
    mona.pays(200_000_00, "2026-06-02", "T2")
    assert mona.why_listed() == []
    life.until("2026-06-04", each=mona.ties)
    life.happened("""
    on          by      verb            of       facts
    2026-06-02  Huda    receipt.record  receipt  number=CAI-HUDA-2026-000004 amount=200000.00 unapplied=0.00
    2026-06-03  Tahsil  case.close      case     rung=day_45
    """)  # noqa: E501
    check_figures(
        life.who("sara"),
        mona.id,
        """
    as_of        overdue    not_due     paid       dpd
    2026-06-01   200000.00  6230000.00  400000.00  49
    2026-06-04   0.00       6230000.00  600000.00  0
    """,
    )


def the_statement_says_it_line_by_line(life, mona) -> None:
    """Every line with what paid it and how late; movements that run; a footer that adds up."""
    found = statement.statement(
        life.who("lina"), mona.id, as_of=life.as_of, until=date(2026, 7, 13)
    )
    assert [
        {
            "label": line.label,
            "due_on": line.due_on.isoformat(),
            "amount": amount(line.amount_minor),
            "paid": amount(line.paid_minor),
            "open": amount(line.open_minor),
            "late": str(line.days_late),
            "penalty": amount(line.penalty_minor),
            "receipts": ",".join(number[-2:] for number in line.receipt_numbers) or "-",
        }
        for line in found.lines
    ] == table("""
        label  due_on      amount     paid       open       late  penalty  receipts
        RES    2026-01-10  100000.00  100000.00  0.00       0     0.00     01
        DP1    2026-01-13  200000.00  200000.00  0.00       0     0.00     02
        # 300,000 for 14 days and 200,000 for 36 more at 18 % a year: 2,071.23 + 3,550.68, rounded once
        DP2    2026-04-13  300000.00  300000.00  0.00       50    5621.92  03,04
        Q01    2026-07-13  144000.00  0.00       144000.00  0     0.00     -
        """)  # noqa: E501
    received = [each for each in found.entries if each.kind == "received"]
    assert [(each.on.isoformat(), amount(each.credit_minor)) for each in received] == [
        ("2026-01-10", "100000.00"), ("2026-01-13", "200000.00"),
        ("2026-04-27", "100000.00"), ("2026-06-02", "200000.00"),
    ]  # fmt: skip
    balance = 0
    for each in found.entries:
        balance += each.debit_minor - each.credit_minor
        assert each.balance_minor == balance
    foot = found.footer
    assert foot.owed_minor == open_minor(mona.id) == 6_230_000_00
    assert (foot.paid_minor, foot.unapplied_minor, foot.overdue_minor) == (600_000_00, 0, 0)
    assert foot.penalties_minor == foot.to_pay_minor == 5_621_92


@pytest.mark.parametrize(
    "case",
    table("""
    paid       on          judged_on   state      why
    285000.00  2026-04-27  2026-04-28  kept       95 % keeps it, before its day: banks take their charges
    284999.99  2026-04-27  2026-04-30  part_kept  a piastre less keeps it in part, when grace is over
    300000.00  2026-04-29  2026-04-30  kept       money on the working day after still keeps it
    300000.00  2026-04-30  2026-04-30  broken     a day later it was broken that morning
    """),  # noqa: E501
    ids=lambda case: case["why"],
)
def test_how_a_promise_ends(life, mona, case):
    life.as_of = date(2026, 4, 21)
    mona.promises(300_000_00, "2026-04-28")
    life.as_of = date(2026, 4, 26)
    life.until(case["on"])
    mona.pays(int(case["paid"].replace(".", "")), case["on"], "T1")
    life.until("2026-05-01")
    (judged,) = [each for each in life.told() if each.verb == "promise.judge"]
    assert (judged.effective_on.isoformat(), judged.facts["state"]) == (
        case["judged_on"], case["state"],
    )  # fmt: skip
