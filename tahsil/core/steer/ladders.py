"""Ladders: which treatment each account gets, as rungs of dated data, severest first.

The first rung whose conditions all hold is taken; the last has none and so holds for everyone.
What facts there are is in facts.py, what tests in conditions.py. Opening and closing cases on
the answer is cases.py; whether contact is allowed at all is asked elsewhere, before acting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tahsil.core.grammar import documents
from tahsil.core.grammar.columns import Columns
from tahsil.core.grammar.documents import Faults
from tahsil.core.grammar.policy import Dated
from tahsil.core.steer import conditions
from tahsil.core.steer.conditions import Condition, Tried
from tahsil.core.steer.facts import Facts

TREATMENTS = (
    "none", "remind", "message", "call", "letter", "visit", "leader_call", "manager_call",
    "plan_offer", "settlement_offer", "formal_notice", "legal_review",
)  # fmt: skip
CHANNELS = ("none", "message", "call", "letter", "visit", "legal")
LANGUAGES = ("en", "ar", "hi")
RUNG_KEYS = ("code", "when", "treatment", "channel", "priority", "step_days", "labels")
RUNG_NEEDS = ("code", "treatment", "channel", "labels")


@dataclass(frozen=True)
class Rung:
    """One rung: when it holds, and what is done then.

    `step_days`: the treatment is due again after so many days on the rung; 0 is once.
    """

    code: str
    when: tuple[Condition, ...]
    treatment: str
    channel: str
    priority: int
    step_days: int
    labels: dict[str, str]


@dataclass(frozen=True)
class Ladder:
    """Rungs, severest first; the last holds for everyone."""

    name: str
    rungs: tuple[Rung, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The rungs' codes, severest first."""
        return tuple(rung.code for rung in self.rungs)

    def is_active(self) -> np.ndarray:
        """Per rung whether its treatment does anything."""
        return np.asarray([rung.treatment != "none" for rung in self.rungs])

    def priorities(self) -> np.ndarray:
        """Per rung its base priority."""
        return np.asarray([rung.priority for rung in self.rungs], dtype=np.int64)


@dataclass(frozen=True)
class Changes(Columns):
    """Accounts whose rung differs: codes before ('' for a new account) and after."""

    account_id: np.ndarray
    before: np.ndarray
    after: np.ndarray


@dataclass(frozen=True)
class RungAnswer:
    """One rung as it turned out for one account; `is_chosen` on the first that held."""

    code: str
    held: bool
    is_chosen: bool
    tests: tuple[Tried, ...]


def choose(ladder: Ladder, facts: Facts) -> np.ndarray:
    """Per account the index of the first rung that holds."""
    chosen = np.full(len(facts), len(ladder.rungs) - 1, dtype=np.int64)
    # Mildest first, so that a severer rung that also holds overwrites it.
    for index in reversed(range(len(ladder.rungs) - 1)):
        chosen[conditions.all_hold(ladder.rungs[index].when, facts)] = index
    return chosen


def codes_of(ladder: Ladder, chosen: np.ndarray) -> np.ndarray:
    """Per account the code of its rung."""
    return np.asarray(ladder.codes)[chosen]


def changes(account_id: np.ndarray, *, before: np.ndarray, after: np.ndarray) -> Changes:
    """The accounts whose rung code differs from the one before, in the order given."""
    moved = before != after
    return Changes(account_id[moved], before[moved], after[moved])


def explain(ladder: Ladder, facts_of_one: dict[str, Any]) -> list[RungAnswer]:
    """Every rung with every test, the value found and whether it passed, severest first."""
    answers: list[RungAnswer] = []
    is_open = True
    for rung in ladder.rungs:
        tests = tuple(conditions.tried(rung.when, facts_of_one))
        held = all(test.passed for test in tests)
        answers.append(RungAnswer(rung.code, held, held and is_open, tests))
        is_open = is_open and not held
    return answers


