"""Cash in the browser, on a phone and in Arabic: seen, deposited, counted and closed."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_collector_deposits_and_closes_the_day_on_a_phone(visit, site):
    page = visit("nour", language="ar", size="390x844")
    page.goto(site.address + "/cash")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_text("23,250.00").first).to_be_visible()
    page.locator("a[href^='/cash/deposits/new']").click()
    page.fill("#sheet [name=number]", "260722")
    page.fill("#sheet [name=amount]", "9,000")
    page.locator("#sheet .main").click()
    expect(page.locator("#sheet .refusal")).to_contain_text("8,000.00")
    expect(page.locator("#sheet [name=number]")).to_have_value("260722")
    page.fill("#sheet [name=amount]", "8,000")
    with page.expect_navigation():
        page.locator("#sheet .main").click()
    expect(page.get_by_role("link", name="260722")).to_be_visible()
    page.locator("a[href^='/cash/closings']").click()
    page.fill("#sheet [name=note-20000]", "76")
    page.locator("#sheet .main").click()
    expect(page.locator("#sheet .refusal")).to_contain_text("15,250.00")
    expect(page.locator("#sheet [name=note-20000]")).to_have_value("76")
    page.fill("#sheet [name=note-5000]", "1")
    with page.expect_navigation():
        page.locator("#sheet .main").click()
    expect(page.locator(".toasts")).not_to_be_empty()
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, "the page is wider than the phone"
