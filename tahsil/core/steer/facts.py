"""Facts: one row per account, everything a ladder or worklist may ask.

The vocabulary is closed: a policy that asks for another fact is refused. Where there is nothing
to count days from (never bounced, no instalment ahead) the number is NONE_DAYS, which is larger
than any real one. Positions give the money facts; the caller knows the rest, or leaves the
quiet value in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tahsil.core.grammar.columns import Columns
from tahsil.core.grammar.refusal import Refused
from tahsil.core.measure.ageing import Positions

NONE_DAYS = 99_999  # stands for "never" and "none" in facts that count days
NO_HOUR = 9_999  # stands for "no time agreed" in minutes of the day

VOCABULARY: dict[str, tuple[type, str]] = {
    "dpd": (int, "Days since the oldest open, undisputed obligation fell due; 0 if none is late."),
    "delinquent_days": (int, "DPD less grace and paused days."),
    "overdue_minor": (int, "Open, undisputed and past due, in the account's currency."),
    "overdue_base_minor": (int, "The same in the creditor's base currency."),
    "overdue_count": (int, "How many obligations are past due."),
    "due_today_minor": (int, "Open and due today."),
    "next_due_days": (int, "Days until the next due date after today; 99999 if there is none."),
    "next_due_minor": (int, "Open on that next due date, in the account's currency."),
    "next_due_base_minor": (int, "The same in the creditor's base currency."),
    "balance_minor": (int, "Open less unapplied, due or not."),
    "uncovered_minor": (int, "Past due and without a live cheque or mandate behind it."),
    "paid_ppm": (int, "Share of the contract price paid in cleared money, parts per million."),
    "broken_promises": (int, "Promises broken in the last 180 days; part kept is not broken."),
    "part_kept_promises": (int, "Promises kept in part only in the last 180 days."),
    "broken_days": (int, "Days since a promise was last judged broken; 99999 if none was."),
    "open_promise": (bool, "Whether a promise is open."),
    "promise_due_days": (int, "Days until the open promise is due; negative once past."),
    "disputed": (bool, "Whether a dispute is open."),
    "on_hold": (bool, "Whether a hold of treatments runs today."),
    "hardship": (bool, "Whether hardship or vulnerability is recorded and not ended."),
    "bounced_days": (int, "Days since the last bounce; 99999 if there was none."),
    "times_late": (int, "How often a line was late in the twelve months before this arrear."),
    "contacts_30d": (int, "Contacts that reached a person in the last 30 days."),
    "days_since_contact": (int, "Days since the debtor was last reached; 99999 if never."),
    "days_since_attempt": (int, "Days since the last attempt; 99999 if never."),
    "next_step_days": (int, "Days until the next step; negative once past; 99999 if none is set."),
    "callback_days": (int, "Days until the agreed call-back; 99999 if none is agreed."),
    "callback_minute": (int, "Minute of the day of that call-back; 9999 if no time is agreed."),
    "open_queries": (int, "Questions of the debtor that still wait for our answer."),
    "risk_grade": (str, "A (best) to D, or - where the account is not graded."),
}


@dataclass(frozen=True)
class Facts(Columns):
    """One row per account, in the vocabulary's words."""

    account_id: np.ndarray
    dpd: np.ndarray
    delinquent_days: np.ndarray
    overdue_minor: np.ndarray
    overdue_base_minor: np.ndarray
    overdue_count: np.ndarray
    due_today_minor: np.ndarray
    next_due_days: np.ndarray
    next_due_minor: np.ndarray
    next_due_base_minor: np.ndarray
    balance_minor: np.ndarray
    uncovered_minor: np.ndarray
    paid_ppm: np.ndarray
    broken_promises: np.ndarray
    part_kept_promises: np.ndarray
    broken_days: np.ndarray
    open_promise: np.ndarray
    promise_due_days: np.ndarray
    disputed: np.ndarray
    on_hold: np.ndarray
    hardship: np.ndarray
    bounced_days: np.ndarray
    times_late: np.ndarray
    contacts_30d: np.ndarray
    days_since_contact: np.ndarray
    days_since_attempt: np.ndarray
    next_step_days: np.ndarray
    callback_days: np.ndarray
    callback_minute: np.ndarray
    open_queries: np.ndarray
    risk_grade: np.ndarray


NEVER = (
    "next_due_days", "broken_days", "promise_due_days", "bounced_days", "days_since_contact",
    "days_since_attempt", "next_step_days", "callback_days",
)  # fmt: skip
_OF_KIND: dict[type, int | bool | str] = {int: 0, bool: False, str: "-"}
QUIET: dict[str, int | bool | str] = {
    name: _OF_KIND[kind] for name, (kind, _) in VOCABULARY.items()
}
QUIET |= dict.fromkeys(NEVER, NONE_DAYS) | {"callback_minute": NO_HOUR}
TAKEN = (
    "dpd", "delinquent_days", "overdue_minor", "overdue_count", "due_today_minor",
    "next_due_minor", "balance_minor",
)  # fmt: skip


def facts(positions: Positions, *, as_of: date, **known: np.ndarray) -> Facts:
    """The facts of every account: from its position, from what is known besides, else quiet.

    Where no other is given, arrears are uncovered and the base currency is the account's own.
    """
    unknown = sorted(set(known) - set(VOCABULARY))
    if unknown:
        raise Refused("facts.unknown", "{names} are not facts. See the list.", names=unknown)
    size = len(positions)
    columns = {name: np.full(size, quiet) for name, quiet in QUIET.items()}
    columns |= {name: getattr(positions, name) for name in TAKEN}
    columns["next_due_days"] = days_until(positions.next_due_on, as_of=as_of)
    columns["overdue_base_minor"] = columns["uncovered_minor"] = positions.overdue_minor
    columns["next_due_base_minor"] = positions.next_due_minor
    return Facts(positions.account_id, **{**columns, **known})


def one(**known: int | bool | str) -> Facts:
    """The facts of one account, quiet where not given: for trying a policy by hand."""
    account_id = np.asarray([known.pop("account_id", 1)], dtype=np.int64)
    unknown = sorted(set(known) - set(VOCABULARY))
    if unknown:
        raise Refused("facts.unknown", "{names} are not facts. See the list.", names=unknown)
    return Facts(
        account_id, **{name: np.asarray([value]) for name, value in {**QUIET, **known}.items()}
    )


def of_account(facts: Facts, account_id: int) -> dict[str, int | bool | str]:
    """The row of one account, by name; refused where there is none."""
    found = np.flatnonzero(facts.account_id == account_id)
    if not len(found):
        raise Refused("facts.no_account", "There is no account {account}.", account=account_id)
    return next(facts.take(found[:1]).rows())


def days_until(day: np.ndarray, *, as_of: date) -> np.ndarray:
    """Days from as_of to each date, negative once past; NONE_DAYS where there is no date."""
    ahead = (day - np.datetime64(as_of, "D")).astype(np.int64)
    return np.where(np.isnat(day), NONE_DAYS, ahead)


def days_since(day: np.ndarray, *, as_of: date) -> np.ndarray:
    """Days from each date to as_of; NONE_DAYS where there is no date."""
    ago = (np.datetime64(as_of, "D") - day).astype(np.int64)
    return np.where(np.isnat(day), NONE_DAYS, ago)
