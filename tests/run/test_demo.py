"""The demo: the same for a seed, true to its rules, and the twelve as their page says."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml

from tahsil.core.book import terms
from tahsil.core.grammar.dates import add_months
from tahsil.core.grammar.names import name_key
from tahsil.core.grammar.refusal import Refused
from tahsil.run.demo import keys, ledger, names, plans, twelve
from tahsil.run.demo.build import build, drafted
from tahsil.run.demo.rows import NONE
from tests.conftest import NOW, TODAY

NAMED = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "demo" / "accounts.yaml").read_text("utf-8")
)


def quiet(stage: str, done: int = 0, total: int = 0) -> None:
    """Nobody watches."""


@pytest.fixture
def portfolio(db):
    """A small demo with the twelve in it."""
    from tahsil.store import policies

    policies.publish_shipped(now=NOW)
    return build(accounts=60, seed=7, as_of=TODAY, now=NOW, progress=quiet)


def same(one, other) -> bool:
    return all(
        np.array_equal(one[table][column], other[table][column])
        for table in one.tables
        for column in one[table]
    )


def test_the_same_seed_gives_the_same_portfolio():
    one, _ = drafted(200, seed=3, as_of=TODAY)
    again, _ = drafted(200, seed=3, as_of=TODAY)
    assert same(one, again)


def test_another_seed_gives_another():
    one, _ = drafted(200, seed=3, as_of=TODAY)
    other, _ = drafted(200, seed=4, as_of=TODAY)
    assert one["parties"]["name"].tolist() != other["parties"]["name"].tolist()


@pytest.mark.parametrize("language", ["ar", "hi", "en"])
def test_there_are_names_enough(language):
    assert len(set(names.given(language))) >= 120
    assert len(set(names.families(language))) >= 120
    if language != "en":
        assert all(native and latin for native, latin in names.given(language))


@pytest.mark.parametrize("plan", plans.PLANS, ids=lambda plan: plan.code)
def test_a_laid_plan_is_what_the_core_builds(plan):
    """Shifting the reference schedule gives every line the core gives for that signing day."""
    signed = date(2025, 2, 28)
    laid = plans.laid(plan)
    wanted = plan.build(plan.prices[3] * 100, signed)
    assert [line.label for line in wanted] == laid.label
    assert [line.amount_minor for line in wanted] == laid.amount_minor[3].tolist()
    late = 30 if plan.product == "service" else 0
    for line, months, days, event in zip(
        wanted, laid.months.tolist(), laid.days.tolist(), laid.event, strict=True
    ):
        if event:
            assert line.due_on is None and line.due_rule.event == event
            continue
        base = add_months(signed, months).toordinal()
        assert date.fromordinal(base + days) == line.due_on, (line.label, late)


def test_the_worked_schedule_of_the_trade():
    lines = plans.quarterly_30(600_000_000, date(2026, 1, 13))
    found = {line.label: (line.due_on, line.amount_minor) for line in lines}
    assert found["RES"] == (date(2026, 1, 10), 10_000_000)
    assert found["DP1"] == (date(2026, 1, 13), 20_000_000)
    assert found["DP2"] == (date(2026, 4, 13), 30_000_000)
    assert found["Q01"] == (date(2026, 7, 13), 14_400_000)
    assert found["Q30"] == (date(2033, 10, 13), 14_400_000)
    assert found["MNT"] == (date(2028, 10, 13), 48_000_000)
    beside = {"MNT", "CLUB", "PRK"}
    assert sum(amount for label, (_, amount) in found.items() if label not in beside) == 600_000_000
    assert terms.developer  # built by the core, not here


def test_keys_by_parts_are_the_keys_of_the_whole():
    from tahsil.store import search

    draft, _ = drafted(1_500, seed=11, as_of=TODAY)
    for name in {*draft["parties"]["name"].tolist(), *draft["parties"]["other"].tolist()} - {""}:
        assert keys.name_key(name) == name_key(name)
        marked = {search.SKELETON + bone for bone in search.bones(name)}
        assert keys.words(name) == search.name_words(name) | marked


def test_no_money_is_made_or_lost():
    from tahsil.core.book.waterfall import Waterfall

    draft, _ = drafted(600, seed=5, as_of=TODAY)
    pieces = ledger.allocate(draft, lambda _: Waterfall(), as_of=TODAY)
    assert (ledger.open_minor(draft, pieces) >= 0).all()
    assert (ledger.unapplied_minor(draft, pieces) >= 0).all()
    owner, payer = ledger.line_account(draft), ledger.receipt_account(draft)
    assert (owner[pieces.line] == payer[pieces.receipt]).all()
    mirrored = pieces.mirrors >= 0
    assert mirrored.any()
    assert (pieces.amount[mirrored] == -pieces.amount[pieces.mirrors[mirrored]]).all()


@pytest.mark.parametrize("by", ["due", "group"])
def test_the_cut_pays_what_replaying_pays(by):
    """The bulk form and the replay of each account give one set of allocations."""
    from tahsil.core.book.replay import AccountBook, replay
    from tahsil.core.book.waterfall import Waterfall

    order = ("principal", "rent", "deposit", "tax", "interest", "penalty", "fee", "cost")
    waterfall = Waterfall(order=order, by=by)
    draft, _ = drafted(150, seed=9, as_of=TODAY)
    pieces = ledger.allocate(draft, lambda _: waterfall, as_of=TODAY)
    found = sorted(zip(pieces.receipt.tolist(), pieces.line.tolist(), pieces.amount.tolist(),
                       strict=True))  # fmt: skip
    owed, came = ledger._obligations(draft), ledger._receipts(draft)
    owner, payer = ledger.line_account(draft), ledger.receipt_account(draft)
    wanted = []
    for account in range(draft.count("accounts")):
        book = AccountBook(owed.take(owner == account), came.take(payer == account))
        wanted += [row[:3] for row in replay(book, waterfall_at=lambda _: waterfall, as_of=TODAY)]
    assert found == sorted(wanted)


def test_work_done_lies_in_the_past():
    draft, _ = drafted(300, seed=5, as_of=TODAY)
    today = twelve.days(TODAY)
    assert (draft["attempts"]["on"] < today).all()
    assert (draft["promises"]["made"] < today).all()
    assert (draft["receipts"]["on"] <= today).all()
    assert (draft["instruments"]["matures"] >= today - 2).all()


def test_promises_of_one_account_do_not_overlap():
    draft, _ = drafted(2_000, seed=5, as_of=TODAY)
    judged = ledger.judged(draft, as_of=TODAY)
    still = judged["account"][judged["state"] == "open"]
    assert still.size and len(set(still.tolist())) == still.size
    assert {"kept", "part_kept", "broken", "open"} == set(judged["state"].tolist())


def test_an_account_has_one_open_case_at_most():
    from tahsil.core.book.waterfall import Waterfall

    draft, due = drafted(800, seed=5, as_of=TODAY)
    left = ledger.open_minor(draft, ledger.allocate(draft, lambda _: Waterfall(), as_of=TODAY))
    cases = ledger.cases(draft, due, left, today=twelve.days(TODAY))
    running = cases["account"][cases["closed"] == NONE]
    assert running.size and len(set(running.tolist())) == running.size
    over = cases["closed"] != NONE
    assert (cases["closed"][over] > cases["opened"][over]).all()


def test_a_full_database_is_left_alone(portfolio):
    with pytest.raises(Refused) as refused:
        build(accounts=60, seed=7, as_of=TODAY, now=NOW, progress=quiet)
    assert refused.value.code == "demo.not_empty"


def test_every_receipt_number_follows_the_one_before(portfolio):
    from tahsil.store.models import Receipt, ReceiptSeries

    for series in ReceiptSeries.objects.all():
        serials = Receipt.objects.filter(series=series).values_list("serial", flat=True)
        assert sorted(serials) == list(range(1, series.last + 1))


def test_search_finds_what_the_index_itself_would_keep(portfolio):
    from tahsil.store import search
    from tahsil.store.models import Account, SearchTerm

    def terms_now():
        return set(SearchTerm.objects.values_list("account_id", "kind", "term"))

    mine = terms_now()
    search.index(Account.objects.values_list("id", flat=True))
    assert mine == terms_now()


def test_stored_allocations_are_those_the_program_would_keep(portfolio):
    """Settling every account anew appends nothing."""
    from tahsil.actions import allocating
    from tahsil.store.models import Account

    ids = list(Account.objects.values_list("id", flat=True))
    assert allocating.settle(ids, now=datetime(2026, 11, 22, 9, tzinfo=NOW.tzinfo)) == 0


def test_everybody_can_sign_in(portfolio):
    from django.contrib.auth import get_user_model

    people = get_user_model().objects
    assert len(portfolio.logins) == 15
    for login in portfolio.logins:
        assert people.get(username=login.username).is_active
    assert people.get(username="lina").check_password(portfolio.logins[0].password)


@pytest.fixture
def measured(portfolio):
    """Per account number what the program says of it."""
    from tahsil.store import load, rules, standing
    from tahsil.store.models import Account

    numbers = dict(Account.objects.values_list("id", "number"))
    book = load.book(as_of=TODAY, account_ids=list(numbers))
    known = standing.measure(book, rules.at(TODAY))
    facts = list(known.facts.rows())
    rows = {}
    for row, fact in zip(known.standings.rows(), facts, strict=True):
        rows[numbers[row["account_id"]]] = {**fact, **row, "reasons": str(row["reasons"])}
    return rows


def test_the_twelve_are_as_their_page_says(measured):
    assert len(NAMED) == 13
    for each in NAMED:
        found, wanted = measured[each["account"]], dict(each["facts"])
        reason = wanted.pop("reason", None)
        assert {name: found[name] for name in wanted} == wanted, each["account"]
        if reason:
            assert f'"{reason}"' in found["reasons"], each["account"]


def test_the_twelve_have_their_names(portfolio):
    from tahsil.store.models import Account

    found = {
        number: (name, other)
        for number, name, other in Account.objects.values_list(
            "number", "party__name", "party__names__name"
        )
    }
    for each in NAMED:
        assert each["name"] in found[each["account"]]


@pytest.mark.parametrize("as_of", [date(2027, 3, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_twelve_hold_on_any_day(as_of):
    """Whatever the month, what fell due so many days ago did."""
    draft = twelve.twelve(as_of)
    due, today = ledger.line_due(draft), twelve.days(as_of)
    lines = draft["lines"]
    for contract, label, ago in ((0, "Q02", 2), (1, "H02", 20), (2, "EMI12", 40), (12, "Q04", 95)):
        at = np.flatnonzero((lines["contract"] == contract) & (lines["label"] == label))
        assert today - due[at].tolist()[0] == ago
