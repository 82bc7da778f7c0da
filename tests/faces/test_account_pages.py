"""The account page and what is done from it: what it shows to whom, done, refused, sent twice."""

import re
from datetime import date, timedelta

import pytest

from tahsil.store.models import Account, Attempt, ContactPoint, Dispute, Event, Hold, Promise
from tests.conftest import NOW, TODAY
from tests.tables import table

HTMX = {"HX-Request": "true"}
FORMS = ("attempts", "promises", "receipts", "disputes", "holds", "contact-points", "assignments")
LATER = (TODAY + timedelta(days=3)).isoformat()


@pytest.mark.parametrize("case", table("""
    who        account   status
    lina       NIL-1     200
    lina       DXB-1     404
    lina       NIL-3     404
    omar       NIL-1     200
    omar       DXB-1     404
    noor       DXB-1     200
    auditor    DXB-1     200
    stranger   NIL-1     404
"""), ids=lambda case: f"{case['who']} {case['account']}")  # fmt: skip
def test_an_account_is_read_within_reach(desk, case):
    for noun in ("", "/attempts", "/statement"):
        answer = desk.get(case["who"], f"/accounts/{{{case['account']}}}{noun}")
        assert answer.status_code == int(case["status"])


def test_the_page_answers_on_one_screen(desk):
    text = desk.read("lina", "/accounts/{NIL-1}")
    for said in (
        "محمد أحمد علي", "Mohamed Ahmed Ali", "tel:+201001234567", "YAS-0014", "B2-14",
        "Due on 1 Sep 2026; days past due: 82.", "Due today.", "61–90", "CIB 000901", "bounced",
        "CAI-1", "reversed", "60,000.00", "broken", "Rung", "policy developer", "co buyer",
        "Lina took a promise", "Sara Hassan", "m.ahmed@example.com", "handover", "Not granted",
    ):  # fmt: skip
        assert said in text, said


def test_who_only_reads_sees_no_telephone_and_no_buttons(desk):
    text = desk.read("auditor", "/accounts/{NIL-1}")
    assert "+201001234567" not in text and "567" in text
    assert not any(f"/accounts/{desk.book['NIL-1']}/{noun}" in text for noun in FORMS)


def test_the_account_as_it_stood(desk):
    text = desk.read("lina", "/accounts/{NIL-1}?as_of=2026-09-15")
    assert "as it stood on" in text and "CAI-2" in text and "CAI-3" not in text
    assert 'data-key="c"' not in text


def test_a_banner_tells_who_has_it_open(desk):
    Account.objects.filter(number="NIL-1").update(
        locked_by_id=desk.book.people.omar, locked_until_at=NOW + timedelta(minutes=5)
    )
    text = desk.read("lina", "/accounts/{NIL-1}")
    assert "Omar has this account open" in text and "/locks" not in text
    answer = desk.post("lina", "/accounts/{NIL-1}/locks", headers=HTMX)
    assert answer.status_code == 422 and "Omar works this account" in answer.content.decode()


def test_opening_ones_own_account_takes_it(desk):
    assert "/locks" in desk.read("lina", "/accounts/{NIL-1}")
    assert "/locks" not in desk.read("omar", "/accounts/{NIL-1}")
    assert desk.post("lina", "/accounts/{NIL-1}/locks", headers=HTMX).status_code == 204
    assert Account.objects.get(number="NIL-1").locked_by_id == desk.book.people.lina


@pytest.mark.parametrize("noun", FORMS)
def test_a_form_is_a_page_and_a_sheet(desk, noun):
    page = desk.read("sara", f"/accounts/{{NIL-1}}/{noun}")
    assert "<html" in page and "csrfmiddlewaretoken" in page and 'name="form_key"' in page
    sheet = desk.get("sara", f"/accounts/{{NIL-1}}/{noun}", **HTMX).content.decode()
    assert "<html" not in sheet and "hx-post" in sheet and "data-close" in sheet


@pytest.mark.parametrize("noun", [*FORMS, "wrong-points", "locks"])
def test_a_form_without_its_token_does_nothing(desk, noun):
    before = Event.objects.count()
    browser = desk.browser("lina", enforce_csrf_checks=True)
    assert browser.post(desk.path(f"/accounts/{{NIL-1}}/{noun}"), {}).status_code == 403
    assert Event.objects.count() == before


@pytest.mark.parametrize("noun", ["attempts", "promises", "receipts", "disputes", "holds"])
def test_who_only_reads_records_nothing(desk, noun):
    fields = {
        "channel": "call", "disposition": "NC_NOANS", "amount": "10", "promised_on": LATER,
        "instrument": "cash", "code": "D_PAID", "obligation_id": desk.book["Q2"],
        "kind": "hold", "until_on": LATER, "reason": "-",
    }  # fmt: skip
    before = Event.objects.count()
    answer = desk.post("auditor", f"/accounts/{{NIL-1}}/{noun}", **fields)
    assert answer.status_code == 403 and "No role of Auditor" in answer.content.decode()
    assert Event.objects.count() == before


