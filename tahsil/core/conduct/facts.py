"""The facts of one case, read once: what is intended, what was done before, what stands.

A case arrives as the dicts and lists a JSON reader makes of it. What cannot be read is refused
with the place it stands at; what is read but known to no rule is the evaluator's to name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tahsil.core.grammar.refusal import Refused, RefusedAll

UTC = ZoneInfo("UTC")
# Asking whether something is missing must differ from asking whether it is none.
ABSENT = object()


@dataclass(frozen=True)
class Happening:
    """Something of the past or the intended: when, which way, by what, to whom, about what."""

    at: datetime | None
    raw: Mapping[str, Any]

    @property
    def day(self) -> date | None:
        """The local day it fell on."""
        return self.at.date() if self.at else None

    @property
    def instant(self) -> datetime:
        """The moment by one clock for all: local clocks run an hour twice in autumn."""
        return self.at.astimezone(UTC) if self.at else datetime.min.replace(tzinfo=UTC)

    @property
    def is_out(self) -> bool:
        """True where we did it; the records say otherwise only when they say `in`."""
        return self.raw.get("dir", "out") == "out"

    @property
    def channel(self) -> str:
        """By what: call, sms, email, …; empty where it is not said."""
        return str(self.raw.get("channel", ""))

    @property
    def kind(self) -> str:
        """The type of a question, a standing fact or an event that is no contact."""
        return str(self.raw.get("type", ""))

    @property
    def person(self) -> str:
        """Whom it was with; the consumer unless somebody else is named."""
        return str(self.raw.get("to") or "consumer")

    def get(self, key: str, default: Any = None) -> Any:
        """What the record says under a key."""
        return self.raw.get(key, default)

    def listed(self, key: str) -> tuple[str, ...]:
        """What the record lists under a key; empty where it lists nothing."""
        return as_names(self.raw.get(key))


@dataclass(frozen=True)
class Case:
    """One question of conduct with all that is known for answering it."""

    raw: Mapping[str, Any]
    zone: ZoneInfo
    zones: tuple[ZoneInfo, ...]
    history: tuple[Happening, ...] = ()
    state: tuple[Happening, ...] = ()
    proposed: Happening | None = None
    debts: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)

    @property
    def regime(self) -> str:
        """The one body of rules asked about; empty asks them all."""
        return str(self.raw.get("regime", ""))

    @property
    def has_zone(self) -> bool:
        """False where an instant has an offset, and nothing says by what clock they live."""
        act = self.proposed
        named = self.raw.get("tz") or (act and act.get("tz")) or self.zones != (UTC,)
        return (
            bool(named) or act is None or datetime.fromisoformat(str(act.get("at"))).tzinfo is None
        )

    @property
    def is_contact(self) -> bool:
        """True where the question is whether something may be sent, said or visited."""
        return bool(self.proposed and self.proposed.channel and not self.proposed.kind)

    @property
    def on(self) -> date | None:
        """The day the question is about; none where the case names none."""
        if self.proposed and self.proposed.day:
            return self.proposed.day
        for key in ("as_of", "at", "apply_on", "petition", "terminated"):
            if self.raw.get(key):
                return as_day(self.raw[key], key)
        return None

    def before(self) -> Iterator[Happening]:
        """The past events up to the intended moment, in their order."""
        return (event for event in self.history if self._is_by_then(event))

    def standing(self, *kinds: str) -> Iterator[Happening]:
        """The standing facts of these kinds that were known by the intended moment."""
        return (fact for fact in self.state if fact.kind in kinds and self._is_by_then(fact))

    def _is_by_then(self, event: Happening) -> bool:
        act = self.proposed
        if act is None or act.at is None or event.at is None:
            return True
        return event.instant <= act.instant

    def fact(self, path: str) -> Any:
        """The value at a dotted path, or ABSENT; `proposed.channel` looks into what is intended."""
        if path in DERIVED:
            return DERIVED[path](self)
        found: Any = self.raw
        for key in path.split("."):
            if not isinstance(found, Mapping) or key not in found:
                return ABSENT
            found = found[key]
        return found

    def day_of(self, path: str) -> date | None:
        """The date at a dotted path; none where it is missing or empty."""
        found = self.fact(path)
        return None if found in (ABSENT, None, "") else as_day(found, path)


def read_case(raw: Any) -> Case:
    """The case the facts describe; refused with every place that cannot be read."""
    if not isinstance(raw, Mapping):
        raise Refused(
            "conduct.shape",
            "A case is a table of facts; this one is {found}.",
            found=type(raw).__name__,
        )
    faults: list[Refused] = []

    def tried(reader: Any, *asked: Any) -> Any:
        try:
            return reader(*asked)
        except Refused as refused:
            faults.append(refused)
            return None

    inner = raw.get("proposed") if isinstance(raw.get("proposed"), Mapping) else {}
    zone = tried(as_zone, raw.get("tz") or (inner or {}).get("tz") or "UTC") or UTC
    history = [
        tried(_happening, event, zone, f"history {number}")
        for number, event in enumerate(_list(raw, "history"), start=1)
    ]
    state = [
        tried(_happening, fact, zone, f"state {number}")
        for number, fact in enumerate(_list(raw, "state"), start=1)
    ]
    proposed = None
    if raw.get("proposed") is not None:
        proposed = tried(_happening, raw["proposed"], zone, "proposed")
    places = (raw.get("consumer") or {}).get("locations") or ()
    zones = [tried(as_zone, place.get("tz")) for place in places if place.get("tz")]
    if faults:
        raise RefusedAll(
            "conduct.unreadable",
            "{count} facts of this case cannot be read, so it was not judged.",
            faults,
            count=len(faults),
        )
    return Case(
        raw=raw,
        zone=zone,
        zones=tuple(dict.fromkeys(zones)) or (zone,),
        history=tuple(sorted(history, key=lambda event: event.instant)),
        state=tuple(state),
        proposed=proposed,
        debts=tuple(raw.get("debts") or ()),
    )


def _list(raw: Mapping[str, Any], key: str) -> list[Any]:
    """The entries under a key; a province is also called a state, and is no entry."""
    found = raw.get(key)
    return found if isinstance(found, list) else []


def _happening(raw: Any, zone: ZoneInfo, where: str) -> Happening:
    if not isinstance(raw, Mapping):
        raise Refused("conduct.entry", "{where} is not a table of facts.", where=where)
    at = raw.get("at")
    own = as_zone(raw["tz"]) if raw.get("tz") else zone
    return Happening(as_moment(at, own, where) if at else None, raw)


@lru_cache(maxsize=1024)
def as_zone(name: Any) -> ZoneInfo:
    """The time zone of a name; refused where no such zone is known."""
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError) as unknown:
        raise Refused(
            "conduct.zone", "{zone} is not a time zone. Name one as in Asia/Dubai.", zone=str(name)
        ) from unknown


def as_moment(value: Any, zone: ZoneInfo, where: str) -> datetime:
    """The instant of a text, in the zone unless it carries its own offset."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as unread:
        raise _no_date(where, value) from unread
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)


