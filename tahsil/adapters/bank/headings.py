"""What banks call the columns of their tables, and the rows that are no lines.

Data only. Keys are folded (tahsil.core.grammar.names.fold) and stripped of signs.
"""

from __future__ import annotations

import re

from tahsil.core.grammar.names import fold

_SIGNS = re.compile(r"[^\w\u0900-\u097f]+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def squeezed_key(text: str) -> str:
    """The text to compare headings by: folded, without signs and what stands in brackets."""
    return " ".join(_SIGNS.sub(" ", fold(_BRACKETS.sub(" ", text))).split())


_FIELDS = {
    "booked_on": "date|posting date|posted date|post date|transaction date|txn date|tran date"
    "|trans date|booking date|entry date|تاريخ|التاريخ|تاريخ العملية|تاريخ القيد|تاريخ الحركة"
    "|تاريخ المعاملة|दिनांक|तारीख|तिथि|लेनदेन की तारीख|लेन देन दिनांक",
    "value_on": "value date|val date|value dt|effective date|تاريخ الحق|تاريخ القيمة|حق|حق اليوم"
    "|تاريخ الاستحقاق|मूल्य तिथि|मूल्य दिनांक|वैल्यू डेट",
    "description": "description|details|narration|narrative|particulars|transaction details"
    "|transaction description|remarks|transaction remarks|memo|text|البيان|بيان|الوصف|وصف"
    "|التفاصيل|تفاصيل|تفاصيل العملية|وصف العملية|شرح|ملاحظات|विवरण|ब्यौरा|ब्योरा|लेनदेन विवरण",
    "reference": "reference|ref|ref no|reference no|reference number|customer reference"
    "|your reference|المرجع|مرجع|الرقم المرجعي|رقم المرجع|مرجع العميل|संदर्भ|संदर्भ संख्या",
    "bank_reference": "bank reference|transaction id|txn id|transaction reference|tran id|journal"
    "|utr|utr no|utr number|مرجع البنك|رقم العملية|رقم الحركة|رقم القيد|लेनदेन आईडी|यूटीआर",
    "cheque_number": "cheque no|chq no|check no|cheque number|check number|chq|cheque|chq ref no"
    "|instrument no|رقم الشيك|شيك|رقم شيك|चेक संख्या|चेक नंबर|चेक",
    "debit": "debit|debits|debit amount|withdrawal|withdrawals|withdrawal amt|withdrawal amount"
    "|paid out|money out|dr|dr amount|مدين|المدين|منصرف|سحب|السحب|مسحوبات|مبلغ مدين|عليه|خصم"
    "|नामे|निकासी|डेबिट|आहरण",
    "credit": "credit|credits|credit amount|deposit|deposits|deposit amt|deposit amount|paid in"
    "|money in|cr|cr amount|دائن|الدائن|وارد|ايداع|الايداع|ايداعات|مبلغ دائن|له|اضافه|إضافة"
    "|जमा|क्रेडिट|जमा राशि",
    "amount": "amount|transaction amount|txn amount|amt|المبلغ|مبلغ|مبلغ العملية|قيمة|القيمة"
    "|राशि|रकम",
    "sign": "dr cr|cr dr|d c|c d|type|debit credit|credit debit|indicator|نوع الحركة|مدين دائن"
    "|नामे जमा|प्रकार",
    "balance": "balance|running balance|closing balance|available balance|ledger balance"
    "|account balance|الرصيد|رصيد|الرصيد بعد العملية|الرصيد الجاري|शेष|शेष राशि|बैलेंस",
    "payer": "payer|name|counterparty|beneficiary|remitter|sender|payer name|counterparty name"
    "|المحول|اسم المحول|المستفيد|الاسم|اسم العميل|भुगतानकर्ता|प्रेषक|नाम",
    "payer_account": "payer account|counterparty account|counterparty iban|sender account"
    "|from account|حساب المحول|الحساب المقابل|प्रेषक खाता",
    "currency": "currency|ccy|curr|العملة|عملة|मुद्रा",
}
HEADINGS = {
    squeezed_key(word): field for field, words in _FIELDS.items() for word in words.split("|")
}

_LABELS = {
    "account": "account number|account no|account|a c no|a c number|iban|iban number|رقم الحساب"
    "|الحساب|حساب رقم|ايبان|खाता संख्या|खाता नंबर|खाता",
    "currency": "currency|account currency|ccy|العملة|عملة الحساب|मुद्रा",
    "opening": "opening balance|balance brought forward|balance b f|brought forward|b f|balance bf"
    "|previous balance|start balance|الرصيد الافتتاحي|رصيد افتتاحي|رصيد اول المدة|الرصيد السابق"
    "|رصيد سابق|رصيد منقول|प्रारंभिक शेष|आरंभिक शेष|पिछला शेष",
    "closing": "closing balance|balance carried forward|balance c f|carried forward|end balance"
    "|الرصيد الختامي|رصيد ختامي|رصيد اخر المدة|الرصيد النهائي|رصيد الاقفال|अंतिम शेष|समापन शेष",
    "total": "total|totals|grand total|sub total|المجموع|مجموع|الاجمالي|اجمالي|الإجمالي|कुल|योग",
}
LABELS = {
    squeezed_key(word): label for label, words in _LABELS.items() for word in words.split("|")
}

CREDIT_SIGNS = {squeezed_key(word) for word in ("c", "cr", "credit", "دائن", "له", "जमा")} | {"+"}
DEBIT_SIGNS = {squeezed_key(word) for word in ("d", "dr", "debit", "مدين", "عليه", "नामे")} | {"-"}

_MONTHS = (
    "يناير|كانون الثاني|january|jan|जनवरी",
    "فبراير|شباط|february|feb|फरवरी",
    "مارس|اذار|march|mar|मार्च",
    "ابريل|نيسان|april|apr|अप्रैल",
    "مايو|ايار|may|मई",
    "يونيو|حزيران|june|jun|जून",
    "يوليو|تموز|july|jul|जुलाई",
    "اغسطس|اب|august|aug|अगस्त",
    "سبتمبر|ايلول|september|sep|sept|सितंबर",
    "اكتوبر|تشرين الاول|october|oct|अक्टूबर",
    "نوفمبر|تشرين الثاني|november|nov|नवंबर",
    "ديسمبر|كانون الاول|december|dec|दिसंबर",
)
MONTHS = {
    squeezed_key(word): at for at, words in enumerate(_MONTHS, 1) for word in words.split("|")
}


def label(text: str) -> str:
    """account, currency, opening, closing or total, where the text begins with such a label."""
    found = LABELS.get(squeezed_key(text.split(":")[0]), "")
    if found:
        return found
    words = squeezed_key(text).split()
    for count in range(min(4, len(words)), 0, -1):
        found = LABELS.get(" ".join(words[:count]), "")
        if found in ("opening", "closing", "total"):
            return found
    return ""
