"""Journeys through the browser, as the people of the demo make them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def log_no_answer(page: Page) -> None:
    """c, nobody reached, rings without an answer, record and go to the next: keys only."""
    page.keyboard.press("c")
    page.wait_for_selector("#sheet[open] form")
    page.get_by_label("Nobody").focus()
    page.keyboard.press("Space")
    page.get_by_label("Rings, no answer").focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#after [name=next_step_on]")
    page.get_by_role("button", name="Record, next account").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_collector_works_five_accounts_from_the_keyboard(visit, site):
    page = visit("lina")
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("w")
    with page.expect_navigation():
        page.keyboard.press("n")
    worked = []
    for _ in range(5):
        worked.append(page.url.split("?")[0])
        log_no_answer(page)
    assert len(set(worked)) == 5
    for url in worked:
        page.goto(url)
        expect(page.get_by_text("Rings, no answer").first).to_be_visible()


def test_a_promise_and_a_receipt_change_the_managers_page(visit, site):
    lina, sara = visit("lina"), visit("sara")
    before = _collected_today(sara, site.address)
    lina.goto(site.address + "/accounts/2")
    lina.keyboard.press("c")
    lina.wait_for_selector("#sheet[open] form")
    lina.get_by_label("The debtor, who pays").check()
    lina.get_by_label("Promise, full").check()
    lina.wait_for_selector("#after [name=promised_on]")
    lina.select_option("#sheet [name=reason]", "SALARY_DELAY")
    with lina.expect_navigation():
        lina.locator("#sheet").get_by_role("button", name="Record", exact=True).click()
    expect(lina.locator("#page")).to_contain_text("25 Nov 2026")

    lina.keyboard.press("r")
    lina.wait_for_selector("#sheet[open] form")
    lina.fill("#sheet [name=amount]", "1,234.50")
    with lina.expect_navigation():
        lina.get_by_role("button", name="Record the receipt").click()
    lina.goto(site.address + "/accounts/2")
    expect(lina.locator("#page")).to_contain_text("1,234.50")
    assert _collected_today(sara, site.address) == before + 123_450


def test_a_receipt_of_nothing_is_refused_and_the_form_keeps_what_was_typed(visit, site):
    page = visit("lina")
    page.goto(site.address + "/accounts/1/receipts")
    page.fill("[name=amount]", "nothing")
    page.fill("[name=reference]", "TRF-77")
    page.get_by_role("button", name="Record the receipt").click()
    expect(page.locator("[name=reference]").first).to_have_value("TRF-77")
    expect(page.locator("body")).to_contain_text("nothing is not an amount")


def test_a_name_is_found_in_either_script_and_misspelt(visit, site):
    page = visit("sara")
    for words in ("محمد أحمد علي", "Mohamed Ahmed Aly", "mohammad ahmad ali", "NPD-1001"):
        page.goto(site.address + "/search?q=" + words)
        expect(page.locator("#page")).to_contain_text("NPD-1001")


def test_a_collector_does_not_see_what_is_not_theirs(visit, site):
    page = visit("rohan")
    answer = page.request.get(site.address + "/accounts/1")  # Lina's, in Cairo
    assert answer.status in (403, 404)
    assert "Mohamed" not in answer.text()


def test_arabic_runs_from_right_to_left(visit, site):
    page = visit("nour", language="ar")
    page.goto(site.address + "/worklist")
    assert page.get_attribute("html", "dir") == "rtl"
    expect(page.locator("h1")).to_contain_text("قائمة العمل")


def _collected_today(page: Page, address: str) -> int:
    page.goto(address + "/?currency=EGP")
    figure = page.locator(".figure", has_text="Collected today").first.inner_text()
    found = re.search(r"([\d,]+\.\d\d)", figure)
    assert found, figure
    return int(found.group(1).replace(",", "").replace(".", ""))
