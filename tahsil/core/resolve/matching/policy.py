"""How matching decides, as data: weights of evidence, margins, and which patterns may post.

A pattern says how the account was known, whether the payer's name agrees, and how the amount fits:
"reference+full+exact". Patterns in `automatic` post from the first day; those in `proven` only once
the firm's own corrections have shown them right (learned.py); all others are proposed. In a policy
file a pattern may hold alternatives: "reference+full,part,cut+exact,short".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from itertools import product
from typing import Any

from tahsil.core.grammar import documents
from tahsil.core.grammar.documents import Faults
from tahsil.core.grammar.policy import Dated

WEIGHTS = {
    "reference": 4.0, "contract": 4.0, "near": 2.6, "virtual_account": 6.0, "payer_account": 4.0,
    "phone": 4.0, "alias": 4.0, "alias_once": 2.0,
    "name": 5.0, "name_alone": 3.0, "name_agrees": 2.5, "name_least": 0.5, "name_near": -2.0,
    "name_extra": -1.5, "name_missing": -1.2, "name_other": -1.5,
    "fits": 1.5, "fits_rare": 3.0, "fits_not": -1.0,
}  # fmt: skip
HOW = ("reference", "payer", "contract", "near", "none")
NAME = ("full", "cut", "part", "near", "known", "other", "none")
FIT = (
    "exact", "completed", "completed_by_rule", "oldest", "run", "combination", "short",
    "short_alone", "partial", "over", "one_of_several", "rule", "paid", "currency", "nothing_open",
)  # fmt: skip
AUTOMATIC = (
    "reference+full,cut,part,near,known,none+exact,short",
    "reference+full,cut,part,near,known+completed,partial,over",
    "payer+full,cut,part,near,known,none+exact,oldest",
    "payer+full,cut,part,known+run,completed,partial,over,short",
    "contract+full,cut,part,near,known,none+oldest",
    "contract+full,cut,part,known+run",
    "near+full,cut,part,near+exact",
    "near+full,cut,part+oldest,short",
    "none+full+oldest,run",
)
PROVEN = (
    "reference,payer+full,cut,part,near,known+completed_by_rule",
    "none+cut,part,near+oldest,run",
    "reference+other+exact,short",
    "none+full,cut,part+combination,short_alone",
    "payer,contract+full,cut,part,known+combination,short_alone",
    "near+full,cut,part+run,partial,over",
)


@dataclass(frozen=True)
class Policy:
    """The figures and lists of one version of the matching policy."""

    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    score: float = 4.5  # the least that posts
    margin: float = 2.0  # and the least distance from the next account
    identity_margin: float = 1.0  # the same, with the amount left out
    propose: float = 1.0  # under this nobody is proposed
    automatic: frozenset[str] = field(default_factory=lambda: patterns(AUTOMATIC))
    proven: frozenset[str] = field(default_factory=lambda: patterns(PROVEN))
    confirmed: int = 200  # lines confirmed by people before anything of `proven` posts
    precision_ppm: int = 995_000  # the Wilson lower bound a pattern of `proven` needs
    fees_minor: tuple[int, ...] = (500, 1000, 1500, 2000, 2500, 5000)
    withheld_ppm: tuple[int, ...] = (10_000, 30_000, 50_000)
    items: int = 10
    picks: int = 4
    repeat_days: int = 5
    cheque_days: int = 15

    def with_fees(self, learned: Iterable[int]) -> Policy:
        """With the fees people have confirmed more than once."""
        return replace(self, fees_minor=tuple(sorted({*self.fees_minor, *learned})))


def patterns(said: Iterable[str]) -> frozenset[str]:
    """The single patterns that patterns with alternatives stand for."""
    return frozenset(
        "+".join(one)
        for each in said
        for one in product(*(part.split(",") for part in each.split("+")))
    )


def parse(document: dict[str, Any]) -> dict[str, Dated[Policy]]:
    """The policies of a document; refused with every fault in it."""
    return documents.dated(document, parse=_policy, name="The matching policy")


def _policy(where: str, value: Any, faults: Faults) -> Policy | None:
    known = {each.name for each in fields(Policy)}
    if not isinstance(value, dict):
        faults.note("policy.shape", "{where} is not a table of keys.", where=where)
        return None
    before = len(faults.found)
    documents.check_keys(where, value, allowed=known, needed=(), faults=faults)
    weights = value.get("weights", {})
    documents.check_keys(f"{where} weights", weights, allowed=WEIGHTS, needed=(), faults=faults)
    for name in ("automatic", "proven"):
        for pattern in sorted(patterns(value.get(name, ()))):
            if not _is_pattern(pattern):
                faults.note(
                    "matching.pattern",
                    "{where} has the pattern {pattern}. It is one of {how}, one of {name} and one "
                    "of {fit}, joined by +.",
                    where=where, pattern=pattern, how=list(HOW), name=list(NAME), fit=list(FIT),
                )  # fmt: skip
    if len(faults.found) > before:
        return None
    taken: dict[str, Any] = {"weights": {**WEIGHTS, **weights}}
    for name, given in value.items():
        if name in ("automatic", "proven"):
            taken[name] = patterns(given)
        elif name != "weights":
            taken[name] = tuple(given) if isinstance(given, list) else given
    return Policy(**taken)


def _is_pattern(pattern: str) -> bool:
    parts = pattern.split("+")
    kinds = (HOW, NAME, FIT)
    return len(parts) == 3 and all(part in kind for part, kind in zip(parts, kinds, strict=True))
