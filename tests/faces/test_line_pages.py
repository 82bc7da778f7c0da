"""What is done to lines, disputes, holds and receipts from the account page, and by whom."""

from datetime import date, timedelta

import pytest

from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    Dispute,
    Event,
    Hold,
    Obligation,
    ObligationDue,
    Request,
)
from tests.conftest import NOW, TODAY
from tests.tables import table

HTMX = {"HX-Request": "true"}
LATER = (TODAY + timedelta(days=3)).isoformat()
ID = "28501011234567"


@pytest.fixture
def worked(desk):
    """The desk with a dispute, a hold and a fee on NIL-1."""
    account = Account.objects.get(number="NIL-1")
    dispute = Dispute.objects.create(
        account=account, obligation_id=desk.book["Q2"], amount_minor=500_00, code="D_AMOUNT",
        opened_on=TODAY - timedelta(days=2),
    )  # fmt: skip
    hold = Hold.objects.create(
        account=account, kind="hold", reason="documents", since_on=TODAY - timedelta(days=5),
        until_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    fee = Obligation.objects.create(
        account=account, category="fee", label="Courier", amount_minor=4_000_00, due_on=TODAY,
        raised_on=TODAY, recorded_at=NOW,
    )  # fmt: skip
    desk.book.ids |= {"dispute": dispute.id, "hold": hold.id, "fee": fee.id}
    return desk


FORMS = table("""
    path                                             may        may_not
    /accounts/{NIL-1}/disputes/{dispute}/decisions   omar       lina
    /accounts/{NIL-1}/holds/{hold}/ends              omar       lina
    /accounts/{NIL-1}/notes                          lina       auditor
    /accounts/{NIL-1}/next-steps                     omar       auditor
    /accounts/{NIL-1}/lines/{fee}/waivers            omar       huda
    /accounts/{NIL-1}/lines/{Q2}/adjustments         huda       omar
    /accounts/{NIL-1}/lines/{Q2}/cancellations       sara       huda
    /accounts/{NIL-1}/obligations                    huda       lina
    /accounts/{NIL-1}/penalties                      huda       omar
    /accounts/{NIL-1}/contracts/{deed}/events        sara       huda
    /receipts/{CAI-1}/reallocations                  huda       omar
""")  # fmt: skip


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case["path"])
def test_a_form_is_a_page_and_a_sheet_for_who_may(worked, case):
    page = worked.read(case["may"], case["path"])
    assert "<html" in page and 'name="form_key"' in page
    sheet = worked.get(case["may"], case["path"], **HTMX).content.decode()
    assert "<html" not in sheet and "hx-post" in sheet and "data-close" in sheet
    assert worked.get(case["may_not"], case["path"]).status_code == 403


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case["path"])
def test_who_may_not_changes_nothing_and_nobody_without_a_token(worked, case):
    before = Event.objects.count()
    fields = {
        "state": "upheld", "reason": "-", "note": "-", "next_step": "call", "next_step_on": LATER,
        "amount": "10", "way": "raise", "category": "fee", "due_on": LATER, "code": "handover",
        "effective_on": TODAY.isoformat(), "happened_on": TODAY.isoformat(),
    }  # fmt: skip
    answer = worked.post(case["may_not"], case["path"], **fields)
    assert answer.status_code == 403 and "No role of" in answer.content.decode()
    browser = worked.browser(case["may"], enforce_csrf_checks=True)
    assert browser.post(worked.path(case["path"]), fields).status_code == 403
    assert Event.objects.count() == before and not Request.objects.exists()


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case["path"])
def test_a_form_with_nothing_in_it_comes_back(worked, case):
    before = Event.objects.count()
    answer = worked.post(case["may"], case["path"], headers=HTMX, label="kept", until_on="soon")
    text = answer.content.decode()
    assert answer.status_code == 422 and ('class="fault"' in text or 'class="refusal"' in text)
    assert Event.objects.count() == before and not Request.objects.exists()


