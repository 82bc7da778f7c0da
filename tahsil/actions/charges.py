"""Late charges: posted when somebody assesses them, once for every stretch of days.

Accrual is computed, never stored (core/book/charges.py). Assessing raises one penalty on the
contract for what accrued since the last one, with every step that led to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from tahsil.actions import _codes, _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.obligations import settled
from tahsil.actions.receipts import locked
from tahsil.core.book import charges
from tahsil.core.book.categories import category_index, category_of
from tahsil.core.book.penalties import Accrual, Debt, Movement, Pauses, PenaltyRule, Segment
from tahsil.core.grammar.dates import NEVER, Period
from tahsil.core.grammar.refusal import Refused
from tahsil.store import calendars, policies
from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    Contract,
    Dispute,
    Hold,
    Obligation,
)

PREFIX = "PEN"  # a penalty's reference names its contract and the day it was assessed to


@dataclass(frozen=True)
class Assessment:
    """What assessing up to a day comes to, with the accrual it rests on, per line (0: over all)."""

    until_on: date
    amount_minor: int
    tax_minor: int
    assessed_minor: int  # accrued as well, but assessed before
    accruals: dict[int, Accrual]
    version: str


@verb("charge.assess")
def assess(
    ctx: Context, *, account_id: int, contract_id: int, until_on: date | str | None = None
) -> Act:
    """The late charges of a contract up to a day became a penalty that is owed."""
    account = locked(account_id)
    contract = _contract(account_id, contract_id)
    due = _assessment(contract, _given.as_date(until_on, "day") or ctx.as_of, ctx.as_of)
    penalty = _raise(ctx, contract, "penalty", due.amount_minor, due.until_on)
    if due.tax_minor:
        _raise(ctx, contract, "tax", due.tax_minor, due.until_on)
    settled(ctx, account_id, since=ctx.as_of)
    facts = {
        "amount_minor": due.amount_minor,
        "tax_minor": due.tax_minor,
        "assessed_before_minor": due.assessed_minor,
        "currency": account.currency,
        "number": contract.number,
        "until_on": due.until_on,
        "steps": [_steps(line_id, each) for line_id, each in due.accruals.items()],
    }
    return Act(f"obligation:{penalty.id}", account_id, facts, policies={"penalty": due.version})


def assessment(account_id: int, contract_id: int, *, until_on: date, as_of: date) -> Assessment:
    """What assessing the contract up to the day would raise; refused as assessing would be."""
    return _assessment(_contract(account_id, contract_id), until_on, as_of)


def _assessment(contract: Contract, until: date, today: date) -> Assessment:
    assessed = _assessed(contract, until, today)
    accruals, version = accrued(contract, as_of=until)
    amount = sum(each.amount_minor for each in accruals.values()) - assessed
    if amount <= 0:
        raise Refused(
            "charge.nothing",
            "Nothing has accrued on contract {number} up to {until_on} that was not assessed.",
            number=contract.number,
            until_on=until,
        )
    tax = sum(each.tax_minor for each in accruals.values()) * amount // (amount + assessed)
    return Assessment(until, amount, tax, assessed, accruals, version)


def accrued(contract: Contract, *, as_of: date) -> tuple[dict[int, Accrual], str]:
    """What the contract's rule comes to on the date, per line (0: over all), and its version."""
    if not contract.penalty:
        raise Refused(
            "charge.no_rule",
            "Contract {number} names no penalty rule, so nothing accrues on it.",
            number=contract.number,
        )
    body, version = policies.at("penalty", contract.penalty, as_of)
    rule = PenaltyRule(contract.penalty, **body)
    debts = _debts(contract, as_of)
    stops, by_line = _stops(contract, as_of)
    calendar = _calendar(contract.account)
    if rule.base == "all_overdue":
        found = charges.accrue_overdue(
            rule, list(debts.values()), as_of=as_of, pauses=Pauses(stops, calendar)
        )
        return {0: found} if found.amount_minor else {}, version
    each = {
        key: charges.accrue(
            rule, debt, as_of=as_of, pauses=Pauses([*stops, *by_line.get(key, [])], calendar)
        )
        for key, debt in debts.items()
    }
    return {key: found for key, found in each.items() if found.amount_minor}, version


