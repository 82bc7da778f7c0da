"""Bank files in: recognised by their content, given to the bank account they name, taken in once.

Reading is the adapters', taking in is the verb's; here they meet. A file's statements come in
together or not at all.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q

from tahsil.actions import bank
from tahsil.actions._verb import Context, Done
from tahsil.adapters.bank import identity, reading, rows
from tahsil.adapters.bank.statement import Line, Mapping, Statement
from tahsil.adapters.sheets import reader
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import BankAccount, BankLine, BankStatement

LONG_TABLE = 1_000_000
LEAST = 6  # so many digits of an account's number name it


@dataclass(frozen=True)
class Taken:
    """One statement of a file and what became of it; `statement_id` is none where it was known."""

    statement_id: int | None
    bank_account: str
    format: str
    number: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    credit_minor: int
    debit_minor: int
    lines: int
    new: int
    remarks: tuple[tuple[str, str, dict[str, Any]], ...]


def is_statement(content: bytes, *, bank_account: str = "") -> bool:
    """Whether the file is a bank's: by its format, or a bank's table that names one of ours.

    A table counts too where somebody says which bank account it is of. One too long for a bank's
    is not read twice to find out.
    """
    if reading.kind(content):
        return True
    if not bank_account and len(content) > LONG_TABLE:
        return False
    try:
        table = _table(content)
        if not rows.is_table(table):
            return False
        return bool(bank_account) or _of_number(_said_account(table)) is not None
    except Refused:
        return False


def read(content: bytes, *, name: str = "", bank_account: str = "") -> tuple[Statement, ...]:
    """The statements of a file, nothing kept; refused with every line and reason."""
    if reading.kind(content):
        return reading.read(content, name=name, mapping=_mapping(bank_account, is_table=False))
    table = _table(content)
    return rows.read(table, name=name, mapping=_mapping(bank_account, is_table=True))


def preview(content: bytes, *, name: str, bank_account: str = "") -> list[Taken]:
    """What a file holds and how much of it is new, with nothing kept."""
    statements = read(content, name=name, bank_account=bank_account)
    accounts = [account_of(statement, bank_account) for statement in statements]
    return [
        _taken(
            account, statement, None,
            0 if _is_known(account, _plain(statement)) else _new(account, statement),
        )
        for account, statement in zip(accounts, _stamped(accounts, statements), strict=True)
    ]  # fmt: skip


def take(ctx: Context, content: bytes, *, name: str, bank_account: str = "") -> list[Taken]:
    """Takes the statements of a file in; those known already change nothing."""
    statements = read(content, name=name, bank_account=bank_account)
    accounts = [account_of(statement, bank_account) for statement in statements]
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        return [
            _take(ctx, statement, account, name=name, sha256=sha256)
            for statement, account in zip(_stamped(accounts, statements), accounts, strict=True)
        ]


def ids_of(ctx: Context, content: bytes, *, name: str, bank_account: str = "") -> list[int]:
    """The statements of a file by their ids, taken in now where they were not known."""
    found = read(content, name=name, bank_account=bank_account)
    taken = take(ctx, content, name=name, bank_account=bank_account)
    ids: list[int] = []
    for statement, each in zip(found, taken, strict=True):
        known = BankStatement.objects.filter(
            bank_account__code=each.bank_account, digest=bank.digest_of(_plain(statement))
        )
        ids += known.values_list("id", flat=True)
    return ids


def account_of(statement: Statement, code: str = "") -> BankAccount:
    """The bank account of ours a statement is of: as somebody says, else by its number."""
    named = _of_number(statement.account)
    if not code:
        if named is None:
            raise Refused(
                "bank.whose",
                "The statement is of account {account}, which is none of ours. Say which bank "
                "account it is of: {known}.",
                account=statement.account or "-",
                known=_codes(),
            )
        return named
    said = BankAccount.objects.filter(code__iexact=code).first()
    if said is None:
        raise Refused(
            "bank.code", "There is no bank account {name}. Known: {known}.",
            name=code, known=_codes(),
        )  # fmt: skip
    if named is not None and named.id != said.id:
        raise Refused(
            "bank.other",
            "The statement is of {named}, not of {said}. Leave the account to the file.",
            named=named.code,
            said=said.code,
        )
    return said


def _take(
    ctx: Context, statement: Statement, account: BankAccount, *, name: str, sha256: str
) -> Taken:
    said = _plain(statement)
    if _is_known(account, said):
        return _taken(account, statement, None, 0)
    key = f"bank.import:{account.id}:{bank.digest_of(said)[:32]}"
    done = bank.take_in(
        ctx.keyed(key), bank_account_id=account.id, statement=said, file_name=name[:200],
        sha256=sha256,
    )  # fmt: skip
    if not isinstance(done, Done):
        raise Refused("bank.waits", "Taking in {file} waits for somebody's yes.", file=name)
    kept = BankStatement.objects.get(id=done.id)
    taken = _taken(account, statement, kept.id, done.facts["count"])
    return replace(taken, remarks=tuple((code, said, facts) for code, said, facts in kept.remarks))


def _stamped(
    accounts: list[BankAccount], statements: tuple[Statement, ...]
) -> tuple[Statement, ...]:
    """With fingerprints that go on where the statement kept before ended on the same day."""
    counts: Counter[str] = Counter()
    begun: set[int] = set()
    for account, statement in zip(accounts, statements, strict=True):
        if account.id not in begun:
            begun.add(account.id)
            counts |= _counts_before(account, statement)
    return identity.stamped(statements, before=counts) if counts else statements


def _counts_before(account: BankAccount, statement: Statement) -> Counter[str]:
    """How often lines stand, by what they say, in the statement that this one continues."""
    counts: Counter[str] = Counter()
    if statement.opening_minor is None or statement.opened_on is None:
        return counts
    before = BankStatement.objects.filter(
        bank_account=account, closing_minor=statement.opening_minor,
        closed_on__lte=statement.opened_on,
    ).order_by("-closed_on", "-id").first()  # fmt: skip
    if before is None:
        return counts
    kept = BankLine.objects.filter(Q(statement=before) | Q(id__in=before.repeats))
    for fingerprint in kept.values_list("fingerprint", flat=True):
        own, _, number = fingerprint.rpartition("-")
        counts[own] = max(counts[own], int(number))
    return counts


def _is_known(account: BankAccount, said: dict[str, Any]) -> bool:
    digest = bank.digest_of(said)
    return BankStatement.objects.filter(bank_account=account, digest=digest).exists()


def _new(account: BankAccount, statement: Statement) -> int:
    prints = [line.fingerprint for line in statement.lines]
    known = BankLine.objects.filter(bank_account=account, fingerprint__in=prints).count()
    return len(set(prints)) - known


def _taken(account: BankAccount, statement: Statement, key: int | None, new: int) -> Taken:
    booked = [line.amount_minor for line in statement.lines if not line.is_pending]
    return Taken(
        key, account.code, statement.format, statement.number or statement.id, statement.currency,
        statement.opening_minor, statement.closing_minor, sum(x for x in booked if x > 0),
        -sum(x for x in booked if x < 0), len(statement.lines), new,
        tuple((each.code, each.template, each.facts) for each in statement.remarks),
    )  # fmt: skip


def _plain(statement: Statement) -> dict[str, Any]:
    """The statement as the verb takes it: plain values only."""
    days = [line.booked_on for line in statement.lines]
    opened = statement.opened_on or min(days, default=None)
    closed = statement.closed_on or max(days, default=opened)
    return {
        "format": statement.format, "account": statement.account, "currency": statement.currency,
        "number": (statement.number or statement.id)[:80],
        "opened_on": opened and opened.isoformat(), "closed_on": closed and closed.isoformat(),
        "opening_minor": statement.opening_minor, "closing_minor": statement.closing_minor,
        "remarks": [[each.code, each.template, each.facts] for each in statement.remarks],
        "lines": [_line(line) for line in statement.lines],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "at": line.at, "booked_on": line.booked_on.isoformat(),
        "value_on": line.value_on.isoformat(), "amount_minor": line.amount_minor,
        "reference": line.reference, "bank_reference": line.bank_reference, "code": line.code,
        "bank_code": line.bank_code, "text": line.description, "payer": line.payer,
        "payer_account": line.payer_account, "cheque_number": line.cheque_number,
        "is_reversal": line.is_reversal, "is_pending": line.is_pending,
        "parts": [asdict(part) for part in line.parts], "fingerprint": line.fingerprint,
    }  # fmt: skip


def _mapping(bank_account: str, *, is_table: bool) -> Mapping:
    """What is known of the bank's files: a table rarely says its own account and currency."""
    said = BankAccount.objects.filter(code__iexact=bank_account).first() if bank_account else None
    if said is None or not is_table:
        return Mapping()
    return Mapping(account=said.iban or said.code, currency=said.currency)


def _table(content: bytes) -> list[list[Any]]:
    (first, *_) = [sheet for sheet in reader.open_file(content) if sheet.rows]
    return first.rows


def _said_account(table: list[list[Any]]) -> str:
    (statement, *_) = rows.read(table, name="")
    return statement.account


def _of_number(number: str) -> BankAccount | None:
    """The one bank account of ours with this number, IBAN or code."""
    said, ours = _bare(number), list(BankAccount.objects.order_by("id"))
    found = [each for each in ours if said and said in (_bare(each.iban), _bare(each.code))]
    found = found or [each for each in ours if _ends_alike(_bare(each.iban), said)]
    return found[0] if len(found) == 1 else None


def _ends_alike(ours: str, said: str) -> bool:
    """Whether one ends in the other: the account's number in the IBAN, a bank's code before it."""
    short = said.lstrip("0")
    if min(len(ours), len(short)) < LEAST:
        return False
    return ours.endswith(short) or said.endswith(ours)


def _bare(number: str) -> str:
    return "".join(sign for sign in number if sign.isalnum()).upper()


def _codes() -> list[str]:
    return list(BankAccount.objects.order_by("code").values_list("code", flat=True)) or ["none"]
