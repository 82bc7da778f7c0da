"""The sample workbooks, end to end: every row accounted for, every footer the sum of its rows."""

# ruff: noqa: E501  (rows of cells read best on one line)
from __future__ import annotations

import json
from collections import Counter

import pytest

from tahsil.adapters.sheets.faults import SENTENCES
from tahsil.adapters.sheets.layouts import CODES, LAYOUTS
from tahsil.adapters.sheets.mapping import Mapping, fingerprint, from_json
from tahsil.adapters.sheets.reconcile import reconcile
from tahsil.adapters.sheets.staging import read
from tahsil.adapters.sheets.templates import template
from tahsil.core.grammar.refusal import Refused
from tests.adapters.sheets.lists import AS_OF, RECEIPTS, WORKBOOKS, staged
from tests.shared import shared
from tests.tables import table

SAMPLES = table("""
    file                     layout      records  rejects  controls  kinds
    L1_customers.xlsx        customers   14       0        0         party
    L1_customers.csv         customers   14       0        0         party
    L2_contracts.xlsx        contracts   9        0        0         contract
    L3_schedule.xlsx         schedule    57       0        21        line opening_receipt
    L3_schedule.ods          schedule    57       0        21        line opening_receipt
    L3_schedule_cp1256.csv   schedule    57       0        21        line opening_receipt
    L4_receipts.xlsx         receipts    14       1        1         receipt
    L4_receipts.csv          receipts    14       1        1         receipt
    L4_receipts_html.xls     receipts    14       1        1         receipt
    L5_cheques.xlsx          cheques     28       1        1         cheque
    L5_cheques.xls           cheques     28       1        1         cheque
    L6_mixed.xlsx            mixed       77       0        2         cheque contract open_item opening_balance
""")


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case["file"])
def test_samples_are_read_whole_and_their_totals_tie(case):
    found = read(WORKBOOKS / case["file"], as_of=AS_OF)
    assert list(found.layouts.values()) == [case["layout"]]
    assert len(found.records) == int(case["records"])
    assert len(found.rejects) == int(case["rejects"])
    assert len(found.controls) == int(case["controls"])
    assert found.agrees
    assert sorted({record.kind for record in found.records}) == case["kinds"].split()


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case["file"])
def test_every_data_row_is_a_record_or_a_reject(case):
    found = read(WORKBOOKS / case["file"], as_of=AS_OF)
    taken = {(record.sheet, record.row) for record in found.records}
    refused = set(found.rejected_rows)
    owners = sum(len(record.values.get("owners", [0])) - 1 for record in found.records)
    assert not taken & refused
    assert len(taken) + len(refused) + owners == found.counts["data"]


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case["file"])
def test_values_are_plain_json_and_keys_are_unique(case):
    found = read(WORKBOOKS / case["file"], as_of=AS_OF)
    assert all(json.loads(json.dumps(r.values)) == r.values for r in found.records)
    assert max(Counter(r.key for r in found.records).values()) == 1


def test_one_list_in_three_formats_says_the_same():
    files = ("L3_schedule.xlsx", "L3_schedule.ods", "L3_schedule_cp1256.csv")
    said = [{r.key: r.hash for r in read(WORKBOOKS / f, as_of=AS_OF).records} for f in files]
    assert said[0] == said[1] == said[2]
    old, new = (
        [(r.key, r.values["amount_minor"]) for r in read(WORKBOOKS / f, as_of=AS_OF).records]
        for f in ("L5_cheques.xls", "L5_cheques.xlsx")
    )
    assert old == new


def test_the_samples_tie_together():
    contracts, lines, receipts = (
        read(WORKBOOKS / f, as_of=AS_OF)
        for f in ("L2_contracts.xlsx", "L3_schedule.xlsx", "L4_receipts.xlsx")
    )
    aliases = Mapping(units={"12-306": "B12-306"})
    contracts = read(WORKBOOKS / "L2_contracts.xlsx", as_of=AS_OF, mapping=aliases)
    assert reconcile(contracts.of("contract"), lines.of("line")) == []
    units = {r.values["unit"] for r in lines.of("line")}
    assert units <= {r.values["unit"] for r in contracts.records}
    paid = sum(r.values["amount_minor"] for r in lines.of("opening_receipt"))
    by_schedule = [r for r in receipts.records if r.values["label"] in ("مقدم", "دفعة 2")]
    assert sum(r.values["amount_minor"] for r in by_schedule) == paid


