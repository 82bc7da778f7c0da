"""Facts: the closed vocabulary, and where each value comes from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tahsil.core.grammar.refusal import Refused
from tahsil.core.measure import ageing
from tahsil.core.steer import facts
from tests.core.measure.books import Account, Line, book

AS_OF = date(2026, 3, 31)


def positions():
    late = Account([Line(date(2026, 3, 1), 500), Line(date(2026, 4, 10), 900)], unapplied=50)
    lines, accounts, _ = book([late, Account([])])
    return ageing.positions(lines, accounts, as_of=AS_OF)


def test_vocabulary_and_columns_are_the_same_list():
    assert facts.Facts.names() == ["account_id", *facts.VOCABULARY]
    assert all(sentence.endswith(".") for _, sentence in facts.VOCABULARY.values())
    assert all(type(facts.QUIET[name]) is kind for name, (kind, _) in facts.VOCABULARY.items())


def test_facts_of_positions():
    found = facts.facts(positions(), as_of=AS_OF, on_hold=np.asarray([False, True]))
    late = facts.of_account(found, 10)
    assert (late["dpd"], late["overdue_minor"], late["next_due_days"]) == (30, 500, 10)
    assert (late["next_due_base_minor"], late["balance_minor"]) == (900, 1350)
    assert (late["uncovered_minor"], late["overdue_base_minor"], late["on_hold"]) == (
        500, 500, False,
    )  # fmt: skip
    quiet = facts.of_account(found, 20)
    assert quiet["on_hold"]
    assert {name for name in facts.QUIET if quiet[name] != facts.QUIET[name]} == {"on_hold"}


def test_what_is_known_replaces_what_is_supposed():
    found = facts.facts(positions(), as_of=AS_OF, uncovered_minor=np.asarray([0, 0]))
    assert found.uncovered_minor.tolist() == [0, 0]


def test_unknown_facts_and_accounts_are_refused():
    with pytest.raises(Refused, match="mood are not facts"):
        facts.facts(positions(), as_of=AS_OF, mood=np.asarray([1, 2]))
    with pytest.raises(Refused, match="mood are not facts"):
        facts.one(mood=1)
    with pytest.raises(Refused, match="no account 99"):
        facts.of_account(facts.one(), 99)


def test_days_to_and_from():
    when = np.asarray(["2026-04-02", "2026-03-30", "NaT"], "datetime64[D]")
    assert facts.days_until(when, as_of=AS_OF).tolist() == [2, -1, facts.NONE_DAYS]
    assert facts.days_since(when, as_of=AS_OF).tolist() == [-2, 1, facts.NONE_DAYS]
