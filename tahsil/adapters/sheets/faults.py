"""The sentences an import can say about a cell, a row or a sheet, in English and Arabic.

Facts in braces are filled in when the sentence is shown.
"""

from __future__ import annotations

from typing import Any

from tahsil.core.grammar.refusal import say

SENTENCES: dict[str, tuple[str, str]] = {
    "cell.error": (
        "The formula of this cell failed: {text}. Mend it in the workbook.",
        "معادلة هذه الخلية لم تنجح: {text}. صححها في الملف.",
    ),
    "number.unreadable": ("{text} is not an amount.", "{text} ليس مبلغًا."),
    "number.percent": (
        "{text} is a percentage where an amount is wanted.",
        "{text} نسبة مئوية والمطلوب مبلغ.",
    ),
    "number.too_large": (
        "{text} is larger than any amount kept here.",
        "{text} أكبر من أي مبلغ نسجله.",
    ),
    "number.decimals": (
        "{text} has more decimals than {currency} has. It has {places}.",
        "{text} به كسور أكثر من {currency}، وكسورها {places}.",
    ),
    "number.rounded": (
        "{text} was rounded to {places} decimals.",
        "قُرّب {text} إلى {places} كسور.",
    ),
    "number.monthly": ("{text} is an amount per month.", "{text} مبلغ شهري."),
    "number.more": (
        "{text} says there is more than the amount.",
        "{text} يقول إن هناك أكثر من المبلغ.",
    ),
    "number.credit": ("{text} is a credit.", "{text} رصيد دائن."),
    "number.doubtful": (
        "{text} can be {first} or {second}, and the column does not decide which.",
        "{text} قد يكون {first} أو {second}، والعمود لا يحسم أيهما.",
    ),
    "date.unreadable": ("{text} is not a date.", "{text} ليس تاريخًا."),
    "date.impossible": ("{text} is not a day of the calendar.", "{text} ليس يومًا في التقويم."),
    "date.no_year": ("{text} has no year.", "{text} بلا سنة."),
    "date.implausible": (
        "{text} lies outside {first} to {last}.",
        "{text} خارج المدى من {first} إلى {last}.",
    ),
    "date.doubtful": (
        "{text} can be {first} or {second}, and the column does not decide which.",
        "{text} قد يكون {first} أو {second}، والعمود لا يحسم أيهما.",
    ),
    "date.against": (
        "{text} is written month first in a column that writes the day first, or the other way.",
        "{text} ترتيب اليوم والشهر فيه عكس باقي العمود.",
    ),
    "date.swapped": (
        "{text} was stored with day and month exchanged; {date} is taken.",
        "خُزّن {text} واليوم والشهر معكوسان؛ أُخذ {date}.",
    ),
    "date.swap_doubtful": (
        "Excel may have exchanged day and month of {text}: it is {first} or {second}.",
        "ربما عكس Excel اليوم والشهر في {text}: إما {first} وإما {second}.",
    ),
    "date.hijri": ("{text} is a Hijri date; {date} is taken.", "{text} تاريخ هجري؛ أُخذ {date}."),
    "date.serial": (
        "{text} is a day number of Excel; {date} is taken.",
        "{text} رقم يوم في Excel؛ أُخذ {date}.",
    ),
    "phone.unreadable": ("{text} is not a telephone number.", "{text} ليس رقم تليفون."),
    "phone.lossy": (
        "{text} lost its last digits in Excel.",
        "{text} فقد أرقامه الأخيرة في Excel.",
    ),
    "phone.shared": (
        "{phone} stands with {count} customers; it may be a broker's.",
        "{phone} مكرر عند {count} عملاء؛ قد يكون لمسوق.",
    ),
    "id.lossy": ("{text} lost its last digits in Excel.", "{text} فقد أرقامه الأخيرة في Excel."),
    "id.check": (
        "{text} is not a national number: {why}.",
        "{text} ليس رقمًا قوميًا: {why}.",
    ),
    "email.unreadable": ("{text} is not an e-mail address.", "{text} ليس بريدًا إلكترونيًا."),
    "text.repaired": (
        "The letters of this sheet came in the wrong encoding and were repaired.",
        "حروف هذه الورقة جاءت بترميز خاطئ وأُصلحت.",
    ),
    "status.unknown": (
        "The status {text} is not known here; say what it stands for.",
        "الحالة {text} غير معروفة؛ حدد معناها.",
    ),
    "bank.unknown": ("The bank {text} is not known here.", "البنك {text} غير معروف."),
    "unit.several": (
        "{text} names several units; say how the amount is shared.",
        "{text} أكثر من وحدة؛ حدد نصيب كل وحدة.",
    ),
    "unit.alias": (
        "{text} may be the unit {unit}.",
        "{text} قد تكون الوحدة {unit}.",
    ),
    "party.candidate": (
        "May be the same customer as {other}: {reasons}.",
        "قد يكون هو العميل {other}: {reasons}.",
    ),
    "party.estate": (
        "The customer died; the heirs stand in.",
        "العميل متوفى ويحل الورثة محله.",
    ),
    "cheque.range": (
        "{text} is {count} cheques; say whether to take them one by one.",
        "{text} عبارة عن {count} شيك؛ حدد هل تُسجل شيكًا شيكًا.",
    ),
    "cheque.several": (
        "{text} names {count} cheques with one amount.",
        "{text} به {count} شيكات بمبلغ واحد.",
    ),
    "cheque.unreadable": ("{text} is not a cheque number.", "{text} ليس رقم شيك."),
    "cheque.undated": ("The cheque has no date.", "الشيك بلا تاريخ."),
    "cheque.no_return": (
        "The cheque bounced, and the list does not say for certain when.",
        "الشيك مرتد، والقائمة لا تحدد تاريخ الارتداد.",
    ),
    "cheque.part_paid": (
        "The cheque was paid in part ({paid}). It is not counted as money: record the receipt.",
        "الشيك محصل جزئيًا ({paid}) ولا يُحتسب مبلغًا مقبوضًا؛ سجل الإيصال.",
    ),
    "cheque.lost_zeros": (
        "Cheque {number} may be {other}: zeros in front get lost.",
        "الشيك {number} قد يكون {other}: تضيع الأصفار التي في أوله.",
    ),
    "receipt.cancelled": ("The receipt was cancelled.", "الإيصال ملغي."),
    "amount.negative": (
        "{text} is negative and is taken as a credit.",
        "{text} بالسالب ويُسجل رصيدًا دائنًا.",
    ),
    "line.remaining": (
        "{amount} less {paid} is not the remaining {open} written here.",
        "{amount} ناقص {paid} لا يساوي المتبقي {open} المكتوب.",
    ),
    "line.event": (
        "Due on an event ({text}); there is no date until it happens.",
        "يستحق عند حدث ({text})؛ ولا تاريخ قبله.",
    ),
    "share.sum": (
        "The owners' shares add up to {sum}, not to 100%.",
        "أنصبة الملاك مجموعها {sum} وليس 100%.",
    ),
    "key.repeated": (
        "{key} stands {count} times in this file.",
        "{key} مكرر {count} مرات في هذا الملف.",
    ),
    "field.missing": ("{field} is missing.", "ينقص {field}."),
    "row.unread": (
        "This row holds nothing that the layout {layout} asks for.",
        "لا شيء في هذا الصف مما يطلبه نموذج {layout}.",
    ),
    "row.hidden": ("This row is hidden in the workbook.", "هذا الصف مخفي في الملف."),
    "sheet.hidden": (
        "The sheet {sheet} is hidden and was not read; it has {count} rows.",
        "الورقة {sheet} مخفية ولم تُقرأ؛ بها {count} صفوف.",
    ),
    "sheet.unknown": (
        "No layout known here has the columns of the sheet {sheet}.",
        "أعمدة الورقة {sheet} لا تطابق أي نموذج معروف.",
    ),
    "column.unread": (
        "The column {column} is kept as it stands; nothing asks for it.",
        "العمود {column} محفوظ كما هو ولا يُستخدم.",
    ),
    "column.follows": (
        "The dates of {column} can be read two ways; they follow the sheet's other columns.",
        "تواريخ {column} تحتمل قراءتين؛ اتبعت باقي أعمدة الورقة.",
    ),
    "column.mixed_dates": (
        "{column} writes day first and month first; most cells decide ({first} against {second}).",
        "{column} يخلط ترتيب اليوم والشهر؛ أُخذ بالأغلب ({first} مقابل {second}).",
    ),
    "schedule.differs": (
        "The schedule of {unit} adds up to {schedule}; the price is {price}. {why}",
        "مجموع أقساط {unit} هو {schedule} والسعر {price}. {why}",
    ),
    "question.decimals": (
        "In {column}, {text} can be {first} or {second}. Which sign is the decimal point?",
        "في {column}، {text} قد يكون {first} أو {second}. ما علامة الكسر العشري؟",
    ),
    "question.dates": (
        "In {column}, {text} can be {first} or {second}. Does the day or the month come first?",
        "في {column}، {text} قد يكون {first} أو {second}. هل اليوم أولًا أم الشهر؟",
    ),
    "question.swap": (
        "In {column}, Excel may have exchanged day and month: is {text} {first} or {second}?",
        "في {column}، ربما عكس Excel اليوم والشهر: هل {text} هو {first} أم {second}؟",
    ),
    "question.range": (
        "{column} holds ranges such as {text}. Are they to be taken as single cheques?",
        "في {column} أرقام من-إلى مثل {text}. هل تُسجل شيكات منفردة؟",
    ),
    "question.status": (
        "What does the status {text} in {column} stand for?",
        "ما معنى الحالة {text} في {column}؟",
    ),
}


def sentence(code: str, facts: dict[str, Any], language: str = "en") -> str:
    """The sentence of this code in this language, with its facts."""
    english, arabic = SENTENCES[code]
    return say(arabic if language == "ar" else english, facts)
