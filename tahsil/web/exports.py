"""Exports: a report as a workbook with real numbers and dates, its filters in its heading.

Every file with data of people goes out through `download`, which records who took it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tahsil.actions import documents
from tahsil.adapters.documents import Cell, Column, Document, Table
from tahsil.adapters.documents.workbook import workbook
from tahsil.web import asked, pages, sentences

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_asked(request: HttpRequest) -> bool:
    """Whether the address asks for the workbook; refused to those who may not export lists."""
    is_xlsx = asked.text(request, "format") == "xlsx"
    if is_xlsx:
        asked.need(request, "list.export")
    return is_xlsx


def document(
    request: HttpRequest, title: str, tables: list[Table], *, filters: list[tuple[str, Cell]]
) -> Document:
    """A report's document: when and by whom it was made, what it was narrowed to, its tables."""
    made = (_("Made"), sentences.moment_text(request.now))  # type: ignore[attr-defined]
    pairs = [(_("As of"), asked.as_of(request)), *filters, made]
    return Document(
        title,
        language=get_language() or "en",
        issuer=asked.standing(request).name,
        pairs=[pair for pair in pairs if pair[1] not in ("", None)],
        tables=tables,
        is_wide=True,
    )


def answer(request: HttpRequest, what: Document, name: str) -> HttpResponse:
    """The document as a download, named after its day."""
    return download(request, workbook(what), f"{name}-{asked.as_of(request).isoformat()}.xlsx")


def download(
    request: HttpRequest, content: bytes, name: str, kind: str = XLSX, *,
    account_id: int | None = None,
) -> HttpResponse:  # fmt: skip
    """The bytes as a file of that name, once it is recorded who takes it."""
    context = pages.context(request, "document.export")
    address = request.get_full_path()
    documents.export(context, file=name, address=address, account_id=account_id)
    return blank(content, name, kind)


def blank(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    """The bytes as a file of that name, which tells nothing of anybody."""
    answered = HttpResponse(content, content_type=kind)
    answered["Content-Disposition"] = f'attachment; filename="{name}"'
    return answered


def columns(*parts: tuple[str, str, int]) -> list[Column]:
    """Columns from (label, kind, width)."""
    return [Column(label, kind, width) for label, kind, width in parts]
