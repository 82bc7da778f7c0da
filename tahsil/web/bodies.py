"""Policy bodies as people read them: tables of rungs, codes and limits, lists, labels and values.

One rendering for every kind, by shape: a list of entries is a table, a table of entries is a
table keyed by its first column, labels become a column for each language, conditions become text.
Nothing of a body is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext as _

from tahsil.core.grammar.money import decimal_text
from tahsil.web import sentences

LANGUAGES = (("en", "English"), ("ar", "العربية"), ("hi", "हिन्दी"))
SIGNS = {"le": "≤", "lt": "<", "ge": "≥", "gt": ">", "eq": "=", "ne": "≠", "in": "∈"}
BASE = "EGP"  # amounts of policies stand in minor units of a currency with two decimals
LABEL_KEYS = ("labels", "label")


@dataclass(frozen=True)
class Cell:
    """One value: its text, and whether it is a number, a code or words of a language."""

    text: str
    kind: str = "text"  # text, num, code, ar, hi, en, list, name
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """One part of a body: a table with heads and rows, or pairs of label and value."""

    title: str
    heads: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    pairs: tuple[tuple[str, Cell], ...] = ()
    steps: tuple[Cell, ...] = ()


def blocks(body: dict[str, Any]) -> list[Block]:
    """The body in parts: its plain values first, then a table for each list it holds."""
    plain = {key: value for key, value in body.items() if not _is_table(value)}
    steps = {key: value for key, value in plain.items() if _is_list(value) and key == "order"}
    pairs = tuple((said(key), cell(key, plain[key])) for key in plain if key not in steps)
    made = [Block("", pairs=pairs)] if pairs else []
    for key, value in steps.items():
        made.append(Block(said(key), steps=tuple(cell(key, each) for each in value)))
    for key, value in body.items():
        if _is_table(value):
            made.append(_table(key, value))
    return made


def said(key: str) -> str:
    """A key of a body as words."""
    words = {
        "when": _("When"), "treatment": _("Treatment"), "channel": _("Channel"),
        "priority": _("Priority"), "step_days": _("Again after days"), "code": _("Code"),
        "weight": _("Weight"), "despite": _("Despite"), "template": _("Sentence"),
        "amount_minor": _("Up to amount"), "share_ppm": _("Up to share"), "may": _("May"),
        "boundaries": _("First days of the buckets"), "rungs": _("Rungs, severest first"),
        "reasons": _("Reasons, weightiest first"), "items": _("Values"), "branches": _("Branches"),
        "roles": _("Roles"), "order": _("Paid in this order"), "owner": _("Owner"),
        "sla_days": _("Term in days"), "rate_ppm": _("Rate"), "unit": _("Unit"),
        "grace_days": _("Days of grace"), "grace": _("Grace"), "next": _("Usual next step"),
        "days": _("Days"), "count": _("Count"), "renewals": _("Renewals"), "level": _("Level"),
        "date": _("Date"), "by": pgettext("order", "By"), "future": _("Money beyond what is due"),
    }  # fmt: skip
    if key in words:
        return words[key]
    plain = key.removesuffix("_minor").removesuffix("_ppm").replace("_", " ")
    return plain[:1].upper() + plain[1:]


def cell(key: str, value: Any) -> Cell:
    """One value of a body as a person reads it."""
    if value is None or value == "":
        return Cell(
            _("without end") if key in ("amount_minor", "count", "days", "renewals") else ""
        )
    if isinstance(value, bool):
        return Cell(_("yes") if value else _("no"))
    if key.endswith("_ppm") and isinstance(value, int):
        return Cell(sentences.percent_text(value, places=2), "num")
    if key.endswith("_minor") and isinstance(value, int):
        return Cell(decimal_text(value, BASE), "num")
    if isinstance(value, int):
        return Cell(f"{value:,}", "num")
    if key == "when" and isinstance(value, list):
        return Cell("", "list", tuple(condition(each) for each in value))
    if isinstance(value, list):
        return Cell(", ".join(_plain(each) for each in value), _kind(key))
    if isinstance(value, dict):
        return Cell(
            "", "list", tuple(f"{said(name)}: {_plain(one)}" for name, one in value.items())
        )
    return Cell(str(value) if key in ("template", "code") else _plain(value), _kind(key))


def condition(test: dict[str, Any]) -> str:
    """A condition of a ladder or worklist as `dpd ≥ 60`."""
    if not isinstance(test, dict) or "fact" not in test:
        return _plain(test)
    fact, sign, value = test["fact"], test.get("test", "eq"), test.get("value")
    if sign == "between" and isinstance(value, list) and len(value) == 2:
        return f"{_scaled(fact, value[0])} ≤ {_fact(fact)} ≤ {_scaled(fact, value[1])}"
    if isinstance(value, bool):
        is_held = value == (sign != "ne")
        return _fact(fact) if is_held else _("not {fact}").format(fact=_fact(fact))
    return f"{_fact(fact)} {SIGNS.get(sign, sign)} {_scaled(fact, value)}"


def _table(key: str, value: Any) -> Block:
    entries = value if isinstance(value, list) else [{"code": k, **v} for k, v in value.items()]
    names = list(dict.fromkeys(name for entry in entries for name in entry))
    names.sort(key=lambda name: (name != "code", name not in LABEL_KEYS))
    is_named = "when" in names and "labels" in names  # a rung: its name and code in one cell
    if is_named:
        names.remove("code")
    heads: list[Cell] = []
    for name in names:
        if is_named and name == "labels":
            heads.append(Cell(_("Rung")))
        elif name in LABEL_KEYS:
            heads += [Cell(text, code) for code, text in LANGUAGES]
        else:
            is_num = any(isinstance(entry.get(name), int | None.__class__) and not isinstance(
                entry.get(name), bool) and name in entry for entry in entries)  # fmt: skip
            heads.append(Cell(said(name), "num" if is_num else "text"))
    return Block(
        said(key), tuple(heads), tuple(_row(entry, names, is_named=is_named) for entry in entries)
    )


def _row(entry: dict[str, Any], names: list[str], *, is_named: bool) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for name in names:
        if is_named and name == "labels":
            cells.append(_named(entry))
        elif name in LABEL_KEYS:
            labels = entry.get(name) or {}
            labels = labels if isinstance(labels, dict) else {"en": str(labels)}
            cells += [Cell(labels.get(code, ""), code) for code, _name in LANGUAGES]
        else:
            cells.append(cell(name, entry[name]) if name in entry else Cell(""))
    return tuple(cells)


def _named(entry: dict[str, Any]) -> Cell:
    """A rung's name in the reader's language, under it the other languages and the code."""
    labels = entry.get("labels") or {}
    mine = (get_language() or "en").split("-")[0]
    others = [labels[code] for code, _name in LANGUAGES if code != mine and labels.get(code)]
    return Cell(labels.get(mine, entry["code"]), "name", (*others, entry["code"]))


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_table(value: Any) -> bool:
    """Whether the value is a list, or a table by code, of entries with keys of their own."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) for each in value)
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(each, dict) for each in value.values())
    )


def _kind(key: str) -> str:
    return "code" if key in ("code", "may", "boundaries", "despite") else "text"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return sentences.fact_text("word", value, {}) if value is not None else ""


def _fact(name: str) -> str:
    bare = name.removesuffix("_minor").removesuffix("_ppm").removesuffix("_base")
    said = gettext(bare)
    return "DPD" if name == "dpd" else said if said != bare else bare.replace("_", " ")


def _scaled(fact: str, value: Any) -> str:
    if fact.endswith("_minor") and isinstance(value, int):
        return decimal_text(value, BASE)
    if fact.endswith("_ppm") and isinstance(value, int):
        return sentences.percent_text(value)
    return _plain(value)
