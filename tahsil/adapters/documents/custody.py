"""The list papers are handed over on and the certificate of a count, in two languages.

As with vouchers, headings stand in the reader's language and in a second one, figures once. What
is in them comes from queries/hand_overs.py and queries/counts.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tahsil.adapters.documents import Amount, Cell, Column, Document, Table
from tahsil.adapters.documents.vouchers import LANGUAGES
from tahsil.core.grammar.money import Money

Word = Callable[[str], str]  # a code word in the paper's own language
Three = tuple[str, str, str]
TEXTS: dict[str, Three] = {
    "hand_over": ("Hand-over of papers", "محضر تسليم وتسلم أوراق", "काग़ज़ात सुपुर्दगी सूची"),
    "certificate": ("Certificate of count", "محضر جرد", "गणना प्रमाणपत्र"),
    "number": ("Number", "رقم", "संख्या"),
    "on": ("Date", "التاريخ", "दिनांक"),
    "count": ("Papers", "عدد الأوراق", "काग़ज़ात"),
    "total": ("Total", "الإجمالي", "कुल"),
    "from": ("From", "من", "कहाँ से"),
    "to": ("To", "إلى", "कहाँ"),
    "giver": ("Handed over by", "المسلِّم", "सौंपने वाला"),
    "receiver": ("Received by", "المستلم", "प्राप्तकर्ता"),
    "company": ("Company", "الشركة", "कंपनी"),
    "identity": ("Identity number", "رقم الهوية", "पहचान संख्या"),
    "note": ("Note", "ملاحظة", "टिप्पणी"),
    "document": ("Document", "المستند", "दस्तावेज़"),
    "found": ("Found", "الموجود فعلياً", "मिले"),
    "cheque": ("Cheque", "رقم الشيك", "चेक संख्या"),
    "bank": ("Bank", "البنك", "बैंक"),
    "name": ("Name", "الاسم", "नाम"),
    "matures": ("Cheque date", "تاريخ الشيك", "चेक दिनांक"),
    "amount": ("Amount", "المبلغ", "राशि"),
    "result": ("Result", "النتيجة", "परिणाम"),
    "received": ("Received", "تم الاستلام", "प्राप्त"),
    "missing": ("Not there", "غير موجود", "नहीं मिला"),
    "place": ("Place", "المكان", "स्थान"),
    "month": ("Envelope", "المظروف", "लिफ़ाफ़ा"),
    "counter": ("Counted by", "القائم بالجرد", "गणनाकार"),
    "book": ("By the book", "الدفتري", "बही के अनुसार"),
    "difference": ("Difference", "الفرق", "अंतर"),
    "currency": ("Currency", "العملة", "मुद्रा"),
    "amount_book": ("Amount by the book", "القيمة الدفترية", "बही की राशि"),
    "amount_found": ("Amount found", "القيمة الفعلية", "मिली राशि"),
    "differences": ("Differences", "الفروق", "अंतर"),
    "signed": ("Signed", "وقّع", "हस्ताक्षर"),
    "identity_line": ("Name, identity, signature", "الاسم والهوية والتوقيع", "नाम, पहचान, हस्ताक्षर"),
    "witness": ("Witness", "شاهد", "साक्षी"),
    "hand_over_note": (
        "The papers above were counted and received, save those marked as not there.",
        "تم عد الأوراق المبينة أعلاه واستلامها عدا ما أُشير إلى عدم وجوده.",
        "ऊपर के काग़ज़ात गिनकर लिए गए, सिवाय उनके जो नहीं मिले।",
    ),
    "clean": (
        "What lay there agrees with the book.",
        "الموجود فعلياً مطابق للدفاتر.",
        "जो मिला वह बही से मेल खाता है।",
    ),
    "open": (
        "The differences listed stay open until they are explained.",
        "تظل الفروق المبينة مفتوحة حتى يتم تفسيرها.",
        "सूची के अंतर स्पष्ट किए जाने तक खुले रहेंगे।",
    ),
    "draft": (
        "Not yet signed by all who have to.",
        "لم يوقّع عليه بعد جميع المطلوب توقيعهم.",
        "अभी सभी आवश्यक हस्ताक्षर नहीं हुए।",
    ),
}


def hand_over(page: Any, *, language: str, word: Word) -> Document:
    """The list of a hand-over: blank results until it is accepted, lines to sign at its foot."""
    row = page.row
    said = _said(language, [each[0] for each in row.totals])
    is_open = row.state == "open"
    return _document(
        "hand_over", page, said, language,
        pairs=[
            ("from", word(row.from_place)), ("to", word(row.to_place)),
            ("giver", " · ".join(filter(None, [row.giver_name, row.giver]))),
            ("receiver", row.receiver or row.accepted_by), ("company", row.receiver_company),
            ("identity", row.receiver_identity), ("document", row.document), ("note", row.note),
        ],
        figures=[
            ("number", row.number), ("on", row.given_on), ("count", row.count),
            *((f"total {currency}", str(Money(minor, currency)))
              for currency, _n, minor in row.totals),
            ("found", row.found_count),
        ],
        words=[page.words[each] for each in said.languages if each in page.words],
        tables=[_papers(page.papers, said, with_result=not is_open)],
        notes=["hand_over_note"],
        signatures=[said("giver"), f"{said('receiver')}: {said('identity_line')}",
                    said("witness")],
    )  # fmt: skip


def certificate(page: Any, *, language: str, word: Word) -> Document:
    """The certificate of a count: book, found and difference per currency, who signed it."""
    row = page.row
    said = _said(language, [each.currency for each in page.sums])
    notes = ["clean" if not row.variance_count else "open"]
    return _document(
        "certificate", page, said, language,
        pairs=[("place", word(row.place)), ("month", row.month), ("counter", row.counter)],
        figures=[
            ("number", f"C-{row.count_id:05d}"), ("on", row.counted_on),
            ("book", row.book_count), ("found", row.found_count),
            ("differences", row.variance_count),
        ],
        words=[],
        tables=[_sums(page.sums, said), *_differences(page.lines, said, word)],
        notes=notes if row.state == "signed" else [*notes, "draft"],
        signatures=[f"{each.person}\n{each.signed_at:%Y-%m-%d %H:%M} UTC"
                    for each in page.signatures]
        + [said("signed")] * (max(row.signers, 1) - len(page.signatures)),
    )  # fmt: skip


class _Said:
    """Texts of this paper in its two languages, the reader's own first."""

    def __init__(self, languages: tuple[str, str]) -> None:
        self.languages = languages

    def __call__(self, name: str, *, between: str = " · ") -> str:
        return between.join(self.of(name))

    def of(self, name: str) -> list[str]:
        """The text in both languages."""
        return [TEXTS[name][LANGUAGES.index(each)] for each in self.languages]


