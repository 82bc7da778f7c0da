"""Cash application: a bank line becomes receipts, clears or returns a cheque, or has a purpose.

One verb, with a bulk form for what matching posts by itself. A line is matched whole or not at
all, once; taking a match back is bank.py's. Money that was recorded before its line came is linked
with it and not recorded again. `explain` is for the acts of other modules that account for a line
without a receipt, such as a deposit of cash that was received before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from tahsil.actions import (
    _given,
    _learning,
    _line_parts,
    _linking,
    _paper,
    allocating,
    bank,
    presenting,
    receipts,
    returning,
)
from tahsil.actions._verb import Act, Context, check_reach, in_bulk, verb
from tahsil.core.grammar.refusal import Refused
from tahsil.store import owed, rows, standing
from tahsil.store.models import (
    Account,
    BankLine,
    BankMatch,
    Instrument,
    Presentment,
    Receipt,
)

PURPOSES = (
    "own_transfer", "fee", "interest", "duplicate", "reversal", "reversed", "refund", "salary",
    "loan", "terminal", "investment", "insurance", "outgoing", "other",
)  # fmt: skip
INSTRUMENTS = {"cash": "cash", "card": "card", "direct_debit": "direct_debit", "cheque": "cheque"}
AUTO, CONFIRMED = "auto", "confirmed"


@verb("bank.match")
def match(
    ctx: Context,
    *,
    line_id: int,
    parts: Any = (),
    instrument_id: int | None = None,
    return_reason: str = "",
    purpose: str = "",
    reason: str = "",
    confirm: bool = False,
) -> Act:
    """A bank line was matched: with receipts for accounts, with a cheque's answer, or a purpose.

    `parts` are {account_id, amount_minor, allocations: [[obligation, amount], …]}, or {receipt_id}
    for money that was recorded before; together they are the line. `return_reason` says that the
    cheque came back unpaid, `confirm` that this is other money than a receipt recorded before.
    """
    line = bank.locked_line(line_id)
    bank.check_state(line, ("open", "suspended"))
    bank.close_suspense(ctx, line)
    if instrument_id is not None:
        return _answered(ctx, line, instrument_id, return_reason, confirm=confirm)
    if purpose:
        return _explained(ctx, line, purpose, reason)
    return _received(ctx, line, _line_parts.read(line, parts), confirm=confirm)


def explain(ctx: Context, line_id: int, purpose: str, reason: str) -> BankLine:
    """The line is accounted for by this purpose, without a receipt; part of another act."""
    line = bank.locked_line(line_id)
    bank.check_state(line, ("open", "suspended"))
    bank.close_suspense(ctx, line)
    _explain(ctx, line, purpose, reason)
    return line


def post(ctx: Context, decided: Iterable[dict[str, Any]]) -> int:
    """Posts what matching is sure of, line by line under the line's own key; how many were new.

    Each is {line_id, account_id, allocations, pattern}. A line somebody else has touched, whose
    obligations are no longer open so far, or whose money is a receipt already, is left to a person.
    """
    items = ((f"bank.match:{each['line_id']}", each) for each in decided)
    return in_bulk(ctx, "bank.match", items, _post)


def _post(ctx: Context, asked: list[dict[str, Any]]) -> list[Act | None]:
    lines = _untouched([each["line_id"] for each in asked], ctx.as_of)
    accounts = _locked({each["account_id"] for each in asked if each["line_id"] in lines})
    left = owed.open_of(sorted(accounts), as_of=ctx.as_of)
    before = _linking.receipts_of(list(lines.values()), ctx.as_of, accounts)
    taken: list[dict[str, Any]] = []
    for each in asked:
        line, account = lines.get(each["line_id"]), accounts.get(each["account_id"])
        if not line or not account:
            continue
        if _linking.known(before, line, account.id, line.amount_minor):
            continue  # somebody has recorded it
        if _is_open(line, account, each["allocations"], left):
            for key, part in each["allocations"]:
                left[account.id, key] -= part
            taken.append(each)
    made = _take_all(ctx, taken, lines, accounts)
    return [made.get(each["line_id"]) for each in asked]


def _take_all(
    ctx: Context,
    taken: list[dict[str, Any]],
    lines: dict[int, BankLine],
    accounts: dict[int, Account],
) -> dict[int, Act]:
    """The acts of the lines taken: receipts, matches and allocations written for all at once."""
    money = rows.insert(
        [
            _receipt(ctx, lines[each["line_id"]], accounts[each["account_id"]], each)
            for each in taken
        ]
    )
    rows.insert(
        [
            _link(ctx, lines[each["line_id"]], "receipt", AUTO, one.amount_minor, receipt_id=one.id)
            for each, one in zip(taken, money, strict=True)
        ]
    )
    BankLine.objects.filter(id__in=[each["line_id"] for each in taken]).update(state="matched")
    since: dict[int, date] = {}
    for one in money:
        since[one.account_id] = min(since.get(one.account_id, one.value_on), one.value_on)
    by_day: dict[date, list[int]] = defaultdict(list)
    for account_id, on in since.items():
        by_day[on].append(account_id)
    for on, ids in by_day.items():
        allocating.settle(ids, now=ctx.now, since=on)
    standing.refresh(sorted(since), as_of=ctx.as_of)
    return {
        each["line_id"]: Act(
            f"bank_line:{each['line_id']}", one.account_id,
            {**bank.head(lines[each["line_id"]]), "receipts": [one.number],
             "pattern": each.get("pattern", "")},
            one.value_on,
        )
        for each, one in zip(taken, money, strict=True)
    }  # fmt: skip


def _receipt(ctx: Context, line: BankLine, account: Account, each: dict[str, Any]) -> Receipt:
    return Receipt(
        account_id=account.id,
        collector_id=account.collector_id,
        recorded_at=ctx.now,
        amount_minor=line.amount_minor,
        number=_number(line, 0),
        instruction=[list(pair) for pair in each["allocations"]],
        **_of_line(line),
    )


def _of_line(line: BankLine) -> dict[str, Any]:
    """What a receipt says that a bank line brought."""
    return {
        "instrument": INSTRUMENTS.get(line.code, "transfer"),
        "reference": (line.bank_reference or line.reference)[:80],
        "bank": line.bank_account.bank[:80],
        "rule": line.bank_account.rule,
        "bank_account_id": line.bank_account_id,
        "value_on": line.value_on,
        # Who pays in another's stead is kept as the bank says; where it names nobody, the account.
        "payer": (line.payer or line.payer_account)[:160],
    }


def _number(line: BankLine, count: int) -> str:
    """The number of a receipt that a bank line brought; a second one of the line says so."""
    number = f"{line.bank_account.code}-{line.id:06d}"
    return f"{number}-{count + 1}" if count else number


def _received(ctx: Context, line: BankLine, parts: list[dict[str, Any]], *, confirm: bool) -> Act:
    on = bank.day_of(line, ctx.as_of)
    accounts = {}
    for account_id in sorted({each["account_id"] for each in parts}):
        accounts[account_id] = receipts.locked(account_id)
        check_reach(ctx, "bank.match", account_id)
        _check_account(line, accounts[account_id])
    if not confirm:
        _linking.check_new(line, parts, ctx.as_of)
    before = BankMatch.objects.filter(line=line, receipt__isnull=False).count()
    money = [
        _linked(ctx, line, each["receipt_id"])
        if "receipt_id" in each
        else _new(ctx, line, accounts[each["account_id"]], each, _number(line, at))
        for at, each in enumerate(parts, before)
    ]
    BankLine.objects.filter(id=line.id).update(state="matched")
    _learning.confirmed(line, [(each["account_id"], each["allocations"]) for each in parts])
    standing.refresh(sorted(accounts), as_of=ctx.as_of)
    linked = [each["receipt_id"] for each in parts if "receipt_id" in each]
    facts = {**bank.head(line), "receipts": [one.number for one in money], "linked": linked}
    return Act(f"bank_line:{line.id}", parts[0]["account_id"] if len(accounts) == 1 else None,
               facts, on)  # fmt: skip


def _new(
    ctx: Context, line: BankLine, account: Account, each: dict[str, Any], number: str
) -> Receipt:
    """A part of the line as a receipt of the account."""
    money = receipts.take(
        ctx, account, amount_minor=each["amount_minor"], instruction=each["allocations"],
        number=number, **_of_line(line),
    )  # fmt: skip
    _link(ctx, line, "receipt", CONFIRMED, money.amount_minor, receipt_id=money.id).save()
    return money


def _linked(ctx: Context, line: BankLine, receipt_id: int) -> Receipt:
    """A receipt that was recorded before, now explained by the line."""
    money = _linking.receipt(line, receipt_id)
    _linking.check_free(money)
    of = {**_linking.names(money), "is_link": True}
    _link(ctx, line, of.pop("purpose"), CONFIRMED, money.amount_minor, **of).save()
    return money


def _answered(
    ctx: Context, line: BankLine, instrument_id: int, return_reason: str, *, confirm: bool
) -> Act:
    """The line clears or returns the cheque, through the cheque's own verb.

    A cheque that was cleared by hand is linked with the line that brought its money.
    """
    found = Instrument.objects.select_related("account").filter(id=instrument_id).first()
    if found is None:
        raise Refused(
            "bank.no_cheque", "There is no cheque {id} in the register.", id=instrument_id
        )
    on = bank.day_of(line, ctx.as_of)
    is_return = bool(return_reason)
    _check_account(line, found.account)
    if found.state == "cleared" and not is_return:
        parts = _line_parts.read(line, _linking.cleared(line, found))
        return _received(ctx, line, parts, confirm=confirm)
    _check_cheque(line, found, is_return=is_return)
    if not is_return and not confirm:
        part = {"account_id": found.account_id, "amount_minor": line.amount_minor}
        _linking.check_new(line, [part], ctx.as_of)
    of = {"account_id": found.account_id, "instrument_id": found.id}
    said = (line.bank_reference or line.reference or line.text or line.fingerprint).strip()
    keyed = ctx.keyed(ctx.key, "cheque")
    if is_return:
        returning.bounce(
            keyed, **of, reason=return_reason, memo=(line.text or said)[:160],
            effective_on=on.isoformat(),
        )  # fmt: skip
    else:
        presenting.clear(keyed, **of, value_on=on.isoformat(), reference=said[:80])
    tried = Presentment.objects.filter(instrument=found).order_by("-seq").first()
    purpose = "cheque_returned" if is_return else "cheque_cleared"
    kind = CONFIRMED if ctx.standing.actor_id else AUTO
    _link(
        ctx, line, purpose, kind, line.amount_minor, presentment_id=tried.id if tried else None,
        receipt_id=tried.receipt_id if tried else None,
    ).save()  # fmt: skip
    BankLine.objects.filter(id=line.id).update(state="matched")
    facts = {**bank.head(line), "cheque": found.number, "purpose": purpose}
    return Act(f"bank_line:{line.id}", found.account_id, facts, on)


def _explained(ctx: Context, line: BankLine, purpose: str, reason: str) -> Act:
    if purpose not in PURPOSES:
        raise Refused(
            "bank.purpose", "{purpose} is no purpose of a bank line. Known: {known}.",
            purpose=purpose, known=list(PURPOSES),
        )  # fmt: skip
    if purpose == "refund" and line.amount_minor < 0:
        raise Refused(
            "bank.refund",
            "Money that was paid back is matched with its refund. Open the refund and choose this "
            "line there.",
        )
    reason = _given.need_text(reason, "reason")
    _explain(ctx, line, purpose, reason)
    facts = {**bank.head(line), "purpose": purpose, "reason": reason}
    return Act(f"bank_line:{line.id}", None, facts, line.value_on)


def _explain(ctx: Context, line: BankLine, purpose: str, reason: str) -> None:
    _link(ctx, line, purpose, CONFIRMED, line.amount_minor, reason=reason[:200]).save()
    BankLine.objects.filter(id=line.id).update(state="explained")


def _link(
    ctx: Context, line: BankLine, purpose: str, kind: str, amount: int, **of: Any
) -> BankMatch:
    return BankMatch(
        line_id=line.id, purpose=purpose, kind=kind, amount_minor=amount,
        by_id=ctx.standing.actor_id or None, matched_on=ctx.as_of, matched_at=ctx.now, **of,
    )  # fmt: skip


def _check_account(line: BankLine, account: Account) -> None:
    ours = line.bank_account
    if account.currency != ours.currency:
        raise Refused(
            "bank.account_currency",
            "Account {account} is in {currency}; the line is in {other}. Record the exchange "
            "first, or choose the account's other currency.",
            account=account.number, currency=account.currency, other=ours.currency,
        )  # fmt: skip
    if account.creditor_id != ours.creditor_id:
        raise Refused(
            "bank.account_creditor",
            "Account {account} is owed to another company than the one {bank_account} is of.",
            account=account.number, bank_account=ours.code,
        )  # fmt: skip


def _check_cheque(line: BankLine, found: Instrument, *, is_return: bool) -> None:
    left = _paper.left_minor(found)
    if abs(line.amount_minor) != left or (line.amount_minor < 0 and not is_return):
        raise Refused(
            "bank.cheque_amount",
            "Of cheque {number} {amount_minor} is to be paid; the line is over {line_minor}.",
            number=found.number,
            amount_minor=left,
            line_minor=line.amount_minor,
            currency=found.account.currency,
        )


def _untouched(line_ids: list[int], as_of: date) -> dict[int, BankLine]:
    """The lines nobody has matched yet, not even to take it back, whose money is there."""
    found = BankLine.objects.prefetch_related("bank_account").filter(
        id__in=line_ids, state="open", value_on__lte=as_of
    )
    locked = list(found.select_for_update().order_by("id"))
    once = BankMatch.objects.filter(line_id__in=[line.id for line in locked])
    touched = set(once.values_list("line_id", flat=True))
    return {line.id: line for line in locked if line.id not in touched}


def _locked(account_ids: set[int]) -> dict[int, Account]:
    found = Account.objects.select_for_update().filter(id__in=account_ids).order_by("id")
    return {account.id: account for account in found}


def _is_open(
    line: BankLine,
    account: Account,
    parts: list[list[int]],
    left: dict[tuple[int, int], int],
) -> bool:
    """Whether the obligations are this account's and still open as far as the line pays them."""
    ours = line.bank_account
    if (account.currency, account.creditor_id) != (ours.currency, ours.creditor_id):
        return False
    is_left = all(0 < part <= left.get((account.id, key), 0) for key, part in parts)
    return is_left and sum(part for _, part in parts) <= line.amount_minor
