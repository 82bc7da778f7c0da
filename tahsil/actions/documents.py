"""Documents: files kept with what they show, and files with data of people that left the program.

A scan or photo is kept under its content's hash with its subject, such as instrument:12. Who may
have an exported file is decided where it is made; what it held is not kept, since it can be made
again as of its day.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, check_reach, verb
from tahsil.core.grammar.media import HEAD, media_type
from tahsil.core.grammar.refusal import Refused
from tahsil.store import files
from tahsil.store.models import (
    Account,
    Attempt,
    BankStatement,
    CashDeposit,
    Contract,
    DepositSlip,
    Dispute,
    Document,
    Instrument,
    Objection,
    Obligation,
    Promise,
    Receipt,
)

FOLDER = "kept"
MOST_BYTES = 15 * 2**20
# What documents are kept with, and where its account is named; None for what is of no account.
SUBJECTS: dict[str, tuple[type[models.Model], str | None]] = {
    "account": (Account, "id"),
    "attempt": (Attempt, "account_id"),
    "bank_statement": (BankStatement, None),
    "cash_deposit": (CashDeposit, None),
    "contract": (Contract, "account_id"),
    "dispute": (Dispute, "account_id"),
    "instrument": (Instrument, "account_id"),
    "objection": (Objection, "account_id"),
    "obligation": (Obligation, "account_id"),
    "promise": (Promise, "account_id"),
    "receipt": (Receipt, "account_id"),
    "slip": (DepositSlip, None),
}
KINDS = (
    "scan_front", "scan_back", "memo", "certificate", "slip_photo", "letter", "identity", "photo",
    "signature", "evidence", "contract", "other",
)  # fmt: skip


def take(chunks: Iterable[bytes]) -> str:
    """The hash of an uploaded file, which lies kept from now on; refused if it is none we keep."""
    sha256 = files.keep(FOLDER, chunks, most=MOST_BYTES)
    if sha256 is None:
        raise Refused(
            "document.too_large",
            "The file is larger than {most} MB. Send a smaller scan.",
            most=MOST_BYTES // 2**20,
        )
    _type_of(sha256)
    return sha256


@verb("document.keep")
def keep(
    ctx: Context,
    *,
    subject: str,
    kind: str,
    sha256: str,
    name: str,
    account_id: int | None = None,
    note: str = "",
) -> Act:
    """A file that shows what happened was kept with its subject, once however often it is sent.

    The content was uploaded before (`take`) and is named by its hash.
    """
    _check_subject(subject, account_id)
    if kind not in KINDS:
        raise Refused(
            "document.kind",
            "{kind} is no known kind of document. Known: {known}.",
            kind=kind or "-",
            known=list(KINDS),
        )
    media, size = _type_of(sha256)
    name = _given.need_text(name, "file", most=160)
    kept, _is_new = Document.objects.get_or_create(
        subject=subject,
        kind=kind,
        sha256=sha256,
        defaults={
            "account_id": account_id,
            "media_type": media,
            "name": name,
            "size": size,
            "note": note.strip()[:200],
            "kept_on": ctx.as_of,
            "kept_at": ctx.now,
            "by_id": ctx.standing.actor_id or None,
        },
    )
    facts = {"kind": kind, "file": name, "of": subject, "sha256": sha256, "note": kept.note}
    return Act(f"document:{kept.id}", account_id, facts)


@verb("document.export", for_all=True)
def export(ctx: Context, *, file: str, address: str = "", account_id: int | None = None) -> Act:
    """A file with data of people was handed to somebody."""
    if account_id is not None:
        check_reach(ctx, "account.read", account_id)
    facts = {"file": _given.need_text(file, "file", most=200), "address": address.strip()[:500]}
    subject = "document:0" if account_id is None else f"account:{account_id}"
    return Act(subject, account_id, facts)


def _check_subject(subject: str, account_id: int | None) -> None:
    """Refuses a subject that is not there, or that is of another account than the one named."""
    noun, _, number = subject.partition(":")
    model, column = SUBJECTS.get(noun, (None, None))
    found = None
    if model is not None and number.isascii() and number.isdigit() and len(number) < 16:
        found = model._default_manager.filter(pk=int(number)).first()
    owner = getattr(found, column) if found is not None and column else None
    if found is None or owner != account_id:
        raise Refused(
            "document.subject",
            "{subject} is nothing of this account that a document can be kept with.",
            subject=subject[:60] or "-",
        )


def _type_of(sha256: str) -> tuple[str, int]:
    """The media type and size of a kept content, judged by what it holds."""
    path = files.find(FOLDER, sha256)
    if path is None:
        raise Refused("document.gone", "There is no kept file of that hash. Upload it first.")
    with path.open("rb") as file:
        found = media_type(file.read(HEAD))
    if not found:
        raise Refused(
            "document.type",
            "A document is a JPEG, PNG or WebP picture or a PDF; this file is none of them.",
        )
    return found, path.stat().st_size
