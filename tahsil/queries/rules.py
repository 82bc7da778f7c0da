"""The rules in force on a date as queries need them: labels of rungs, buckets and codes, penalties.

Ladders, the worklist's order and the ageing definition come parsed from store/rules.py. Where
a code list or penalty rule is not published, the answer is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from tahsil.core.book.penalties import PenaltyRule
from tahsil.core.book.waterfall import OLDEST_FIRST, PRINCIPAL_FIRST, Waterfall
from tahsil.core.grammar.authority import Reason
from tahsil.core.grammar.policy import Dated
from tahsil.core.measure import buckets
from tahsil.core.steer.ladders import Ladder, Rung
from tahsil.store import policies
from tahsil.store import rules as parsed

Bodies = dict[tuple[str, str], Dated[tuple[dict[str, Any], int]]]


@dataclass(frozen=True)
class Rules:
    """Every published policy, those that decide about accounts parsed, and the date asked for."""

    as_of: date
    published: Bodies
    steer: parsed.Rules

    def body(self, kind: str, code: str) -> tuple[dict[str, Any], str] | None:
        """The body in force and its reference, such as `penalty/late v2`; none without one."""
        dated = self.published.get((kind, code))
        if dated is None or dated.values[0][0] > self.as_of:
            return None
        body, version = dated.at(self.as_of)
        return body, f"{kind}/{code} v{version}"

    def codes(self, kind: str) -> list[str]:
        """The codes of every published policy of a kind, sorted."""
        return sorted(code for found, code in self.published if found == kind)

    def ladder(self, product: str) -> Ladder:
        """The ladder that serves a product."""
        return self.steer.ladders[self.steer.ladder_code(product)]

    def rung(self, product: str, code: str) -> Rung | None:
        """The rung of that code on the product's ladder, if it is still there."""
        return next((rung for rung in self.ladder(product).rungs if rung.code == code), None)

    def rung_labels(self, product: str, code: str) -> dict[str, str]:
        """The rung's name by language."""
        found = self.rung(product, code) if code else None
        return found.labels if found else {}

    def bucket_label(self, bucket: int) -> str:
        """The days of a bucket as its policy names them; nothing where nothing is late."""
        labels = self.steer.definition.buckets.labels
        return labels[bucket] if 0 <= bucket < len(labels) else ""

    def reasons(self, cached: list[list[Any]], currency: str) -> tuple[Reason, ...]:
        """The reasons a standing keeps, as sentences: [[code, {facts}], …]."""
        templates = {rule.code: rule.template for rule in self.steer.order.reasons}
        return tuple(
            Reason(f"worklist.{code}", templates.get(code, code), {**facts, "currency": currency})
            for code, facts in cached
        )

    def ageing(self, code: str) -> buckets.AgeingDefinition:
        """The ageing definition of that code; the usual one where it is not published."""
        if (found := self.body("buckets", code)) is None:
            return self.steer.definition
        return _definition(code, found[1], _frozen(found[0]))

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

    def values(self, code: str, part: str = "items") -> list[dict[str, Any]]:
        """The values of a code list in its order, each with its `code` and `label`."""
        found = self.body("codes", code)
        return [_value(*item) for item in _items(found[0], part)] if found else []

    def labels(self, code: str) -> dict[str, dict[str, str]]:
        """Per value of a code list its label by language."""
        return {value["code"]: value["label"] for value in self.values(code)}


def read(as_of: date) -> Rules:
    """The rules in force on the date."""
    return Rules(as_of, policies.published(), parsed.at(as_of))


@lru_cache(maxsize=64)
def _definition(code: str, reference: str, body: tuple) -> buckets.AgeingDefinition:
    entry = {"description": reference, "source": reference, "unit": "days"}
    value = {key: list(each) if isinstance(each, tuple) else each for key, each in body}
    document = {code: {**entry, "values": {"1900-01-01": value}}}
    return buckets.parse_definitions(document)[code].at(date.max)


@lru_cache(maxsize=64)
def _penalty(code: str, reference: str, body: tuple) -> PenaltyRule:
    known = {field.name for field in fields(PenaltyRule)} - {"code", "benchmark"}
    plain = {key: value for key, value in body if key in known}
    rates = dict(body).get("benchmark")
    if not isinstance(rates, tuple) or not rates:
        return PenaltyRule(code, **plain)
    dated = tuple(sorted((date.fromisoformat(str(since)), int(ppm)) for since, ppm in rates))
    return PenaltyRule(code, benchmark=Dated(reference, dated), **plain)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((key, _frozen(each)) for key, each in value.items())
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


def _items(body: dict[str, Any], part: str) -> list[tuple[str, Any]]:
    found = body.get(part, body.get("value", body))
    if isinstance(found, list):
        return [(str(each.get("code", "")), each) for each in found]
    return [(str(code), each) for code, each in found.items()]


def _value(code: str, said: Any) -> dict[str, Any]:
    more = dict(said) if isinstance(said, dict) else {"label": said}
    label = more.pop("label", more.pop("labels", {}))
    return {**more, "code": code, "label": label if isinstance(label, dict) else {"en": str(label)}}
