"""Committing an import: what is taken, what waits for an answer, what is the same, what is gone."""

from __future__ import annotations

import re
import string
import threading
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, connections

import tahsil.actions.importing as importing
from tahsil.actions import allocating, matching
from tahsil.actions import imports as act
from tahsil.actions.importing.sentences import SENTENCES
from tahsil.core.grammar.refusal import Refused
from tahsil.run import imports
from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    ContactPoint,
    Contract,
    Creditor,
    Dispute,
    ImportBatch,
    Instrument,
    Obligation,
    Party,
    PartyName,
    Receipt,
    Standing,
)
from tests.actions import statements
from tests.actions.money import check_money, check_standing
from tests.conftest import NOW
from tests.run.books import dump, held, owing, said_of_book, sheet, take

pytestmark = pytest.mark.django_db
CUSTOMERS = """
    customer code  customer name       phone          notes
    C-1            Mona Adel Fathi     01001234567    _
    C-2            Samir Fathi Nabil   01112345678    _
"""
SCHEDULE = """
    customer name     unit    no  description  due date    amount  paid  remaining
    Mona Adel Fathi   B1-101  1   instalment   13/01/2026  50000   50000  0
    Mona Adel Fathi   B1-101  2   instalment   13/04/2026  50000   20000  30000
    Mona Adel Fathi   B1-101  3   instalment   13/07/2026  50000   _      50000
"""
CONTRACTS = """
    contract no  contract date  project  unit    customer code  price   status
    K-1          13/01/2026     Yasmin   B1-101  C-1            150000  active
    K-2          13/01/2026     Yasmin   B1-102  C-2            150000  transferred
"""
RECEIPTS = """
    receipt no  date        customer name    unit    amount  payment method
    R-1         13/01/2026  Mona Adel Fathi  B1-101  50000   cash
    R-2         20/11/2026  Mona Adel Fathi  B1-101  10000   transfer
"""


@pytest.fixture
def ctx(people):
    """Sara, who may import."""
    return people.ctx("sara")


@pytest.fixture
def bring(ctx, tmp_path):
    """Stages and commits a list written in the test."""

    def bring(text: str, who=ctx, **how) -> ImportBatch:
        return take(who, sheet(tmp_path, text), **how)

    return bring


def codes(batch: ImportBatch) -> list[str]:
    """What was said about the rows of a batch that were taken, and about the whole."""
    rows = [remark[0] for row in batch.rows.exclude(status="held") for remark in row.remarks]
    return rows + [note[1][0] for note in batch.mapping["notes"]]


def check(account_id: int) -> None:
    check_money(account_id)
    check_standing(account_id)


# again, changed, gone


def test_a_changed_party_gains_what_is_new_and_loses_nothing(bring):
    bring(CUSTOMERS)
    text = CUSTOMERS.replace("01001234567", "01009999999").replace("Mona Adel", "Muna Adil")
    batch = bring(text)
    assert batch.counts == {"changed": 1, "same": 1}
    mona = Party.objects.get(code="C-1")
    assert mona.name == "Mona Adel Fathi"
    assert [name.name for name in PartyName.objects.filter(party=mona)] == ["Muna Adil Fathi"]
    assert ContactPoint.objects.filter(party=mona, channel="phone").count() == 2


def test_a_moved_due_date_is_one_gone_and_one_new(bring):
    bring(SCHEDULE)
    batch = bring(SCHEDULE.replace("13/07/2026", "13/08/2026"))
    assert batch.counts == {"new": 1, "same": 4, "gone": 1}
    assert [row[0] for row in batch.mapping["gone"]] == ["line"]
    assert "2026-07-13" in batch.mapping["gone"][0][1]
    assert "import.gone" in codes(batch)


def test_a_list_of_another_project_has_nothing_gone(bring):
    bring(SCHEDULE)
    other = SCHEDULE.replace("B1-101", "C9-7").replace("Mona Adel Fathi", "Hany Ezzat Saad")
    assert "gone" not in bring(other).counts


def test_a_changed_line_waits_and_more_paid_on_one_does_not_change_it(bring):
    bring(SCHEDULE)
    before = said_of_book()
    dearer = bring(
        SCHEDULE.replace("13/07/2026  50000   _      50000", "13/07/2026  60000   _  60000")
    )
    assert set(held(dearer).values()) == {"import.changed"}
    paid = bring(SCHEDULE.replace("50000   _      50000", "50000   50000  0"))
    assert paid.counts == {"held": 1, "same": 5}
    assert set(held(paid).values()) == {"import.paid_since"}
    assert said_of_book() == before


