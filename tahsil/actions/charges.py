"""Late charges: posted when somebody assesses them, once for every stretch of days.

What has accrued is computed, never stored (queries/penalties.py, as the account page shows it).
Assessing raises one penalty on the contract for what accrued since the last one, with every step
that led to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.obligations import settled
from tahsil.actions.receipts import locked
from tahsil.core.book.penalties import Accrual, Segment
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import ledger as ledgers
from tahsil.queries import penalties, rules
from tahsil.queries.penalties import PREFIX, Accrued
from tahsil.store import policies
from tahsil.store.models import Contract, Obligation


@dataclass(frozen=True)
class Assessment:
    """What assessing a stretch of days comes to, with what it rests on, per line (0: over all)."""

    since_on: date
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
    penalty = _raise(ctx, contract, "penalty", due.amount_minor, due)
    if due.tax_minor:
        _raise(ctx, contract, "tax", due.tax_minor, due)
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
    earlier = Obligation.objects.filter(contract=contract).values(
        "category", "reference", "amount_minor"
    )
    assessed = penalties.assessed_of(earlier, contract.id)
    last = _check_period(contract, assessed, until, today)
    found = _accrued(contract, until)
    # One assessed up to an earlier day may have been raised since: it is counted all the same.
    found = replace(found, assessed_minor=sum(row["amount_minor"] for row in assessed))
    if not found.amount_minor:
        raise Refused(
            "charge.nothing",
            "Nothing has accrued on contract {number} up to {until_on} that was not assessed.",
            number=contract.number,
            until_on=until,
        )
    return Assessment(
        last or found.since_on or until,
        until,
        found.amount_minor,
        found.tax_minor,
        found.assessed_minor,
        {key: each for key, each in found.accruals.items() if each.amount_minor},
        found.version,
    )


def _accrued(contract: Contract, as_of: date) -> Accrued:
    """What the contract's rule comes to on the date; refused where it names none in force."""
    if not contract.penalty:
        raise Refused(
            "charge.no_rule",
            "Contract {number} names no penalty rule, so nothing accrues on it.",
            number=contract.number,
        )
    policies.version("penalty", contract.penalty, as_of)
    account = contract.account
    return penalties.of_account(
        ledgers.read(account.id, as_of=as_of),
        {contract.id: contract.penalty},
        rules.read(as_of),
        creditor=(account.creditor_id, account.creditor.country),
    )[contract.id]


def _contract(account_id: int, contract_id: int) -> Contract:
    known = Contract.objects.select_related("account__creditor")
    found = known.filter(id=contract_id, account_id=account_id).first()
    if found is None:
        raise Refused(
            "contract.unknown",
            "There is no contract {contract_id} on this account.",
            contract_id=contract_id,
        )
    return found


def _check_period(
    contract: Contract, assessed: Iterable[Mapping[str, Any]], until: date, today: date
) -> date | None:
    """The day it was assessed up to; a day already assessed, or not yet come, is refused."""
    last = max((date.fromisoformat(row["reference"][-10:]) for row in assessed), default=None)
    if until > today or (last and until <= last):
        raise Refused(
            "charge.period",
            "Penalties of contract {number} are assessed up to {last}; from there to {today} "
            "they can be assessed, not to {until_on}.",
            number=contract.number,
            last=last or "-",
            today=today,
            until_on=until,
        )
    return last


def _raise(
    ctx: Context, contract: Contract, category: str, amount_minor: int, due: Assessment
) -> Obligation:
    return Obligation.objects.create(
        account_id=contract.account_id,
        contract=contract,
        category=category,
        label=f"{category} {due.since_on}/{due.until_on}",
        amount_minor=amount_minor,
        due_on=ctx.as_of,
        raised_on=ctx.as_of,
        recorded_at=ctx.now,
        reference=f"{PREFIX}-{contract.id}-{due.until_on.isoformat()}",
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
