"""Contracts: signed, amended by new versions of their schedule, dated by what happens to them.

A schedule is never edited: amending supersedes what is open of the old lines and raises new
ones. A line that waits for an event has no due date until the event is recorded.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from tahsil.actions import _given, _limits, _signing, _terms, allocating
from tahsil.actions._verb import Act, Context, check_reach, verb
from tahsil.actions.obligations import change, settled
from tahsil.actions.receipts import check_contract, locked
from tahsil.core.book import schedules
from tahsil.core.book.categories import category_index, category_of
from tahsil.core.book.schedules import Line
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies, search
from tahsil.store.models import (
    Account,
    Contract,
    ContractEvent,
    Obligation,
    ObligationDue,
    ScheduleVersion,
)


@verb("contract.sign")
def sign(
    ctx: Context,
    *,
    number: str,
    account_id: int | None = None,
    party: dict[str, Any] | None = None,
    party_id: int | None = None,
    creditor_id: int | None = None,
    currency: str = "",
    product: str = "developer",
    project_id: int | None = None,
    asset: dict[str, Any] | None = None,
    collector_id: int | None = None,
    signed_on: date | str | None = None,
    ends_on: date | str | None = None,
    price_minor: int = 0,
    lines: Any = (),
    terms: dict[str, Any] | None = None,
    waterfall: str = "standard",
    penalty: str = "",
) -> Act:
    """A contract was signed: its parties, its schedule, and from now on what falls due."""
    number = _given.need_text(number, "contract number", most=60)
    signed = _given.as_date(signed_on, "signed on") or ctx.as_of
    _check_policies(ctx, waterfall=waterfall, penalty=penalty)
    _given.check_amount(price_minor, "price")
    made = _terms.schedule_of(terms) if terms else _terms.lines_of(lines)
    _check_price(made, price_minor)
    account = _signing.account_for(
        account_id,
        party=party,
        party_id=party_id,
        place=_signing.Place(creditor_id, currency, product, project_id, collector_id),
    )
    check_reach(ctx, "contract.sign", account.id)
    _check_number(account, number)
    contract = Contract.objects.create(
        account=account,
        number=number,
        project_id=project_id,
        asset=_signing.asset_for(asset, project_id),
        product=product,
        signed_on=signed,
        ends_on=_given.as_date(ends_on, "end"),
        price_minor=price_minor,
        waterfall=waterfall,
        penalty=penalty,
        terms=terms or {},
    )
    _signing.part(contract, account.party_id, since_on=signed)
    schedule = _version(ctx, contract, 1, "signed", signed)
    first = _raise(ctx, contract, schedule, made, raised_on=min(signed, ctx.as_of))
    settled(ctx, account.id, since=first)
    search.index([account.id])
    return Act(f"contract:{contract.id}", account.id, _signed(contract, made), signed)


def _rescheduling(
    ctx: Context, *, account_id: int, contract_id: int, lines: Any, **params: Any
) -> Verdict:
    check_contract(account_id, contract_id)
    before = _replaced(ctx, contract_id, params.get("superseded_ids"))
    after = _terms.lines_of(lines)
    old = [row.due_on for row, _ in before if row.due_on]
    new = [line.due_on for line in after if line.due_on]
    later = (max(new) - max(old)).days if old and new else 0
    return _limits.judge(ctx, "schedule_version", lines=len(before), days=max(later, 0))


@verb("contract.amend", limits=_rescheduling)
def amend(
    ctx: Context,
    *,
    account_id: int,
    contract_id: int,
    lines: Any,
    reason: str,
    superseded_ids: list[int] | None = None,
    change_minor: int = 0,
) -> Act:
    """The schedule has a new version: what was open of the old lines is owed by the new ones."""
    account = locked(account_id)
    check_contract(account_id, contract_id)
    contract = Contract.objects.get(id=contract_id)
    reason = _given.need_text(reason, "reason")
    before = _replaced(ctx, contract_id, superseded_ids)
    version = schedules.new_version(
        [(row.id, left) for row, left in before],
        _terms.lines_of(lines),
        change_minor=change_minor,
    )
    newest = contract.schedules.aggregate(newest=Max("version"))["newest"] or 0
    schedule = _version(ctx, contract, newest + 1, reason, ctx.as_of)
    rows = {row.id: row for row, _ in before}
    for obligation_id, left in version.superseded:
        change(ctx, rows[obligation_id], -left, kind="supersede", reason=reason, on=ctx.as_of)
    _raise(ctx, contract, schedule, version.raised, raised_on=ctx.as_of)
    settled(ctx, account_id, since=ctx.as_of)
    facts = {
        "number": contract.number,
        "version": schedule.version,
        "reason": reason,
        "superseded": [list(pair) for pair in version.superseded],
        "lines": len(version.raised),
        "change_minor": change_minor,
        "currency": account.currency,
    }
    return Act(f"contract:{contract_id}", account_id, facts)


@verb("contract.record_event")
def event(
    ctx: Context,
    *,
    account_id: int,
    contract_id: int,
    code: str,
    happened_on: date | str,
    document: str = "",
) -> Act:
    """Something happened that the contract waited for; the lines that waited have dates now."""
    locked(account_id)
    check_contract(account_id, contract_id)
    code = _given.need_text(code, "event", most=40)
    day = _given.need_date(happened_on, "day")
    if day > ctx.as_of:
        raise Refused(
            "contract.event_future",
            "{event} cannot be recorded for {happened_on}: that day has not come.",
            event=code,
            happened_on=day,
        )
    waiting = list(Obligation.objects.filter(contract_id=contract_id, due_event=code, dated=None))
    _check_event(contract_id, code, waiting)
    ContractEvent.objects.create(
        contract_id=contract_id,
        code=code,
        happened_on=day,
        recorded_at=ctx.now,
        document=document.strip()[:160],
    )
    ObligationDue.objects.bulk_create(
        [
            ObligationDue(
                obligation=row,
                due_on=day + timedelta(days=row.due_days),
                effective_on=day,
                recorded_at=ctx.now,
            )
            for row in waiting
        ]
    )
    settled(ctx, account_id, since=ctx.as_of)
    facts = {"code": code, "happened_on": day, "lines": len(waiting), "document": document}
    return Act(f"contract:{contract_id}", account_id, facts, day)


def _check_event(contract_id: int, code: str, waiting: list[Obligation]) -> None:
    earlier = ContractEvent.objects.filter(contract_id=contract_id, code=code).first()
    if earlier is not None:
        raise Refused(
            "contract.event_twice",
            "{event} was recorded for {happened_on} already.",
            event=code,
            happened_on=earlier.happened_on,
        )
    if not waiting:
        known = Obligation.objects.filter(contract_id=contract_id, dated=None)
        codes = known.exclude(due_event="").values_list("due_event", flat=True)
        raise Refused(
            "contract.event_unknown",
            "No line of this contract waits for {event}. Lines wait for: {known}.",
            event=code,
            known=sorted(set(codes)) or ["nothing"],
        )


def _signed(contract: Contract, lines: tuple[Line, ...]) -> dict[str, Any]:
    return {
        "number": contract.number,
        "account": contract.account.number,
        "price_minor": contract.price_minor,
        "currency": contract.account.currency,
        "lines": len(lines),
        "total_minor": schedules.total(lines),
    }


def _check_policies(ctx: Context, **codes: str) -> None:
    for kind, code in codes.items():
        if code:
            policies.at(kind, code, ctx.as_of)  # refused where there is no such policy


def _check_number(account: Account, number: str) -> None:
    if Contract.objects.filter(account=account, number=number).exists():
        raise Refused(
            "contract.known", "Contract {number} is on this account already.", number=number
        )


def _check_price(lines: tuple[Line, ...], price_minor: int) -> None:
    counted = [
        line for line in lines if category_of(category_index(line.category)).counts_toward_paid
    ]
    if price_minor and counted:
        schedules.check_total(counted, price_minor)


def _replaced(
    ctx: Context, contract_id: int, superseded_ids: list[int] | None
) -> list[tuple[Obligation, int]]:
    """The schedule lines to be replaced, with what each has open: those named, or all open."""
    rows = Obligation.objects.filter(contract_id=contract_id, schedule__isnull=False)
    if superseded_ids is not None:
        rows = rows.filter(id__in=superseded_ids)
    found = list(rows.order_by("id"))
    if not found:
        return []
    left = allocating.open_minor(found[0].account_id, as_of=ctx.as_of)
    return [(row, left[row.id]) for row in found if left.get(row.id, 0) > 0]


def _version(
    ctx: Context, contract: Contract, version: int, reason: str, on: date
) -> ScheduleVersion:
    return ScheduleVersion.objects.create(
        contract=contract,
        version=version,
        effective_on=on,
        recorded_at=ctx.now,
        reason=reason,
    )


def _raise(
    ctx: Context,
    contract: Contract,
    schedule: ScheduleVersion,
    lines: tuple[Line, ...],
    *,
    raised_on: date,
) -> date:
    """The lines are owed from that day; the first on which one of them is, is answered.

    A reservation falls due before the contract is signed: it was owed when its money came in.
    """
    is_signing = schedule.version == 1
    rows = Obligation.objects.bulk_create(
        [
            Obligation(
                account_id=contract.account_id,
                contract=contract,
                schedule=schedule,
                seq=line.seq,
                category=line.category,
                label=line.label,
                amount_minor=line.amount_minor,
                due_on=line.due_on,
                due_event=line.due_rule.event if line.due_rule else "",
                due_days=line.due_rule.days if line.due_rule else 0,
                raised_on=min(raised_on, line.due_on or raised_on) if is_signing else raised_on,
                recorded_at=ctx.now,
            )
            for line in lines
        ]
    )
    return min((row.raised_on for row in rows), default=raised_on)
