"""Deviations as people read them: what came otherwise than agreed, each with its sentence.

Which rows there are is decided by core/measure/deviations.py, the same for one account, one
receipt and the whole portfolio; names are read for the rows that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import F

from tahsil.core.book.categories import BANK_RULE_OF, BANK_RULES, category_index, category_of
from tahsil.core.grammar.authority import Standing
from tahsil.core.measure import deviations as rule
from tahsil.core.measure.deviations import KINDS, NONE, SENTENCES, Deviations
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.store import deviating, scope
from tahsil.store.models import Account, Obligation, Receipt

REPORT = "report.read"
AT_ONCE = 5_000


@dataclass(frozen=True)
class DeviationFilters:
    """Receipts with a value date in [since, until]; `kind` one of KINDS or empty for all."""

    since: date
    until: date
    kind: str = ""
    project: int | None = None
    collector: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class DeviationRow:
    """One deviation: `template` with `facts` is its sentence."""

    kind: str
    receipt_id: int
    receipt: str
    account_id: int
    account: str
    name: str
    project: str
    collector: str
    currency: str
    obligation_id: int | None
    label: str
    category: str
    due_on: date | None
    value_on: date
    days: int
    amount_minor: int
    template: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class DeviationReport:
    """A page of deviations, the newest receipts first, and how many there are of each kind."""

    page: Page[DeviationRow]
    filters: DeviationFilters
    counts: dict[str, int]


def of_account(account_id: int, *, as_of: date) -> tuple[DeviationRow, ...]:
    """The deviations of the account's receipts, for pages that found it readable already."""
    return tuple(_rows(deviating.found(as_of=as_of, account_id=account_id)))


def kinds_of_lines(account_id: int, *, as_of: date) -> dict[int, tuple[str, ...]]:
    """Per line of the account the kinds of deviation of what paid it, each once."""
    found = deviating.found(as_of=as_of, account_id=account_id)
    kinds: dict[int, tuple[str, ...]] = {}
    for line, kind in zip(found.obligation_id.tolist(), found.kind.tolist(), strict=True):
        if line != NONE and KINDS[kind] not in kinds.get(line, ()):
            kinds[line] = (*kinds.get(line, ()), KINDS[kind])
    return kinds


def report(
    standing: Standing, *, as_of: date, filters: DeviationFilters, page: int = 1, size: int = SIZE
) -> DeviationReport:
    """The deviations of the accounts this person reads reports of."""
    found = deviating.found(as_of=as_of, since=filters.since, until=filters.until)
    found = found.take(_within(standing, found, filters))
    counts = np.bincount(found.kind, minlength=len(KINDS)).tolist()
    if filters.kind:
        found = found.take(found.kind == KINDS.index(filters.kind))
    found = found.take(np.argsort(-found.receipt_id, kind="stable"))
    start, total = paging.start_of(page, size), len(found)
    shown = _rows(found.take(np.arange(start, min(start + size, total))))
    most = min(total, paging.COUNTED)
    return DeviationReport(
        Page(tuple(shown), page, size, most, total > most),
        filters,
        dict(zip(KINDS, counts, strict=True)),
    )


def _within(standing: Standing, found: Deviations, filters: DeviationFilters) -> np.ndarray:
    """A mask of the rows whose account may be seen and fits the filters."""
    accounts = scope.visible(standing, Account.objects.all(), REPORT)
    narrowed = {
        "project_id": filters.project, "collector_id": filters.collector,
        "currency": filters.currency,
    }  # fmt: skip
    accounts = accounts.filter(**{name: each for name, each in narrowed.items() if each})
    receipts = np.unique(found.receipt_id)
    kept: list[int] = []
    for start in range(0, receipts.size, AT_ONCE):
        part = receipts[start : start + AT_ONCE].tolist()
        mine = Receipt.objects.filter(id__in=part, account__in=accounts)
        kept += mine.values_list("id", flat=True)
    return np.isin(found.receipt_id, np.asarray(kept, dtype=np.int64))


def _rows(found: Deviations) -> list[DeviationRow]:
    receipts = _receipts(found.receipt_id.tolist())
    lines = _lines([each for each in found.obligation_id.tolist() if each != NONE])
    others = found.other[found.kind == rule.CUSTOMER].tolist()
    numbers = dict(Account.objects.filter(id__in=others).values_list("id", "number"))
    return [
        _row(row, receipts[row["receipt_id"]], lines.get(row["obligation_id"]), numbers)
        for row in found.rows()
    ]


def _receipts(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = Receipt.objects.filter(id__in=set(ids[start : start + AT_ONCE]))
        rows = part.values(
            "id", "number", "account_id", "value_on", "instrument", "rule",
            account_number=F("account__number"), name=F("account__party__name"),
            project=F("account__project__name"), collector_name=F("account__collector__name"),
            currency=F("account__currency"), bank_rule=F("bank_account__rule"),
        )  # fmt: skip
        found |= {row["id"]: dict(row) for row in rows}
    return found


def _lines(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = Obligation.objects.filter(id__in=set(ids[start : start + AT_ONCE]))
        rows = part.values("id", "label", "category", "due_on", dated_on=F("dated__due_on"))
        found |= {row["id"]: dict(row) for row in rows}
    return found


def _row(
    row: dict[str, Any],
    receipt: dict[str, Any],
    line: dict[str, Any] | None,
    numbers: dict[int, str],
) -> DeviationRow:
    kind = KINDS[row["kind"]]
    line = line or {"label": "", "category": "", "due_on": None, "dated_on": None}
    due_on = line["dated_on"] or line["due_on"]
    facts = {
        "currency": receipt["currency"], "due_on": due_on, "value_on": receipt["value_on"],
        "days": row["days"], "amount_minor": row["paid_minor"],
        "left_minor": abs(row["amount_minor"]), "method": receipt["instrument"],
        "held": receipt["bank_rule"] or receipt["rule"], "category": line["category"],
    }  # fmt: skip
    sentence = _sentence(kind, row, facts, numbers)
    wanted = SENTENCES[sentence]
    named = {name: each for name, each in facts.items() if f"{{{name}}}" in wanted}
    return DeviationRow(
        kind=kind, receipt_id=row["receipt_id"], receipt=receipt["number"],
        account_id=receipt["account_id"], account=receipt["account_number"], name=receipt["name"],
        project=receipt["project"] or "", collector=receipt["collector_name"] or "",
        currency=receipt["currency"],
        obligation_id=None if row["obligation_id"] == NONE else row["obligation_id"],
        label=line["label"], category=line["category"], due_on=due_on,
        value_on=receipt["value_on"], days=row["days"], amount_minor=row["amount_minor"],
        template=wanted, facts={**named, "currency": receipt["currency"]},
    )  # fmt: skip


def _sentence(
    kind: str, row: dict[str, Any], facts: dict[str, Any], numbers: dict[int, str]
) -> str:
    """Which sentence is said; what only it names goes into the facts."""
    if kind == "small_difference":
        return "small_short" if row["amount_minor"] < 0 else "small_over"
    if kind == "wrong_bank_account":
        if row["obligation_id"] == NONE:
            return "idle_bank_account"
        facts["wanted"] = BANK_RULES[BANK_RULE_OF[category_index(facts["category"])]]
    if kind == "wrong_category":
        if row["other"] == NONE:
            return "instruction"
        facts["said"] = category_of(row["other"]).code
    if kind == "split":
        facts["count"] = row["other"]
    if kind == "other_customer":
        facts["account"] = numbers.get(row["other"], "")
    return kind
