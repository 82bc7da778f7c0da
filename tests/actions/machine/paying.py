"""Steps: customers pay, cashiers record it, once or twice, and take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tahsil.actions import obligations, receipts
from tahsil.run import daily
from tahsil.store.models import BankLine, Obligation, Receipt
from tests.actions.machine.desk import Desk
from tests.actions.machine.truth import Payment, Truth

# Few amounts, so that different payments are often alike.
AMOUNTS = st.sampled_from([50_000_00, 20_000_00, 50_000_00 - 150_00, 1_234_50, 90_000_00])
PICK = st.integers(0, 1000)
WHO = st.sampled_from([0, 0, 1])
ALIKE = ("receipt.duplicate", "receipt.from_bank")
NAMES = ("MONA ADEL", "SAMIR FATHI")


def one_of(things: list[Any], pick: int) -> Any:
    """One of them."""
    return things[pick % len(things)]


class Paying:
    """What customers and cashiers do."""

    desk: Desk
    truth: Truth

    def recordable(self) -> list[Payment]:
        """Transfers one customer sent for one account: a cashier may hear of any of them."""
        return [
            each
            for each in self.truth.payments
            if each.how == "transfer" and len(each.shares) == 1 and not each.is_taken_back
        ]

    def held(self) -> list[Payment]:
        """The payments that stand in the book by somebody's hand."""
        return [each for each in self.truth.payments if each.by_hand and not each.batch]

    @rule(who=WHO, minor=AMOUNTS, is_named=st.booleans(), is_told=st.booleans())
    def somebody_sends_a_transfer(self, who, minor, is_named, is_told):
        key, account = self.truth.next(), self.desk.accounts[who]
        said = f"TRF {NAMES[who]} {self.desk.numbers[account]}" if is_named else f"TRF NO {key}"
        payment = Payment(key, {account: minor}, self.desk.as_of, "transfer", said)
        self.truth.payments.append(payment)
        if is_told:
            done = self._record(payment, payment.reference)
            assert done, self.desk.refused
            payment.by_hand = done.id

    @rule(minor=AMOUNTS)
    def a_family_sends_one_transfer_for_both(self, minor):
        mona, samir = self.desk.accounts
        shares = {mona: minor - minor // 3, samir: minor // 3}
        payment = Payment(self.truth.next(), shares, self.desk.as_of, "transfer", "TRF FAMILY")
        self.truth.payments.append(payment)

    @rule(who=WHO, minor=AMOUNTS, line=PICK)
    def somebody_pays_cash(self, who, minor, line):
        account = self.desk.accounts[who]
        lines = list(Obligation.objects.filter(account_id=account).values_list("id", flat=True))
        told = [[one_of(lines, line), minor]] if lines and line % 2 else []
        done = self.desk.do(
            "huda", receipts.record, account_id=account, amount_minor=minor,
            value_on=self.desk.as_of, instrument="cash", instruction=told, confirm=True,
        )  # fmt: skip
        if done:
            payment = Payment(self.truth.next(), {account: minor}, self.desk.as_of, "cash", "")
            payment.by_hand = done.id
            self.truth.payments.append(payment)

    @precondition(lambda self: self.recordable())
    @rule(pick=PICK, is_noted=st.booleans())
    def a_cashier_records_a_transfer(self, pick, is_noted):
        payment = one_of(self.recordable(), pick)
        done = self._record(payment, payment.reference if is_noted else "")
        if payment.is_known:
            assert done is None, f"{payment.reference} was recorded a second time"
        elif done:
            payment.by_hand = done.id

    @precondition(lambda self: self.held())
    @rule(pick=PICK, back=st.integers(0, 3))
    def a_receipt_is_reversed(self, pick, back):
        payment = one_of(self.held(), pick)
        (account,) = payment.shares
        on = max(self.desk.as_of - timedelta(days=back), payment.on)
        done = self.desk.do(
            "sara", receipts.reverse, account_id=account, receipt_id=payment.by_hand,
            reason="typed wrongly", effective_on=on,
        )  # fmt: skip
        if not done:
            return
        is_of_cleared = payment.paper is not None and payment.paper.state == "cleared"
        assert not is_of_cleared, "a cheque cannot stay cleared without its money"
        payment.by_hand = None
        if payment.is_matched:
            state = BankLine.objects.values_list("state", flat=True).get(id=payment.line)
            assert state == "open", f"a line is {state} with a receipt that was reversed"
            payment.is_matched = False

    @precondition(lambda self: Receipt.objects.exists())
    @rule(pick=PICK, line=PICK, minor=AMOUNTS)
    def a_receipt_is_set_against_another_line(self, pick, line, minor):
        receipt = one_of(list(Receipt.objects.order_by("id")), pick)
        mine = Obligation.objects.filter(account_id=receipt.account_id).order_by("id")
        if mine:
            self.desk.do(
                "sara", receipts.reallocate, account_id=receipt.account_id,
                receipt_id=receipt.id, reason="as written",
                instruction=[[one_of(list(mine), line).id, min(minor, receipt.amount_minor)]],
            )  # fmt: skip

    @rule(pick=PICK, minor=st.integers(-2_000_00, 2_000_00), back=st.integers(0, 5))
    def a_fee_is_raised_or_a_line_corrected(self, pick, minor, back):
        if minor > 0 and pick % 2:
            self.desk.do(
                "sara", obligations.raise_, account_id=self.desk.accounts[pick % 3 % 2],
                category="fee", amount_minor=minor, due_on=self.desk.as_of,
            )  # fmt: skip
            return
        line = one_of(list(Obligation.objects.order_by("id")), pick)
        self.desk.do(
            "sara", obligations.adjust, account_id=line.account_id, obligation_id=line.id,
            amount_minor=minor, reason="measured",
            effective_on=max(line.raised_on, self.desk.as_of - timedelta(days=back)),
        )  # fmt: skip

    @rule(days=st.integers(1, 3))
    def days_pass(self, days):
        self.desk.later(days)
        daily.day(as_of=self.desk.as_of, now=self.desk.now)
        self.papers_of_the_night()

    def papers_of_the_night(self) -> None:
        """The night ends holds: cheques.py."""

    def _record(self, payment: Payment, reference: str) -> Any:
        """What looks like money known already is asked about; other money is then confirmed."""
        (account,) = payment.shares
        given = {
            "account_id": account, "amount_minor": payment.minor, "value_on": payment.on,
            "instrument": "transfer", "reference": reference,
        }  # fmt: skip
        done = self.desk.do("huda", receipts.record, **given)
        if done or payment.is_known or self.desk.refused not in ALIKE:
            return done
        return self.desk.do("huda", receipts.record, **given, confirm=True)
