"""When and where we may make contact: hours by every plausible zone, told times, told places.

Windows are [open, close) on the local day. The instant that counts is that of sending. A told
time binds as the shipped hours do; it is judged in every zone the consumer may be in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tahsil.core.conduct.counting import WEEKDAYS
from tahsil.core.conduct.facts import Case, Happening, as_day, as_names, minutes
from tahsil.core.conduct.verdict import ASK, DENY, Finding

TOLD = ("consumer_statement", "creditor_file_note", "customer_request")
PLAIN = {"type", "at", "tz", "debts", "channel", "address", "written"}
WHEREABOUTS = ("place", "whereabouts", "known_whereabouts", "known_location", "consumer_location")
READ = {
    "not_on_weekdays",
    "windows_closed",
    "windows_open",
    "not_before",
    "not_after",
    "until",
    "from",
    "place_closed",
    "on_weekdays",
    "reason",
    "channels",
    "said",
}


def hours(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Outside the hours in any plausible zone: the rule's effect; inside in all: passed."""
    params = rule["params"]
    if not case.is_contact or not in_channels(params, case) or is_same_call(case):
        return None
    assert case.proposed
    if case.proposed.at is None:
        return Finding(ASK, (), "missing_facts", missing=("proposed.at",))
    if not case.has_zone:
        return Finding(ASK, (), "missing_facts", missing=("tz",))
    window, effect = _window(params, case), rule.get("effect", DENY)
    if params.get("hours_from") and not case.raw.get(params["hours_from"]):
        effect = ASK  # nobody said the hours; those assumed cannot forbid
    at = case.proposed.at
    code = params.get("code", rule["id"])
    figures: dict[str, Any] = (
        {} if len(case.zones) < 2 else {"allowed_window_local_tz": common(window, case, at)}
    )
    if _agreed(case) or all(is_open(window, at.astimezone(zone)) for zone in case.zones):
        return Finding(legal_effect=params.get("passes", ""), figures=figures)
    if params.get("reply") and replied(case):
        return Finding(reasons=(params["reply"],), legal_effect=params.get("passes", ""))
    free = next_open(window, case.zones, at)
    if free:
        figures = {**figures, "earliest_at": free.astimezone(at.tzinfo).isoformat()}
    return Finding(effect, (code,), params.get("legal_effect", ""), figures)