def test_a_file_staged_twice_before_it_is_taken_counts_once(ctx, tmp_path):
    path = sheet(tmp_path, SCHEDULE)
    one, two = (imports.stage(path, ctx=ctx, creditor_code="NIL") for _ in "12")
    imports.commit(ctx, one)
    before = said_of_book()
    imports.commit(ctx, two)
    assert ImportBatch.objects.get(id=two).counts == {"same": 5}
    assert said_of_book() == before


def test_undone_and_taken_by_a_file_staged_before(ctx, tmp_path, bring):
    first = bring(SCHEDULE)
    later = imports.stage(sheet(tmp_path, SCHEDULE), ctx=ctx, creditor_code="NIL")
    imports.undo(ctx, first.id)
    imports.commit(ctx, later)
    assert ImportBatch.objects.get(id=later).counts == {"new": 5}
    assert Obligation.objects.count() == 3


def test_an_invoice_settled_since_brings_its_receipt(bring):
    text = """
        customer code  invoice number  invoice date  due date    amount  settled date  disputed
        S-1            INV-1           01/02/2026    13/03/2026  700     _             yes
        S-1            INV-2           01/02/2026    13/03/2026  300     15/03/2026    no
    """
    bring(text)
    assert (owing(), Dispute.objects.count()) == (700_00, 1)
    batch = bring(text.replace("700     _ ", "700     20/04/2026 "))
    assert batch.counts == {"new": 1, "same": 3}
    receipt = Receipt.objects.get(batch=batch)
    assert receipt.value_on == date(2026, 4, 20)
    assert Allocation.objects.get(receipt=receipt).obligation.reference == "INV-1"
    assert owing() == 0
    check_money(receipt.account_id)


# what waits


def test_a_receipt_up_to_the_day_of_the_schedule_waits_and_a_later_one_does_not(bring, people):
    bring(SCHEDULE, people.ctx("sara", as_of=date(2026, 10, 1)))
    batch = bring(RECEIPTS)
    assert held(batch) == {2: "import.counted"}
    assert owing() == 150_000_00 - 70_000_00 - 10_000_00
    check(Account.objects.get().id)


def test_rows_that_need_an_answer_wait_and_say_how(bring):
    bring(CUSTOMERS)
    bring(CONTRACTS)
    batch = bring("""
        receipt no  date        customer name    unit              amount  payment method
        R-1         13/01/2026  Mona Adel Fathi  B1-101            100     cash
        R-1         13/01/2026  Mona Adel Fathi  B1-101            100     cash
        R-2         13/01/2026  Mona Adel Fathi  B1-101 و B1-102   100     cash
        R-3         13/01/2026  Mona Adel Fathi  101               100     cash
        R-4         13/01/2026  Nobody Known     Z9-9              100     cash
        R-5         13/01/2026  Mona Adel Fathi  B1-101            USD 50  cash
        R-6         13/01/2026  Mona Adel Fathi  B1-101            -100    cash
        R-7         23/12/2026  Mona Adel Fathi  B1-101            100     cash
        void R-8    13/01/2026  Mona Adel Fathi  B1-101            0       cash
        R-9         13/01/2026  Hany Ezzat Saad  B1-101            100     cash
    """)
    assert held(batch) == {
        3: "import.receipt_known",
        4: "import.need_split",
        5: "import.no_contract_for",
        6: "import.no_contract_for",
        7: "import.currency",
        8: "import.not_received",
        9: "import.future",
        10: "import.cancelled",
    }
    assert Receipt.objects.count() == 2
    assert "import.other_name" in codes(batch)


def test_money_that_a_bank_line_brought_waits(bring, people):
    bring(CUSTOMERS)
    bring(CONTRACTS)
    account = Account.objects.get(party__name="Mona Adel Fathi")
    statements.bank_account(account.creditor_id)
    (line,) = statements.take(people.ctx("huda"), (100_00, "TRF", "NTRF", "X1"))
    part = {"account_id": account.id, "amount_minor": 100_00}
    matching.match(people.ctx("huda"), line_id=line.id, parts=[part])
    batch = bring("""
        receipt no  date        customer name    unit    amount  payment method
        R-1         20/11/2026  Mona Adel Fathi  B1-101  100     transfer
        R-2         20/11/2026  Mona Adel Fathi  B1-101  100     transfer
        R-3         20/11/2026  Mona Adel Fathi  B1-101  101     transfer
        R-4         20/11/2026  Mona Adel Fathi  B1-101  100     cash
    """)
    assert held(batch) == {2: "import.from_bank"}
    assert Receipt.objects.count() == 4


