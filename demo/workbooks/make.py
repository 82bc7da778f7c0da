"""Makes the sample workbooks beside this file: six lists of one fictional developer, in their mess.

Yasmin Developments sells flats in Cairo; customers, contracts, schedules, receipts and cheques
tie together, and every footer is the true sum. Run it again and the same files come out.
"""

# ruff: noqa: E501, DTZ001  (rows of cells read best on one line; Excel has no time zones)
from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from formats import write_csv, write_ods, write_xls
from people import CONTRACT_HEAD, CONTRACTS, CUSTOMER_HEAD, CUSTOMERS

from tahsil.core.grammar.dates import add_months

HERE = Path(__file__).resolve().parent
EASTERN = str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫")
MADE_AT = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)

# unit -> (customer as the schedule writes it, contract, signed, price, maintenance)
SALES = {
    "B12-304": ("محمد احمد علي", "2026/0007", date(2026, 1, 13), 6_000_000, 480_000),
    "B12-305": ("سعاد محمود", "2026/0008", date(2026, 1, 20), 2_880_000, 230_400),
    "B12-306": ("سعاد محمود", "2026/0009", date(2026, 1, 20), 2_880_000, 230_400),
    "A-02": ("شركة النور للتجارة", "2025/0212", date(2025, 5, 1), 1_930_000, 154_400),
    "1204": ("حسن عبد الرحمن", "2025/0330", date(2025, 8, 15), 1_000_000, 80_000),
    "C-11": ("منى فؤاد", "2025/0401", date(2025, 10, 5), 1_500_000, 120_000),
}


