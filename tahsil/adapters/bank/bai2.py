"""BAI2: records of a file, its groups and accounts, with control totals that must agree.

Amounts have no decimal sign; the currency says how many decimals they have. A library was tried
and left: see docs/decisions/2026-11-bank-readers.md.
"""

from __future__ import annotations

from datetime import date

from tahsil.adapters.bank import codes, values
from tahsil.adapters.bank.bai2_records import Account, Fields, File, Group, Record, file
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import no_currency, no_statement, summary
from tahsil.adapters.bank.statement import Balance, Line, Mapping, Remark, Statement
from tahsil.adapters.bank.text import squeezed
from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused

STATUSES = {
    "010": "opening",
    "015": "closing",
    "030": "interim",
    "040": "available",
    "045": "available",
    "060": "available",
}
NO_REPORTS = ("2", "3", "4")
INTERIM = ("1", "3")


def read(text: str, notes: Notes, mapping: Mapping) -> list[Statement]:
    """One statement for each account of each group."""
    whole = file(text, notes)
    found = []
    sums = []
    for group in whole.groups:
        sums.append(0)
        for account in group.accounts:
            with notes.trying():
                statement, total = _statement(account, group, whole, notes, mapping)
                found.append(statement)
                sums[-1] += total
    if not notes.faults:
        for group, total in zip(whole.groups, sums, strict=True):
            _control(group.end, total, len(group.accounts), group.records)
        _control(whole.end, sum(sums), len(whole.groups), whole.records)
    if not found and not notes.faults:
        raise no_statement("01, 99", 1)
    return found


def _statement(
    account: Account, group: Group, whole: File, notes: Notes, mapping: Mapping
) -> tuple[Statement, int]:
    head = Fields(group.head)
    as_of, group_currency, modifier = _group(head, group.head.at)
    fields = Fields(account.head)
    number = fields.next()
    currency = _currency(fields.next() or group_currency, account.head.at, notes, mapping)
    balances, totals, control = _statuses(fields, currency, as_of, account.head.at)
    is_interim = modifier in INTERIM
    found = []
    for record in account.details:
        with notes.trying():
            line, minor = _line(record, currency, as_of, notes, is_interim)
            control += minor
            if line:
                found.append(line)
    if not notes.faults:
        _stated(totals, found, currency, account.head.at)
        _control(account.end, control, None, account.records)
    opening = next((b for b in balances if b.kind == "opening"), None)
    closing = next((b for b in balances if b.kind == "closing" and not is_interim), None)
    return Statement(
        format="bai2",
        at=account.head.at,
        account=number or mapping.account,
        currency=currency,
        id=whole.id,
        number=as_of.isoformat(),
        opened_on=as_of,
        closed_on=as_of,
        opening_minor=opening.minor if opening else None,
        closing_minor=closing.minor if closing else None,
        lines=tuple(found),
        balances=tuple(b for b in balances if b is not opening and b is not closing),
        remarks=notes.taken(),
    ), control


def _group(fields: Fields, at: int) -> tuple[date, str, str]:
    """Date, currency and modifier; a group that is no new report is refused."""
    _receiver, _sender, status, on = (fields.next() for _ in range(4))
    _time, currency, modifier = (fields.next() for _ in range(3))
    if status in NO_REPORTS:
        raise Refused(
            "bank.group",
            "Line {line}: this group has status {status} (2 deletion, 3 correction, 4 test) and is "
            "no report. Take it up with the bank; it cannot be imported.",
            line=at,
            status=status,
        )
    return _date(on, at), currency, modifier


def _date(text: str, at: int) -> date:
    if len(text) == 8 and text.isdecimal():
        return values.day(int(text[:4]), int(text[4:6]), int(text[6:]), text=text, at=at)
    return values.short(text, at)


