"""What a person's confirmation of a bank line teaches: payers, fees, how right a pattern was."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from tahsil.core.resolve.matching import learned as rules
from tahsil.core.resolve.matching.rows import Decision
from tahsil.store import unlinked
from tahsil.store.models import (
    BankLine,
    BankProposal,
    LearnedFee,
    LearnedPattern,
    LearnedPayer,
)


def confirmed(line: BankLine, parts: list[tuple[int, list[tuple[int, int]]]]) -> None:
    """A person set the line to these (account, paid) parts; a split teaches nothing."""
    if len(parts) != 1:
        return
    account_id, paid = parts[0]
    proposal = BankProposal.objects.filter(line=line).first()
    said = proposal.body if proposal else {}
    short = _short(said) if said.get("account_id") == account_id else 0
    decision = Decision(
        line.id, proposal.kind if proposal else "", "receipt", said.get("account_id"),
        tuple(map(tuple, said.get("allocations", ()))), pattern=said.get("pattern", ""),
        is_clear=bool(said.get("is_clear")),
    )  # fmt: skip
    taught = rules.learn(
        rules.Learned(), unlinked.plain(line), decision, account_id=account_id, paid=tuple(paid),
        short_minor=short,
    )  # fmt: skip
    creditor_id = line.bank_account.creditor_id
    for payer in taught.aliases:
        _count(LearnedPayer, {"payer": payer[:240], "account_id": account_id}, count=1)
    for fee in taught.fees:
        _count(LearnedFee, {"creditor_id": creditor_id, "amount_minor": fee}, count=1)
    for pattern, (right, wrong) in taught.record.items():
        key = {"creditor_id": creditor_id, "pattern": pattern}
        _count(LearnedPattern, key, right=right, wrong=wrong)


def forget(line: BankLine, account_id: int) -> None:
    """What this line taught of its payer is taken back."""
    for payer in rules.payer_keys(unlinked.plain(line)):
        found = LearnedPayer.objects.filter(payer=payer[:240], account_id=account_id)
        found.filter(count__gt=0).update(count=F("count") - 1)


def _short(said: dict[str, Any]) -> int:
    facts = [each["facts"] for each in said.get("evidence", ())]
    return next((each["short_minor"] for each in facts if "short_minor" in each), 0)


def _count(model: Any, key: dict[str, Any], **added: int) -> None:
    made, is_new = model.objects.get_or_create(**key, defaults=added)
    if not is_new:
        more = {name: F(name) + value for name, value in added.items()}
        model.objects.filter(pk=made.pk).update(**more)
