"""Receipts and slips in two languages side by side: headings of both, figures once.

The first language gives the direction; beside Arabic or Hindi stands English, beside English the
language of the currency's country. What is in the paper comes from queries/vouchers.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.adapters.documents import Amount, Cell, Column, Document, Table
from tahsil.core.grammar.money import Money

LANGUAGES = ("en", "ar", "hi")
TITLES = {
    "receipt": ("Receipt voucher", "سند قبض", "रसीद वाउचर"),
    "cheques": ("Temporary cheque receipt", "إيصال استلام شيكات مبدئي", "चेक की अस्थायी रसीद"),
    "hand_back": ("Cheque hand-back receipt", "إيصال استلام شيكات مرتجعة للعميل",
                  "लौटाए गए चेक की रसीद"),
    "slip": ("Cheque deposit slip", "حافظة إيداع شيكات", "चेक जमा पर्ची"),
    "refund": ("Refund voucher", "سند صرف (رد مبلغ)", "वापसी वाउचर"),
}  # fmt: skip
LABELS = {
    "number": ("Number", "رقم", "संख्या"),
    "on": ("Date", "التاريخ", "दिनांक"),
    "amount": ("Amount", "المبلغ", "राशि"),
    "name": ("Received from", "استلمنا من", "प्राप्त हुआ"),
    "paid_to": ("Paid to", "صُرف إلى", "किसे चुकाया"),
    "customer": ("Customer", "العميل", "ग्राहक"),
    "approver": ("Agreed by", "اعتمده", "स्वीकृति"),
    "paid_in": ("Receipt", "سند القبض", "रसीद"),
    "came": ("Value date", "تاريخ الحق", "मान्य तिथि"),
    "to": ("Handed to", "سُلّم إلى", "सौंपा गया"),
    "payer": ("Paid by", "المسدد", "भुगतानकर्ता"),
    "relation": ("Relation", "الصلة", "संबंध"),
    "book": ("Receipt book", "دفتر الإيصالات", "रसीद बही"),
    "account": ("Account", "الحساب", "खाता"),
    "contract": ("Contract", "العقد", "अनुबंध"),
    "unit": ("Unit", "الوحدة", "इकाई"),
    "branch": ("Branch", "الفرع", "शाखा"),
    "instrument": ("Paid in", "طريقة السداد", "भुगतान का तरीका"),
    "reference": ("Reference", "المرجع", "संदर्भ"),
    "bank": ("Bank", "البنك", "बैंक"),
    "bank_account": ("Our account", "حسابنا", "हमारा खाता"),
    "iban": ("IBAN", "آيبان", "आईबैन"),
    "collector": ("Collector", "المحصل", "संग्राहक"),
    "cashier": ("Cashier", "أمين الخزينة", "कैशियर"),
    "officer": ("Cheque officer", "مسؤول الشيكات", "चेक अधिकारी"),
    "reason": ("Reason", "السبب", "कारण"),
    "document": ("Document", "المستند", "दस्तावेज़"),
    "note": ("Note", "ملاحظة", "टिप्पणी"),
    "left": ("Still open on the account", "المتبقي على الحساب", "खाते पर शेष"),
    "unapplied": ("Unapplied", "تحت الحساب", "अनावंटित"),
    "line": ("For", "وذلك عن", "किसके लिए"),
    "due": ("Due date", "الاستحقاق", "देय तिथि"),
    "cheque": ("Cheque", "رقم الشيك", "चेक संख्या"),
    "drawee": ("Drawee bank", "البنك المسحوب عليه", "अदाकर्ता बैंक"),
    "drawer": ("Drawer", "الساحب", "आहर्ता"),
    "party": ("Name", "الاسم", "नाम"),
    "matures": ("Cheque date", "تاريخ الشيك", "चेक दिनांक"),
    "total": ("Total", "الإجمالي", "कुल"),
    "count": ("Cheques", "عدد الشيكات", "चेक"),
}  # fmt: skip
SIGNATURES = {
    "receipt": (("Cashier", "أمين الخزينة", "कैशियर"), ("Collector", "المحصل", "संग्राहक"),
                ("Payer", "المسدد", "भुगतानकर्ता")),
    "cheques": (("Received by", "المستلم", "प्राप्तकर्ता"),
                ("Handed over by", "المسلِّم", "सौंपने वाला")),
    "hand_back": (("Recipient's name and ID", "اسم المستلم ورقم هويته",
                   "प्राप्तकर्ता का नाम और पहचान"),
                  ("Signature", "التوقيع", "हस्ताक्षर"),
                  ("Cheque officer", "مسؤول الشيكات", "चेक अधिकारी")),
    "refund": (("Prepared by", "أعده", "तैयारकर्ता"), ("Agreed by", "اعتمده", "स्वीकृति"),
               ("Recipient's name and ID", "اسم المستلم ورقم هويته",
                "प्राप्तकर्ता का नाम और पहचान"), ("Signature", "التوقيع", "हस्ताक्षर")),
    "slip": (("Prepared by", "أعدها", "तैयारकर्ता"), ("Reviewed by", "راجعها", "जाँचकर्ता"),
             ("Bank's stamp and signature", "ختم البنك وتوقيعه", "बैंक की मुहर और हस्ताक्षर")),
}  # fmt: skip
NOTES = {
    "receipt": ("Cheques are credited on clearance.", "الشيكات تقيد عند التحصيل.",
                "चेक समाशोधन पर ही जमा माने जाते हैं।"),
    "cheques": ("Subject to verification and clearance; this is no receipt for money.",
                "خاضع للمراجعة والتحصيل، ولا يعد سند قبض للقيمة.",
                "जाँच और समाशोधन के अधीन; यह धन की रसीद नहीं है।"),
    "hand_back": ("The cheques listed above were received back.",
                  "تم استلام الشيكات المبينة أعلاه.",
                  "उपर्युक्त चेक वापस मिल गए।"),
    "refund": ("Paid back out of the receipts named above; their money no longer pays anything.",
               "رُدّ المبلغ من سندات القبض المبينة أعلاه، ولم يعد يسدد شيئًا.",
               "ऊपर की रसीदों से लौटाया गया; उनका यह धन अब कुछ नहीं चुकाता।"),
    "slip": ("Credited to the account above on clearance.",
             "تضاف القيمة إلى الحساب أعلاه عند التحصيل.",
             "समाशोधन पर उपर्युक्त खाते में जमा होंगे।"),
}  # fmt: skip
REVERSED = ("REVERSED: this receipt pays nothing any more.", "ملغى: هذا السند لم يعد يسدد شيئًا.",
            "रद्द: यह रसीद अब कुछ नहीं चुकाती।")  # fmt: skip
CAME_BACK = ("CAME BACK: this money did not reach its payee.",
             "مرتد: لم يصل هذا المبلغ إلى مستحقه.",
             "लौट आया: यह धन प्राप्तकर्ता तक नहीं पहुँचा।")  # fmt: skip
ONLY = {"en": "{words} only", "ar": "فقط {words} لا غير", "hi": "{words} मात्र"}


def voucher(found: Any, *, language: str) -> Document:
    """The paper with its headings in that language and its second one."""
    both = _Both(language, found.currency)
    is_slip = found.kind == "slip"
    pairs = _pairs(found, is_slip=is_slip)
    titles = both.of(TITLES[found.kind])
    void = CAME_BACK if found.kind == "refund" else REVERSED
    notes = [void] if found.is_reversed else [NOTES[found.kind]]
    return Document(
        titles[0],
        language=language,
        issuer=(found.creditor_ar if language == "ar" else "") or found.creditor,
        subtitle=titles[1],
        pairs=[(both.label(name), value) for name, value in pairs if value not in ("", None)],
        figures=_figures(found, both),
        words=[_only(found.words[each], each) for each in both.languages],
        tables=_tables(found, both, is_slip=is_slip),
        notes=[text for note in notes for text in both.of(note)],
        signatures=[" · ".join(both.of(each)) for each in SIGNATURES[found.kind]],
        is_wide=is_slip,
    )


class _Both:
    """Picks the two languages of a paper out of what is written in three."""

    def __init__(self, language: str, currency: str) -> None:
        home = "hi" if currency == "INR" else "ar"
        self.languages = (language, home if language == "en" else "en")

    def of(self, texts: tuple[str, str, str]) -> tuple[str, str]:
        """The text in both languages, the paper's own first."""
        first, second = (texts[LANGUAGES.index(each)] for each in self.languages)
        return first, second

    def label(self, name: str) -> str:
        """A heading in both languages, one under the other."""
        return "\n".join(self.of(LABELS[name]))


