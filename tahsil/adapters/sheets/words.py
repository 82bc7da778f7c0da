"""What words in cells stand for: months, events, banks, methods, statuses, line categories.

Data only. Keys are folded (tahsil.core.grammar.names.fold), so أ and ا are one letter.
"""

from __future__ import annotations

from tahsil.core.grammar.names import fold

_MONTHS = (
    "يناير|جانفي|كانون الثاني|january|jan|जनवरी",
    "فبراير|شباط|فيفري|february|feb|फरवरी|फ़रवरी",
    "مارس|اذار|march|mar|मार्च",
    "ابريل|نيسان|افريل|april|apr|अप्रैल",
    "مايو|ايار|ماي|may|मई",
    "يونيو|يونيه|حزيران|جوان|june|jun|जून",
    "يوليو|يوليه|تموز|جويليه|july|jul|जुलाई",
    "اغسطس|اب|اوت|august|aug|अगस्त",
    "سبتمبر|ايلول|september|sep|सितंबर|सितम्बर",
    "اكتوبر|تشرين الاول|october|oct|अक्टूबर|अक्तूबर",
    "نوفمبر|تشرين الثاني|november|nov|नवंबर|नवम्बर",
    "ديسمبر|كانون الاول|december|dec|दिसंबर|दिसम्बर",
)
MONTHS = {fold(word): at for at, words in enumerate(_MONTHS, 1) for word in words.split("|")}


def _folded(table: dict[str, str]) -> dict[str, str]:
    return {fold(word): code for code, words in table.items() for word in words.split("|")}


EVENTS = _folded(
    {
        "HANDOVER_NOTICE": "عند الاستلام|عند التسليم|مع الاستلام|on handover|on hand-over"
        "|on hand over"
        "|at handover|upon handover|on possession|on delivery|at delivery|on completion"
        "|upon completion"
        "|कब्जे पर|क़ब्ज़े पर",
        "CONTRACT_SIGNATURE": "عند التعاقد|عند التوقيع|on signing|on signature|on booking"
        "|on contract",
        "STAGE_CERTIFIED": "عند الانتهاء من|on stage|on slab|on plinth|on casting|on foundation",
    }
)

METHODS = _folded(
    {
        "transfer": "تحويل|تحويل بنكي|حواله|transfer|bank transfer|wire|neft|rtgs|imps"
        "|instapay|انستاباي",
        "cash": "نقدي|نقدا|كاش|cash|नकद",
        "card": "فيزا|بطاقه|كارت|card|visa|pos",
        "cheque": "شيك|شيكات|cheque|check|chq|चेक",
        "adjustment": "تسويه|تسويه دفتريه|مرتجع|adjustment|settlement|journal|jv|refund",
        "wallet": "محفظه|فودافون كاش|upi|wallet",
    }
)

CONTRACT_STATUSES = _folded(
    {
        "active": "ساري|ساريه|قائم|active|live|registered|نشط|जारी|चालू",
        "assigned": "متنازل عنه|تنازل|assigned|transferred",
        "cancelled": "ملغي|ملغى|لاغي|فسخ|مفسوخ|cancelled|canceled|terminated|रद्द",
        "completed": "منتهي|مسدد بالكامل|مخالصه|completed|closed|settled|paid off",
        "reserved": "حجز|محجوز|reserved|booked",
        "legal": "قضايا|قانوني|legal",
    }
)

CHEQUE_STATUSES = _folded(
    {
        "in_safe": "بالخزينه|الخزينه|خزينه|بالخزنه|في الخزنه|in safe|in hand|on hand"
        "|with us|pdc|محفوظ|حافظه",
        "under_collection": "تحت التحصيل|برسم التحصيل|بالبنك|under collection|deposited"
        "|presented|ايداع",
        "cleared": "محصل|تم التحصيل|حصل|cleared|collected|paid|realised|realized|passed"
        "|مسدد|تم الصرف",
        "partially_paid": "محصل جزئي|تحصيل جزئي|سداد جزئي|partial|partially paid",
        "bounced": "مرتد|راجع|مرفوض|ارتداد|bounced|returned|dishonoured|dishonored|unpaid|बाउंस",
        "with_legal": "بالشئون القانونيه|الشئون القانونيه|شئون قانونيه|قانوني|legal"
        "|with lawyer|محامي",
        "in_court": "قضيه|بالمحكمه|in court|case filed",
        "security": "ضمان|شيك ضمان|security|guarantee",
        "held": "مؤجل|موجل|تاجيل|hold|on hold|held|postponed",
        "replaced": "مستبدل|تم استبداله|replaced",
        "returned_to_customer": "سلم للعميل|رد للعميل|returned to customer|handed back",
        "cancelled": "ملغي|لاغي|cancelled|canceled|void",
    }
)

