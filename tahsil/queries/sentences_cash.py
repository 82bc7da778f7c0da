"""What each act of cash is called once it was done: a full sentence and a short one."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "cash.accept": (
        "{actor} counted {amount_minor} in cash from {giver} and took it over.",
        "{actor} took cash over.",
    ),
    "cash.call_back": (
        "{actor} called back about receipt {number}: {result}.",
        "{actor} called back about a receipt.",
    ),
    "cash.close_day": (
        "{actor} closed the cash day {day} with {amount_minor}, difference {difference_minor}.",
        "{actor} closed a cash day.",
    ),
    "cash.count": ("{actor} counted {amount_minor} in cash.", "{actor} counted cash."),
    "cash.decline": (
        "The cash {giver} offered {receiver} stayed where it was: {reason}.",
        "An offer of cash came to nothing.",
    ),
    "cash.deposit": (
        "{actor} deposited {amount_minor} in cash at {bank_account} on slip {number}.",
        "{actor} deposited cash.",
    ),
    "cash.hand_over": (
        "{actor} offered {amount_minor} in cash to {receiver}.",
        "{actor} offered cash to a colleague.",
    ),
    "cash.match": (
        "The bank shows deposit {number} of {amount_minor}.",
        "The bank shows a deposit of cash.",
    ),
    "cash.settle_case": (
        "{actor} settled a {kind} of {amount_minor} of {person}: {outcome}.",
        "{actor} settled a difference in cash.",
    ),
    "cash.sign_day": (
        "{actor} signed the cash day {day} of {person}.",
        "{actor} signed a cash day.",
    ),
}
