"""Who can take accounts on a date, and what debtors speak: what assignment asks for."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.db.models import Q

from tahsil.store.models import Party, RoleGrant

COLLECTOR = "collector"
AT_ONCE = 5_000


def collectors_on(as_of: date) -> dict[int, frozenset[int]]:
    """Each person who is a collector on the date, with the projects they keep to (none: any)."""
    held = RoleGrant.objects.filter(role=COLLECTOR, since_on__lte=as_of).filter(
        Q(until_on__isnull=True) | Q(until_on__gt=as_of)
    )
    places: dict[int, set[int]] = {}
    anywhere: set[int] = set()
    for person_id, scope, place_id in held.values_list("person_id", "scope", "place_id"):
        places.setdefault(person_id, set())
        if scope == "project" and place_id:
            places[person_id].add(place_id)
        else:
            anywhere.add(person_id)
    return {
        person_id: frozenset() if person_id in anywhere else frozenset(found)
        for person_id, found in places.items()
    }


def languages_of(party_ids: list[int]) -> np.ndarray:
    """The language of each party, in the order given."""
    found: dict[int, str] = {}
    for start in range(0, len(party_ids), AT_ONCE):
        part = party_ids[start : start + AT_ONCE]
        found |= dict(Party.objects.filter(id__in=part).values_list("id", "language"))
    return np.asarray([found[party_id] for party_id in party_ids])
