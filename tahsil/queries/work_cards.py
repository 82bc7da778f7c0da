"""The work on one account as cards: promises, disputes, holds, attempts, as of a date."""

from __future__ import annotations

from datetime import date

from django.db.models import F, QuerySet

from tahsil.queries import masks
from tahsil.queries.cards import AttemptCard, DisputeCard, HoldCard, PromiseCard, PromiseHistory
from tahsil.queries.ledger import Ledger, Row, is_open
from tahsil.queries.rules import Rules
from tahsil.store.models import Attempt, Hold, Promise
from tahsil.store.prepared import Prepared

ATTEMPTS = 10


def promises(account_id: int, *, as_of: date) -> PromiseHistory:
    """The promises made by the date; one judged later was still open on it."""
    rows = _promises.rows(account_id=account_id, as_of=as_of)
    cards = [_promise(row, as_of) for row in rows]
    counts = {state: sum(card.state == state for card in cards)
              for state in ("kept", "part_kept", "broken")}  # fmt: skip
    judged = sum(counts.values())
    opened = [card for card in cards if card.state == "open"]
    return PromiseHistory(
        open=opened[0] if opened else None,
        earlier=tuple(card for card in cards if card.state != "open"),
        **counts,
        kept_ppm=counts["kept"] * 1_000_000 // judged if judged else None,
    )


@Prepared
def _promises(account_id: int, as_of: date) -> QuerySet:
    found = Promise.objects.filter(account_id=account_id, made_on__lte=as_of)
    return found.order_by("-made_on", "-id").values(
        "id", "amount_minor", "promised_on", "made_on", "promised_by", "instrument", "confidence",
        "state", "received_minor", "judged_on", maker=F("made_by__name"),
    )  # fmt: skip


def _promise(row: Row, as_of: date) -> PromiseCard:
    is_later = row["judged_on"] is not None and row["judged_on"] > as_of
    return PromiseCard(
        id=row["id"],
        amount_minor=row["amount_minor"],
        promised_on=row["promised_on"],
        made_on=row["made_on"],
        made_by=row["maker"] or "",
        promised_by=row["promised_by"],
        instrument=row["instrument"],
        confidence=row["confidence"],
        state="open" if is_later else row["state"],
        received_minor=0 if is_later else row["received_minor"],
        judged_on=None if is_later else row["judged_on"],
    )


def disputes(ledger: Ledger) -> tuple[DisputeCard, ...]:
    """What was contested by the date, newest first; one closed later was still open on it."""
    return tuple(
        DisputeCard(
            id=row["id"],
            obligation_id=row["obligation_id"],
            line=line_name(ledger, row["obligation_id"]),
            amount_minor=row["amount_minor"],
            code=row["code"],
            note=row["note"],
            state="open" if is_open(row, ledger.as_of) else row["state"],
            opened_on=row["opened_on"],
            closed_on=None if is_open(row, ledger.as_of) else row["closed_on"],
        )
        for row in reversed(ledger.disputes)
    )


def line_name(ledger: Ledger, obligation_id: int) -> str:
    """How a line is called in a sentence: its label, else its category."""
    row = ledger.by_id.get(obligation_id)
    return (row["label"] or row["category"]) if row else ""


def holds(account_id: int, *, as_of: date) -> tuple[HoldCard, ...]:
    """The holds and pauses begun by the date, newest first."""
    return tuple(
        HoldCard(
            id=row["id"],
            kind=row["kind"],
            reason=row["reason"],
            since_on=row["since_on"],
            until_on=row["until_on"],
            by=row["author"] or "",
            is_running=row["until_on"] > as_of,
        )
        for row in _holds.rows(account_id=account_id, as_of=as_of)
    )


@Prepared
def _holds(account_id: int, as_of: date) -> QuerySet:
    found = Hold.objects.filter(account_id=account_id, since_on__lte=as_of)
    return found.order_by("-since_on", "-id").values(
        "id", "kind", "reason", "since_on", "until_on", author=F("by__name")
    )


def attempts(
    account_id: int, in_force: Rules, *, as_of: date, may_call: bool
) -> tuple[AttemptCard, ...]:
    """The newest attempts by the date."""
    labels = in_force.labels("dispositions")
    rows = _attempts.rows(account_id=account_id, as_of=as_of)
    return tuple(_attempt(row, labels, may_call) for row in rows)


@Prepared
def _attempts(account_id: int, as_of: date) -> QuerySet:
    found = Attempt.objects.filter(account_id=account_id, effective_on__lte=as_of)
    return found.order_by("-effective_on", "-id").values(
        "id", "channel", "is_inbound", "disposition", "level", "reason", "note", "next_step",
        "next_step_on", "happened_at", who=F("by__name"), whom=F("party__name"),
        point_channel=F("contact_point__channel"), point=F("contact_point__value"),
    )[:ATTEMPTS]  # fmt: skip


def _attempt(row: Row, labels: dict[str, dict[str, str]], may_call: bool) -> AttemptCard:
    return AttemptCard(
        id=row["id"],
        channel=row["channel"],
        is_inbound=row["is_inbound"],
        disposition=row["disposition"],
        disposition_labels=labels.get(row["disposition"], {}),
        level=row["level"],
        reason=row["reason"],
        note=row["note"],
        next_step=row["next_step"],
        next_step_on=row["next_step_on"],
        happened_at=row["happened_at"],
        by=row["who"] or "",
        party=row["whom"] or "",
        point=masks.point(row["point_channel"] or "", row["point"] or "", is_open=may_call),
    )
