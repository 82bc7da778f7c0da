"""How long pages take on the server: a person signs in, asks for each address many times.

Times are those of the view with its queries and template. A search with a single hit answers with
the way to the account: that answer is timed, the account page is timed by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

TIMES = 40
WARM = 5  # the first requests compile templates and statements
LETTERS = "بتجحدرسشصطعفقكلمنهو"
GIVEN = ("محمد", "أحمد", "منى", "فاطمة", "خالد", "سارة", "يوسف", "هدى")
FAMILIES = 20_000
BATCH = 20_000


def times(as_of: date) -> dict[str, dict[str, Any]]:
    """Per page its 95th percentile and mean processor time in milliseconds."""
    from django.core.management import call_command

    from tahsil.run import installation

    call_command("migrate", verbosity=0)
    installation.gather_files()
    _findable()
    manager, collector = _people()
    found = {
        "worklist, collector": _timed(collector, [f"/worklist?as_of={as_of}"]),
        "worklist, manager": _timed(manager, [f"/worklist?as_of={as_of}"]),
        "worklist, filtered": _timed(manager, _narrowed(as_of)),
        "account": _timed(manager, _accounts(as_of)),
    }
    for kind, asked in _searches().items():
        addresses = [f"/search?q={each}&as_of={as_of}" for each in asked]
        found[f"search, {kind}"] = _timed(manager, addresses)
    found["search, collector"] = _timed(collector, [f"/search?q=Ahmed&as_of={as_of}"])
    return found


def _timed(person: Any, addresses: list[str]) -> dict[str, Any]:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    walls, cpu, codes = [], 0.0, set()
    for at in range(WARM + TIMES):
        since, began = time.perf_counter(), time.process_time()
        answer = client.get(addresses[at % len(addresses)], headers={"accept-language": "en"})
        if at >= WARM:
            walls.append(time.perf_counter() - since)
            cpu += time.process_time() - began
            codes.add(answer.status_code)
    p95 = sorted(walls)[int(len(walls) * 0.95)] * 1000
    odd = codes - {200, 302}
    note = f"answered {sorted(odd)}" if odd else ""
    return {"p95_ms": p95, "cpu_ms": cpu / TIMES * 1000, "note": note}


def _people() -> list[Any]:
    """Somebody who sees everything, and a collector of the portfolio."""
    from tahsil.store.models import Person, RoleGrant, Standing

    manager, _ = Person.objects.get_or_create(username="bench", defaults={"name": "Bench"})
    RoleGrant.objects.get_or_create(
        person=manager, role="collection_manager", scope="all", since_on=date(2020, 1, 1)
    )
    listed = Standing.objects.filter(is_listed=True, collector_id__isnull=False)
    return [manager, Person.objects.get(id=listed.values_list("collector_id", flat=True)[0])]


def _narrowed(as_of: date) -> list[str]:
    """Filters and orders a manager may ask for."""
    asked = ("bucket=3", "project=2", "reason=late", "rung=before_7", "sort=overdue", "sort=dpd",
             "page=40", "q=Fatma", "q=A-77")  # fmt: skip
    return [f"/worklist?as_of={as_of}&{each}" for each in asked]


def _accounts(as_of: date) -> list[str]:
    from tahsil.store.models import Standing

    found = Standing.objects.values_list("account_id", flat=True)
    return [f"/accounts/{each}?as_of={as_of}" for each in found[: WARM + TIMES]]


def _searches() -> dict[str, list[str]]:
    """What people type, by kind; most have several hits."""
    from tahsil.store.models import ContactPoint, Instrument

    phones = list(ContactPoint.objects.filter(channel="phone").values_list("value", flat=True)[:8])
    cheques = list(Instrument.objects.values_list("number", flat=True)[40:44])
    family = [_family(at) for at in range(100, 104)]
    return {
        "name": ["Ahmed", "Mona Adel", "fat"],
        "arabic name": [f"محمد {each}" for each in family],
        "misspelt": ["Ahmet Hasen", f"{family[0][:3]}ظ{family[0][4:]}", "Fatna Saed"],
        "phone": [phones[3], phones[5][-8:], phones[7][-4:]],
        "receipt": ["R-77", "R-1234"],
        "contract": ["C-512", "C-51"],
        "cheque": cheques,
    }


def _findable() -> None:
    """Every account has a telephone, a name in Arabic, and its place in the search index."""
    from tahsil.store import search
    from tahsil.store.models import ContactPoint, PartyName, SearchTerm

    if SearchTerm.objects.exists():
        return
    for ids in _batches():
        ContactPoint.objects.bulk_create(
            ContactPoint(party_id=each, channel="phone", value=f"+2010{each * 7919 % 10**8:08d}")
            for each in ids
        )
        names = [
            (each, f"{GIVEN[each % 8]} {GIVEN[each // 8 % 8]} {_family(each % FAMILIES)}")
            for each in ids
        ]
        PartyName.objects.bulk_create(
            PartyName(party_id=each, name=name, name_key=name) for each, name in names
        )
    search.index_all()


def _batches() -> Iterator[list[int]]:
    from tahsil.store.models import Party

    ids = list(Party.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


@lru_cache(maxsize=FAMILIES)
def _family(number: int) -> str:
    """One of the family names, each made up of its own letters."""
    drawn = np.random.default_rng(number).integers(0, len(LETTERS), 6)
    return "".join(LETTERS[at] for at in drawn)
