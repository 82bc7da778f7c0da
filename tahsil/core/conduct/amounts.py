"""Money the rules cap or fix: retained on termination, late fees, interest, fixed sums.

Amounts are exact decimals, rounded once, half up. A reference rate is the one in force on the
day the rule names, frozen for the whole period, never split at later changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tahsil.core.conduct.conditions import as_number, holds
from tahsil.core.conduct.facts import ABSENT, Case, as_day
from tahsil.core.conduct.verdict import ASK, DENY, Finding

CENT = Decimal("0.01")
# What makes a case one of statutory interest.
CLAIMED = (
    "b2b",
    "principal",
    "interest_starts",
    "payment_date",
    "reference_base_pct",
    "invoice_received",
    "goods_received",
    "days_late",
)


def retention(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """What may be kept on termination: a share of the price, by completion, of what was paid."""
    params = rule["params"]
    paid = _number(case, "paid")
    if paid is None or not holds(params.get("asked", ()), case):
        return None
    if any(holds(tests, case) for tests in params.get("all_back", ())):
        share = as_number(params.get("keep_of_paid_pct", 0)) / 100
        kept = _round(paid * share)
        return Finding(
            figures={
                "retained_max": kept,
                "refund_min": paid - kept,
                "currency": params["currency"],
            }
        )
    price, done = _number(case, "price"), _number(case, "completion_pct")
    if price is None or done is None or case.fact("work_commenced") is ABSENT:
        lacking = tuple(
            key for key in ("price", "completion_pct", "work_commenced") if case.fact(key) is ABSENT
        )
        return Finding(ASK, (), "missing_facts", missing=lacking)
    band = next(band for band in params["bands"] if _in_band(band, done))
    ceiling = _round(price * as_number(band["pct"]) / 100)
    kept = min(paid, ceiling)
    figures: dict[str, Any] = {
        "ceiling_pct_of_price": as_number(band["pct"]),
        "ceiling": ceiling,
        "retained_max": kept,
        "refund_min": paid - kept,
        "currency": params["currency"],
        "options": list(band["options"]),
    }
    wanted = _number(case, "retain")
    if wanted is not None and wanted > kept:
        return Finding(DENY, (rule["id"],), params.get("legal_effect", ""), figures)
    return Finding(figures=figures)


def reduced(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """What is refunded where a court allows less than the ceiling: it is no entitlement."""
    price, paid = _number(case, "price"), _number(case, "paid")
    pct = _number(case, "retention_allowed_by_court_pct")
    if not _number(case, "developer_delay_years") and pct is None:
        return None
    code, params = (rule["params"]["code"],), rule["params"]
    figures: dict[str, Any] = dict(params.get("tells", {}))
    if pct is None or price is None or paid is None:
        return Finding(ASK, code, "", figures)
    back = paid - min(paid, _round(price * pct / 100))
    figures[f"computed_refund_at_{pct.normalize():f}pct"] = back
    return Finding(ASK, code, "", figures)


def fee_cap(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A late fee is not above what is due, and all of the term not above one instalment."""
    new, one = _number(case, "new_fee"), _number(case, "instalment")
    if new is None:
        return None
    lacking = tuple(key for key in ("instalment", "amount_due") if case.fact(key) is ABSENT)
    if lacking or one is None:
        return Finding(ASK, (), "missing_facts", missing=lacking)
    before, due = _number(case, "fees_charged_over_term") or Decimal(0), _number(case, "amount_due")
    room = max(Decimal(0), min(one - before, due or Decimal(0)))
    figures = {"max_new_fee": room}
    if new > room:
        return Finding(DENY, (rule["params"]["code"],), "", figures)
    return Finding(figures=figures)


