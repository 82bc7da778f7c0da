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
from tahsil.adapters.bank import mapping as mappings
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
        said = _mapping(bank_account, table)
        if not rows.is_table(table, mapping=said):
            return False
        if bank_account or _named_in(table) is not None:
            return True
        return _of_number(_said_account(table)) is not None
    except Refused:
        return False


def read(
    content: bytes, *, name: str = "", bank_account: str = "", mapping: Mapping | None = None
) -> tuple[Statement, ...]:
    """The statements of a file, nothing kept; refused with every line and reason.

    A table is read by the mapping given, else by the one kept with its bank account.
    """
    if reading.kind(content):
        return reading.read(content, name=name)
    table = _table(content)
    return rows.read(table, name=name, mapping=_mapping(bank_account, table, mapping))


def first_rows(content: bytes) -> list[list[Any]]:
    """The first rows of a table; none where the file is no table."""
    return [] if reading.kind(content) else _table(content)[: mappings.SHOWN]


def preview(
    content: bytes, *, name: str, bank_account: str = "", mapping: Mapping | None = None
) -> list[Taken]:
    """What a file holds and how much of it is new, with nothing kept."""
    statements = read(content, name=name, bank_account=bank_account, mapping=mapping)
    accounts = [account_of(statement, bank_account) for statement in statements]
    return [
        _taken(
            account, statement, None,
            0 if _is_known(account, _plain(statement)) else _new(account, statement),
        )
        for account, statement in zip(accounts, _stamped(accounts, statements), strict=True)
    ]  # fmt: skip


def take(
    ctx: Context, content: bytes, *, name: str, bank_account: str = "",
    mapping: Mapping | None = None,
) -> list[Taken]:  # fmt: skip
    """Takes the statements of a file in; those known already change nothing.

    A mapping that was given is kept for the next table of the bank account.
    """
    statements = read(content, name=name, bank_account=bank_account, mapping=mapping)
    accounts = [account_of(statement, bank_account) for statement in statements]
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        if mapping is not None:
            save_mapping(ctx, accounts[0], mapping)
        return [
            _take(ctx, statement, account, name=name, sha256=sha256)
            for statement, account in zip(_stamped(accounts, statements), accounts, strict=True)
        ]


def save_mapping(ctx: Context, account: BankAccount, mapping: Mapping) -> None:
    """Keeps the mapping with the bank account, unless it is there already."""
    body = mappings.body_of(mapping)
    if account.mapping != body:
        bank.save_mapping(ctx.keyed(ctx.key, "mapping"), bank_account_id=account.id, mapping=body)


def ids_of(
    ctx: Context, content: bytes, *, name: str, bank_account: str = "",
    mapping: Mapping | None = None,
) -> list[int]:  # fmt: skip
    """The statements of a file by their ids, taken in now where they were not known."""
    found = read(content, name=name, bank_account=bank_account, mapping=mapping)
    taken = take(ctx, content, name=name, bank_account=bank_account, mapping=mapping)
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
    """How often lines stand, by what they say, in the statements that this one continues.

    A day may come in several: their balances form a chain, followed back as far as that day.
    """
    counts: Counter[str] = Counter()
    opening, day, chain = statement.opening_minor, statement.opened_on, list[int]()
    while opening is not None and day is not None:
        before = BankStatement.objects.filter(
            bank_account=account, closing_minor=opening, closed_on__lte=day
        ).exclude(id__in=chain).order_by("-closed_on", "-id").first()  # fmt: skip
        if before is None:
            break
        chain.append(before.id)
        kept = BankLine.objects.filter(Q(statement=before) | Q(id__in=before.repeats))
        for fingerprint in kept.values_list("fingerprint", flat=True):
            own, _, number = fingerprint.rpartition("-")
            counts[own] = max(counts[own], int(number))
        opening = before.opening_minor if before.opened_on == day else None
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


def _mapping(bank_account: str, table: list[list[Any]], given: Mapping | None = None) -> Mapping:
    """What is known of the bank's tables: whose it is, its currency, and how its columns are."""
    ours = BankAccount.objects.all()
    said = ours.filter(code__iexact=bank_account).first() if bank_account else _named_in(table)
    found = given or (mappings.from_body(said.mapping) if said else Mapping())
    if said is None:
        return found
    if not bank_account:
        return found  # the table says its account and currency itself
    return replace(found, account=said.iban or said.code, currency=said.currency)


def _named_in(table: list[list[Any]]) -> BankAccount | None:
    """The bank account of ours whose number stands above the lines."""
    cells = {_bare(str(cell)) for row in table[: mappings.SHOWN] for cell in row if cell}
    ours = BankAccount.objects.exclude(iban="").order_by("id")
    found = [each for each in ours if any(_bare(each.iban) in cell for cell in cells)]
    return found[0] if len(found) == 1 else None


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
