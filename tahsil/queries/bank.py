"""Bank statements and their lines: balances, what is open, in suspense, matched, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.store.models import BankAccount, BankLine, BankMatch, BankProposal, BankStatement

READ = "bank.read"
VIEWS = ("open", "suspended", "matched", "explained", "pending", "all")
WAITING = ("open", "suspended")


@dataclass(frozen=True)
class BankAccountRow:
    """One of our bank accounts: its balance, and what of its lines is unexplained."""

    bank_account_id: int
    code: str
    bank: str
    currency: str
    closing_minor: int | None
    closed_on: date | None
    open: int
    open_minor: int
    suspended: int
    suspended_minor: int
    oldest_on: date | None
    columns: int  # of its tables that somebody has named


@dataclass(frozen=True)
class StatementRow:
    """One statement with how many of its own lines are in each state."""

    statement_id: int
    bank_account: str
    currency: str
    number: str
    format: str
    file_name: str
    opened_on: date | None
    closed_on: date | None
    opening_minor: int | None
    closing_minor: int | None
    credit_minor: int
    debit_minor: int
    lines: int
    open: int
    suspended: int
    imported_on: date
    imported_by: str
    remarks: tuple[tuple[str, str, dict[str, Any]], ...]


@dataclass(frozen=True)
class LineFilters:
    """Which lines: `view` of VIEWS, of one bank account or statement, with a word in them."""

    view: str = "open"
    bank_account: int | None = None
    statement: int | None = None
    q: str = ""


@dataclass(frozen=True)
class LineRow:
    """One bank line; `days` since its money came, while nobody has said what it is."""

    line_id: int
    statement_id: int
    bank_account: str
    currency: str
    booked_on: date
    value_on: date
    amount_minor: int
    payer: str
    payer_account: str
    text: str
    reference: str
    bank_reference: str
    cheque_number: str
    code: str
    state: str
    days: int
    proposed: str  # auto, propose, ask, leave; empty where nothing was asked yet
    purpose: str
    owner: str


@dataclass(frozen=True)
class Lines:
    """A page of lines with the sum per currency and how many each view has."""

    page: Page[LineRow]
    filters: LineFilters
    totals: tuple[tuple[str, int, int], ...]
    counts: dict[str, int]


def accounts(standing: Standing, *, as_of: date) -> tuple[BankAccountRow, ...]:
    """Our bank accounts, each with its last balance and what of it is unexplained."""
    last = BankStatement.objects.filter(
        bank_account=OuterRef("pk"), closing_minor__isnull=False, closed_on__lte=as_of
    ).order_by("-closed_on", "-id")
    found = _ours(standing).annotate(
        closing_minor=Subquery(last.values("closing_minor")[:1]),
        last_on=Subquery(last.values("closed_on")[:1]),
    )
    waiting = _waiting(as_of)
    return tuple(
        BankAccountRow(
            each.id, each.code, each.bank, each.currency, each.closing_minor, each.last_on,
            *waiting.get((each.id, "open"), (0, 0))[:2],
            *waiting.get((each.id, "suspended"), (0, 0))[:2],
            min((said[2] for key, said in waiting.items() if key[0] == each.id), default=None),
            sum(map(bool, each.mapping.get("columns", {}).values())),
        )
        for each in found.order_by("code")
    )  # fmt: skip


@dataclass(frozen=True)
class BankTables:
    """How the tables of one of our bank accounts are read, as somebody said once."""

    bank_account_id: int
    code: str
    bank: str
    mapping: dict[str, Any]


def bank_account(standing: Standing, bank_account_id: int) -> BankTables:
    """One of our bank accounts; refused where there is none this person sees."""
    found = _ours(standing).filter(id=bank_account_id).first()
    if found is None:
        raise Refused("bank.account", "There is no bank account {id} of ours.", id=bank_account_id)
    return BankTables(found.id, found.code, found.bank, found.mapping)


def statements(
    standing: Standing, *, as_of: date, bank_account: int | None = None, page: int = 1,
    size: int = SIZE,
) -> Page[StatementRow]:  # fmt: skip
    """The statements taken in, the newest days first."""
    found = BankStatement.objects.filter(bank_account__in=_ours(standing)).filter(
        Q(closed_on=None) | Q(closed_on__lte=as_of)
    )
    if bank_account is not None:
        found = found.filter(bank_account_id=bank_account)
    found = found.select_related("bank_account", "imported_by")
    return paging.of(
        found.order_by(F("closed_on").desc(nulls_last=True), "-id"), _statements, page=page,
        size=size,
    )  # fmt: skip


def lines(
    standing: Standing, *, as_of: date, filters: LineFilters | None = None, page: int = 1,
    size: int = SIZE,
) -> Lines:  # fmt: skip
    """The lines of a view, those waiting longest first."""
    wanted = filters or LineFilters()
    base = _base(standing, wanted, as_of)
    found = _view(base, wanted.view)
    order = ("value_on", "id") if wanted.view in WAITING else ("-value_on", "-id")
    totals = found.order_by().values_list("bank_account__currency")
    return Lines(
        paging.of(
            found.select_related("bank_account").order_by(*order),
            lambda records: rows(records, as_of), page=page, size=size,
        ),
        wanted,
        tuple(totals.annotate(n=Count("id"), amount=Sum("amount_minor"))),
        {view: paging.bounded_count(_view(base, view)) for view in VIEWS},
    )  # fmt: skip


def visible(standing: Standing) -> QuerySet[BankLine, BankLine]:
    """The lines of bank accounts this person may see."""
    return BankLine.objects.filter(bank_account__in=_ours(standing))


def rows(records: list[Any], as_of: date) -> list[LineRow]:
    """The rows of these lines, with what is proposed and who owns them."""
    ids = [each.id for each in records]
    proposed = {
        key: (kind, purpose)
        for key, kind, purpose in _proposals(ids).values_list("line_id", "kind", "purpose")
    }
    owners = dict(
        BankMatch.objects.filter(line_id__in=ids, undone_at=None, purpose="suspense")
        .values_list("line_id", "owner__name")
    )  # fmt: skip
    return [_row(each, as_of, proposed.get(each.id, ("", "")), owners) for each in records]


def bank_accounts(standing: Standing) -> list[tuple[int, str, str]]:
    """Our bank accounts to choose from: id, code and name."""
    return [
        (each.id, each.code, f"{each.code} · {each.bank} · {each.currency}")
        for each in _ours(standing).order_by("code")
    ]


def _row(each: BankLine, as_of: date, proposed: tuple[str, str], owners: dict[int, str]) -> LineRow:
    return LineRow(
        each.id, each.statement_id, each.bank_account.code, each.bank_account.currency,
        each.booked_on, each.value_on, each.amount_minor, each.payer, each.payer_account,
        each.text, each.reference, each.bank_reference, each.cheque_number, each.code, each.state,
        max((as_of - each.value_on).days, 0) if each.state in WAITING else 0, *proposed,
        owners.get(each.id, ""),
    )  # fmt: skip


def _proposals(ids: list[int]) -> Any:
    return BankProposal.objects.filter(line_id__in=ids)


def _ours(standing: Standing) -> QuerySet[BankAccount, BankAccount]:
    """The bank accounts this person may read: all, or those of the creditors granted."""
    places: set[int] = set()
    for grant in standing.grants:
        if not fnmatchcase(READ, grant.pattern):
            continue
        if grant.scope == "all":
            return BankAccount.objects.all()
        if grant.scope == "creditor":
            places |= set(grant.places)
    return BankAccount.objects.filter(creditor_id__in=places)


def _waiting(as_of: date) -> dict[tuple[int, str], tuple[int, int, date]]:
    """Count, sum and oldest day of the lines that wait, by bank account and state."""
    found = BankLine.objects.filter(state__in=WAITING, booked_on__lte=as_of)
    sums = found.order_by().values_list("bank_account_id", "state")
    return {
        (key, state): (count, amount, oldest)
        for key, state, count, amount, oldest in sums.annotate(
            n=Count("id"), amount=Sum("amount_minor"), oldest=Min("value_on")
        )
    }


def _base(standing: Standing, wanted: LineFilters, as_of: date) -> QuerySet[BankLine, Any]:
    found = visible(standing).filter(booked_on__lte=as_of)
    if wanted.bank_account is not None:
        found = found.filter(bank_account_id=wanted.bank_account)
    if wanted.statement is not None:
        found = found.filter(statement_id=wanted.statement)
    if wanted.q:
        found = found.filter(
            Q(text__icontains=wanted.q)
            | Q(payer__icontains=wanted.q)
            | Q(reference__icontains=wanted.q)
            | Q(bank_reference__icontains=wanted.q)
        )
    return found


def _view(base: QuerySet[BankLine, Any], view: str) -> QuerySet[BankLine, Any]:
    return base if view == "all" else base.filter(state=view)


def _statements(records: list[BankStatement]) -> list[StatementRow]:
    states: dict[tuple[int, str], int] = {
        (key, state): count
        for key, state, count in BankLine.objects.filter(
            statement__in=[each.id for each in records], state__in=WAITING
        )
        .order_by()
        .values_list("statement_id", "state")
        .annotate(n=Count("id"))
    }
    return [
        StatementRow(
            each.id, each.bank_account.code, each.bank_account.currency, each.number, each.format,
            each.file_name, each.opened_on, each.closed_on, each.opening_minor,
            each.closing_minor, each.credit_minor, each.debit_minor, each.line_count,
            states.get((each.id, "open"), 0), states.get((each.id, "suspended"), 0),
            each.imported_at.date(), each.imported_by.name if each.imported_by else "",
            tuple((code, said, facts) for code, said, facts in each.remarks),
        )
        for each in records
    ]  # fmt: skip
