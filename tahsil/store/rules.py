"""The rules in force on a date: ladders, the worklist's order and the ageing definition, parsed.

Policies are stored as they were published (policies.py); parsing them is the core's. What is
here is parsed once per date and set of published versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from tahsil.core.measure import ageing, buckets
from tahsil.core.measure.buckets import AgeingDefinition
from tahsil.core.steer import ladders, worklist
from tahsil.core.steer.ladders import Ladder
from tahsil.core.steer.worklist import Order
from tahsil.store import policies

USUAL_PRODUCT = "developer"  # whose ladder serves a product that has none
AGEING = "dpd_six"
ORDER = "collector"


@dataclass(frozen=True)
class Rules:
    """What decides about accounts on one date, each with the version it was read from."""

    ladders: dict[str, Ladder]
    order: Order
    definition: AgeingDefinition
    versions: dict[str, str]

    def ladder_code(self, product: str) -> str:
        """The code of the ladder that serves the product."""
        return product if product in self.ladders else USUAL_PRODUCT

    def version(self, product: str) -> dict[str, str]:
        """The policies a decision about that product is made under."""
        return {"ladder": self.versions[f"ladder/{self.ladder_code(product)}"]}


def at(as_of: date) -> Rules:
    """The rules in force on the date."""
    return _at(policies.newest(), as_of)


@lru_cache(maxsize=8)
def _at(newest: tuple[int, str], as_of: date) -> Rules:
    """As `at`; `newest` only keys the cache."""
    versions: dict[str, str] = {}

    def body(kind: str, code: str) -> dict[str, Any]:
        found, versions[f"{kind}/{code}"] = policies.at(kind, code, as_of)
        values = {as_of: found}
        return {code: {"description": "-", "source": "-", "unit": "-", "values": values}}

    return Rules(
        {
            code: ladders.parse(body("ladder", code))[code].at(as_of)
            for code in policies.codes("ladder")
        },
        worklist.parse(body("worklist", ORDER))[ORDER].at(as_of),
        _definition(body) if AGEING in policies.codes("buckets") else ageing.DEFAULT,
        versions,
    )


def _definition(body: Any) -> AgeingDefinition:
    return buckets.parse_definitions(body("buckets", AGEING))[AGEING].at(date.max)
