"""What a bank's code or wording is read as, before anything is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tahsil.core.grammar.authority import Standing
from tahsil.queries.instruments import READ
from tahsil.store import returns, scope
from tahsil.store.models import Instrument


@dataclass(frozen=True)
class ReadAs:
    """The family that was read and what its table calls it."""

    family: str
    labels: dict[str, str] = field(default_factory=dict)
    table: str = ""
    code: str = ""
    text: str = ""

    def label(self, language: str) -> str:
        """What the family is called in that language."""
        return self.labels.get(language, self.family)


def read(bank: str, said: str, *, as_of: date) -> ReadAs:
    """What that bank's code or wording says; refused where no table knows it."""
    return _read((bank,), said, as_of)


def read_of(standing: Standing, instrument_id: int, said: str, *, as_of: date) -> ReadAs:
    """What the words say of this paper's banks."""
    seen = scope.visible(standing, Instrument.objects.all(), READ, "account__")
    found = seen.filter(id=instrument_id).first()
    tried = found and found.presentments.select_related("bank_account").order_by("-seq").first()
    ours = tried.bank_account.bank if tried and tried.bank_account else ""
    return _read((ours, found.bank if found else ""), said, as_of)


def families(as_of: date) -> list[dict[str, str]]:
    """What each family is called, by language, in the list's order."""
    return [item["labels"] for item in returns.families(as_of).values()]


def _read(banks: tuple[str, ...], said: str, as_of: date) -> ReadAs:
    family = returns.family_of(banks, said, as_of)
    found = returns.read(banks, said, as_of)
    table, entry = (found.table, found.entry) if found else ("", None)
    return ReadAs(family.code, family.labels, table, entry.code if entry else "",
                  entry.text if entry else "")  # fmt: skip
