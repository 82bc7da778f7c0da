"""Closed months: what is dated into one is refused, with the first open day.

The door asks this of every act about money; what policy lets through is recorded today with its
own date and posted in the open month (core/book/ledger_facts.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.core.grammar.dates import month
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import Account, BankLine, Creditor, PeriodAct, Receipt

MONEY = ("receipt", "instrument", "slip", "obligation", "charge", "refund", "unapplied", "bank",
         "pool")  # fmt: skip
IMPORT = "import.commit"


def check(as_of: date, name: str, act: Any) -> None:
    """Refuses an act about money whose day is in a closed month of its creditor."""
    if name == IMPORT:
        _check_batch(as_of, int(act.subject.rpartition(":")[2]))
        return
    on = act.effective_on
    if on is None or name.partition(".")[0] not in MONEY or on >= month(as_of).since:
        return
    if (creditor := _creditor(act)) is not None:
        check_open(as_of, creditor, on)


def _creditor(act: Any) -> int | None:
    """Whose month it is: that of the act's account, or of the bank line it explains."""
    noun, _, number = act.subject.partition(":")
    found: Any
    if act.account_id is not None:
        found = Account.objects.filter(id=act.account_id).values_list("creditor_id", flat=True)
    elif noun == "bank_line":
        lines = BankLine.objects.filter(id=int(number))
        found = lines.values_list("bank_account__creditor_id", flat=True)
    else:
        return act.facts.get("creditor_id")
    return found.first()


def check_open(as_of: date, creditor_id: int, on: date) -> None:
    """Refuses the day where its month, or a later one, is closed and policy forwards nothing."""
    last = last_closed(creditor_id, on)
    if last is None or policies.at("journal", "locked", as_of)[0]["mode"] == "forward":
        return
    creditor = Creditor.objects.get(id=creditor_id)
    raise Refused(
        "period.closed",
        "{month} is closed for {creditor}, so nothing about money can be dated {on}. "
        "The first open day is {first_open}; the finance director can open a month again.",
        month=f"{on:%Y-%m}",
        creditor=creditor.name,
        on=on,
        first_open=month(last.month_on).until,
    )


def last_closed(creditor_id: int, on: date) -> PeriodAct | None:
    """The act that keeps the day closed: the newest closed month at or after it, unless the day's
    own month was opened again."""
    newest: dict[date, PeriodAct] = {}
    since = month(on).since
    for each in PeriodAct.objects.filter(creditor_id=creditor_id, month_on__gte=since):
        if each.month_on not in newest or newest[each.month_on].id < each.id:
            newest[each.month_on] = each
    own = newest.get(since)
    if own is not None and not own.is_closed:
        return None
    closed = [each for each in newest.values() if each.is_closed]
    return max(closed, key=lambda each: each.month_on, default=None)


def _check_batch(as_of: date, batch_id: int) -> None:
    """An import must bring no money into a closed month."""
    brought = Receipt.objects.filter(batch_id=batch_id).order_by().values_list(
        "account__creditor_id", "value_on"
    )  # fmt: skip
    earliest: dict[int, date] = {}
    for creditor, on in brought.distinct():
        earliest[creditor] = min(on, earliest.get(creditor, on))
    for creditor, on in earliest.items():
        check_open(as_of, creditor, on)