def plan(unit: str) -> list[tuple[str, date | None, int, int]]:
    """Label, due date, amount and amount paid of each line; the price lines add up to the price."""
    _, _, signed, price, maintenance = SALES[unit]
    tenth = price // 10
    lines: list[tuple[str, date | None, int, int]] = [
        ("مقدم", signed, tenth, tenth),
        ("دفعة 2", add_months(signed, 3), tenth // 2, tenth // 2 if signed.year == 2025 else 0),
    ]
    left = price - tenth - tenth // 2 - tenth
    for number in range(4):
        amount = left // 4 if number < 3 else left - 3 * (left // 4)
        lines.append((f"قسط {number + 1}", add_months(signed, 6 + 3 * number), amount, 0))
    lines.append(("دفعة الاستلام", None, tenth, 0))
    lines.append(("وديعة صيانة", add_months(signed, 33), maintenance, 0))
    return lines


def book(name: str) -> xlsxwriter.Workbook:
    """A workbook whose bytes do not depend on when it is made."""
    made = xlsxwriter.Workbook(HERE / name)
    made.set_properties({"created": MADE_AT, "title": "Yasmin Developments (fictional)"})
    return made


def customers() -> None:
    """L1: title and logo rows above, the header in row 5, two telephones in a cell."""
    made = book("L1_customers.xlsx")
    page = made.add_worksheet("العملاء")
    page.right_to_left()
    page.merge_range(
        "A1:H2", "شركة الياسمين للتنمية - بيان العملاء", made.add_format({"bold": True})
    )
    page.write("A3", "حتى 28/02/2026")
    page.write_row("A5", CUSTOMER_HEAD)
    for row, line in enumerate(CUSTOMERS, 5):
        for column, text in enumerate(line):
            page.write_string(row, column, text)
    page.autofilter(4, 0, 4 + len(CUSTOMERS), 7)
    page.set_row(8, None, None, {"hidden": True})
    hidden = made.add_worksheet("قديم")
    hidden.hide()
    hidden.write_row("A1", CUSTOMER_HEAD)
    hidden.write_row("A2", CUSTOMERS[0])
    made.close()


def contracts() -> None:
    """L2: the cells of a contract with two owners are merged."""
    made = book("L2_contracts.xlsx")
    page = made.add_worksheet("عقود المبيعات")
    page.right_to_left()
    page.write("A1", "عقود المبيعات")
    page.write_row("A3", CONTRACT_HEAD)
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    for row, line in enumerate(CONTRACTS, 3):
        for column, cell in enumerate(line):
            if isinstance(cell, date):
                page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
            elif cell != "":
                page.write(row, column, cell)
    for column in (0, 1, 2, 3, 4, 5, 8):
        cell = CONTRACTS[0][column]
        page.merge_range(3, column, 4, column, cell)
    made.close()


SCHEDULE_HEAD = ("اسم العميل", "الوحدة", "م", "البيان", "تاريخ الاستحقاق", "القيمة", "المسدد", "المتبقي", "رقم الشيك", "ملاحظات")  # fmt: skip


def written(day: date, way: int) -> str | date:
    """One date as five people would type it; all of them put the day first."""
    months = ("يناير", "فبراير", "مارس", "ابريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر")  # fmt: skip
    text = day.strftime("%d/%m/%Y")
    return (
        text,
        day,
        text.translate(EASTERN),
        f"{day.day:02d}-{months[day.month - 1]}-{day.year}",
        day.strftime("%-d/%-m/%y"),
    )[way % 5]


def schedule_rows() -> list[list[object]]:
    """The rows of L3 below its header, each block with its total, the grand total last."""
    rows: list[list[object]] = []
    whole = [0, 0, 0]
    cheque = 121
    for unit, (name, *_rest) in SALES.items():
        block = [0, 0, 0]
        for number, (label, due, amount, paid) in enumerate(plan(unit), 1):
            cover: object = ""
            if due and number > 2 and not label.startswith("وديعة"):
                cover = f"{cheque:06d}" if number % 2 else cheque
                cheque += 1
            when = written(due, number) if due else "عند الاستلام"
            left = amount - paid
            rows.append(
                [name if number == 1 else "", unit if number == 1 else "", number, label, when,
                 _amount(amount, number), _amount(paid, number) if paid else "", _amount(left, number + 1) if left else "-",
                 cover, "تحويل" if paid else ""]
            )  # fmt: skip
            block = [block[0] + amount, block[1] + paid, block[2] + left]
        rows.append(["", "", "", "الإجمالي", "", *[f"{total:,}" for total in block], "", ""])
        whole = [old + new for old, new in zip(whole, block, strict=True)]
    rows.append(["", "", "", "الإجمالي العام", "", *[f"{total:,}" for total in whole], "", ""])
    return rows


def _amount(amount: int, way: int) -> object:
    return (f"{amount:,}", amount, f"{amount:.2f}", f"{amount:,}".translate(EASTERN))[way % 4]


def schedule() -> None:
    """L3: one row per line, customer and unit merged, totals under each block, dates mixed."""
    made = book("L3_schedule.xlsx")
    page = made.add_worksheet("جدول الأقساط")
    page.right_to_left()
    page.merge_range("A1:J1", "جدول الأقساط")
    page.write_row("A4", SCHEDULE_HEAD)
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    rows = schedule_rows()
    for row, line in enumerate(rows, 4):
        for column, cell in enumerate(line):
            if isinstance(cell, date):
                page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
            elif cell != "":
                page.write(row, column, cell)
    starts = [at for at, line in enumerate(rows) if line[0]]
    for at in starts:
        for column in (0, 1):
            page.merge_range(4 + at, column, 4 + at + 7, column, rows[at][column])
    made.close()
    flat = [
        [cell.strftime("%d/%m/%Y") if isinstance(cell, date) else cell for cell in line]
        for line in rows
    ]
    western = str.maketrans("٠١٢٣٤٥٦٧٨٩٬٫", "0123456789,.")  # Windows-1256 has no Arabic digits
    plain = [[str(cell).translate(western) for cell in line] for line in flat]
    write_csv("L3_schedule_cp1256.csv", [SCHEDULE_HEAD, *plain], "cp1256", ";")
    write_ods("L3_schedule.ods", "جدول الأقساط", [SCHEDULE_HEAD, *flat])


RECEIPT_HEAD = ("رقم الإيصال", "التاريخ", "اسم العميل", "الوحدة", "المبلغ", "طريقة الدفع", "البيان", "البنك", "الخزينة")  # fmt: skip


def receipt_rows() -> list[list[object]]:
    """The rows of L4: what the schedule shows as paid, and what treasuries add to it."""
    rows: list[list[object]] = []
    number = 5231
    methods = ("تحويل", "نقدي", "شيك 000120", "فيزا")
    banks = ("CIB", "", "الاهلى", "NBE المعادي")
    for unit, (name, *_rest) in SALES.items():
        for label, due, _amount_due, paid in plan(unit):
            if paid and due:
                way = number % 4
                shown = f"{paid:,}.00" if way else f"{paid:,}".translate(EASTERN)
                when = due.strftime("%d/%m/%y" if way % 2 else "%d/%m/%Y")
                rows.append([number, when, f"أ/ {name}" if way else name, unit, shown, methods[way],
                             label, banks[way], "الرئيسية"])  # fmt: skip
                number += 1
    rows += [
        [
            number,
            "02/14/26",
            "م/ سعاد",
            "B12-305 و B12-306",
            "288,000",
            "نقدي",
            "قسطين",
            "",
            "الفرع",
        ],
        [
            number + 1,
            "15/02/2026",
            "NOUR TRADING",
            "A-02",
            "(12,500)",
            "تسوية",
            "مرتجع",
            "",
            "الرئيسية",
        ],
        [
            number + 1,
            "16/02/2026",
            "الاستاذ حسن",
            "1204",
            "50,000",
            "فيزا",
            "تحت الحساب",
            "NBE",
            "الرئيسية",
        ],
        [f"ملغي {number + 2}", "17/02/2026", "–", "–", "0", "", "إيصال ملغي", "", ""],
        [
            2005,
            "18/02/2026",
            "C-1001",
            "B12-304",
            "٢٥٠٬٠٠٠",
            "شيك 000121",
            "جزء من دفعة 2",
            "الاهلى",
            "الرئيسية",
        ],
        [2006, "", "منى", "C-11", "10,000", "نقدي", "بدون تاريخ", "", "الفرع"],
    ]
    total = sum(_plain(str(line[4])) for line in rows)
    rows.append(["", "", "الإجمالي", "", f"{total:,}", "", "", "", ""])
    return rows


def _plain(text: str) -> int:
    digits = (
        text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")).replace("٬", "").replace(",", "")
    )
    value = int(digits.strip("()").split(".")[0])
    return -value if text.startswith("(") else value


def receipts() -> None:
    """L4: receipts over several units, cancelled ones, one number twice; also HTML named .xls."""
    rows = receipt_rows()
    made = book("L4_receipts.xlsx")
    page = made.add_worksheet("حركة المقبوضات")
    page.right_to_left()
    page.write("A1", "حركة المقبوضات")
    page.write_row("A2", RECEIPT_HEAD)
    for row, line in enumerate(rows, 2):
        page.write_row(row, 0, line)
    made.close()
    cells = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in line) + "</tr>\n"
        for line in [RECEIPT_HEAD, *rows]
    )
    html = f'<html><head><meta charset="utf-8"></head><body><table>{cells}</table></body></html>'
    (HERE / "L4_receipts_html.xls").write_text(html, encoding="utf-8")
    write_csv("L4_receipts.csv", [RECEIPT_HEAD, *rows], "utf-8")


