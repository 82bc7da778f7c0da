"""Refunds: money on account that is paid back, agreed to by somebody else, paid once.

Paying raises an obligation of category refund that the named receipts settle in the same act, so
that the replay needs no exception: whoever gets back what later turns out not to have been theirs
owes it again. What may be paid back is _on_account.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Sum

from tahsil.actions import _given, _limits, _on_account, allocating, bank
from tahsil.actions._verb import Act, Context, account_of, check_reach, verb
from tahsil.actions.obligations import change, settled
from tahsil.actions.receipts import locked
from tahsil.core.book.categories import REFUND
from tahsil.core.grammar import names
from tahsil.core.grammar.authority import Verdict, ask
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies, rows, standing
from tahsil.store.models import (
    Account,
    Allocation,
    BankAccount,
    BankLine,
    BankMatch,
    Creditor,
    Obligation,
    PartyName,
    Receipt,
    Refund,
    RefundEnd,
    RefundPart,
    RefundPayment,
)

METHODS = ("transfer", "cheque", "cash", "card")
PAID, BACK = "refund", "refund_back"  # purposes of the bank lines that show it


def _asking(
    ctx: Context, *, account_id: int, parts: Any, reason: str, payee: str = "",
    payee_reason: str = "", is_despite_overdue: bool = False,
) -> Verdict:  # fmt: skip
    """Always somebody else's yes, of a role whose limit reaches so far."""
    account = account_of(account_id)
    given = _on_account.parts_of(account, parts)
    _on_account.check(account, given, on=ctx.as_of, today=ctx.as_of)
    _given.need_text(reason, "reason")
    who = _payee(account, given, payee, payee_reason)
    overdue = _set_off(account, ctx.as_of, is_despite_overdue=is_despite_overdue)
    amount = sum(part for _, part in given)
    approvers = _limits.others(ctx, REFUND, currency=account.currency, amount_minor=amount)
    facts = {
        "amount_minor": amount,
        "currency": account.currency,
        "payee": who,
        "who": list(approvers),
    }
    if overdue:
        return ask(
            "refund.despite_overdue",
            "{amount_minor} would be paid back to {payee} although {overdue_minor} is overdue. "
            "{who} may agree.",
            approvers=approvers, overdue_minor=overdue, **facts,
        )  # fmt: skip
    return ask(
        "refund.second_person",
        "{amount_minor} would be paid back to {payee}. {who} may agree, but not who asks.",
        approvers=approvers, **facts,
    )  # fmt: skip


@verb("refund.ask", limits=_asking)
def request(
    ctx: Context,
    *,
    account_id: int,
    parts: Any,
    reason: str,
    payee: str = "",
    payee_reason: str = "",
    is_despite_overdue: bool = False,
) -> Act:
    """Money on account may be paid back: asked for by one person, agreed to by another.

    `parts` are [receipt, amount] pairs. The payee is who paid, else a third person with the reason.
    """
    account = locked(account_id)
    given = _on_account.parts_of(account, parts)
    _on_account.check(account, given, on=ctx.as_of, today=ctx.as_of)
    agreed = ctx.approvals[-1] if ctx.approvals else None
    refund = Refund.objects.create(
        account=account,
        number=_number(ctx, account),
        amount_minor=sum(amount for _, amount in given),
        payee=_payee(account, given, payee, payee_reason),
        payee_reason=payee_reason.strip()[:200],
        reason=_given.need_text(reason, "reason"),
        is_despite_overdue=is_despite_overdue,
        asked_by_id=ctx.standing.actor_id or None,
        approved_by_id=(agreed.person_id or None) if agreed else None,
        approved_on=ctx.as_of,
        recorded_at=ctx.now,
    )
    rows.insert(
        [RefundPart(refund=refund, receipt=money, amount_minor=amount) for money, amount in given]
    )
    facts = {**_head(refund), "receipts": [money.number for money, _ in given]}
    return Act(f"refund:{refund.id}", account_id, {**facts, "reason": refund.reason})


