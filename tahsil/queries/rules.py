"""The rules in force on a date as people read them: labels of rungs, buckets and codes, sentences.

What they decide comes parsed from store/rules.py. Where a code list is not published, the answer
is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tahsil.core.grammar.authority import Reason
from tahsil.core.steer.ladders import Rung
from tahsil.store import rules as parsed


@dataclass(frozen=True)
class Rules(parsed.Rules):
    """The rules in force with the words for them."""

    def rung(self, product: str, code: str) -> Rung | None:
        """The rung of that code on the product's ladder, if it is still there."""
        return next((rung for rung in self.ladder(product).rungs if rung.code == code), None)

    def rung_labels(self, product: str, code: str) -> dict[str, str]:
        """The rung's name by language."""
        return self._rungs.get((self.ladder_code(product), code), {})

    @cached_property
    def _rungs(self) -> dict[tuple[str, str], dict[str, str]]:
        return {
            (name, rung.code): rung.labels
            for name, ladder in self.ladders.items()
            for rung in ladder.rungs
        }

    def bucket_label(self, bucket: int) -> str:
        """The days of a bucket as its policy names them; nothing where nothing is late."""
        labels = self.definition.buckets.labels
        return labels[bucket] if 0 <= bucket < len(labels) else ""

    @cached_property
    def templates(self) -> dict[str, str]:
        """Per reason for being on the list its sentence."""
        return {rule.code: rule.template for rule in self.order.reasons}

    def reasons(self, cached: list[list[Any]], currency: str) -> tuple[Reason, ...]:
        """The reasons a standing keeps, as sentences: [[code, {facts}], …]."""
        return tuple(
            Reason(
                f"worklist.{code}", self.templates.get(code, code), {**facts, "currency": currency}
            )
            for code, facts in cached
        )

    def values(self, code: str, part: str = "items") -> list[dict[str, Any]]:
        """The values of a code list in its order, each with its `code` and `label`."""
        found = self.body("codes", code)
        return [_value(*item) for item in _items(found[0], part)] if found else []

    def labels(self, code: str) -> dict[str, dict[str, str]]:
        """Per value of a code list its label by language."""
        return {value["code"]: value["label"] for value in self.values(code)}


def read(as_of: date) -> Rules:
    """The rules in force on the date."""
    found = parsed.at(as_of)
    return Rules(**{name: getattr(found, name) for name in parsed.Rules.__dataclass_fields__})


def _items(body: dict[str, Any], part: str) -> list[tuple[str, Any]]:
    found = body.get(part, body.get("value", body))
    if isinstance(found, list):
        return [(str(each.get("code", "")), each) for each in found]
    return [(str(code), each) for code, each in found.items()]


def _value(code: str, said: Any) -> dict[str, Any]:
    more = dict(said) if isinstance(said, dict) else {"label": said}
    label = more.pop("label", more.pop("labels", {}))
    return {**more, "code": code, "label": label if isinstance(label, dict) else {"en": str(label)}}
