"""Procedures that make an address safe to use, and the steps around a notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tahsil.core.conduct import counting
from tahsil.core.conduct.disclosures import opt_out_days
from tahsil.core.conduct.facts import Case, as_day
from tahsil.core.conduct.stops import hold, validation_end
from tahsil.core.conduct.verdict import ASK, DENY, Finding


def email(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """An e-mail address may be used as the procedures allow; never once others read it."""
    params, act = rule["params"], case.proposed
    if act is None:
        return None
    if act.channel == "email" and not act.kind:
        told = [
            fact
            for fact in case.standing(*params["spoiled"])
            if not fact.get("address") or fact.get("address") == act.get("address")
        ]
        return _unsatisfied(rule) if told else Finding()
    if act.kind == "classify_email_domain":
        domain = str(act.get("address", "")).rpartition("@")[2].lower()
        public = domain in params["public_domains"]
        figures = {"public_domain": public, "creditor_procedure_usable": public}
        return Finding(figures=figures)
    if act.kind != "check_email_procedure":
        return None
    if "iii" in str(act.get("procedure", "")):
        return _chain(rule, act.get("chain") or [])
    return _creditor(rule, case)


def _chain(rule: Mapping[str, Any], chain: list[Mapping[str, Any]]) -> Finding:
    """The address was got properly, the collector just before used it, and nobody opted out."""
    before = chain[:-1]
    obtained = any(one.get("obtained_under") for one in before)
    out = any(one.get("opt_out") for one in before)
    if before and obtained and before[-1].get("used") is True and not out:
        return Finding(legal_effect="procedure_satisfied")
    return _unsatisfied(rule)


def _creditor(rule: Mapping[str, Any], case: Case) -> Finding:
    """The consumer's own use or consent, or the creditor's notice with its days to opt out."""
    act = case.proposed
    assert act
    if act.get("opt_out") or any(True for _ in case.standing("media_stop")):
        return _unsatisfied(rule)
    if any(event.channel == "email" and not event.is_out for event in case.before()):
        return Finding(legal_effect="procedure_satisfied")
    if any(fact.channel == "email" for fact in case.standing("consent")):
        return Finding(legal_effect="procedure_satisfied")
    for notice in case.standing("creditor_transfer_notice"):
        if (days := opt_out_days(notice)) is not None:
            enough = days >= rule["params"]["notice_days"]
            return Finding(legal_effect="procedure_satisfied") if enough else _unsatisfied(rule)
    return Finding(ASK, (), "missing_facts", missing=("state.consent",))


def text(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A number may be texted for so many days after consent, use or a check of reassignment."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind != "check_text_procedure":
        return None
    good = [
        fact.day
        for fact in case.state
        if fact.day
        and any(part in fact.kind for part in params["renews"])
        and "revoked" not in fact.kind
        and (act.at is None or (fact.at is not None and fact.at <= act.at))
    ]
    good += [
        event.day
        for event in case.before()
        if event.day and event.channel == "sms" and not event.is_out
    ]
    if not good:
        return _unsatisfied(rule)
    last = max(good) + timedelta(days=params["days"])
    figures = {"last_good_date": last.isoformat()}
    if act.day and act.day <= last:
        return Finding(legal_effect="procedure_satisfied", figures=figures)
    return Finding(DENY, (rule["id"],), "procedure_not_satisfied", figures)


def furnish(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A debt is reported once the consumer was spoken to, or a notice stayed out so many days."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind != "furnish_to_cra" or act.day is None:
        return None
    past = list(case.before())
    if any(event.get("outcome") == "conversation" for event in past):
        return Finding(legal_effect="not_prohibited")
    sent = [
        event.day
        for event in past
        if event.is_out and event.channel in params["media"] and event.day
    ]
    back = [event.day for event in past if event.kind in params["returned"] and event.day]
    if not sent:
        return Finding(DENY, (rule["id"],), "prohibited")
    latest = max(sent)
    safe = latest + timedelta(days=params["days"] + 1)
    figures = {"safe_from": safe.isoformat()}
    if any(day >= latest for day in back):
        return Finding(DENY, (rule["id"],), "prohibited")
    if act.day >= safe:
        return Finding(legal_effect="not_prohibited", figures=figures)
    return Finding(DENY, (rule["id"],), "prohibited", figures)


def validation(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """From which notice the validation period runs, when it is taken as received, when it ends."""
    act = case.proposed
    if act is None or act.kind != "validation_period":
        return None
    single = [{"provided": act.get(key)} for key in ("provided", "sent", "mailed") if act.get(key)]
    tries = act.get("attempts") or single
    good = [as_day(one["provided"], "provided") for one in tries if not one.get("undeliverable")]
    if not good:
        return Finding(ASK, (), "missing_facts", missing=("proposed.attempts",))
    receipt, end = validation_end(good[-1], rule["params"])
    return Finding(
        figures={
            "based_on": good[-1].isoformat(),
            "assumed_receipt": receipt.isoformat(),
            "validation_period_end": end.isoformat(),
        }
    )


def notice_content(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """One reference date throughout, and no blank among the itemised amounts."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind != "check_validation_notice":
        return None
    reasons = []
    dates = act.get("itemization_reference")
    if isinstance(dates, Mapping) and len(set(dates.values())) > 1:
        reasons.append(params["consistent"])
    itemised = act.get("itemization") or act.get("itemized") or {}
    values = itemised.values() if isinstance(itemised, Mapping) else itemised
    said = any(value == "blank" for value in act.raw.values()) or act.listed("blank_fields")
    if said or any(value in (None, "", "blank") for value in values):
        reasons.append(params["blank"])
    if reasons:
        return Finding(DENY, tuple(reasons), "violation")
    return Finding(legal_effect="disclosure_satisfied")


