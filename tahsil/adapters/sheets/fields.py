"""The fields of each kind of list, and the words their columns go by. Data only.

Words are Arabic, English and Hindi, separated by bars; layouts.py matches them with headings.
"""

from __future__ import annotations

from tahsil.adapters.sheets.shape import Field, Layout

_NAME = (
    "اسم العميل|العميل|الاسم|اسم المشتري|المشتري|customer name|customer|client name"
    "|client|name|buyer|party|ग्राहक का नाम|ग्राहक|नाम"
)
_CODE = (
    "كود العميل|رقم العميل|كود|customer code|customer id|customer no|client code|code"
    "|account no|ग्राहक कोड|कोड"
)
_UNIT = (
    "الوحدة|رقم الوحدة|كود الوحدة|unit|unit no|unit code|unit number|flat|apartment"
    "|plot|यूनिट|फ्लैट|इकाई"
)
_NOTES = "ملاحظات|ملاحظه|بيان اخر|notes|remarks|remark|comment|comments|टिप्पणी"
_CONTRACT = (
    "رقم العقد|العقد|كود العقد|contract no|contract|contract number|agreement no"
    "|agreement|अनुबंध|अनुबंध संख्या"
)
_CHEQUE = "رقم الشيك|الشيك|cheque no|cheque number|check no|chq no|cheque|चेक संख्या|चेक"
_BANK = "البنك|اسم البنك|بنك|bank|bank name|drawee bank|बैंक"
_CURRENCY = "العملة|عمله|currency|ccy|मुद्रा"
_DUE = (
    "تاريخ الاستحقاق|الاستحقاق|ت الاستحقاق|due date|due on|due|maturity|maturity date"
    "|देय तिथि|नियत तिथि"
)
_AMOUNT = (
    "القيمة|المبلغ|قيمة القسط|مبلغ|قيمه|amount|value|instalment amount|installment amount|राशि|रकम"
)

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "customers",
            ("Customers", "بيان العملاء"),
            (
                Field("code", "code", _CODE, key=True),
                Field("name", "text", _NAME, need=True, key=True),
                Field(
                    "national_id",
                    "identity",
                    "الرقم القومي|رقم قومي|رقم البطاقة|بطاقه|رقم الهويه|جواز السفر"
                    "|national id|id number|id no|passport|passport no|emirates id|aadhaar"
                    "|pan|आधार|पैन",
                ),
                Field(
                    "phones",
                    "phone",
                    "تليفون|التليفون|هاتف|الهاتف|موبايل|محمول|رقم التليفون|الجوال|جوال"
                    "|phone|phones|mobile|tel|telephone|phone number|mobile no|contact no"
                    "|मोबाइल|फोन|दूरभाष",
                    key=True,
                ),
                Field(
                    "phones_2",
                    "phone",
                    "تليفون 2|هاتف 2|موبايل 2|phone 2|mobile 2|alternate mobile|alt phone"
                    "|تليفون اخر",
                ),
                Field("address", "text", "العنوان|عنوان|address|पता", key=True),
                Field(
                    "email", "email", "ايميل|البريد الالكتروني|بريد الكتروني|email|e mail|mail|ईमेल"
                ),
                Field(
                    "broker", "text", "المسوق|الوسيط|شركة التسويق|broker|agent|marketer|दलाल|एजेंट"
                ),
                Field("notes", "text", _NOTES),
            ),
        ),
        Layout(
            "contracts",
            ("Contracts and units", "عقود المبيعات"),
            (
                Field("number", "code", _CONTRACT, need=True, key=True, group=True),
                Field(
                    "signed_on",
                    "date",
                    "تاريخ العقد|تاريخ التعاقد|contract date|date of contract"
                    "|agreement date|signed on|अनुबंध तिथि",
                    key=True,
                    group=True,
                ),
                Field(
                    "project",
                    "text",
                    "المشروع|اسم المشروع|project|project name|परियोजना",
                    group=True,
                ),
                Field(
                    "building",
                    "code",
                    "العمارة|المبنى|البرج|building|tower|block|phase|भवन|टावर",
                    group=True,
                ),
                Field("unit", "unit", _UNIT, group=True),
                Field("area", "area", "المساحة|مساحه|area|area sqm|size|क्षेत्रफल", group=True),
                Field("party_code", "code", _CODE, key=False),
                Field("party_name", "text", _NAME),
                Field("share", "share", "النسبة|نسبه|نصيب|share|share %|ownership|हिस्सा"),
                Field(
                    "price",
                    "money",
                    "سعر البيع|السعر|قيمة العقد|ثمن البيع|price|sale price|contract value"
                    "|contract price|agreement value|मूल्य|कीमत",
                    key=True,
                ),
                Field("discount", "money_or_percent", "الخصم|خصم|discount|छूट"),
                Field(
                    "maintenance",
                    "money_or_percent",
                    "وديعة الصيانة|الصيانة|maintenance|maintenance deposit|रखरखाव",
                ),
                Field("plan", "text", "نظام السداد|خطة السداد|payment plan|plan|भुगतान योजना"),
                Field(
                    "status",
                    "contract_status",
                    "حالة|الحالة|حالة العقد|status|contract status|स्थिति",
                ),
                Field("currency", "code", _CURRENCY),
                Field("notes", "text", _NOTES),
            ),
        ),
        Layout(
            "schedule",
            ("Instalment schedule", "جدول الأقساط"),
            (
                Field("party_name", "text", _NAME, group=True),
                Field("party_code", "code", _CODE, group=True),
                Field("contract", "code", _CONTRACT, group=True),
                Field("unit", "unit", _UNIT, group=True),
                Field(
                    "seq",
                    "whole",
                    "م|مسلسل|رقم القسط|no|sr|seq|s no|instalment no|installment no|#|क्रम|क्र",
                ),
                Field(
                    "label",
                    "text",
                    "البيان|نوع القسط|الوصف|بيان|description|instalment|installment"
                    "|particulars|milestone|type|किस्त|विवरण",
                    key=True,
                ),
                Field("due", "date", _DUE, key=True),
                Field(
                    "amount",
                    "money",
                    _AMOUNT + "|instalment value|demand amount",
                    need=True,
                    key=True,
                ),
                Field(
                    "paid",
                    "money",
                    "المسدد|المدفوع|المحصل|paid|paid amount|received|collected|भुगतान|प्राप्त",
                    key=True,
                ),
                Field(
                    "open",
                    "money",
                    "المتبقي|الباقي|الرصيد|remaining|balance|outstanding|due balance|शेष|बकाया",
                    key=True,
                ),
                Field("cheque", "cheque_number", _CHEQUE),
                Field("currency", "code", _CURRENCY),
                Field("notes", "text", _NOTES),
            ),
        ),
        Layout(
            "receipts",
            ("Receipts", "حركة المقبوضات"),
            (
                Field(
                    "number",
                    "receipt_number",
                    "رقم الايصال|الايصال|ايصال رقم|receipt no|receipt number|receipt"
                    "|voucher no|rv no|रसीद संख्या|रसीद",
                    need=True,
                    key=True,
                ),
                Field(
                    "received_on",
                    "date",
                    "التاريخ|تاريخ|تاريخ السداد|تاريخ الايصال|date|receipt date"
                    "|payment date|value date|तिथि|दिनांक|तारीख",
                    need=True,
                    key=True,
                ),
                Field("party_code", "code", _CODE),
                Field("party_name", "text", _NAME),
                Field("contract", "code", _CONTRACT),
                Field("unit", "unit", _UNIT),
                Field(
                    "amount",
                    "money",
                    _AMOUNT + "|المبلغ المسدد|amount received|receipt amount|प्राप्त राशि",
                    need=True,
                    key=True,
                ),
                Field(
                    "method",
                    "text",
                    "طريقة الدفع|طريقة السداد|نوع السداد|payment method|method|mode"
                    "|payment mode|भुगतान विधि|माध्यम",
                    key=True,
                ),
                Field("cheque", "cheque_number", _CHEQUE),
                Field(
                    "label", "text", "البيان|بيان|الوصف|description|particulars|narration|for|विवरण"
                ),
                Field("bank", "bank", _BANK),
                Field(
                    "treasury",
                    "text",
                    "الخزينة|الخزنة|الفرع|treasury|branch|cashier|safe|शाखा",
                    key=True,
                ),
                Field("currency", "code", _CURRENCY),
                Field("notes", "text", _NOTES),
            ),
        ),
        Layout(
            "cheques",
            ("Cheques", "بيان الشيكات"),
            (
                Field("seq", "whole", "مسلسل|م|sr|seq|s no|no|#|क्रम"),
                Field("number", "cheque_number", _CHEQUE, need=True, key=True),
                Field("bank", "bank", _BANK, key=True),
                Field(
                    "drawer",
                    "text",
                    "الساحب|اسم الساحب|drawer|drawer name|issuer|जारीकर्ता",
                    key=True,
                ),
                Field("party_code", "code", _CODE),
                Field("party_name", "text", _NAME),
                Field("contract", "code", _CONTRACT),
                Field("unit", "unit", _UNIT),
                Field(
                    "amount",
                    "money",
                    "قيمة الشيك|مبلغ الشيك|cheque amount|cheque value|check amount|" + _AMOUNT,
                    need=True,
                    key=True,
                ),
                Field(
                    "due",
                    "cheque_date",
                    _DUE + "|تاريخ الشيك|cheque date|check date|चेक तिथि",
                    key=True,
                ),
                Field(
                    "status",
                    "cheque_status",
                    "الحالة|حالة الشيك|حالة|status|cheque status|स्थिति",
                    key=True,
                ),
                Field(
                    "place",
                    "text",
                    "مكان الشيك|المكان|موقع الشيك|location|custody|place|स्थान",
                    key=True,
                ),
                Field(
                    "deposited",
                    "text",
                    "تاريخ الايداع|الايداع|deposit date|deposited on|deposit|presented on",
                ),
                Field("currency", "code", _CURRENCY),
                Field("notes", "text", _NOTES),
            ),
        ),
        Layout(
            "mixed",
            ("Rent roll, service contracts, car loans", "إيجارات وخدمات وسيارات"),
            (
                Field(
                    "party_name",
                    "text",
                    "tenant client|tenant|المستأجر|" + _NAME + "|किरायेदार",
                    need=True,
                    key=True,
                ),
                Field(
                    "asset",
                    "code",
                    "unit site vin|unit site|vin|chassis|رقم الشاسيه|site|" + _UNIT,
                    key=True,
                ),
                Field("number", "code", _CONTRACT),
                Field(
                    "start",
                    "date",
                    "start|start date|from|بداية العقد|من تاريخ|البداية|प्रारंभ",
                    key=True,
                ),
                Field(
                    "end",
                    "date",
                    "end|end date|expiry|to|نهاية العقد|الى تاريخ|النهاية|समाप्ति",
                    key=True,
                ),
                Field(
                    "amount",
                    "money",
                    "annual emi|annual rent|annual|emi|rent|القيمة السنوية|الايجار|القسط"
                    "|मासिक किस्त|किराया",
                    key=True,
                ),
                Field("cheque_1", "text", "chq 1 no date amt|chq 1|cheque 1|شيك 1", key=True),
                Field("cheque_2", "text", "chq 2 no date amt|chq 2|cheque 2|شيك 2"),
                Field("cheque_3", "text", "chq 3 no date amt|chq 3|cheque 3|شيك 3"),
                Field("cheque_4", "text", "chq 4 no date amt|chq 4|cheque 4|شيك 4"),
                Field("paid", "money", "paid to date|paid|المسدد|collected|भुगतान", key=True),
                Field("balance", "money", "balance|outstanding|الرصيد|المتبقي|शेष", key=True),
                Field(
                    "reference",
                    "text",
                    "ejari po policy|ejari|po|policy|التوثيق|الوثيقة|reference|संदर्भ",
                    key=True,
                ),
                Field("currency", "code", _CURRENCY),
                Field("notes", "text", _NOTES),
            ),
        ),
        Layout(
            "invoices",
            ("Invoices", "فواتير"),
            (
                Field(
                    "number",
                    "code",
                    "invoice number|invoice no|invoice|invoice id|document number|doc no"
                    "|bill no|رقم الفاتورة|الفاتورة|बीजक संख्या|चालान संख्या",
                    need=True,
                    key=True,
                ),
                Field("party_code", "code", _CODE),
                Field("party_name", "text", _NAME),
                Field(
                    "issued_on",
                    "date",
                    "invoice date|issue date|document date|billing date|issued on"
                    "|تاريخ الفاتورة|बीजक तिथि",
                    key=True,
                ),
                Field("due", "date", _DUE, key=True),
                Field(
                    "amount",
                    "money",
                    "invoice amount|قيمة الفاتورة|total amount|gross amount|बीजक राशि|" + _AMOUNT,
                    need=True,
                    key=True,
                ),
                Field("paid", "money", "paid|paid amount|amount paid|المسدد|received|भुगतान"),
                Field(
                    "open",
                    "money",
                    "balance|open amount|outstanding|amount due|remaining|المتبقي|बकाया|शेष",
                ),
                Field("disputed", "flag", "disputed|dispute|in dispute|نزاع|متنازع عليها|विवादित"),
                Field(
                    "settled_on",
                    "date",
                    "settled date|paid date|payment date|clear date|settled on|تاريخ السداد"
                    "|भुगतान तिथि",
                ),
                Field("currency", "code", _CURRENCY),
                Field("notes", "text", _NOTES + "|description|البيان"),
            ),
        ),
    )
}
CODES = {
    "L1": "customers",
    "L2": "contracts",
    "L3": "schedule",
    "L4": "receipts",
    "L5": "cheques",
    "L6": "mixed",
}
