"""A life told day by day: the clock, who acts, what happened, and figures that must tie out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import connection

from tahsil.actions._verb import Context
from tahsil.core.grammar.authority import Standing
from tahsil.queries import account, ageing
from tahsil.queries.people import standing_of
from tahsil.run import daily
from tahsil.store.models import Adjustment, Allocation, Event, Obligation, Person
from tests.actions.money import check_money, check_standing, total
from tests.tables import table

DAY = timedelta(days=1)
PARTS = ("in_grace", "due_today", "not_due", "undated", "disputed")


class Life:
    """What people and the night do from one day on; `as_of` is the day it is now."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.hour = time(8)
        self.heard = 0  # the newest event already told

    @property
    def now(self) -> datetime:
        """The instant it is now."""
        return datetime.combine(self.as_of, self.hour, UTC)

    def who(self, name: str) -> Standing:
        """What that person may do today."""
        return standing_of(self.id_of(name), as_of=self.as_of)

    def id_of(self, name: str) -> int:
        """The number of that person."""
        return Person.objects.get(username=name).id

    def ctx(self, name: str, *, key: str = "") -> Context:
        """That person acting now."""
        return Context(self.who(name), self.as_of, self.now, key)

    def day(self) -> daily.Summary:
        """The run of today."""
        return daily.day(as_of=self.as_of, now=self.now)

    def until(self, text: str, *, each: Callable[[], None] | None = None) -> None:
        """The clock goes to that day; every day on the way has its run, then its checks."""
        last = date.fromisoformat(text)
        assert last > self.as_of
        while self.as_of < last:
            self.as_of += DAY
            self.day()
            if each is not None:
                each()

    def told(self) -> list[Event]:
        """The events since they were last told, in the order they were recorded."""
        found = list(Event.objects.filter(id__gt=self.heard).order_by("id"))
        self.heard = found[-1].id if found else self.heard
        return found

    def happened(self, text: str) -> None:
        """Since last asked exactly these events were recorded, with the facts each line names."""
        events, wanted = self.told(), table(text)
        names = [_names(row) for row in wanted] + [()] * len(events)
        assert [_row(event, of) for event, of in zip(events, names, strict=False)] == wanted


def amount(minor: int) -> str:
    """Minor units as a table writes them."""
    return f"{minor // 100}.{minor % 100:02d}"


def figures(who: Standing, account_id: int, as_of: date) -> dict[str, str]:
    """The account page's figures as a table writes them."""
    found = account.page(who, account_id, as_of=as_of).figures
    money = ("overdue", "due_today", "not_due", "undated", "unapplied", "paid")
    return {
        "as_of": as_of.isoformat(),
        **{name: amount(getattr(found, f"{name}_minor")) for name in money},
        "dpd": str(found.dpd),
    }


def check_figures(who: Standing, account_id: int, text: str) -> None:
    """The account's figures as of each line's date are those of the line, column by column."""
    for row in table(text):
        found = figures(who, account_id, date.fromisoformat(row["as_of"]))
        assert {name: found[name] for name in row} == row


def open_minor(account_id: int) -> int:
    """What the account has open, straight from the tables."""
    raised, adjusted, paid = (
        total(rows.objects.filter(account_id=account_id))
        for rows in (Obligation, Adjustment, Allocation)
    )
    return raised + adjusted - paid


def check_ties(who: Standing, account_id: int, as_of: date) -> None:
    """Ageing, cached standing and the bare tables say the same today, to the last unit."""
    report = ageing.ageing(who, as_of=as_of)
    assert set(report.ties.values()) == {0}
    check_money(account_id)
    check_standing(account_id)
    rows = [each for each in report.page.rows if each.account_id == account_id]
    if not rows:  # an account with nothing open and nothing unapplied has no row
        assert open_minor(account_id) == 0
        return
    found = rows[0].amounts
    parts = sum(found.buckets) + sum(getattr(found, f"{name}_minor") for name in PARTS)
    assert parts == open_minor(account_id)
    assert found.balance_minor == parts - found.unapplied_minor


def whole() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("store").get_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")
            found[model._meta.db_table] = cursor.fetchall()
    return found


def _names(row: dict[str, str]) -> tuple[str, ...]:
    pairs = [] if row["facts"] == "-" else row["facts"].split(" ")
    return tuple(pair.partition("=")[0] for pair in pairs)


def _row(event: Event, names: tuple[str, ...]) -> dict[str, str]:
    flat = {**event.facts, **event.facts.get("why", {}), "approvers": ",".join(event.approvers)}
    facts = " ".join(f"{name}={_said(flat, name)}" for name in names)
    return {
        "on": event.effective_on.isoformat(),
        "by": event.actor_name,
        "verb": event.verb,
        "of": event.subject.partition(":")[0],
        "facts": facts or "-",
    }


def _said(flat: dict[str, Any], name: str) -> str:
    if name in flat:
        return str(flat[name])
    return amount(flat[f"{name}_minor"]) if f"{name}_minor" in flat else "missing"
