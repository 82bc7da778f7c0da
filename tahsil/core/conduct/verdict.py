"""Verdicts: what one rule found, and the strictest of all findings with every reason.

Deny is stricter than needs approval, which is stricter than allow. A fact that is missing, or a
rule nobody has verified, makes needs approval out of what would have been a silent allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ALLOW, ASK, DENY = "allow", "needs_approval", "deny"
STRICT = {ALLOW: 0, ASK: 1, DENY: 2}
# Where several findings are equally strict, the one further left names the legal effect.
EFFECTS = (
    "prohibited",
    "violation",
    "presumption_of_violation",
    "procedure_not_satisfied",
    "presumption_of_violation_with_rebuttal_factor",
    "likely_violation",
    "preconditions_met",
    "presumption_of_compliance_with_rebuttal_factor",
    "unverified",
    "missing_facts",
    "exception_applies",
    "procedure_satisfied",
    "not_counted_in_call_cap",
    "disclosure_satisfied",
    "presumption_of_compliance",
    "not_prohibited",
)


@dataclass(frozen=True)
class Finding:
    """What one rule says of one case: how strict, for which reasons, with which figures."""

    effect: str = ALLOW
    reasons: tuple[str, ...] = ()
    legal_effect: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True)
class Cited:
    """A rule that spoke, and where it stands."""

    rule: str
    reasons: tuple[str, ...]
    effect: str
    ref: str
    confidence: str


@dataclass(frozen=True)
class Verdict:
    """The answer to one case: decision, every reason, the legal effect, figures, citations."""

    decision: str
    reasons: tuple[str, ...] = ()
    legal_effect: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    cited: tuple[Cited, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The verdict in the vocabulary of a case file."""
        found: dict[str, Any] = {"decision": self.decision, **self.figures}
        for key in ("reasons", "missing", "unverified"):
            if getattr(self, key):
                found[key] = list(getattr(self, key))
        if self.legal_effect:
            found["legal_effect"] = self.legal_effect
        found["cited"] = [vars(one) | {"reasons": list(one.reasons)} for one in self.cited]
        return found


def strictest(findings: list[Finding], cited: list[Cited]) -> Verdict:
    """The verdict over every finding; figures of later rules never hide those of earlier ones."""
    decision = max((one.effect for one in findings), key=STRICT.__getitem__, default=ALLOW)
    figures: dict[str, Any] = {}
    for one in findings:
        for key, value in one.figures.items():
            if key == "next_allowed_date" and key in figures:
                figures[key] = max(figures[key], value)
            else:
                figures.setdefault(key, value)
    if decision != DENY and "next_allowed_date" in figures:
        del figures["next_allowed_date"]
    speaking = [one for one in findings if one.effect != ALLOW or decision == ALLOW]
    return Verdict(
        decision=decision,
        reasons=_once(reason for one in speaking for reason in one.reasons),
        legal_effect=_legal([one for one in findings if one.effect == decision]),
        figures=figures,
        missing=_once(name for one in findings for name in one.missing),
        unverified=_once(one.rule for one in findings if one.legal_effect == "unverified"),
        cited=tuple(cited),
    )


def _legal(findings: list[Finding]) -> str:
    named = {one.legal_effect for one in findings if one.legal_effect}
    ranked = sorted(named, key=lambda name: EFFECTS.index(name) if name in EFFECTS else -1)
    return ranked[0] if ranked else ""


def _once(words: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
