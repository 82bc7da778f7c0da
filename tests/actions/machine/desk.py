"""The people of the desk, on the day it is: what they do, and what a refusal must leave alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tahsil.actions import obligations, requests
from tahsil.actions._verb import Context, Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import standing_of
from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    BankLine,
    BankMatch,
    Event,
    Instrument,
    InstrumentMove,
    InstrumentReplacement,
    Obligation,
    Person,
    Presentment,
    Receipt,
    Reversal,
    RoleGrant,
)
from tests.actions.statements import bank_account
from tests.conftest import TODAY

OTHERS = (("mervat", "cheque_officer"), ("tarek", "treasury_head"), ("adel", "cfo"))
LINES = 5
APPROVERS = ("sara", "adel", "tarek", "omar")


class Desk:
    """Everybody who may act, a bank account of ours, and the clock."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.as_of: date = TODAY
        self.accounts = (book.account, book.other)
        self.numbers = dict(Account.objects.values_list("id", "number"))
        for username, role in OTHERS:
            person = Person.objects.create(
                username=username, name=username.title(), branch_id=book.people.branch
            )
            RoleGrant.objects.create(
                person=person, role=role, scope="all", since_on=date(2026, 1, 1)
            )
        self.ids = dict(Person.objects.values_list("username", "id"))
        self.bank = bank_account(book.people.creditor, rule="any")
        self.refused = ""
        for account in self.accounts:  # enough owed for many cheques
            for at in range(LINES):
                self.do(
                    "sara", obligations.raise_, account_id=account, category="fee",
                    amount_minor=100_000_00, due_on=self.as_of - timedelta(days=30 * at),
                )  # fmt: skip

    @property
    def now(self) -> datetime:
        """The instant it is now."""
        return datetime.combine(self.as_of, time(8), UTC)

    def later(self, days: int) -> None:
        """So many days pass."""
        self.as_of += timedelta(days=days)

    def ctx(self, name: str) -> Context:
        """That person acting now."""
        return Context(standing_of(self.ids[name], as_of=self.as_of), self.as_of, self.now)

    def do(self, name: str, act: Callable[..., Any], **params: Any) -> Done | None:
        """What was done, with somebody's yes where one was needed; nothing where it was refused.

        A refusal says why, and leaves everything as it was.
        """
        before = photograph()
        try:
            outcome = act(self.ctx(name), **params)
            if isinstance(outcome, Waiting):
                assert photograph() == before, "a request changed the book before anybody agreed"
                outcome = self._agreed(outcome, name)
        except Refused as refused:
            assert str(refused)
            self.refused = refused.code
            outcome = None
        if outcome is None:
            assert photograph() == before, f"{self.refused} left something half-done"
        return outcome

    def _agreed(self, asked: Waiting, name: str) -> Done | None:
        for approver in APPROVERS:
            if approver == name:
                continue
            try:
                outcome = requests.approve(self.ctx(approver), request_id=asked.request_id)
            except Refused as refused:
                if refused.code != "request.not_yours":
                    self.refused = refused.code
                continue
            assert isinstance(outcome, Done)
            return outcome
        return None


def photograph() -> Hashable:
    """Everything of money and papers, as one value."""

    def all_of(model: Any, *columns: str) -> Hashable:
        return tuple(model.objects.order_by("id").values_list("id", *columns))

    return (
        all_of(Receipt), all_of(Reversal), all_of(Obligation), all_of(Adjustment),
        all_of(Allocation), all_of(BankLine, "state"), all_of(BankMatch, "undone_at"),
        all_of(Instrument, "state"), all_of(InstrumentMove), all_of(InstrumentReplacement),
        all_of(Presentment, "result", "paid_minor", "receipt_id"),
        Event.objects.exclude(verb__startswith="request.").count(),
    )  # fmt: skip