def _currency(text: str, at: int, notes: Notes, mapping: Mapping) -> str:
    if text:
        return values.currency_code(text, at)
    found = values.currency_code(mapping.currency or "USD", at)
    notes.add(no_currency(found, at))
    return found


def _statuses(
    fields: Fields, currency: str, as_of: date, at: int
) -> tuple[list[Balance], dict[str, tuple[int, str]], int]:
    """Balances, stated totals (100 credits, 400 debits) and the sum of all amounts."""
    balances, totals, control = [], {}, 0
    while fields:
        code = fields.next()
        if not code:
            continue
        text, count = fields.next(), fields.next()
        fields.funds()
        if not text:
            continue
        minor = values.cents(text, currency, at)
        control += minor
        if code in STATUSES:
            balances.append(Balance(STATUSES[code], as_of, minor, currency, at))
        elif code in ("100", "400"):
            totals[code] = (minor, count)
    return balances, totals, control


def _stated(totals: dict[str, tuple[int, str]], found: list[Line], currency: str, at: int) -> None:
    """Refused if the totals of credits and debits are not those of the lines."""
    for code, sign in (("100", 1), ("400", -1)):
        own = [abs(line.amount_minor) for line in found if line.amount_minor * sign > 0]
        minor, count = totals.get(code, (sum(own), ""))
        if minor != sum(own) or (count and values.whole(count) != len(own)):
            raise summary(
                f"{count or '—'}: {decimal_text(minor, currency)} {currency}",
                f"{len(own)}: {decimal_text(sum(own), currency)} {currency}",
                at,
            )


def _line(
    record: Record, currency: str, as_of: date, notes: Notes, is_interim: bool
) -> tuple[Line | None, int]:
    """The line and the amount it adds to the control total; no line where no money moved."""
    fields = Fields(record)
    code, text = fields.next(), fields.next()
    minor = values.cents(text, currency, record.at) if text else 0
    value = fields.funds()
    bank_reference, reference = fields.next(is_here=True), fields.next(is_here=True)
    description = squeezed(fields.rest())
    if code == "890":
        notes.add(
            Remark(
                "bank.information",
                "Line {line}: information without an amount: “{text}”.",
                line=record.at,
                text=description,
            )
        )
        return None, minor
    kind = codes.BAI.get(code, "other")
    line = Line(
        at=record.at,
        booked_on=as_of,
        value_on=_date(value, record.at) if value else as_of,
        amount_minor=_sign(code, record.at) * minor,
        currency=currency,
        reference=reference,
        bank_reference=bank_reference,
        code=kind,
        bank_code=code,
        description=description,
        cheque_number=reference
        if code == "475" and reference.isdecimal()
        else codes.cheque_in(description),
        is_pending=is_interim,
        raw="\n".join(record.pieces),
    )
    return line, minor


def _sign(code: str, at: int) -> int:
    """Credit or debit by the range that the standard gives the code."""
    number = (values.whole(code) or 0) if len(code) == 3 else 0
    if 100 <= number < 400 or 920 <= number < 960:
        return 1
    if 400 <= number < 700 or number >= 960:
        return -1
    raise Refused(
        "bank.type",
        "Line {line}: type {type} is neither a credit nor a debit of a bank account. Ask the bank "
        "what it stands for.",
        line=at,
        type=code,
    )


def _control(end: Record | None, total: int, count: int | None, records: int) -> None:
    """Refused if the trailer's sum or counts are not those of what stands before it."""
    if end is None:
        return
    fields = Fields(end)
    said = [fields.next()]
    said += [fields.next()] if count is not None else []
    said.append(fields.next())
    own = [total, records] if count is None else [total, count, records]
    for text, number in zip(said, own, strict=True):
        if text and values.whole(text) != number:
            raise Refused(
                "bank.control",
                "Line {line}: the trailer says {said}, the records before it give {found}. "
                "Records are missing or altered; ask the bank for the file again.",
                line=end.at,
                said=text,
                found=number,
            )
