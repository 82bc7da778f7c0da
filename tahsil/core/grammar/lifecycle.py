"""Lifecycles: what people and banks do to a thing, as a table of verbs.

What merely follows from facts (paid, overdue, bucket, rung) has no lifecycle: it is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

from tahsil.core.grammar.refusal import Refused


@dataclass(frozen=True)
class Lifecycle:
    """States of one kind of thing: `moves` maps a verb to {state before: state after}."""

    name: str
    start: str
    moves: dict[str, dict[str, str]]

    def step(self, state: str, verb: str) -> str:
        """The state after the verb; refused, with what is possible now, where it cannot be done."""
        after = self.moves[verb].get(state)
        if after is None:
            raise Refused(
                f"{self.name}.state",
                "This {name} is {state}, so it cannot {verb}. Possible now: {can}.",
                name=self.name,
                state=state,
                verb=verb,
                can=self.possible(state) or ["nothing"],
            )
        return after

    def possible(self, state: str) -> list[str]:
        """The verbs that can be done in this state, in the table's order."""
        return [verb for verb, row in self.moves.items() if state in row]

    def states(self) -> list[str]:
        """Every state, the start first."""
        found = [self.start]
        for row in self.moves.values():
            for state in (*row.keys(), *row.values()):
                if state not in found:
                    found.append(state)
        return found

    def unreachable(self) -> set[str]:
        """States no sequence of verbs leads to from the start."""
        seen, queue = {self.start}, [self.start]
        while queue:
            state = queue.pop()
            for row in self.moves.values():
                after = row.get(state)
                if after and after not in seen:
                    seen.add(after)
                    queue.append(after)
        return set(self.states()) - seen


PROMISE = Lifecycle(
    "promise",
    start="open",
    moves={
        "keep": {"open": "kept"},
        "keep_in_part": {"open": "part_kept"},
        "break": {"open": "broken"},
        "supersede": {"open": "superseded"},
        "cancel": {"open": "cancelled"},
    },
)

CASE = Lifecycle(
    "case", start="open", moves={"close": {"open": "closed"}, "reopen": {"closed": "open"}}
)

REQUEST = Lifecycle(
    "request",
    start="waiting",
    moves={
        "approve": {"waiting": "approved"},
        "decline": {"waiting": "declined"},
        "withdraw": {"waiting": "withdrawn"},
        "expire": {"waiting": "expired"},
    },
)

DISPUTE = Lifecycle(
    "dispute",
    start="open",
    moves={"uphold": {"open": "upheld"}, "reject": {"open": "rejected"}},
)

OBJECTION = Lifecycle(
    "objection",
    start="open",
    moves={
        "accept": {"open": "accepted"},
        "reject": {"open": "rejected"},
        "withdraw": {"open": "withdrawn"},
    },
)

IMPORT = Lifecycle(
    "import",
    start="staged",
    moves={
        "commit": {"staged": "committed"},
        "discard": {"staged": "discarded"},
        "undo": {"committed": "undone"},
    },
)

LIFECYCLES = (PROMISE, CASE, REQUEST, DISPUTE, OBJECTION, IMPORT)
