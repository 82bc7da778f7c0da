"""Refusals and remarks that several formats share; each says the line and what to do."""

from __future__ import annotations

from tahsil.adapters.bank.statement import Remark
from tahsil.core.grammar.refusal import Refused


def no_date(text: str, at: int) -> Refused:
    """A text that is no date, or no text at all."""
    if not text.strip():
        return Refused("bank.date_missing", "Line {line}: the date is missing.", line=at)
    return Refused(
        "bank.date", "Line {line}: “{text}” is not a date.", line=at, text=text.strip()[:40]
    )


def no_amount(text: str, currency: str, at: int) -> Refused:
    """A text that is no amount, or no text at all."""
    if not text.strip():
        return Refused("bank.amount_missing", "Line {line}: the amount is missing.", line=at)
    return Refused(
        "bank.amount",
        "Line {line}: “{text}” is not an amount in {currency}.",
        line=at,
        text=text.strip()[:40],
        currency=currency,
    )


def doubtful(text: str, at: int) -> Refused:
    """An amount that may be a thousand times another."""
    return Refused(
        "bank.amount_doubtful",
        "Line {line}: {text} may be a number with decimals or with thousands. Export the file "
        "again with a decimal point, or say the decimal sign once for this bank.",
        line=at,
        text=text.strip()[:40],
    )


def direction(text: str, at: int) -> Refused:
    """A line that may be money in or money out."""
    return Refused(
        "bank.direction",
        "Line {line}: it is not said whether this is a credit or a debit (“{text}”).",
        line=at,
        text=text[:40],
    )


def currencies(other: str, currency: str, at: int) -> Refused:
    """A second currency in one statement."""
    return Refused(
        "bank.currencies",
        "Line {line}: the amount is in {other}, the statement in {currency}. A statement has one "
        "currency; ask the bank for one statement for each.",
        line=at,
        other=other,
        currency=currency,
    )


def summary(said: str, found: str, at: int) -> Refused:
    """Totals of the bank that are not those of its lines."""
    return Refused(
        "bank.summary",
        "Line {line}: the bank's own summary says {said}, its lines give {found}. Lines may be "
        "missing; ask the bank for the file again.",
        line=at,
        said=said,
        found=found,
    )


def no_statement(what: str, at: int) -> Refused:
    """A file of the right kind without a statement in it."""
    return Refused(
        "bank.no_statement",
        "Line {line}: the file holds no statement (only {what}). Export one from the bank again.",
        line=at,
        what=what or "—",
    )


def letters(encoding: str, at: int) -> Refused:
    """Bytes that are no letters in the encoding."""
    return Refused(
        "bank.letters",
        "Line {line}: the letters cannot be read as {encoding}. Export the file again in UTF-8, "
        "or say the encoding once for this bank.",
        line=at,
        encoding=encoding,
    )


def hostile(at: int) -> Refused:
    """Declarations that no statement needs."""
    return Refused(
        "bank.xml_hostile",
        "Line {line}: the file declares a document type or entities. Bank statements have none, "
        "and they can be used to attack; such a file is not read.",
        line=at,
    )


def deep(depth: int, at: int) -> Refused:
    """Elements nested without end."""
    return Refused(
        "bank.xml_deep",
        "Line {line}: the elements lie more than {depth} deep, as in no bank's file.",
        line=at,
        depth=depth,
    )


def outside(text: str, at: int) -> Remark:
    """Text that belongs to nothing."""
    return Remark(
        "bank.outside",
        "Line {line}: “{text}” stands outside any statement and was not used.",
        line=at,
        text=text.strip()[:60],
    )


def no_currency(currency: str, at: int) -> Remark:
    """A currency that was taken from elsewhere."""
    return Remark(
        "bank.currency_missing",
        "Line {line}: the statement names no currency; {currency} was taken.",
        line=at,
        currency=currency,
    )
