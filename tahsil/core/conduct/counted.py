"""Which calls count, to which debt, and which are excluded: the ground of caps and quiet periods.

A call counts to the debts it was begun about, a voicemail to each debt it names; any other call
to one of the debts intended, as the collector chose or may still choose. Loans under one account
at placement are one debt. Counting is done anew each time: a number found later to be somebody
else's takes its calls out of the count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tahsil.core.conduct.conditions import as_number
from tahsil.core.conduct.facts import Case, Happening, as_day, as_names

UNNAMED = frozenset({"unnamed"})
MISDIRECTED = ("wrong_number", "misdirect", "belongs_to", "not_the_consumer", "reassigned")


@dataclass(frozen=True)
class Counted:
    """One call that bears on a cap: its day, and what it counts to or might."""

    event: Happening
    fixed: frozenset[str]
    one_of: frozenset[str]
    excluded: bool = False

    @property
    def day(self) -> date:
        """The local day of the call."""
        assert self.event.day
        return self.event.day


def groups(case: Case) -> dict[str, str]:
    """What each debt is counted as: itself, or the account its loans were placed under."""
    return {
        str(debt.get("id")): f"account:{debt['account_at_placement']}"
        if debt.get("kind") == "student_loan" and debt.get("account_at_placement")
        else str(debt.get("id"))
        for debt in case.debts
    }


def calls(case: Case, params: Mapping[str, Any], events: Iterable[Happening]) -> list[Counted]:
    """The calls made that count or would, were they not excluded by consent."""
    groups_of, past = groups(case), list(events)
    wrong = _wrong_numbers(case)
    found = []
    for event in past:
        if not _counts(event, params) or (wrong & set(event.listed("address"))):
            continue
        if event.get("outcome") and _says(event.get("outcome"), MISDIRECTED):
            continue
        fixed, one_of = attributed(event, groups_of)
        about = fixed | one_of
        found.append(Counted(event, fixed, one_of, bool(consent_for(case, event, about))))
    return found


def attributed(
    event: Happening, groups_of: Mapping[str, str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The debts a call counts to, and those of which it counts to any one."""

    def named(*keys: str) -> frozenset[str]:
        return frozenset(groups_of.get(name, name) for key in keys for name in event.listed(key))

    if event.get("counted_to") is not None:
        return named("counted_to"), frozenset()
    if chosen := named("refers_to", "initiated_about"):
        return chosen, frozenset()
    about = named("debts", "intended_debts")
    if not about:  # not recorded, so it may be any of them: it counts to each
        return frozenset(groups_of.values()) or UNNAMED, frozenset()
    outcome = event.get("outcome")
    if outcome == "conversation" and event.get("discussed"):
        return (about & named("discussed")) or named("discussed"), frozenset()
    if len(about) == 1 or outcome == "voicemail":
        return about, frozenset()
    return frozenset(), about


def talked_about(event: Happening, groups_of: Mapping[str, str]) -> frozenset[str]:
    """The debts a conversation was about, whoever began it; all its debts unless it says which."""
    if event.get("outcome") != "conversation":
        return frozenset()
    said = event.get("discussed")
    names = (
        as_names(said)
        if said is not None
        else (*event.listed("debts"), *event.listed("intended_debts"))
    )
    if said is None and not names:
        return frozenset(groups_of.values()) or UNNAMED
    return frozenset(groups_of.get(name, name) for name in names)


def debts_of(case: Case, call: Happening) -> frozenset[str]:
    """The debts an intended call is about; where that is not said, every debt on record."""
    groups_of = groups(case)
    named = call.listed("debts") or tuple(groups_of)
    past = (name for event in case.before() for name in event.listed("debts"))
    about = frozenset(groups_of.get(name, name) for name in named or past)
    return about | (frozenset() if named else UNNAMED)