def told(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """At a time or place the consumer is known to find inconvenient."""
    params = rule["params"]
    if not case.is_contact or not in_channels(params, case):
        return None
    assert case.proposed
    passed = Finding(legal_effect=params.get("passes", ""))
    reply = Finding(reasons=as_names(params.get("reply")), legal_effect=params.get("passes", ""))
    if (blocked := _said_now(rule, case)) is not None:
        return blocked
    unread: list[str] = []
    for fact in case.standing(*TOLD):
        wish = fact.get("rule") if isinstance(fact.get("rule"), Mapping) else fact.raw
        unread += _unknown(fact, wish)
        if not _in_force(wish, case):
            continue
        closed = (
            _closed_now(wish, case) if params["of"] == "time" else _closed_place(wish, case, params)
        )
        if closed:
            if params.get("reply") and replied(case):
                return reply
            return Finding(DENY, (params.get("code", rule["id"]),), params.get("legal_effect", ""))
        elif params["of"] == "place" and _may_be_there(wish, case, params):
            unread.append("proposed.address_kind")
    if unread:
        return Finding(ASK, (), "missing_facts", missing=tuple(unread))
    return passed


def in_channels(params: Mapping[str, Any], case: Case) -> bool:
    """True where the rule is about the intended channel."""
    channel = case.proposed.channel if case.proposed else ""
    if channel in params.get("not_channels", ()):
        return False
    return params.get("channels") is None or channel in params["channels"]


def replied(case: Case) -> bool | None:
    """True for one answer by the consumer's own medium to a message not answered before."""
    asked = case.proposed
    if asked is None or not asked.get("in_reply_to"):
        return None
    for event in case.before():
        if event.is_out or event.raw.get("at") != asked.get("in_reply_to"):
            continue
        answers = [
            e
            for e in case.before()
            if e.is_out and e is not event and e.get("in_reply_to") == event.raw.get("at")
        ]
        if event.channel == asked.channel and not answers:
            return True
    return None


def is_same_call(case: Case) -> bool:
    """True where the act is part of a call on record that is already going on."""
    act = case.proposed
    if act is None or not act.get("same_call"):
        return False
    return any(event.channel == act.channel and event.day == act.day for event in case.before())


def is_open(window: Mapping[str, Any], local: datetime) -> bool:
    """True where the local moment lies in the window of its day."""
    days = window.get("days")
    if days is not None and WEEKDAYS[local.weekday()] not in days:
        return False
    since = local.hour * 60 + local.minute
    return minutes(window["open"]) <= since < minutes(window["close"])


def next_open(
    window: Mapping[str, Any], zones: tuple[ZoneInfo, ...], at: datetime
) -> datetime | None:
    """The first moment after `at` that is open in every zone, within eight days."""
    starts = []
    for zone in zones:
        local = at.astimezone(zone).date()
        for ahead in range(9):
            day = local + timedelta(days=ahead)
            starts.append(_clock(day, window["open"], zone))
    later = sorted(start for start in starts if start > at)
    return next(
        (
            start
            for start in later
            if all(is_open(window, start.astimezone(zone)) for zone in zones)
        ),
        None,
    )


def common(window: Mapping[str, Any], case: Case, at: datetime) -> dict[str, str]:
    """The hours of that day open in every zone, told by the clock of the first."""
    first = case.zones[0]
    day = at.astimezone(first).date()
    opens = max(_clock(day, window["open"], zone) for zone in case.zones).astimezone(first)
    closes = min(_clock(day, window["close"], zone) for zone in case.zones).astimezone(first)
    return {"tz": str(first), "from": opens.strftime("%H:%M"), "to": closes.strftime("%H:%M")}


def _clock(day: date, text: str, zone: ZoneInfo) -> datetime:
    whole, rest = divmod(minutes(text), 24 * 60)
    wall = time(rest // 60, rest % 60)
    return datetime.combine(day + timedelta(days=whole), wall, tzinfo=zone)


def _window(params: Mapping[str, Any], case: Case) -> dict[str, Any]:
    given = case.raw.get(params.get("hours_from", "")) or params
    return {
        "open": given.get("open") or given.get("from"),
        "close": given.get("close") or given.get("to"),
        "days": given.get("days"),
    }


def _agreed(case: Case) -> bool:
    """True where the consumer told us that this very time suits."""
    assert case.proposed
    at = case.proposed.at
    assert at
    for fact in case.standing(*TOLD, "consent"):
        wish = fact.get("rule") if isinstance(fact.get("rule"), Mapping) else {}
        for window in (wish or {}).get("windows_open", ()):
            if all(_inside(window, at.astimezone(zone)) for zone in case.zones):
                return True
    return False


def _said_now(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Within a call the consumer finds inconvenient, only a better time may be asked for."""
    assert case.proposed
    params = rule["params"]
    if not is_same_call(case) or "script" not in case.proposed.raw:
        return None
    said = [word for event in case.before() for word in event.listed("consumer_said")]
    if not any("inconvenient" in word for word in said) or params["of"] != "time":
        return None
    script = str(case.proposed.get("script"))
    if script in params.get("may_ask", ()):
        return Finding(legal_effect=params.get("passes", ""))
    code = params["consent_code"] if "consent" in script else params.get("code", rule["id"])
    return Finding(DENY, (code,), params.get("legal_effect", ""))


def _unknown(fact: Happening, wish: Mapping[str, Any]) -> Iterator[str]:
    if wish is fact.raw:
        yield from (f"state.{key}" for key in wish if key not in READ | PLAIN)
    else:
        yield from (f"state.rule.{key}" for key in wish if key not in READ)


def _in_force(wish: Mapping[str, Any], case: Case) -> bool:
    assert case.proposed
    day = case.proposed.day
    if day is None or not set(as_names(wish.get("channels")) or (case.proposed.channel,)) & {
        case.proposed.channel
    }:
        return day is None
    until, since = wish.get("until"), wish.get("from")
    if until and day > as_day(until, "until"):
        return False
    return not (since and day < as_day(since, "from"))


def _closed_now(wish: Mapping[str, Any], case: Case) -> bool:
    assert case.proposed
    at = case.proposed.at
    return at is not None and any(_closed(wish, at.astimezone(zone)) for zone in case.zones)


def _closed(wish: Mapping[str, Any], local: datetime) -> bool:
    since, weekday = local.hour * 60 + local.minute, WEEKDAYS[local.weekday()]
    if weekday in as_names(wish.get("not_on_weekdays")):
        return True
    if wish.get("on_weekdays") and weekday not in as_names(wish["on_weekdays"]):
        return True
    if wish.get("not_before") and since < minutes(wish["not_before"]):
        return True
    if wish.get("not_after") and since >= minutes(wish["not_after"]):
        return True
    if any(_inside(window, local) for window in wish.get("windows_closed", ())):
        return True
    opened = wish.get("windows_open")
    return bool(opened) and not any(_inside(window, local) for window in opened or ())


def _inside(window: Mapping[str, Any], local: datetime) -> bool:
    """True inside [from, to); a window over midnight belongs to the day it began on."""
    since, opens, closes = (
        local.hour * 60 + local.minute,
        minutes(window["from"]),
        minutes(window["to"]),
    )
    weekday, days = local.weekday(), window.get("days")
    if opens <= closes:
        return opens <= since < closes and (days is None or WEEKDAYS[weekday] in days)
    if since >= opens:
        return days is None or WEEKDAYS[weekday] in days
    return since < closes and (days is None or WEEKDAYS[weekday - 1] in days)


def _may_be_there(wish: Mapping[str, Any], case: Case, params: Mapping[str, Any]) -> bool:
    """True for a call to a line of unsaid kind: it may ring in the place that is barred."""
    act = case.proposed
    assert act
    tied = params.get("tied", {}).get(wish.get("place_closed"))
    return bool(tied) and act.channel == "call" and not act.get("address_kind")


def _closed_place(wish: Mapping[str, Any], case: Case, params: Mapping[str, Any]) -> bool:
    assert case.proposed
    place = wish.get("place_closed")
    if not place:
        return False
    tied = params.get("tied", {}).get(place, ())
    at = case.proposed
    return place in {at.get(key) for key in WHEREABOUTS} or bool(
        {at.get("address_kind"), at.channel} & set(tied)
    )
