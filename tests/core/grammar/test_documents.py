"""Policy documents: every fault of a file reported at once."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.core.grammar import documents
from tahsil.core.grammar.refusal import RefusedAll

GOOD = {"fee": {"description": "A fee", "source": "Board", "values": {"2026-01-01": 5}}}


def parsed(document):
    def number(where, value, faults):
        if isinstance(value, int):
            return value
        faults.note("fee.number", "{where} is no number.", where=where)
        return None

    return documents.dated(document, parse=number, extra=("currency",))


def test_a_document_becomes_dated_values():
    found = parsed({"fee": {**GOOD["fee"], "values": {"2027-01-01": 6, date(2026, 1, 1): 5}}})
    assert found["fee"].values == ((date(2026, 1, 1), 5), (date(2027, 1, 1), 6))


def test_every_fault_is_reported_at_once():
    with pytest.raises(RefusedAll) as refused:
        parsed(
            {
                "a": "text",
                "b": {"description": "B", "source": "", "values": {"2026-01-01": 1}},
                "c": {**GOOD["fee"], "colour": "red"},
                "d": {**GOOD["fee"], "values": {}},
                "e": {**GOOD["fee"], "values": {"soon": 1, "2026-01-01": "x"}},
            }
        )
    assert [part.code for part in refused.value.parts] == [
        "policy.shape", "policy.missing_key", "policy.unknown_key", "policy.values",
        "policy.date", "fee.number",
    ]  # fmt: skip
    assert refused.value.facts["count"] == 6


@pytest.mark.parametrize(
    ("given", "wanted"),
    [(date(2026, 1, 1), date(2026, 1, 1)), ("2026-01-01", date(2026, 1, 1)), ("soon", None)],
)
def test_a_key_is_a_date_or_nothing(given, wanted):
    assert documents.as_date(given) == wanted
