"""The day sheet of a cashier in two languages: figures, the cash list, the notes counted."""

from __future__ import annotations

from typing import Any

from tahsil.adapters.documents import Amount, Cell, Column, Document, Table
from tahsil.core.grammar.money import decimal_text

LANGUAGES = ("en", "ar", "hi")
TITLE = ("Cash day sheet", "محضر يومية الخزينة", "नकद दिन पत्रक")
LABELS = {
    "person": ("Cashier", "أمين العهدة", "कैशियर"),
    "on": ("Day", "اليوم", "दिन"),
    "opening": ("Opening balance", "رصيد أول اليوم", "आरंभिक शेष"),
    "taken": ("Received", "المحصل", "प्राप्त"),
    "reversed": ("Reversed", "المعكوس", "उलटा"),
    "received": ("Taken over", "المستلم من محصلين", "लिया गया"),
    "given": ("Handed over", "المسلَّم", "सौंपा गया"),
    "deposited": ("Deposited", "المودع بالبنك", "बैंक में जमा"),
    "adjusted": ("Differences", "فروق", "अंतर"),
    "expected": ("Should be there", "الرصيد المفروض", "होना चाहिए"),
    "counted": ("Counted", "الجرد الفعلي", "गिना गया"),
    "difference": ("Difference", "الفرق", "अंतर"),
    "reason": ("Reason", "السبب", "कारण"),
    "kind": ("Movement", "الحركة", "गति"),
    "number": ("Number", "رقم", "संख्या"),
    "name": ("Name", "الاسم", "नाम"),
    "amount": ("Amount", "المبلغ", "राशि"),
    "note": ("Note", "الفئة", "नोट"),
    "pieces": ("Pieces", "العدد", "संख्या"),
    "total": ("Total", "الإجمالي", "कुल"),
}  # fmt: skip
KINDS = {
    "take": ("Receipt", "إيصال تحصيل", "रसीद"),
    "reverse": ("Reversal", "عكس إيصال", "रसीद रद्द"),
    "receive": ("Taken over", "استلام من", "लिया गया"),
    "give": ("Handed over", "تسليم إلى", "सौंपा गया"),
    "deposit": ("Deposit", "إيداع", "जमा"),
    "shortage": ("Shortage", "عجز", "कमी"),
    "overage": ("Overage", "زيادة", "अधिकता"),
    "repay": ("Case settled", "تسوية فرق", "अंतर निपटान"),
}
SIGNATURES = (("Cashier", "أمين العهدة", "कैशियर"), ("Counted with", "حضر الجرد", "साथ में गिना"),
              ("Reviewed by", "راجعه", "जाँचकर्ता"))  # fmt: skip
FIGURES = (
    "opening", "taken", "reversed", "received", "given", "deposited", "adjusted", "expected",
    "counted", "difference",
)  # fmt: skip


def day_sheet(found: Any, *, language: str) -> Document:
    """The closed day with its headings in that language and a second one beside it."""
    row = found.row
    second = "en" if language != "en" else ("hi" if row.currency == "INR" else "ar")
    both = tuple(LANGUAGES.index(each) for each in (language, second))

    def said(texts: tuple[str, str, str], between: str = "\n") -> str:
        return between.join(dict.fromkeys(texts[each] for each in both))

    pairs: list[tuple[str, Cell]] = [
        (said(LABELS["person"]), row.person),
        (said(LABELS["on"]), row.day_on),
        *([(said(LABELS["reason"]), found.reason)] if found.reason else []),
    ]
    sums: list[list[Cell]] = [
        [said(LABELS[name], " · "), Amount(getattr(row, f"{name}_minor"), row.currency)]
        for name in FIGURES
    ]
    heads = [Column(said(LABELS["total"])), Column(said(LABELS["amount"]), "money")]
    moves: list[list[Cell]] = [
        [said(KINDS[each.kind], " · "), each.number, each.name,
         Amount(each.amount_minor, row.currency)]
        for each in found.entries
    ]  # fmt: skip
    notes: list[list[Cell]] = [
        [decimal_text(note, row.currency), pieces, Amount(sum_minor, row.currency)]
        for note, pieces, sum_minor in found.notes
    ]
    return Document(
        TITLE[both[0]],
        language=language,
        issuer=(found.creditor_ar if language == "ar" else "") or found.creditor,
        subtitle=TITLE[both[1]],
        pairs=pairs,
        tables=[
            Table(heads, sums),
            Table(
                [Column(said(LABELS["kind"])), Column(said(LABELS["number"]), "code"),
                 Column(said(LABELS["name"])), Column(said(LABELS["amount"]), "money")],
                moves,
            ),
            Table(
                [Column(said(LABELS["note"]), "code"), Column(said(LABELS["pieces"]), "number"),
                 Column(said(LABELS["amount"]), "money")],
                notes,
                totals=[said(LABELS["total"], " · "), None,
                        Amount(row.counted_minor, row.currency)],
            ),
        ],
        signatures=[said(each, " · ") for each in SIGNATURES],
    )  # fmt: skip
