"""Bank statements: taken in once, their lines set aside for somebody, a match taken back.

A line is known by its fingerprint, a statement by all it says, so that what comes again changes
nothing. What explains a line is matching.py's.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, QuerySet

from tahsil.actions import _given, _learning, _limits, receipts, returning
from tahsil.actions._verb import Act, Context, check_reach, verb
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve import bank_tables
from tahsil.store import rows, standing
from tahsil.store.models import (
    BankAccount,
    BankLine,
    BankMatch,
    BankStatement,
    Person,
    Reversal,
)

SUSPENSE = "suspense"
SENTENCES = {
    "chain": "It opens with {opening} {currency}; the statement before it closed on {on} with "
    "{closing}. A statement between them may be missing.",
}
TEXTS = {
    "reference": 200, "bank_reference": 200, "code": 20, "bank_code": 60, "payer": 200,
    "payer_account": 80, "cheque_number": 40,
}  # fmt: skip


@verb("bank.import")
def take_in(
    ctx: Context, *, bank_account_id: int, statement: Any, file_name: str, sha256: str = ""
) -> Act:
    """Takes in a statement that was read; lines known already stay as they are."""
    account = BankAccount.objects.select_for_update().filter(id=bank_account_id).first()
    if account is None:
        raise Refused("bank.account", "There is no bank account {id} of ours.", id=bank_account_id)
    _check_currency(account, statement)
    lines = [_line(raw, at) for at, raw in enumerate(statement.get("lines") or (), 1)]
    made = _statement(ctx, account, statement, lines)
    made.file_name = _given.need_text(file_name, "file name")
    made.sha256 = str(sha256)[:64]
    known = _known(account, [line.fingerprint for line in lines])
    made.repeats = [
        known[line.fingerprint].id
        for line in lines
        if line.fingerprint in known and not line.is_pending
    ]
    rows.insert([made])
    fresh = [line for line in lines if line.fingerprint not in known]
    for line in fresh:
        line.statement_id, line.bank_account_id = made.id, account.id
        line.state = "pending" if line.is_pending else "open" if line.amount_minor else "explained"
    rows.insert(fresh)
    # What was announced within the day is now booked.
    BankLine.objects.filter(id__in=made.repeats, state="pending").update(state="open")
    facts = {
        "bank_account": account.code, "number": made.number, "file": made.file_name,
        "currency": account.currency, "count": len(fresh), "known": len(lines) - len(fresh),
        "credit_minor": made.credit_minor, "debit_minor": made.debit_minor,
    }  # fmt: skip
    return Act(f"statement:{made.id}", None, facts, made.closed_on)


@verb("bank.save_mapping")
def save_mapping(ctx: Context, *, bank_account_id: int, mapping: Any) -> Act:
    """How the tables of a bank account are read was said: columns, order of dates, decimal sign."""
    account = BankAccount.objects.select_for_update().filter(id=bank_account_id).first()
    if account is None:
        raise Refused("bank.account", "There is no bank account {id} of ours.", id=bank_account_id)
    said = bank_tables.checked(mapping)
    said = said if any(said.values()) else {}
    BankAccount.objects.filter(id=account.id).update(mapping=said)
    columns = [f"{key}: {heading}" for key, heading in said.get("columns", {}).items() if heading]
    return Act(
        f"bank_account:{account.id}", None,
        {"bank_account": account.code, "columns": columns, "before": account.mapping},
    )  # fmt: skip


def digest_of(statement: Any) -> str:
    """What a statement says, whatever its lines were numbered: alike when it comes again."""
    said = {name: value for name, value in statement.items() if name not in ("lines", "remarks")}
    lines = [
        {name: value for name, value in line.items() if name != "fingerprint"}
        for line in statement.get("lines") or ()
    ]
    text = json.dumps([said, lines], cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@verb("bank.suspend")
def suspend(ctx: Context, *, line_id: int, owner_id: int, reason: str) -> Act:
    """A line whose payer is not known went to suspense, where somebody owns it."""
    line = locked_line(line_id)
    check_state(line, ("open", "suspended"))
    owner = Person.objects.filter(id=owner_id, is_active=True).first()
    if owner is None:
        raise Refused("bank.owner", "There is no person {id} to own the line.", id=owner_id)
    close_suspense(ctx, line)
    made = BankMatch.objects.create(
        line=line, amount_minor=line.amount_minor, purpose=SUSPENSE, kind="confirmed",
        reason=_given.need_text(reason, "reason"), owner=owner,
        by_id=ctx.standing.actor_id or None, matched_on=ctx.as_of, matched_at=ctx.now,
    )  # fmt: skip
    BankLine.objects.filter(id=line.id).update(state="suspended")
    facts = {**head(line), "owner": owner.name, "reason": made.reason}
    return Act(f"bank_line:{line.id}", None, facts)


def _taking_back(ctx: Context, *, line_id: int, **params: Any) -> Verdict:
    line = _line_of(_lines(line_id), line_id)  # a verdict comes before the transaction
    if not _live(line).filter(receipt__isnull=False, is_link=False).exists():
        return _limits.FREE
    currency = line.bank_account.currency
    return _limits.judge(
        ctx, "bank_unmatch", currency=currency, amount_minor=abs(line.amount_minor)
    )


@verb("bank.unmatch", limits=_taking_back)
def unmatch(ctx: Context, *, line_id: int, reason: str) -> Act:
    """What a line was matched with was taken back: its receipts are reversed, it is open again.

    Receipts that were there before the match stay.
    """
    line = locked_line(line_id)
    check_state(line, ("matched", "explained", "suspended"))
    reason = _given.need_text(reason, "reason")
    live = list(_live(line).select_related("receipt__account").order_by("id"))
    accounts = sorted({each.receipt.account_id for each in live if each.receipt})
    for account_id in accounts:
        check_reach(ctx, "bank.unmatch", account_id)
        receipts.locked(account_id)
    numbers = [each.receipt.number for each in live if each.receipt]
    for each in live:
        _take_back(ctx, line, each, reason)
    BankMatch.objects.filter(id__in=[each.id for each in live]).update(
        undone_at=ctx.now, undone_reason=reason
    )
    BankLine.objects.filter(id=line.id).update(state="open")
    standing.refresh(accounts, as_of=ctx.as_of)
    kept = [each.receipt.number for each in live if each.receipt and each.is_link]
    facts = {**head(line), "reason": reason, "receipts": numbers, "kept": kept}
    return Act(f"bank_line:{line.id}", accounts[0] if len(accounts) == 1 else None, facts)


def locked_line(line_id: int) -> BankLine:
    """The line, with nobody else matching it until this transaction ends."""
    return _line_of(_lines(line_id).select_for_update(of=("self",)), line_id)


def check_state(line: BankLine, wanted: tuple[str, ...]) -> None:
    """Refuses a line that is not in one of these states."""
    if line.state not in wanted:
        raise Refused(
            "bank.state",
            "The line of {booked_on} over {amount_minor} is {state}. It would have to be: "
            "{wanted}. A match can be taken back first.",
            booked_on=line.booked_on,
            amount_minor=line.amount_minor,
            currency=line.bank_account.currency,
            state=line.state,
            wanted=list(wanted),
        )


def close_suspense(ctx: Context, line: BankLine) -> None:
    """A line in suspense is taken out of it."""
    _live(line).filter(purpose=SUSPENSE).update(undone_at=ctx.now, undone_reason="resolved")


def head(line: BankLine) -> dict[str, Any]:
    """What every event of a line names it by."""
    return {
        "bank_account": line.bank_account.code,
        "booked_on": line.booked_on,
        "amount_minor": line.amount_minor,
        "currency": line.bank_account.currency,
        "payer": line.payer,
    }


def _lines(line_id: int) -> QuerySet[BankLine, BankLine]:
    return BankLine.objects.select_related("bank_account").filter(id=line_id)


def _line_of(found: QuerySet[BankLine, BankLine], line_id: int) -> BankLine:
    line = found.first()
    if line is None:
        raise Refused("bank.line", "There is no bank line {line}.", line=line_id)
    return line


def _take_back(ctx: Context, line: BankLine, each: BankMatch, reason: str) -> None:
    money = each.receipt
    if money and each.kind == "confirmed":
        _learning.forget(line, money.account_id)
    if each.is_link:
        return
    is_gone = money is None or Reversal.objects.filter(receipt=money).exists()
    if each.presentment and money and not is_gone:
        returning.take_back(ctx, each.presentment.instrument, reason[:160])
        return
    if each.presentment and money is None:
        raise Refused(
            "bank.cheque",
            "This line answers cheque {number}. Take the answer back on the cheque's page first.",
            number=each.presentment.instrument.number,
        )
    if money and not is_gone:
        receipts.undo(ctx, money, reason=reason, on=max(ctx.as_of, money.value_on))


def _live(line: BankLine) -> Any:
    return BankMatch.objects.filter(line=line, undone_at=None)


def _check_currency(account: BankAccount, statement: Any) -> None:
    if not isinstance(statement, dict) or statement.get("currency") != account.currency:
        raise Refused(
            "bank.currency",
            "Bank account {bank_account} is in {currency}; the statement is in {other}.",
            bank_account=account.code,
            currency=account.currency,
            other=(statement.get("currency") if isinstance(statement, dict) else "") or "-",
        )


def _statement(
    ctx: Context, account: BankAccount, said: dict[str, Any], lines: list[BankLine]
) -> BankStatement:
    digest = digest_of(said)
    earlier = BankStatement.objects.filter(bank_account=account, digest=digest).first()
    if earlier is not None:
        raise Refused(
            "bank.known",
            "Statement {number} was taken in on {on} from {file}. Nothing has changed.",
            number=earlier.number or earlier.id, on=earlier.imported_at.date(),
            file=earlier.file_name,
        )  # fmt: skip
    booked = [line.amount_minor for line in lines if not line.is_pending]
    made = BankStatement(
        bank_account=account,
        digest=digest,
        format=str(said.get("format") or "")[:20],
        number=str(said.get("number") or "")[:80],
        opened_on=_given.as_date(said.get("opened_on"), "opening date"),
        closed_on=_given.as_date(said.get("closed_on"), "closing date"),
        opening_minor=_whole(said.get("opening_minor"), "opening balance"),
        closing_minor=_whole(said.get("closing_minor"), "closing balance"),
        line_count=len(lines),
        credit_minor=sum(each for each in booked if each > 0),
        debit_minor=-sum(each for each in booked if each < 0),
        imported_by_id=ctx.standing.actor_id or None,
        imported_at=ctx.now,
    )
    _check_balance(made, account.currency)
    made.remarks = [*(said.get("remarks") or ()), *_chained(made, account)]
    return made


def _check_balance(made: BankStatement, currency: str) -> None:
    if made.opening_minor is None or made.closing_minor is None:
        return
    sum_minor = made.credit_minor - made.debit_minor
    if made.opening_minor + sum_minor != made.closing_minor:
        raise Refused(
            "bank.sum",
            "Statement {number} opens with {opening} and its lines come to {sum}, but it closes "
            "with {closing} {currency}. Ask the bank for it again.",
            number=made.number or "-",
            opening=decimal_text(made.opening_minor, currency),
            sum=decimal_text(sum_minor, currency),
            closing=decimal_text(made.closing_minor, currency),
            currency=currency,
        )


def _chained(made: BankStatement, account: BankAccount) -> list[list[Any]]:
    """A remark where the statement before does not end as this one begins."""
    begins = made.opened_on or made.closed_on
    if made.opening_minor is None or begins is None:
        return []
    earlier = BankStatement.objects.filter(
        bank_account=account, closing_minor__isnull=False, closed_on__lte=begins
    ).order_by(F("closed_on").desc(), "-id")
    ends = list(earlier.values_list("closed_on", "closing_minor")[:50])
    if not ends or (ends[0][0], made.opening_minor) in ends:  # of one day any may be the last
        return []
    on, closing = ends[0]
    facts = {
        "opening": decimal_text(made.opening_minor, account.currency),
        "closing": decimal_text(closing or 0, account.currency),
        "on": str(on), "currency": account.currency,
    }  # fmt: skip
    return [["bank.chain", SENTENCES["chain"], facts]]


def _known(account: BankAccount, prints: list[str]) -> dict[str, BankLine]:
    found: dict[str, BankLine] = {}
    for start in range(0, len(prints), 5_000):
        part = prints[start : start + 5_000]
        there = BankLine.objects.filter(bank_account=account, fingerprint__in=part)
        found |= {line.fingerprint: line for line in there}
    return found


def _line(raw: Any, at: int) -> BankLine:
    """A line as the file gives it; refused where it lacks what every line has."""
    if not isinstance(raw, dict) or not raw.get("fingerprint"):
        raise Refused("bank.line_shape", "Line {at} of the statement is no bank line.", at=at)
    booked_on = _given.need_date(raw.get("booked_on"), "booking date")
    amount = _whole(raw.get("amount_minor"), "amount")
    if amount is None:
        raise Refused("given.missing", "{name} is missing.", name="amount")
    texts = {name: str(raw.get(name) or "")[:most] for name, most in TEXTS.items()}
    return BankLine(
        at=_whole(raw.get("at"), "line") or at,
        booked_on=booked_on,
        value_on=_given.as_date(raw.get("value_on"), "value date") or booked_on,
        amount_minor=amount,
        text=str(raw.get("text") or ""),
        is_reversal=bool(raw.get("is_reversal")),
        is_pending=bool(raw.get("is_pending")),
        parts=list(raw.get("parts") or ()),
        fingerprint=str(raw["fingerprint"])[:80],
        **texts,
    )


def _whole(value: Any, name: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused("given.whole", "The {name} is not a whole number of minor units.", name=name)
    return _given.check_amount(value, name)


def day_of(line: BankLine, as_of: date) -> date:
    """The value date of the line's money, refused while it has not come."""
    if line.value_on > as_of:
        raise Refused(
            "bank.future",
            "The money of this line has its value on {value_on}. It can be matched from that day.",
            value_on=line.value_on,
        )
    return line.value_on