def _only(words: str, language: str) -> str:
    return ONLY[language].format(words=words[0].upper() + words[1:])


def _pairs(found: Any, *, is_slip: bool) -> list[tuple[str, Cell]]:
    who = {"hand_back": "to", "refund": "paid_to"}.get(found.kind, "name")
    payer = "customer" if found.kind == "refund" else "payer"
    by = "cashier" if found.kind in ("receipt", "refund") else "officer"
    return [
        (who, "" if is_slip else "  ".join(filter(None, [found.name, found.name_other]))),
        (payer, found.payer if found.payer != found.name else ""),
        ("relation", found.payer_relation),
        ("account", found.account_number),
        ("contract", found.contract_number),
        ("unit", found.unit),
        ("branch", found.branch),
        ("book", found.book),
        ("instrument", found.instrument),
        ("reference", found.reference),
        ("bank", found.bank),
        ("bank_account", found.bank_account),
        ("iban", found.iban),
        ("collector", found.collector),
        (by, found.cashier),
        ("approver", found.approver),
        ("reason", found.reason),
        ("document", found.document),
        ("note", found.note),
    ]


def _figures(found: Any, both: _Both) -> list[tuple[str, Cell]]:
    figures: list[tuple[str, Cell]] = [
        (both.label("number"), found.number),
        (both.label("on"), found.on),
        (both.label("amount"), str(Money(found.amount_minor, found.currency))),
    ]
    if found.unapplied_minor:
        figures.append((both.label("unapplied"), Amount(found.unapplied_minor, found.currency)))
    if found.left_minor is not None:
        figures.append((both.label("left"), Amount(found.left_minor, found.currency)))
    if found.cheques:
        figures.append((both.label("count"), len(found.cheques)))
    return figures


