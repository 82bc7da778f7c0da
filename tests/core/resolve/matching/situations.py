"""A small book and bank lines for tables of matching, written as one would say them."""

from __future__ import annotations

from datetime import date, timedelta

from tahsil.core.resolve.matching.decide import match
from tahsil.core.resolve.matching.learned import Learned
from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.rows import Account, Book, Cheque, Decision, Line, Owed

TODAY = date(2026, 10, 12)
STEP = timedelta(days=30)

ACCOUNTS = (
    Account(1, ("كريم سيد سليمان الجندي",), phones=("01001234567",)),
    Account(2, ("Mona Hassan El Kholy",), payer_accounts=("EG380019000500000000263180002",)),
    Account(3, ("Tarek Nabil Fahmy",), virtual_accounts=("9900000003",)),
    Account(4, ("Samir Adel Ghali",)),
    Account(5, ("Samira Adel Ghali",)),
    Account(6, ("Delta Contracting",)),
)
CROWD = tuple(
    Account(100 + n, (f"{first} {second} {third}",))
    for n, (first, second, third) in enumerate(
        (a, b, c)
        for a in ("Ahmed", "Mahmoud", "Hany", "Walid", "Rami")
        for b in ("Fouad", "Ezzat", "Gaber", "Zaki")
        for c in ("El Masry", "Barakat", "Shahin", "Hegazy")
    )
)
# account, contract, the number of its first open line, amounts of its lines
OWING = (
    (1, "CT00571", 1, (50_000, 50_000, 50_000, 120_000)),
    (2, "CT00572", 3, (50_000, 50_000, 75_000)),
    (3, "NC00100", 7, (33_133, 33_133, 33_133)),
    (4, "NC00200", 1, (50_000, 50_000)),
    (5, "NC00300", 1, (50_000, 50_000)),
    (6, "NC00400", 1, (90_000,)),
)
CHEQUES = (
    Cheque(1, 1, "000123", 144_000_00, "EGP", date(2026, 10, 10)),
    Cheque(2, 2, "000123", 96_500_00, "EGP", date(2026, 10, 11)),
    Cheque(3, 3, "700", 10_000_00, "EGP", date(2026, 10, 11)),
    Cheque(4, 4, "0700", 10_000_00, "EGP", date(2026, 10, 12)),
)


def owed() -> tuple[Owed, ...]:
    """The obligations, each known by its reference: CT00571/01."""
    found = []
    for account, contract, first, amounts in OWING:
        for n, amount in enumerate(amounts):
            reference = f"{contract}/{first + n:02d}"
            due = date(2026, 9, 1) + STEP * n
            number = len(found) + 1
            found.append(Owed(number, account, due, amount * 100, "EGP", (reference,)))
    for n, one in enumerate(CROWD):
        found.append(Owed(1000 + n, one.id, date(2026, 9, 1), (20_000 + 500 * n) * 100, "EGP"))
    return tuple(found)


BOOK = Book((*ACCOUNTS, *CROWD), owed(), CHEQUES)
SAID = {item.id: item.references[0] for item in BOOK.owed if item.references}


def line(text: str, amount: float, number: int = 1, **more: object) -> Line:
    """A line of today over so much."""
    on = more.pop("on", TODAY)
    currency = more.pop("currency", "EGP")
    return Line(number, on, round(amount * 100), currency, text, **more)  # type: ignore[arg-type]


def decide(*lines: Line, book: Book = BOOK, learned: Learned | None = None) -> list[Decision]:
    """The decisions on these lines by the shipped policy."""
    return match(book, lines, policy=Policy(), learned=learned)


def said(decision: Decision) -> str:
    """The decision's allocations as references with amounts, in whole pounds."""
    parts = [f"{SAID.get(item, item)}={part / 100:g}" for item, part in decision.allocations]
    rest = [f"rest={decision.unapplied_minor / 100:g}"] if decision.unapplied_minor else []
    return " ".join([*parts, *rest]) or "-"
