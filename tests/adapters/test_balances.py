"""Trial balances as programs write them: any order of columns, two rows of headings, Arabic."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from tahsil.adapters import balances
from tahsil.core.grammar.refusal import Refused

TODAY = date(2026, 11, 22)
ERPNEXT = """Trial Balance,,,,,,,
From 2026-10-01 to 2026-10-31,,,,,,,
Account,Opening (Dr),Opening (Cr),Debit,Credit,Closing (Dr),Closing (Cr),Currency
1310 - Customers - NPD,100.00,0,50.00,20.00,130.00,0,EGP
2110 - Unapplied - NPD,0,0,0,7.50,0,7.50,EGP
Total,100,0,50,27.5,130,7.5,EGP
"""
ODOO = """,Initial Balance,,October 2026,,End Balance,
,Debit,Credit,Debit,Credit,Debit,Credit
1310 Customers,100.00,0.00,50.00,20.00,130.00,0.00
2110 Unapplied,0.00,0.00,0.00,7.50,0.00,7.50
Total,100,0,50,27.5,130,7.5
"""
ARABIC = """التاريخ,دائن,مدين,اسم الحساب,رقم الحساب
٣١/١٠/٢٠٢٦,٠,١٣٠٫٠٠,العملاء,١٣١٠
٣١/١٠/٢٠٢٦,٧٫٥٠,٠,مقبوضات تحت التسوية,٢١١٠
"""
SIGNED = """Account Code;Balance;Name
1310;130.00;Customers
2110;(7.50);Unapplied
"""


@pytest.mark.parametrize(
    ("text", "layout", "on"),
    [(ERPNEXT, "erpnext", date(2026, 10, 31)), (ODOO, "odoo", None),
     (ARABIC, "trial_balance", date(2026, 10, 31)), (SIGNED, "trial_balance", None)],
    ids=["erpnext", "odoo", "arabic", "one signed column"],
)  # fmt: skip
def test_the_same_balances_however_they_are_written(text, layout, on):
    given = None if on else date(2026, 10, 31)
    found = balances.read(text.encode(), currency="EGP", as_of=TODAY, on=given)
    assert {code: minor for code, _name, _currency, minor in found.balances} == {
        "1310": 130_00, "2110": -7_50,
    }  # fmt: skip
    assert (found.layout, found.on) == (layout, date(2026, 10, 31))


def test_a_workbook_whose_codes_are_numbers():
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((("Code", "Debit", "Credit"), (1310, 130, 0), (2110, 0, 7.5))):
            sheet.write_row(at, 0, row)
    found = balances.read(out.getvalue(), currency="EGP", as_of=TODAY, on=TODAY)
    assert [(code, minor) for code, _n, _c, minor in found.balances] == [
        ("1310", 130_00), ("2110", -7_50),
    ]  # fmt: skip


def test_a_list_with_references_is_a_list_of_entries():
    text = "Posting Date,Account,Debit,Credit,Balance,Voucher No,Remarks\n" \
           "2026-10-12,1310 - Customers,0,20.00,80.00,ACC-JV-1,move:12/E4\n"  # fmt: skip
    found = balances.read(text.encode(), currency="EGP", as_of=TODAY)
    assert found.entries == [("1310", "EGP", "2026-10-12", "ACC-JV-1", "move:12/E4", -20_00)]
    assert (found.on, found.balances) == (date(2026, 10, 12), [])


@pytest.mark.parametrize(("text", "code"), [
    ("a,b\n1,2\n", "balances.headings"),
    ("Code,Debit,Credit\n1310,1,0\n", "balances.day"),
    ("Code,Debit,Credit,Date\n1310,many,0,2026-10-31\n", "balances.faults"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused(text, code):
    with pytest.raises(Refused) as refused:
        balances.read(text.encode(), currency="EGP", as_of=TODAY)
    assert refused.value.code == code
