"""The mess around cells: items M1 to M3 and M19 to M27 of the catalogue."""

from __future__ import annotations

import pytest

from tahsil.adapters.sheets import rejects
from tahsil.adapters.sheets.header import find
from tahsil.adapters.sheets.layouts import detect
from tahsil.adapters.sheets.mapping import Mapping
from tahsil.adapters.sheets.reader import Sheet, open_file
from tahsil.adapters.sheets.reconcile import reconcile
from tahsil.adapters.sheets.staging import read
from tahsil.core.grammar.refusal import Refused
from tests.adapters.sheets.lists import (
    AS_OF,
    CHEQUES,
    RECEIPTS,
    SCHEDULE,
    cells,
    csv_of,
    staged,
    warned,
    xlsx_of,
)


@pytest.mark.parametrize(
    "headings",
    [
        "اسم العميل|الوحدة|البيان|تاريخ الاستحقاق|القيمة|المسدد",
        "Customer|Unit|Description|Due date|Amount|Paid",
        "ग्राहक का नाम|यूनिट|किस्त|देय तिथि|राशि|भुगतान",
    ],
)
def test_m1_header_is_found_in_row_seven_in_three_languages(headings):
    rows = [["شركة الياسمين"], [], ["تقرير"], [], [], [], headings.split("|"), ["a", "B-1"]]
    found = find(Sheet("s", rows))
    assert (found.first, found.after) == (6, 7)
    assert detect(list(found.names))[0] == "schedule"


def test_m1_header_of_two_rows_is_joined():
    rows = [["العميل", "الوحدة", "الشيك", "", "تاريخ الاستحقاق"], ["", "", "رقم", "قيمة", ""]]
    sheet = Sheet(
        "s", [*rows, ["منى", "C-11", "0012", 500.0, "13/05/2026"]], merged=[((0, 2), (0, 3))]
    )
    found = find(sheet)
    assert found.after == 2
    assert found.names[2:4] == ("الشيك رقم", "الشيك قيمة")
    assert detect(list(found.names))[0] == "cheques"


def test_m2_merged_cells_fill_their_block_and_never_cross_a_subtotal():
    found = staged(
        SCHEDULE
        + """
        محمد | B-1 | 1 | قسط | 13/01/2026 | 100
             |     | 2 | قسط | 13/02/2026 | 100
             |     |   | الإجمالي |       | 200
             |     | 3 | قسط | 13/03/2026 | 100
        """
    )
    units = [record.values["unit"] for record in found.of("line")]
    assert units == ["B-1", "B-1", None]
    assert list(found.of("line"))[2].values["needs"] == ["contract"]


def test_m3_totals_are_controls_and_repeated_headers_are_no_data():
    found = staged(
        SCHEDULE
        + f"""
        محمد | B-1 | 1 | قسط | 13/01/2026 | 100
             |     |   | ما قبله |        | 100
        {SCHEDULE}
        محمد | B-1 | 2 | قسط | 13/02/2026 | 150
             |     |   | الإجمالي |       | 251
        """
    )
    assert (found.counts["data"], found.counts["header"], found.counts["carried"]) == (2, 2, 1)
    assert [(c.file_total, c.computed_total, c.agrees) for c in found.controls] == [
        (10000, 10000, True),
        (25100, 25000, False),
    ]


def test_m19_schedule_that_is_not_the_price_is_listed_and_not_mended():
    contracts = staged(
        """
        رقم العقد | تاريخ العقد | الوحدة | سعر البيع | وديعة الصيانة
        1 | 13/01/2026 | B-1 | 1,000.00 | 80.00
        2 | 13/01/2026 | B-2 | 1,000.00 |
        3 | 13/01/2026 | B-3 | 1,000.00 |
        """
    )
    lines = staged(
        SCHEDULE
        + """
        منى | B-1 | 1 | قسط | 13/01/2026 | 1,080.00
        علي | B-2 | 1 | قسط | 13/01/2026 | 999.50
        حسن | B-3 | 1 | قسط | 13/01/2026 | 1,000.00
        """
    )
    found = reconcile(contracts.of("contract"), lines.of("line"))
    assert [(d.unit, d.difference_minor, d.why) for d in found] == [
        ("B-1", 8000, "maintenance_inside"),
        ("B-2", -50, "rounding"),
    ]


def test_m20_a_receipt_over_two_units_needs_to_be_split():
    found = staged(RECEIPTS + "\n5232 | 14/01/2026 | م/ سعاد | 304 و 305 | 288,000 | نقدي")
    values = found.records[0].values
    assert (values["units"], values["unit"], values["needs"]) == (["304", "305"], None, ["split"])


def test_m21_negative_amounts_are_credits():
    found = staged(RECEIPTS + "\n5233 | 15/01/2026 | NOUR | A-02 | (12,500) | تسوية")
    assert (found.records[0].values["amount_minor"], found.records[0].values["is_refund"]) == (
        -1250000,
        True,
    )
    assert "amount.negative" in warned(found)


