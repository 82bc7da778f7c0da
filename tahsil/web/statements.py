"""Statement of account: as a page, on paper, as a workbook, in the language asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tahsil.adapters.documents import Amount, Document, Table
from tahsil.adapters.documents.pdf import pdf
from tahsil.adapters.documents.workbook import workbook
from tahsil.queries import statement as statements_read
from tahsil.queries.statement import Statement, StatementEntry, StatementLine
from tahsil.web import account_parts, asked, exports, own_names, sentences
from tahsil.web.pages import view


@view
def statement(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement as a page, with its lines, its movements and what is to be paid."""
    found = read(request, account_id)
    with translation.override(language(request, found)):
        facts = {
            "statement": found,
            "currency": found.header.currency,
            "contract": asked.whole(request, "contract"),
            "languages": settings.LANGUAGES,
            "lang": get_language(),
            "since": asked.text(request, "from"),
            "until": asked.text(request, "to"),
            "query": request.GET.urlencode(),
        }
        return render(request, "statements/page.html", facts)


@view
def paper(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement as PDF."""
    found = read(request, account_id)
    with translation.override(language(request, found)):
        content = pdf(document(found))
    name = f"{_name(found)}.pdf"
    return exports.download(request, content, name, "application/pdf", account_id=account_id)


@view
def sheet(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement as a workbook with real numbers and dates."""
    found = read(request, account_id)
    with translation.override(language(request, found)):
        content = workbook(document(found))
    return exports.download(request, content, f"{_name(found)}.xlsx", account_id=account_id)


def read(request: HttpRequest, account_id: int) -> Statement:
    """The statement the address asks for: of one contract or all, of lines due in a period."""
    return statements_read.statement(
        asked.standing(request),
        account_id,
        as_of=asked.as_of(request),
        contract_id=asked.whole(request, "contract"),
        since=asked.day(request, "from"),
        until=asked.day(request, "to"),
    )


def language(request: HttpRequest, found: Statement) -> str:
    """The language asked for, else the reader's own."""
    known = dict(settings.LANGUAGES)
    return asked.choice(request, "lang", known, get_language() or "en")


def document(found: Statement) -> Document:
    """The statement as a document in the active language."""
    header, money = found.header, _money(found.header.currency)
    is_arabic = get_language() == "ar"
    pairs: list[tuple[str, Any]] = [
        (_("Name"), header.name),
        (_("Account"), header.account_number),
        (_("Contract"), ", ".join(header.contract_numbers)),
        (_("Unit"), ", ".join(header.units)),
        (_("Project"), ", ".join(map(own_names.called, header.projects))),
        (_("Address"), header.address),
        (_("As of"), header.as_of),
        (_("Currency"), header.currency),
    ]
    return Document(
        _("Statement of account"),
        language=get_language() or "en",
        issuer=(header.creditor_ar if is_arabic else "") or header.creditor,
        pairs=[pair for pair in pairs if pair[1] not in ("", None)],
        figures=_figures(found, money),
        tables=[_lines(found, money), _entries(found, money)],
        notes=_notes(found),
        signatures=[_("Prepared by"), _("Approved by")],
        is_wide=True,
    )


def _figures(found: Statement, money: Any) -> list[tuple[str, Any]]:
    header, footer = found.header, found.footer
    return [
        (_("To pay today"), money(footer.to_pay_minor)),
        (_("Overdue"), money(footer.overdue_minor)),
        (_("Due today"), money(footer.due_today_minor)),
        (_("Penalties accrued"), money(footer.penalties_minor)),
        (_("Unapplied"), money(footer.unapplied_minor)),
        (_("Price"), money(header.price_minor)),
        (_("Paid"), money(header.paid_minor)),
        (_("Paid share"), sentences.percent_text(header.paid_ppm)),
        (_("Covered by cheques"), money(header.covered_minor)),
    ]


def _lines(found: Statement, money: Any) -> Table:
    heads = exports.columns(
        (_("No."), "number", 6), (_("Contract"), "code", 16), (_("Line"), "text", 24),
        (_("Due date"), "date", 13), (_("Amount"), "money", 15), (_("Paid"), "money", 15),
        (_("Paid on"), "date", 13), (_("Receipts"), "code", 20), (_("Cheque"), "text", 18),
        (_("Open"), "money", 15), (_("Days late"), "number", 8), (_("Penalty"), "money", 12),
    )  # fmt: skip
    rows = [_line(line, money) for line in found.lines]
    totals: list[Any] = [None] * len(heads)
    totals[2] = _("Total")
    for at, name in ((4, "amount_minor"), (5, "paid_minor"), (9, "open_minor"),
                     (11, "penalty_minor")):  # fmt: skip
        totals[at] = money(sum(getattr(line, name) for line in found.lines))
    return Table(heads, rows, title=_("Lines"), totals=totals)


def _line(line: StatementLine, money: Any) -> list[Any]:
    return [
        line.seq,
        line.contract_number,
        account_parts.called(line),
        line.due_on,
        money(line.amount_minor),
        money(line.paid_minor),
        line.paid_on,
        ", ".join(line.receipt_numbers),
        line.cheque,
        money(line.open_minor),
        line.days_late or None,
        money(line.penalty_minor) if line.penalty_minor else None,
    ]


def _entries(found: Statement, money: Any) -> Table:
    heads = exports.columns(
        (_("Date"), "date", 13), (_("Movement"), "text", 16), (_("Reference"), "code", 22),
        (_("Line"), "text", 28), (_("Debit"), "money", 16), (_("Credit"), "money", 16),
        (_("Balance"), "money", 16),
    )  # fmt: skip
    return Table(heads, [_entry(each, money) for each in found.entries], title=_("Movements"))


def _entry(each: StatementEntry, money: Any) -> list[Any]:
    return [
        each.on,
        account_parts.words(each.kind),
        each.reference,
        account_parts.words(each.label) if each.label else "",
        money(each.debit_minor) if each.debit_minor else None,
        money(each.credit_minor) if each.credit_minor else None,
        money(each.balance_minor),
    ]


def _notes(found: Statement) -> list[str]:
    footer = found.footer
    banks = [
        f"{account_parts.words(bank.rule).capitalize()}: {bank.bank} {bank.iban}"
        for bank in footer.banks
    ]
    objection = _("Objections are heard within {days} days of this statement.")
    covered = _("A cheque that is held covers a line; it pays it once its money has come in.")
    said = [objection.format(days=footer.objection_days)] if footer.objection_days else []
    return [*banks, covered, *said]


def _money(currency: str) -> Any:
    return lambda minor: Amount(minor, currency)


def _name(found: Statement) -> str:
    day: date = found.header.as_of
    safe = "".join(c if c.isalnum() else "-" for c in found.header.account_number)
    return f"statement-{safe}-{day.isoformat()}"
