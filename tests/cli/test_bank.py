"""`tahsil import` of a bank's file and `tahsil match`, as a user runs them."""

from __future__ import annotations

import pytest

from tests.actions.statements import IBAN, mt940

pytestmark = pytest.mark.filterwarnings("ignore")


def written(folder, *lines, **how):
    path = folder / "bank.sta"
    path.write_bytes(mt940(*lines, **how).replace(IBAN.encode(), b"NPD-PRI"))
    return str(path)


def test_a_statement_is_known_by_its_content(tahsil, tmp_path):
    path = written(tmp_path, (5_55, "NOBODY"), (-1_00, "CHARGES"), opening=10_00)
    (dry,) = tahsil.json("import", path, "--dry-run")
    assert (dry["new"], dry["statement_id"]) == (2, None)
    (taken,) = tahsil.json("import", path)
    assert (taken["bank_account"], taken["new"], taken["closing_minor"]) == ("NPD-PRI", 2, 14_55)
    (again,) = tahsil.json("import", path)
    assert (again["new"], again["statement_id"]) == (0, None)


def test_a_table_needs_to_be_told_whose_it_is(tahsil, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Date,Description,Debit,Credit,Balance\n2026-11-03,GIFT,,30.00,30.00\n")
    (taken,) = tahsil.json("import", str(path), "--bank-account", "NPD-MAI")
    assert (taken["bank_account"], taken["new"], taken["credit_minor"]) == ("NPD-MAI", 1, 30_00)


def test_a_strange_table_is_read_as_said_and_the_next_one_too(tahsil, tmp_path):
    first, later = tmp_path / "first.csv", tmp_path / "later.csv"
    first.write_text("Tag;Wozu;Betrag\n2026-11-03;GIFT;31,00\n")
    later.write_text("Tag;Wozu;Betrag\n2026-11-04;GIFT;32,00\n")
    said = tmp_path / "said.json"
    said.write_text('{"columns": {"booked_on": "Tag", "amount": "Betrag"}, "point": ","}')
    ours = ("--bank-account", "NPD-MAI")
    (taken,) = tahsil.json("import", str(first), *ours, "--mapping", str(said))
    assert (taken["new"], taken["credit_minor"]) == (1, 31_00)
    (taken,) = tahsil.json("import", str(later), *ours)
    assert (taken["new"], taken["credit_minor"]) == (1, 32_00)


def test_what_does_not_add_up_is_refused_with_its_line(tahsil, tmp_path):
    path = tmp_path / "bad.sta"
    path.write_bytes(mt940((5_00, "X")).replace(b":62F:C261120EGP5,00", b":62F:C261120EGP6,00"))
    done = tahsil("import", str(path))
    assert done.returncode == 1
    assert "Line " in done.stderr


def test_match_says_what_each_line_is(tahsil, tmp_path):
    path = written(tmp_path, (8_88, "NOBODY KNOWS 77"), opening=500_00, number="9/1")
    dry = tahsil.json("match", "--statement", path, "--dry-run")
    assert dry["counts"]["lines"] == 1
    before = tahsil.json("match", "--dry-run")["counts"]["lines"]
    found = tahsil.json("match", "--statement", path)
    (line,) = found["lines"]
    assert (line["amount_minor"], line["outcome"], line["receipts"]) == (8_88, "leave", [])
    assert line["evidence"]
    assert tahsil.json("match")["counts"]["lines"] == before + 1
    assert tahsil("match").returncode == 0


def test_a_file_that_is_not_there_is_refused(tahsil):
    done = tahsil("match", "--statement", "/nowhere/x.sta")
    assert done.returncode == 1
    assert "no file" in done.stderr
