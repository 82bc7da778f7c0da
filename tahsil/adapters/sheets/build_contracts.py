"""Contracts: one record from the rows of one contract, one owner a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from tahsil.adapters.sheets.codes import code_key, unit_key
from tahsil.adapters.sheets.records import Record
from tahsil.adapters.sheets.rows import Row
from tahsil.core.grammar.money import PPM
from tahsil.core.grammar.names import name_key


def contracts(rows: Iterable[Row]) -> Iterator[Record]:
    """One contract per number, with its owners and their shares in parts per million."""
    for _, block in groupby(rows, key=lambda row: row.value("number")):
        yield _contract(list(block))


def _contract(rows: list[Row]) -> Record:
    first = rows[0]
    price, currency = first.value("price") or (None, first.setting.currency)
    signed, status = first.value("signed_on"), first.value("status")
    units: tuple[str, ...] = first.value("unit") or ()
    key = unit_key(units[0]) if len(units) == 1 else ""
    building = first.value("building")
    values = {
        "number": first.value("number"),
        "signed_on": signed.on.isoformat() if signed and signed.on else None,
        "project": first.value("project"),
        "building": building,
        "unit": _unit(first, units, building),
        "unit_text": units[0] if len(units) == 1 else None,
        "units": [unit_key(unit) for unit in units],
        "area": first.value("area"),
        "owners": [_owner(row) for row in rows],
        "price_minor": price,
        "currency": first.value("currency") or currency,
        **_part(first, "discount", price),
        **_part(first, "maintenance", price),
        "plan_text": first.value("plan"),
        "status": status.code if status else None,
        "status_text": status.text if status else None,
        "fill": first.value("fill"),
        "notes": first.value("notes"),
        "needs": [],
    }
    notes = [note for row in rows for note in row.notes()]
    notes += _share(values["owners"], rows)
    record = first.record("contract", (values["number"], values["unit"] or key), values)
    if price is None:
        values["needs"].append("price")
    if len(units) > 1:
        values["needs"].append("split")
    if status and status.code is None:
        values["needs"].append("status")
    record.warnings = notes
    return record


def _unit(row: Row, units: tuple[str, ...], building: str | None) -> str | None:
    """The unit's key; `building 12 flat 306` in building B12 is B12-306."""
    aliases = row.setting.mapping.units
    if len(units) != 1:
        return None
    key = unit_key(units[0])
    if said := aliases.get(units[0]) or aliases.get(key):
        return said
    block, _, rest = key.partition("-")
    tower = unit_key(building) if building else ""
    if rest and block.isdigit() and tower.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == block:
        return f"{tower}-{rest}"
    return key


def _owner(row: Row) -> dict[str, Any]:
    name, code = row.value("party_name"), row.value("party_code")
    return {
        "party_code": code,
        "code_key": code_key(code) if code else "",
        "party_name": name,
        "party_key": name_key(name) if name else "",
        "share_ppm": None,
    }


def _part(row: Row, field: str, price: int | None) -> dict[str, Any]:
    """An amount that may be given as part of the price: 8% of 6,000,000 is 480,000."""
    said: Any = row.value(field) or ("", None, "")
    kind, number = said[0], said[1]
    is_rate = kind == "ppm"
    minor = number if not is_rate else None
    if is_rate and price is not None:
        minor = price * number // PPM
    return {f"{field}_minor": minor, f"{field}_ppm": number if is_rate else None}


def _share(owners: list[dict[str, Any]], rows: list[Row]) -> list[Any]:
    """Shares are written: 50 and 50, 0.5 and 0.5, or 50%; what they add up to tells which."""
    said: list[Any] = [row.value("share") for row in rows]
    if len(owners) == 1 and said[0] is None:
        owners[0]["share_ppm"] = PPM
        return []
    if any(share is None for share in said):
        return [rows[0].note("share.sum", "share", sum="less")] if len(owners) > 1 else []
    total = sum((share[0] for share in said), Decimal(0))
    is_fraction = total == 1 and not any(share[1] for share in said)
    for owner, share in zip(owners, said, strict=True):
        owner["share_ppm"] = int(share[0] * (PPM if is_fraction else PPM // 100))
    whole = sum(owner["share_ppm"] for owner in owners)
    if abs(whole - PPM) <= len(owners):  # thirds never add up to the last millionth
        owners[-1]["share_ppm"] += PPM - whole
        return []
    shown = f"{Decimal(whole) / (PPM // 100):f}%"
    return [rows[0].note("share.sum", "share", sum=shown)]
