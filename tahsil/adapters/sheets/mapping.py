"""Mappings: what a person decided about the lists of one source, saved once and used again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tahsil.adapters.sheets.layouts import LAYOUTS, heading
from tahsil.core.grammar.refusal import Refused


@dataclass(frozen=True)
class Mapping:
    """How to read a source; JSON-able. Whatever is not said here is decided from the file.

    `columns`: heading to field, "" to leave a column alone. `decimals` and `date_orders`: heading
    (or "*" for all) to "." or ",", "dmy" or "mdy". `swapped`: heading to whether Excel exchanged
    day and month of its true dates. `statuses`, `units`, `banks`: text to code. `expand_ranges`:
    whether 122-133 is twelve cheques; None asks.
    """

    layout: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    country: str = ""
    decimals: dict[str, str] = field(default_factory=dict)
    date_orders: dict[str, str] = field(default_factory=dict)
    swapped: dict[str, bool] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    banks: dict[str, str] = field(default_factory=dict)
    expand_ranges: bool | None = None
    with_fills: bool = False
    with_hidden: bool = False
    sheets: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The mapping as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def choice(self, table: str, name: str) -> Any:
        """What a table of this mapping says about a heading, or about all of them."""
        said = getattr(self, table)
        for known, value in said.items():
            if heading(known) == heading(name):
                return value
        return said.get("*")

    def column_fields(self) -> dict[str, str]:
        """The chosen columns, by comparable heading."""
        return {heading(name): chosen for name, chosen in self.columns.items()}


def from_json(text: str) -> Mapping:
    """The mapping a JSON text holds; unknown names and layouts are refused."""
    try:
        said = json.loads(text)
    except ValueError as why:
        raise Refused("mapping.json", "The mapping is not JSON: {why}.", why=str(why)) from why
    names = {known.name for known in fields(Mapping)}
    if not isinstance(said, dict) or (odd := sorted(set(said) - names)):
        raise Refused(
            "mapping.unknown",
            "A mapping has no {odd}. It has: {names}.",
            odd=odd if isinstance(said, dict) else "list",
            names=sorted(names),
        )
    if said.get("layout") and said["layout"] not in LAYOUTS:
        raise no_layout(said["layout"])
    said["sheets"] = tuple(said.get("sheets", ()))
    return Mapping(**said)


def no_layout(name: str) -> Refused:
    """The refusal of a layout nobody knows."""
    return Refused(
        "layout.unknown",
        "There is no layout {name}. There are: {layouts}.",
        name=name,
        layouts=list(LAYOUTS),
    )


def fingerprint(headings: list[str]) -> str:
    """The same for lists with the same columns in the same order, however they are spelled."""
    text = "|".join(heading(name) for name in headings if name)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