def due_again(ladder: Ladder, chosen: np.ndarray, days_since_treated: np.ndarray) -> np.ndarray:
    """Whether each account's treatment is due: never given on this rung, or its step has passed.

    `days_since_treated` is negative where the rung has not treated the account yet.
    """
    step = np.asarray([rung.step_days for rung in ladder.rungs])[chosen]
    is_new = days_since_treated < 0
    again = (step > 0) & (days_since_treated >= step)
    return ladder.is_active()[chosen] & (is_new | again)


def parse(document: dict[str, Any]) -> dict[str, Dated[Ladder]]:
    """The ladders of a policy document; refused with every fault in it."""
    return documents.dated(
        document, parse=_ladder, extra=("currency", "labels"), name="The ladders"
    )


def _ladder(where: str, value: Any, faults: Faults) -> Ladder | None:
    rungs = value.get("rungs") if isinstance(value, dict) else None
    if not isinstance(rungs, list) or not rungs:
        faults.note("ladder.shape", "{where} has no list of rungs.", where=where)
        return None
    documents.check_keys(where, value, allowed=("rungs",), needed=(), faults=faults)
    known = len(faults.found)
    parsed = [
        _rung(f"{where} rung {number}", entry, faults)
        for number, entry in enumerate(rungs, start=1)
    ]
    codes = [str(entry.get("code")) for entry in rungs if isinstance(entry, dict)]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1):
        faults.note("ladder.duplicate", "{where} has two rungs {rung}.", where=where, rung=code)
    taken = tuple(rung for rung in parsed if rung is not None)
    if len(faults.found) == known:
        # Only of rungs understood can it be said which of them hold for everyone.
        _check_reach(where, taken, faults)
    return Ladder(where.rsplit(" ", 1)[0], taken) if len(faults.found) == known else None


def _check_reach(where: str, rungs: tuple[Rung, ...], faults: Faults) -> None:
    if rungs[-1].when:
        faults.note(
            "ladder.last_rung",
            "The last rung of {where} ({rung}) must hold for everyone: it can have no conditions.",
            where=where,
            rung=rungs[-1].code,
        )
    for rung in rungs[:-1]:
        if not rung.when:
            faults.note(
                "ladder.hidden_rungs",
                "The rung {rung} of {where} holds for everyone, so no rung below it is reached.",
                where=where,
                rung=rung.code,
            )


def _rung(where: str, entry: Any, faults: Faults) -> Rung | None:
    if not isinstance(entry, dict):
        faults.note("policy.shape", "{where} is not a table of keys.", where=where)
        return None
    place = f"{where} ({entry.get('code')})"
    documents.check_keys(place, entry, allowed=RUNG_KEYS, needed=RUNG_NEEDS, faults=faults)
    when = conditions.parse(place, entry.get("when", []), faults)
    _check_word(place, "treatment", entry.get("treatment"), TREATMENTS, faults)
    _check_word(place, "channel", entry.get("channel"), CHANNELS, faults)
    _check_numbers(place, entry, faults)
    labels = entry.get("labels")
    spoken = labels if isinstance(labels, dict) else {}
    missing = [tongue for tongue in LANGUAGES if tongue not in spoken]
    if missing:
        faults.note(
            "ladder.labels", "{where} lacks labels in {missing}.", where=place, missing=missing
        )
        return None
    return Rung(
        str(entry.get("code")), when, str(entry.get("treatment")), str(entry.get("channel")),
        entry.get("priority", 0), entry.get("step_days", 0), dict(spoken),
    )  # fmt: skip


def _check_word(where: str, key: str, word: Any, words: tuple[str, ...], faults: Faults) -> None:
    if word is not None and word not in words:
        faults.note(
            "policy.word", "{where} has {key} {word}. It may be: {words}.",
            where=where, key=key, word=str(word), words=list(words),
        )  # fmt: skip


def _check_numbers(where: str, entry: dict[str, Any], faults: Faults) -> None:
    for key in ("priority", "step_days"):
        number = entry.get(key, 0)
        if type(number) is not int or number < 0:
            faults.note(
                "ladder.number", "{where} has {key} {text}; it must be a whole number.",
                where=where, key=key, text=str(number),
            )  # fmt: skip
