"""What a reader has to say about a file: remarks, and every fault before the file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tahsil.adapters.bank.statement import Remark
from tahsil.core.grammar.refusal import Refused, RefusedAll

SHOWN = 50


class Notes:
    """Remarks on the statement being read, and the faults of the whole file."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self.faults: list[Refused] = []

    def add(self, remark: Remark) -> None:
        """Keeps a remark for the statement being read."""
        self.remarks.append(remark)

    def taken(self) -> tuple[Remark, ...]:
        """The remarks so far; the next statement starts with none."""
        found, self.remarks = tuple(self.remarks), []
        return found

    @contextmanager
    def trying(self) -> Iterator[None]:
        """A refusal inside is kept, so that reading goes on and finds the others."""
        try:
            yield
        except Refused as refused:
            self.faults.append(refused)

    def settle(self, name: str) -> None:
        """Refused with every fault found; nothing of such a file is taken."""
        if len(self.faults) == 1:
            raise self.faults[0]
        if self.faults:
            raise RefusedAll(
                "bank.faults",
                "{file} was not taken; {count} places in it could not be read or do not add up.",
                self.faults[:SHOWN],
                file=name or "—",
                count=len(self.faults),
            )
