"""A journal as a workbook: its entries line by line, and the sums of each ledger account."""

from __future__ import annotations

from typing import Any

from tahsil.adapters.documents import Amount, Cell, Column, Document, Table

LABELS = {
    "en": ("Journal", "Policy", "From", "To", "Batch", "Date", "Key", "Entry", "Code",
           "Ledger account", "Debit", "Credit", "Currency", "Account", "Name", "Reference",
           "Totals"),
    "ar": ("دفتر اليومية", "السياسة", "من", "إلى", "الدفعة", "التاريخ", "المفتاح", "القيد", "الرمز",
           "حساب الأستاذ", "مدين", "دائن", "العملة", "الحساب", "الاسم", "المرجع", "الإجماليات"),
    "hi": ("रोजनामचा", "नीति", "से", "तक", "बैच", "दिनांक", "कुंजी", "प्रविष्टि", "कोड",
           "खाता-बही खाता", "नामे", "जमा", "मुद्रा", "खाता", "नाम", "संदर्भ", "योग"),
}  # fmt: skip


def journal(found: Any, *, language: str) -> Document:
    """The journal's lines and sums under headings of that language."""
    (title, policy, since, until, batch, on, key, entry, code, ledger, debit, credit, currency,
     account, name, reference, totals) = LABELS[language]  # fmt: skip
    is_arabic = language == "ar"
    lines = [
        Column(batch, "code", 22), Column(on, "date", 13), Column(key, "code", 20),
        Column(entry, "code", 8), Column(code, "code", 8), Column(ledger, "text", 28),
        Column(debit, "money", 16), Column(credit, "money", 16), Column(currency, "code", 8),
        Column(account, "code", 16), Column(name, "text", 28), Column(reference, "code", 18),
    ]  # fmt: skip
    sums = [Column(code, "code", 8), Column(ledger, "text", 28), Column(debit, "money", 16),
            Column(credit, "money", 16), Column(currency, "code", 8)]  # fmt: skip
    return Document(
        title,
        language=language,
        pairs=[(policy, found.policy), (since, found.since), (until, found.until)],
        tables=[
            Table(lines, list(_lines(found, is_arabic)), title=title),
            Table(
                sums,
                [[each.code, each.name_ar if is_arabic else each.name,
                  *_sides(each, each.currency), each.currency] for each in found.sums],
                title=totals,
            ),
        ],
        is_wide=True,
    )  # fmt: skip


def _lines(found: Any, is_arabic: bool) -> Any:
    for batch in found.batches:
        for entry in batch.entries:
            for line in entry.lines:
                yield [
                    batch.number, batch.on, entry.key, entry.entry, line.code,
                    line.name_ar if is_arabic else line.name, *_sides(line, batch.currency),
                    batch.currency, entry.account_number, entry.name, entry.reference,
                ]  # fmt: skip


def _sides(line: Any, currency: str) -> list[Cell]:
    return [Amount(minor, currency) if minor else None
            for minor in (line.debit_minor, line.credit_minor)]  # fmt: skip
