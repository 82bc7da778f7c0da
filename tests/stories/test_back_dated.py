"""A receipt dated back: who agrees, what is paid anew, which past changes; then one reversed."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.actions import receipts, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account
from tahsil.run import check
from tahsil.store.models import Allocation, Receipt
from tests.stories.life import amount, check_figures, check_ties
from tests.stories.signing import line, owed, sign
from tests.tables import table

pytestmark = pytest.mark.django_db

LINES = [
    owed("instalment", "Q01", 50_000_00, "2026-07-13"),
    owed("instalment", "Q02", 50_000_00, "2026-10-13"),
    owed("instalment", "Q03", 50_000_00, "2027-01-13"),
]
FIRST = """
as_of        overdue    not_due     unapplied  paid      dpd
2026-07-13   0.00       100000.00   0.00       0.00      0
2026-07-19   50000.00   100000.00   0.00       0.00      6
2026-07-20   20000.00   100000.00   0.00       30000.00  7
2026-08-09   20000.00   100000.00   0.00       30000.00  27
"""


@pytest.fixture
def account_id(life, people) -> int:
    """Three instalments; the first paid in part in July, the rest and the second in October."""
    account_id, _ = sign(life, people, lines=LINES)
    for on, minor, reference in (("2026-07-20", 30_000_00, "R1"), ("2026-10-15", 60_000_00, "R2")):
        life.as_of = date.fromisoformat(on)
        assert isinstance(pay(life, account_id, minor, on, reference), Done)
    life.until("2026-10-20")
    life.told()
    return account_id


def pay(life, account_id: int, minor: int, on: str, reference: str, *, by: str = "huda"):
    return receipts.record(
        life.ctx(by), account_id=account_id, amount_minor=minor, value_on=on,
        instrument="transfer", reference=reference,
    )  # fmt: skip


def reverse(life, account_id: int, reference: str, *, by: str):
    receipt = Receipt.objects.get(reference=reference)
    return receipts.reverse(
        life.ctx(by), account_id=account_id, receipt_id=receipt.id, reason="mistake"
    )


def paid_rows() -> list[dict[str, str]]:
    """Every allocation ever made, in order; a mirror names what it takes back."""
    rows = Allocation.objects.order_by("id").select_related("receipt", "obligation")
    return [
        {
            "receipt": row.receipt.reference,
            "line": row.obligation.label,
            "amount": str(row.amount_minor // 100),
            "from": row.effective_on.isoformat(),
            "kind": "mirror" if row.mirrors_id else "pays",
        }
        for row in rows
    ]


PAID = """
receipt  line  amount  from        kind
R1       Q01   30000   2026-07-20  pays
R2       Q01   20000   2026-10-15  pays
R2       Q02   40000   2026-10-15  pays
"""


def found_late(life, account_id: int) -> None:
    """Finance agrees to money of August that turned up in October."""
    asked = pay(life, account_id, 20_000_00, "2026-08-10", "R3")
    assert isinstance(asked, Waiting)
    assert asked.verdict.approvers == ("cfo",)  # 71 days are beyond everybody else
    with pytest.raises(Refused) as refused:
        requests.approve(life.ctx("sara"), request_id=asked.request_id)
    assert refused.value.code == "request.not_yours"
    assert not Receipt.objects.filter(reference="R3").exists()
    requests.approve(life.ctx("adel"), request_id=asked.request_id)


def test_money_of_august_found_in_october(life, account_id):
    who = life.who("sara")
    assert paid_rows() == table(PAID)
    check_figures(who, account_id, FIRST)
    check_figures(
        who,
        account_id,
        """
    as_of        overdue    not_due     paid      dpd
    2026-08-10   20000.00   100000.00   30000.00  28
    2026-10-12   20000.00   100000.00   30000.00  91
    2026-10-14   70000.00   50000.00    30000.00  93
    2026-10-15   10000.00   50000.00    90000.00  2
    2026-10-20   10000.00   50000.00    90000.00  7
    """,
    )
    found_late(life, account_id)
    life.happened("""
    on          by    verb             of       facts
    2026-08-10  Huda  receipt.record   receipt  number=CAI-HUDA-2026-000003 amount=20000.00 unapplied=0.00 approvers=Adel
    2026-10-20  Adel  request.approve  request  verb=receipt.record
    """)  # noqa: E501
    assert paid_rows() == table(
        PAID
        + """
    R3       Q01   20000   2026-08-10  pays
    R2       Q01   -20000  2026-10-15  mirror
    R2       Q02   -40000  2026-10-15  mirror
    R2       Q02   50000   2026-10-15  pays
    R2       Q03   10000   2026-10-15  pays
    """
    )
    check_figures(who, account_id, FIRST)  # before the value date nothing is different
    check_figures(
        who,
        account_id,
        """
    as_of        overdue    not_due     paid       dpd
    2026-08-10   0.00       100000.00   50000.00   0
    2026-10-12   0.00       100000.00   50000.00   0
    2026-10-14   50000.00   50000.00    50000.00   1
    2026-10-15   0.00       40000.00    110000.00  0
    2026-10-20   0.00       40000.00    110000.00  0
    """,
    )
    check_ties(who, account_id, life.as_of)


def test_a_reversed_receipt_opens_its_line_at_the_old_date(life, account_id):
    found_late(life, account_id)
    life.until("2026-10-25")
    life.told()
    assert isinstance(reverse(life, account_id, "R1", by="omar"), Done)
    life.until("2026-10-26", each=lambda: check_ties(life.who("sara"), account_id, life.as_of))
    life.happened("""
    on          by      verb              of       facts
    2026-10-25  Omar    receipt.reverse   receipt  number=CAI-HUDA-2026-000001 amount=30000.00 reason=mistake
    2026-10-26  Tahsil  case.open         case     rung=day_90
    2026-10-26  Tahsil  treatment.chosen  account  rung=day_90 treatment=legal_review dpd=105 overdue=30000.00
    """)  # noqa: E501
    who = life.who("sara")
    check_figures(who, account_id, FIRST)
    check_figures(
        who,
        account_id,
        """
    as_of        overdue    not_due     paid       dpd
    2026-10-24   0.00       40000.00    110000.00  0
    # 104 days from 2026-07-13, not one from the reversal
    2026-10-25   30000.00   40000.00    80000.00   104
    2026-10-26   30000.00   40000.00    80000.00   105
    """,
    )
    assert paid_rows()[-1] == {
        "receipt": "R1", "line": "Q01", "amount": "-30000", "from": "2026-10-25", "kind": "mirror",
    }  # fmt: skip
    # As if never paid: 50,000 for 28 days until R3, then 30,000 for 77 more, at 18 % a year.
    page = account.page(who, account_id, as_of=life.as_of)
    accrued = {row.obligation_id: amount(row.amount_minor) for row in page.penalties}
    assert accrued[line("Q01")] == "1829.59"
    assert [finding.code for finding in check.check(as_of=life.as_of).findings] == []


def test_numbers_have_no_gap_whatever_is_refused_waits_or_is_reversed(life, account_id):
    late = pay(life, account_id, 1_000_00, "2026-08-01", "declined")
    requests.decline(life.ctx("adel"), request_id=late.request_id, remark="no such line")
    with pytest.raises(Refused):
        pay(life, account_id, 1_000_00, "2026-10-21", "of tomorrow")
    with pytest.raises(Refused):
        pay(life, account_id, 60_000_00, "2026-10-15", "R2")
    assert isinstance(reverse(life, account_id, "R2", by="omar"), Waiting)  # above 50,000
    reverse(life, account_id, "R2", by="sara")
    found_late(life, account_id)
    pay(life, account_id, 5_00, "2026-10-19", "by hand", by="lina")
    life.as_of = date(2027, 1, 2)
    pay(life, account_id, 6_00, "2027-01-02", "of the new year")
    assert list(Receipt.objects.order_by("id").values_list("number", "reference")) == [
        ("CAI-HUDA-2026-000001", "R1"),
        ("CAI-HUDA-2026-000002", "R2"),
        ("CAI-HUDA-2026-000003", "R3"),
        ("CAI-LINA-2026-000001", "by hand"),
        ("CAI-HUDA-2027-000001", "of the new year"),
    ]
