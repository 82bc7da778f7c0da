"""Which of many accounts may be called at one moment: hours, caps, quiet days, stops, as columns.

False means that a rule forbids it, as the evaluator would say of a call about the account's one
debt. True means only that none of these rules does: what asks for a yes is left to the evaluator,
who has the last word on each call that is to be made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from tahsil.core.conduct.facts import as_zone
from tahsil.core.conduct.windows import is_open
from tahsil.core.grammar.refusal import Refused


@dataclass(frozen=True)
class Accounts:
    """One row per account: the zones it may be in (-1 for none), its stops, the talk last had."""

    zones: tuple[str, ...]
    zone: np.ndarray  # accounts × most zones, as positions in `zones`; the first is its own clock
    stopped: np.ndarray  # calls refused
    talked_on: np.ndarray  # local day of the last conversation, NaT where there was none


@dataclass(frozen=True)
class Calls:
    """One row per call made: whose, on which local day, with which outcome."""

    account: np.ndarray
    day: np.ndarray
    outcome: np.ndarray  # positions in `outcomes`
    outcomes: tuple[str, ...]


def may_call(
    rules: Sequence[Mapping[str, Any]], accounts: Accounts, calls: Calls, *, at: datetime
) -> np.ndarray:
    """True per account that no rule on hours, caps, quiet days or stops forbids to call now."""
    if at.tzinfo is None:
        raise Refused("conduct.no_zone", "The moment {at} has no time zone.", at=str(at))
    local = np.array(
        [np.datetime64(at.astimezone(as_zone(name)).date(), "D") for name in accounts.zones]
    )
    today = local[accounts.zone[:, 0]]
    allowed = ~accounts.stopped
    for rule in rules:
        if rule.get("effect", "deny") != "deny" or not _about_calls(rule["params"]):
            continue
        if rule["kind"] == "contact_window" and not rule["params"].get("hours_from"):
            allowed &= _open(rule["params"], accounts, at)
        elif rule["kind"] == "frequency_cap":
            allowed &= _under(rule["params"], calls, today)
        elif rule["kind"] == "quiet_period":
            free = accounts.talked_on + np.timedelta64(rule["params"]["days"], "D")
            allowed &= np.isnat(accounts.talked_on) | (today >= free)
    return allowed


def _about_calls(params: Mapping[str, Any]) -> bool:
    channels = params.get("unit", params).get("channels")
    return "call" in channels if channels else "call" not in params.get("not_channels", ())


def _open(params: Mapping[str, Any], accounts: Accounts, at: datetime) -> np.ndarray:
    """True where the hours are open in every zone the account may be in."""
    opened = [is_open(params, at.astimezone(as_zone(name))) for name in accounts.zones]
    by_zone = np.array([*opened, True])  # position -1: no further zone
    return by_zone[accounts.zone].all(axis=1)


def _under(params: Mapping[str, Any], calls: Calls, today: np.ndarray) -> np.ndarray:
    """True where one more call stays within the cap."""
    unit = params["unit"]
    named = unit.get("outcomes") or params.get("certain")
    counts = np.array(
        [name in named if named else name not in unit.get("unconnected", ())
         for name in calls.outcomes]
    )  # fmt: skip
    ends = today[calls.account]
    since = ends - np.timedelta64(params["window_days"] - 1, "D")
    bears = counts[calls.outcome] & (calls.day >= since) & (calls.day <= ends)
    made = np.bincount(calls.account[bears], minlength=len(today))
    return made + 1 <= params["max"]