def test_a_unit_that_may_be_another_waits(bring):
    bring(CUSTOMERS)
    bring(CONTRACTS)
    batch = bring(SCHEDULE.replace("B1-101", "Block 1 flat 101"))
    assert set(held(batch).values()) == {"import.unit_alias", "import.line_not_taken"}
    assert not Obligation.objects.exists()


def test_a_contract_without_price_or_owner_waits(bring):
    batch = bring("""
        contract no  contract date  project  unit    customer code  price   status
        K-1          13/01/2026     Yasmin   B1-101  C-1            _       active
        K-2          13/01/2026     Yasmin   B1-102  C-2            150000  who knows
        K-3          13/01/2026     Yasmin   B1-103  _              150000  active
    """)
    assert held(batch) == {
        2: "import.need_price",
        3: "import.need_status",
        4: "import.no_owner",
    }
    assert not Contract.objects.exists()


def test_a_code_longer_than_is_kept_waits_and_a_long_text_is_cut(bring):
    long_code, long_name = "C" + "9" * 60, "Mona " + "Adel " * 2_000
    batch = bring(f"""
        customer code  customer name    phone
        {long_code}    Samir Fathi      01001234567
        C-1            {long_name}      01001234568
    """)
    assert held(batch) == {2: "import.too_long"}
    assert len(Party.objects.get().name) == 240
    assert bring(f"customer code  customer name\nC-1  {long_name}").counts["changed"] == 1


def test_a_customer_of_another_creditor_by_that_code_is_somebody_else(bring, ctx, tmp_path):
    bring(CUSTOMERS)
    bring(CONTRACTS)
    Creditor.objects.create(code="DXB", name="Gulf", country="AE", currency="AED")
    path = sheet(tmp_path, CUSTOMERS.replace("Mona Adel Fathi  ", "Sherif Gamal Zaki"))
    batch = imports.stage(path, ctx=ctx, creditor_code="DXB")
    imports.commit(ctx, batch)
    assert held(ImportBatch.objects.get(id=batch)) == {}
    said = Party.objects.filter(code="C-1").order_by("id")
    assert list(said.values_list("name", "numbered_by__code")) == [
        ("Mona Adel Fathi", "NIL"), ("Sherif Gamal Zaki", "DXB"),
    ]  # fmt: skip
    # What the second creditor says of its C-1 from now on is about Sherif.
    text = CUSTOMERS.replace("Mona Adel Fathi  ", "Sherif G. Zaki   ")
    imports.commit(ctx, imports.stage(sheet(tmp_path, text), ctx=ctx, creditor_code="DXB"))
    assert said.count() == 2
    # Of the same name it is one customer of both.
    assert Party.objects.filter(code="C-2").count() == 1


def test_a_cheque_that_is_known_waits(bring):
    bring(CUSTOMERS)
    bring(CONTRACTS)
    text = """
        cheque no  bank  drawer           customer name    unit    cheque amount  due date    status
        000121     CIB   Mona Adel        Mona Adel Fathi  B1-101  500            13/01/2027  pdc
        000121     CIB   Hany Saad        Mona Adel Fathi  B1-101  500            13/02/2027  pdc
    """
    batch = bring(text)
    assert held(batch) == {3: "import.cheque_known"}
    assert Instrument.objects.count() == 1


# what is taken


def test_lines_of_a_transferred_contract_are_owed_only_as_far_as_paid(bring):
    bring(CUSTOMERS)
    bring(CONTRACTS)
    text = SCHEDULE.replace("B1-101", "B1-102").replace("Mona Adel Fathi", "Samir Fathi Nabil")
    batch = bring(text)
    account = Contract.objects.get(number="K-2").account_id
    found = Standing.objects.get(account=account)
    assert (found.overdue_minor, found.open_minor, found.unapplied_minor) == (0, 0, 0)
    assert Adjustment.objects.filter(batch=batch).count() == 2
    assert "import.ended" in codes(batch)
    check(account)


def test_a_schedule_that_is_not_the_price_is_said_and_left(bring):
    bring(CUSTOMERS)
    bring(CONTRACTS.replace("150000  active", "175000  active"))
    batch = bring(SCHEDULE)
    notes = [note[1] for note in batch.mapping["notes"] if note[1][0] == "import.schedule_differs"]
    assert [note[2]["schedule"] for note in notes] == ["150,000.00"]
    assert Contract.objects.get(number="K-1").price_minor == 175_000_00