def _said(language: str, currencies: Iterable[str]) -> _Said:
    home = "hi" if set(currencies) == {"INR"} else "ar"
    return _Said((language, home if language == "en" else "en"))


def _document(
    title: str, page: Any, said: _Said, language: str, *, pairs: list[tuple[str, Cell]],
    figures: list[tuple[str, Cell]], words: list[str], tables: list[Table], notes: list[str],
    signatures: list[str],
) -> Document:  # fmt: skip
    own, other = said.of(title)
    return Document(
        own,
        language=language,
        issuer=(page.creditor_ar if language == "ar" else "") or page.creditor,
        subtitle=other,
        pairs=[(said(name, between="\n"), value) for name, value in pairs if value],
        figures=[
            (_heading(said, name), value) for name, value in figures if value not in ("", None)
        ],
        words=words,
        tables=tables,
        notes=[text for note in notes for text in said.of(note)],
        signatures=signatures,
        is_wide=True,
    )  # fmt: skip


def _heading(said: _Said, name: str) -> str:
    label, _, currency = name.partition(" ")
    return f"{said(label, between=chr(10))} {currency}".strip()


def _papers(papers: Iterable[Any], said: _Said, *, with_result: bool) -> Table:
    names = [("number", "number"), ("cheque", "code"), ("bank", "text"), ("name", "text"),
             ("matures", "date"), ("amount", "money"), ("result", "text")]  # fmt: skip
    rows: list[list[Cell]] = []
    for at, each in enumerate(papers, start=1):
        on: date | None = each.matures_on
        result = said(each.result) if with_result and each.result in TEXTS else ""
        money = Amount(each.amount_minor, each.currency)
        rows.append([at, each.number, each.bank, each.name, on, money, result])
    return Table([Column(said(name, between="\n"), kind) for name, kind in names], rows)


def _sums(sums: Iterable[Any], said: _Said) -> Table:
    names = [("currency", "code"), ("book", "number"), ("found", "number"),
             ("difference", "number"), ("amount_book", "money"), ("amount_found", "money"),
             ("difference", "money")]  # fmt: skip
    rows: list[list[Cell]] = [
        [each.currency, each.book_count, each.found_count, each.difference_count,
         Amount(each.book_minor, each.currency), Amount(each.found_minor, each.currency),
         Amount(each.difference_minor, each.currency)]
        for each in sums
    ]  # fmt: skip
    return Table([Column(said(name, between="\n"), kind) for name, kind in names], rows)


def _differences(lines: Iterable[Any], said: _Said, word: Word) -> list[Table]:
    names = [("cheque", "code"), ("bank", "text"), ("name", "text"), ("matures", "date"),
             ("amount_book", "money"), ("result", "text")]  # fmt: skip
    rows: list[list[Cell]] = [
        [each.number, each.bank, each.name, each.matures_on,
         Amount(each.book_minor, each.currency) if each.currency else None, word(each.outcome)]
        for each in lines
    ]  # fmt: skip
    heads = [Column(said(name, between="\n"), kind) for name, kind in names]
    return [Table(heads, rows)] if rows else []