def attempt(desk, **fields):
    given = {"channel": "call", "disposition": "NC_OFF", "note": "rang twice", **fields}
    return desk.post("lina", "/accounts/{NIL-1}/attempts", **given)


def test_an_attempt_takes_the_usual_next_step(desk):
    assert attempt(desk).url == desk.path("/accounts/{NIL-1}")
    made = Attempt.objects.latest("id")
    assert (made.disposition, made.next_step, made.note) == ("NC_OFF", "call", "rang twice")
    assert made.next_step_on == TODAY + timedelta(days=1)
    assert "Attempt on محمد أحمد علي logged." in desk.read("lina", "/accounts/{NIL-1}")


def test_an_attempt_may_lead_to_the_next_account(desk):
    answer = attempt(desk, then="next")
    assert answer.url == desk.path("/worklist/next?after={NIL-1}")


def test_an_attempt_with_a_promise_is_one_form(desk):
    attempt(
        desk, disposition="RP_PTP_FULL", amount="٧٠٬٠٠٠٫٥٠", promised_on=LATER, reason="FORGOT",
        next_step="await_payment", next_step_on=LATER,
    )  # fmt: skip
    opened = Promise.objects.get(account__number="NIL-1", state="open")
    assert (opened.amount_minor, opened.promised_on.isoformat()) == (70_000_50, LATER)
    assert Attempt.objects.latest("id").disposition == "RP_PTP_FULL"
    assert Promise.objects.filter(state="superseded").count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"disposition": ""}, "Choose what came of it."),
        ({"disposition": "RF_NOMONEY"}, "This is needed."),
        ({"disposition": "NC_WA_SEEN"}, "is an outcome of whatsapp"),
        ({"disposition": "RQ_CALLBACK", "next_step": "callback", "next_step_on": LATER}, "hour"),
        ({"next_step": "call", "next_step_on": "2026-11-01"}, "needs a day"),
        ({"disposition": "RP_PTP_FULL", "amount": "abc", "promised_on": LATER,
          "reason": "FORGOT"}, "abc is not an amount."),
        ({"disposition": "RP_PTP_FULL", "amount": "10", "promised_on": "2027-06-01",
          "reason": "FORGOT"}, "needs somebody's yes"),
    ],
)  # fmt: skip
def test_a_refused_attempt_leaves_nothing_and_keeps_what_was_typed(desk, fields, said):
    before = (Attempt.objects.count(), Promise.objects.count(), Event.objects.count())
    answer = attempt(desk, **fields)
    text = answer.content.decode().replace("&#x27;", "'")
    assert answer.status_code == 422
    assert said in text and "rang twice" in text
    assert (Attempt.objects.count(), Promise.objects.count(), Event.objects.count()) == before


def test_the_tree_asks_what_the_result_needs(desk):
    text = desk.read("lina", "/accounts/{NIL-1}/attempts?disposition=RP_PTP_PART")
    assert 'name="amount"' in text and 'name="reason"' in text and "2026-11-25" in text
    text = desk.read("lina", "/accounts/{NIL-1}/attempts?disposition=AD_REVIEW")
    assert 'name="amount"' not in text and 'name="next_step"' not in text


def test_sent_twice_is_promised_once(desk):
    for _ in range(2):
        answer = desk.post(
            "lina", "/accounts/{NIL-1}/promises", form_key="k7", amount="1,500.50",
            promised_on=LATER, headers=HTMX,
        )  # fmt: skip
        assert answer.status_code == 204
        assert answer["HX-Redirect"] == desk.path("/accounts/{NIL-1}")
    assert Promise.objects.filter(amount_minor=1_500_50).count() == 1


@pytest.mark.parametrize("amount", ["", "abc", "0", "-5", "1.234"])
def test_an_amount_nobody_can_promise_comes_back_as_typed(desk, amount):
    answer = desk.post(
        "lina", "/accounts/{NIL-1}/promises", amount=amount, promised_on=LATER, headers=HTMX
    )
    assert answer.status_code == 422
    assert 'class="fault"' in answer.content.decode() and f'value="{amount}' in str(answer.content)
    assert Promise.objects.filter(made_on=TODAY).count() == 0


def test_a_promise_too_far_ahead_waits_for_a_yes(desk):
    desk.post("lina", "/accounts/{NIL-1}/promises", amount="10", promised_on="2027-06-01")
    assert "It waits for approval." in desk.read("lina", "/accounts/{NIL-1}")
    assert Promise.objects.filter(made_on=TODAY).count() == 0


