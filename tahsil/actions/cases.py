"""Cases: opened, moved along the ladder and closed by the day's run, many at a time.

Which case does what is decided in core/steer/cases.py. Here it is done, if it still can be: an
account that has a case opens no second one, a closed case is neither moved nor closed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tahsil.actions._verb import Act, Context, Item, in_bulk
from tahsil.actions.accounts import assign_many
from tahsil.core.grammar.lifecycle import CASE
from tahsil.store import bulk
from tahsil.store.models import Case

__all__ = ["assign_many", "close_many", "move_many", "open_many"]
AT_ONCE = 500


def open_many(ctx: Context, items: Iterable[Item]) -> int:
    """Each account named has an open case on its rung; how many were opened now.

    Each item is a key and account_id, rung, and the policies it was decided under.
    """
    return in_bulk(ctx, "case.open", items, _open)


def move_many(ctx: Context, items: Iterable[Item]) -> int:
    """Each case named stands on its new rung from today; how many were moved now.

    Each item is a key and case_id, account_id, rung, policies.
    """
    return in_bulk(ctx, "case.move", items, _move)


def close_many(ctx: Context, items: Iterable[Item]) -> int:
    """Each case named is closed; how many were closed now.

    Each item is a key and case_id, account_id, policies.
    """
    return in_bulk(ctx, "case.close", items, _close)


def _open(ctx: Context, items: list[dict[str, Any]]) -> list[Act | None]:
    wanted = [item["account_id"] for item in items]
    taken = set()
    for start in range(0, len(wanted), AT_ONCE):
        found = Case.objects.filter(state="open", account_id__in=wanted[start : start + AT_ONCE])
        taken |= set(found.values_list("account_id", flat=True))
    rows: dict[int, Case] = {}
    for item in items:
        if item["account_id"] not in taken and item["account_id"] not in rows:
            rows[item["account_id"]] = Case(
                account_id=item["account_id"],
                opened_on=ctx.as_of,
                rung=item["rung"],
                rung_since_on=ctx.as_of,
            )
    Case.objects.bulk_create(list(rows.values()), batch_size=2_000)
    return [
        _act(row, {"rung": row.rung}, item) if (row := rows.pop(item["account_id"], None)) else None
        for item in items
    ]


def _move(ctx: Context, items: list[dict[str, Any]]) -> list[Act | None]:
    rows = _opened(items)
    acts: list[Act | None] = []
    moved = []
    for item in items:
        case = rows.get(item["case_id"])
        if case is None or case.rung == item["rung"]:
            acts.append(None)
            continue
        facts = {"before": case.rung, "after": item["rung"], "rung": item["rung"]}
        case.rung, case.rung_since_on = item["rung"], ctx.as_of
        moved.append(case)
        acts.append(_act(case, facts, item))
    bulk.update(moved, ["rung", "rung_since_on"])
    return acts


def _close(ctx: Context, items: list[dict[str, Any]]) -> list[Act | None]:
    rows, closed = _opened(items), []
    acts: list[Act | None] = []
    for item in items:
        case = rows.pop(item["case_id"], None)
        if case is not None:
            closed.append(case)
            case.state, case.closed_on = CASE.step(case.state, "close"), ctx.as_of
        acts.append(_act(case, {"rung": case.rung}, item) if case else None)
    bulk.update(closed, ["state", "closed_on"])
    return acts


def _opened(items: list[dict[str, Any]]) -> dict[int, Case]:
    """The open cases these items name, by id, nobody else moving them meanwhile."""
    rows: dict[int, Case] = {}
    ids = [item["case_id"] for item in items]
    for start in range(0, len(ids), AT_ONCE):
        part = Case.objects.select_for_update().filter(state="open")
        rows |= part.in_bulk(ids[start : start + AT_ONCE])
    return rows


def _act(case: Case, facts: dict[str, Any], item: dict[str, Any]) -> Act:
    return Act(f"case:{case.id}", case.account_id, facts, policies=item.get("policies", {}))