@verb("refund.pay")
def pay(
    ctx: Context,
    *,
    account_id: int,
    refund_id: int,
    method: str,
    bank_account_id: int | None = None,
    reference: str = "",
    value_on: date | str | None = None,
) -> Act:
    """An approved refund was paid; the money of its receipts settles it on that day."""
    account = locked(account_id)
    refund = _refund(account_id, refund_id, wanted="approved")
    on = _day(value_on, ctx, earliest=refund.approved_on)
    parts = [(each.receipt, each.amount_minor) for each in _parts(refund)]
    _on_account.check(account, parts, on=on, today=ctx.as_of, refund_id=refund.id)
    _set_off(account, on, is_despite_overdue=refund.is_despite_overdue)
    line = Obligation.objects.create(
        account=account,
        category=REFUND,
        amount_minor=refund.amount_minor,
        due_on=on,
        raised_on=on,
        recorded_at=ctx.now,
        reference=refund.number,
    )
    RefundPayment.objects.create(
        refund=refund,
        obligation=line,
        method=method,
        bank_account=_paid_from(account, method, bank_account_id),
        reference=reference.strip()[:80],
        value_on=on,
        by_id=ctx.standing.actor_id or None,
        recorded_at=ctx.now,
    )
    allocating.settle([account_id], now=ctx.now, since=on)
    _check_settled(refund, line)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {**_head(refund), "method": method, "reference": reference.strip()[:80]}
    return Act(f"refund:{refund.id}", account_id, facts, on)


@verb("refund.cancel")
def cancel(ctx: Context, *, account_id: int, refund_id: int, reason: str) -> Act:
    """An approved refund will not be paid; its money is free again."""
    locked(account_id)
    refund = _refund(account_id, refund_id, wanted="approved")
    ending = _end(ctx, refund, kind="cancelled", reason=reason, on=ctx.as_of)
    return Act(f"refund:{refund.id}", account_id, {**_head(refund), "reason": ending.reason})


@verb("refund.take_back")
def take_back(
    ctx: Context, *, account_id: int, refund_id: int, reason: str,
    effective_on: date | str | None = None,
) -> Act:  # fmt: skip
    """A paid refund did not reach its payee and the money is with us again, on account."""
    locked(account_id)
    refund = _refund(account_id, refund_id, wanted="paid")
    paid = refund.payment  # type: ignore[attr-defined]
    on = _day(effective_on, ctx, earliest=paid.value_on)
    ending = _end(ctx, refund, kind="came_back", reason=reason, on=on)
    change(ctx, paid.obligation, -refund.amount_minor, kind=BACK, reason=ending.reason, on=on)
    settled(ctx, account_id, since=on)
    facts = {**_head(refund), "reason": ending.reason}
    return Act(f"refund:{refund.id}", account_id, facts, on)


@verb("refund.match")
def match(ctx: Context, *, line_id: int, refund_id: int) -> Act:
    """A bank line was explained by a refund: the money that left, or the money that came back."""
    line = bank.locked_line(line_id)
    bank.check_state(line, ("open", "suspended"))
    refund = Refund.objects.filter(id=refund_id).select_related("account").first()
    if refund is None:
        raise _unknown(refund_id)
    check_reach(ctx, "refund.match", refund.account_id)
    purpose = PAID if line.amount_minor < 0 else BACK
    _check_line(line, refund, purpose)
    bank.close_suspense(ctx, line)
    BankMatch.objects.create(
        line=line, amount_minor=line.amount_minor, purpose=purpose, refund=refund,
        kind="confirmed", reason=refund.number, by_id=ctx.standing.actor_id or None,
        matched_on=ctx.as_of, matched_at=ctx.now,
    )  # fmt: skip
    BankLine.objects.filter(id=line.id).update(state="explained")
    facts = {**bank.head(line), "number": refund.number, "purpose": purpose}
    return Act(f"bank_line:{line.id}", refund.account_id, facts, bank.day_of(line, ctx.as_of))


def state_of(refund: Refund) -> str:
    """approved, paid, cancelled or came_back: what its payment and its ending say."""
    if hasattr(refund, "ending"):
        return str(refund.ending.kind)
    return "paid" if hasattr(refund, "payment") else "approved"


def _refund(account_id: int, refund_id: int, *, wanted: str) -> Refund:
    known = Refund.objects.select_related("account", "payment__obligation", "ending")
    refund = known.filter(id=refund_id, account_id=account_id).first()
    if refund is None:
        raise _unknown(refund_id)
    if (state := state_of(refund)) != wanted:
        raise Refused(
            "refund.state",
            "Refund {number} is {state}. It would have to be {wanted}.",
            number=refund.number,
            state=state,
            wanted=wanted,
        )
    return refund


def _unknown(refund_id: int) -> Refused:
    return Refused("refund.unknown", "There is no refund {refund_id}.", refund_id=refund_id)


def _parts(refund: Refund) -> Any:
    return RefundPart.objects.filter(refund=refund).select_related("receipt__reversal")


def _number(ctx: Context, account: Account) -> str:
    """The company's next number of the year; nobody else takes one until the transaction ends."""
    creditor = Creditor.objects.select_for_update().get(id=account.creditor_id)
    start = f"RF-{creditor.code}-{ctx.as_of.year}-"
    return f"{start}{Refund.objects.filter(number__startswith=start).count() + 1:06d}"


