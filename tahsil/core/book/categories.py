"""Obligation categories: why an amount is owed, and what follows from that.

A category carries its own bank account rule, priority, penalty rule and whether it counts
towards the paid percentage of the price. Columns hold a category as its position in CATEGORIES,
so new ones are added at the end. Which order categories are paid in is allocation.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from tahsil.core.grammar.refusal import Refused

KINDS = ("principal", "rent", "interest", "fee", "penalty", "cost", "tax", "deposit")

ANY = "any"  # a receipt's rule that may pay every line, whatever account it belongs in
HELD = "held"  # a receipt's rule that pays nothing until somebody places it
BANK_RULES = (ANY, "price", "maintenance", "certificate", HELD)
REFUND = "refund"  # what was paid back: settled at once by the money it gives back


@dataclass(frozen=True, slots=True)
class Category:
    """One reason for which an amount is owed; a lower priority number is paid earlier."""

    code: str
    kind: str
    priority: int = 50
    bank_account_rule: str = "price"
    penalty_applies: bool = False
    counts_toward_paid: bool = False
    refundable: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.bank_account_rule not in BANK_RULES:
            raise Refused(
                "category.words",
                "Category {category} has kind {kind} and bank account rule {rule}. "
                "Kinds are {kinds}; rules are {rules}.",
                category=self.code,
                kind=self.kind,
                rule=self.bank_account_rule,
                kinds=KINDS,
                rules=BANK_RULES,
            )


def _price(code: str) -> Category:
    return Category(code, "principal", penalty_applies=True, counts_toward_paid=True)


CATEGORIES: tuple[Category, ...] = (
    Category("reservation", "principal", counts_toward_paid=True),
    _price("down_payment"),
    _price("instalment"),
    _price("bump"),
    _price("balloon"),
    _price("delivery"),
    Category("maintenance_deposit", "deposit", 60, "maintenance", refundable=True),
    Category("club", "fee", 60, refundable=True),
    Category("parking", "fee", 60),
    Category("utilities", "fee", 60),
    _price("area_difference"),
    _price("finishing"),
    Category("rent", "rent", penalty_applies=True),
    Category("security_deposit", "deposit", 60, refundable=True),
    Category("service_charge", "principal", penalty_applies=True),
    Category("service_invoice", "principal", penalty_applies=True),
    Category("retention", "principal", 70),
    # Tax the payer keeps back: settled by a certificate, never by money, so never by a transfer.
    Category("withholding", "tax", 80, "certificate"),
    Category("premium", "principal", 40),
    Category("emi", "principal", penalty_applies=True, counts_toward_paid=True),
    Category("principal", "principal", penalty_applies=True, counts_toward_paid=True),
    Category("interest", "interest", 40),
    Category("fee", "fee", 20),
    Category("transfer_fee", "fee", 20),
    Category("bounce_fee", "fee", 20),
    Category("penalty", "penalty", 30),
    Category("legal_cost", "cost", 10),
    Category("tax", "tax", 35),
    Category("registration_fee", "fee", 20),
    Category("termination_deduction", "fee", 20),
    Category("opening_balance", "principal", penalty_applies=True),
    # Money paid back is owed by whoever has it; the receipts named with it settle it on the day.
    Category(REFUND, "principal", 90),
)

_INDEX = {category.code: position for position, category in enumerate(CATEGORIES)}


def category_index(code: str) -> int:
    """The position by which columns name the category."""
    if code not in _INDEX:
        raise Refused(
            "category.unknown",
            "{category} is not a category of obligations. Known ones: {known}.",
            category=code,
            known=list(_INDEX),
        )
    return _INDEX[code]


def category_of(index: int) -> Category:
    """The category at that position."""
    if not 0 <= index < len(CATEGORIES):
        raise Refused(
            "category.index",
            "There is no category number {index}. Numbers run from 0 to {last}.",
            index=index,
            last=len(CATEGORIES) - 1,
        )
    return CATEGORIES[index]


def bank_rule_index(code: str) -> int:
    """The position by which columns name a bank account rule; `any` is 0."""
    if code not in BANK_RULES:
        raise Refused(
            "category.bank_rule",
            "{rule} is not a bank account rule. Known ones: {known}.",
            rule=code,
            known=BANK_RULES,
        )
    return BANK_RULES.index(code)


# For each category, the position of its bank account rule: the table rules look up by column.
BANK_RULE_OF = tuple(BANK_RULES.index(category.bank_account_rule) for category in CATEGORIES)
