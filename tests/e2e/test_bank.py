"""The bank in the browser: a file taken in, a line matched by keys, and taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.actions.statements import IBAN, mt940


def test_an_accountant_matches_a_line_from_the_keyboard(visit, site, tmp_path):
    file = tmp_path / "day.sta"
    lines = (1_234_00, "SOMEBODY AT THE COUNTER"), (5_00, "NOBODY KNOWS")
    file.write_bytes(mt940(*lines).replace(IBAN.encode(), b"NPD-PRI"))
    page = visit("huda")
    page.goto(site.address + "/bank/new")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("1,239.00").first).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Take it in and match").click()
    page.goto(site.address + "/bank/lines")
    line = page.locator("tr", has_text="SOMEBODY AT THE COUNTER")
    line.focus()
    expect(page.locator("#panel h2")).to_contain_text("1,234.00")
    page.keyboard.press("/")
    page.keyboard.type("NPD-1004")
    page.locator("#found").get_by_role("button", name="Add").click()
    expect(page.locator("#parts .money-in").first).to_have_value("1234.00")
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm these parts").click()
    expect(line).to_have_count(0)
    page.goto(site.address + "/bank/lines?view=matched&q=COUNTER")
    page.keyboard.press("u")
    page.locator("#sheet [name=reason]").fill("another customer")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("tr", has_text="SOMEBODY AT THE COUNTER")).to_have_count(1)
