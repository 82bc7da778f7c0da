"""Clocks after a returned cheque: by which day the law wants which step, and how each stands.

A clock follows from the day of the memo, the paper's date and the steps recorded; nothing of it
is kept. Terms are policy data of each country (policies/clocks.yaml).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tahsil.core.grammar.dates import DAY, add_months
from tahsil.core.grammar.refusal import Refused

UNITS = ("days", "months", "years")
RUNNING, OVER, MET = "running", "over", "met"
# In which states the return still stands: paid, replaced or handed back ends every clock.
UNSETTLED = ("bounced", "partially_paid", "under_collection", "with_legal", "in_court", "stale")


@dataclass(frozen=True, slots=True)
class Step:
    """Something done that is recorded with its document; `after` is the step it follows."""

    code: str
    after: str = ""
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clock:
    """One term: from when, how long, met by which step, whose it is, by which law."""

    code: str
    starts: str
    count: int
    unit: str
    whose: str
    law: str
    is_verified: bool
    met_by: str = ""
    labels: dict[str, str] = field(default_factory=dict)

    def due_on(self, since: date) -> date:
        """The last day of the term that began on that day, which itself does not count."""
        if self.unit == "days":
            return since + timedelta(days=self.count)
        return add_months(since, self.count * (12 if self.unit == "years" else 1))


@dataclass(frozen=True, slots=True)
class Standing:
    """How one clock stands: running with days left, over, or met on a day."""

    clock: Clock
    since_on: date
    due_on: date
    met_on: date | None
    state: str
    days_left: int

    @property
    def is_late(self) -> bool:
        """Whether our own term ran out, or was met only after it had."""
        late = self.state == OVER or (self.met_on is not None and self.met_on > self.due_on)
        return late and self.clock.whose == "ours"


@dataclass(frozen=True, slots=True)
class Terms:
    """The steps and clocks of one country."""

    steps: tuple[Step, ...]
    clocks: tuple[Clock, ...]

    def step(self, code: str) -> Step:
        """The step of that code; refused, with those there are, where it is none."""
        found = next((each for each in self.steps if each.code == code), None)
        if found is None:
            raise Refused(
                "step.unknown",
                "{step} is no step after a returned cheque here. Known: {known}.",
                step=code or "-",
                known=[each.labels or each.code for each in self.steps],
            )
        return found


def terms_of(body: Mapping[str, Any]) -> Terms:
    """A policy's body as steps and clocks; refused where a clock could never start or be met."""
    steps = tuple(Step(**each) for each in body["steps"])
    clocks = tuple(Clock(**each) for each in body["clocks"])
    known = {each.code for each in steps}
    starts = {"matures", "memo", *known, *(f"{each.code}.end" for each in clocks)}
    wrong = [
        each.code for each in clocks
        if each.starts not in starts or each.unit not in UNITS or each.count <= 0
        or (each.met_by and each.met_by not in known) or each.whose not in ("ours", "drawer")
    ]  # fmt: skip
    wrong += [each.code for each in steps if each.after and each.after not in known]
    if wrong:
        raise Refused(
            "clocks.unreadable",
            "These clocks start at nothing known, or are met by no step: {wrong}.",
            wrong=wrong,
        )
    return Terms(steps, clocks)


def standings(
    terms: Terms, days: Mapping[str, date], *, done: Collection[str] = (), as_of: date
) -> list[Standing]:
    """How each clock that has started stands, nearest day first; those met come last.

    `days` are those of `matures`, `memo` and of each step recorded; `done` are starts that are
    settled otherwise, such as `matures` of a paper that was presented again.
    """
    known, found = dict(days), []
    for clock in terms.clocks:  # a clock that starts at another's end stands after it
        since = known.get(clock.starts)
        if since is None or since > as_of or clock.starts in done:
            continue
        due = clock.due_on(since)
        met = days.get(clock.met_by) if clock.met_by else None
        state = MET if met else OVER if as_of > due else RUNNING
        if state == OVER:
            known[f"{clock.code}.end"] = due + DAY  # the day after, which starts the next
        found.append(Standing(clock, since, due, met, state, max((due - as_of).days, 0)))
    return sorted(found, key=lambda each: (each.state == MET, each.due_on))


def nearest(found: Collection[Standing]) -> Standing | None:
    """The clock that wants something first; none where none runs."""
    return next((each for each in found if each.state == RUNNING), None)


def foremost(found: Collection[Standing]) -> Standing | None:
    """The clock to look at: the nearest that runs, else the last of ours that ran out."""
    over = [each for each in found if each.state == OVER and each.clock.whose == "ours"]
    return nearest(found) or (over[-1] if over else None)


def check_step(terms: Terms, code: str, on: date, days: Mapping[str, date], as_of: date) -> None:
    """Refuses a step that is known already, comes before what it follows, or is not yet."""
    step = terms.step(code)
    if code in days:
        raise Refused(
            "step.known",
            "“{label}” is recorded already, on {on}. Take that back first if it is wrong.",
            label=step.labels or code, on=days[code],
        )  # fmt: skip
    if step.after and step.after not in days:
        raise Refused(
            "step.order",
            "“{label}” follows “{before}”, which is not recorded. Record that first.",
            label=step.labels or code, before=terms.step(step.after).labels or step.after,
        )  # fmt: skip
    earliest = days.get(step.after) or days["memo"]
    if not earliest <= on <= as_of:
        raise Refused(
            "step.day",
            "“{label}” can be from {earliest} to {latest}, not on {on}.",
            label=step.labels or code, earliest=earliest, latest=as_of, on=on,
        )  # fmt: skip
