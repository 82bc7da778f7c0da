"""What time does to papers: a hold that is over ends, a paper past its term goes stale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tahsil.actions._verb import Item
from tahsil.core.book.instruments import BY_VERB
from tahsil.core.book.presenting import Terms, stale_on
from tahsil.core.grammar.dates import DAY, add_months
from tahsil.store import policies
from tahsil.store.models import Creditor, Instrument

AT_ONCE = 2_000


def over(as_of: date) -> Iterator[Item]:
    """The papers whose hold has ended by the date, as items of `instrument.resume`."""
    found = Instrument.objects.filter(state="held", held_until_on__lte=as_of).order_by("id")
    for key, until in found.values_list("id", "held_until_on").iterator(AT_ONCE):
        yield f"instrument.resume:{key}:{until}", {"instrument_id": key}


def stale(as_of: date) -> Iterator[Item]:
    """The papers the bank need not pay any more, as items of `instrument.lapse`."""
    for creditor_id, country in Creditor.objects.order_by("id").values_list("id", "country"):
        if country not in policies.codes("presenting"):
            continue
        body, _ = policies.at("presenting", country, as_of)
        terms = Terms(**body)
        found = Instrument.objects.filter(
            state__in=BY_VERB["lapse"].before,
            account__creditor_id=creditor_id,
            matures_on__lte=add_months(as_of, -terms.stale_months) + DAY,
        ).order_by("id")
        for key, matures_on in found.values_list("id", "matures_on").iterator(AT_ONCE):
            if matures_on and stale_on(matures_on, terms) <= as_of:
                yield f"instrument.lapse:{key}:{matures_on}", {"instrument_id": key}