CHEQUE_HEAD = ("مسلسل", "رقم الشيك", "البنك", "الساحب", "العميل", "الوحدة", "قيمة الشيك", "تاريخ الاستحقاق", "الحالة", "مكان الشيك", "تاريخ الايداع", "ملاحظات")  # fmt: skip


def cheque_rows() -> list[list[object]]:
    """The rows of L5: the cheques the schedules name, and the troubled ones of the safe ledger."""
    rows: list[list[object]] = []
    number = 121
    for unit, (name, *_rest) in SALES.items():
        for at, (label, due, amount, _paid) in enumerate(plan(unit), 1):
            if due and at > 2 and not label.startswith("وديعة"):
                bank = ("الاهلى", "NBE المعادى", "بنك مصر", "CIB", "البنك الأهلي المصري - المعادي")[
                    at % 5
                ]
                rows.append([len(rows) + 1, f"{number:06d}", bank, name, name if at == 3 else '"', unit,
                             f"{amount:,}", due.strftime("%d/%m/%Y"), "بالخزينة", "الخزينة", "", ""])  # fmt: skip
                number += 1
    count = len(rows)
    rows += [
        [count + 1, "201-212", "NBE المعادى", "والد العميل", "كريم عادل", "D-07", "144,000", "ربع سنوى من 13/7/26", "تحت التحصيل", "البنك", "", "12 شيك"],
        [count + 2, "134", "بنك القاهرة", "شركة النور", "C-1004", "A-02", "96,500", "01/05/2026", "مرتد (رصيد) 2", "الخزنه", "2/5, 9/5", "أحمر"],
        [count + 3, "000334", "CIB", "حسن عبد الرحمن", "حسن", "1204", "50,000", "30/02/2026", "بالشئون القانونية", "محامى", "", ""],
        [count + 4, "7001", "ENBD", "M. A. ALY", "MOHAMED ALY", "T2-1204", "AED 30,000/-", "1/3/2026", "Partial 18000", "with us", "01-Mar-26", "cert. 5521"],
        [count + 5, "880", "QNB", "أ/ منى", "منى", "C-11", "75,000", "", "ضمان", "خزنة", "", "بدون تاريخ"],
    ]  # fmt: skip
    total = sum(_plain(str(line[6]).removeprefix("AED ").removesuffix("/-")) for line in rows)
    rows.append(["", "", "الإجمالي", "", "", "", f"{total:,}", "", "", "", "", ""])
    return rows


