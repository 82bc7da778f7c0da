"""Late charges as of a date: what each contract's rule comes to, and what of it is not assessed.

The account page shows it and charge.assess posts it; both take it from here, so that what is
shown is what would be posted. Accruing itself is core/book/charges.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from tahsil.core.book import charges
from tahsil.core.book.penalties import Accrual, Debt, Movement, Pauses, PenaltyRule
from tahsil.core.grammar.dates import NEVER, Period
from tahsil.queries import lines
from tahsil.queries.cards import PenaltyCard, PenaltyStep
from tahsil.queries.ledger import Ledger
from tahsil.queries.rules import Rules
from tahsil.store import calendars
from tahsil.store.models import Hold
from tahsil.store.prepared import Prepared

CANCELLING = ("cancel", "reinstate")  # kinds of adjustments: a line falls away, and lives again
PREFIX = "PEN"  # a penalty's reference names its contract and the day it was assessed to
TOGETHER = "all_overdue"  # a rule's base: one charge over all that is overdue


@dataclass(frozen=True)
class Accrued:
    """What a contract's rule comes to on the date, per line (0: over all); nothing posted yet."""

    rule: PenaltyRule
    version: str
    accruals: dict[int, Accrual]
    assessed_minor: int

    @property
    def amount_minor(self) -> int:
        """What accrued and was not assessed, waived or not."""
        return max(self._total() - self.assessed_minor, 0)

    @property
    def tax_minor(self) -> int:
        """The tax on that amount."""
        tax = sum(each.tax_minor for each in self.accruals.values())
        return tax * self.amount_minor // self._total() if self._total() else 0

    @property
    def since_on(self) -> date | None:
        """The first day any of it accrued on."""
        segments = [each for found in self.accruals.values() for each in found.segments]
        return min((each.since for each in segments), default=None)

    def _total(self) -> int:
        return sum(each.amount_minor for each in self.accruals.values())


def of_account(
    ledger: Ledger, codes: Mapping[int, str], in_force: Rules, *, creditor: tuple[int, str]
) -> dict[int, Accrued]:
    """Per contract with a published penalty rule what it comes to on the ledger's date.

    `codes` names each contract's rule; `creditor` is its id and country, whose days are worked.
    """
    rules = {key: found for key, code in codes.items() if (found := in_force.penalty(code))}
    if not rules:
        return {}
    stops = [
        Period(row["since_on"], row["until_on"])
        for row in _pauses.rows(account_id=ledger.account_id, as_of=ledger.as_of)
    ]
    disputed, paid = _disputed(ledger, in_force), _movements(ledger)
    made = {}
    for key, (rule, version) in rules.items():
        calendar = calendars.of_creditor(*creditor) if rule.count_from == "business_day" else None
        debts = _debts(ledger, key, paid)
        accruals = _accrue(rule, debts, Pauses(stops, calendar), disputed, as_of=ledger.as_of)
        assessed = sum(row["amount_minor"] for row in assessed_of(ledger.obligations, key))
        made[key] = Accrued(rule, version, accruals, assessed)
    return made


def assessed_of(rows: Iterable[Mapping[str, Any]], contract_id: int) -> list[Mapping[str, Any]]:
    """The penalties among these obligations that were assessed on the contract."""
    start = f"{PREFIX}-{contract_id}-"
    return [
        row for row in rows if row["category"] == "penalty" and row["reference"].startswith(start)
    ]


def cards(found: Mapping[int, Accrued], ledger: Ledger) -> tuple[PenaltyCard, ...]:
    """Each accrual as a card, also one that is still within its grace."""
    return tuple(
        _card(ledger, line_id, accrual, each)
        for each in found.values()
        for line_id, accrual in each.accruals.items()
    )


def unassessed_minor(found: Mapping[int, Accrued]) -> int:
    """What assessing every contract now would raise, tax with it."""
    return sum(each.amount_minor + each.tax_minor for each in found.values())


def _accrue(
    rule: PenaltyRule,
    debts: dict[int, Debt],
    pauses: Pauses,
    disputed: dict[int, list[Period]],
    *,
    as_of: date,
) -> dict[int, Accrual]:
    if rule.base == TOGETHER:
        every = {0: charges.accrue_overdue(rule, list(debts.values()), as_of=as_of, pauses=pauses)}
    else:
        every = {
            key: charges.accrue(
                rule, debt, as_of=as_of,
                pauses=pauses._replace(stops=[*pauses.stops, *disputed.get(key, ())]),
            )
            for key, debt in debts.items()
        }  # fmt: skip
    return {key: found for key, found in every.items() if found.amount_minor or found.is_in_grace}


def _debts(ledger: Ledger, contract_id: int, paid: dict[int, list[Movement]]) -> dict[int, Debt]:
    """The contract's lines that penalties count on and that are late, with what was paid when.

    What accrued on a line goes with the line when it is cancelled, as when its contract ends.
    """
    gone = _cancelled(ledger)
    return {
        row["id"]: Debt(row["due"], row["amount_minor"], tuple(paid[row["id"]]))
        for row in ledger.obligations
        if row["contract_id"] == contract_id
        and lines.is_penalised(row["category"])
        and row["due"]
        and row["due"] < ledger.as_of
        and row["id"] not in gone
    }


def _cancelled(ledger: Ledger) -> set[int]:
    """The lines cancelled by the date and not taken up again."""
    sums: dict[int, int] = defaultdict(int)
    for row in ledger.adjustments:
        if row["kind"] in CANCELLING:
            sums[row["obligation_id"]] += row["amount_minor"]
    return {key for key, amount in sums.items() if amount < 0}


def _movements(ledger: Ledger) -> dict[int, list[Movement]]:
    """Per line what was paid when; an adjustment lowers it as money would, under no receipt."""
    found: dict[int, list[Movement]] = defaultdict(list)
    for row in ledger.allocations:
        moved = Movement(row["effective_on"], row["amount_minor"], row["receipt_id"])
        found[row["obligation_id"]].append(moved)
    for row in ledger.adjustments:
        found[row["obligation_id"]].append(Movement(row["effective_on"], -row["amount_minor"]))
    return found


def _disputed(ledger: Ledger, in_force: Rules) -> dict[int, list[Period]]:
    """Per line the days a dispute stopped its penalty, where the dispute's code says so."""
    pausing = {each["code"] for each in in_force.values("disputes") if each.get("pauses_penalty")}
    found: dict[int, list[Period]] = defaultdict(list)
    for row in ledger.disputes:
        if row["code"] in pausing and row["state"] != "rejected":
            stop = Period(row["opened_on"], row["closed_on"] or NEVER)
            found[row["obligation_id"]].append(stop)
    return found


@Prepared
def _pauses(account_id: int, as_of: date) -> QuerySet:
    found = Hold.objects.filter(account_id=account_id, kind="pause", since_on__lte=as_of)
    return found.order_by("since_on").values("since_on", "until_on")


def _card(ledger: Ledger, line_id: int, accrual: Accrual, found: Accrued) -> PenaltyCard:
    row = ledger.by_id.get(line_id)
    return PenaltyCard(
        obligation_id=line_id,
        line=(row["label"] or row["category"]) if row else TOGETHER,
        rule=found.rule.code,
        version=found.version,
        amount_minor=accrual.amount_minor,
        tax_minor=accrual.tax_minor,
        capped_by=accrual.capped_by,
        is_in_grace=accrual.is_in_grace,
        steps=tuple(
            PenaltyStep(
                each.since, each.until, (each.until - each.since).days, each.base_minor,
                each.amount_minor,
            )
            for each in accrual.segments
        ),
    )  # fmt: skip
