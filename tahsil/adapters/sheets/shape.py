"""The shape of layouts: what a field is and what a list of them is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field: its type decides how cells are read.

    `need` fields must be there for a row to be taken; `key` fields name the layout; a `group`
    field is written once and holds for the rows below it.
    """

    name: str
    type: str
    words: str
    need: bool = False
    key: bool = False
    group: bool = False


@dataclass(frozen=True)
class Layout:
    """One kind of list, with a title in English and Arabic."""

    name: str
    title: tuple[str, str]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of this name."""
        return next(field for field in self.fields if field.name == name)
