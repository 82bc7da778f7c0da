"""The safe's pages: places, a hand-over accepted paper by paper, a blind count, who may what."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.store.models import (
    Account,
    CustodyMatter,
    HandOver,
    Instrument,
    Person,
    RoleGrant,
    SafeCount,
)
from tests.conftest import TODAY
from tests.tables import table

HTMX = {"HX-Request": "true"}


@pytest.fixture
def safe(desk):
    """The desk with three cheques in the safe; Mervat, Tarek and Adel look after them."""
    for name, role in (("mervat", "cheque_officer"), ("tarek", "treasury_head"), ("adel", "cfo")):
        made = Person.objects.create(username=name, name=name.title())
        RoleGrant.objects.create(person=made, role=role, scope="all", since_on=date(2026, 1, 1))
        desk.book.persons[name] = made.id
    account = Account.objects.get(number="NIL-1")
    Instrument.objects.update(state="cleared")  # those of the small book are not in the way
    for n in (1, 2, 3):
        desk.book.ids[f"p{n}"] = Instrument.objects.create(
            account=account, number=f"00077{n}", bank="NBE", amount_minor=n * 1_000_00,
            matures_on=TODAY, state="in_safe", place="safe",
        ).id  # fmt: skip
    return desk


def given(safe, **more) -> HandOver:
    fields = {
        "instrument": [safe.book.ids[f"p{n}"] for n in (1, 2, 3)], "place": "safe",
        "to_place": "cheque_drawer", "receiver_id": safe.book.persons["tarek"],
    }  # fmt: skip
    answer = safe.post("mervat", "/safe/hand-overs/new", **(fields | more))
    assert answer.status_code == 302, answer.content.decode()
    return HandOver.objects.latest("id")


def counting(safe) -> SafeCount:
    assert safe.post("mervat", "/safe/counts/new", place="safe").status_code == 302
    return SafeCount.objects.latest("id")


@pytest.mark.parametrize("case", table("""
    who       path                  status
    mervat    /safe                 200
    auditor   /safe                 200
    auditor   /safe/hand-overs      200
    auditor   /safe/counts          200
    auditor   /safe/hand-overs/new  403
    auditor   /safe/counts/new      403
    huda      /safe/counts          200
    huda      /safe/counts/new      403
    sara      /safe/hand-overs/new  200
    lina      /safe                 403
    stranger  /safe                 403
    mervat    /safe/hand-overs/99   404
    mervat    /safe/counts/99       404
    mervat    /safe/matters/99      422
    """), ids=lambda case: f"{case['who']} {case['path']}")  # fmt: skip
def test_who_may_open_what(safe, case):
    assert safe.get(case["who"], case["path"]).status_code == int(case["status"])


def test_the_safe_says_what_lies_where_and_that_it_was_never_counted(safe):
    shown = safe.read("mervat", "/safe")
    assert "6,000.00" in shown
    assert "count due" in shown
    assert "Opens with 2 keyholders" in shown


def test_a_hand_over_is_accepted_paper_by_paper(safe):
    listed = given(safe)
    page = f"/safe/hand-overs/{listed.id}"
    assert "for you to accept" in safe.read("tarek", "/safe/hand-overs")
    assert 'name="there"' not in safe.read("mervat", page)  # nobody takes what they give
    there = [safe.book.ids["p1"], safe.book.ids["p3"]]
    refused = safe.post("tarek", page, there=there, found_count="3", document="scan 4")
    assert refused.status_code == 422
    kept = refused.content.decode()
    assert "scan 4" in kept  # what was typed is still there, the tick taken off too
    assert kept.count(" checked") == 2
    taken = safe.post("tarek", page, there=there, found_count="٢")
    assert (taken.status_code, taken["Location"]) == (302, page)
    assert CustodyMatter.objects.get().number == "000772"
    assert "not there" in safe.read("auditor", page)
    assert "000772" in safe.read("tarek", "/safe")


def test_the_chain_of_custody_stands_on_the_cheques_page(safe):
    listed = given(safe)
    safe.post("tarek", f"/safe/hand-overs/{listed.id}", found_count="3",
              there=[safe.book.ids[f"p{n}"] for n in (1, 2, 3)])  # fmt: skip
    shown = safe.read("sara", "/instruments/{p1}")
    assert "held by Tarek" in shown
    assert f"/safe/hand-overs/{listed.id}" in shown


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_the_list_is_printed_with_lines_to_sign(safe, language):
    answer = safe.get("mervat", f"/safe/hand-overs/{given(safe).id}.pdf?lang={language}")
    assert answer.content.startswith(b"%PDF")


def test_a_refused_list_keeps_what_was_chosen(safe):
    fields = {"instrument": [safe.book.ids["p2"]], "place": "safe", "to_place": "courier",
              "receiver_name": "Hany"}  # fmt: skip
    answer = safe.post("mervat", "/safe/hand-overs/new", **fields)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Hany" in shown
    assert f'value="{safe.book.ids["p2"]}" aria-label="000772" checked' in shown
    assert not HandOver.objects.exists()


def test_a_list_nobody_took_is_withdrawn(safe):
    listed = given(safe)
    page = f"/safe/hand-overs/{listed.id}/withdrawals"
    assert safe.post("mervat", page, reason="").status_code == 422
    assert safe.post("mervat", page, reason="wrong envelope").status_code == 302
    assert HandOver.objects.get().state == "withdrawn"


def test_a_count_is_blind_until_it_is_compared(safe):
    count = counting(safe)
    page = f"/safe/counts/{count.id}"
    assert "00077" not in safe.read("mervat", page)
    entered = safe.post("mervat", f"{page}/entries", number="771", headers=HTMX)
    assert entered.status_code == 200
    assert "771" in entered.content.decode()
    safe.post("mervat", f"{page}/entries", many="000773 3,000.00\n999\n999")
    shown = safe.read("mervat", page)
    assert "entered before" in shown
    assert "772" not in shown
    strike = count.entries.filter(number="999").last().id
    safe.post("mervat", f"{page}/entries", strike=strike)
    assert safe.post("mervat", f"{page}/ends").status_code == 302
    shown = safe.read("auditor", page)
    assert "000772" in shown
    assert "not ours" not in shown
    assert set(SafeCount.objects.values_list("book_count", "found_count", "variance_count")) == {
        (3, 3, 2)
    }
    assert "Last count" in safe.read("mervat", "/safe")


def test_the_list_is_open_to_tick_once_the_totals_were_said(safe):
    count = counting(safe)
    page = f"/safe/counts/{count.id}"
    wrong = safe.post("mervat", f"{page}/totals", **{"n-EGP": "three", "amount-EGP": "6000"})
    assert wrong.status_code == 422
    safe.post("mervat", f"{page}/totals", **{"n-EGP": "3", "amount-EGP": "6000"})
    assert "000772" in safe.read("mervat", page)
    safe.post("mervat", f"{page}/entries", line=[each.id for each in count.lines.all()])
    safe.post("mervat", f"{page}/ends")
    assert "agrees with the book" in safe.read("mervat", page)


def test_a_count_is_signed_and_certified(safe):
    count = counting(safe)
    page = f"/safe/counts/{count.id}"
    safe.post("mervat", f"{page}/entries", many="771\n772\n773")
    safe.post("mervat", f"{page}/ends")
    for name in ("mervat", "tarek", "huda"):
        assert "Sign this count" in safe.read(name, page)
        assert safe.post(name, f"{page}/signatures").status_code == 302
    assert SafeCount.objects.get().state == "signed"
    for language in ("en", "ar", "hi"):
        answer = safe.get("auditor", f"{page}.pdf?lang={language}")
        assert answer.content.startswith(b"%PDF")


def test_a_matter_is_closed_by_somebody_else_than_its_owner(safe):
    count = counting(safe)
    safe.post("mervat", f"/safe/counts/{count.id}/entries", many="771\n772")
    safe.post("mervat", f"/safe/counts/{count.id}/ends")
    page = f"/safe/matters/{CustodyMatter.objects.get().id}"
    fields = {"outcome": "explained", "explanation": "In the next envelope"}
    own = safe.post("mervat", page, **fields)
    assert own.status_code == 422
    assert "In the next envelope" in own.content.decode()
    assert safe.post("tarek", page, **fields).status_code == 302
    assert CustodyMatter.objects.get().state == "explained"