def test_the_page_offers_what_one_may(worked):
    account, sara = worked.book["NIL-1"], worked.read("sara", "/accounts/{NIL-1}")
    for noun in (
        f"disputes/{worked.book['dispute']}/decisions", f"holds/{worked.book['hold']}/ends",
        "notes", "next-steps", "obligations", "penalties", f"lines/{worked.book['Q2']}",
        f"contracts/{worked.book['deed']}/events?code=handover", "reveals",
    ):  # fmt: skip
        assert f"/accounts/{account}/{noun}" in sara, noun
    assert worked.path("/receipts/{CAI-1}/reallocations") in sara
    for who in ("lina", "auditor"):
        text = worked.read(who, "/accounts/{NIL-1}")
        for noun in (
            "decisions",
            "/ends",
            "/lines/",
            "/contracts/",
            "reveals",
            "reallocat",
        ):
            assert noun not in text, (who, noun)
    assert "/notes" in worked.read("lina", "/accounts/{NIL-1}")  # on accounts of their own
    assert "/notes" not in worked.read("auditor", "/accounts/{NIL-1}")
    assert worked.path("/receipts/{CAI-1}/reallocations") in worked.read(
        "huda", "/receipts/{CAI-1}"
    )
    assert "reallocations" not in worked.read("lina", "/receipts/{CAI-1}")


def test_a_line_offers_what_makes_sense_of_it(worked):
    fee = worked.read("sara", "/accounts/{NIL-1}/lines/{fee}")
    assert "Courier" in fee and "/waivers" in fee and "/adjustments" in fee
    price = worked.read("sara", "/accounts/{NIL-1}/lines/{Q2}")
    assert "/waivers" not in price and "/cancellations" in price and "CAI-2" in price
    assert "/adjustments" not in worked.read("lina", "/accounts/{NIL-1}/lines/{Q2}")
    assert worked.get("sara", "/accounts/{NIL-2}/lines/{Q2}").status_code == 422
    assert worked.get("lina", "/accounts/{DXB-1}/lines/{Q2}").status_code == 404


def test_a_dispute_is_decided_once(worked):
    path = "/accounts/{NIL-1}/disputes/{dispute}/decisions"
    assert "500.00" in worked.read("omar", path)
    answer = worked.post("omar", path, state="settled", note="as agreed by telephone")
    assert answer.status_code == 422 and "as agreed by telephone" in answer.content.decode()
    answer = worked.post("omar", path, state="rejected", note="the contract says so", headers=HTMX)
    assert answer["HX-Redirect"] == worked.path("/accounts/{NIL-1}")
    assert Dispute.objects.get().state == "rejected"
    text = worked.read("omar", "/accounts/{NIL-1}")
    assert "The dispute is decided." in text and "/decisions" not in text
    assert worked.post("omar", path, state="upheld").status_code == 422


def test_a_hold_is_lifted_for_a_reason(worked):
    path = "/accounts/{NIL-1}/holds/{hold}/ends"
    assert worked.post("omar", path, reason=" ").status_code == 422
    for _ in range(2):  # a second click changes nothing and is told the same
        answer = worked.post("omar", path, reason="documents came", form_key="k1")
        assert answer.url == worked.path("/accounts/{NIL-1}")
    assert Hold.objects.get().until_on == TODAY
    text = worked.read("omar", "/accounts/{NIL-1}")
    assert "documents came" in text and "/ends" not in text


def test_a_note_stands_in_what_happened(worked):
    answer = worked.post("omar", "/accounts/{NIL-1}/notes", note="x" * 501)
    assert answer.status_code == 422 and "x" * 501 in answer.content.decode()
    worked.post("omar", "/accounts/{NIL-1}/notes", note="prefers to be called at noon")
    assert "prefers to be called at noon" in worked.read("lina", "/accounts/{NIL-1}")


@pytest.mark.parametrize("case", table("""
    step       on           at      status   kept
    visit      2026-11-25   -       302      visit
    none       -            -       302      -
    callback   2026-11-25   14:30   302      callback
    callback   2026-11-25   -       422      call
    visit      2026-11-01   -       422      call
    visit      -            -       422      call
    dance      2026-11-25   -       422      call
"""), ids=lambda case: f"{case['step']} {case['on']}")  # fmt: skip
def test_the_next_step_is_set_without_an_attempt(worked, case):
    fields = {"next_step": case["step"], "next_step_on": case["on"], "next_step_at": case["at"]}
    given = {name: "" if value == "-" else value for name, value in fields.items()}
    answer = worked.post("omar", "/accounts/{NIL-1}/next-steps", **given)
    assert answer.status_code == int(case["status"])
    step = Account.objects.get(number="NIL-1").next_step
    assert step == ("" if case["kept"] == "-" else case["kept"])


