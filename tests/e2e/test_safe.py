"""The safe in the browser: a hand-over with one paper missing, a blind count on a phone."""

from __future__ import annotations

PHONE = "390x844"


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def listed(page, address: str, count: int) -> tuple[str, list[str]]:
    """Mervat lists some papers of the safe for Tarek; the list's page and their numbers."""
    page.goto(address + "/safe/hand-overs/new?place=safe&month=2026-12")
    rows = page.locator("tr").filter(has=page.locator("[name=instrument]"))
    numbers = [rows.nth(n).locator("a.name").inner_text() for n in range(count)]
    for n in range(count):
        rows.nth(n).locator("[name=instrument]").check()
    page.select_option("[name=to_place]", "branch")
    page.select_option("[name=receiver_id]", label="Tarek Aziz")
    press(page, "List them")
    return page.locator("#list a.name").first.get_attribute("href"), numbers


def test_a_hand_over_with_one_paper_missing(visit, site):

    given, numbers = listed(visit("mervat"), site.address, 3)
    page = visit("tarek")
    page.goto(site.address + given)
    page.get_by_role("checkbox", name=numbers[1]).uncheck()
    page.fill("[name=found_count]", "3")
    press(page, "Accept")
    assert "You counted 3" in page.inner_text("[role=alert], .refusal")
    assert not page.get_by_role("checkbox", name=numbers[1]).is_checked()
    page.fill("[name=found_count]", "2")
    press(page, "Accept")
    assert "not there" in page.get_by_role("row").filter(has_text=numbers[1]).inner_text()
    page.get_by_role("link", name=numbers[1]).click()
    page.wait_for_selector("text=Chain of custody")
    assert "held by Mervat Helmy" in page.inner_text("main")
    page.goto(site.address + "/safe")
    assert numbers[1] in page.locator("#matters").inner_text()


def test_a_blind_count_on_a_phone_in_arabic(visit, site):
    given, numbers = listed(visit("mervat"), site.address, 2)
    page = visit("tarek")
    page.goto(site.address + given)
    page.fill("[name=found_count]", "2")
    press(page, "Accept")
    phone = visit("mervat", language="ar", size=PHONE)
    phone.goto(site.address + "/safe/counts/new")
    phone.select_option("[name=place]", "branch")
    with phone.expect_navigation():
        phone.locator("form.form .main").click()
    assert numbers[0] not in phone.inner_text("main")
    for n, number in enumerate([numbers[0], "٩٩٩٠٠١"], 1):
        phone.keyboard.type(number)  # the field has the focus, as a scanner needs it
        phone.keyboard.press("Enter")
        phone.wait_for_function(
            "n => document.querySelectorAll('[name=strike]').length === n", arg=n
        )
    wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert numbers[1] not in phone.inner_text("main")
    with phone.expect_navigation():
        phone.locator("form[action$=ends] .main").click()
    shown = phone.inner_text("main")
    assert numbers[1] in shown
    assert "٩٩٩٠٠١" in shown
    with phone.expect_navigation():
        phone.locator("form[action$=signatures] .main").click()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