def cheques() -> None:
    """L5: a range, a return with its reason, an impossible date, colours; also as an old .xls."""
    rows = cheque_rows()
    made = book("L5_cheques.xlsx")
    page = made.add_worksheet("بيان الشيكات")
    page.right_to_left()
    page.write_row("A3", CHEQUE_HEAD)
    red = made.add_format({"bg_color": "#FF0000"})
    for row, line in enumerate(rows, 3):
        for column, cell in enumerate(line):
            style = red if line[-1] == "أحمر" else None
            if isinstance(cell, str):
                page.write_string(row, column, cell, style)
            else:
                page.write(row, column, cell, style)
    made.close()
    write_xls("L5_cheques.xls", "Cheques", [CHEQUE_HEAD, *rows])


MIXED_HEAD = ("Tenant/Client", "Unit/Site/VIN", "Contract", "Start", "End", "Annual/EMI", "Chq 1 no/date/amt", "Chq 2", "Paid to date", "Balance", "Ejari/PO/Policy", "Remarks")  # fmt: skip


def mixed() -> None:
    """L6: rents, service contracts, builders' demands and car loans in one export."""
    rows: list[list[object]] = [
        ["Ali Hassan", "A-1105", "EJ-88213", "01-Feb-26", "31/01/2027", "120,000", "1001-01/02/26-30000", "1002-01/05/26-30,000", "60,000 Cr", "60,000", "0120260201", "chq 3 PARTIAL"],
        ["XYZ FM LLC", "Site 7", "PO pending", "1/1/26", "31/12/26", "57,000/m", "Inv 2201 31/01 53,000", "Inv 2202 28/02", "53000", "(4,000)", "PO-4412 ?", "ret 2,500; WHT 1,500"],
        ["R. Sharma", "Tower C-1402", "AFS/221", "12.03.24", "", "95,00,000", "Dem 6: 9,97,500 due 30/4", "", "57,00,000", "38,00,000+", "RERA P518", "TDS 16B awaited"],
        ["حسام كمال", "VIN 4471", "784", "٠١/٠٩/٢٥", "٠١/٠٩/٢٨", "33,133.33", "1-36 شيك شهرى", "", "265,066.64", "927,733", "وثيقة حتى 9/26", "تأمين لم يجدد"],
    ]  # fmt: skip
    for at in range(16):
        start = date(2026, 1 + at % 3, 1)
        rent = 60_000 + 6_000 * at
        quarter = rent // 4
        second = add_months(start, 6)
        rows.append(
            [f"Tenant {chr(65 + at)} Trading", f"B-{201 + at}", f"EJ-{90100 + at}", start.strftime("%d-%b-%y"),
             add_months(start, 12).strftime("%d/%m/%Y"), f"{rent:,}",
             f"{3001 + 2 * at}-{start.strftime('%d/%m/%y')}-{rent // 2:,}",
             f"{3002 + 2 * at}-{second.strftime('%d/%m/%y')}-{rent // 2:,}",
             f"{quarter:,}", f"{rent - quarter:,}", f"01202602{at:02d}", ""]
        )  # fmt: skip
    made = book("L6_mixed.xlsx")
    page = made.add_worksheet("Rent roll")
    page.write_row("A1", MIXED_HEAD)
    for row, line in enumerate(rows, 1):
        page.write_row(row, 0, line)
    paid = (
        -6_000_000
        + 5_300_000
        + 570_000_000
        + 26_506_664
        + sum((60_000 + 6_000 * at) // 4 for at in range(16)) * 100
    )
    left = (
        6_000_000
        - 400_000
        + 380_000_000
        + 92_773_300
        + sum((60_000 + 6_000 * at) * 3 // 4 for at in range(16)) * 100
    )
    page.write_row(
        len(rows) + 1,
        0,
        ["Total", "", "", "", "", "", "", "", f"{paid / 100:,.2f}", f"{left / 100:,.2f}"],
    )
    made.close()


def main() -> None:
    """Every sample file is made anew."""
    customers()
    contracts()
    schedule()
    receipts()
    cheques()
    mixed()
    write_csv("L1_customers.csv", [CUSTOMER_HEAD, *CUSTOMERS], "utf-8-sig")


if __name__ == "__main__":
    main()
