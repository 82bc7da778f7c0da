"""Templates: an empty workbook per layout, with one example row; notes on the headings say what
each column takes."""

from __future__ import annotations

import io

import xlsxwriter

from tahsil.adapters.sheets.layouts import CODES, LAYOUTS, Field
from tahsil.adapters.sheets.mapping import no_layout
from tahsil.core.grammar.names import script

_EXAMPLES: dict[str, dict[str, str | tuple[str, str]]] = {
    "customers": {
        "code": "C-1001", "name": ("Mohamed Ahmed Aly", "محمد أحمد علي"),
        "national_id": "28501120123456", "phones": "01001234567 / 01229876543",
        "address": ("9 Maadi Street, Cairo", "٩ شارع المعادي، القاهرة"),
        "email": "m.ahmed@example.com",
    },
    "contracts": {
        "number": "2026/0007", "signed_on": "2026-01-13", "project": ("Yasmin", "الياسمين"),
        "building": "B12", "unit": "B12-304", "area": "145.5", "party_code": "C-1001",
        "party_name": ("Mohamed Ahmed Aly", "محمد أحمد علي"), "share": "100%",
        "price": "6,000,000.00", "discount": "0", "maintenance": "8%", "status": ("active", "ساري"),
        "currency": "EGP",
    },
    "schedule": {
        "party_name": ("Mohamed Ahmed Aly", "محمد أحمد علي"), "party_code": "C-1001",
        "contract": "2026/0007", "unit": "B12-304", "seq": "1",
        "label": ("Quarterly instalment 1", "قسط ربع سنوي 1"), "due": "2026-07-13",
        "amount": "144,000.00", "paid": "0", "open": "144,000.00", "cheque": "000122",
        "currency": "EGP",
    },
    "receipts": {
        "number": "5231", "received_on": "2026-01-13", "party_code": "C-1001",
        "party_name": ("Mohamed Ahmed Aly", "محمد أحمد علي"), "contract": "2026/0007",
        "unit": "B12-304", "amount": "300,000.00", "method": ("transfer", "تحويل"),
        "label": ("Reservation and down payment", "حجز ومقدم"), "bank": "CIB",
        "treasury": ("Main", "الرئيسية"), "currency": "EGP",
    },
    "cheques": {
        "seq": "1", "number": "000121", "bank": "NBE", "drawer": ("Mohamed Ahmed", "محمد أحمد"),
        "party_code": "C-1001", "party_name": ("Mohamed Ahmed Aly", "محمد أحمد علي"),
        "contract": "2026/0007", "unit": "B12-304", "amount": "300,000.00", "due": "2026-04-13",
        "status": ("in safe", "بالخزينة"), "place": ("safe", "الخزينة"), "currency": "EGP",
    },
    "mixed": {
        "party_name": "Ali Hassan", "asset": "A-1105", "number": "EJ-88213", "start": "2026-02-01",
        "end": "2027-01-31", "amount": "120,000.00", "cheque_1": "1001-01/02/2026-30,000",
        "cheque_2": "1002-01/05/2026-30,000", "paid": "30,000.00", "balance": "90,000.00",
        "reference": "0120260201", "currency": "AED",
    },
    "invoices": {
        "number": "INV-2201", "party_code": "C-2001", "party_name": "XYZ FM LLC",
        "issued_on": "2026-01-01", "due": "2026-01-31", "amount": "53,000.00", "paid": "0",
        "open": "53,000.00", "disputed": ("no", "لا"), "currency": "AED",
    },
}  # fmt: skip
_TAKES = {
    "money": ("An amount; the sign of the decimals is the same in the whole column.",
              "مبلغ؛ وعلامة الكسور واحدة في العمود كله."),
    "money_or_percent": ("An amount, or a rate with %.", "مبلغ أو نسبة بعلامة %."),
    "date": ("A date as 2026-07-13, or day/month/year throughout; empty if it waits for an event.",
             "تاريخ مثل 2026-07-13 أو يوم/شهر/سنة في العمود كله؛ "
             "ويُترك خاليًا إذا كان ينتظر حدثًا."),
    "cheque_date": ("The date on the cheque.", "التاريخ المكتوب على الشيك."),
    "phone": ("One or more numbers, parted by /.", "رقم أو أكثر تفصلها /."),
    "share": ("The owner's share; one row per owner.", "نصيب المالك؛ صف لكل مالك."),
    "cheque_number": ("As text, with the zeros in front.", "نصًا بالأصفار التي في أوله."),
    "identity": ("As text, all digits.", "نصًا بكل أرقامه."),
    "unit": ("The unit's code.", "كود الوحدة."),
    "flag": ("yes or no.", "نعم أو لا."),
}  # fmt: skip


def label(field: Field, language: str) -> str:
    """The heading of a field in this language."""
    words = field.words.split("|")
    wanted = "arab" if language == "ar" else "latn"
    word = next((w for w in words if script(w) == wanted), words[0])
    return word if language == "ar" else word[:1].upper() + word[1:]


def template(layout: str, *, language: str = "en") -> bytes:
    """The template as xlsx, in English or Arabic; the example row is to be overwritten."""
    layout = CODES.get(layout, layout)
    if layout not in LAYOUTS:
        raise no_layout(layout)
    found = LAYOUTS[layout]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F6", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    at = 1 if language == "ar" else 0
    page = book.add_worksheet(found.title[at][:31])
    if language == "ar":
        page.right_to_left()
    for column, field in enumerate(found.fields):
        example = _EXAMPLES[layout].get(field.name, "")
        page.write_string(0, column, label(field, language), bold)
        page.write_comment(0, column, _takes(field, language))
        page.write_string(1, column, example[at] if isinstance(example, tuple) else example, text)
        page.set_column(column, column, 18, text)
    page.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _takes(field: Field, language: str) -> str:
    """What the column takes, as the note on its heading."""
    at = 1 if language == "ar" else 0
    needed = ("Needed. ", "مطلوب. ")[at] if field.need else ""
    return needed + _TAKES.get(field.type, ("Text.", "نص."))[at]
