"""What can be asked about cash in people's hands."""

from __future__ import annotations

from tahsil.api.asking import ID, Asked, Listed, Read
from tahsil.queries import cash, cash_audit
from tahsil.queries.cash_hands import Hand


def _own(asked: Asked) -> cash.CashPage:
    return cash.own(asked.standing, as_of=asked.as_of, now=asked.now)


def _team(asked: Asked) -> Listed:
    return Listed(cash.team(asked.standing, as_of=asked.as_of, now=asked.now), None)


def _exceptions(asked: Asked) -> cash_audit.Exceptions:
    return cash_audit.exceptions(asked.standing, as_of=asked.as_of, now=asked.now)


def _calls(asked: Asked) -> Listed:
    return Listed(cash_audit.calls(asked.standing, as_of=asked.as_of), None)


def _deposit(asked: Asked) -> cash.DepositPage:
    return cash.deposit(asked.standing, asked.values["deposit_id"], as_of=asked.as_of)


def _day(asked: Asked) -> cash.DayPage:
    return cash.day(asked.standing, asked.values["day_id"])


CASH = (
    Read("cash", "One's own cash: hands, offers, deposits, closed days, open cases.", cash.READ,
         {}, _own, cash.CashPage),
    Read("cash/team", "What everybody in reach holds, against ceilings and time.", cash.TEAM,
         {}, _team, tuple[Hand, ...], True),
    Read("cash/exceptions", "Patterns, missing and late deposits, cases, days to sign.", cash.TEAM,
         {}, _exceptions, cash_audit.Exceptions),
    Read("cash/calls", "Receipts to call back, and what was said.", cash.TEAM, {}, _calls,
         tuple[cash_audit.CallRow, ...], True),
    Read("cash/deposits/{deposit_id}", "One deposit and what it covers.", cash.READ,
         {"deposit_id": ID}, _deposit, cash.DepositPage),
    Read("cash/days/{day_id}", "One closed day with its entries and the notes counted.", cash.READ,
         {"day_id": ID}, _day, cash.DayPage),
)  # fmt: skip