RETURN_REASONS = _folded(
    {
        "insufficient_funds": "رصيد|لا يوجد رصيد|عدم كفايه الرصيد|عدم كفايه|insufficient"
        "|nsf|refer to drawer|funds",
        "signature": "توقيع|اختلاف توقيع|signature",
        "account_closed": "حساب مغلق|مغلق|closed",
        "stopped": "ايقاف|موقوف|stop|stopped",
        "stale": "تقادم|قديم|stale",
        "alteration": "كشط|تعديل|alteration",
    }
)

CATEGORIES = _folded(
    {
        "reservation": "حجز|جديه حجز|reservation|booking|booking amount|token",
        "down_payment": "مقدم|دفعه مقدمه|مقدم تعاقد|down payment|dp|دفعه تعاقد",
        "instalment": "قسط|دفعه|قسط ربع سنوي|قسط شهري|instalment|installment|किस्त|किश्त",
        "bump": "دفعه سنويه|دفعه اضافيه|annual payment|bump",
        "balloon": "دفعه اخيره|balloon",
        "emi": "emi|قسط سياره",
        "security_deposit": "تامين نقدي|security deposit",
        "utilities": "عدادات|مرافق|utilities|meters",
        "delivery": "دفعه الاستلام|دفعه استلام|استلام|handover|delivery|possession|on completion",
        "maintenance_deposit": "وديعه صيانه|وديعه|صيانه|maintenance|maintenance deposit",
        "rent": "ايجار|rent|lease",
        "club": "نادي|اشتراك نادي|club",
        "parking": "جراج|موقف|parking|garage",
        "penalty": "غرامه|غرامه تاخير|penalty|late fee|interest",
        "fee": "رسوم|مصاريف|مصاريف اداريه|fee|fees|registration",
        "tax": "ضريبه|vat|gst|tax",
        "premium": "قسط تامين|premium|insurance",
        "service_charge": "خدمات|service charge|service",
    }
)

# The bank's own short name is the code; towns behind a dash or a space are its branch.
BANKS = _folded(
    {
        "NBE": "nbe|الاهلي|البنك الاهلي|البنك الاهلي المصري|اهلي|national bank"
        "|national bank of egypt",
        "BM": "bm|بنك مصر|مصر|banque misr|misr",
        "CIB": "cib|سي اي بي|البنك التجاري الدولي|التجاري الدولي|commercial international bank",
        "QNB": "qnb|قطر الوطني|كيو ان بي|qnb alahli|qnb al ahli",
        "BDC": "bdc|بنك القاهره|القاهره|banque du caire",
        "AAIB": "aaib|العربي الافريقي|البنك العربي الافريقي الدولي|arab african",
        "ALEX": "alexbank|بنك الاسكندريه|اسكندريه|bank of alexandria|alex bank",
        "HSBC": "hsbc|اتش اس بي سي",
        "ADIB": "adib|ابوظبي الاسلامي|مصرف ابوظبي الاسلامي|abu dhabi islamic bank",
        "FAISAL": "فيصل|بنك فيصل|بنك فيصل الاسلامي|faisal|faisal islamic bank",
        "ENBD": "enbd|emirates nbd|الامارات دبي الوطني|بنك الامارات دبي الوطني",
        "FAB": "fab|first abu dhabi bank|ابوظبي الاول|بنك ابوظبي الاول",
        "ADCB": "adcb|abu dhabi commercial bank|ابوظبي التجاري",
        "MASHREQ": "mashreq|المشرق|بنك المشرق",
        "DIB": "dib|dubai islamic bank|دبي الاسلامي|بنك دبي الاسلامي",
        "RAJHI": "al rajhi|alrajhi|rajhi|الراجحي|مصرف الراجحي",
        "SNB": "snb|الاهلي السعودي|البنك الاهلي السعودي|saudi national bank|ncb",
        "HDFC": "hdfc|hdfc bank|एचडीएफसी",
        "ICICI": "icici|icici bank",
        "SBI": "sbi|state bank of india|state bank|भारतीय स्टेट बैंक",
        "AXIS": "axis|axis bank",
    }
)
