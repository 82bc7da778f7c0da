"""Receipts: what one would pay, recorded under its number, printed, taken back."""

import pytest

from tahsil.store.models import Event, Receipt
from tests.conftest import TODAY
from tests.tables import table

HTMX = {"HX-Request": "true"}


def record(desk, who="lina", **fields):
    given = {
        "amount": "70,000.00",
        "value_on": TODAY.isoformat(),
        "instrument": "transfer",
        **fields,
    }
    return desk.post(who, "/accounts/{NIL-1}/receipts", **given)


def test_what_it_would_pay_is_shown_before(desk):
    before = Receipt.objects.count()
    text = desk.read("lina", "/accounts/{NIL-1}/proposals?amount=٧٠٠٠٠")
    assert "Q2" in text and "60,000.00" in text and "Q3" in text and "10,000.00" in text
    assert "in full" in text and "90,000.00" in text
    assert Receipt.objects.count() == before


@pytest.mark.parametrize("case", table("""
    amount   said                     why
    -        -                        nothing typed yet
    1x       1x is not an amount.     half typed
    900000   Unapplied                more than is owed
"""), ids=lambda case: case["why"])  # fmt: skip
def test_a_proposal_says_what_it_can(desk, case):
    amount = "" if case["amount"] == "-" else case["amount"]
    text = desk.read("lina", f"/accounts/{{NIL-1}}/proposals?amount={amount}")
    assert (text.strip() == "") if case["said"] == "-" else (case["said"] in text)


def test_the_payer_said_which_line(desk):
    line = desk.book["Q3"]
    text = desk.read("lina", f"/accounts/{{NIL-1}}/proposals?amount=1000&line-{line}=1000")
    assert "Q3" in text and "Q2" not in text


def test_a_receipt_gets_the_next_number(desk):
    numbers = []
    for amount in ("70,000.00", "1,000.00"):
        assert record(desk, amount=amount).url == desk.path("/accounts/{NIL-1}")
        numbers.append(Receipt.objects.latest("id").number)
    assert numbers == ["CAI-LINA-2026-000001", "CAI-LINA-2026-000002"]
    text = desk.read("lina", "/accounts/{NIL-1}")
    assert "Receipt CAI-LINA-2026-000002 is recorded." in text


def test_the_same_money_again_asks_first(desk):
    record(desk)
    answer = record(desk, payer="his brother")
    text = answer.content.decode()
    assert answer.status_code == 422 and "his brother" in text and 'name="confirm"' in text
    assert record(desk, confirm="1").status_code == 302
    assert Receipt.objects.filter(amount_minor=70_000_00).count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "12.345"}, "has more decimals than"),
        ({"amount": ""}, "This is needed."),
        ({"value_on": "2026-12-01"}, "has not come yet"),
        ({"value_on": "yesterday"}, "This is not a date."),
        ({"instrument": "gold"}, "gold is not a known instrument"),
    ],
)
def test_a_refused_receipt_takes_no_number(desk, fields, said):
    before = Event.objects.count()
    answer = record(desk, note="kept", **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode() and "kept" in answer.content.decode()
    assert Event.objects.count() == before
    record(desk)
    assert Receipt.objects.latest("id").number.endswith("000001")


@pytest.mark.parametrize("case", table("""
    who        status
    lina       200
    auditor    200
    huda       200
    noor       404
    ravi       404
    stranger   404
"""), ids=lambda case: case["who"])  # fmt: skip
def test_a_receipt_is_read_within_reach(desk, case):
    assert desk.get(case["who"], "/receipts/{CAI-1}").status_code == int(case["status"])


def test_the_receipt_as_printed(desk):
    text = desk.read("huda", "/receipts/{CAI-1}")
    for said in ("CAI-1", "100,000.00", "000777", "Nile Homes", "YAS-0014", "Q1"):
        assert said in text, said
    assert "/reversals" in text
    assert "/reversals" not in desk.read("lina", "/receipts/{CAI-1}")
    assert "Reversed on" in desk.read("huda", "/receipts/{gone}")


def test_a_receipt_is_taken_back_for_a_reason(desk):
    record(desk, who="huda", amount="100")
    made = Receipt.objects.latest("id")
    path = f"/receipts/{made.id}/reversals"
    assert "Reason" in desk.read("omar", path)
    assert desk.post("omar", path, reason="").status_code == 422
    assert desk.post("lina", path, reason="mine").status_code == 403
    answer = desk.post("omar", path, reason="wrong account", headers=HTMX)
    assert answer["HX-Redirect"] == f"/receipts/{made.id}"
    text = desk.read("omar", f"/receipts/{made.id}")
    assert f"Receipt {made.number} is reversed." in text and "wrong account" in text
    again = desk.post("omar", path, reason="wrong account")
    assert again.status_code == 422 and "was reversed on" in again.content.decode()


def test_who_has_no_limit_for_it_asks(desk):
    path = "/receipts/{CAI-1}/reversals"
    assert desk.post("huda", path, reason="wrong account").url == desk.path("/receipts/{CAI-1}")
    text = desk.read("huda", "/receipts/{CAI-1}")
    assert "It waits for approval." in text and "is reversed" not in text


def test_a_reversal_without_its_token_does_nothing(desk):
    browser = desk.browser("huda", enforce_csrf_checks=True)
    answer = browser.post(desk.path("/receipts/{CAI-1}/reversals"), {"reason": "x"})
    assert answer.status_code == 403
    assert not Receipt.objects.filter(id=desk.book["CAI-1"], reversal__isnull=False).exists()
