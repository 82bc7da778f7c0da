"""What matching made of each line, in words a program can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tahsil.core.grammar.money import decimal_text
from tahsil.core.resolve.matching.rows import Decision
from tahsil.run.matching import Matched
from tahsil.run.matching_book import parts
from tahsil.store.models import Account, BankLine, BankMatch, Obligation


def report(found: Matched) -> dict[str, Any]:
    """What matching made of each line, in words a program can read."""
    numbers = _numbers(found.decisions)
    named = _named(found.decisions)
    paid = _receipts(found.posted)
    return {
        "policy": found.policy,
        "counts": found.counts,
        "lines": [
            _said(line, each, numbers, named, paid.get(line.id, []))
            for line, each in zip(found.lines, found.decisions, strict=True)
        ],
    }


def _said(
    line: BankLine, each: Decision, numbers: dict[int, str], named: dict[int, dict[str, Any]],
    paid: list[str],
) -> dict[str, Any]:  # fmt: skip
    currency = line.bank_account.currency
    return {
        "line_id": line.id, "statement_id": line.statement_id, "at": line.at,
        "bank_account": line.bank_account.code, "booked_on": line.booked_on,
        "value_on": line.value_on, "amount_minor": line.amount_minor, "currency": currency,
        "amount": f"{decimal_text(line.amount_minor, currency)} {currency}",
        "payer": line.payer, "text": line.text, "reference": line.reference,
        "bank_reference": line.bank_reference, "kind": each.kind, "purpose": each.purpose,
        "outcome": "posted" if paid else each.kind,
        "account": numbers.get(each.account_id or 0),
        "allocations": [
            {"obligation_id": key, "amount_minor": part, **named.get(key, {})}
            for key, part in each.allocations
        ],
        "unapplied_minor": each.unapplied_minor, "score": round(each.score, 2),
        "margin": round(each.margin, 2), "pattern": each.pattern,
        "evidence": [str(said) for said in each.evidence],
        "alternatives": [
            {"account": numbers.get(other.account_id), "score": round(other.score, 2),
             "allocations": [list(pair) for pair in other.allocations]}
            for other in each.alternatives
        ],
        "receipts": paid, "cheque_id": each.cheque_id, "other_line_id": each.other_line_id,
        "receipt_ids": list(each.receipt_ids),
    }  # fmt: skip


def _numbers(decisions: Iterable[Decision]) -> dict[int, str]:
    """The numbers of the accounts decisions speak of, by id."""
    ids = {each.account_id for each in decisions} | {
        other.account_id for each in decisions for other in each.alternatives
    }
    return _some(Account.objects.values_list("id", "number"), ids)


def _named(decisions: Iterable[Decision]) -> dict[int, dict[str, Any]]:
    """What the obligations are called that decisions would pay, by id."""
    ids = {key for each in decisions for key, _part in each.allocations}
    columns = ("id", "reference", "contract__number", "seq", "label", "due_on")
    names = ("reference", "contract", "seq", "label", "due_on")
    found = Obligation.objects.values_list(*columns)
    return {
        key: dict(zip(names, said, strict=True))
        for part in parts(ids)
        for key, *said in found.filter(id__in=part)
    }


def _receipts(line_ids: Iterable[int]) -> dict[int, list[str]]:
    """The numbers of the receipts each line was matched with."""
    found: dict[int, list[str]] = defaultdict(list)
    live = BankMatch.objects.filter(undone_at=None).order_by("id")
    for part in parts(line_ids):
        for key, number, purpose in live.filter(line_id__in=part).values_list(
            "line_id", "receipt__number", "purpose"
        ):
            found[key].append(number or purpose)
    return found


def _some(found: Any, ids: Iterable[int | None]) -> dict[int, str]:
    return {
        key: value
        for part in parts(each for each in ids if each is not None)
        for key, value in found.filter(id__in=part)
    }
