"""The book before the story of one cheque: the demo's people, and one contract with one line.

Run as a program, in a data folder of its own. Everything after it is done in the browser.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import django

SIGNED_ON = date(2026, 7, 13)
NOW = datetime(2026, 7, 13, 8, 0, tzinfo=UTC)
MONA = {"name": "Mona Adel Fathi", "code": "C1"}
LINES = (("Q02", 144_000_00, "2026-10-13"),)


def main() -> None:
    """Migrates, publishes what ships, signs Mona's contract."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tahsil.project.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tahsil.actions import contracts
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of
    from tahsil.run.demo import places
    from tahsil.store import policies
    from tahsil.store.models import Person, RoleGrant

    policies.publish_shipped(now=NOW)
    group = places.create()
    sara = Person.objects.get(username="sara")
    adel, _ = Person.objects.get_or_create(
        username="adel", defaults={"name": "Adel", "password": sara.password, "branch": sara.branch}
    )
    RoleGrant.objects.get_or_create(
        person=adel, role="cfo", defaults={"scope": "all", "since_on": places.SINCE}
    )
    contracts.sign(
        Context(standing_of(sara.id, as_of=SIGNED_ON), SIGNED_ON, NOW),
        number="YAS-B-12", party=MONA, creditor_id=group.creditors["NPD"],
        project_id=group.projects["YAS"], collector_id=group.people["lina"],
        asset={"code": "B-12"}, signed_on=SIGNED_ON, penalty="developer_yearly",
        lines=[
            {"category": "instalment", "label": label, "amount_minor": minor, "due_on": due}
            for label, minor, due in LINES
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
