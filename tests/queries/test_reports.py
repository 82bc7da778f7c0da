"""The reports: totals that tie out, the past, exports that say what the page says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.core.grammar.refusal import Refused
from tahsil.queries import (
    ageing,
    approvals,
    collection,
    events,
    imports,
    people,
    policies,
    portfolio,
    promises,
    receipts,
    statement,
    timeline,
)
from tahsil.queries.ageing import AgeingFilters
from tahsil.queries.collection import CollectionFilters
from tahsil.queries.events import EventFilters
from tahsil.queries.promises import PromiseFilters
from tahsil.queries.sentences import SENTENCES
from tahsil.store import models as m
from tests.conftest import NOW, TODAY

YEAR = CollectionFilters(since=date(2026, 1, 1), until=TODAY)


def test_the_statement_adds_up_to_what_is_to_be_paid(book):
    found = statement.statement(book.who("lina"), book["NIL-1"], as_of=TODAY)
    foot = found.footer
    assert foot.owed_minor == sum(line.open_minor for line in found.lines) == 460_000_00
    assert foot.paid_minor == sum(line.paid_minor for line in found.lines) == 140_000_00
    assert (foot.overdue_minor, foot.due_today_minor) == (160_000_00, 100_000_00)
    assert foot.to_pay_minor == 260_000_00 + foot.penalties_minor - foot.unapplied_minor
    assert (foot.bounced_count, foot.bounced_minor) == (1, 100_000_00)
    assert found.entries[-1].balance_minor == 400_000_00 - 145_000_00  # what has fallen due
    paid = next(line for line in found.lines if line.label == "Q2")
    assert (paid.receipt_numbers, paid.days_late) == (("CAI-2",), 82)
    assert found.header.paid_ppm == 140 * 1_000_000 // 600


def test_a_statement_of_a_period_opens_with_what_came_before(book):
    whole = statement.statement(book.who("lina"), book["NIL-1"], as_of=TODAY)
    part = statement.statement(
        book.who("lina"), book["NIL-1"], as_of=TODAY, since=date(2026, 9, 15),
        until=date(2026, 11, 10),
    )  # fmt: skip
    assert part.entries[0].kind == "opening"
    assert part.entries[0].balance_minor == 100_000_00 - 45_000_00
    assert [line.label for line in part.lines] == ["Q3", "Delivery"]
    assert part.footer == whole.footer


def test_a_statement_of_one_contract_is_the_whole_where_there_is_one(book):
    whole = statement.statement(book.who("lina"), book["NIL-1"], as_of=TODAY)
    one = statement.statement(
        book.who("lina"), book["NIL-1"], as_of=TODAY, contract_id=book["deed"]
    )
    assert [line.open_minor for line in one.lines] == [line.open_minor for line in whole.lines]
    with pytest.raises(Refused, match="has no contract"):
        statement.statement(book.who("sara"), book["NIL-2"], as_of=TODAY, contract_id=book["deed"])


def test_the_daily_collection_ties_to_its_subtotals(book):
    found = collection.daily_collection(book.who("sara"), as_of=TODAY, filters=YEAR)
    standing = [row for row in found.page.rows if row.status == "cleared"]
    total = sum(row.amount_minor for row in standing)
    assert total == 225_000_00
    for part in (found.totals, found.by_collector, found.by_instrument, found.by_project):
        assert sum(each.amount_minor for each in part) == total
    assert [row.number for row in found.page.rows if row.status == "reversed"] == ["CAI-3"]
    assert [(each.group, each.part) for each in found.by_collector] == [
        ("Lina", "cheque"), ("Lina", "transfer"), ("Lina", "cash"),
    ]  # fmt: skip
    assert list(collection.rows_for_export(book.who("sara"), as_of=TODAY, filters=YEAR)) == list(
        found.page.rows
    )


def test_a_receipt_says_what_it_paid(book):
    found = receipts.receipt(book.who("lina"), book["CAI-1"], as_of=TODAY)
    assert [(part.label, part.amount_minor) for part in found.parts] == [("Q1", 100_000_00)]
    with pytest.raises(Refused, match="no receipt"):
        receipts.receipt(book.who("ravi"), book["CAI-1"], as_of=TODAY)
    with pytest.raises(Refused, match="after"):
        receipts.receipt(book.who("lina"), book["CAI-1"], as_of=date(2026, 7, 1))


def test_a_proposal_pays_the_oldest_first_and_records_nothing(book):
    before = m.Allocation.objects.count()
    found = receipts.proposal(book.who("lina"), book["NIL-1"], as_of=TODAY, amount_minor=80_000_00)
    assert [(part.label, part.amount_minor, part.left_minor) for part in found.parts] == [
        ("Q2", 60_000_00, 0), ("Q3", 20_000_00, 80_000_00),
    ]  # fmt: skip
    assert found.unapplied_minor == 0
    assert found.overdue_before_minor - found.overdue_after_minor == 80_000_00
    assert m.Allocation.objects.count() == before


def test_a_proposal_follows_the_payer_and_shows_money_entered_before(book):
    found = receipts.proposal(
        book.who("lina"), book["NIL-1"], as_of=TODAY, amount_minor=100_000_00,
        instruction=((book["Q4"], 100_000_00),), reference="000777",
    )  # fmt: skip
    assert [part.label for part in found.parts] == ["Q4"]
    assert found.similar == ("CAI-1",)
    with pytest.raises(Refused):
        receipts.proposal(
            book.who("lina"), book["NIL-1"], as_of=TODAY, amount_minor=1,
            instruction=((book["Q1"], 1),),
        )  # fmt: skip


@pytest.mark.parametrize("definition", ["dpd_six", "dpd_six_oldest", "dpd_four", "books_by_due"])
@pytest.mark.parametrize("group", ["none", "project", "collector", "product", "creditor"])
def test_the_ageing_ties_out(book, definition, group):
    wanted = AgeingFilters(definition=definition, group=group)
    found = ageing.ageing(book.who("sara"), as_of=TODAY, filters=wanted)
    assert set(found.ties.values()) == {0} and set(found.ties) == {"AED", "EGP"}
    for total in found.totals:
        rows = [row for row in found.page.rows if row.currency == total.currency]
        assert sum(row.amounts.balance_minor for row in rows) == total.amounts.balance_minor
        groups = [each for each in found.groups if each.currency == total.currency]
        if groups:
            assert sum(each.amounts.overdue_minor for each in groups) == total.amounts.overdue_minor
        for each in (total, *groups, *rows):
            sums = each.amounts
            assert sums.balance_minor == (
                sums.overdue_minor + sums.in_grace_minor + sums.due_today_minor
                + sums.not_due_minor + sums.undated_minor + sums.disputed_minor
                - sums.unapplied_minor
            )  # fmt: skip
    assert list(ageing.rows_for_export(book.who("sara"), as_of=TODAY, filters=wanted)) == list(
        found.page.rows
    )


def test_the_ageing_of_the_past_does_not_change(book):
    found = ageing.ageing(book.who("sara"), as_of=date(2026, 10, 2))
    rows = {row.account_number: row for row in found.page.rows}
    assert rows["NIL-1"].amounts.overdue_minor == 0  # the receipt that bounced later stood then
    assert rows["NIL-2"].amounts.overdue_minor == 80_000_00
    assert rows["NIL-2"].last_paid_on is None


def test_promises_are_due_ahead_or_broken(book):
    found = promises.promises(book.who("sara"), as_of=TODAY)
    assert [(row.account_number, row.broken_count, row.dpd) for row in found.page.rows] == [
        ("NIL-1", 1, 82)
    ]
    assert found.totals == (("EGP", 1, 60_000_00),)
    assert found.counts == {"due": 1, "ahead": 0, "broken": 1, "all": 2}
    broken = promises.promises(
        book.who("sara"), as_of=TODAY, filters=PromiseFilters("broken")
    ).page.rows
    assert (broken[0].days_broken, broken[0].state) == (52, "broken")
    # Before it was judged it was still open.
    then = promises.promises(book.who("sara"), as_of=date(2026, 10, 2)).page.rows
    assert [row.state for row in then] == ["open"]
    assert promises.promises(book.who("ravi"), as_of=TODAY).page.rows == ()


def test_promise_performance_counts_the_judged_ones(book):
    (row,) = promises.performance(
        book.who("sara"), as_of=TODAY, since=date(2026, 1, 1), until=TODAY
    )
    assert (row.group, row.count, row.open, row.broken, row.kept_ppm) == ("Lina", 2, 1, 1, 0)
    assert row.average_days == 5  # 6 and 3 days, half up


@pytest.fixture
def waiting(book):
    """Lina asked to waive; a team leader or manager may agree."""
    return m.Request.objects.create(
        verb="obligation.waive", params={"account_id": book["NIL-1"], "amount_minor": 500},
        account_id=book["NIL-1"], key="k", approvers=["team_leader", "collection_manager"],
        reasons=[["limit.above", "{amount_minor} is above the limit.", {"amount_minor": 500}]],
        asked_by_id=book.people.lina, asked_at=NOW, as_of=TODAY,
        expires_on=TODAY + timedelta(days=15),
    )  # fmt: skip


def test_a_request_waits_for_those_who_may_agree(book, waiting):
    seen = {
        name: approvals.waiting_count(book.who(name), as_of=TODAY)
        for name in ("lina", "omar", "noor", "sara", "cm", "auditor")
    }
    assert seen == {"lina": 0, "omar": 1, "noor": 0, "sara": 1, "cm": 0, "auditor": 0}
    (row,) = approvals.approvals(book.who("omar"), as_of=TODAY).page.rows
    assert (row.can_decide, row.amount_minor, row.asked_by) == (True, 500, "Lina")
    (mine,) = approvals.approvals(book.who("lina"), as_of=TODAY, view="mine").page.rows
    assert (mine.can_decide, mine.can_withdraw) == (False, True)
    with pytest.raises(Refused):
        approvals.request(book.who("ravi"), waiting.id, as_of=TODAY)
    late = TODAY + timedelta(days=16)
    assert not approvals.request(book.who("omar"), waiting.id, as_of=late).can_decide


def test_the_home_page_ties_to_the_worklist_and_receipts(book, waiting):
    home = portfolio.home(book.who("sara"), as_of=TODAY)
    egp = next(each for each in home.currencies if each.currency == "EGP")
    assert (egp.accounts, egp.overdue_minor) == (3, 190_000_00)
    assert sum(each.overdue_minor for each in egp.buckets) == egp.overdue_minor
    assert sum(each.overdue_minor for each in egp.projects) == egp.overdue_minor
    assert sum(each.overdue_minor for each in egp.collectors) == egp.overdue_minor
    assert (egp.collected_today_minor, egp.receipts_today) == (80_000_00, 1)
    assert (egp.promises_due_today, egp.promises_due_today_minor) == (1, 60_000_00)
    assert egp.due_month_minor == 200_000_00
    assert len(egp.months) == 13 and egp.months[-1].month_on == date(2026, 11, 1)
    august = egp.months[-4]
    assert (august.due_minor, august.on_time_minor, august.efficiency_ppm) == (
        100_000_00, 100_000_00, 1_000_000,
    )  # fmt: skip
    september = egp.months[-3]
    assert (september.on_time_minor, september.late_minor) == (0, 40_000_00)
    assert [(row.account_number, row.why) for row in home.orphans] == [
        ("NIL-3", "no_owner"), ("DXB-1", "no_next_step"),
    ]  # fmt: skip
    assert home.waiting_requests == 1
    assert [row.account_number for row in home.top if row.currency == "EGP"] == ["NIL-1", "NIL-3"]


def test_a_home_page_without_accounts_is_empty(book):
    home = portfolio.home(book.who("stranger"), as_of=TODAY)
    assert (home.currencies, home.activity, home.top, home.orphans_count) == ((), (), (), 0)


def test_the_day_of_each_collector_is_counted(book):
    rows = {row.name: row for row in portfolio.activity(book.who("sara"), as_of=TODAY)}
    assert (rows["Lina"].accounts, rows["Lina"].receipts, rows["Lina"].attempts) == (2, 1, 0)


def test_an_import_is_shown_with_what_was_not_taken(book):
    batch = m.ImportBatch.objects.create(
        file_name="a.xlsx", sha256="-", layout="L1", as_of=TODAY, created_at=NOW
    )
    for at, status in enumerate(("new", "new", "rejected"), start=1):
        m.ImportRow.objects.create(
            batch=batch, sheet="S", row=at, kind="party", key=str(at), hash="-", raw=[], values={},
            status=status, remarks=[["cell.date", "{text} is no date.", {"text": "x"}, "B2"]],
        )  # fmt: skip
    page = imports.batch(book.who("sara"), batch.id, as_of=TODAY, status="new")
    assert (page.rows.total, page.statuses["rejected"]) == (2, 1)
    assert page.possible == ("commit", "discard") and page.answers["commit"]
    (row,) = imports.rows_for_export(book.who("sara"), batch.id, as_of=TODAY)
    assert (row.row, str(row.remarks[0].reason), row.remarks[0].cell) == (3, "x is no date.", "B2")
    assert imports.batches(book.who("sara"), as_of=TODAY).total == 1


def test_policies_show_their_history_and_source(book):
    rows = policies.policies(book.who("auditor"), as_of=TODAY, kind="ladder")
    assert "developer" in [row.code for row in rows] and all(row.source for row in rows)
    page = policies.policy(book.who("auditor"), "roles", "default", as_of=TODAY)
    assert [row.is_current for row in page.versions] == [True, False, False]  # the newest first
    with pytest.raises(Refused, match="no ladder policy"):
        policies.policy(book.who("auditor"), "ladder", "ships", as_of=TODAY)
    codes = policies.code_list("dispositions", as_of=TODAY)
    assert codes[0].labels["ar"] and codes[0].facts["branch"] == "A"
    assert policies.code_list("dispositions", as_of=TODAY, part="branches")[0].code == "A"


def test_the_calendar_shows_what_the_creditor_set_itself(book):
    m.CalendarDay.objects.create(
        creditor_id=book.people.creditor, day_on=date(2026, 11, 20), is_working=True, name="Fair",
        source="Board",
    )  # fmt: skip
    year = policies.calendar_year(book.who("sara"), as_of=TODAY, creditor_id=book.people.creditor)
    november = year.months[10]
    assert november.days[19].is_working and november.days[19].is_own  # a Friday
    assert not november.days[20].is_working and november.days[20].why == "weekend"
    assert year.working == sum(month.working for month in year.months)


def test_people_have_roles_and_patterns(book):
    rows = {row.username: row for row in people.people(book.who("admin"), as_of=TODAY)}
    assert (rows["lina"].roles, rows["lina"].accounts) == (["collector"], 2)
    page = people.person(book.who("admin"), book.persons["pm"], as_of=TODAY)
    assert [(grant.scope, grant.place) for grant in page.grants] == [("project", "Marina")]
    assert ("account.read", "project") in page.patterns
    held = {role.code: role.people for role in people.roles(book.who("admin"), as_of=TODAY)}
    assert held["collector"] == ("Lina", "Ravi")
    assert [name for _, name in people.choices(as_of=TODAY)] == ["Lina", "Ravi"]


def test_events_are_narrowed_and_their_seals_counted(book):
    found = events.events(book.who("auditor"), as_of=TODAY)
    assert [row.verb for row in found.page.rows] == ["promise.make", "contract.sign"]
    assert (found.seals.unsealed, found.seals.last_id) == (2, None)
    narrow = EventFilters(verb="promise.*")
    assert len(events.events(book.who("auditor"), as_of=TODAY, filters=narrow).page.rows) == 1
    assert events.events(book.who("noor"), as_of=TODAY).page.rows == ()
    exported = list(events.rows_for_export(book.who("auditor"), as_of=TODAY))
    assert exported == list(found.page.rows)


def test_the_timeline_says_sentences(book):
    found = timeline.timeline(book.who("lina"), book["NIL-1"], as_of=TODAY)
    newest = found.rows[0]
    assert newest.template == SENTENCES["promise.make"][0]
    assert newest.facts["amount_minor"] == 60_000_00 and newest.facts["currency"] == "EGP"
    assert found.rows[1].is_back_dated
    only = timeline.timeline(book.who("lina"), book["NIL-1"], as_of=TODAY, kind="contract")
    assert [entry.verb for entry in only.rows] == ["contract.sign"]


def test_a_missing_fact_falls_back_to_the_short_sentence():
    assert timeline.template_of("promise.make", {"actor": "Lina"}) == SENTENCES["promise.make"][1]
    assert timeline.template_of("moon.land", {"actor": "x"}) == timeline.UNKNOWN[1]


def test_every_verb_has_its_sentence():
    import importlib
    import pkgutil

    import tahsil.actions
    from tahsil.actions._verb import VERBS

    for module in pkgutil.walk_packages(tahsil.actions.__path__, "tahsil.actions."):
        importlib.import_module(module.name)
    assert sorted(set(VERBS) - set(SENTENCES)) == []
