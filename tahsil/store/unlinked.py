"""Bank lines as matching reads them, and the receipts that no line explains.

Those were recorded by hand, imported, or are the money of a cheque cleared by hand. Which of them
a line is the money of, core/resolve/matching/recorded.py decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.recorded import LEAST
from tahsil.core.resolve.matching.rows import Line, Recorded
from tahsil.store import policies
from tahsil.store.models import BankLine, BankMatch, CashEntry, Receipt

BY_REFERENCE = timedelta(days=45)  # so far apart a reference still names the receipt
NO_REFERENCE = ("", "NONREF")
SIGNS = ".,;:/()[]#*"  # around a reference in a text
AT_ONCE = 5_000
COLUMNS = (
    "id", "account_id", "amount_minor", "account__currency", "value_on", "number", "reference",
    "bank_account_id", "instrument", "presentments__instrument__number", "cashier__name",
    "recorded_at",
)  # fmt: skip


def days(as_of: date) -> int:
    """So many days a receipt and its bank line may lie apart: the matching policy's."""
    body, _ = policies.at("matching", "default", as_of)
    found: int = body.get("repeat_days", Policy.repeat_days)
    return found


def of_lines(
    lines: Sequence[BankLine], *, near: int, account_ids: Iterable[int] | None = None
) -> tuple[Recorded, ...]:
    """The receipts these lines may be the money of: by day or by reference.

    `account_ids` leaves the days to these accounts; a reference counts wherever it is.
    """
    credits = [line for line in lines if line.amount_minor > 0]
    if not credits:
        return ()
    creditors = {line.bank_account.creditor_id for line in credits}
    mine = unlinked().filter(account__creditor_id__in=creditors)
    dates = {line.value_on + timedelta(days=n) for line in credits for n in range(-near, near + 1)}
    found: dict[int, Recorded] = {}
    for which in (*_near(dates, account_ids), *_named(credits)):
        for row in mine.filter(which).values_list(*COLUMNS):
            found[row[0]] = _recorded(row)
    return tuple(found.values())


def plain(line: BankLine) -> Line:
    """The line as matching reads it."""
    more = [part.get(name, "") for part in line.parts for name in ("reference", "description")]
    text = " ".join(filter(None, (line.text, line.reference, *more)))
    rule = line.bank_account.rule
    return Line(
        line.id, line.value_on, line.amount_minor, line.bank_account.currency, text,
        payer=line.payer, payer_account=line.payer_account, cheque_number=line.cheque_number,
        bank_reference=line.bank_reference, bank_rule="" if rule == "any" else rule,
        bank_account_id=line.bank_account_id, is_cash=line.code == "cash",
    )  # fmt: skip


def unlinked() -> QuerySet[Receipt, Receipt]:
    """Receipts of money that stand, that no bank line is matched with and no deposit covers."""
    live = BankMatch.objects.filter(receipt=OuterRef("pk"), undone_at=None)
    banked = CashEntry.objects.filter(item__receipt=OuterRef("pk"), deposit__isnull=False)
    return Receipt.objects.filter(~Exists(live), ~Exists(banked), kind="money", reversal=None)


def _near(dates: set[date], account_ids: Iterable[int] | None) -> Iterator[Q]:
    if account_ids is None:
        yield from (Q(value_on__in=part) for part in _parts(dates))
        return
    window = Q(value_on__range=(min(dates), max(dates)))
    yield from (window & Q(account_id__in=part) for part in _parts(account_ids))


def _named(lines: Sequence[BankLine]) -> Iterator[Q]:
    said = {text for line in lines for text in (line.reference, line.bank_reference)}
    said |= {line.cheque_number for line in lines}
    words = (word.strip(SIGNS) for line in lines for word in line.text.split())
    said |= {word for word in words if len(word) >= LEAST and any(map(str.isdigit, word))}
    on = [line.value_on for line in lines]
    window = Q(value_on__range=(min(on) - BY_REFERENCE, max(on) + BY_REFERENCE))
    for part in _parts(said - {*NO_REFERENCE}):
        yield window & Q(reference__in=part)


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    listed = sorted(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


def _recorded(row: tuple[Any, ...]) -> Recorded:
    *said, instrument, cheque, who, recorded_at = row
    more = (instrument == "cash", cheque or "", who or "", recorded_at.date())
    return Recorded._make((*said, *more))
