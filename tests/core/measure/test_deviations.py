"""Deviations in a manager's words: what one receipt is to the line it pays."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tahsil.core.book.categories import BANK_RULES, category_index
from tahsil.core.grammar.columns import column
from tahsil.core.grammar.dates import as_days
from tahsil.core.measure import deviations
from tahsil.core.measure.deviations import KINDS, NONE, Terms
from tests.tables import table

SHORT = {
    "qist": "instalment", "deposit": "maintenance_deposit", "maint": "maintenance",
    "small": "small_difference", "account": "wrong_bank_account", "purpose": "wrong_category",
    "method": "other_method",
}  # fmt: skip
TERMS = Terms(early_days=3, small_ppm=2_000)
DAY = date(2026, 11, 22)


def book(receipts, lines, parts, wishes=(), moves=()):
    """The columns of rows: receipts (id, amount, on, rule, said, cheque, reversed), lines
    (id, category, due, amount, cheque), parts (receipt, line, amount, on)."""
    size = range(len(receipts)), range(len(lines))
    return deviations.Book(
        deviations.Parts(
            column("id", list(range(1, len(parts) + 1))),
            column("id", [each[0] for each in parts]),
            column("id", [each[1] for each in parts]),
            column("amount_minor", [each[2] for each in parts]),
            as_days([each[3] for each in parts]),
        ),
        deviations.Receipts(
            column("id", [each[0] for each in receipts]),
            column("id", [1 for _ in size[0]]),
            column("amount_minor", [each[1] for each in receipts]),
            as_days([each[2] for each in receipts]),
            np.asarray([each[6] for each in receipts], dtype=bool),
            np.asarray([each[5] for each in receipts], dtype=bool),
            column("id", [BANK_RULES.index(each[3]) for each in receipts]),
            column("id", [each[4] for each in receipts]),
        ),
        deviations.Lines(
            column("id", [each[0] for each in lines]),
            column("id", [1 for _ in size[1]]),
            column("id", [category_index(each[1]) for each in lines]),
            as_days([each[2] for each in lines]),
            column("amount_minor", [each[3] for each in lines]),
            column("id", [7 for _ in size[1]]),
            np.asarray([each[4] for each in lines], dtype=bool),
        ),
        deviations.Wishes(*(column("id", [each[at] for each in wishes]) for at in (0, 1)),
                          column("amount_minor", [each[2] for each in wishes])),
        deviations.Moves(*(column("id", [each[at] for each in moves]) for at in (0, 1))),
    )  # fmt: skip


def kinds(found) -> list[str]:
    return [KINDS[kind] for kind in found.kind.tolist()]


@pytest.mark.parametrize("case", table("""
    days  came   paid   rule   category  said     cheque  by        found    why
    0     50000  50000  any    qist      -        no      cash      -        on the day and in full
    -3    50000  50000  any    qist      -        no      cash      -        three days before
    -4    50000  50000  any    qist      -        no      cash      early    four days before
    7     50000  50000  any    qist      -        no      cash      -        within grace
    8     50000  50000  any    qist      -        no      cash      late     beyond them
    0     30000  30000  any    qist      -        no      cash      partial  a part of the line
    0     49900  49900  any    qist      -        no      cash      small    the bank kept its fee
    0     49899  49899  any    qist      -        no      cash      partial  beyond a fee
    0     50100  50000  any    qist      -        no      cash      small    a little more came
    0     70000  50000  any    qist      -        no      cash      over     more than was due
    0     50000  50000  maint  qist      -        no      transfer  account  on the other account
    0     50000  50000  maint  deposit   -        no      transfer  -        where it belongs
    0     50000  50000  any    qist      deposit  no      transfer  purpose  reference says other
    0     50000  50000  any    bump      qist     no      transfer  -        a bump is one too
    0     50000  50000  any    qist      -        yes     cash      method   the plan has a cheque
    0     50000  50000  any    qist      -        yes     cheque    -        the cheque of the plan
    -     50000  50000  any    delivery  -        no      cash      -        no date, never late
