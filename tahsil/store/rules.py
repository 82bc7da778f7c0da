"""The rules in force on a date, parsed: ladders, worklist order, ageing, penalties, waterfalls.

Policies are stored as they were published (policies.py); parsing them is the core's. Everything
here is parsed once per date and set of published versions. What people call things in them
(labels, sentences) is queries/rules.py.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from tahsil.core.book.penalties import PenaltyRule
from tahsil.core.book.waterfall import OLDEST_FIRST, PRINCIPAL_FIRST, Waterfall
from tahsil.core.grammar.policy import Dated
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
    """What is decided by on one date, each with the version it was read from."""

    as_of: date
    published: policies.Published
    ladders: dict[str, Ladder]
    order: Order
    definition: AgeingDefinition
    versions: dict[str, str]

    def ladder_code(self, product: str) -> str:
        """The code of the ladder that serves the product."""
        return product if product in self.ladders else USUAL_PRODUCT

    def ladder(self, product: str) -> Ladder:
        """The ladder that serves the product."""
        return self.ladders[self.ladder_code(product)]

    def version(self, product: str) -> dict[str, str]:
        """The policies a decision about that product is made under."""
        return {"ladder": self.versions[f"ladder/{self.ladder_code(product)}"]}

    def body(self, kind: str, code: str) -> tuple[dict[str, Any], str] | None:
        """The body in force and its reference, such as `penalty/late v2`; none without one."""
        dated = self.published.get((kind, code))
        if dated is None or dated.values[0][0] > self.as_of:
            return None
        found = dated.at(self.as_of)
        return found.body, f"{kind}/{code} v{found.number}"

    def codes(self, kind: str) -> list[str]:
        """The codes of every published policy of a kind, sorted."""
        return sorted(code for found, code in self.published if found == kind)

    def ageing(self, code: str) -> AgeingDefinition:
        """The ageing definition of that code; the usual one where it is not published."""
        if (found := self.body("buckets", code)) is None:
            return self.definition
        return _definition(code, _frozen(found[0]))

    def waterfall(self, code: str) -> Waterfall:
        """The order of payment of that code; principal first where it is not published."""
        if (found := self.body("waterfall", code)) is None:
            return OLDEST_FIRST if code == "oldest_first" else PRINCIPAL_FIRST
        known = {field.name for field in fields(Waterfall)}
        return Waterfall(**{key: each for key, each in _frozen(found[0]) if key in known})

    def penalty(self, code: str) -> tuple[PenaltyRule, str] | None:
        """The penalty rule of that code and its reference; none where there is none."""
        found = self.body("penalty", code) if code else None
        return (_penalty(code, found[1], _frozen(found[0])), found[1]) if found else None


def at(as_of: date) -> Rules:
    """The rules in force on the date."""
    return _at(policies.newest(), as_of)


@lru_cache(maxsize=8)
def _at(newest: tuple[int, str], as_of: date) -> Rules:
    """As `at`; `newest` only keys the cache."""
    versions: dict[str, str] = {}

    def parsed(kind: str, code: str, parse: Any) -> Any:
        body, versions[f"{kind}/{code}"] = policies.at(kind, code, as_of)
        return parse(_document(code, body))[code].at(date.max)

    return Rules(
        as_of,
        policies.published(),
        {code: parsed("ladder", code, ladders.parse) for code in policies.codes("ladder")},
        parsed("worklist", ORDER, worklist.parse),
        parsed("buckets", AGEING, buckets.parse_definitions)
        if AGEING in policies.codes("buckets")
        else ageing.DEFAULT,
        versions,
    )


@lru_cache(maxsize=64)
def _definition(code: str, body: tuple) -> AgeingDefinition:
    value = {key: list(each) if isinstance(each, tuple) else each for key, each in body}
    return buckets.parse_definitions(_document(code, value))[code].at(date.max)


@lru_cache(maxsize=64)
def _penalty(code: str, reference: str, body: tuple) -> PenaltyRule:
    known = {field.name for field in fields(PenaltyRule)} - {"code", "benchmark"}
    plain = {key: value for key, value in body if key in known}
    rates = dict(body).get("benchmark")
    if not isinstance(rates, tuple) or not rates:
        return PenaltyRule(code, **plain)
    dated = tuple(sorted((date.fromisoformat(str(since)), int(ppm)) for since, ppm in rates))
    return PenaltyRule(code, benchmark=Dated(reference, dated), **plain)


def _document(code: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body as the one entry of a policy file, which is what the core reads."""
    values = {date.min: body}
    return {code: {"description": "-", "source": "-", "unit": "-", "values": values}}


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((key, _frozen(each)) for key, each in value.items())
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
