"""Cash in the demo: money in a collector's hand, a deposit, closed days, a shortage.

Done by the acts themselves, on accounts of the crowd, so that it is what people would have done.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from tahsil.actions import cash, cash_days, receipts
from tahsil.actions._verb import Context
from tahsil.queries.people import standing_of
from tahsil.store import policies
from tahsil.store.models import Account, BankAccount, Person

DAY = timedelta(days=1)


def write(*, as_of: date) -> None:
    """Two days of two collectors; nothing where they have too few accounts."""
    for username, company, told in (("nour", "NPD", _banked), ("karim", "NPM", _short)):
        person = Person.objects.get(username=username)
        known = Account.objects.filter(collector=person, creditor__code=company)
        ids = list(known.order_by("-id").values_list("id", flat=True)[:3])
        ours = BankAccount.objects.get(creditor__code=company, rule="price")
        if len(ids) == 3:
            told(_Till(person, ours.id, as_of), ids)


def _banked(till: _Till, ids: list[int]) -> None:
    """Yesterday's money went to the bank and the day closed; today's is still in the hand."""
    till.take(ids[0], 12_500_00, days=1)
    till.deposit(12_500_00, "260714")
    till.close(0)
    till.take(ids[1], 8_000_00)
    till.take(ids[2], 15_250_00)


def _short(till: _Till, ids: list[int]) -> None:
    """Counted, two hundred were missing: the day closed with a case in his name."""
    till.take(ids[0], 9_000_00, days=1)
    till.close(8_800_00, reason="A note of 200 is missing; counted twice")


class _Till:
    """One collector's acts, hour by hour."""

    def __init__(self, person: Person, bank_account_id: int, as_of: date) -> None:
        self.person, self.bank_account_id, self.as_of = person, bank_account_id, as_of
        self.acts = 0

    def take(self, account_id: int, minor: int, *, days: int = 0) -> None:
        ctx = self._at(days)
        receipts.record(
            ctx, account_id=account_id, amount_minor=minor, value_on=ctx.as_of, instrument="cash",
            confirm=True,
        )  # fmt: skip

    def deposit(self, minor: int, number: str) -> None:
        cash.deposit(
            self._at(1), bank_account_id=self.bank_account_id, number=number, amount_minor=minor
        )

    def close(self, minor: int, reason: str = "") -> None:
        body, _ = policies.at("cash", "notes", self.as_of)
        pieces, left = {}, minor
        for note in body["EGP"]:
            pieces[str(note)], left = divmod(left, note)
        cash_days.count(self._at(1), currency="EGP", pieces=pieces)
        cash_days.close_day(self._at(1), currency="EGP", reason=reason)

    def _at(self, days: int) -> Context:
        """The next twenty minutes of that day, counted from the morning."""
        self.acts += 1
        on = self.as_of - days * DAY
        now = datetime.combine(on, time(5), UTC) + self.acts * timedelta(minutes=20)
        key = f"demo:{self.person.username}:{self.acts}"
        return Context(standing_of(self.person.id, as_of=on), on, now, key)
