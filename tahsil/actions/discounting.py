"""Papers turned into money before their day: sold to the bank with recourse, or to a pool.

A discounted paper stays ours to answer for; one that a pool bought is collected for the pool, and
what the bank pays for it is paid over (E11, E22 of the ledger).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.actions import _given, _limits, _paper
from tahsil.actions._paper import agreeing, instrument_of
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.receipts import locked
from tahsil.core.grammar.authority import Verdict, ask
from tahsil.core.grammar.money import apportion
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import tie_out
from tahsil.store import policies
from tahsil.store.models import Creditor, Instrument

SELLABLE = ("in_safe", "bank_custody")


@verb("instrument.discount", limits=agreeing("discount"))
def discount(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    facility: str,
    document: str,
    proceeds_minor: int,
    cost_minor: int = 0,
    effective_on: date | str | None = None,
) -> Act:
    """The bank bought the paper: what it paid and kept comes to no more than its amount."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    facility = _given.need_text(facility, "facility", most=80)
    document = _given.need_text(document, "document", most=160)
    got = _given.need_amount(proceeds_minor, "proceeds")
    cost = _given.check_amount(cost_minor, "cost")
    if cost < 0 or got + cost > found.amount_minor:
        raise Refused(
            "discount.amount",
            "{number} is for {amount_minor}; the bank cannot have given {lent_minor} for it.",
            number=found.number,
            amount_minor=found.amount_minor,
            lent_minor=got + cost,
            currency=found.account.currency,
        )
    on = _paper.move(
        ctx, found, "discount", evidence=["facility", "document"], document=document,
        place="bank", on=effective_on, owner="discounted",
    )  # fmt: skip
    return _paper.act(
        ctx, found, on, document=document, facility=facility, proceeds_minor=got,
        cost_minor=cost, lent_minor=got + cost,
    )  # fmt: skip


@verb("instrument.securitise")
def securitise(
    ctx: Context, *, account_id: int, instrument_id: int, pool: str, document: str,
    custodian: str = "", cost_minor: int = 0, effective_on: date | str | None = None,
) -> Act:  # fmt: skip
    """A pool owns the paper from that day; it lies with the custodian and is collected for it."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    if found.owner != "own" or found.state not in SELLABLE:
        raise Refused(
            "pool.paper",
            "{number} is {state} and {owner}. A pool buys papers that are ours, in the safe or in "
            "the bank's custody.",
            number=found.number,
            state=found.state,
            owner=found.owner,
        )
    on = _given.as_date(effective_on, "day of the sale") or ctx.as_of
    _given.need_text(document, "document", most=160)
    cost = _given.check_amount(cost_minor, "cost")
    place = custodian.strip()[:80] or found.place
    Instrument.objects.filter(id=found.id).update(owner="securitised", place=place)
    found.owner, found.place = "securitised", place
    return _paper.act(ctx, found, on, pool=pool, document=document, cost_minor=cost)


def _selling(ctx: Context, **params: Any) -> Verdict:
    if ctx.standing.actor_id == 0:
        return _limits.FREE
    who = tuple(policies.at("journal", "locked", ctx.as_of)[0]["approvers"])
    return ask(
        "pool.second", "A sale to a pool needs the yes of a second person. {who} may agree.",
        approvers=who, who=list(who),
    )  # fmt: skip


@verb("pool.sell", limits=_selling)
def sell(
    ctx: Context, *, creditor_id: int, pool: str, instruments: Any, document: str,
    price_minor: int, custodian: str = "", sold_on: date | str | None = None,
) -> Act:  # fmt: skip
    """A pool bought a set of papers for a price; what it is less than their sum is finance cost."""
    ids = [each for each in instruments or () if isinstance(each, int)]
    papers = list(Instrument.objects.filter(id__in=ids, account__creditor_id=creditor_id)
                  .select_related("account").order_by("id"))  # fmt: skip
    currencies = {each.account.currency for each in papers}
    if not papers or len(papers) != len(set(ids)) or len(currencies) != 1:
        raise Refused(
            "pool.papers", "A pool buys papers of one company in one currency, each named once."
        )
    pool = _given.need_text(pool, "pool", most=80)
    total = sum(each.amount_minor for each in papers)
    price = _given.need_amount(price_minor, "price")
    if price > total:
        raise Refused(
            "pool.price", "The papers come to {total_minor}; the price cannot be {price_minor}.",
            total_minor=total, price_minor=price, currency=min(currencies),
        )  # fmt: skip
    costs = apportion(total - price, [each.amount_minor for each in papers])
    on = _given.as_date(sold_on, "day of the sale") or ctx.as_of
    for each, cost in zip(papers, costs, strict=True):
        securitise(
            ctx.keyed(ctx.key, each.id), account_id=each.account_id, instrument_id=each.id,
            pool=pool, document=document, custodian=custodian, cost_minor=cost,
            effective_on=on.isoformat(),
        )  # fmt: skip
    facts = {
        "creditor_id": creditor_id, "pool": pool, "document": document, "count": len(papers),
        "amount_minor": total, "price_minor": price, "currency": min(currencies),
    }  # fmt: skip
    return Act(f"creditor:{creditor_id}", None, facts, on)


@verb("pool.remit")
def remit(
    ctx: Context, *, creditor_id: int, pool: str, amount_minor: int, currency: str, document: str,
    paid_on: date | str | None = None,
) -> Act:  # fmt: skip
    """What was collected for a pool was paid over to it."""
    creditor = Creditor.objects.filter(id=creditor_id).first()
    if creditor is None:
        raise Refused("creditor.unknown", "There is no creditor {id}.", id=creditor_id)
    amount = _given.need_amount(amount_minor)
    due = tie_out.due_to_pools(creditor_id, currency, ctx.as_of)
    if amount > due:
        raise Refused(
            "pool.due", "{due_minor} is due to pools; {amount_minor} cannot be paid over.",
            due_minor=due, amount_minor=amount, currency=currency,
        )  # fmt: skip
    facts = {
        "creditor_id": creditor_id, "creditor": creditor.name, "currency": currency,
        "pool": _given.need_text(pool, "pool", most=80), "amount_minor": amount,
        "document": _given.need_text(document, "document", most=160),
    }  # fmt: skip
    on = _given.as_date(paid_on, "day of payment") or ctx.as_of
    return Act(f"creditor:{creditor_id}", None, facts, on)
