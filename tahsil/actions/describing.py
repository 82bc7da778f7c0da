"""Describing: what is printed and written on a paper, as it was read when it came in."""

from __future__ import annotations

from tahsil.actions import _paper
from tahsil.actions._paper import instrument_of
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.receipts import locked
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import InstrumentFace

CHANNELS = ("office", "visit", "courier", "branch")


@verb("instrument.describe")
def describe(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    code_line: str = "",
    drawer_identity: str = "",
    issued_at: str = "",
    payee_only: bool = False,
    is_crossed: bool = False,
    has_words: bool = True,
    channel: str = "",
) -> Act:
    """What stands on the paper was read; the identity of its drawer is kept, not said.

    An empty identity leaves the one that was read before.
    """
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    if channel and channel not in CHANNELS:
        raise Refused(
            "instrument.channel",
            "{channel} is no known way a paper comes in. Known: {known}.",
            channel=channel,
            known=list(CHANNELS),
        )
    read = {
        "code_line": code_line.strip()[:60],
        "issued_at": issued_at.strip()[:80],
        "payee_only": payee_only,
        "is_crossed": is_crossed,
        "has_words": has_words,
        "channel": channel,
    }
    identity = {"drawer_identity": drawer_identity.strip()[:40]} if drawer_identity.strip() else {}
    InstrumentFace.objects.update_or_create(instrument=found, defaults={**read, **identity})
    facts = {**_paper.head(found), **read, "has_identity": bool(identity)}
    return Act(f"instrument:{found.id}", account_id, facts)
