"""What evidence says, as sentences with named facts; a face says them in the reader's language."""

from __future__ import annotations

from typing import Any

from tahsil.core.resolve.matching.rows import Evidence

SENTENCES = {
    "reference": "Reference {reference} found.",
    "contract": "Contract {reference} found.",
    "near": "{reference} is {known} but for one letter or digit.",
    "paid": "Reference {reference} names an instalment that is already paid.",
    "unknown_line": "Contract {reference} has no open instalment {number}.",
    "virtual_account": "It came to the account's own number {number}.",
    "payer_account": "The payer's bank account {number} is known.",
    "phone": "The telephone number {number} is the account's.",
    "alias": "Money of this payer was set to this account {count} times.",
    "alias_once": "Money of this payer was set to this account once.",
    "alias_shared": "Money of this payer was set to {count} different accounts.",
    "name_full": "The payer's name is the debtor's.",
    "name_cut": "The payer's name is the debtor's, cut short by the bank.",
    "name_part": "The payer's name has {matched}; words missing: {missing}.",
    "name_near": "The payer's name has {matched}, with a difference in spelling.",
    "name_other": "The payer's name is not the debtor's.",
    "exact": "The amount equals what the references name.",
    "completed": "The amount equals what is named together with what is open beside it.",
    "oldest": "The amount equals the oldest instalment of this amount.",
    "run": "The amount equals the {count} oldest instalments together.",
    "combination": "The amount equals {count} open instalments together, and no others.",
    "one_of_several": "More than one choice of open instalments makes this amount.",
    "fee": "{short_minor} is missing, as much as banks deduct.",
    "withheld": "{short_minor} is missing, a tax that payers withhold.",
    "partial": "The amount is a part of what the reference names.",
    "over": "The amount is {over_minor} more than the reference names.",
    "rule": "The amount fits no open instalment; the oldest are paid first.",
    "nothing_open": "Nothing is open on this account.",
    "currency": "The line is in {currency}, which the account does not owe.",
    "speaks_of": "The text speaks of another currency: {currencies}.",
    "contested": "Another line may pay the same instalment.",
    "batch": "The references are of {count} accounts and make the amount together.",
    "conflict": "A reference on the line is of another account.",
    "tie": "Another account fits as well.",
    "purpose": "The words {words} say that this is no payment of a debtor.",
    "unknown": "Nothing on the line says whose money it is.",
    "outgoing": "Money left the account.",
    "repeat_same": "Line {line} of {on} has the same bank reference, text and amount.",
    "repeat_alike": "Line {line} of {on} has the same payer, text and amount.",
    "reversed": "Line {line} of {on} takes this money back.",
    "reversal": "This takes back line {line} of {on}.",
    "cheque": "Cheque {number} of this amount is at the bank.",
    "cheque_shared": "{count} cheques have this number and amount.",
    "cheque_unknown": "No cheque at the bank has number {number} and this amount.",
    "recorded": "It is receipt {receipt}, recorded by {who} on {on}.",
    "imported": "It is receipt {receipt}, imported on {on}.",
    "cleared": "It is cheque {number}, cleared with receipt {receipt} on {on}.",
    "recorded_names": "The line says its reference {reference}.",
    "recorded_together": "{count} receipts make the amount together.",
    "weak": "What speaks for it is not enough to post it alone.",
    "unproven": "Lines like this were not yet confirmed often enough to be posted alone.",
}  # fmt: skip


def saying(code: str, weight: float = 0.0, **facts: Any) -> Evidence:
    """The evidence of this code with its sentence."""
    return Evidence(f"match.{code}", SENTENCES[code], facts, weight)