def consent_for(case: Case, call: Happening, debts: frozenset[str]) -> tuple[date, date] | None:
    """The consent under which the call is excluded, as its first and last day."""
    groups_of = groups(case)
    for given in case.history + case.state:
        said = given.get("consent") or (
            given.raw if given.kind in ("consent", "prior_consent") else None
        )
        if (
            not isinstance(said, Mapping)
            or not given.at
            or not call.at
            or given.instant >= call.instant
        ):
            continue
        if said.get("given_to") not in (None, "collector", "this_collector"):
            continue
        first = given.at.date()
        last = first + timedelta(days=6)
        days = {as_day(day, "consent") for day in as_names(said.get("for_dates"))}
        about = frozenset(groups_of.get(name, name) for name in as_names(said.get("debts")))
        if (
            call.at.date() > last
            or (days and call.at.date() not in days)
            or (about and debts and not about & debts)
            or said.get("channel", "call") != "call"
            or _differs(said.get("address"), call.get("address"))
            or _ended(case, given, call, groups_of, about or debts)
        ):
            continue
        return first, last
    return None


def totals(
    found: Sequence[Counted], debts: Iterable[str], since: date, until: date
) -> dict[str, int]:
    """The calls counted to each debt in [since, until]; free ones go where fewest are."""
    sums = dict.fromkeys(debts, 0)
    bearing = [call for call in found if since <= call.day <= until and not call.excluded]
    for call in bearing:
        for debt in call.fixed:
            sums[debt] = sums.get(debt, 0) + 1
    for call in bearing:
        if call.one_of:
            least = min(sorted(call.one_of), key=lambda debt: sums.get(debt, 0))
            sums[least] = sums.get(least, 0) + 1
    return sums


def soften(params: Mapping[str, Any], case: Case) -> str | None:
    """The rebuttal factor that makes a presumed violation a matter of approval, by its code."""
    if not case.proposed:
        return None
    purpose = str(case.proposed.get("purpose", ""))
    for factor in params.get("soften", ()):
        if not any(word in purpose for word in factor["purpose"]):
            continue
        wanted, harm = factor.get("said"), case.proposed.get("harm") or {}
        if wanted and not any(
            _says(word, wanted) for event in case.before() for word in event.listed("consumer_said")
        ):
            continue
        if factor.get("outside_control") and harm.get("in_collectors_control") is not False:
            continue
        return str(factor["code"])
    return None


def over(count: int, params: Mapping[str, Any]) -> bool:
    """True where the count is above the cap."""
    return as_number(count) > as_number(params["max"])


def _counts(event: Happening, params: Mapping[str, Any]) -> bool:
    unit = params["unit"]
    if not event.is_out or event.channel not in unit["channels"] or event.at is None:
        return False
    outcome = str(event.get("outcome", ""))
    if "outcomes" in unit:
        return outcome in unit["outcomes"]
    return outcome not in unit.get("unconnected", ())


def _wrong_numbers(case: Case) -> set[str]:
    def learned(events: Iterable[Happening]) -> Iterator[str]:
        for event in events:
            words = (event.kind, str(event.get("outcome", "")), *event.listed("flags"))
            if any(_says(word, MISDIRECTED) for word in words):
                yield from event.listed("address")

    return set(learned(case.before())) | set(learned(case.state))


def _ended(
    case: Case,
    given: Happening,
    call: Happening,
    groups_of: Mapping[str, str],
    debts: frozenset[str],
) -> bool:
    """True where the consent was revoked, or used up by a conversation, before the call."""
    assert given.at
    assert call.at
    for event in case.history:
        if event is given or not event.at or not given.instant < event.instant < call.instant:
            continue
        if event.get("revokes_consent") or event.kind == "consent_revoked":
            return True
        talked = talked_about(event, groups_of)
        if talked and (not debts or talked & debts):
            return True
    return False


def _differs(one: Any, other: Any) -> bool:
    return bool(one and other and one != other)


def _says(word: Any, parts: Iterable[str]) -> bool:
    return any(part in str(word) for part in parts)