def dispute(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A dispute repeats an earlier one where nothing new comes with it and that was answered."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind != "classify_dispute":
        return None
    disputes = [fact for fact in case.state if fact.kind in params["triggers"]]
    answers = [fact.at for fact in case.state if fact.kind in params["until"] and fact.at]
    if not disputes:
        return Finding(ASK, (), "missing_facts", missing=("state.written_dispute_received",))
    latest = disputes[-1]
    answered = bool(answers and latest.at and min(answers) <= latest.at)
    repeated = len(disputes) > 1 and answered and not latest.listed("new_evidence")
    figures = {"duplicative": repeated, "decision_on_collection": "deny"}
    open_still = not (answers and latest.at and max(answers) > latest.at)
    if not open_still:
        figures["decision_on_collection"] = "allow"
        return Finding(figures=figures)
    code = () if repeated and latest.get("notice_sent") else (rule["id"],)
    return Finding(DENY, code, params.get("legal_effect", ""), figures)


def held(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A dispute classified where that is asked, else the hold it puts on collecting."""
    if case.proposed and case.proposed.kind == "classify_dispute":
        return dispute(rule, case)
    return hold(rule, case)


def allocation(_: Mapping[str, Any], case: Case) -> Finding | None:
    """Money for several debts goes to none that is disputed."""
    if not case.proposed or case.proposed.kind != "allocate_payment":
        return None
    disputed = [str(debt["id"]) for debt in case.debts if debt.get("disputed")]
    others = [str(debt["id"]) for debt in case.debts if not debt.get("disputed")]
    return Finding(figures={"must_not_apply_to": disputed, "may_apply_to": others})


def postdated(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A post-dated cheque is announced in writing in its business days, never deposited early."""
    params, act = rule["params"], case.proposed
    if act is None or act.kind not in params["questions"]:
        return None
    missing = [
        f"proposed.{key}" for key in ("deposit_on",) if not (act.get(key) or act.get("cheque_date"))
    ]
    if missing:
        return Finding(ASK, (), "missing_facts", missing=tuple(missing))
    dated = as_day(act.get("cheque_date") or act.get("deposit_on"), "deposit_on")
    early = act.get("deposited") or (
        act.get("at") if act.kind != "postdated_deposit_notice" else None
    )
    if early and as_day(early, "deposited") < dated:
        return Finding(DENY, (params["early"],), "prohibited")
    days = counting.Days(params["calendar"])
    accepted = as_day(act.get("accepted") or act.get("at") or dated, "accepted")
    figures: dict[str, Any] = {"notice_required": (dated - accepted).days > params["ahead_days"]}
    if figures["notice_required"]:
        figures["notice_not_before"] = days.step(dated, -params["most"]).isoformat()
        figures["notice_not_after"] = days.step(dated, -params["least"]).isoformat()
    sent = act.get("notice_sent")
    if (
        figures["notice_required"]
        and sent
        and not (
            figures["notice_not_before"]
            <= str(as_day(sent, "notice_sent"))
            <= figures["notice_not_after"]
        )
    ):
        return Finding(DENY, (rule["id"],), "prohibited", figures)
    return Finding(figures=figures)


def _unsatisfied(rule: Mapping[str, Any]) -> Finding:
    return Finding(DENY, (rule["id"],), "procedure_not_satisfied")
