"""The parts a person says a bank line is made of, refused where they are not the whole."""

from __future__ import annotations

from typing import Any

from tahsil.actions import _given, _linking
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import BankLine


def read(line: BankLine, given: Any) -> list[dict[str, Any]]:
    """The parts of a line as read, refused where they are not the whole line."""
    if line.amount_minor <= 0:
        raise Refused(
            "bank.outgoing",
            "Money left the account with this line, so it is no receipt. Say what it was instead.",
        )
    parts = [_part(line, each) for each in given or ()]
    sum_minor = sum(each["amount_minor"] for each in parts)
    if sum_minor != line.amount_minor:
        raise Refused(
            "bank.parts",
            "The parts come to {sum_minor}; the line is over {amount_minor}. Give every part of "
            "it an account, or leave the whole line in suspense.",
            sum_minor=sum_minor,
            amount_minor=line.amount_minor,
            currency=line.bank_account.currency,
        )
    return parts


def _part(line: BankLine, each: Any) -> dict[str, Any]:
    if each.get("receipt_id") is None:
        if each.get("account_id") is None:
            raise Refused("given.missing", "{name} is missing.", name="account_id or receipt_id")
        return {
            "account_id": int(each["account_id"]),
            "amount_minor": _given.need_amount(each.get("amount_minor", line.amount_minor)),
            "allocations": _given.as_pairs(each.get("allocations")),
        }
    money = _linking.receipt(line, int(each["receipt_id"]))
    return {
        "receipt_id": money.id, "account_id": money.account_id, "amount_minor": money.amount_minor,
        "allocations": [],
    }  # fmt: skip
