"""The custody of the demo: an envelope counted and signed, and a hand-over that waits.

It is done through the verbs by the people who would do it, some days before the day looked at, so
that the safe, its last count and a list to accept are there on the first look.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tahsil.actions import counts, custody
from tahsil.actions._verb import Context
from tahsil.core.grammar.dates import add_months
from tahsil.queries.people import standing_of
from tahsil.store import places
from tahsil.store.models import Instrument, Person

MOVED = 6
WAITING = 4
COUNTED_BEFORE = timedelta(days=12)


def write(*, as_of: date, now: datetime) -> int:
    """Moves, counts and lists a few papers of the safe; how many papers that were."""
    people = dict(Person.objects.values_list("username", "id"))
    safe = Instrument.objects.filter(places.lying_at("safe"), account__currency="EGP")
    coming = safe.filter(matures_on__gt=add_months(as_of, 1), state="in_safe")
    papers = list(coming.order_by("matures_on", "id")[: MOVED + WAITING])
    if len(papers) < MOVED + WAITING or not {"mervat", "tarek", "huda"} <= set(people):
        return 0
    then, at = as_of - COUNTED_BEFORE, now - COUNTED_BEFORE

    def by(name: str, on: date, moment: datetime, step: str) -> Context:
        return Context(standing_of(people[name], as_of=on), on, moment, f"demo:custody:{step}")

    listed = custody.hand_over(
        by("mervat", then, at, "list"), instruments=[each.id for each in papers[:MOVED]],
        to_place="cheque_drawer", receiver_id=people["tarek"],
    )  # fmt: skip
    custody.accept(
        by("tarek", then, at, "take"), hand_over_id=listed.id, found_count=MOVED
    )  # fmt: skip
    count = counts.open_count(by("mervat", then, at, "open"), place="cheque_drawer")
    counts.enter(
        by("mervat", then, at, "enter"), count_id=count.id,
        entries=[each.number for each in papers[:MOVED]],
    )  # fmt: skip
    counts.finish(by("mervat", then, at, "finish"), count_id=count.id)
    for name in ("mervat", "tarek", "huda"):
        counts.sign(by(name, then, at, f"sign:{name}"), count_id=count.id)
    custody.hand_over(
        by("mervat", as_of, now, "waiting"), instruments=[each.id for each in papers[MOVED:]],
        to_place="cheque_drawer", receiver_id=people["tarek"], note="For next month's slips",
    )  # fmt: skip
    return len(papers)
