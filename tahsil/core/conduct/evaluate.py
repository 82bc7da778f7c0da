"""The one evaluator: which rules bind a case, what each finds, and the verdict over all.

A rule binds where its regime is asked about, it is in force that day, and nothing recorded puts
the case outside it; a fact not recorded keeps it inside. A regime is not applicable only where
none of its rules binds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tahsil.core.conduct import (
    amounts,
    audits,
    chains,
    conditions,
    counted,
    defaults,
    disclosures,
    frequency,
    procedures,
    stops,
    windows,
)
from tahsil.core.conduct.facts import ABSENT, Case, as_day, as_moment, as_names, read_case
from tahsil.core.conduct.verdict import ALLOW, ASK, DENY, Cited, Finding, Verdict, strictest
from tahsil.core.grammar.refusal import Refused

Rule = Mapping[str, Any]
# The standing facts read by their name, and the parts of names that tell.
READ_STATE = (
    *windows.TOLD,
    "media_stop",
    "creditor_transfer_notice",
    "consent",
    "prior_consent",
    "consent_revoked",
    "cease_notice_posted",
)
READ_PARTS = (*counted.MISDIRECTED, "attorney_")
STATE_PARAMS = ("triggers", "until", "spoiled", "renews")
KINDS: dict[str, Callable[[Rule, Case], Finding | None]] = {
    "contact_window": windows.hours,
    "told": windows.told,
    "frequency_cap": frequency.capped,
    "quiet_period": frequency.quiet,
    "watch": frequency.watched,
    "crowd": frequency.crowded,
    "audit": audits.audited,
    "opt_out": stops.media,
    "cease": stops.cease,
    "attorney": stops.attorney,
    "hold": stops.hold,
    "dispute_hold": procedures.held,
    "persons": stops.persons,
    "ban": conditions.bans,
    "action_chain": chains.follows,
    "disclosure": disclosures.opt_out,
    "transfer_notice": disclosures.transfer_notice,
    "limited_message": disclosures.voicemail,
    "contact_kind": disclosures.contact_kind,
    "required_disclosure": disclosures.required,
    "email_procedure": procedures.email,
    "text_procedure": procedures.text,
    "furnish": procedures.furnish,
    "validation": procedures.validation,
    "notice_content": procedures.notice_content,
    "allocation": procedures.allocation,
    "postdated": procedures.postdated,
    "retention_cap": amounts.retention,
    "court_reduction": amounts.reduced,
    "fee_cap": amounts.fee_cap,
    "rate_cap": amounts.capped_rate,
    "total_cap": amounts.total_cap,
    "margin_rate": amounts.margin_rate,
    "statutory_interest": amounts.statutory,
    "partial_payment": amounts.partial_payment,
    "default_event": defaults.reached,
}


def judge(packs: Sequence[Mapping[str, Any]], facts: Any) -> Verdict:
    """The verdict of every rule that binds the case the facts describe."""
    case = read_case(facts)
    asked = [rule for rule in rules_of(packs) if _is_asked(rule, case)]
    if not asked:
        raise Refused(
            "conduct.regime",
            "No rule pack knows {regime}. Known: {known}.",
            regime=case.regime or str(case.raw.get("jurisdiction", "")),
            known=sorted({rule["regime"] for rule in rules_of(packs)}),
        )
    in_scope = [rule for rule in asked if in_scope_of(rule, case)]
    binding = [rule for rule in in_scope if in_force(rule, case)]
    if not binding:
        return _silent(packs, case, asked, dated=bool(in_scope))
    findings, cited = [], []
    for rule in binding:
        found = KINDS[rule["kind"]](rule, case)
        if found is None:
            continue
        found = replace(_verified(rule, found), rule=rule["id"])
        findings.append(found)
        if found.reasons or found.effect != ALLOW:
            cited.extend(_citations(rule, found))
    findings += _unknown(case, findings) + _unread(case, asked) + _unplaced(packs, case)
    return _named(strictest(findings, cited), case)


def earliest(packs: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> datetime | None:
    """The first moment at which the intended contact would no longer be denied, if one follows."""
    facts = dict(facts)
    for _ in range(8):
        case, found = read_case(facts), judge(packs, facts)
        if not case.is_contact or not case.proposed or case.proposed.at is None:
            return None
        if found.decision != DENY:
            return case.proposed.at
        later = [
            as_moment(found.figures[key], case.zone, key)
            for key in ("earliest_at", "next_allowed_date")
            if key in found.figures
        ]
        if not later or max(later) <= case.proposed.at:
            return None
        facts["proposed"] = {**case.proposed.raw, "at": max(later).isoformat()}
    return None


def rules_of(packs: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """Every rule of the packs, with its regime."""
    return [rule for pack in packs for rule in pack["rules"]]


def in_scope_of(rule: Rule, case: Case) -> bool:
    """True unless a recorded fact puts the case outside: who acts, for whom, about what."""
    for path, wanted in rule.get("applies", {}).items():
        if isinstance(wanted, Mapping):
            fact = case.fact(path)
            if fact is not ABSENT and set(as_names(fact)) & set(as_names(wanted["not"])):
                return False
        else:
            fact = case.fact(path)
            if fact is not ABSENT and not set(as_names(fact)) & set(as_names(wanted)):
                return False
    return True


def in_force(rule: Rule, case: Case) -> bool:
    """True where the rule is in force on the case's day; undated, where it has no end."""
    dates = rule.get("effective") or {}
    since, until = dates.get("from"), dates.get("to")
    if case.on is None:
        return until is None
    if since and case.on < as_day(since, "effective.from"):
        return False
    return not (until and case.on >= as_day(until, "effective.to"))


