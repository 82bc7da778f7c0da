"""Reconciling: whether schedules add up to the prices of their contracts. Nothing is mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tahsil.adapters.sheets.cells import Note, note
from tahsil.adapters.sheets.records import Record, Staged
from tahsil.core.grammar.money import decimal_text

_BESIDE_PRICE = frozenset(
    (
        "maintenance_deposit", "security_deposit", "club", "parking", "utilities", "fee",
        "penalty", "tax", "service_charge", "premium",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A unit whose schedule is not its price; `why` is maintenance_inside, rounding or unknown."""

    unit: str
    contract: str
    sheet: str
    row: int
    price_minor: int
    schedule_minor: int
    difference_minor: int
    why: str
    currency: str


def reconcile(contracts: Iterable[Record], lines: Iterable[Record]) -> list[Difference]:
    """The contracts whose price lines do not add up to the price less discount."""
    contracts = list(contracts)
    if not contracts:
        return []
    by_contract: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_unit: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        by_contract[line.values["contract"] or ""].append(line.values)
        by_unit[line.values["unit"] or ""].append(line.values)
    found = []
    for contract in contracts:
        said = contract.values
        own = by_contract.get(said["number"]) or by_unit.get(said.get("unit") or "-") or []
        if not own or said.get("price_minor") is None:
            continue
        price = said["price_minor"] - (said["discount_minor"] or 0)
        if difference := _difference(contract, own, price):
            found.append(difference)
    return found


def _difference(contract: Record, lines: list[dict[str, Any]], price: int) -> Difference | None:
    total = sum(line["amount_minor"] for line in lines if line["category"] not in _BESIDE_PRICE)
    if total == price:
        return None
    said = contract.values
    gap = total - price
    why = "unknown"
    if gap == said["maintenance_minor"]:
        why = "maintenance_inside"
    elif abs(gap) <= 100 * len(lines):
        why = "rounding"
    return Difference(
        said["unit"] or "", said["number"], contract.sheet, contract.row,
        price, total, gap, why, said["currency"],
    )  # fmt: skip


_WHY = {
    "maintenance_inside": "The difference is the maintenance deposit.",
    "rounding": "The difference is rounding.",
    "unknown": "",
}


def differences(staged: Staged) -> list[tuple[str, Note]]:
    """The differences among the records of one file, as notes."""
    return [
        (
            one.sheet,
            note(
                "schedule.differs",
                {
                    "unit": one.unit or one.contract,
                    "schedule": decimal_text(one.schedule_minor, one.currency),
                    "price": decimal_text(one.price_minor, one.currency),
                    "why": _WHY[one.why],
                },
                f"A{one.row}",
            ),
        )
        for one in reconcile(_sales(staged.of("contract")), staged.of("line"))
    ]


def _sales(contracts: Iterable[Record]) -> Iterable[Record]:
    return (contract for contract in contracts if "price_minor" in contract.values)