"""), ids=lambda case: case["why"])  # fmt: skip
def test_one_receipt_and_its_line(case):
    case = {name: SHORT.get(cell, cell) for name, cell in case.items()}
    due_on = None if case["days"] == "-" else DAY - timedelta(days=int(case["days"]))
    said = NONE if case["said"] == "-" else category_index(case["said"])
    receipt = (1, int(case["came"]), DAY, case["rule"], said, case["by"] == "cheque", False)
    line = (1, case["category"], due_on, 50_000, case["cheque"] == "yes")
    made = book([receipt], [line], [(1, 1, int(case["paid"]), DAY)])
    found = deviations.find(made, as_of=DAY, terms=TERMS)
    assert kinds(found) == ([] if case["found"] == "-" else [case["found"]])


def receipt(key, amount, on=DAY, *, rule="any", said=NONE, cheque=False, gone=False):
    return key, amount, on, rule, said, cheque, gone


def test_a_receipt_spread_over_lines_says_over_how_many():
    lines = [(1, "instalment", DAY, 500, False), (2, "instalment", DAY, 500, False)]
    made = book([receipt(1, 1_000)], lines, [(1, 1, 500, DAY), (1, 2, 500, DAY)])
    (row,) = deviations.find(made, as_of=DAY, terms=TERMS).rows()
    assert (KINDS[row["kind"]], row["obligation_id"], row["other"]) == ("split", NONE, 2)


def test_a_crumb_that_spilled_over_is_a_small_difference_not_an_early_part_payment():
    later = DAY + timedelta(days=90)
    lines = [(1, "instalment", DAY, 50_000, False), (2, "instalment", later, 50_000, False)]
    made = book([receipt(1, 50_050)], lines, [(1, 1, 50_000, DAY), (1, 2, 50, DAY)])
    (row,) = deviations.find(made, as_of=DAY, terms=TERMS).rows()
    assert KINDS[row["kind"]] == "small_difference"
    assert (row["obligation_id"], row["amount_minor"]) == (2, 50)


def test_the_part_that_completes_a_line_is_no_part_payment():
    line = (1, "instalment", DAY, 1_000, False)
    parts = [(1, 1, 400, DAY), (2, 1, 600, DAY)]
    made = book([receipt(1, 400), receipt(2, 600)], [line], parts)
    (row,) = deviations.find(made, as_of=DAY, terms=TERMS).rows()
    assert (row["receipt_id"], row["amount_minor"], row["paid_minor"]) == (1, 600, 400)


def test_what_was_moved_away_no_longer_deviates():
    lines = [(1, "instalment", DAY - timedelta(days=30), 500, False),
             (2, "instalment", DAY, 500, False)]  # fmt: skip
    parts = [(1, 1, 500, DAY), (1, 1, -500, DAY), (1, 2, 500, DAY)]
    assert not len(deviations.find(book([receipt(1, 500)], lines, parts), as_of=DAY, terms=TERMS))


def test_money_in_the_wrong_account_waits_while_lines_of_the_other_are_due():
    line = (1, "instalment", DAY, 500, False)
    made = book([receipt(1, 500, rule="maintenance")], [line], [])
    (row,) = deviations.find(made, as_of=DAY, terms=TERMS).rows()
    assert (KINDS[row["kind"]], row["amount_minor"]) == ("wrong_bank_account", 500)


def test_the_payers_wish_that_was_not_followed():
    lines = [(1, "instalment", DAY, 500, False), (2, "club", DAY, 500, False)]
    made = book([receipt(1, 500)], lines, [(1, 1, 500, DAY)], wishes=[(1, 2, 500)])
    (row,) = deviations.find(made, as_of=DAY, terms=TERMS).rows()
    assert (KINDS[row["kind"]], row["obligation_id"], row["amount_minor"], row["other"]) == (
        "wrong_category", 2, 500, NONE,
    )  # fmt: skip


def test_a_receipt_taken_back_and_recorded_on_another_account():
    made = book([receipt(1, 500, gone=True)], [], [], moves=[(1, 77)])
    (row,) = deviations.find(made, as_of=DAY, terms=TERMS).rows()
    assert (KINDS[row["kind"]], row["other"], row["amount_minor"]) == ("other_customer", 77, 500)


def test_nothing_is_asked_of_an_empty_book():
    assert len(deviations.find(book([], [], []), as_of=DAY, terms=TERMS)) == 0


def test_many_receipts_answer_as_each_alone():
    """The rule over columns is the rule over one."""
    rng = np.random.default_rng(7)
    lines = [
        (key, "instalment", DAY + timedelta(days=int(rng.integers(-40, 40))), 50_000, bool(key % 3))
        for key in range(1, 60)
    ]
    receipts = [receipt(key, int(rng.integers(1, 60_000))) for key in range(1, 60)]
    parts = [(key, key, min(row[1], 50_000), DAY) for key, row in enumerate(receipts, 1)]
    together = deviations.find(book(receipts, lines, parts), as_of=DAY, terms=TERMS)
    alone = []
    for one, line, part in zip(receipts, lines, parts, strict=True):
        alone += deviations.find(book([one], [line], [part]), as_of=DAY, terms=TERMS).rows()
    assert list(together.rows()) == alone
