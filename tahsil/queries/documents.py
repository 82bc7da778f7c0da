"""Documents kept with a subject, for those who may see the subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Q, QuerySet

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.store import files, scope
from tahsil.store.models import Document

FOLDER = "kept"
# The verb that opens what a document was kept with, by the subject's noun; else account.read.
READS = {"instrument": "instrument.read", "slip": "instrument.read", "bank_statement": "bank.read",
         "cash_deposit": "cash.read"}  # fmt: skip


@dataclass(frozen=True)
class DocumentRow:
    """One document as a list shows it."""

    document_id: int
    subject: str
    account_id: int | None
    kind: str
    name: str
    media_type: str
    size: int
    note: str
    kept_on: date
    by: str
    sha256: str

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it in a page."""
        return self.media_type.startswith("image/")


def documents(standing: Standing, subject: str) -> list[DocumentRow]:
    """The documents of one subject that this person may see, the newest first."""
    return [_row(each) for each in _visible(standing, subject).filter(subject=subject)]


def of_account(standing: Standing, account_id: int) -> list[DocumentRow]:
    """The documents of an account and of all that is its own, the newest first."""
    found = _visible(standing, "account:0").filter(account_id=account_id)
    return [_row(each) for each in found[:200]]


def document(standing: Standing, document_id: int) -> tuple[DocumentRow, Path]:
    """One document and where its content lies; refused where this person sees none such."""
    found = Document.objects.filter(id=document_id).first()
    seen = found and _visible(standing, found.subject).filter(id=document_id).first()
    if not seen:
        raise Refused(
            "document.unknown",
            "There is no document {document_id}.",
            document_id=document_id,
        )
    path = files.find(FOLDER, seen.sha256)
    if path is None:
        raise Refused("document.lost", "The content of {name} is not on the disk.", name=seen.name)
    return _row(seen), path


def _visible(standing: Standing, subject: str) -> QuerySet:
    """The documents of subjects of that kind that this person may see."""
    verb = READS.get(subject.partition(":")[0], "account.read")
    seen = scope.condition(standing, verb, "account__") & Q(account__isnull=False)
    if can(standing, verb, None).answer == Answer.ALLOW:
        seen |= Q(account__isnull=True)
    return Document.objects.filter(seen).select_related("by").order_by("-id")


def _row(each: Document) -> DocumentRow:
    return DocumentRow(
        each.id, each.subject, each.account_id, each.kind, each.name, each.media_type, each.size,
        each.note, each.kept_on, each.by.name if each.by else "", each.sha256,
    )  # fmt: skip
