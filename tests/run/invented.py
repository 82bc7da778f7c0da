"""An invented book: accounts in every situation, from a seed, through plain rows.

Every invariant of the book holds in it; tests break it on purpose, one row at a time.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    Attempt,
    Dispute,
    Hold,
    Instrument,
    Obligation,
    ObligationDue,
    Party,
    Promise,
    Receipt,
    Reversal,
)

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CATEGORIES = ("down_payment", "instalment", "instalment", "maintenance_deposit", "penalty")
PRODUCTS = ("developer", "rent", "car")


def invent(people, *, accounts: int = 12, seed: int = 1) -> list[int]:
    """The ids of new accounts, each with lines, money, promises, holds and papers of some kind."""
    dice = random.Random(seed)
    return [_account(people, dice, f"{seed}-{at}") for at in range(accounts)]


def quiet(people, *, number: str = "quiet") -> int:
    """The id of an account with one late line and nothing else."""
    party = Party.objects.create(name=f"Debtor {number}", name_key=f"debtor {number}")
    account = Account.objects.create(
        number=number, party=party, creditor_id=people.creditor, currency="EGP",
        project_id=people.project, collector_id=people.lina,
    )  # fmt: skip
    Obligation.objects.create(
        account=account, category="instalment", amount_minor=50_000, due_on=TODAY - DAY * 40,
        raised_on=TODAY - DAY * 400, recorded_at=NOW,
    )  # fmt: skip
    return account.id


def _account(people, dice: random.Random, number: str) -> int:
    party = Party.objects.create(
        name=f"Debtor {number}", name_key=f"debtor {number}", language=dice.choice(("ar", "en"))
    )
    step = dice.choice(("", "", "call", "callback"))
    account = Account.objects.create(
        number=number, party=party, creditor_id=people.creditor, currency="EGP",
        product=dice.choice(PRODUCTS), project_id=dice.choice((None, people.project)),
        collector_id=dice.choice((None, people.lina)), next_step=step,
        next_step_on=TODAY + DAY * dice.randint(-3, 3) if step else None,
        next_step_at=time(10, 30) if step == "callback" else None,
    )  # fmt: skip
    lines = [_line(account, dice, at) for at in range(dice.randint(0, 8))]
    for line in lines:
        if dice.random() < 0.15 and line.amount_minor > 5_000:
            _adjust(line, -dice.randint(1, 2_000), dice)
    _pay(account, lines, dice)
    _work(people, account, lines, dice)
    return account.id


def _line(account: Account, dice: random.Random, at: int) -> Obligation:
    waits = dice.random() < 0.15
    line = Obligation.objects.create(
        account=account, seq=at, category=dice.choice(CATEGORIES),
        amount_minor=dice.randint(1_000, 90_000),
        due_on=None if waits else TODAY + DAY * dice.randint(-200, 90),
        due_event="hand_over" if waits else "",
        raised_on=TODAY - DAY * dice.choice((400, 400, 30, -5)), recorded_at=NOW - DAY * 10,
    )  # fmt: skip
    if waits and dice.random() < 0.5:
        ObligationDue.objects.create(
            obligation=line, due_on=TODAY - DAY * dice.randint(1, 40),
            effective_on=TODAY - DAY * 50, recorded_at=NOW - DAY * 9,
        )  # fmt: skip
    return line


def _adjust(line: Obligation, amount: int, dice: random.Random) -> None:
    Adjustment.objects.create(
        obligation=line, account_id=line.account_id, kind="correction", amount_minor=amount,
        effective_on=TODAY + DAY * dice.choice((-20, 7)), recorded_at=NOW - DAY * 8,
        reason="as agreed",
    )  # fmt: skip


def _pay(account: Account, lines: list[Obligation], dice: random.Random) -> None:
    for at in range(dice.randint(0, 4)):
        on = TODAY + DAY * dice.choice((-100, -40, -10, 0, 6))
        receipt = Receipt.objects.create(
            account=account, number=f"{account.number}-{at}",
            amount_minor=dice.randint(500, 60_000), value_on=on, recorded_at=NOW - DAY * 7,
        )  # fmt: skip
        left, made = receipt.amount_minor, []
        for line in dice.sample(lines, len(lines)):
            piece = min(left, dice.randint(1, 9_000), _open(line))
            if piece > 0:
                left -= piece
                made.append(_piece(receipt, line, piece, on))
        if dice.random() < 0.2:
            back_on = on + DAY * 3
            Reversal.objects.create(
                receipt=receipt, reason="bounced", effective_on=back_on, recorded_at=NOW - DAY * 6
            )
            for row in made:
                _piece(receipt, row.obligation, -row.amount_minor, back_on, mirrors=row)


def _open(line: Obligation) -> int:
    paid = sum(line.allocations.values_list("amount_minor", flat=True))
    return line.amount_minor + sum(line.adjustments.values_list("amount_minor", flat=True)) - paid


def _piece(receipt: Receipt, line: Obligation, amount: int, on: date, mirrors=None) -> Allocation:
    return Allocation.objects.create(
        receipt=receipt, obligation=line, account_id=line.account_id, amount_minor=amount,
        effective_on=on, recorded_at=NOW - DAY * 6, mirrors=mirrors,
    )  # fmt: skip


def _work(people, account: Account, lines: list[Obligation], dice: random.Random) -> None:
    if lines and dice.random() < 0.25:
        Dispute.objects.create(
            account=account, obligation=lines[0], amount_minor=500, code="amount",
            opened_on=TODAY - DAY * 20, closed_on=dice.choice((None, TODAY - DAY, TODAY + DAY * 4)),
        )  # fmt: skip
    for kind in ("hold", "pause", "hardship"):
        if dice.random() < 0.2:
            since = TODAY - DAY * dice.randint(1, 60)
            Hold.objects.create(
                account=account, kind=kind, reason="agreed", since_on=since,
                until_on=since + DAY * dice.randint(5, 90),
            )  # fmt: skip
    if dice.random() < 0.5:
        made_on = TODAY - DAY * dice.randint(1, 30)
        Promise.objects.create(
            account=account, amount_minor=dice.randint(500, 20_000), made_on=made_on,
            promised_on=made_on + DAY * dice.randint(0, 20), recorded_at=NOW,
            made_by_id=people.lina,
        )  # fmt: skip
    if dice.random() < 0.3:
        Promise.objects.create(
            account=account, amount_minor=700, made_on=TODAY - DAY * 90, recorded_at=NOW,
            promised_on=TODAY - DAY * 80, state="broken", judged_on=TODAY - DAY * 70,
        )  # fmt: skip
    for _ in range(dice.randint(0, 3)):
        on = TODAY - DAY * dice.randint(0, 60)
        Attempt.objects.create(
            account=account, channel="call", disposition="no_answer",
            level=dice.choice(("none", "right_party")), next_step="call",
            happened_at=NOW, effective_on=on, by_id=people.lina,
        )  # fmt: skip
    for at in range(dice.randint(0, 2)):
        bounced = dice.random() < 0.3
        Instrument.objects.create(
            account=account, number=f"{account.number}-{at}",
            amount_minor=dice.randint(500, 50_000),
            matures_on=TODAY + DAY * dice.randint(-30, 60),
            state="bounced" if bounced else "in_safe",
            bounced_on=TODAY - DAY if bounced else None,
        )  # fmt: skip
