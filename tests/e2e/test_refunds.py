"""Money on account paid back, in Arabic: asked for, agreed to by another person, paid, printed."""

from __future__ import annotations

from playwright.sync_api import expect


def test_money_on_account_is_paid_back(visit, site):
    page = visit("huda", language="ar")
    page.goto(site.address + "/unapplied?view=all")
    row = page.locator("tbody tr", has_text="NPP-1007")
    expect(row).to_contain_text("30,000.00")
    row.get_by_role("link", name="رد المبلغ").click()
    sheet = page.locator("#sheet")
    expect(sheet.locator(".money-in").first).to_have_value("30,000.00")
    sheet.locator("[name=reason]").fill("سدد مرتين")
    with page.expect_navigation():
        sheet.get_by_role("button", name="اطلب الرد").click()
    expect(page.locator("#list")).to_contain_text("30,000.00")

    boss = visit("gm", language="ar")
    boss.goto(site.address + "/approvals")
    card = boss.locator("article.request", has_text="30,000.00")
    with boss.expect_navigation():
        card.get_by_role("button", name="موافقة").click()

    page.goto(site.address + "/refunds")
    page.locator("tbody a.name").first.click()
    page.get_by_role("link", name="تسجيل الصرف").click()
    sheet.locator("[name=reference]").fill("TRF-2211")
    with page.expect_navigation():
        sheet.get_by_role("button", name="تسجيل الصرف").click()
    expect(page.locator("h1")).to_contain_text("RF-")
    expect(page.get_by_text("TRF-2211")).to_be_visible()
    answer = page.request.get(page.url + "/voucher.pdf")
    assert answer.body().startswith(b"%PDF")
    page.goto(site.address + "/unapplied?view=all")
    expect(page.get_by_text("NPP-1007")).to_have_count(0)
    assert "holds" in site.tahsil("check")
