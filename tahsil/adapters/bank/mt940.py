"""MT940 and MT942: from tags to statements.

The tags are in mt940_tags.py, the text of a line (:86:) in mt940_text.py. A library was tried and
left: see docs/decisions/2026-11-bank-readers.md.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tahsil.adapters.bank import codes, values
from tahsil.adapters.bank.mt940_tags import Group, Tag, groups
from tahsil.adapters.bank.mt940_text import details, iban
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import currencies, no_amount, no_date, summary
from tahsil.adapters.bank.statement import Balance, Line, Mapping, Remark, Statement
from tahsil.adapters.bank.text import squeezed
from tahsil.core.grammar.dates import DAY
from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused

_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})?\s*([\d.,]+)\s*")
_LIMIT = re.compile(r"([A-Z]{3})([CD]?)\s*([\d.,]+)\s*")
_TOTAL = re.compile(r"(\d{0,9})([A-Z]{3})\s*([\d.,]+)\s*")
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}|\s{4})?(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])?\s*"
    r"(?P<amount>[\d.,]+)(?:(?P<type>[A-Z][A-Z0-9]{3})(?P<rest>.*))?"
)


def read(text: str, notes: Notes, mapping: Mapping) -> list[Statement]:
    """The statements of the file."""
    found = []
    for group in groups(text, notes):
        with notes.trying():
            found.append(_statement(group, notes, mapping))
    return found


def _statement(group: Group, notes: Notes, mapping: Mapping) -> Statement:
    is_interim = group.has("34F", "13D", "13", "90C", "90D") and not group.has("60F", "60M")
    currency = _currency(group, mapping)
    opening = _balance(group, ("60F", "60M"), "opening", currency, notes)
    closing = _balance(group, ("62F", "62M"), "closing", currency, notes)
    if not is_interim and (opening is None) != (closing is None):
        raise _cut(group, opening)
    found = []
    for tag, texts in group.entries:
        with notes.trying():
            line = _line(tag, texts, currency, notes)
            found.append(replace(line, is_pending=True) if is_interim else line)
    if len(found) == len(group.entries):
        _totals(group, found, currency)
    account = group.first.get("25") or group.first.get("25P")
    number = group.first.get("28C") or group.first.get("28")
    return Statement(
        format="mt942" if is_interim else "mt940",
        at=group.at,
        account=squeezed(account.text) if account else mapping.account,
        currency=currency,
        id=group.first["20"].text if "20" in group.first else "",
        number=number.text if number else "",
        opened_on=opening.on if opening else min((x.booked_on for x in found), default=None),
        closed_on=closing.on if closing else max((x.booked_on for x in found), default=None),
        opening_minor=opening.minor if opening else None,
        closing_minor=closing.minor if closing else None,
        lines=tuple(found),
        balances=_others(group, currency, notes),
        remarks=notes.taken(),
        note=squeezed(" ".join(text for tag in group.texts for text in tag.texts)),
        is_page="62M" in group.first,
    )


def _cut(group: Group, opening: Balance | None) -> Refused:
    return Refused(
        "bank.cut",
        "Line {line}: the statement that begins here has no balance :{tag}:. The file is cut off, "
        "and lines may be missing. Export it again.",
        line=group.at,
        tag="62F" if opening else "60F",
    )


def _currency(group: Group, mapping: Mapping) -> str:
    for name in ("60F", "60M", "62F", "62M"):
        found = _BALANCE.fullmatch(group.first[name].text) if name in group.first else None
        if found and found[3]:
            return found[3]
    if "34F" in group.first and (found := _LIMIT.fullmatch(group.first["34F"].text)):
        return found[1]
    return values.currency_code(mapping.currency, group.at)


def _balance(
    group: Group, names: tuple[str, str], kind: str, currency: str, notes: Notes
) -> Balance | None:
    tag = next((group.first[name] for name in names if name in group.first), None)
    return _parsed(tag, kind, currency, notes) if tag else None


def _parsed(tag: Tag, kind: str, currency: str, notes: Notes) -> Balance:
    found = _BALANCE.fullmatch(tag.text)
    if not found:
        raise Refused(
            "bank.balance_unreadable",
            "Line {line}: “{text}” is not a balance (credit or debit, date, currency, amount).",
            line=tag.at,
            text=tag.text[:40],
        )
    if not found[3]:
        notes.add(
            Remark(
                "bank.balance_currency",
                "Line {line}: the balance names no currency; {currency} was taken from the other.",
                line=tag.at,
                currency=currency,
            )
        )
    elif found[3] != currency:
        raise currencies(found[3], currency, tag.at)
    minor = values.amount(found[4], currency, tag.at)
    on = values.short(found[2], tag.at)
    return Balance(kind, on, -minor if found[1] == "D" else minor, currency, tag.at)


def _others(group: Group, currency: str, notes: Notes) -> tuple[Balance, ...]:
    found = []
    for tag in group.many:
        if tag.name != "34F":
            kind = "available" if tag.name == "64" else "forward"
            with notes.trying():
                found.append(_parsed(tag, kind, currency, notes))
    return tuple(found)


def _line(tag: Tag, texts: list[Tag], currency: str, notes: Notes) -> Line:
    found = _LINE.fullmatch(tag.texts[0].rstrip())
    if not found:
        raise Refused(
            "bank.line",
            "Line {line}: “{text}” is not a line of a statement (date, credit or debit, amount).",
            line=tag.at,
            text=tag.text[:60],
        )
    minor = values.amount(found["amount"], currency, tag.at)
    value_on, booked_on = _days(found["value"], found["entry"], tag.at, notes)
    # RC takes a credit back, RD a debit: the money moves the other way.
    sign = {"C": 1, "D": -1, "RC": -1, "RD": 1, "EC": 1, "ED": -1}[found["mark"]]
    reference, bank_reference, extra = _references(found["rest"] or "")
    extra = squeezed(" ".join([extra, *tag.texts[1:]]))
    is_numbered = any(each.name == "NS" for each in texts)
    said = details([text for each in texts for text in each.texts], is_numbered=is_numbered)
    text = squeezed(f"{extra} {said.description}")
    kind = (found["type"] or "")[1:]
    is_cheque = kind in ("CHK", "CHQ", "RTI") and reference.isdecimal()
    return Line(
        at=tag.at,
        booked_on=booked_on,
        value_on=value_on,
        amount_minor=sign * minor,
        currency=currency,
        reference=said.reference or reference,
        bank_reference=bank_reference,
        code=codes.SWIFT.get(kind) or codes.SWIFT.get(said.code, "other"),
        bank_code="".join(filter(None, [found["type"], said.code and f"/{said.code}"])),
        description=text if not said.reference else squeezed(f"{text} {reference}"),
        payer=said.payer,
        payer_account=said.account or iban(extra),
        cheque_number=reference if is_cheque else codes.cheque_in(text),
        is_reversal=found["mark"] in ("RC", "RD"),
        is_pending=found["mark"] in ("EC", "ED"),
        raw="\n".join([*tag.texts, *(text for each in texts for text in each.texts)]),
    )


def _days(value: str, entry: str | None, at: int, notes: Notes) -> tuple[date, date]:
    """Value date and booking date; the booking date has no year, and is the one nearest."""
    if value[2:] in ("0229", "0230"):
        value_on = _february(value, at, notes)
    else:
        value_on = values.short(value, at)
    if not entry or not entry.strip():
        return value_on, value_on
    booked_on = values.near(int(entry[:2]), int(entry[2:]), value_on)
    if booked_on is None:
        raise no_date(entry, at)
    return value_on, booked_on


def _february(value: str, at: int, notes: Notes) -> date:
    """Banks that count every month as thirty days know a 30 February."""
    found = date(values.full_year(int(value[:2])), 3, 1) - DAY
    if found.day < int(value[4:]):
        notes.add(
            Remark(
                "bank.february",
                "Line {line}: {text} is no day of the calendar; {date} was taken.",
                line=at,
                text=value,
                date=str(found),
            )
        )
    return found


def _references(rest: str) -> tuple[str, str, str]:
    """Ours, the bank's, and what stands beyond the sixteen signs of ours."""
    own, _, bank = rest.partition("//")
    extra = own[16:]
    own, bank = own[:16].strip(), bank.strip()
    return ("" if own in codes.NONE else own), ("" if bank in codes.NONE else bank), extra


def _totals(group: Group, found: list[Line], currency: str) -> None:
    """Refused if the numbers and sums of MT942 are not those of its lines."""
    for name, sign in (("90C", 1), ("90D", -1)):
        if name not in group.first:
            continue
        tag = group.first[name]
        stated = _TOTAL.fullmatch(tag.text)
        own = [abs(line.amount_minor) for line in found if line.amount_minor * sign > 0]
        if not stated:
            raise no_amount(tag.text, currency, tag.at)
        same_sum = values.amount(stated[3], currency, tag.at) == sum(own)
        if not same_sum or (stated[1] and int(stated[1]) != len(own)):
            own_sum = f"{len(own)}: {decimal_text(sum(own), currency)} {currency}"
            raise summary(tag.text, own_sum, tag.at)
