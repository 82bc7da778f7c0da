"""An objection in the browser: taken, held against the book, put right, accepted, told."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_customer_objects_the_money_is_moved_and_he_is_told(visit, site):
    page = visit("sara")
    page.goto(site.address + "/accounts?q=NPM-1011")
    account = page.locator("tbody a.name").first.get_attribute("href").partition("?")[0]
    page.goto(f"{site.address}{account}/reconcile")
    page.keyboard.press("o")
    form = page.locator("#sheet")
    form.locator("[name=kind]").select_option("wrong_unit")
    form.locator("[name=note]").fill("I paid in cash, for the month that is late")
    form.locator("[name=claimed_method]").select_option("cash")
    form.locator("[name=receipt_id]").select_option(index=1)
    with page.expect_navigation():
        form.get_by_role("button", name="Record an objection").click()
    expect(page.locator(".claim")).to_contain_text("I paid in cash")
    expect(page.locator(".differs")).to_contain_text("The customer says it was paid by cash")
    # The keyboard walks from a receipt to its line, and what belongs together is lit.
    page.locator("tr:has([data-item^=r]):has([data-item^=l]) [data-item^=r] a").last.focus()
    expect(page.locator(".sides.lit .item.on")).to_have_count(2)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".item.here[data-item^=l]")).to_have_count(1)

    page.locator(".differs a", has_text="Move money").first.click()
    fields = form.locator("input.money-in")
    amount = fields.first.input_value()
    fields.first.fill("")
    form.locator("tr:has(.late) input.money-in, tr input.money-in").nth(1).fill(amount)
    form.locator("[name=reason]").fill("for the month he says")
    with page.expect_navigation():
        form.get_by_role("button", name="Move money").click()

    page.goto(f"{site.address}{account}/reconcile")
    page.keyboard.press("d")
    form.get_by_label("Accepted").check()
    expect(form.locator("[name=act_id] option").first).to_contain_text("for the month he says")
    form.locator("[name=answer]").fill("Your payment stands on that month now.")
    with page.expect_navigation():
        form.get_by_role("button", name="Decide an objection").click()
    expect(page.locator(".claim")).to_contain_text("Your payment stands on that month now.")
    page.goto(site.address + account)
    expect(page.locator(".timeline").last).to_contain_text("decided objection")

    mirrored = visit("sara", language="ar", size="390x844")
    mirrored.goto(f"{site.address}{account}/reconcile")
    expect(mirrored.locator("h1")).to_have_text("المطابقة")
    wide = mirrored.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    mirrored.locator(".pick label", has_text="سندات القبض").click()
    expect(mirrored.locator("td.receipts .item").first).to_be_visible()
    expect(mirrored.locator("td.due .item").first).to_be_hidden()
