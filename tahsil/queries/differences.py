"""What differs between a customer's word and the book, and what would resolve each difference.

A difference is a sentence with the keys of what it is about and the acts, of those this person
may do, that would settle it. What agrees is said too: it is the answer to a wrong objection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.money import decimal_text
from tahsil.queries.accounts import READ, Seen
from tahsil.queries.bank_candidates import Candidate, near
from tahsil.queries.deviations import DeviationRow
from tahsil.queries.ledger import Ledger, Row
from tahsil.queries.objections import ObjectionRow
from tahsil.store import scope
from tahsil.store.models import Receipt

MOST = 8
OWN = ("over", "wrong_bank_account", "wrong_category", "other_customer")
SENTENCES = {
    "amount": "The customer says {claimed_minor}; receipt {number} is of {booked_minor}.",
    "day": "The customer says it was paid on {claimed_on}; receipt {number} has the value date "
    "{value_on}.",
    "method": "The customer says it was paid by {claimed}; receipt {number} says {method}.",
    "agrees": "Receipt {number} agrees with the customer: {booked_minor} on {value_on} by "
    "{method}. It pays {lines}.",
    "pays_nothing": "Receipt {number} agrees with the customer: {booked_minor} on {value_on} by "
    "{method}. It pays nothing yet.",
    "reversed": "Receipt {number} of {booked_minor} was taken back on {reversed_on}: {reason}.",
    "perhaps": "Receipt {number} of {booked_minor} has the value date {value_on}: it may be this "
    "payment.",
    "missing": "No receipt of {claimed_minor} is booked around the day the customer names.",
    "missing_any": "No receipt of {claimed_minor} is booked on this account.",
    "elsewhere": "Receipt {number} of the same amount stands on account {account}, value date "
    "{value_on}.",
    "twice": "Receipts {number} and {other} have the same amount and reference {reference}.",
    "unexplained": "A bank line of {amount_minor} on {value_on} from {payer} is unexplained and "
    "may be this money.",
}


@dataclass(frozen=True)
class Remedy:
    """An act that would settle a difference, and where it is done."""

    verb: str
    url: str


@dataclass(frozen=True)
class Difference:
    """One difference; `tone` is late for what is wrong, good for what agrees."""

    code: str
    template: str
    facts: dict[str, Any]
    tone: str
    keys: tuple[str, ...]
    remedies: tuple[Remedy, ...]


def differences(
    standing: Standing, account: Seen, ledger: Ledger, *, flags: tuple[DeviationRow, ...],
    objection: ObjectionRow | None, candidates: tuple[Candidate, ...], as_of: date,
) -> tuple[Difference, ...]:  # fmt: skip
    """The differences, the objection's own first."""
    asked = _Asked(standing, account, ledger)
    found: list[Difference] = []
    if objection is not None and objection.state == "open":
        found += asked.claimed(objection, candidates)
    found += asked.twice()
    found += asked.unexplained(candidates)
    found += [asked.flagged(each) for each in flags if each.kind in OWN]
    once = {(each.code, each.keys): each for each in reversed(found)}
    return tuple(reversed(once.values()))[:MOST]


