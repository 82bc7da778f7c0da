# ruff: noqa: E501  (a row of words or shapes is one line)
"""The words of bank texts that are no names, and those that say a credit is nobody's payment.

All as folded by grammar/names.py: small letters, one form per Arabic letter.
"""

from __future__ import annotations

from tahsil.core.grammar.names import fold

ARTICLES = frozenset(
    ["al", "el", "ul", "ال", "bin", "bint", "ibn", "بن", "ابن", "بنت"]
)  # inside a name
FILLERS = frozenset(
    fold("""
    mr mrs ms miss dr eng messrs the and of for from to by in on via per at a an no nr num number not
    ref reference refno rfb roc remit remittance info details narration narrative purpose ordering
    trf tfr trsf transfer transfers xfer trn txn trx transaction tt inward incoming outward wire swift
    payment payments pay paid paying pymt pmt deposit dep cash credit cr db dr debit received receipt
    inst instal instalment instalments installment installments emi due dues settlement settle advance balance total amount
    invoice inv bill contract cont unit villa apt apartment flat shop tower bldg building phase plot
    account acc acct ac iban bank branch br benef beneficiary bnf sender remitter payer ordered
    ach ipn ips instapay fawry wallet vodafone neft rtgs imps upi utr nach mob mobile online internet
    cib nbe qnb adib hsbc aaib banque misr egypt dubai uae enbd fab mashreq rajhi snb icici hdfc sbi
    axis kotak custcr cust customer ref1 ref2 bo chq cheque check clearing clg inwd value date dated dt
    egp aed sar usd eur gbp inr kwd qar omr bhd fx rate le charges chgs our sha ben family own
    months month jan feb mar apr may jun jul aug sep sept oct nov dec monthly quarter
    rent maintenance fee fees service services charge part full first second third last down
    الي من الى عن في رقم قسط اقساط القسط دفعه دفعات سداد تسديد تحويل تحويلات حواله حوالات وارده
    وارد ايداع نقدي نقدا مبلغ حساب لحساب وحده الوحده شقه عماره فيلا محل عقد العقد فاتوره مستحق
    بنك البنك فرع لحظي لحظيه محفظه شيك مقاصه عميل العميل بواسطه صادره مرجع ايجار صيانه
    مشروع شهر شهري لصالح المستفيد مرسل المرسل الراسل جنيه درهم ريال
    किस्त भुगतान हस्तांतरण से को का की के खाता बैंक नकद जमा
    """).split()
)

# Between the number of a contract and the number of its line these say nothing.
LINE_WORDS = frozenset(
    [
        "inst",
        "instal",
        "instalment",
        "instalments",
        "installment",
        "emi",
        "no",
        "nr",
        "num",
        "number",
        "line",
        "قسط",
        "القسط",
        "اقساط",
        "رقم",
        "دفعه",
        "किस्त",
    ]
)

JOINERS = frozenset({"to", "till", "and", "و", "الي"})  # between two numbers of lines

PURPOSES: dict[str, tuple[str, ...]] = {
    "own_transfer": (
        "own account", "own accounts", "between own", "internal transfer", "sweep", "cash pooling",
        "inter account", "intra company", "تحويل بين حسابات", "بين حساباتنا", "تحويل داخلي",
    ),
    "interest": (
        "credit interest", "interest paid", "interest credit", "int paid", "int credit", "int pd",
        "interest earned", "interest", "profit distribution", "profit paid", "فوائد", "عائد", "ارباح",
        "ब्याज",
    ),
    "salary": ("salary", "salaries", "payroll", "wps", "wages", "راتب", "رواتب", "مرتب", "مرتبات"),
    "fee": (
        "charges reversed", "charges reversal", "fee reversal", "bank charges", "fee refund",
        "charge refund", "commission refund", "رد عموله", "رد مصاريف",
    ),
    "refund": (
        "refund", "tax refund", "vat refund", "customs refund", "cashback", "chargeback",
        "استرداد", "رد مبلغ", "مردودات",
    ),
    "loan": ("loan", "drawdown", "disbursement", "overdraft", "قرض", "تسهيل"),
    "terminal": (
        "pos settlement", "merchant settlement", "card settlement", "merchant", "gateway settlement",
        "payout", "تسويه نقاط البيع",
    ),
    "investment": (
        "dividend", "redemption", "maturity proceeds", "td maturity", "deposit maturity", "fd closure",
        "treasury bill", "coupon", "استحقاق وديعه", "اذون خزانه",
    ),
    "insurance": ("insurance claim", "claim settlement", "claim payment", "تعويض"),
}  # fmt: skip
RETURNED = (
    "return", "returned", "rtn", "bounce", "bounced", "dishonour", "dishonoured", "unpaid", "chq ret",
    "مرتد", "مرتجع", "رد شيك", "ارتداد",
)  # fmt: skip
REVERSED = (
    "reversal", "reversed", "rev", "rvsl", "recall", "recalled", "cancelled", "storno",
    "الغاء", "عكس", "رد حواله",
)  # fmt: skip
CHEQUE_WORDS = ("chq", "cheque", "check", "cheq", "ch", "شيك", "شيكات", "चेक")
CURRENCIES = frozenset(
    ["egp", "aed", "sar", "usd", "eur", "gbp", "inr", "kwd", "qar", "omr", "bhd", "jod", "chf", "cad", "jpy", "try"]
)  # fmt: skip