def test_paid_lines_of_one_key_keep_their_own_payments(bring):
    batch = bring("""
        customer name    unit    no  description  due date    amount  paid  remaining
        Mona Adel Fathi  B1-101  1   instalment   13/01/2026  500     500   0
        Mona Adel Fathi  B1-101  1   instalment   13/01/2026  700     600   100
    """)
    assert batch.counts == {"new": 4}
    paid = Allocation.objects.values_list("obligation__amount_minor", "amount_minor")
    assert sorted(paid) == [(500_00, 500_00), (700_00, 600_00)]
    check(Account.objects.get().id)


def test_what_was_overpaid_on_a_line_goes_where_the_waterfall_says(bring):
    bring(SCHEDULE.replace("50000   20000  30000", "50000   60000  -10000"))
    account = Account.objects.get().id
    assert owing() == 150_000_00 - 110_000_00
    third = Obligation.objects.get(seq=3)
    assert Allocation.objects.get(obligation=third).amount_minor == 10_000_00
    check(account)
    assert allocating.settle([account], now=NOW) == 0


def test_the_same_name_opens_a_second_customer_and_says_so(bring):
    bring(CUSTOMERS)
    batch = bring(SCHEDULE)
    assert Party.objects.filter(name="Mona Adel Fathi").count() == 2
    assert [each["kind"] for each in batch.mapping["candidates"]] == ["party"]
    assert "import.same_name" in codes(batch)


def test_one_source_means_one_customer_by_one_name(bring):
    text = """
        customer name  invoice number  invoice date  due date    amount
        Nour Trading   INV-{n}         01/02/2026    13/03/2026  700
    """
    bring(text.format(n=1))
    bring(text.format(n=2))
    assert Account.objects.count() == Party.objects.count() == 1
    assert owing() == 1_400_00


def test_one_code_twice_in_a_file_is_one_customer(bring):
    text = CUSTOMERS.replace("C-2 ", "C-1 ")
    assert bring(text).counts == {"new": 2}
    assert Party.objects.count() == 1
    assert PartyName.objects.get().name == "Samir Fathi Nabil"


# all or nothing


@pytest.mark.parametrize("at", range(1, 30, 4))
def test_a_commit_that_dies_leaves_nothing(ctx, tmp_path, at):
    batch = imports.stage(sheet(tmp_path, SCHEDULE), ctx=ctx, creditor_code="NIL")
    before = dump()
    count = 0

    def dying(execute, sql, params, many, context):
        nonlocal count
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            count += 1
            if count == at:
                raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with connection.execute_wrapper(dying):
        try:
            imports.commit(ctx, batch)
        except KeyboardInterrupt:
            assert dump() == before
            assert ImportBatch.objects.get(id=batch).state == "staged"
            return
    assert count < at
    assert at > 10, "the commit writes more often than that"


def test_of_two_commits_one_wins(ctx, tmp_path, monkeypatch):
    batch = imports.stage(sheet(tmp_path, SCHEDULE), ctx=ctx, creditor_code="NIL")
    seen = ImportBatch.objects.get(id=batch)
    imports.commit(ctx, batch)
    monkeypatch.setattr(act, "_batch", lambda _: seen)  # read before the other one's commit
    with pytest.raises(Refused) as why:
        imports.commit(ctx, batch)
    assert why.value.code == "import.moved"
    assert Obligation.objects.count() == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one pen")
@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_rows_at_one_moment(ctx, tmp_path):
    path = sheet(tmp_path, SCHEDULE)
    batches = [imports.stage(path, ctx=ctx, creditor_code="NIL") for _ in "12"]

    def commit(batch: int) -> None:
        try:
            imports.commit(ctx, batch)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=commit, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Obligation.objects.count() == 3
    counts = sorted(str(batch.counts) for batch in ImportBatch.objects.all())
    assert counts == ["{'new': 5}", "{'same': 5}"]


# what is said


def test_every_sentence_is_said_in_both_languages_with_the_same_facts():
    for code, (english, arabic) in SENTENCES.items():
        facts = [
            sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for text in (english, arabic)
        ]
        assert facts[0] == facts[1], code
        assert re.search("[\u0600-\u06ff]", arabic), code


def test_every_sentence_is_used_and_every_one_used_is_there():
    folder = Path(importing.__file__).parent
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*folder.glob("*.py"), folder.parent / "imports.py"]
        if path.name != "sentences.py"
    )
    used = set(re.findall(r'(?:hold|remark|note_of)\(\s*(?:row,\s*)?"(import\.\w+)"', text))
    used |= set(re.findall(r'"(import\.(?:paid_since|changed))"', text))
    needs = {code for code in SENTENCES if code.startswith("import.need_")}
    assert used - needs == set(SENTENCES) - needs
