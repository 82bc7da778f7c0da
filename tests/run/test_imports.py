"""Files into the book: six layouts, again, undone; totals tie; what is not taken is said."""

from __future__ import annotations

import io
from datetime import date

import pytest
import python_calamine as calamine

from tahsil.actions import allocating
from tahsil.core.grammar.refusal import Refused
from tahsil.run import imports
from tahsil.store.models import (
    Account,
    Contract,
    ContractParty,
    Event,
    ImportBatch,
    ImportMapping,
    Instrument,
    Obligation,
    Party,
    Receipt,
    Standing,
)
from tests.actions.money import check_money, check_standing
from tests.conftest import NOW, TODAY
from tests.run.books import WORKBOOKS, dump, held, owing, said_of_book, take, total
from tests.shared import shared
from tests.tables import table

pytestmark = pytest.mark.django_db
IGNORE = {"paid": "ignore"}
MOVE_IN = (
    ("L1_customers.xlsx", {}),
    ("L2_contracts.xlsx", {}),
    ("L3_schedule.xlsx", {"options": IGNORE}),
    ("L4_receipts.xlsx", {}),
    ("L5_cheques.xlsx", {}),
    ("L6_mixed.xlsx", {}),
)
COUNTS = table("""
    file          new  held  rejected  left
    L1_customers  14   0     0         0
    L2_contracts  9    0     0         0
    L3_schedule   48   0     0         9
    L4_receipts   11   3     1         0
    L5_cheques    27   1     1         0
    L6_mixed      76   1     0         0
""")


@pytest.fixture
def ctx(people):
    """Sara, who may import."""
    return people.ctx("sara")


def move_in(ctx) -> dict[str, ImportBatch]:
    """All six samples in order, receipts one by one."""
    return {name.partition(".")[0]: take(ctx, name, **how) for name, how in MOVE_IN}


def check_everything() -> None:
    for account_id in Account.objects.values_list("id", flat=True):
        check_money(account_id)
        check_standing(account_id)


def test_six_layouts_are_taken_and_every_row_is_counted(ctx):
    batches = move_in(ctx)
    for case in COUNTS:
        wanted = {name: int(number) for name, number in case.items() if name != "file"}
        counts = batches[case["file"]].counts
        assert counts == {name: number for name, number in wanted.items() if number}, case["file"]
    check_everything()


def test_the_book_ties_to_the_totals_of_the_files(ctx):
    batches = move_in(ctx)
    for batch in batches.values():
        assert all(control["agrees"] for control in batch.controls)

    def last(name, column):
        found = [c for c in batches[name].controls if c["column"] == column]
        return max(found, key=lambda control: control["row"])["file_total"]

    assert total(Obligation, batch=batches["L3_schedule"]) == last("L3_schedule", "القيمة")
    not_taken = 288_000_00 - 12_500_00 + 10_000_00  # over two units, a refund, one without a date
    taken = total(Receipt, batch=batches["L4_receipts"])
    assert taken == last("L4_receipts", "المبلغ") - not_taken
    assert owing(batch=batches["L6_mixed"]) == last("L6_mixed", "Balance") + 24  # a rounded series


def test_the_paid_column_is_brought_forward_and_receipts_of_it_wait(ctx):
    for name in ("L1_customers.xlsx", "L2_contracts.xlsx"):
        take(ctx, name)
    schedule = take(ctx, "L3_schedule.xlsx")
    paid = sum(c["file_total"] for c in schedule.controls if c["column"] == "المسدد") // 2
    assert total(Receipt) == paid  # blocks and the grand total say it twice
    receipts = take(ctx, "L4_receipts.xlsx")
    assert set(held(receipts).values()) >= {"import.counted", "import.need_split"}
    assert not Receipt.objects.filter(batch=receipts).exists()
    check_everything()


def test_what_was_brought_forward_is_placed_as_a_replay_would(ctx):
    take(ctx, "L2_contracts.xlsx")
    take(ctx, "L3_schedule.xlsx")
    accounts = Account.objects.values_list("id", flat=True)
    assert allocating.settle(accounts, now=NOW) == 0


@pytest.mark.parametrize("paid", [{}, {"options": IGNORE}], ids=["take", "ignore"])
def test_again_changes_nothing(ctx, paid):
    how = {name: {**how, **(paid if name[:2] == "L3" else {})} for name, how in MOVE_IN}
    first = {name: take(ctx, name, **how[name]) for name in how}
    before = said_of_book()
    for name in how:
        again = take(ctx, name, **how[name])
        counts = {key: value for key, value in first[name].counts.items() if key != "new"}
        assert again.counts == {**counts, "same": first[name].counts.get("new", 0)}
        assert any(note[1][0] == "import.again" for note in again.mapping["notes"])
    assert said_of_book() == before
    check_everything()


