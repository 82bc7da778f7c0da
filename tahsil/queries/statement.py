"""Statement of account (report 5.39): header, lines, entries with running balance, footer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tahsil.core.book import statements
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account as accounts
from tahsil.queries import ledger as ledgers
from tahsil.queries import lines, masks, parties, penalties, rules
from tahsil.queries.accounts import Seen, readable
from tahsil.queries.ledger import Ledger
from tahsil.queries.lines import ContractCard, ContractPartyRow, LineRow
from tahsil.store.models import BankAccount, ContactPoint

OBJECTION_DAYS = 15


@dataclass(frozen=True)
class StatementHeader:
    """What stands above the lines; one contract's figures, or the whole account's."""

    account_id: int
    account_number: str
    name: str
    name_other: str
    language: str
    address: str
    parties: tuple[ContractPartyRow, ...]
    creditor: str
    creditor_ar: str
    currency: str
    contract_numbers: tuple[str, ...]
    units: tuple[str, ...]
    projects: tuple[str, ...]
    price_minor: int
    paid_minor: int
    paid_ppm: int
    covered_minor: int
    overdue_minor: int
    as_of: date
    since: date | None
    until: date | None


@dataclass(frozen=True)
class StatementLine:
    """One obligation; where several receipts paid it, `receipt_numbers` names them all."""

    seq: int
    obligation_id: int
    contract_number: str
    due_on: date | None
    due_event: str
    category: str
    label: str
    amount_minor: int
    paid_minor: int
    paid_on: date | None
    instruments: tuple[str, ...]  # how it was paid: cash, transfer, cheque…
    receipt_numbers: tuple[str, ...]
    cheque: str  # bank and number of the paper behind it
    cover: str
    open_minor: int
    days_late: int
    penalty_minor: int


@dataclass(frozen=True)
class StatementEntry:
    """One movement with the balance after it."""

    on: date
    kind: str  # opening, raised, adjusted, received, reversed
    reference: str
    label: str
    debit_minor: int
    credit_minor: int
    balance_minor: int


@dataclass(frozen=True)
class BankLine:
    """Where to pay what."""

    rule: str
    bank: str
    iban: str


@dataclass(frozen=True)
class StatementFooter:
    """What stands below; lines open + penalties - unapplied explains what to pay."""

    owed_minor: int
    paid_minor: int
    unapplied_minor: int
    overdue_minor: int
    due_today_minor: int
    penalties_minor: int  # accrued, not assessed
    bounced_minor: int
    bounced_count: int
    to_pay_minor: int
    objection_days: int
    banks: tuple[BankLine, ...]


@dataclass(frozen=True)
class Statement:
    """A statement of account as of a date."""

    header: StatementHeader
    lines: tuple[StatementLine, ...]
    entries: tuple[StatementEntry, ...]
    footer: StatementFooter


def statement(
    standing: Standing,
    account_id: int,
    *,
    as_of: date,
    contract_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Statement:
    """The statement of the account or one of its contracts; lines due in [since, until].

    The footer is of everything, whatever the lines are narrowed to.
    """
    account = readable(standing, account_id)
    whole = ledgers.read(account_id, as_of=as_of)
    parts = parties.parts_of(account_id, as_of=as_of)
    contracts = accounts.contracts_of(account_id, lines.rows(whole), parts)
    if contract_id is not None:
        contracts = tuple(each for each in contracts if each.id == contract_id)
        if not contracts:
            raise Refused(
                "contract.unknown", "Account {account} has no contract {contract}.",
                account=account.number, contract=contract_id,
            )  # fmt: skip
    ledger = whole if contract_id is None else whole.of_contract(contract_id)
    rows = lines.rows(ledger)
    accrued = accounts.penalties_of(ledger, contracts, rules.read(as_of), account)
    charged = {card.obligation_id: card.amount_minor for card in penalties.cards(accrued, ledger)}
    numbers = {contract.id: contract.number for contract in contracts}
    made = [_line(ledger, row, numbers, charged) for row in rows if row.money != "cancelled"]
    shown = [line for line in made if _is_between(line.due_on, since, until)]
    footer = _footer(account, ledger, rows, penalties.unassessed_minor(accrued))
    return Statement(
        header=_header(standing, account, contracts, rows, since=since, until=until, as_of=as_of),
        lines=tuple(shown),
        entries=_entries(ledger, since, until),
        footer=footer,
    )


def _header(
    standing: Standing,
    account: Seen,
    contracts: tuple[ContractCard, ...],
    rows: list[LineRow],
    *,
    since: date | None,
    until: date | None,
    as_of: date,
) -> StatementHeader:
    price = [row for row in rows if lines.counts_toward_paid(row.category)]
    owed, paid = sum(row.amount_minor for row in price), sum(row.paid_minor for row in price)
    known = dict.fromkeys(part for contract in contracts for part in contract.parties)
    return StatementHeader(
        account_id=account.id,
        account_number=account.number,
        name=account.name,
        name_other=parties.other_name(account.party_id),
        language=account.language,
        address=_address(standing, account),
        parties=tuple(known),
        creditor=account.creditor_name,
        creditor_ar=account.creditor_ar,
        currency=account.currency,
        contract_numbers=tuple(contract.number for contract in contracts),
        units=tuple(dict.fromkeys(each.unit for each in contracts if each.unit)),
        projects=tuple(dict.fromkeys(each.project for each in contracts if each.project)),
        price_minor=sum(contract.price_minor for contract in contracts),
        paid_minor=paid,
        paid_ppm=paid * 1_000_000 // owed if owed > 0 else 0,
        covered_minor=sum(row.covered_minor for row in rows),
        overdue_minor=sum(row.open_minor - row.disputed_minor for row in rows if row.dpd),
        as_of=as_of,
        since=since,
        until=until,
    )


def _address(standing: Standing, account: Seen) -> str:
    found = ContactPoint.objects.filter(
        party_id=account.party_id, channel="address", is_wrong=False
    ).first()
    is_open = masks.may_call(standing, account.reach)
    return masks.point("address", found.value, is_open=is_open) if found else ""


def _line(
    ledger: Ledger, row: LineRow, numbers: dict[int, str], charged: dict[int, int]
) -> StatementLine:
    paid_by = {
        each["receipt_id"] for each in ledger.allocations
        if each["obligation_id"] == row.obligation_id
    }  # fmt: skip
    ways = [each["instrument"] for each in ledger.receipts if each["id"] in paid_by]
    is_late = row.due_on is not None
    until = row.paid_on if row.open_minor <= 0 and row.paid_on else ledger.as_of
    return StatementLine(
        seq=row.seq,
        obligation_id=row.obligation_id,
        contract_number=numbers.get(row.contract_id or 0, ""),
        due_on=row.due_on,
        due_event=row.due_event,
        category=row.category,
        label=row.label,
        amount_minor=row.amount_minor,
        paid_minor=row.paid_minor,
        paid_on=row.paid_on,
        instruments=tuple(dict.fromkeys(ways)),
        receipt_numbers=row.receipt_numbers,
        cheque=row.instrument,
        cover=row.cover,
        open_minor=row.open_minor,
        days_late=max((until - row.due_on).days, 0) if is_late else 0,  # type: ignore[operator]
        penalty_minor=charged.get(row.obligation_id, 0),
    )


def _is_between(day: date | None, since: date | None, until: date | None) -> bool:
    """Lines that wait for their event have no date and are always shown."""
    if day is None:
        return True
    return (since is None or day >= since) and (until is None or day <= until)


def _entries(ledger: Ledger, since: date | None, until: date | None) -> tuple[StatementEntry, ...]:
    """The movements of the period after an opening balance that sums what came before."""
    found = statements.entries(ledger.columns, ledger.adjusted, ledger.received, as_of=ledger.as_of)
    before = [each for each in found if since is not None and each.on < since]
    within = [each for each in found if _is_between(each.on, since, until)]
    names = {row["id"]: row["number"] for row in ledger.receipts}
    opening = []
    if since is not None:
        balance = before[-1].balance_minor if before else 0
        debit, credit = max(balance, 0), max(-balance, 0)
        opening = [StatementEntry(since, "opening", "", "", debit, credit, balance)]
    return (*opening, *(_entry(each, ledger.by_id, names) for each in within))


def _entry(
    each: statements.Entry, obligations: dict[int, dict[str, Any]], names: dict[int, str]
) -> StatementEntry:
    if each.kind in ("received", "reversed"):
        reference, label = names.get(each.reference_id, ""), each.label
    else:
        row = obligations[each.reference_id]
        reference, label = row["reference"], row["label"] or each.label
    debit, credit = max(each.amount_minor, 0), max(-each.amount_minor, 0)
    return StatementEntry(each.on, each.kind, reference, label, debit, credit, each.balance_minor)


def _footer(account: Seen, ledger: Ledger, rows: list[LineRow], accrued: int) -> StatementFooter:
    due = sum(row.open_minor - row.disputed_minor for row in rows if _is_due(row, ledger.as_of))
    late = sum(row.open_minor - row.disputed_minor for row in rows if row.dpd)
    unapplied = ledger.unapplied_minor
    bounced = [each for each in ledger.instruments if each["state"] == "bounced"]
    return StatementFooter(
        owed_minor=sum(row.open_minor for row in rows),
        paid_minor=sum(row.paid_minor for row in rows),
        unapplied_minor=unapplied,
        overdue_minor=late,
        due_today_minor=due - late,
        penalties_minor=accrued,
        bounced_minor=sum(each["amount_minor"] for each in bounced),
        bounced_count=len(bounced),
        to_pay_minor=max(due + accrued - unapplied, 0),
        objection_days=OBJECTION_DAYS,
        banks=tuple(
            BankLine(each.rule, each.bank, each.iban)
            for each in BankAccount.objects.filter(
                creditor_id=account.creditor_id, currency=account.currency
            ).order_by("rule", "code")
        ),
    )


def _is_due(row: LineRow, as_of: date) -> bool:
    return row.due_on is not None and row.due_on <= as_of and row.open_minor > 0
