"""Rule packs: the shape of a document of rules, checked whole, its defaults filled in.

A pack arrives as the dicts a YAML reader makes of it. Each rule has an id, a kind, the facts that
put a case outside it, dates of force, and at least one citation with its confidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tahsil.core.conduct.evaluate import KINDS
from tahsil.core.grammar.documents import Faults, check_keys

RULE_KEYS = (
    "id",
    "kind",
    "regime",
    "jurisdiction",
    "applies",
    "params",
    "effect",
    "effective",
    "cite",
    "note",
)
EFFECTS = ("allow", "needs_approval", "deny")
CONFIDENCE = ("text_seen", "secondary", "memory", "house")


def read_pack(document: Mapping[str, Any]) -> dict[str, Any]:
    """The pack with every rule complete; refused with all its faults where one is wrong."""
    faults = Faults()
    named = document.get("pack") or {}
    name = str(named.get("id", "This rule pack"))
    defaults = document.get("defaults") or {}
    rules = []
    for number, given in enumerate(document.get("rules") or (), start=1):
        if not isinstance(given, Mapping):
            faults.note("policy.shape", "{where} is not a table of keys.", where=f"rule {number}")
            continue
        rule = {"jurisdiction": named.get("jurisdiction"), "effect": "deny", **defaults, **given}
        _check(str(given.get("id", f"rule {number}")), rule, faults)
        rules.append(rule)
    if not rules:
        faults.note("policy.missing_key", "{where} has no {key}.", where=name, key="rules")
    faults.raise_any(name)
    return {**named, "rules": rules, "not_applicable": document.get("not_applicable") or {}}


def _check(where: str, rule: Mapping[str, Any], faults: Faults) -> None:
    check_keys(where, dict(rule), allowed=RULE_KEYS, needed=("id", "kind", "regime"), faults=faults)
    for key, allowed in (("kind", tuple(KINDS)), ("effect", EFFECTS)):
        if rule.get(key) not in allowed:
            faults.note(
                "policy.word",
                "{where} has {key} {word}. It may be: {words}.",
                where=where,
                key=key,
                word=str(rule.get(key)),
                words=list(allowed),
            )
    if not isinstance(rule.get("params"), Mapping):
        faults.note("policy.missing_key", "{where} has no {key}.", where=where, key="params")
    cites = rule.get("cite") or ()
    if not cites or any(cite.get("confidence") not in CONFIDENCE for cite in cites):
        faults.note("policy.missing_key", "{where} has no {key}.", where=where, key="cite")