def _contract(account_id: int, contract_id: int) -> Contract:
    found = Contract.objects.select_related("account").filter(id=contract_id, account_id=account_id)
    if not found:
        raise Refused(
            "contract.unknown",
            "There is no contract {contract_id} on this account.",
            contract_id=contract_id,
        )
    return found[0]


def _assessed(contract: Contract, until: date, today: date) -> int:
    """What was assessed so far; a day already assessed, or not yet come, is refused."""
    earlier = Obligation.objects.filter(
        contract=contract, category="penalty", reference__startswith=f"{PREFIX}-{contract.id}-"
    )
    last = max((row.reference[-10:] for row in earlier), default="")
    if until > today or until.isoformat() <= last:
        raise Refused(
            "charge.period",
            "Penalties of contract {number} are assessed up to {last}; from there to {today} "
            "they can be assessed, not to {until_on}.",
            number=contract.number,
            last=last or "-",
            today=today,
            until_on=until,
        )
    return sum(row.amount_minor for row in earlier)


def _debts(contract: Contract, as_of: date) -> dict[int, Debt]:
    """The contract's lines that penalties count on and that are due, with what was paid when."""
    rows = Obligation.objects.filter(contract=contract, raised_on__lte=as_of).order_by("id")
    lines = {
        key: (dated or due, amount)
        for key, category, due, dated, amount in rows.values_list(
            "id", "category", "due_on", F("dated__due_on"), "amount_minor"
        )
        if (dated or due) and category_of(category_index(category)).penalty_applies
    }
    paid: dict[int, list[Movement]] = {key: [] for key in lines}
    for table, sign in ((Allocation, 1), (Adjustment, -1)):
        moved = table.objects.filter(obligation_id__in=lines, effective_on__lte=as_of)
        for row in moved.order_by("id"):
            # An adjustment lowers the line as money would, from its own day, under no receipt.
            who = getattr(row, "receipt_id", 0)
            paid[row.obligation_id].append(Movement(row.effective_on, sign * row.amount_minor, who))
    return {
        key: Debt(due, amount, tuple(paid[key]))
        for key, (due, amount) in lines.items()
        if due < as_of
    }


def _stops(contract: Contract, as_of: date) -> tuple[list[Period], dict[int, list[Period]]]:
    """Days that do not count: pauses for every line, disputes for theirs if their code says so."""
    holds = Hold.objects.filter(account_id=contract.account_id, kind="pause")
    pauses = [Period(row.since_on, row.until_on) for row in holds]
    known = _codes.items("disputes", as_of)
    by_line: dict[int, list[Period]] = {}
    for row in Dispute.objects.filter(obligation__contract=contract).exclude(state="rejected"):
        if known.get(row.code, {}).get("pauses_penalty"):
            stop = Period(row.opened_on, row.closed_on or NEVER)
            by_line.setdefault(row.obligation_id, []).append(stop)
    return pauses, by_line


def _calendar(account: Account) -> Any:
    return calendars.of_creditor(account.creditor_id, account.creditor.country)


def _raise(
    ctx: Context, contract: Contract, category: str, amount_minor: int, until: date
) -> Obligation:
    return Obligation.objects.create(
        account_id=contract.account_id,
        contract=contract,
        category=category,
        amount_minor=amount_minor,
        due_on=ctx.as_of,
        raised_on=ctx.as_of,
        recorded_at=ctx.now,
        reference=f"{PREFIX}-{contract.id}-{until.isoformat()}",
    )


def _steps(line_id: int, accrual: Accrual) -> dict[str, Any]:
    return {
        "obligation_id": line_id,
        "amount_minor": accrual.amount_minor,
        "flat_minor": accrual.flat_minor,
        "capped_by": accrual.capped_by,
        "destination": accrual.destination,
        "segments": _segments(accrual.segments),
    }


def _segments(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    return [dict(each._asdict()) for each in segments]
