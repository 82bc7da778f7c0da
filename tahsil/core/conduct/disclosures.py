"""What a message must hold, and what kind of message it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tahsil.core.conduct.facts import Case, Happening, as_day
from tahsil.core.conduct.verdict import ASK, DENY, Finding
from tahsil.core.conduct.windows import in_channels


def opt_out(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Each electronic message says how to stop more of them, free and without further data."""
    params, act = rule["params"], case.proposed
    if not case.is_contact or act is None or not in_channels(params, case):
        return None
    if act.listed("content") and set(act.listed("content")) <= set(params["confirmation"]):
        return Finding()
    told = act.get("opt_out_instruction")
    extra = set(act.listed("opt_out_requires")) - set(params["may_require"])
    if told is False or extra or act.get("opt_out_fee"):
        return Finding(DENY, (rule["id"],), params.get("legal_effect", ""))
    if told is None and not act.get("opt_out_text"):
        return Finding(ASK, (), "missing_facts", missing=("proposed.opt_out_instruction",))
    return Finding(legal_effect="disclosure_satisfied" if act.get("opt_out_text") else "")


def transfer_notice(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A creditor's notice before an address is handed on offers an easy way out."""
    params = rule["params"]
    if not case.proposed or case.proposed.kind != "check_notice":
        return None
    for notice in case.standing("creditor_transfer_notice"):
        if (days := opt_out_days(notice)) is not None and days < params["min_days"]:
            return Finding(DENY, (params["code"],), "procedure_not_satisfied")
        easy = set(notice.listed("opt_out_methods")) & set(
            params["easy"].get(notice.get("medium"), ())
        )
        if not notice.listed("opt_out_methods"):
            return Finding(DENY, (params["code"],), "procedure_not_satisfied")
        words = " ".join(notice.listed("opt_out_methods"))
        if easy or any(part in words for part in params["easy_words"]):
            return Finding(legal_effect="disclosure_satisfied")
        return Finding(DENY, (params["code"],), "procedure_not_satisfied")
    return Finding(ASK, (), "missing_facts", missing=("state.creditor_transfer_notice",))


def opt_out_days(notice: Happening) -> int | None:
    """The days a notice leaves for opting out; none where it does not say."""
    for key in ("opt_out_by", "opt_out_date", "opt_out_deadline", "opt_out_until"):
        if notice.get(key) and notice.day:
            return (as_day(notice.get(key), key) - notice.day).days
    for key in ("opt_out_days", "opt_out_period_days"):
        if notice.get(key) is not None:
            return int(notice.get(key))
    return None


def voicemail(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A limited-content message holds what it must and nothing but what it may."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind != "classify_voicemail":
        return None
    held = {key for key, value in (act.get("content") or {}).items() if value}
    limited = held >= set(params["must"]) and held <= set(params["must"]) | set(params["may"])
    limited = limited and act.get("for", "consumer") in params["for"]
    return Finding(figures={"is_limited_content_message": limited, "is_communication": not limited})


def contact_kind(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Whether a contact was an attempt or a communication about the debt."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind != "classify_contact":
        return None
    outcome = str(act.get("outcome", ""))
    attempt = outcome in params["attempts"]
    return Finding(
        figures={
            "is_attempt_to_communicate": True,
            "is_communication": not attempt and outcome in params["communications"],
        }
    )


def required(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """The disclosures each message needs, and the languages they must be in."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind != "required_disclosures":
        return None
    figures: dict[str, Any] = {}
    if act.get("variants"):
        free = params["free"]
        figures["required"] = {
            name: [] if name in free else [rule["id"]] for name in act.listed("variants")
        }
    if act.get("communications"):
        said = act.get("communications")
        figures["required_languages"] = {str(one["seq"]): list(one["languages"]) for one in said}
        figures["codes"] = {
            str(one["seq"]): params["initial" if one.get("initial") else "later"] for one in said
        }
    return Finding(figures=figures)