def test_m22_fill_colours_are_read_on_request():
    def paint(book, page):
        red = book.add_format({"bg_color": "#FF0000"})
        for column, text in enumerate(rows[1]):
            page.write(1, column, text, red)

    rows = cells(CHEQUES + "\n1 | CIB | منى | منى | C-11 | 5 | 13/07/2026 | ضمان")
    data = xlsx_of(rows, then=paint)
    asked = read(data, as_of=AS_OF, mapping=Mapping(with_fills=True))
    assert asked.records[0].values["fill"] == "FF0000"
    assert read(data, as_of=AS_OF).records[0].values["fill"] is None


def test_m23_hidden_rows_are_read_and_noted_hidden_sheets_only_listed():
    rows = cells(RECEIPTS + "\n1 | 14/01/2026 | منى | C-1 | 5 | نقدي")

    def hide(book, page):
        page.set_row(1, None, None, {"hidden": True})
        old = book.add_worksheet("قديم")
        old.hide()
        for at, row in enumerate(rows):
            old.write_row(at, 0, row)

    data = xlsx_of(rows, then=hide)
    found = read(data, as_of=AS_OF)
    assert len(found.records) == 1
    assert {"row.hidden", "sheet.hidden"} <= warned(found)
    assert len(read(data, as_of=AS_OF, mapping=Mapping(with_hidden=True)).records) == 2


def test_m24_error_cells_are_rejected_and_texts_of_numbers_read():
    rows = [
        *cells(RECEIPTS),
        ["1", "14/01/2026", "منى", "C-1", "150000"],
        ["2", "15/01/2026", "منى", "C-1", ""],
    ]
    data = xlsx_of(rows, then=lambda book, page: page.write_formula("E3", "=X!A1", None, "#REF!"))
    found = read(data, as_of=AS_OF)
    assert [(r.cell, r.code, r.text) for r in found.rejects] == [("E3", "cell.error", "#REF!")]
    assert found.records[0].values["amount_minor"] == 15000000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
def test_m25_encodings(encoding):
    text = csv_of(RECEIPTS + "\n1 | 14/01/2026 | محمد أحمد | C-1 | 5 | نقدي").decode()
    found = read(text.encode(encoding), as_of=AS_OF)
    assert found.records[0].values["party_name"] == "محمد أحمد"


def test_m25_arabic_shown_as_latin_is_repaired_and_question_marks_are_refused():
    text = csv_of(RECEIPTS + "\n1 | 14/01/2026 | محمد أحمد | C-1 | 5 | نقدي").decode()
    wrong = text.encode("cp1256").decode("cp1252", "ignore").encode("utf-8")
    assert read(wrong, as_of=AS_OF).records[0].values["amount_minor"] == 500
    with pytest.raises(Refused) as refused:
        read(text.encode("cp1252", "replace"), as_of=AS_OF)
    assert refused.value.code == "file.letters_lost"


def test_m26_keys_stay_and_hashes_tell_what_changed():
    before = staged(
        RECEIPTS
        + "\n1 | 14/01/2026 | منى | C-1 | 500 | نقدي\n2 | 14/01/2026 | منى | C-1 | 5 | نقدي"
    )
    after = staged(
        RECEIPTS
        + "\n2 | 14/01/2026 | منى | C-1 | 5.00 | نقدي\n1 | 14/01/2026 | منى | C-1 | 900 | نقدي"
    )
    old, new = ({r.key: r.hash for r in found.records} for found in (before, after))
    assert set(old) == set(new)
    assert [key for key in old if old[key] != new[key]] == ["receipt|1||2026"]


def test_m26_a_number_that_comes_twice_is_kept_twice():
    found = staged(
        RECEIPTS + "\n1 | 14/01/2026 | منى | C-1 | 500 |\n1 | 15/01/2026 | علي | C-2 | 5 |"
    )
    assert [r.key for r in found.records] == ["receipt|1||2026", "receipt|1||2026#2"]
    assert "key.repeated" in warned(found)


def test_m27_xls_that_is_html_is_read():
    rows = cells(RECEIPTS + "\n1 | 14/01/2026 | منى | C-1 | 500 | نقدي")
    html = "<html><table>" + "".join(
        "<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows
    )
    assert read(html.encode(), as_of=AS_OF).records[0].values["amount_minor"] == 50000


def test_rejected_rows_stand_in_the_reject_workbook_with_cell_text_and_reason():
    found = staged(RECEIPTS + "\n1 | 31/02/2026 | منى | C-1 | خمسة | نقدي")
    for language, word in (("en", "is not"), ("ar", "ليس")):
        sheet = open_file(rejects.workbook(found, language=language))[0]
        row = sheet.rows[1]
        assert row[4] == "خمسة"
        assert row[-3] == "B2\nE2"
        assert row[-2] == "31/02/2026\nخمسة"
        assert row[-1].count(word) == 2