def test_money_of_a_receipt_goes_to_other_lines(worked):
    path, q1, q2 = "/receipts/{CAI-1}/reallocations", worked.book["Q1"], worked.book["Q2"]
    text = worked.read("sara", path)
    assert f'name="line-{q1}" inputmode="decimal" value="100,000.00"' in text
    assert "160,000.00" not in text and "60,000.00" in text
    given = {f"line-{q1}": "70,000", f"line-{q2}": "30,000", "reason": "for Q2 said the payer"}
    answer = worked.post("sara", path, headers=HTMX, **given)
    assert answer["HX-Redirect"] == worked.path("/receipts/{CAI-1}")
    assert pays(worked, "CAI-1") == {q1: 70_000_00, q2: 30_000_00}
    assert "The money is moved." in worked.read("sara", "/receipts/{CAI-1}")


def pays(desk, receipt: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in Allocation.objects.filter(receipt_id=desk.book[receipt]):
        found[part.obligation_id] = found.get(part.obligation_id, 0) + part.amount_minor
    return {line: amount for line, amount in found.items() if amount}


@pytest.mark.parametrize(
    ("q1", "q2", "said"),
    [
        ("40,000", "60,001", "cannot be followed"),
        ("100,000", "5,000", "cannot be allocated from it"),
        ("abc", "", "abc is not an amount."),
    ],
)
def test_money_that_cannot_be_moved_so_comes_back_as_typed(worked, q1, q2, said):
    lines = {f"line-{worked.book['Q1']}": q1, f"line-{worked.book['Q2']}": q2}
    answer = worked.post("sara", "/receipts/{CAI-1}/reallocations", reason="for Q2", **lines)
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text
    assert f'value="{q1}"' in text and f'value="{q2}"' in text and "for Q2" in text
    assert pays(worked, "CAI-1") == {worked.book["Q1"]: 100_000_00}


def test_who_moves_no_money_alone_asks(worked):
    given = {f"line-{worked.book['Q3']}": "100,000", f"line-{worked.book['Q1']}": "0"}
    worked.post("huda", "/receipts/{CAI-1}/reallocations", reason="for Q3", **given)
    assert "It waits for approval." in worked.read("huda", "/receipts/{CAI-1}")
    assert Request.objects.get().params["instruction"] == [[worked.book["Q3"], 100_000_00]]
    assert pays(worked, "CAI-1") == {worked.book["Q1"]: 100_000_00}


def test_a_reversed_receipt_has_nothing_to_move(worked):
    answer = worked.get("sara", "/receipts/{gone}/reallocations")
    assert answer.url == worked.path("/receipts/{gone}")


@pytest.mark.parametrize("case", table("""
    who     amount     comes_of_it
    omar    1,000.00   waived
    omar    1,000.01   waits
    sara    2,000.00   waived
    sara    2,000.01   waits
    sara    4,000.01   refused
    sara    -          refused
"""), ids=lambda case: f"{case['who']} {case['amount']}")  # fmt: skip
def test_a_charge_is_waived_within_limits(worked, case):
    amount = "" if case["amount"] == "-" else case["amount"]
    answer = worked.post(
        case["who"], "/accounts/{NIL-1}/lines/{fee}/waivers", amount=amount, reason="our delay"
    )
    assert answer.status_code == (422 if case["comes_of_it"] == "refused" else 302)
    assert Adjustment.objects.filter(kind="waiver").exists() == (case["comes_of_it"] == "waived")
    assert Request.objects.exists() == (case["comes_of_it"] == "waits")
    if case["comes_of_it"] == "refused":
        assert "our delay" in answer.content.decode()


def test_the_price_is_not_waived(worked):
    path = "/accounts/{NIL-1}/lines/{Q2}/waivers"
    answer = worked.post("sara", path, amount="10", reason="-")
    assert answer.status_code == 422 and "cannot be given up here" in answer.content.decode()


@pytest.mark.parametrize("case", table("""
    who     way     amount       on           comes_of_it
    huda    raise   500.00       2026-11-22   500.00
    sara    lower   500.00       2026-11-20   -500.00
    huda    lower   500.00       2026-11-22   waits
    sara    lower   100,000.01   2026-11-22   refused
    sara    raise   1.00         2026-11-23   refused
    sara    raise   1.00         2025-12-31   refused
    sara    -       1.00         2026-11-22   refused
"""), ids=lambda case: f"{case['who']} {case['way']} {case['amount']}")  # fmt: skip
def test_a_line_is_adjusted_up_or_down(worked, case):
    fields = {"way": case["way"].strip("-"), "amount": case["amount"], "reason": "the area"}
    answer = worked.post(
        case["who"], "/accounts/{NIL-1}/lines/{Q3}/adjustments", effective_on=case["on"], **fields
    )
    is_done = case["comes_of_it"].endswith("00")
    assert answer.status_code == (422 if case["comes_of_it"] == "refused" else 302)
    assert Request.objects.exists() == (case["comes_of_it"] == "waits")
    assert Adjustment.objects.exists() == is_done
    if is_done:
        made = Adjustment.objects.get()
        assert f"{made.amount_minor / 100:.2f}" == case["comes_of_it"]
        assert made.effective_on == date.fromisoformat(case["on"])


def test_a_line_raised_by_mistake_is_cancelled(worked):
    small = Obligation.objects.create(
        account_id=worked.book["NIL-1"], category="fee", amount_minor=1_000_00, due_on=TODAY,
        raised_on=TODAY, recorded_at=NOW,
    )  # fmt: skip
    path = f"/accounts/{{NIL-1}}/lines/{small.id}/cancellations"
    assert worked.post("sara", path, reason="").status_code == 422
    worked.post("sara", path, reason="raised twice")
    assert Adjustment.objects.get().amount_minor == -1_000_00
    worked.post("sara", "/accounts/{NIL-1}/lines/{Q3}/cancellations", reason="too much for her")
    assert "It waits for approval." in worked.read("sara", "/accounts/{NIL-1}")
    assert Adjustment.objects.count() == 1


def test_something_more_is_owed(worked):
    fields = {"category": "legal_cost", "amount": "750.50", "due_on": LATER, "label": "Notary"}
    for bad in ({"category": "weather"}, {"amount": "0"}, {"due_on": ""}, {"contract_id": "999"}):
        answer = worked.post("huda", "/accounts/{NIL-1}/obligations", **{**fields, **bad})
        assert answer.status_code == 422 and "Notary" in answer.content.decode(), bad
    deed = worked.book["deed"]
    worked.post("huda", "/accounts/{NIL-1}/obligations", contract_id=deed, **fields)
    made = Obligation.objects.latest("id")
    assert (made.amount_minor, made.contract_id, made.label) == (750_50, deed, "Notary")
    assert "Notary" in worked.read("lina", "/accounts/{NIL-1}")


def test_what_accrued_is_explained_before_it_is_assessed(desk):
    before = Obligation.objects.count()
    text = desk.read("huda", "/accounts/{NIL-1}/accruals?until_on=2026-10-01")
    # Q2: nine days on 100,000 until CAI-2 came, twenty-one on what was left.
    for said in ("1,065.21", "443.84", "621.37", "60,000.00", "18%", "× 9/365", "× 21/365"):
        assert said in text, said
    assert "Q3" not in text and Obligation.objects.count() == before
    desk.post("huda", "/accounts/{NIL-1}/penalties", contract_id=desk.book["deed"],
              until_on="2026-10-01")  # fmt: skip
    assert Obligation.objects.latest("id").amount_minor == 1_065_21
    text = desk.read("huda", "/accounts/{NIL-1}/accruals?until_on=2026-11-22")
    assert "1,065.21" in text and "was assessed before" in text and "Q3" in text


@pytest.mark.parametrize("case", table("""
    until        said
    2026-11-23   they can be assessed, not to
    2026-08-15   Nothing has accrued
    soon         This is not a date.
"""), ids=lambda case: case["until"])  # fmt: skip
def test_a_day_nothing_can_be_assessed_to_is_told(desk, case):
    asked = f"/accounts/{{NIL-1}}/accruals?until_on={case['until']}"
    assert case["said"] in desk.read("huda", asked)
    answer = desk.post(
        "huda", "/accounts/{NIL-1}/penalties", contract_id=desk.book["deed"], until_on=case["until"]
    )
    assert answer.status_code == 422 and case["said"] in answer.content.decode()
    assert f'value="{case["until"]}"' in answer.content.decode()
    assert not Obligation.objects.filter(category="penalty").exists()


def test_where_nothing_accrues_nothing_is_assessed(desk):
    assert desk.get("huda", "/accounts/{NIL-2}/penalties").status_code == 422
    assert "/penalties" not in desk.read("huda", "/accounts/{NIL-2}")


def test_hand_over_gives_the_lines_that_wait_their_days(desk):
    path = "/accounts/{NIL-1}/contracts/{deed}/events"
    text = desk.read("sara", path)
    assert "Delivery" in text and 'value="handover"' in text and "100,000.00" in text
    for bad in ({"code": "roof"}, {"happened_on": "2026-11-23"}, {"happened_on": ""}):
        fields = {"code": "handover", "happened_on": TODAY.isoformat(), "document": "H-7", **bad}
        answer = desk.post("sara", path, **fields)
        assert answer.status_code == 422 and "H-7" in answer.content.decode(), bad
    desk.post("sara", path, code="handover", happened_on="2026-11-20", document="H-7")
    dated = ObligationDue.objects.get()
    assert (dated.obligation_id, dated.due_on) == (desk.book["Q6"], date(2026, 11, 20))
    assert "/events?code=" not in desk.read("sara", "/accounts/{NIL-1}")
    assert desk.get("sara", path).status_code == 422


def test_a_whole_identity_number_is_shown_once_and_recorded(desk):
    party = Account.objects.get(number="NIL-1").party_id
    assert ID not in desk.read("sara", "/accounts/{NIL-1}")
    answer = desk.post(
        "sara", "/accounts/{NIL-1}/reveals", party_id=party, form_key="k", headers=HTMX
    )
    assert ID in answer.content.decode() and "<html" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    made = Event.objects.get(verb="identity.reveal")
    assert made.account_id == desk.book["NIL-1"] and ID not in str(made.facts)
    again = desk.post(
        "sara", "/accounts/{NIL-1}/reveals", party_id=party, form_key="k", headers=HTMX
    )
    assert again.status_code == 204 and Event.objects.filter(verb="identity.reveal").count() == 1
    page = desk.post("sara", "/accounts/{NIL-1}/reveals", party_id=party)
    assert ID in page.content.decode() and "<html" in page.content.decode()
    text = desk.read("lina", "/accounts/{NIL-1}")
    assert ID not in text and "Sara read the identity number of" in text


@pytest.mark.parametrize("case", table("""
    who        account   status
    lina       NIL-1     403
    omar       NIL-1     403
    auditor    NIL-1     403
    stranger   NIL-1     404
    cm         NIL-1     404
"""), ids=lambda case: case["who"])  # fmt: skip
def test_who_may_not_see_a_whole_identity_number(desk, case):
    party = Account.objects.get(number="NIL-1").party_id
    answer = desk.post(case["who"], f"/accounts/{{{case['account']}}}/reveals", party_id=party)
    assert answer.status_code == int(case["status"]) and ID not in answer.content.decode()
    assert not Event.objects.filter(verb="identity.reveal").exists()


def test_a_number_nobody_knows_and_a_party_of_another_account(desk):
    wife = Account.objects.get(number="NIL-1").contracts.get().parties.exclude(role="debtor")
    other = Account.objects.get(number="DXB-1").party_id
    for party in (wife.latest("id").party_id, other):
        answer = desk.post("sara", "/accounts/{NIL-1}/reveals", party_id=party)
        assert answer.status_code == 422
    assert not Event.objects.filter(verb="identity.reveal").exists()
