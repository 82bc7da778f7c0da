"""Two objections of the demo: one that waits for its answer, one that was rejected with reasons.

Salma says she paid the whole month at the counter; a part is booked. Hossam said an instalment
was taken twice, by cheque and by transfer; the bank had taken the cheque's money back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tahsil.actions import objections
from tahsil.actions._verb import Context, Done
from tahsil.queries.people import standing_of
from tahsil.store.models import Account, Person, Receipt

WAITING, ANSWERED = "NPD-1004", "NPM-1003"
ANSWER = (
    "The bank took the cheque's money back, so the instalment was paid once: by your transfer of "
    "{day}."
)


def write(*, as_of: date, now: datetime) -> int:
    """Takes and answers the objections through the verbs; how many there are."""
    people = dict(Person.objects.values_list("username", "id"))
    accounts = {row.number: row for row in Account.objects.filter(number__in=(WAITING, ANSWERED))}
    if len(accounts) < 2 or not {"nour", "karim", "huda", "sara"} <= set(people):
        return 0

    def by(name: str, ago: int, step: str) -> Context:
        on, at = as_of - timedelta(days=ago), now - timedelta(days=ago)
        return Context(standing_of(people[name], as_of=on), on, at, f"demo:objection:{step}")

    waits = _waits(by("nour", 1, "waits"), accounts[WAITING], paid_to_id=people["huda"])
    taken, answered = by("karim", 6, "taken"), by("sara", 5, "answered")
    return waits + _answered(taken, answered, accounts[ANSWERED])


def _waits(ctx: Context, account: Account, *, paid_to_id: int) -> int:
    """One that waits; none where the account has paid nothing yet on that day."""
    last = Receipt.objects.filter(account=account).order_by("-value_on", "-id").first()
    if last is None:
        return 0
    objections.open(
        ctx, account_id=account.id, kind="amount", channel="call", receipt_id=last.id,
        claimed_minor=last.amount_minor + 40_000_00, claimed_on=last.value_on,
        claimed_method="cash", paid_to_id=paid_to_id,
        note="She paid the whole month at the counter and has the slip at home.",
    )  # fmt: skip
    return 1


def _answered(taken: Context, answered: Context, account: Account) -> int:
    """One that was answered; none where no cheque of the account has come back by that day."""
    undone = Receipt.objects.filter(account=account, reversal__isnull=False).first()
    if undone is None:
        return 0
    later = Receipt.objects.filter(account=account, value_on__gt=undone.value_on, reversal=None)
    paid = later.order_by("value_on", "id").first()
    if paid is None:
        return 0
    done = objections.open(
        taken, account_id=account.id, kind="double", channel="whatsapp", receipt_id=paid.id,
        claimed_minor=paid.amount_minor, claimed_on=undone.value_on, claimed_method="cheque",
        claimed_reference=undone.reference,
        note="My cheque was cashed in the same month; why was the transfer taken as well?",
    )  # fmt: skip
    assert isinstance(done, Done)
    objections.decide(
        answered, account_id=account.id, objection_id=done.id, state="rejected",
        answer=ANSWER.format(day=paid.value_on),
    )  # fmt: skip
    return 1
