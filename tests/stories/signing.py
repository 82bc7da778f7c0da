"""What Mona signed: the worked schedule of a developer, and short contracts of a few lines."""

from __future__ import annotations

from typing import Any

from tahsil.actions import contracts
from tahsil.store.models import Contract, Obligation

MONA = {"name": "Mona Adel", "code": "C1"}
BIG = 6_000_000_00
DEVELOPER = {
    "kind": "developer",
    "price_minor": BIG,
    "signed_on": "2026-01-13",
    "reserved_on": "2026-01-10",
    "reservation_minor": 100_000_00,
    "down_payments": [
        {"category": "down_payment", "label": "DP1", "when": 0, "ppm": 50_000},
        {"category": "down_payment", "label": "DP2", "when": 3, "ppm": 50_000},
    ],
    "regular": [{"count": 30, "first_month": 6, "step_months": 3}],
    "inside": [
        {"category": "bump", "label": "B1", "when": 12, "ppm": 40_000},
        {"category": "bump", "label": "B2", "when": 24, "ppm": 40_000},
        {"category": "delivery", "label": "DLV", "when": 36, "ppm": 100_000},
    ],
    "extras": [
        {"category": "maintenance_deposit", "label": "MNT", "when": 33, "ppm": 80_000},
        {"category": "club", "label": "CLUB", "when": 36, "amount_minor": 150_000_00},
        {"category": "parking", "label": "PRK", "when": 36, "amount_minor": 200_000_00},
    ],
}


def sign(life, people, **more: Any) -> tuple[int, int]:
    """Sara signs for Nile Homes, Lina collects; the account and the contract."""
    done = contracts.sign(
        life.ctx("sara"),
        **{
            "number": "YAS-B-12",
            "party": MONA,
            "creditor_id": people.creditor,
            "project_id": people.project,
            "collector_id": people.lina,
            "asset": {"code": "B-12"},
            "signed_on": life.as_of,
            "penalty": "developer_monthly",
            **more,
        },
    )
    return Contract.objects.get(id=done.id).account_id, done.id


def line(label: str) -> int:
    """The line of that label."""
    return Obligation.objects.get(label=label).id


def owed(category: str, label: str, amount_minor: int, due: str, **more: Any) -> dict[str, Any]:
    """One line as it is signed; `due` is a date, or the event it waits for."""
    when = {"due_on": due} if due[0].isdigit() else {"due_event": due}
    return {"category": category, "label": label, "amount_minor": amount_minor, **when, **more}
