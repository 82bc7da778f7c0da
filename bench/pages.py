"""How long pages take on the server: a person signs in, asks for each address many times.

Which addresses: tahsil/web. Times are those of the view with its queries and template.
"""

from __future__ import annotations

import time
from datetime import date

TIMES = 30


def times(as_of: date) -> str:
    """The 95th percentile and processor time of each page, as text."""
    from django.test import Client

    from tahsil.run import installation
    from tahsil.store.models import Person, RoleGrant, Standing

    installation.gather_files()
    manager, _ = Person.objects.get_or_create(username="bench", defaults={"name": "Bench"})
    RoleGrant.objects.get_or_create(
        person=manager, role="collection_manager", scope="all", since_on=date(2020, 1, 1)
    )
    client = Client()
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    accounts = list(Standing.objects.values_list("account_id", flat=True)[: TIMES + 3])
    found = []
    for name, addresses in (
        ("worklist", [f"/worklist?as_of={as_of}"]),
        ("account", [f"/accounts/{account_id}?as_of={as_of}" for account_id in accounts]),
        ("search", [f"/search?q={word}" for word in ("Ahmed", "C-512", "Fatma", "R-77")]),
    ):
        found.append(f"{name} {_timed(client, addresses)}")
    return "; ".join(found)


def _timed(client, addresses: list[str]) -> str:
    walls, cpu = [], 0.0
    for at in range(TIMES + 3):
        since, began = time.perf_counter(), time.process_time()
        answer = client.get(addresses[at % len(addresses)], headers={"accept-language": "en"})
        if answer.status_code != 200:
            return f"answered {answer.status_code}"
        if at >= 3:  # the first ones compile templates
            walls.append(time.perf_counter() - since)
            cpu += time.process_time() - began
    p95 = sorted(walls)[int(len(walls) * 0.95)] * 1000
    return f"p95 {p95:.0f} ms, {cpu / len(walls) * 1000:.1f} ms cpu"
