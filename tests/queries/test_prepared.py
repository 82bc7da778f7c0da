"""What is written past the ORM comes out as the ORM would have it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from tahsil.store import fetch, load, rows
from tahsil.store.models import Account, Event, Receipt
from tahsil.store.prepared import Prepared
from tests.run.invented import DAY, NOW, TODAY, invent

pytestmark = pytest.mark.django_db


def received(account_ids, until: date) -> QuerySet:
    found = Receipt.objects.filter(account_id__in=account_ids, value_on__lte=until)
    return found.exclude(note="void").order_by("-value_on", "id")


def columns(account_ids, until: date) -> QuerySet:
    names = ("id", "value_on", "recorded_at", "instruction")
    return received(account_ids, until).values_list(*names, F("reversal__effective_on"))


def named(account_ids, until: date) -> QuerySet:
    return received(account_ids, until).values("number", "account__number", undone=F("reversal"))


@pytest.mark.parametrize("how_many", [0, 1, 2, 7])
@pytest.mark.parametrize("make", [received, columns, named])
def test_a_prepared_query_answers_as_the_queryset_does(people, make, how_many):
    ids = invent(people, accounts=8, seed=3)
    prepared = Prepared(make)
    for chosen, until in ((ids[:how_many], TODAY), (ids[-how_many:], TODAY - DAY * 40)):
        found = prepared.rows(account_ids=list(chosen[:how_many]), until=until)
        wanted = list(make(list(chosen[:how_many]), until))
        assert found == wanted
        assert prepared.first(account_ids=list(chosen[:how_many]), until=until) == (
            wanted[0] if wanted else None
        )


def test_its_objects_are_whole(people):
    (account_id,) = invent(people, accounts=1, seed=3)
    found = Prepared(lambda account_id: Account.objects.filter(id=account_id)).first(
        account_id=account_id
    )
    with CaptureQueriesContext(connection) as asked:
        values = {field.attname: getattr(found, field.attname) for field in Account._meta.fields}
    assert not asked.captured_queries
    assert values == Account.objects.values().get(id=account_id)


def test_it_is_asked_anew_every_time(people):
    (account_id,) = invent(people, accounts=1, seed=3)
    count = Prepared(lambda account_id: Receipt.objects.filter(account_id=account_id))
    before = len(count.rows(account_id=account_id))
    Receipt.objects.create(
        account_id=account_id, number="new", amount_minor=1, value_on=TODAY, recorded_at=NOW
    )
    assert len(count.rows(account_id=account_id)) == before + 1


def event(key: str) -> Event:
    return Event(
        verb="note.add", subject="account:1", actor_name="Lina", effective_on=TODAY,
        recorded_at=NOW, facts={"text": "Umm Kulthum’s “line”: ١٢%"}, key=key, digest="d",
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3, 12])
def test_inserted_rows_read_back_as_they_were_given(people, count):
    given = rows.insert([event(f"k{at}") for at in range(count)])
    assert len({row.id for row in given}) == count
    for row in given:
        assert Event.objects.values().get(id=row.id) == {
            field.attname: getattr(row, field.attname) for field in Event._meta.fields
        }


def test_ids_go_on_whichever_way_rows_were_inserted(people):
    for at, count in enumerate((2, 9, 1, 6)):
        rows.insert([event(f"{at}:{each}") for each in range(count)])
    ids = list(Event.objects.order_by("id").values_list("id", flat=True))
    assert len(ids) == 18
    assert ids == sorted(set(ids))


def test_an_inserted_row_meets_the_table_s_own_rules(people):
    rows.insert([event("once")])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([event("once")])


def test_two_readings_of_one_source_keep_their_own_dates(people):
    ids = invent(people, accounts=3, seed=5)
    source = fetch.Cursor()
    early = load._Loader(source, TODAY - DAY * 60, ids[:1], None)
    late = load._Loader(source, TODAY, ids[1:2], None)
    assert early.book().accounts.id.tolist() == ids[:1]
    assert late.book().accounts.id.tolist() == ids[1:2]
    alone = load.book(as_of=TODAY - DAY * 60, account_ids=ids[:1])
    assert early.book().received_minor.tolist() == alone.received_minor.tolist()
