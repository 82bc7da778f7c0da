"""A small book for the verbs: Lina's account with a contract, and one that is not hers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from tahsil.store.models import Account, Asset, Contract, Obligation, Party, ScheduleVersion
from tests.conftest import NOW

LINES = (
    ("instalment", "Q01", 50_000_00, date(2026, 7, 13)),
    ("instalment", "Q02", 50_000_00, date(2026, 10, 13)),
    ("maintenance_deposit", "MNT", 20_000_00, date(2026, 10, 13)),
    ("instalment", "Q03", 50_000_00, date(2027, 1, 13)),
)


@dataclass
class Book:
    """Ids of what the tests act on; `lines` by label."""

    people: object
    account: int
    other: int
    contract: int
    party: int
    lines: dict[str, int]

    def ctx(self, name: str, **more):
        """The context of one of the people."""
        return self.people.ctx(name, **more)


@pytest.fixture
def book(people) -> Book:
    """Mona owes three instalments and a deposit; Samir's account is worked by nobody."""
    mona = Party.objects.create(code="C1", name="Mona Adel", name_key="adel mona")
    samir = Party.objects.create(code="C2", name="Samir Fathi", name_key="fathi samir")
    account, other = (
        Account.objects.create(
            number=f"NIL-{n}",
            party=party,
            creditor_id=people.creditor,
            currency="EGP",
            project_id=people.project,
            collector_id=collector,
        )
        for n, party, collector in ((1, mona, people.lina), (2, samir, None))
    )
    asset = Asset.objects.create(project_id=people.project, code="B-12", code_key="b-12")
    contract = Contract.objects.create(
        account=account,
        number="YAS-B-12",
        project_id=people.project,
        asset=asset,
        signed_on=date(2026, 1, 13),
        price_minor=150_000_00,
        penalty="developer_monthly",
    )
    schedule = ScheduleVersion.objects.create(
        contract=contract, version=1, effective_on=date(2026, 1, 13), recorded_at=NOW
    )
    lines = {}
    for seq, (category, label, amount, due_on) in enumerate(LINES, 1):
        row = Obligation.objects.create(
            account=account,
            contract=contract,
            schedule=schedule,
            seq=seq,
            category=category,
            label=label,
            amount_minor=amount,
            due_on=due_on,
            raised_on=date(2026, 1, 13),
            recorded_at=NOW,
        )
        lines[label] = row.id
    return Book(people, account.id, other.id, contract.id, mona.id, lines)