def capped_rate(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Late interest above the cap is void beyond it; where no rate is agreed the law's applies."""
    params, rate = rule["params"], _number(case, "contract_rate_pct")
    principal = _number(case, "principal")
    if case.fact("new_interest") is not ABSENT or case.fact("contract_rate_pct") is ABSENT:
        return None
    if rate is None:
        nature, days = case.fact("nature"), _number(case, "days_since_claim")
        if nature is ABSENT or nature not in params["without"]:
            return Finding(ASK, (), "missing_facts", missing=("nature",))
        fixed = as_number(params["without"][nature])
        figures: dict[str, Any] = {
            "rate_pct": fixed,
            "currency": params["currency"],
            "runs_from": params["runs_from"],
        }
        if days is not None and principal is not None:
            figures["interest"] = simple(principal, fixed, days)
        return Finding(figures=figures)
    cap, days = as_number(params["max_pct"]), _number(case, "days")
    figures = {"max_rate_pct": cap, "currency": params["currency"]}
    if principal is not None and days is not None:
        figures["interest_at_cap"] = simple(principal, min(rate, cap), days)
        figures["interest_requested"] = simple(principal, rate, days)
    if rate > cap:
        return Finding(DENY, (rule["id"],), "", figures)
    return Finding(figures=figures)


def total_cap(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Interest in all may not pass the principal, where the debt is of that nature."""
    params, new = rule["params"], _number(case, "new_interest")
    principal, taken = _number(case, "principal"), _number(case, "interest_collected")
    if new is None or principal is None or taken is None:
        return None
    if case.fact("nature") in params["excepted"]:
        return Finding()
    if case.fact("nature") is ABSENT:
        return Finding(ASK, (), "missing_facts", missing=("nature",))
    room = max(Decimal(0), principal - taken)
    if new > room:
        return Finding(DENY, (params["code"],), "", {"max_new_interest": room})
    return Finding(figures={"max_new_interest": room})


def margin_rate(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A lender's published rate and the state's margin over it."""
    params, base = rule["params"], _number(case, "sbi_mclr_highest_pct")
    if base is None:
        return None
    state = case.fact("state")
    if state not in params["margin_pct"]:
        return Finding(ASK, (rule["id"],), "unverified", {}, ("state",))
    rate = base + as_number(params["margin_pct"][state])
    contract = _number(case, "contract_late_rate_pct")
    if contract is not None:
        figures: dict[str, Any] = {"max_rate_pct": rate}
        if contract > rate:
            return Finding(DENY, (params["code"],), "", figures)
        return Finding(figures=figures)
    figures = {"rate_pct": rate, "currency": params["currency"]}
    principal, days = _number(case, "principal"), _number(case, "days_late")
    if principal is not None and days is not None:
        figures["interest"] = simple(principal, rate, days)
    return Finding(figures=figures)


def statutory(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Statutory interest at a frozen rate, the fixed sum beside it, and the day both begin."""
    params = rule["params"]
    b2b = case.fact("b2b")
    if all(case.fact(key) is ABSENT for key in CLAIMED):
        return None
    if b2b is False:
        return Finding(DENY, (params["only_code"],), params.get("only_effect", ""))
    figures: dict[str, Any] = {"currency": params["currency"]}
    _start(params, case, figures)
    if (rate := _rate(params, case, figures)) is not None:
        figures["rate_pct"] = rate
    principal, days = _number(case, "principal"), _late(case)
    if days is not None:
        figures["days"] = days
    if principal is not None:
        figures["fixed_sum"] = next(
            as_number(band["add"])
            for band in params["fixed_sum"]
            if "below" not in band or principal < as_number(band["below"])
        )
        if rate is not None and days is not None:
            figures["interest"] = simple(principal, rate, Decimal(days))
    if days is not None and rate is None:
        return Finding(ASK, (), "missing_facts", figures, ("reference rate",))
    return Finding(figures=figures)


def partial_payment(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """What the bank pays of a cheque its balance does not cover, and what stays open."""
    cheque, balance = _number(case, "cheque"), _number(case, "balance")
    if cheque is None or balance is None:
        return None
    refuses = case.fact("bearer_refuses") is True
    partly = rule["params"]["partial"] and not refuses
    paid = cheque if balance >= cheque else max(balance, Decimal(0)) if partly else Decimal(0)
    return Finding(figures={"bank_pays": paid, "remaining": cheque - paid})


def simple(principal: Decimal, pct: Decimal, days: Decimal) -> Decimal:
    """Simple interest over actual days of a 365-day year, rounded once."""
    return _round(principal * pct * days / 36500)


def _start(params: Mapping[str, Any], case: Case, figures: dict[str, Any]) -> None:
    if agreed := case.day_of("agreed_payment_date"):
        figures["interest_from"] = (agreed + timedelta(days=1)).isoformat()
        return
    got = [day for key in ("invoice_received", "goods_received") if (day := case.day_of(key))]
    if got:
        last = max(got) + timedelta(days=params["term_days"])
        figures[params["last_day_is"]] = last.isoformat()
        figures["interest_from"] = (last + timedelta(days=1)).isoformat()


def _rate(params: Mapping[str, Any], case: Case, figures: dict[str, Any]) -> Decimal | None:
    margin = as_number(params["margin_pct"])
    given = _number(case, "reference_base_pct")
    if given is not None:
        return given + margin
    start = case.day_of(params["frozen_by"])
    if start is None:
        return None
    half = date(start.year, 7, 1) if start.month > 6 else date(start.year, 1, 1)
    fixed_on = half - timedelta(days=params["fixed_days_before"])
    own = case.fact("base_history")
    series = params["series"] if own is ABSENT else own
    if params.get("until") and own is ABSENT and half > as_day(params["until"], "until"):
        return None  # rates after the last one seen are not guessed
    base = _in_force(series, fixed_on)
    if base is None:
        return None
    if params.get("tells_reference"):
        figures["reference_date"] = fixed_on.isoformat()
        figures["reference_base_pct"] = base
    return base + margin


def _in_force(series: Sequence[Sequence[Any]], on: date) -> Decimal | None:
    found = None
    for since, pct in sorted(series, key=lambda pair: as_day(pair[0], "rate")):
        if as_day(since, "rate") <= on:
            found = as_number(pct)
    return found


def _late(case: Case) -> int | None:
    days = _number(case, "days_late")
    if days is not None:
        return int(days)
    due, paid = case.day_of("payment_date"), case.day_of("paid")
    return (paid - due).days if due and paid else None


def _in_band(band: Mapping[str, Any], done: Decimal) -> bool:
    if "above" in band:
        return done > as_number(band["above"])
    return "at_least" not in band or done >= as_number(band["at_least"])


def _number(case: Case, key: str) -> Decimal | None:
    found = case.fact(key)
    return None if found in (ABSENT, None, "") else as_number(found)


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
