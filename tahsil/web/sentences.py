"""Sentences in the reader's language: a template with named facts, and how each kind of fact reads.

Money, dates, counts and shares become text here and nowhere else in the web face; the template tags
wrap what these functions return. Refusals and events keep template and facts apart until now.
Text stays plain: what runs against the reader's direction is held apart by Unicode isolates.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

from tahsil.core.grammar.money import Money, decimal_text
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tahsil.queries.rules import Rules
from tahsil.web import own_names

NOTHING = "–"
MINUS = "\u2212"

MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "hi": "जन॰ फ़र॰ मार्च अप्रैल मई जून जुल॰ अग॰ सित॰ अक्तू॰ नव॰ दिस॰",
}
ARABIC_DIGITS = str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫")
ACTS: dict[str, str] = {}  # what acts are called, which verbs.py knows
_CODE = re.compile(r"[a-z][a-z_ ]*")
_STAGE = re.compile(r"(.*?)(?:_(\d+))?")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD = re.compile(rf"([a-z_]+) ({_ISO_DAY.pattern})/({_ISO_DAY.pattern})")
_HINDU_GROUPS = re.compile(r"(?<=\d)(?=(?:\d\d)+\d$)")


def in_language(template: str, facts: dict[str, Any] | None = None) -> str:
    """The sentence in the active language with every fact written as that language writes it.

    A fact the template names and nobody gave stays visible as its name in braces.
    """
    said = gettext(template) if template else ""
    return said.format_map(_Facts(facts or {}))


def refusal_sentences(refused: Refused) -> list[str]:
    """The refusal's sentence, then one for each of its parts, in the active language."""
    parts = refused.parts if isinstance(refused, RefusedAll) else []
    return [in_language(each.template, each.facts) for each in (refused, *parts)]


def fact_text(name: str, value: Any, facts: dict[str, Any]) -> str:
    """One fact as text: its kind is told by its type, or by the unit its name ends in."""
    if isinstance(value, list | tuple | set | frozenset):
        return _joined([fact_text(name, item, facts) for item in value])
    if isinstance(value, dict):  # what something is called, by language
        return label_text(value)
    if isinstance(value, Money):
        return _apart(money_text(value.minor, value.currency))
    if name.endswith("_minor") and isinstance(value, int) and facts.get("currency"):
        return _apart(money_text(value, facts["currency"]))
    if name.endswith("_ppm") and isinstance(value, int):
        return _apart(percent_text(value))
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return day_text(date.fromisoformat(value))
    return _word(value)


def money_text(minor: int | None, currency: str, *, code: bool = True) -> str:
    """The amount grouped as its currency is grouped, with the currency's decimals and its code."""
    if minor is None:
        return NOTHING
    text = digits(grouped(decimal_text(abs(int(minor)), currency, grouped=False), currency))
    sign = MINUS if minor < 0 else ""
    return f"{sign}{text} {currency}" if code and currency else f"{sign}{text}"


def grouped(plain: str, currency: str) -> str:
    """Thousands apart; for rupees the last three digits, then pairs (12,34,567)."""
    whole, point, rest = plain.partition(".")
    if currency == "INR":
        whole = _HINDU_GROUPS.sub(",", whole)
    else:
        whole = f"{int(whole):,}"
    return f"{whole}{point}{rest}"


def digits(text: str) -> str:
    """Arabic-Indic digits and separators where the reader's language is Arabic and settings ask."""
    if getattr(settings, "ARABIC_DIGITS", False) and _language() == "ar":
        return text.translate(ARABIC_DIGITS)
    return text


def day_text(day: date | None, *, year: bool = True) -> str:
    """The day without any doubt which number is the month: 13 Jan 2026."""
    if day is None:
        return NOTHING
    text = f"{day.day} {month_text(day)}"
    return digits(f"{text} {day.year}" if year else text)


def month_text(day: date, *, year: bool = False) -> str:
    """The month's short name, with its year if asked."""
    name = MONTHS.get(_language(), MONTHS["en"]).split()[day.month - 1]
    return digits(f"{name} {day.year}") if year else name