def _tables(found: Any, both: _Both, *, is_slip: bool) -> list[Table]:
    if found.lines:
        return [_lines(found, both)]
    return [_cheques(found, both, is_slip=is_slip)] if found.cheques else []


def _lines(found: Any, both: _Both) -> Table:
    heads = (("line", "text"), ("contract", "code"), ("due", "date"), ("amount", "money"))
    if found.kind == "refund":
        heads = (("paid_in", "code"), ("contract", "code"), ("came", "date"), ("amount", "money"))
    rows: list[list[Cell]] = [
        [line.label or line.category, line.contract_number, line.due_on,
         Amount(line.amount_minor, found.currency)]
        for line in found.lines
    ]  # fmt: skip
    paid = sum(line.amount_minor for line in found.lines)
    totals: list[Cell] = [" · ".join(both.of(LABELS["total"])), None, None,
                          Amount(paid, found.currency)]  # fmt: skip
    return Table([Column(both.label(name), kind) for name, kind in heads], rows, totals=totals)


def _cheques(found: Any, both: _Both, *, is_slip: bool) -> Table:
    names = [("number", "number"), ("cheque", "code"), ("drawee", "text"), ("drawer", "text")]
    if is_slip:
        names += [("party", "text"), ("unit", "text")]
    names += [("matures", "date"), ("amount", "money")]
    rows = [
        _cheque(at, each, found.currency, is_slip) for at, each in enumerate(found.cheques, start=1)
    ]
    totals: list[Cell] = [None] * len(names)
    totals[2] = " · ".join(both.of(LABELS["total"]))
    totals[-1] = Amount(found.amount_minor, found.currency)
    return Table([Column(both.label(name), kind) for name, kind in names], rows, totals=totals)


def _cheque(at: int, each: Any, currency: str, is_slip: bool) -> list[Cell]:
    drawee = " · ".join(filter(None, [each.bank, each.branch]))
    more: list[Cell] = [each.name, " ".join(filter(None, [each.project, each.unit]))]
    on: date | None = each.matures_on
    return [at, each.number, drawee, each.drawer, *(more if is_slip else []), on,
            Amount(each.amount_minor, currency)]  # fmt: skip