def test_undone_leaves_nothing_but_events(ctx):
    states, batches = [dump()], []
    for name, how in MOVE_IN:
        batches.append(take(ctx, name, **how))
        states.append(dump())
    for batch in reversed(batches):
        states.pop()
        imports.undo(ctx, batch.id)
        assert dump() == states[-1], batch.file_name
    assert Event.objects.filter(verb="import.undo").count() == len(batches)
    again = move_in(ctx)
    assert [b.counts for b in again.values()] == [b.counts for b in batches]
    check_everything()


def test_undo_is_refused_where_work_stands_on_it(ctx):
    batches = move_in(ctx)
    with pytest.raises(Refused) as why:
        imports.undo(ctx, batches["L2_contracts"].id)
    assert why.value.code == "import.built_on"
    assert {"obligations", "instruments"} <= {
        said.split(" ", 1)[1] for said in why.value.facts["work"]
    }
    assert ImportBatch.objects.get(id=batches["L2_contracts"].id).state == "committed"


@pytest.mark.parametrize(
    ("files", "before"),
    [
        (("L1_customers.xlsx", "L1_customers.csv"), ()),
        (("L3_schedule.xlsx", "L3_schedule.ods", "L3_schedule_cp1256.csv"), ()),
        (("L4_receipts.xlsx", "L4_receipts.csv", "L4_receipts_html.xls"), ("L2_contracts.xlsx",)),
        (("L5_cheques.xlsx", "L5_cheques.xls"), ("L2_contracts.xlsx",)),
    ],
    ids=["L1", "L3", "L4", "L5"],
)
def test_every_format_gives_the_same_book(ctx, files, before):
    for name in before:
        take(ctx, name)
    books = []
    for name in files:
        batch = take(ctx, name)
        parties = sorted(Party.objects.values_list("name", "national_id", "code"))
        papers = sorted(
            Instrument.objects.values_list("number", "amount_minor", "matures_on"), key=repr
        )
        books.append((said_of_book(), parties, papers, batch.counts))
        imports.undo(ctx, batch.id)
    assert all(book == books[0] for book in books)


def test_owners_shares_units_and_currencies(ctx):
    take(ctx, "L1_customers.xlsx")
    take(ctx, "L2_contracts.xlsx")
    parts = ContractParty.objects.filter(contract__number="2026/0007").order_by("id")
    said = [(part.party.code, part.role, part.share_ppm) for part in parts]
    assert said == [("C-1001", "debtor", 500_000), ("C-1009", "co_buyer", 500_000)]
    marina = Contract.objects.get(number="2024/331")
    assert (marina.account.currency, marina.project.name) == ("AED", "Marina")
    assert Contract.objects.get(number="2026/0009").asset.code == "B12-306"  # flat 306 in B12
    statuses = dict(Contract.objects.values_list("number", "status"))
    assert (statuses["2025-0119"], statuses["2026/0011"]) == ("transferred", "cancelled")


def test_each_balance_of_a_mixed_list_is_the_books(ctx):
    batch = take(ctx, "L6_mixed.xlsx")
    rows = batch.rows.filter(kind="opening_balance")
    assert rows.count() == 20
    for row in rows:
        contract = int(row.target.partition(":")[2])
        differs = [remark for remark in row.remarks if remark[0] == "import.balance_differs"]
        off = owing(contract=contract) - row.values["balance_minor"]
        assert off == (24 if differs else 0), row.raw
    credit = Contract.objects.get(number="PO pending").account_id
    assert Standing.objects.get(account=credit).unapplied_minor == 4_000_00
    assert Obligation.objects.get(reference="6", batch=batch).due_on is None
    check_everything()


def test_cheques_cover_and_bounced_ones_have_a_day_only_if_one_is_known(ctx):
    take(ctx, "L2_contracts.xlsx")
    batch = take(ctx, "L5_cheques.xlsx")
    assert held(batch) == {28: "import.need_expansion"}
    bounced = Instrument.objects.get(number="134")
    assert (bounced.state, bounced.bounced_on) == ("bounced", date(2026, 5, 9))
    part = Instrument.objects.get(number="7001")
    assert (part.state, part.account.currency) == ("partially_paid", "AED")
    told = batch.rows.get(target=f"instrument:{part.id}").remarks
    assert "cheque.part_paid" in [remark[0] for remark in told]
    assert not Receipt.objects.exists()
    security = Instrument.objects.get(number="880")
    assert security.kind == "security_cheque"


