"""Steps: cheques come in, go to the bank, are paid, in part or not, replaced, given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tahsil.actions import instruments, presenting, replacing, returning
from tahsil.store.models import Instrument, Obligation, Presentment, Receipt
from tests.actions.machine.desk import Desk
from tests.actions.machine.paying import AMOUNTS, PICK, one_of
from tests.actions.machine.truth import PAPER_MOVES, Paper, Payment, Truth

CHECKED = dict.fromkeys(
    ("date", "words", "payee", "signature", "alteration", "drawer", "bank", "paper", "expiry",
     "currency", "photo"), True,
)  # fmt: skip
WRONG = {
    "verify": (instruments.verify, {"checklist": CHECKED}),
    "lodge": (instruments.MOVES["lodge"], {"document": "list"}),
    "clear": (presenting.clear, {"reference": "ST"}),
    "pay_in_part": (presenting.pay_in_part, {"amount_minor": 1, "certificate": "C"}),
    "bounce": (returning.bounce, {"reason": "NSF", "memo": "memo"}),
    "bounce_late": (returning.bounce_late, {"reason": "NSF", "memo": "memo"}),
    "take_back_clearing": (returning.take_back_clearing, {"document": "wrong"}),
    "resume": (replacing.resume, {}),
    "settle": (replacing.settle, {}),
    "hand_back": (replacing.hand_back, {"document": "signed"}),
}

ANSWERS = ["unchecked", "", "whole", "whole", "part", "return"]


class Cheques:
    """What the cheque desk does, and the bank with its papers."""

    desk: Desk
    truth: Truth

    def papers(self, *verbs: str) -> list[Paper]:
        """The papers that one of these moves could be made with."""
        return [each for each in self.truth.papers if any(each.may(verb) for verb in verbs)]

    def waiting(self) -> list[Paper]:
        """Papers the bank has answered and the desk has not heard of."""
        return [each for each in self.truth.papers if each.answer]

    @rule(minor=AMOUNTS, line=PICK, answer=st.sampled_from(ANSWERS))
    def a_cheque_comes_in(self, minor, line, answer):
        number, account = f"{self.truth.next():06d}", self.desk.accounts[0]
        lines = list(Obligation.objects.filter(account_id=account, amount_minor__gte=minor))
        lines = [[one_of(lines, line).id, minor]] if lines and line % 2 else []
        done = self.desk.do(
            "lina", instruments.capture, account_id=account, number=number, bank="NBE",
            amount_minor=minor, matures_on=self.desk.as_of, lines=lines, drawer="Mona",
        )  # fmt: skip
        assert done, self.desk.refused
        paper = Paper(done.id, number, account, minor, "provisional")
        self.truth.papers.append(paper)
        if answer == "unchecked":
            return
        self._move(paper, "verify", instruments.verify, checklist=CHECKED)
        if answer and paper.state == "in_safe" and self._send_to_the_bank([paper]):
            self._answer(paper, answer)

    @precondition(lambda self: self.papers("deposit", "represent"))
    @rule(pick=PICK, count=st.integers(1, 2))
    def papers_go_to_the_bank(self, pick, count):
        able = self.papers("deposit", "represent")
        chosen = [able[(pick + at) % len(able)] for at in range(min(count, len(able)))]
        self._send_to_the_bank(chosen)

    def _send_to_the_bank(self, chosen: list[Paper]) -> bool:
        done = self.desk.do(
            "mervat", presenting.send, bank_account_id=self.desk.bank.id,
            instruments=[each.id for each in chosen], number=f"S-{self.truth.next()}",
        )  # fmt: skip
        for each in chosen if done else ():
            each.moved("represent" if each.may("represent") else "deposit")
            each.clearing, each.line = None, None
        return done is not None

    @precondition(lambda self: self._unanswered())
    @rule(pick=PICK, answer=st.sampled_from(ANSWERS[2:]))
    def the_bank_answers(self, pick, answer):
        """The desk hears of it by hand or from a statement, later."""
        self._answer(one_of(self._unanswered(), pick), answer)

    def _answer(self, paper: Paper, kind: str) -> None:
        minor = paper.left // 3 if kind == "part" else paper.left
        paper.answer, paper.answer_minor = kind, minor
        if kind != "return":
            self._money(paper, minor)

    @precondition(lambda self: self.waiting())
    @rule(pick=PICK)
    def the_answer_is_entered_by_hand(self, pick):
        paper = one_of(self.waiting(), pick)
        given: dict[str, Any] = {"value_on": self.desk.as_of}
        if paper.answer == "return":
            self._move(paper, "bounce", returning.bounce, by="huda", reason="NSF", memo="memo",
                       charge_minor=150_00)  # fmt: skip
        elif paper.answer == "part":
            self._move(paper, "pay_in_part", presenting.pay_in_part, by="huda",
                       certificate="C", amount_minor=paper.answer_minor, **given)  # fmt: skip
        else:
            self._move(paper, "clear", presenting.clear, by="huda", reference="ST", **given)
        verb = {"cleared": "clear", "bounced": "bounce", "partially_paid": "pay_in_part"}
        assert paper.state in verb, f"{paper.answer} of a cheque at the bank: {self.desk.refused}"
        self._heard(paper)

    @precondition(lambda self: self.papers("bounce_late"))
    @rule(pick=PICK, is_mistake=st.booleans())
    def a_clearing_is_taken_back(self, pick, is_mistake):
        """By the bank, which returns the paper late, or by us, who entered it wrongly."""
        paper = one_of(self.papers("bounce_late"), pick)
        verb = "take_back_clearing" if is_mistake else "bounce_late"
        act = returning.take_back_clearing if is_mistake else returning.bounce_late
        given = {"document": "wrong"} if is_mistake else {"reason": "NSF", "memo": "advice"}
        if not self._move(paper, verb, act, by="huda", **given):
            return
        payment = paper.clearing
        assert payment
        assert not payment.is_matched, "a line explains money that was taken back"
        payment.by_hand = None
        if is_mistake:
            self._still_paid(paper)
        else:
            payment.is_taken_back = True

    @precondition(lambda self: self.papers("hold"))
    @rule(pick=PICK)
    def a_paper_is_held(self, pick):
        paper = one_of(self.papers("hold"), pick)
        self._move(paper, "hold", replacing.hold, by="lina", reason="salary",
                   until_on=self.desk.as_of + timedelta(days=2))  # fmt: skip

    @precondition(lambda self: self.papers("replace"))
    @rule(pick=PICK, count=st.integers(0, 2), others=PICK)
    def a_paper_is_replaced(self, pick, count, others):
        paper = one_of(self.papers("replace"), pick)
        new = [each for each in self.papers("deposit") if each is not paper]
        new = [new[(others + at) % len(new)] for at in range(min(count, len(new)))]
        self._move(
            paper, "replace", replacing.replace, instruments=[each.id for each in new],
            receipts=self._money_of(paper),
        )  # fmt: skip

    @precondition(lambda self: self.papers("settle"))
    @rule(pick=PICK)
    def a_returned_paper_is_settled(self, pick):
        paper = one_of(self.papers("settle"), pick)
        self._move(paper, "settle", replacing.settle, by="huda", receipts=self._money_of(paper))

    @precondition(lambda self: self.papers("hand_back"))
    @rule(pick=PICK)
    def a_paper_is_handed_back(self, pick):
        paper = one_of(self.papers("hand_back"), pick)
        self._move(paper, "hand_back", replacing.hand_back, document="signed")

    @precondition(lambda self: self.truth.papers)
    @rule(pick=PICK, verb=st.sampled_from(sorted(WRONG)))
    def somebody_tries_what_cannot_be(self, pick, verb):
        paper = one_of(self.truth.papers, pick)
        if paper.may(verb):
            return
        act, given = WRONG[verb]
        if verb in ("clear", "pay_in_part"):
            given = {**given, "value_on": self.desk.as_of}
        assert self._move(paper, verb, act, **given) is None

    def papers_of_the_night(self) -> None:
        """A hold that is over ended by itself."""
        states = dict(Instrument.objects.values_list("id", "state"))
        for paper in self.papers("resume"):
            if states[paper.id] != "held":
                assert states[paper.id] == "in_safe"
                paper.moved("resume")

    def was_paid(self, paper: Paper) -> None:
        """A bank line said that it was paid, which clears it."""
        paper.moved("clear")
        paper.answer = ""

    def came_back(self, paper: Paper) -> None:
        """A bank line said that it was returned."""
        paper.moved("bounce")
        paper.answer = ""

    def awaits_again(self, paper: Paper) -> None:
        """Its clearing was taken back with the bank line."""
        paper.moved("take_back_clearing")
        self._still_paid(paper)

    def _still_paid(self, paper: Paper) -> None:
        """The desk forgot the clearing; the bank paid all the same."""
        assert paper.clearing
        paper.answer, paper.answer_minor = "whole", paper.clearing.minor

    def _unanswered(self) -> list[Paper]:
        return [
            each
            for each in self.truth.papers
            if each.state == "under_collection" and not each.answer
        ]

    def _money(self, paper: Paper, minor: int) -> None:
        said = f"CHEQUE {paper.number} CLEARED"
        made = Payment(
            self.truth.next(), {paper.account: minor}, self.desk.as_of, "cheque", said, paper
        )
        paper.clearing = made
        paper.payments.append(made)
        self.truth.payments.append(made)

    def _heard(self, paper: Paper) -> None:
        """What the bank did is in the book by hand, with its money under one receipt."""
        if paper.answer != "return":
            tried = Presentment.objects.filter(instrument_id=paper.id).order_by("-seq").first()
            assert tried and paper.clearing
            receipt = tried.receipt
            assert receipt and receipt.amount_minor == paper.clearing.minor, "not what it paid"
            paper.clearing.by_hand = receipt.id
        paper.answer = ""

    def _money_of(self, paper: Paper) -> list[int]:
        """Receipts of the account that no cheque brought."""
        found = Receipt.objects.filter(account_id=paper.account, reversal=None)
        return list(found.exclude(instrument="cheque").values_list("id", flat=True))

    def _move(self, paper: Paper, verb: str, act: Any, *, by: str = "mervat", **given: Any) -> Any:
        done = self.desk.do(by, act, account_id=paper.account, instrument_id=paper.id, **given)
        if done:
            paper.moved(verb)
        return done


assert set(WRONG) <= set(PAPER_MOVES)
