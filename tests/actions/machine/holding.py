"""What must hold after every step, asked of the bare tables and of the nightly check."""

from __future__ import annotations

import os
from collections import defaultdict

from hypothesis.stateful import invariant

from tahsil.run import check
from tahsil.store.models import BankLine, BankMatch, Instrument, InstrumentLine, Receipt
from tests.actions.machine.desk import Desk
from tests.actions.machine.truth import Truth
from tests.actions.money import check_money, check_standing, total

BETWEEN = 1 if os.environ.get("TAHSIL_HARD") else 10  # steps from one whole check to the next


class Holding:
    """The book against the truth."""

    desk: Desk
    truth: Truth
    steps = 0

    @invariant()
    def all_holds(self):
        """Everything below, as one step; the whole check only now and then, and at the end."""
        self.the_book_holds_each_payment_once()
        self.a_line_is_explained_once_and_wholly()
        self.papers_are_where_they_are_and_bring_what_they_brought()
        self.steps += 1
        if self.steps % BETWEEN == 0:
            self.nothing_is_found_by_the_nightly_check()

    def the_book_holds_each_payment_once(self) -> None:
        """Per account, what was received is what truly arrived."""
        for account in self.desk.accounts:
            held = total(Receipt.objects.filter(account_id=account, reversal=None))
            assert held == self.truth.received().get(account, 0), "money lost or doubled"
            check_money(account)
            check_standing(account)

    def nothing_is_found_by_the_nightly_check(self) -> None:
        """No fault."""
        found = check.check(as_of=self.desk.as_of).findings
        faults = [each for each in found if each.level == "fault"]
        assert not faults, [check.sentence(each) for each in faults]

    def a_line_is_explained_once_and_wholly(self) -> None:
        """What explains a line is the line, and explains no other."""
        explained: dict[int, int] = defaultdict(int)
        receipts: set[int] = set()
        for match in BankMatch.objects.filter(undone_at=None).select_related("receipt__reversal"):
            explained[match.line_id] += match.amount_minor
            if match.receipt_id:
                assert match.receipt_id not in receipts, "one receipt explains two lines"
                assert not hasattr(match.receipt, "reversal"), "a reversed receipt explains a line"
                receipts.add(match.receipt_id)
        suspended = set()
        for line in BankLine.objects.all():
            assert (line.id in explained) == (line.state != "open"), line.state
            assert explained.get(line.id, line.amount_minor) == line.amount_minor
            suspended |= {line.id} if line.state == "suspended" else set()
        assert explained.keys() - suspended == self.truth.explained

    def papers_are_where_they_are_and_bring_what_they_brought(self) -> None:
        """Each paper's state and money are the true ones."""
        states = dict(Instrument.objects.values_list("id", "state"))
        for paper in self.truth.papers:
            assert states[paper.id] == paper.state
            money = Receipt.objects.filter(presentments__instrument_id=paper.id, reversal=None)
            assert total(money.distinct()) == paper.paid <= paper.minor
            assert paper.state != "cleared" or paper.paid == paper.minor, "cleared, not paid whole"
            covered = InstrumentLine.objects.filter(instrument_id=paper.id)
            assert total(covered) <= paper.minor