class _Asked:
    """The account's book beside what is said of it."""

    def __init__(self, standing: Standing, account: Seen, ledger: Ledger) -> None:
        self.standing, self.account, self.ledger = standing, account, ledger

    def claimed(self, said: ObjectionRow, candidates: tuple[Candidate, ...]) -> list[Difference]:
        """What the book says of the payment the customer speaks of."""
        rows = {row["id"]: row for row in self.ledger.receipts}
        if said.receipt_id in rows:
            return self._compared(said, rows[said.receipt_id])  # type: ignore[index]
        if not said.claimed_minor:
            return []
        same = [row for row in rows.values() if row["amount_minor"] == said.claimed_minor]
        close = [row for row in same if near(said.claimed_on, row["value_on"])]
        found = [
            self._said("reversed" if row["reversed"] else "perhaps", row, said)
            for row in (close or same)[:2]
        ]
        if any(row["reversed"] is None for row in close):
            return found
        facts = {"claimed_minor": said.claimed_minor}
        code = "missing" if said.claimed_on else "missing_any"
        acts = [self._record(said)]
        missing = self._difference(code, facts, tone="late", keys=(), acts=acts)
        return [missing, *found, *self._elsewhere(said)]

    def _compared(self, said: ObjectionRow, row: Row) -> list[Difference]:
        if row["reversed"] is not None:
            return [self._said("reversed", row, said)]
        found = []
        if said.claimed_minor and said.claimed_minor != row["amount_minor"]:
            found.append(self._said("amount", row, said))
        if said.claimed_on and said.claimed_on != row["value_on"]:
            found.append(self._said("day", row, said))
        if said.claimed_method and said.claimed_method != row["instrument"]:
            found.append(self._said("method", row, said))
        if found:
            return found
        pays = self._pays(row["id"])
        return [self._said("agrees" if pays else "pays_nothing", row, said)]

    def _said(self, code: str, row: Row, said: ObjectionRow) -> Difference:
        """A sentence that holds one receipt against the claim."""
        pays = self._pays(row["id"])
        facts = {
            "number": row["number"], "booked_minor": row["amount_minor"],
            "value_on": row["value_on"], "method": row["instrument"],
            "claimed_minor": said.claimed_minor, "claimed_on": said.claimed_on,
            "claimed": said.claimed_method, "reversed_on": row["reversed"],
            "reason": row["undone_why"] or "",
            "lines": [self.ledger.by_id[key]["label"] or self.ledger.by_id[key]["category"]
                      for key in pays],
        }  # fmt: skip
        is_gone = row["reversed"] is not None
        acts = [self._record(said)] if is_gone else [
            Remedy("receipt.reallocate", f"/receipts/{row['id']}/reallocations"),
            Remedy("receipt.reverse", f"/receipts/{row['id']}/reversals"),
        ]  # fmt: skip
        short = (said.claimed_minor or 0) - row["amount_minor"]
        if code == "amount" and short > 0:
            acts.insert(0, self._record(said, short))
        tone = {"agrees": "good", "pays_nothing": "good", "perhaps": ""}.get(code, "late")
        keys = (f"r{row['id']}", *(f"l{key}" for key in pays))
        return self._difference(code, facts, tone=tone, keys=keys, acts=acts)

    def _pays(self, receipt_id: int) -> list[int]:
        sums: dict[int, int] = {}
        for row in self.ledger.allocations:
            if row["receipt_id"] == receipt_id:
                key = row["obligation_id"]
                sums[key] = sums.get(key, 0) + row["amount_minor"]
        return [key for key, amount in sums.items() if amount and key in self.ledger.by_id]

    def _elsewhere(self, said: ObjectionRow) -> list[Difference]:
        """The same money on another account, where this person may read that one."""
        if said.claimed_on is None:
            return []
        other = (
            scope.visible(self.standing, Receipt.objects.all(), READ, "account__")
            .filter(
                amount_minor=said.claimed_minor, value_on=said.claimed_on, reversal=None,
                account__currency=self.account.currency,
            )
            .exclude(account_id=self.account.id)
            .select_related("account")
            .first()
        )  # fmt: skip
        if other is None:
            return []
        facts = {"number": other.number, "account": other.account.number,
                 "value_on": other.value_on}  # fmt: skip
        acts = [Remedy("receipt.reverse", f"/receipts/{other.id}")]
        return [self._difference("elsewhere", facts, tone="late", keys=(), acts=acts)]

    def twice(self) -> list[Difference]:
        """Receipts that stand with the same amount and reference: the same money, perhaps."""
        seen: dict[tuple[int, str], Row] = {}
        found = []
        for row in self.ledger.receipts:
            if row["reversed"] is not None or not row["reference"]:
                continue
            first = seen.setdefault((row["amount_minor"], row["reference"]), row)
            if first is not row:
                facts = {"number": first["number"], "other": row["number"],
                         "reference": row["reference"]}  # fmt: skip
                keys = (f"r{first['id']}", f"r{row['id']}")
                acts = [Remedy("receipt.reverse", f"/receipts/{row['id']}/reversals")]
                made = self._difference("twice", facts, tone="late", keys=keys, acts=acts)
                found.append(made)
        return found

    def unexplained(self, candidates: tuple[Candidate, ...]) -> list[Difference]:
        """The likeliest bank line nobody has explained."""
        found = []
        for each in candidates[:2]:
            line = each.line
            facts = {"amount_minor": line.amount_minor, "value_on": line.value_on,
                     "payer": line.payer or line.text[:60]}  # fmt: skip
            acts = [Remedy("bank.match", f"/bank/lines/{line.id}")]
            keys = (f"b{line.id}",)
            found.append(self._difference("unexplained", facts, tone="", keys=keys, acts=acts))
        return found

    def flagged(self, each: DeviationRow) -> Difference:
        """A deviation that somebody should act on."""
        acts = [Remedy("receipt.reallocate", f"/receipts/{each.receipt_id}/reallocations")]
        keys: tuple[str, ...] = (f"r{each.receipt_id}",)
        if each.obligation_id:
            keys = (*keys, f"l{each.obligation_id}")
        able = tuple(act for act in acts if self._may(act.verb))
        return Difference(each.kind, each.template, each.facts, "", keys, able)

    def _record(self, said: ObjectionRow, minor: int = 0) -> Remedy:
        """The form for the receipt that is missing, as the customer tells it."""
        told = {
            "amount": decimal_text(
                minor or said.claimed_minor or 0, self.account.currency, grouped=False
            ),
            "value_on": str(said.claimed_on or ""), "instrument": said.claimed_method,
            "reference": said.claimed_reference, "bank": said.claimed_bank,
        }  # fmt: skip
        query = urlencode({name: value for name, value in told.items() if value})
        return Remedy("receipt.record", f"/accounts/{self.account.id}/receipts?{query}")

    def _difference(
        self, code: str, facts: dict[str, Any], *, tone: str, keys: tuple[str, ...],
        acts: list[Remedy],
    ) -> Difference:  # fmt: skip
        template = SENTENCES[code]
        named = {name: value for name, value in facts.items() if f"{{{name}}}" in template}
        able = tuple(act for act in acts if self._may(act.verb))
        currency = self.account.currency
        return Difference(code, template, {**named, "currency": currency}, tone, keys, able)

    def _may(self, verb: str) -> bool:
        reach = None if verb.startswith("bank.") else self.account.reach
        return can(self.standing, verb, reach).answer == Answer.ALLOW
