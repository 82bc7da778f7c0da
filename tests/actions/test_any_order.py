"""Receipts, reversals, moves, corrections and disputes in any order keep the money in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tahsil.actions import allocating, disputes, obligations, receipts, refunds
from tahsil.actions._verb import Approval
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Allocation, Obligation, Receipt, Refund
from tests.actions.money import check_money, check_standing
from tests.conftest import TODAY

AMOUNTS = st.integers(1, 30_000_00)
BACK = st.integers(0, 7)
PICK = st.integers(0, 1000)
RULES = st.sampled_from(["any", "any", "price", "maintenance"])


def refund_whole(ctx, *, account_id, **params):
    """Asked, agreed to by somebody else, and paid in cash at once."""
    with transaction.atomic():
        asked = refunds.request(ctx, account_id=account_id, reason="too much", **params)
        director = Approval(0, "The director", asked.verdict.approvers)
        agreed = replace(ctx, key="", approvals=(director,))
        done = refunds.request(agreed, account_id=account_id, reason="too much", **params)
        refunds.pay(ctx, account_id=account_id, refund_id=done.id, method="cash")


def machine_of(book):
    """A machine whose steps are verbs on that book; refusals are answers like any other."""

    class AnyOrder(RuleBasedStateMachine):
        def do(self, act, **params):
            before = Allocation.objects.count()
            try:
                act(book.ctx("sara"), account_id=book.account, **params)
            except Refused as refused:
                assert str(refused)
                assert Allocation.objects.count() == before  # nothing half-done stays behind

        def one_of(self, table, pick):
            ids = list(table.objects.filter(account_id=book.account).values_list("id", flat=True))
            return ids[pick % len(ids)] if ids else 0

        @rule(amount=AMOUNTS, back=BACK, bank_rule=RULES)
        def record(self, amount, back, bank_rule):
            self.do(
                receipts.record, amount_minor=amount, value_on=TODAY - timedelta(days=back),
                instrument="transfer", rule=bank_rule, confirm=True,
            )  # fmt: skip

        @rule(amount=AMOUNTS, back=BACK, pick=PICK)
        def record_as_told(self, amount, back, pick):
            line = self.one_of(Obligation, pick)
            self.do(
                receipts.record, amount_minor=amount, value_on=TODAY - timedelta(days=back),
                instrument="cash", instruction=[[line, amount]], confirm=True,
            )  # fmt: skip

        @rule(pick=PICK, back=BACK)
        def reverse(self, pick, back):
            self.do(
                receipts.reverse, receipt_id=self.one_of(Receipt, pick), reason="drawn back",
                effective_on=TODAY - timedelta(days=back),
            )  # fmt: skip

        @rule(pick=PICK, line=PICK, amount=AMOUNTS)
        def reallocate(self, pick, line, amount):
            self.do(
                receipts.reallocate, receipt_id=self.one_of(Receipt, pick), reason="as written",
                instruction=[[self.one_of(Obligation, line), amount]],
            )  # fmt: skip

        @rule(amount=AMOUNTS)
        def raise_(self, amount):
            self.do(obligations.raise_, category="fee", amount_minor=amount, due_on=TODAY)

        @rule(pick=PICK, amount=st.integers(-1_000_00, 1_000_00), back=BACK)
        def adjust(self, pick, amount, back):
            self.do(
                obligations.adjust, obligation_id=self.one_of(Obligation, pick), reason="measured",
                amount_minor=amount, effective_on=TODAY - timedelta(days=back),
            )  # fmt: skip

        @rule(pick=PICK, amount=AMOUNTS)
        def dispute(self, pick, amount):
            self.do(
                disputes.open, obligation_id=self.one_of(Obligation, pick), code="D_AMOUNT",
                amount_minor=amount,
            )  # fmt: skip

        @rule(amount=AMOUNTS, back=BACK, part=st.integers(1, 4))
        def pay_back(self, amount, back, part):
            self.do(
                receipts.record, amount_minor=amount, value_on=TODAY - timedelta(days=back),
                instrument="cash", rule="held", confirm=True,
            )  # fmt: skip
            last = Receipt.objects.latest("id").id
            self.do(refund_whole, parts=[[last, max(amount // part, 1)]], is_despite_overdue=True)

        @rule(pick=PICK, back=BACK)
        def take_refund_back(self, pick, back):
            self.do(
                refunds.take_back, refund_id=self.one_of(Refund, pick), reason="account closed",
                effective_on=TODAY - timedelta(days=back),
            )  # fmt: skip

        @invariant()
        def what_was_paid_back_was_on_account(self):
            for each in Refund.objects.filter(payment__isnull=False, ending=None):
                parts = {part.receipt_id: part.amount_minor for part in each.parts.all()}
                rows = Allocation.objects.filter(obligation=each.payment.obligation)
                settled = dict.fromkeys(parts, 0)
                for row in rows:
                    settled[row.receipt_id] = settled.get(row.receipt_id, 0) + row.amount_minor
                assert all(settled[key] <= part for key, part in parts.items()), each.number

        @invariant()
        def money_is_in_order(self):
            check_money(book.account)
            if Receipt.objects.exists():
                check_standing(book.account)

        @invariant()
        def settling_again_changes_nothing(self):
            assert allocating.settle([book.account], now=book.ctx("sara").now, since=TODAY) == 0

    return AnyOrder


@pytest.mark.django_db
def test_any_order_keeps_the_money_in_order(book):
    from django.db import transaction

    class Rolled(machine_of(book)):  # type: ignore[misc]
        def __init__(self):
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not Receipt.objects.exists()  # every example was rolled back