def _payee(
    account: Account, parts: list[tuple[Receipt, int]], payee: str, payee_reason: str
) -> str:
    """Who gets the money: who paid it; anybody else only with the reason."""
    payers = dict.fromkeys(money.payer.strip() or account.party.name for money, _ in parts)
    payee = payee.strip()[:160] or next(iter(payers))
    others = PartyName.objects.filter(party_id=account.party_id).values_list("name", flat=True)
    known = {names.name_key(each) for each in (*payers, account.party.name, *others)}
    if names.name_key(payee) not in known and not payee_reason.strip():
        raise Refused(
            "refund.third_person",
            "{payee} did not pay this money; {payers} did. Say why it goes to somebody else.",
            payee=payee,
            payers=list(payers),
        )
    return payee


def _set_off(account: Account, on: date, *, is_despite_overdue: bool) -> int:
    """What is overdue where policy sets it off first; refused unless who agrees has said so."""
    terms = policies.at("refund", "default", on)[0]
    overdue = _on_account.overdue_minor(account, on=on) if terms.get("is_set_off_first") else 0
    if overdue and not is_despite_overdue:
        raise Refused(
            "refund.set_off_first",
            "{overdue_minor} is overdue, and what is overdue is paid first. Move the money to "
            "those lines, or ask to pay it back all the same.",
            overdue_minor=overdue,
            currency=account.currency,
        )
    return overdue


def _paid_from(account: Account, method: str, bank_account_id: int | None) -> BankAccount | None:
    if method not in METHODS:
        raise Refused(
            "refund.method", "{method} is no way to pay a refund. Known: {known}.",
            method=method or "-", known=list(METHODS),
        )  # fmt: skip
    if method == "cash":
        return None
    found = BankAccount.objects.filter(
        id=bank_account_id or 0, creditor_id=account.creditor_id, currency=account.currency
    ).first()
    if found is None:
        raise Refused(
            "refund.bank_account",
            "A refund by {method} leaves one of our bank accounts in {currency}. Name it.",
            method=method,
            currency=account.currency,
        )
    return found


def _check_settled(refund: Refund, line: Obligation) -> None:
    """What was agreed is what the receipts gave, or nothing was paid."""
    paid = Allocation.objects.filter(obligation=line).aggregate(sum=Sum("amount_minor"))["sum"]
    if paid != refund.amount_minor:
        raise Refused(
            "refund.not_settled",
            "The receipts of refund {number} hold {paid_minor} of {amount_minor} on that day. "
            "Cancel it and ask for what is left.",
            paid_minor=paid or 0, **_head(refund),
        )  # fmt: skip


def _check_line(line: BankLine, refund: Refund, purpose: str) -> None:
    wanted = "paid" if purpose == PAID else "came_back"
    paid: Any = getattr(refund, "payment", None)
    is_there = paid is not None and (purpose == PAID or state_of(refund) == wanted)
    is_same = is_there and (abs(line.amount_minor), line.bank_account_id) == (
        refund.amount_minor, paid.bank_account_id,
    )  # fmt: skip
    taken = BankMatch.objects.filter(refund=refund, purpose=purpose, undone_at=None).exists()
    if not is_same or taken:
        raise Refused(
            "refund.line",
            "The bank line over {amount_minor} is not that of refund {number}: amount and bank "
            "account are the same, it is {wanted}, and no other line shows it.",
            amount_minor=line.amount_minor,
            currency=line.bank_account.currency,
            number=refund.number,
            wanted=wanted,
        )


def _end(ctx: Context, refund: Refund, *, kind: str, reason: str, on: date) -> RefundEnd:
    return RefundEnd.objects.create(
        refund=refund, kind=kind, reason=_given.need_text(reason, "reason"), effective_on=on,
        by_id=ctx.standing.actor_id or None, recorded_at=ctx.now,
    )  # fmt: skip


def _day(given: date | str | None, ctx: Context, *, earliest: date) -> date:
    on = _given.as_date(given, "day") or ctx.as_of
    if not earliest <= on <= ctx.as_of:
        raise Refused(
            "refund.day",
            "That can be recorded from {earliest} to {latest}, not on {asked_on}.",
            earliest=earliest,
            latest=ctx.as_of,
            asked_on=on,
        )
    return on


def _head(refund: Refund) -> dict[str, Any]:
    return {
        "number": refund.number,
        "amount_minor": refund.amount_minor,
        "currency": refund.account.currency,
        "payee": refund.payee,
    }