def moment_text(moment: datetime | None) -> str:
    """Day and minute, in the current time zone if the instant knows its own."""
    if moment is None:
        return NOTHING
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{day_text(local.date())} {digits(f'{local:%H:%M}')}"


def days_count_text(days: int | None) -> str:
    """A count of days in words."""
    if days is None:
        return NOTHING
    return ngettext("{n} day", "{n} days", abs(days)).format(n=digits(f"{days:,}"))


def percent_text(ppm: int | None, *, places: int = 1) -> str:
    """Parts per million as a percentage, rounded half up, without a trailing zero."""
    if ppm is None:
        return NOTHING
    step = 10 ** (4 - places)
    tenths = (abs(ppm) + step // 2) // step
    whole, rest = divmod(tenths, 10**places)
    tail = f"{rest:0{places}d}".rstrip("0") if places else ""
    sign = MINUS if ppm < 0 and tenths else ""
    return digits(f"{sign}{whole:,}{'.' if tail else ''}{tail}") + "%"


def worded(facts: dict[str, Any], in_force: Rules, product: str) -> dict[str, Any]:
    """The facts with the codes of the product's ladder and of code lists as they are called."""
    rungs = {rung.code: rung.labels for rung in in_force.ladder(product).rungs}
    lists = {"rung": rungs, "before": rungs, "after": rungs, "code": in_force.labels("disputes"),
             "disposition": in_force.labels("dispositions") | in_force.labels("visits"),
             "next_step": in_force.labels("next_steps"),
             "reason": in_force.labels("returns"), "defect": in_force.labels("checks")}  # fmt: skip
    if str(facts.get("verb", "")).startswith("objection."):
        lists["kind"] = in_force.labels("objections")
    found = {name: labels[facts[name]] for name, labels in lists.items()
             if isinstance(facts.get(name), str) and facts[name] in labels}  # fmt: skip
    if "happened_on" in facts:  # what happened to a contract is of no list
        facts = facts | {"code": stage_text(str(facts.get("code", "")))}
    return facts | {name: label_text(labels) for name, labels in found.items()}


def stage_text(code: str) -> str:
    """What a line waits for, as its contract names it: SLAB_3 is slab 3."""
    name, number = _STAGE.fullmatch(code.strip().lower().replace(" ", "_")).groups()  # type: ignore[union-attr]
    return f"{_word(name)} {digits(number)}" if number else _word(name)


def code_title(code: str) -> str:
    """A policy's or layout's code as a heading: dpd_six is DPD six."""
    return (_word(code) or code).capitalize().replace("Dpd", "DPD").replace("Pdc", "PDC")


def label_text(labels: dict[str, str], code: str = "") -> str:
    """The label in the active language, else in English, else the code as a word."""
    return labels.get(_language()) or labels.get("en") or (_word(code) if code else "")


class _Facts(dict):
    """Facts of a sentence as text, each made when it is named.

    A missing one stands as its name, so that the rest can still be read.
    """

    def __getitem__(self, name: str) -> str:
        return fact_text(name, self.get(name), self) if name in self else f"{{{name}}}"


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _word(value: Any) -> str:
    """A code word is looked up in the catalogue; a name or a number stands as it is."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return digits(f"{value:,}") if abs(value) >= 10_000 else digits(str(value))
    text = str(value)
    if text in ACTS:
        return gettext(ACTS[text])
    if _CODE.fullmatch(text):
        said = gettext(text)
        return said if said != text else text.replace("_", " ")
    if found := _PERIOD.fullmatch(text):  # a charge of a stretch of days names itself so
        since, until = (day_text(date.fromisoformat(day)) for day in found.groups()[1:])
        return f"{_word(found[1])} {since} – {until}"
    return _apart(own_names.called(text))


def _joined(words: list[str]) -> str:
    return ("، " if _language() == "ar" else ", ").join(words) or NOTHING


def _apart(text: str) -> str:
    """Isolated where its direction may differ from the sentence's, else untouched."""
    is_bidi = get_language_bidi()
    if not is_bidi and text.isascii():
        return text
    directions = {unicodedata.bidirectional(letter) for letter in text}
    against = {"L", "EN", "AN"} if is_bidi else {"R", "AL"}
    return f"\u2068{text}\u2069" if directions & against else text