def test_answered_questions_are_kept_and_the_range_is_taken(ctx):
    take(ctx, "L2_contracts.xlsx")
    mapping = '{"expand_ranges": true}'
    batch = take(ctx, "L5_cheques.xlsx", mapping=mapping)
    assert {"import.need_expansion"}.isdisjoint(held(batch).values())
    numbers = Instrument.objects.values_list("number", flat=True)
    twelve = [str(number) for number in range(201, 213)]
    assert batch.counts["held"] == 12  # D-07 is nobody's contract yet, and each says so
    assert set(held(batch).values()) == {"import.no_contract_for"}
    assert not set(twelve) & set(numbers)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_row_not_taken_stands_in_the_reject_workbook(ctx, language):
    batches = move_in(ctx)
    rows = read_back(imports.rejects(batches["L4_receipts"].id, language))
    said = {int(row[-4]): row[-1] for row in rows[1:]}
    assert len(said) == 4
    assert rows[0][0] == "رقم الإيصال"
    wanted = {
        "en": ("One row stands for several units", "is cancelled in the file"),
        "ar": ("الصف عن أكثر من وحدة", "ملغي في الملف"),
    }[language]
    assert said[12].startswith(wanted[0])
    assert wanted[1] in said[15]
    rejected = next(row for row in rows[1:] if row[-4] == "17")
    assert (rejected[-5], rejected[-3]) == ("حركة المقبوضات", "B17")


def read_back(content: bytes) -> list[list[str]]:
    """The first sheet of a workbook, as text."""
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]


def test_a_dry_run_keeps_nothing(ctx):
    before = dump()
    staged = imports.dry_run(WORKBOOKS / "L3_schedule.xlsx", ctx=ctx, creditor_code="NIL")
    assert len(staged.records) == 57
    assert dump() == before


def test_the_invoice_list_of_others_by_a_mapping_saved_once(ctx, people):
    path = shared("data/receivables/WA_Fn-UseC_-Accounts-Receivable.csv")
    mapping = {
        "layout": "invoices",
        "currency": "USD",
        "date_orders": {"*": "mdy"},
        "columns": {
            "customerID": "party_code", "invoiceNumber": "number", "InvoiceDate": "issued_on",
            "DueDate": "due", "InvoiceAmount": "amount", "Disputed": "disputed",
            "SettledDate": "settled_on",
        },
    }  # fmt: skip
    import json

    first = imports.stage(path, ctx=ctx, creditor_code="NIL", mapping=json.dumps(mapping))
    imports.save_mapping(ctx, first, "ibm")
    assert ImportMapping.objects.get(name="ibm").layout == "invoices"
    imports.discard(ctx, first)
    batch = take(ctx, path)
    assert batch.mapping["columns"] == mapping["columns"]
    assert batch.counts["new"] == 2 * 2466
    assert Obligation.objects.count() == 2466
    assert total(Obligation) == total(Receipt) == owing() + total(Receipt)
    assert Account.objects.count() == Party.objects.count() == 100
    assert take(ctx, path).counts == {"same": 2 * 2466}


def test_as_of_decides_what_was_there(ctx, people):
    early = people.ctx("sara", as_of=date(2026, 1, 16))
    take(early, "L2_contracts.xlsx")
    take(early, "L3_schedule.xlsx", options=IGNORE)
    receipts = take(early, "L4_receipts.xlsx")
    assert "import.future" in held(receipts).values()
    assert all(on <= date(2026, 1, 16) for on in Receipt.objects.values_list("value_on", flat=True))
    assert receipts.as_of == date(2026, 1, 16) < TODAY


def test_only_some_may_import_and_into_a_known_book(ctx, people):
    path = WORKBOOKS / "L1_customers.csv"
    for name in ("lina", "auditor", "stranger"):
        with pytest.raises(Refused):
            imports.stage(path, ctx=people.ctx(name), creditor_code="NIL")
    with pytest.raises(Refused) as why:
        imports.stage(path, ctx=ctx, creditor_code="NOBODY")
    assert (why.value.code, why.value.facts["known"]) == ("import.creditor", ["NIL"])
    batch = imports.stage(path, ctx=ctx, creditor_code="NIL")
    with pytest.raises(Refused):
        imports.commit(people.ctx("lina"), batch)
    assert not Party.objects.exists()


def test_a_file_with_nothing_in_it_is_refused(ctx, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(Refused):
        imports.stage(empty, ctx=ctx, creditor_code="NIL")
    only_head = tmp_path / "head.csv"
    only_head.write_text("customer code,customer name,phone\n", encoding="utf-8")
    batch = take(ctx, only_head, layout="customers")
    assert batch.counts == {}
