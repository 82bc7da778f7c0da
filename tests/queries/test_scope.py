"""Who sees what: the narrowing of lists and the door of one account agree, row by row."""

from __future__ import annotations

import pytest

from tahsil.core.grammar.authority import Answer, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import accounts, ageing, events, imports, people, policies, search, worklist
from tahsil.queries.worklist import WorklistFilters
from tahsil.store import scope
from tahsil.store.models import Account
from tests.conftest import TODAY
from tests.tables import table

NUMBERS = ["DXB-1", "NIL-1", "NIL-2", "NIL-3"]
PERSONS = [
    "lina", "omar", "sara", "huda", "auditor", "stranger", "ravi", "noor", "pm", "cm", "clerk",
    "admin",
]  # fmt: skip
READERS = """
who       sees
lina      NIL-1 NIL-2
omar      NIL-1 NIL-2
ravi      DXB-1
noor      DXB-1
pm        DXB-1
cm        DXB-1
sara      DXB-1 NIL-1 NIL-2 NIL-3
auditor   DXB-1 NIL-1 NIL-2 NIL-3
admin     -
stranger  -
"""


@pytest.mark.parametrize("verb", ["account.read", "contact.log", "receipt.record", "report.read"])
@pytest.mark.parametrize("who", PERSONS)
def test_lists_and_the_door_agree_row_by_row(book, who, verb):
    standing = book.who(who)
    listed = set(
        scope.visible(standing, Account.objects.all(), verb).values_list("number", flat=True)
    )
    allowed = {
        account.number
        for account in Account.objects.all()
        if can(standing, verb, scope.reach_of(account)).answer == Answer.ALLOW
    }
    assert listed == allowed
    for number in NUMBERS:
        assert _is_readable(standing, book[number], verb) == (number in allowed)


def _is_readable(standing, account_id, verb):
    try:
        return accounts.readable(standing, account_id, verb).id == account_id
    except Refused as refused:
        assert refused.code == "account.unknown"
        return False


@pytest.mark.parametrize("row", table(READERS), ids=lambda row: row["who"])
def test_every_list_shows_only_what_may_be_read(book, row):
    standing = book.who(row["who"])
    wanted = [] if row["sees"] == "-" else row["sees"].split()
    whole = WorklistFilters(is_whole=True)
    shown = worklist.worklist(standing, as_of=TODAY, filters=whole).page.rows
    assert sorted(line.number for line in shown) == wanted
    report = ageing.ageing(standing, as_of=TODAY)
    # NIL-2 is settled, so it has no line in the report; administrators read reports of all.
    if row["who"] != "admin":
        assert sorted(line.account_number for line in report.page.rows) == [
            number for number in wanted if number != "NIL-2"
        ]
    hits = search.search(standing, "2026", as_of=TODAY).hits
    assert {hit.number for hit in hits} <= set(wanted)


@pytest.mark.parametrize(
    ("ask", "readers"),
    [
        (lambda who: people.people(who, as_of=TODAY), {"sara", "auditor", "admin", "cm"}),
        (lambda who: policies.policies(who, as_of=TODAY),
         {"sara", "huda", "auditor", "admin", "cm"}),
        (lambda who: imports.batches(who, as_of=TODAY), {"sara", "huda", "auditor", "admin", "cm"}),
        (lambda who: events.events(who, as_of=TODAY),
         {"omar", "noor", "sara", "huda", "auditor", "admin", "cm"}),
    ],
    ids=["people", "policies", "imports", "events"],
)  # fmt: skip
def test_pages_without_accounts_are_refused_by_role(book, ask, readers):
    allowed = set()
    for name in PERSONS:
        try:
            ask(book.who(name))
            allowed.add(name)
        except Refused as refused:
            assert refused.code == "grant.none"
    assert allowed == readers