def as_day(value: Any, where: str) -> date:
    """The date of a value, which may be a date, a moment or its text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError as unread:
        raise _no_date(where, value) from unread


def as_names(value: Any) -> tuple[str, ...]:
    """A list of words from a list, one word, or nothing."""
    if value is None or value is ABSENT or value is False:
        return ()
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(str(item) for item in value)
    return (str(value),)


def minutes(text: Any) -> int:
    """The minutes since midnight of `08:00`; `24:00` is the day's end."""
    hour, _, minute = str(text).partition(":")
    try:
        return int(hour) * 60 + int(minute or 0)
    except ValueError as unread:
        raise Refused(
            "conduct.hour", "{text} is not a time of day. Write it as 08:00.", text=str(text)
        ) from unread


def days_from(day: date, count: int) -> date:
    """The day so many days later."""
    return day + timedelta(days=count)


def _no_date(where: str, value: Any) -> Refused:
    return Refused(
        "conduct.date", "{where} has {text}, which is not a date.", where=where, text=str(value)
    )


def _wrote_from_here(case: Case) -> bool:
    """True where the consumer wrote to us from this kind of address, and has not opted out."""
    act = case.proposed
    return act is not None and any(
        not event.is_out
        and event.channel == act.channel
        and event.get("address_kind") == act.get("address_kind")
        and not event.get("opt_out")
        for event in case.before()
    )


def _time_barred(case: Case) -> bool:
    """True where the claim on one of the debts could no longer be sued on that day."""
    act = case.proposed
    named = set(act.listed("debts")) if act else set()
    ended = [
        as_day(debt["limitation_expired_on"], "limitation_expired_on")
        for debt in case.debts
        if debt.get("limitation_expired_on") and (not named or debt.get("id") in named)
    ]
    return any(case.on is None or day < case.on for day in ended)


def _returned(case: Case) -> bool:
    """True where the last message to this address came back."""
    act = case.proposed
    back = False
    for event in case.before():
        same = not event.get("address") or not act or event.get("address") == act.get("address")
        words = (event.kind, str(event.get("outcome", "")))
        if same and event.is_out:
            back = any(part in word for word in words for part in ("undeliver", "bounce", "return"))
    return back


def _condonation(case: Case) -> str:
    """Refused where the record says that no delay was or will be condoned."""
    said = [value for key, value in case.raw.items() if "condon" in key]
    return "refused" if said and not any(said) else "open"


def _envelope(case: Case) -> str | None:
    """Marked where the envelope hints at collection; none where nothing is said of it."""
    act = case.proposed
    said = [value for key, value in (act.raw.items() if act else ()) if key.startswith("envelope")]
    said += [value for key, value in case.raw.items() if key.startswith("envelope")]
    if not said:
        return None
    return "plain" if all(value in (False, None, "plain", "") for value in said) else "marked"


def _land(case: Case) -> bool:
    """True where the contract is for land, not for a unit."""
    words = (str(value).split("_") for key, value in case.raw.items() if key != "regime")
    return any("land" in word for word in words)


def _resale_fee(case: Case) -> bool:
    """True where a fee or share is taken on the owner's resale."""
    return any(
        "resale" in f"{key} {value}" and value not in (0, False, None)
        for key, value in case.raw.items()
        if key != "regime"
    )


def _promotional(case: Case) -> bool:
    """True where the purpose is to sell."""
    return any(part in str(case.raw.get("purpose", "")) for part in ("promot", "market"))


def _cheque_form(case: Case) -> str | None:
    """What paper the cheque is written on, as far as the record says."""
    found = case.raw.get("cheque_form") or case.raw.get("form")
    return str(found) if found else None


DERIVED = {
    "_cheque_form": _cheque_form,
    "_resale_fee": _resale_fee,
    "_promotional": _promotional,
    "_condonation": _condonation,
    "_envelope": _envelope,
    "_land": _land,
    "_wrote_from_here": _wrote_from_here,
    "_time_barred": _time_barred,
    "_returned": _returned,
}
