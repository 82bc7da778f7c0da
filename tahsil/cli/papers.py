"""The statement of account as a document, in the language asked for."""

from __future__ import annotations

from typing import Any

from tahsil.adapters.documents import Amount, Column, Document, Table

LABELS = {
    "en": ("Statement of account", "Account", "As of", "Price", "Paid", "Past due", "Unapplied",
           "To pay today", "Line", "Due", "Amount", "Open", "Days late", "Cheque", "Total",
           "Objections are heard for {days} days.", "Accountant", "Received by"),
    "ar": ("كشف حساب", "الحساب", "حتى تاريخ", "السعر", "المسدد", "المتأخرات", "تحت الحساب",
           "المطلوب سداده اليوم", "البند", "الاستحقاق", "القيمة", "المتبقي", "أيام التأخير",
           "الشيك", "الإجمالي", "يقبل الاعتراض خلال {days} يوماً.", "المحاسب", "المستلم"),
    "hi": ("खाता विवरण", "खाता", "दिनांक तक", "मूल्य", "चुकाया", "अतिदेय", "अनावंटित",
           "आज देय", "पंक्ति", "देय तिथि", "राशि", "बकाया", "विलंब के दिन", "चेक", "कुल",
           "आपत्ति {days} दिनों तक सुनी जाएगी।", "लेखाकार", "प्राप्तकर्ता"),
}  # fmt: skip


def statement(found: Any, *, language: str) -> Document:
    """The statement's figures and lines under headings of that language."""
    (title, account, as_of, price, paid, overdue, unapplied, to_pay, line, due, amount, left, late,
     cheque, total, objections, signed, received) = LABELS[language]  # fmt: skip
    head, foot, currency = found.header, found.footer, found.header.currency
    columns = [
        Column(line), Column(due, "date"), Column(amount, "money"), Column(paid, "money"),
        Column(left, "money"), Column(late, "number"), Column(cheque, "code"),
    ]  # fmt: skip
    rows = [_row(each, currency) for each in found.lines]
    sums = [sum(getattr(each, name) for each in found.lines)
            for name in ("amount_minor", "paid_minor", "open_minor")]  # fmt: skip
    money = [Amount(each, currency) for each in sums]
    return Document(
        title=title,
        language=language,
        issuer=head.creditor_ar if language == "ar" and head.creditor_ar else head.creditor,
        subtitle=", ".join((*head.projects, *head.units)),
        pairs=[(account, f"{head.account_number}  {head.name}"), (as_of, head.as_of)],
        figures=[
            (price, Amount(head.price_minor, currency)),
            (paid, Amount(foot.paid_minor, currency)),
            (overdue, Amount(foot.overdue_minor, currency)),
            (unapplied, Amount(foot.unapplied_minor, currency)),
            (to_pay, Amount(foot.to_pay_minor, currency)),
        ],
        tables=[Table(columns, rows, totals=[total, None, *money, None, None])],
        notes=[objections.format(days=foot.objection_days)],
        signatures=[signed, received],
    )


def _row(line: Any, currency: str) -> list[Any]:
    return [
        line.label, line.due_on or line.due_event, Amount(line.amount_minor, currency),
        Amount(line.paid_minor, currency), Amount(line.open_minor, currency),
        line.days_late or None, line.cheque,
    ]  # fmt: skip