def test_a_promise_is_cancelled_for_a_reason(desk):
    opened = Promise.objects.get(account__number="NIL-1", state="open")
    path = f"/promises/{opened.id}/cancellations"
    desk.post("lina", path, account_id=desk.book["NIL-1"], reason="")
    assert Promise.objects.get(id=opened.id).state == "open"
    desk.post("lina", path, account_id=desk.book["NIL-1"], reason="our mistake")
    assert Promise.objects.get(id=opened.id).state == "cancelled"


def test_a_line_is_disputed_in_part(desk):
    fields = {"obligation_id": desk.book["Q2"], "code": "D_AMOUNT"}
    answer = desk.post("lina", "/accounts/{NIL-1}/disputes", amount="70000", **fields)
    assert answer.status_code == 422 and "60,000.00" in answer.content.decode()
    assert (
        desk.post("lina", "/accounts/{NIL-1}/disputes", amount="500", **fields).status_code == 302
    )
    assert Dispute.objects.get().amount_minor == 500_00


def test_a_hold_has_an_end_and_a_reason(desk):
    fields = {"kind": "hold", "reason": "documents are checked"}
    answer = desk.post("omar", "/accounts/{NIL-1}/holds", until_on="2026-11-01", **fields)
    assert answer.status_code == 422 and "must end after" in answer.content.decode()
    desk.post("omar", "/accounts/{NIL-1}/holds", until_on=LATER, **fields)
    assert Hold.objects.get().until_on == date.fromisoformat(LATER)
    assert "documents are checked" in desk.read("lina", "/accounts/{NIL-1}")


def test_a_leader_gives_the_account_to_somebody(desk):
    fields = {"collector_id": desk.book.persons["ravi"], "reason": "speaks Hindi"}
    assert desk.post("lina", "/accounts/{NIL-1}/assignments", **fields).status_code == 403
    desk.post("omar", "/accounts/{NIL-1}/assignments", **fields)
    assert Account.objects.get(number="NIL-1").collector_id == desk.book.persons["ravi"]


def test_a_new_number_is_added_and_an_old_one_marked(desk):
    party = Account.objects.get(number="NIL-1").party_id
    fields = {"party_id": party, "channel": "phone"}
    answer = desk.post("lina", "/accounts/{NIL-1}/contact-points", value="12", **fields)
    assert answer.status_code == 422 and "not a telephone number" in answer.content.decode()
    desk.post("lina", "/accounts/{NIL-1}/contact-points", value="01001112223", **fields)
    point = ContactPoint.objects.get(value="+201001112223")
    desk.post("lina", "/accounts/{NIL-1}/wrong-points", contact_point_id=point.id)
    assert ContactPoint.objects.get(id=point.id).is_wrong
    assert "Right after all" in desk.read("lina", "/accounts/{NIL-1}")


@pytest.mark.parametrize("case", table("""
    account  step           on          shows          hides   why
    NIL-1    call           2026-11-22  next:          lapsed  today is not past
    NIL-1    call           2026-11-20  lapsed: call   next:   what was not done lapsed
    NIL-1    await_payment  2026-11-20  lapsed: await  next:   money still owed was waited for
    NIL-2    await_payment  2026-11-20  Last contacts  lapsed  where all is paid nothing lapsed
"""), ids=lambda case: case["why"])  # fmt: skip
def test_a_step_of_a_past_day_lapsed(desk, case):

    account = Account.objects.filter(id=desk.book[case["account"]])
    account.update(next_step=case["step"], next_step_on=case["on"])
    text = desk.read("sara", f"/accounts/{{{case['account']}}}")
    assert case["shows"] in text and case["hides"] not in text


def test_every_account_has_a_form_for_its_next_step(desk):
    for account in ("NIL-1", "NIL-2", "NIL-3"):
        assert 'name="next_step"' in desk.read("sara", f"/accounts/{{{account}}}/next-steps")


def test_an_address_that_leads_nowhere_says_so(desk):
    answer = desk.get("sara", "/nothing/here")
    assert answer.status_code == 404 and "There is nothing here" in answer.content.decode()
    refused = desk.get("sara", "/accounts/999999")
    assert refused.status_code == 404 and "<h1>Not possible</h1>" in refused.content.decode()


def test_a_fault_of_ours_says_its_reference_and_no_more(desk, monkeypatch, caplog):
    def broken(*given, **more):
        raise RuntimeError("the inside of the program")

    monkeypatch.setattr("tahsil.web.promises.promises_read.promises", broken)
    browser = desk.browser("sara")
    browser.raise_request_exception = False
    answer = browser.get("/promises")
    text = answer.content.decode()
    reference = re.search(r"<bdi dir=\"ltr\">([0-9A-F]{8})</bdi>", text)
    assert answer.status_code == 500 and "the inside" not in text
    assert reference and reference[1] in caplog.text
