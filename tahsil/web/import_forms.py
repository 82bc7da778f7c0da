"""What the import forms ask and what their answers mean to the reader: options and a mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from tahsil.adapters.sheets import mapping as mappings
from tahsil.queries.imports import BatchPage

LAYOUTS = ("customers", "contracts", "schedule", "receipts", "cheques", "mixed", "invoices")
CURRENCIES = ("EGP", "AED", "SAR", "INR", "USD", "EUR", "GBP", "KWD", "QAR", "BHD", "OMR", "JOD")


def choices(creditors: list[tuple[str, str]], saved: list[str]) -> dict[str, Any]:
    """The choices of the upload form."""
    auto = ("", _("Find out from the file"))
    return {
        "creditors": creditors,
        "layouts": [auto, *((code, layout_name(code)) for code in LAYOUTS)],
        "mappings": [("", _("The one that fits, if any")), *((name, name) for name in saved)],
        "has_mappings": bool(saved),
        "currencies": [
            ("", _("As in the file, else the creditor's")),
            *((c, c) for c in CURRENCIES),
        ],
        "orders": [
            auto,
            ("dmy", _("Day first: 13/01/2026")),
            ("mdy", _("Month first: 01/13/2026")),
        ],
        "decimals": [auto, (".", "1,234.56"), (",", "1.234,56")],
        "paid": [
            ("take", _("Record it as paid before we began")),
            ("ignore", _("Leave it out; receipts come in a list of their own")),
        ],
        "templates": [(code, layout_name(code), layout_about(code)) for code in LAYOUTS],
    }


def how(given: Mapping[str, str]) -> dict[str, Any]:
    """What staging takes besides the file, from the upload form."""
    return {
        "creditor_code": given.get("creditor", ""),
        "layout": given.get("layout") or None,
        "mapping": given.get("mapping") or _said(given),
        "options": {"paid": "ignore" if given.get("paid") == "ignore" else "take"},
    }


def again(found: BatchPage, given: Mapping[str, str], *, creditor: str) -> dict[str, Any]:
    """The same file read as before, with the answers given to its questions."""
    known = {field.name for field in fields(mappings.Mapping)}
    body = {key: value for key, value in found.mapping.items() if key in known}
    for at, question in enumerate(found.mapping.get("questions", [])):
        chosen = given.get(f"q{at}", "")
        if chosen.isdigit() and int(chosen) < len(question["options"]):
            _answer(body, question, question["options"][int(chosen)][0])
    return {
        "creditor_code": creditor,
        "mapping": json.dumps(body, ensure_ascii=False),
        "options": {**found.mapping.get("options", {})},
        "name": found.batch.file_name,
    }


def _answer(body: dict[str, Any], question: dict[str, Any], value: Any) -> None:
    """The answer where its question says it belongs: a table of the mapping, or a value of it."""
    table = question["choice"]
    if isinstance(body.get(table), dict):
        body[table] = {**body[table], question["subject"]: value}
    else:
        body[table] = value


def _said(given: Mapping[str, str]) -> str | None:
    """The options of the form as a mapping; none where everything is left to the file."""
    body: dict[str, Any] = {}
    if given.get("currency"):
        body["currency"] = given["currency"]
    if given.get("date_order") in ("dmy", "mdy"):
        body["date_orders"] = {"*": given["date_order"]}
    if given.get("decimals") in (".", ","):
        body["decimals"] = {"*": given["decimals"]}
    return json.dumps(body) if body else None


def layout_name(code: str) -> str:
    """A layout in words."""
    words = {
        "customers": _("Customers"),
        "contracts": _("Contracts and units"),
        "schedule": _("Instalment schedule"),
        "receipts": _("Receipts"),
        "cheques": _("Cheques"),
        "mixed": _("Rent roll or mixed list"),
        "invoices": _("Invoices"),
    }
    return words.get(code, code)


def layout_about(code: str) -> str:
    """What a list of that layout holds."""
    words = {
        "customers": _("Codes, names, identity and telephone numbers"),
        "contracts": _("Units, owners, prices, discounts, maintenance"),
        "schedule": _("One row per instalment with its due date"),
        "receipts": _("Money that came in, from the treasury"),
        "cheques": _("Post-dated cheques, where they are, what became of them"),
        "mixed": _("Rents, service contracts or cars, cheques in columns"),
        "invoices": _("Open items with number, date and amount"),
    }
    return words.get(code, "")