def _is_asked(rule: Rule, case: Case) -> bool:
    if case.regime:
        return bool(rule["regime"] == case.regime)
    places = set(as_names(case.raw.get("jurisdiction"))) | {"house"}
    return bool(rule.get("jurisdiction") in places)


def _silent(
    packs: Sequence[Mapping[str, Any]], case: Case, asked: Sequence[Rule], *, dated: bool
) -> Verdict:
    """No rule of the regime binds: other packs still run, and the pack says which to look at."""
    tells: dict[str, Any] = {}
    for pack in packs:
        tells |= pack.get("not_applicable", {}).get(asked[0]["regime"], {})
    if dated:
        return Verdict(ALLOW, (), "regime_not_applicable", {"not_in_force_on": str(case.on)})
    return Verdict(ALLOW, (), "regime_not_applicable", tells)


def _verified(rule: Rule, found: Finding) -> Finding:
    """A rule nobody has seen may forbid, but may not let pass in silence."""
    if found.effect != ALLOW or rule["cite"][0]["confidence"] != "memory":
        return found
    return replace(
        found,
        effect=ASK,
        reasons=(rule["params"].get("code", rule["id"]),),
        legal_effect="unverified",
    )


def _unknown(case: Case, findings: Sequence[Finding]) -> list[Finding]:
    """Where no rule had anything to say of a question, nothing was allowed either."""
    if findings:
        return []
    kind = case.proposed.kind if case.proposed else ""
    return [Finding(ASK, (), "missing_facts", missing=(kind or "what is asked",))]


def _unread(case: Case, asked: Sequence[Rule]) -> list[Finding]:
    """A standing fact that no rule of the regime knows how to read may be a bar."""
    known = {
        *READ_STATE,
        *(
            word
            for rule in asked
            for key in STATE_PARAMS
            for word in as_names(rule["params"].get(key))
        ),
    }
    known |= {rule["params"]["within"]["after"] for rule in asked if "within" in rule["params"]}
    strange = [
        fact.kind
        for fact in case.state
        if fact.kind not in known and not any(part in fact.kind for part in READ_PARTS)
    ]
    if not strange or not case.is_contact:
        return []
    missing = tuple(f"state.{kind}" for kind in strange)
    return [Finding(ASK, (), "missing_facts", missing=missing)]


def _unplaced(packs: Sequence[Mapping[str, Any]], case: Case) -> list[Finding]:
    """Where no law was asked, or none is known of the place, the house alone cannot allow."""
    places = set(as_names(case.raw.get("jurisdiction")))
    strange = sorted(places - {str(pack["jurisdiction"]) for pack in packs})
    if case.regime or (places and not strange):
        return []
    missing = tuple(f"jurisdiction {place}" for place in strange) or ("jurisdiction",)
    return [Finding(ASK, (), "missing_facts", missing=missing)]


def _named(verdict: Verdict, case: Case) -> Verdict:
    """A contact that nothing forbids, and of which no rule said more, is not prohibited."""
    if verdict.decision == ALLOW and not verdict.legal_effect and case.is_contact:
        return replace(verdict, legal_effect="not_prohibited")
    return verdict


def _citations(rule: Rule, found: Finding) -> list[Cited]:
    return [
        Cited(rule["id"], found.reasons, found.effect, cite["ref"], cite["confidence"])
        for cite in rule["cite"]
    ]