def test_owners_of_a_merged_contract_share_it():
    found = read(WORKBOOKS / "L2_contracts.xlsx", as_of=AS_OF)
    first = found.records[0].values
    assert [(o["party_code"], o["share_ppm"]) for o in first["owners"]] == [
        ("C-1001", 500_000),
        ("C-1009", 500_000),
    ]
    assert (first["price_minor"], first["maintenance_minor"]) == (600_000_000, 48_000_000)
    marina = next(r.values for r in found.records if r.values["number"] == "2024/331")
    assert (marina["price_minor"], marina["currency"]) == (150_000_000, "AED")


def test_mixed_rows_are_taken_as_far_as_they_go():
    found = read(WORKBOOKS / "L6_mixed.xlsx", as_of=AS_OF)
    kinds = {r.values["number"]: r.values["type"] for r in found.of("contract")}
    assert [kinds[n] for n in ("EJ-88213", "PO pending", "AFS/221", "784")] == [
        "rent", "service", "sale", "vehicle",
    ]  # fmt: skip
    items = {r.values["number"]: r.values for r in found.of("open_item")}
    assert items["2201"]["due_on"] == "2026-01-31"
    assert (items["6"]["due_on"], items["6"]["needs"]) == (None, ["due_on"])
    assert items["6"]["amount_minor"] == 99_750_000
    car = next(r.values for r in found.of("contract") if r.values["number"] == "784")
    assert car["series"] == {"count": 36, "every_months": 1, "amount_minor": 3_313_333}
    credit = next(
        r.values for r in found.of("opening_balance") if r.values["contract"] == "PO pending"
    )
    assert (credit["balance_minor"], credit["is_credit"]) == (-400_000, True)


def test_ibm_invoices_import_with_a_mapping_saved_once():
    saved = Mapping(layout="invoices", currency="USD", country="US", columns={"PaperlessDate": ""})
    path = shared("data/receivables/WA_Fn-UseC_-Accounts-Receivable.csv")
    found = read(path, as_of=AS_OF, mapping=from_json(saved.to_json()))
    items = list(found.of("open_item"))
    assert (len(items), len(found.rejects)) == (2466, 0)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    cents = sum(round(float(line.split(",")[6]) * 100) for line in lines[1:] if line)
    assert sum(r.values["amount_minor"] for r in items) == cents
    first = items[0].values
    assert (first["issued_on"], first["due_on"], first["currency"]) == (
        "2013-01-02",
        "2013-02-01",
        "USD",
    )
    assert sum(r.values["is_disputed"] for r in items) > 0
    assert len(list(found.of("opening_receipt"))) == 2466


def test_a_mapping_of_unknown_names_is_refused():
    for text, code in (("{", "mapping.json"), ('{"colour": 1}', "mapping.unknown"),
                       ('{"layout": "L9"}', "layout.unknown")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            from_json(text)
        assert refused.value.code == code


def test_a_mapping_names_columns_no_heading_would():
    text = "X | Y | Z | W\n1 | 13/01/2026 | منى | 500"
    with pytest.raises(Refused) as refused:
        staged(text)
    assert refused.value.code == "file.no_layout"


def test_fingerprints_forgive_spelling_but_not_columns():
    assert fingerprint(["القيمة", "الوحدة"]) == fingerprint([" القيمه", "الوحده "])
    assert fingerprint(["القيمة", "الوحدة"]) != fingerprint(["القيمة"])


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_templates_read_back_without_a_word(layout, language):
    found = read(template(layout, language=language), as_of=AS_OF)
    assert list(found.layouts.values()) == [layout]
    assert found.records and not found.rejects and not found.questions
    assert all(field for fields in found.fields.values() for field in fields.values())


def test_layouts_go_by_their_codes_too():
    assert {code: CODES[code] in LAYOUTS for code in CODES} == dict.fromkeys(CODES, True)
    forced = staged(RECEIPTS + "\n1 | 14/01/2026 | منى | C-1 | 500 | نقدي", layout="L4")
    assert forced.layouts == {"csv": "receipts"}


def test_progress_is_told_and_ends_whole():
    told = []
    rows = "".join(f"\n{n} | 14/01/2026 | منى | C-1 | 500 | نقدي" for n in range(2500))
    staged(RECEIPTS + rows, progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2501), (2000, 2501), (2501, 2501)]


def test_every_sentence_has_the_same_facts_in_both_languages():
    import string

    def names(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert [code for code, (en, ar) in SENTENCES.items() if names(en) != names(ar)] == []
