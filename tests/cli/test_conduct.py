"""`tahsil conduct`: one case or many, judged without any book."""

from __future__ import annotations

import json

CASE = {
    "id": "late-call",
    "facts": {
        "regime": "us.reg_f", "actor": "third_party_collector", "tz": "America/New_York",
        "debts": [{"id": "D1"}],
        "proposed": {"channel": "call", "at": "2026-04-02T22:30", "debts": ["D1"]},
    },
    "expected": {"decision": "deny", "reasons": ["US-REGF-TIME-DEFAULT"]},
}  # fmt: skip
FEE = {"facts": {"regime": "sa.sama_collection", "new_fee": 600, "instalment": 2500,
                 "amount_due": 5000, "fees_charged_over_term": 2000}}  # fmt: skip


def test_a_case_is_judged_with_its_citation(empty, tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE))
    done = empty("conduct", str(path))
    assert done.returncode == 0
    assert "late-call: deny (prohibited)" in done.stdout
    assert "US-REGF-TIME-DEFAULT: 12 CFR 1006.6(b)(1)(i)" in done.stdout
    assert "earliest_lawful: 2026-04-03T08:00:00-04:00" in done.stdout


def test_amounts_come_out_as_json(empty, tmp_path):
    path = tmp_path / "fee.json"
    path.write_text(json.dumps(FEE))
    found = empty.json("conduct", str(path))
    assert (found["verdict"]["decision"], str(found["verdict"]["max_new_fee"])) == ("deny", "500")


def test_a_difference_is_shown_and_ends_with_one(empty, tmp_path):
    path = tmp_path / "cases.json"
    wrong = {**CASE, "id": "hoped", "expected": {"decision": "allow"}}
    path.write_text(json.dumps([CASE, wrong]))
    done = empty("conduct", str(path), "--compare")
    assert done.returncode == 1
    assert "decision: expected allow, found deny" in done.stdout
    assert "1 of 2 are equal." in done.stdout


def test_a_file_that_is_no_case_is_refused_in_a_sentence(empty, tmp_path):
    path = tmp_path / "cases.json"
    path.write_text("{")
    assert "is not JSON" in empty("conduct", str(path)).stderr
    assert "There is no file" in empty("conduct", str(tmp_path / "none.json")).stderr
    path.write_text(json.dumps({"facts": {"regime": "us.reg_f", "tz": "Mars/Olympus"}}))
    done = empty("conduct", str(path))
    assert done.returncode == 1
    assert "is not a time zone" in done.stdout
