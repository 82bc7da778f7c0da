"""Steps: the bank sends statements, matching runs, accountants confirm, suspend, take back."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tahsil.actions import bank, matching
from tahsil.run import matching as run
from tahsil.run import statements
from tahsil.store.models import BankLine, BankMatch
from tests.actions.machine.desk import Desk
from tests.actions.machine.paying import PICK, one_of
from tests.actions.machine.truth import Paper, Payment, Truth
from tests.actions.statements import mt940

FEE, REPEAT = "fee", "repeat"
THEN = ["match", "confirm", ""]
Entry = tuple[Any, tuple[int, str, str, str]]  # what it is of; (minor, text, kind, reference)


class Banking:
    """What the bank and the accountants do."""

    desk: Desk
    truth: Truth
    closing = 0
    sent: list[bytes]

    def open_lines(self) -> list[int]:
        """The lines nobody has explained yet."""
        return [key for key in self.truth.lines if key not in self.truth.explained]

    @rule(pick=PICK, count=st.integers(1, 4), more=st.booleans(), then=st.sampled_from(THEN))
    def the_bank_sends_a_statement(self, pick, count, more, then):
        unseen = [*self.truth.unseen(), *self._answers()]
        entries = [
            _entry(each) for each in (unseen[pick % len(unseen) :] if unseen else [])[:count]
        ]
        seen = [each for each in self.truth.payments if each.how == "transfer" and each.line]
        if more and seen:
            entries.append((REPEAT, _entry(one_of(seen, pick))[1]))
        if more or not entries:
            entries.append((FEE, (-25_00, f"CHARGES {self.truth.next()}", "NCHG", "NONREF")))
        self._send(entries)
        if then == "match":
            self.matching_runs()
        if then == "confirm":
            for key in self.open_lines()[-count:]:
                self._confirm(key)

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def the_bank_sends_a_statement_again(self, pick):
        before = BankLine.objects.count()
        statements.take(self.desk.ctx("huda"), one_of(self.sent, pick), name="again.sta")
        assert BankLine.objects.count() == before, "a statement known already brought lines"

    @precondition(lambda self: self.truth.lines)
    @rule()
    def matching_runs(self):
        run.match(self.desk.ctx("huda"))
        states = dict(BankLine.objects.values_list("id", "state"))
        for key in self.open_lines():
            if states[key] == "matched":
                self._is_now_matched(key)
        again = run.match(self.desk.ctx("huda"))
        assert not again.posted, "matching twice is not matching once"

    @precondition(lambda self: self.open_lines())
    @rule(pick=PICK)
    def somebody_who_knows_confirms_a_line(self, pick):
        self._confirm(one_of(self.open_lines(), pick))

    def _confirm(self, key: int) -> None:
        what = self.truth.lines[key]
        purpose = _purpose(what)
        if purpose:
            if self._match(key, purpose=purpose, reason="the bank says so"):
                self.truth.explained.add(key)
        elif isinstance(what, Payment) and what.by_hand:
            if self._match(key, parts=[{"receipt_id": what.by_hand}]):
                self._is_now_matched(key)
        elif isinstance(what, Payment) and what.paper is None:
            # A receipt that looks the same may be there: this is other money, and they say so.
            if self._match(key, parts=_parts(what), confirm=True):
                self._is_now_matched(key)
        else:
            self._confirm_answer(key, what)

    @precondition(lambda self: any(_is_recorded(self.truth.lines[k]) for k in self.open_lines()))
    @rule(pick=PICK)
    def somebody_confirms_a_line_not_knowing_of_the_receipt(self, pick):
        keys = [key for key in self.open_lines() if _is_recorded(self.truth.lines[key])]
        key = one_of(keys, pick)
        done = self._match(key, parts=_parts(self.truth.lines[key]))
        assert done is None, "money recorded by hand was taken again from its bank line"

    @precondition(lambda self: self.open_lines())
    @rule(pick=PICK)
    def a_line_goes_to_suspense(self, pick):
        self.desk.do(
            "huda", bank.suspend, line_id=one_of(self.open_lines(), pick),
            owner_id=self.desk.ids["lina"], reason="asked the bank",
        )  # fmt: skip

    @precondition(lambda self: self.truth.explained)
    @rule(pick=PICK)
    def a_match_is_taken_back(self, pick):
        key = one_of(sorted(self.truth.explained), pick)
        done = self.desk.do("huda", bank.unmatch, line_id=key, reason="another customer")
        what = self.truth.lines[key]
        if not done:
            return
        self.truth.explained.discard(key)
        if isinstance(what, Payment):
            if what.paper and what.is_matched and not what.by_hand:  # it was what cleared it
                self.awaits_again(what.paper)
            what.is_matched = False

    @precondition(lambda self: self.truth.explained)
    @rule(pick=PICK)
    def an_explained_line_is_confirmed_again(self, pick):
        key = one_of(sorted(self.truth.explained), pick)
        minor = BankLine.objects.values_list("amount_minor", flat=True).get(id=key)
        part = {"account_id": self.desk.accounts[0], "amount_minor": minor}
        assert self._match(key, parts=[part]) is None, "a line was explained twice"

    def _match(self, key: int, **how: Any) -> Any:
        return self.desk.do("huda", matching.match, line_id=key, **how)

    def _send(self, entries: list[Entry]) -> None:
        said = [row for _, row in entries]
        file = mt940(
            *said, opening=self.closing, number=f"{self.truth.next()}/1", day=self.desk.as_of
        )
        (taken,) = statements.take(self.desk.ctx("huda"), file, name="day.sta")
        made = list(BankLine.objects.filter(statement_id=taken.statement_id).order_by("id"))
        assert [line.amount_minor for line in made] == [row[0] for row in said], "lines were lost"
        self.closing += sum(row[0] for row in said)
        self.sent.append(file)
        for line, (what, _) in zip(made, entries, strict=True):
            self.truth.lines[line.id] = what
            if isinstance(what, Payment | Paper):
                what.line = line.id

    def _answers(self) -> list[Paper]:
        """Cheques that came back, which no line has told of."""
        return [each for each in self.truth.papers if each.answer == "return" and not each.line]

    def _is_now_matched(self, key: int) -> None:
        """The line is explained, as the money or the answer that it is and nothing else."""
        what = self.truth.lines[key]
        assert isinstance(what, Payment | Paper), f"a line that is {what} was taken for money"
        live = BankMatch.objects.filter(line_id=key, undone_at=None)
        self.truth.explained.add(key)
        if isinstance(what, Paper):
            assert [each.purpose for each in live] == ["cheque_returned"]
            self.came_back(what)
            return
        found = sorted(live.values_list("receipt__account_id", "amount_minor"))
        assert found == sorted(what.shares.items()), "the money went to somebody else"
        assert not what.is_taken_back, "money the bank took back was taken again"
        if what.paper and not what.is_known:
            self.was_paid(what.paper)
        what.is_matched = True

    def _confirm_answer(self, key: int, what: Any) -> None:
        """A cheque's line is confirmed as its answer."""
        paper = what.paper if isinstance(what, Payment) else what
        if isinstance(what, Paper):
            if not paper.answer:  # entered by hand meanwhile: the line adds nothing
                if self._match(key, purpose="other", reason="entered from the memo"):
                    self.truth.explained.add(key)
                return
            done = self._match(key, instrument_id=paper.id, return_reason="NSF")
        else:
            done = self._match(key, instrument_id=paper.id)
        if done:
            self._is_now_matched(key)

    def came_back(self, paper: Paper) -> None:
        """The desk heard that the cheque came back: cheques.py."""
        raise NotImplementedError

    def was_paid(self, paper: Paper) -> None:
        """The desk heard that the cheque was paid: cheques.py."""
        raise NotImplementedError

    def awaits_again(self, paper: Paper) -> None:
        """Its clearing was taken back with the line: cheques.py."""
        raise NotImplementedError


def _purpose(what: Any) -> str:
    """What a line is that brings no money of a customer."""
    if isinstance(what, Payment) and what.is_taken_back:
        return "reversed"
    return {FEE: "fee", REPEAT: "duplicate"}.get(what, "") if isinstance(what, str) else ""


def _is_recorded(what: Any) -> bool:
    return isinstance(what, Payment) and bool(what.by_hand) and not what.is_matched


def _parts(payment: Payment) -> list[dict[str, int]]:
    return [
        {"account_id": account, "amount_minor": minor} for account, minor in payment.shares.items()
    ]


def _entry(what: Payment | Paper) -> Entry:
    if isinstance(what, Paper):
        said = f"CHEQUE {what.number} RETURNED INSUFFICIENT FUNDS"
        return what, (-what.answer_minor, said, "NCHK", what.number)
    if what.paper:
        return what, (what.minor, what.said, "NCHK", what.paper.number)
    return what, (what.minor, what.said, "NTRF", what.reference)
