"""The reader raises nothing but Refused, whatever bytes it is given."""

# ruff: noqa: E501  (rows of cells read best on one line)
from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tahsil.adapters.sheets.reader import open_file
from tahsil.adapters.sheets.staging import read
from tahsil.core.grammar.refusal import Refused
from tests.adapters.sheets.lists import AS_OF, WORKBOOKS

FILES = (
    "L2_contracts.xlsx",
    "L3_schedule.ods",
    "L4_receipts_html.xls",
    "L5_cheques.xls",
    "L4_receipts.csv",
)


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        open_file(data)
    assert str(refused.value).endswith(".")
    return refused.value.code


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return stream.getvalue()


def xlsx_with(sheet: bytes) -> bytes:
    """The sample workbook with its first sheet's part replaced."""
    source = zipfile.ZipFile(WORKBOOKS / "L4_receipts.xlsx")
    parts = {name: source.read(name) for name in source.namelist()}
    return zipped(**parts | {"xl/worksheets/sheet1.xml": sheet})


def test_what_is_no_list_is_refused_by_name():
    assert refusal(b"") == "file.empty"
    assert refusal(b"%PDF-1.7 etc") == "file.other"
    assert refusal(bytes(range(256)) * 20) == "file.other"
    assert refusal(zipped(**{"word/document.xml": b"<w/>"})) == "file.other"
    assert refusal(b"PK\x03\x04 torn") == "file.damaged"
    assert refusal(b"\n\n , , \n") == "file.no_rows"


def test_locked_files_are_refused():
    name = "EncryptedPackage".encode("utf-16-le")
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + name) == "file.locked"


def test_bombs_are_refused():
    assert refusal(zipped(**{"xl/workbook.xml": b"0" * 200_000_000})) == "file.bomb"
    start = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    far = (
        start
        + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert refusal(xlsx_with(far)) in ("file.rows", "file.columns")


def test_entities_in_a_document_are_refused():
    xml = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    assert refusal(zipped(**{"mimetype": kind, "content.xml": xml})) == "file.damaged"


def test_names_do_not_decide_what_a_file_is(tmp_path):
    copy = tmp_path / "receipts.pdf"
    copy.write_bytes((WORKBOOKS / "L4_receipts.xlsx").read_bytes())
    assert open_file(copy)[0].name == "حركة المقبوضات"
    with pytest.raises(Refused) as refused:
        open_file(tmp_path / "absent.xlsx")
    assert refused.value.code == "file.missing"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.binary(max_size=400),
    head=st.sampled_from(
        [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook", b"<table>", b"\xff\xfe"]
    ),
)
def test_any_bytes_are_read_or_refused(data, head):
    try:
        assert open_file(head + data)
    except Refused as refused:
        assert str(refused)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(FILES),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=6),
    keep=st.floats(0.2, 1),
)
def test_broken_files_are_staged_or_refused(name, cuts, keep):
    data = bytearray((WORKBOOKS / name).read_bytes())
    for place, patch in cuts:
        at = int(place * (len(data) - 1))
        data[at : at + len(patch)] = patch
    try:
        found = read(bytes(data[: int(len(data) * keep)]), as_of=AS_OF)
        assert found.layouts
    except Refused as refused:
        assert str(refused)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(st.text(max_size=12), min_size=9, max_size=9), max_size=6))
def test_any_cells_are_taken_or_rejected(rows):
    head = "رقم الإيصال,التاريخ,اسم العميل,الوحدة,المبلغ,طريقة الدفع,البيان,البنك,الخزينة"
    quoted = [",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows]
    try:
        found = read("\r\n".join([head, *quoted]).encode("utf-8", "ignore"), as_of=AS_OF)
    except Refused as refused:
        assert refused.code.startswith("file.")
        return
    assert len({r.row for r in found.records}) + len(found.rejected_rows) == found.counts["data"]
