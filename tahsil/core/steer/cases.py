"""Cases: when the work on an account opens, goes on and closes.

A case opens when the account's rung does something, and closes when nothing is due and nothing
waits. Which rung that is comes from ladders.py; the states and verbs are CASE in
grammar/lifecycle.py; who works it is assignment.py.
"""

from __future__ import annotations

import numpy as np

from tahsil.core.steer.facts import NONE_DAYS, Facts

NOTHING, OPEN, KEEP, CLOSE = range(4)
DECISIONS = ("nothing", "open", "keep", "close")
REMINDERS = ("none", "remind", "message")  # treatments no person works, so they need no case


def is_unfinished(facts: Facts) -> np.ndarray:
    """Whether something about the account still waits: money due, promise, dispute, query, step."""
    step_set = facts.next_step_days < NONE_DAYS
    return (
        (facts.overdue_minor > 0)
        | (facts.due_today_minor > 0)
        | facts.open_promise
        | facts.disputed
        | (facts.open_queries > 0)
        | step_set
    )


def decide(facts: Facts, *, is_active: np.ndarray, has_case: np.ndarray) -> np.ndarray:
    """Per account NOTHING, OPEN, KEEP or CLOSE.

    `is_active` is whether the account's rung does something a case is for; an open case is
    closed only when the rung does nothing more and nothing is unfinished.
    """
    stays = is_active | is_unfinished(facts)
    return np.select([has_case & stays, has_case, is_active], [KEEP, CLOSE, OPEN], default=NOTHING)
