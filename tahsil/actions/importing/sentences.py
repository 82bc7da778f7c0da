"""What an import says about a row when it is staged or committed, in English and in Arabic.

A row that is held says what is needed and how to give it: its sentence stands in the reject
workbook beside the row. Facts in braces are filled in when the sentence is shown.
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "import.again": (
        "This very file was imported before, as import {batch}. Nothing of it counts twice.",
        "هذا الملف نفسه استُورد من قبل برقم {batch}. لا يُحتسب منه شيء مرتين.",
    ),
    "import.ambiguous": (
        "This may belong to {contracts}. Name the contract in the file and send the row again.",
        "قد يخص هذا الصف أحد العقود {contracts}. اكتب رقم العقد في الملف وأرسل الصف ثانية.",
    ),
    "import.balance_differs": (
        "The file says a balance of {said}; its own lines leave {left}. The lines were taken.",
        "رصيد الملف {said} وسطوره تترك {left}. أُخذ بالسطور.",
    ),
    "import.cancelled": (
        "This receipt is cancelled in the file; no money came in.",
        "هذا الإيصال ملغي في الملف ولم يُقبض به شيء.",
    ),
    "import.changed": (
        "This was imported before and says something else now. The book keeps what it has; "
        "amend it there, or undo the earlier import and send the whole list.",
        "استُورد هذا من قبل ويقول الآن شيئًا آخر. بقي المسجل كما هو؛ عدّله في الدفتر أو تراجع عن "
        "الاستيراد السابق وأرسل القائمة كاملة.",
    ),
    "import.cheque_known": (
        "Cheque {number} of this bank is on this customer already.",
        "الشيك {number} من هذا البنك مسجل لهذا العميل من قبل.",
    ),
    "import.cheque_settled": (
        "What was paid to date reaches this cheque, so it is taken as cleared.",
        "المسدد حتى تاريخه يغطي هذا الشيك فسُجل محصلًا.",
    ),
    "import.contract_known": (
        "Contract {number} is in the book and says something else there. Amend it in the book.",
        "العقد {number} مسجل ببيانات أخرى. عدّله في الدفتر.",
    ),
    "import.counted": (
        "What contract {number} paid up to {until} was brought forward with its schedule, so this "
        "receipt would count twice. To keep receipts one by one, undo import {batch} and stage it "
        "again with its paid column left alone.",
        "ما سُدد على العقد {number} حتى {until} رُحّل مع جدوله، فلو سُجل هذا الإيصال لتكرر. لتسجيل "
        "الإيصالات واحدًا واحدًا تراجع عن الاستيراد {batch} وأعده مع ترك عمود المسدد.",
    ),
    "import.currency": (
        "The amount is in {currency} and contract {number} is in {wanted}. Write the currency in "
        "the cell, or stage the file with the currency {wanted}.",
        "المبلغ بعملة {currency} والعقد {number} بعملة {wanted}. اكتب العملة في الخلية أو استورد "
        "الملف بعملة {wanted}.",
    ),
    "import.ended": (
        "Contract {number} is {status}: the line stands for the record and nothing more of it is "
        "owed.",
        "العقد {number} حالته {status}: سُجل القسط للعلم ولا يُستحق منه شيء بعد ما سُدد.",
    ),
    "import.future": (
        "{date} is after the day of this import. Money is recorded once it came in.",
        "{date} بعد يوم الاستيراد. يُسجل المبلغ بعد قبضه.",
    ),
    "import.gone": (
        "{count} records of earlier files with these columns no longer stand in this one. "
        "They stay in the book: {keys}.",
        "{count} سجلًا من ملفات سابقة بالأعمدة نفسها لم تعد في هذا الملف. تبقى في الدفتر: {keys}.",
    ),
    "import.line_not_taken": (
        "The line this was paid on was not taken. Mend that line and send both again.",
        "القسط الذي سُدد عليه هذا لم يؤخذ. صحح القسط وأرسلهما معًا.",
    ),
    "import.need_amount": (
        "The amount is missing. Write it in the cell and send the row again.",
        "المبلغ ناقص. اكتبه في الخلية وأرسل الصف ثانية.",
    ),
    "import.need_contract": (
        "This row names no single unit or contract. Name one and send the row again.",
        "هذا الصف لا يحدد وحدة واحدة أو عقدًا. حدده وأرسل الصف ثانية.",
    ),
    "import.need_due_on": (
        "The due date is missing. Write it with its year and send the row again.",
        "تاريخ الاستحقاق ناقص. اكتبه بالسنة وأرسل الصف ثانية.",
    ),
    "import.need_expansion": (
        "{number} is a range of cheques. Answer the question about ranges, or list them one by "
        "one with their dates.",
        "{number} سلسلة شيكات. أجب عن سؤال السلاسل أو اكتبها شيكًا شيكًا بتواريخها.",
    ),
    "import.need_party": (
        "The row names no customer. Give the customer's code or name and send the row again.",
        "الصف لا يذكر العميل. اكتب كوده أو اسمه وأرسل الصف ثانية.",
    ),
    "import.need_price": (
        "The contract has no price. Write it in the cell and send the row again.",
        "العقد بلا سعر. اكتب السعر في الخلية وأرسل الصف ثانية.",
    ),
    "import.need_review": (
        "This was read but not understood: {text}. Enter it by hand.",
        "قُرئ هذا ولم يُفهم: {text}. سجله يدويًا.",
    ),
    "import.need_split": (
        "One row stands for several units. Write one row for each with its own amount.",
        "الصف عن أكثر من وحدة. اكتب صفًا لكل وحدة بمبلغها.",
    ),
    "import.need_status": (
        "The status {text} is not known here. Answer the question about it and stage again.",
        "الحالة {text} غير معروفة. أجب عن سؤالها وأعد القراءة.",
    ),
    "import.no_contract": (
        "The contract of this row was not taken. Mend that row and send both again.",
        "عقد هذا الصف لم يؤخذ. صحح صف العقد وأرسلهما معًا.",
    ),
    "import.no_contract_for": (
        "No contract of {name} on {unit} is in the book. Import contracts or schedules first.",
        "لا عقد باسم {name} على {unit} في الدفتر. استورد العقود أو الجداول أولًا.",
    ),
    "import.no_date": (
        "A receipt without a date cannot be placed in time. Write its date and send it again.",
        "إيصال بلا تاريخ لا مكان له في الزمن. اكتب تاريخه وأرسله ثانية.",
    ),
    "import.no_number": (
        "This contract has neither a number nor a unit. Write one and send the row again.",
        "هذا العقد بلا رقم ولا وحدة. اكتب أحدهما وأرسل الصف ثانية.",
    ),
    "import.no_owner": (
        "Contract {number} names no customer. Write the customer's code and send it again.",
        "العقد {number} بلا عميل. اكتب كود العميل وأرسله ثانية.",
    ),
    "import.no_schedule": (
        "{amount} of contract {number} has no dates in this list; it stands as owed without a "
        "due date.",
        "{amount} من العقد {number} بلا تواريخ في هذه القائمة؛ سُجل مستحقًا بلا تاريخ.",
    ),
    "import.not_owed": (
        "An amount of nothing or less is not owed. Record a credit as a receipt.",
        "مبلغ صفر أو أقل ليس مستحقًا. سجل الرصيد الدائن إيصالًا.",
    ),
    "import.not_received": (
        "An amount of nothing or less was not received. Record a refund in the book.",
        "مبلغ صفر أو أقل لم يُقبض. سجل الرد في الدفتر.",
    ),
    "import.other_name": (
        "The file says {said}; the contract in the book is of {known}.",
        "الملف يقول {said} والعقد في الدفتر باسم {known}.",
    ),
    "import.paid_since": (
        "This was paid after its line came into the book. Import the list of receipts, which says "
        "when and how.",
        "سُدد هذا بعد تسجيل القسط. استورد قائمة المقبوضات ففيها التاريخ والطريقة.",
    ),
    "import.from_bank": (
        "Receipt {number} of {date}, which a bank line brought, is over the same amount. "
        "Record this one by hand if it is other money.",
        "الإيصال {number} بتاريخ {date} الذي ورد من سطر بنكي بالمبلغ نفسه. سجّل هذا يدويًا إن كان "
        "مالًا آخر.",
    ),
    "import.receipt_known": (
        "Receipt {number} of {date} over the same amount is on this customer already.",
        "الإيصال {number} بتاريخ {date} وبالمبلغ نفسه مسجل لهذا العميل من قبل.",
    ),
    "import.same_name": (
        "{name} is opened as a new customer; a customer of that name is in the book already "
        "({known}). Merge them if they are one.",
        "سُجل {name} عميلًا جديدًا وفي الدفتر عميل بالاسم نفسه ({known}). ادمجهما إن كانا واحدًا.",
    ),
    "import.schedule_differs": (
        "The schedule of contract {number} adds up to {schedule}; its price is {price}. "
        "Nothing was changed.",
        "مجموع أقساط العقد {number} هو {schedule} وسعره {price}. لم يُعدل شيء.",
    ),
    "import.too_long": (
        "{text} is longer than the {most} signs kept for it. Shorten it and send the row again.",
        "{text} أطول من {most} حرفًا المسموح بها. اختصره وأرسل الصف ثانية.",
    ),
    "import.undated": (
        "No due date is certain; the line stands without one.",
        "لا تاريخ استحقاق مؤكد؛ سُجل السطر بلا تاريخ.",
    ),
    "import.unit_alias": (
        "{unit} may be {other} of contract {number}. Write it the same way, or name it in the "
        "mapping's units, and send the row again.",
        "قد تكون {unit} هي {other} في العقد {number}. اكتبها بالصورة نفسها أو سمّها في وحدات "
        "المطابقة وأرسل الصف ثانية.",
    ),
}


def template(code: str) -> str:
    """The English sentence of this code."""
    return SENTENCES[code][0]
