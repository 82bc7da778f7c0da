"""A contract ended in Arabic: what it comes to while typing, asked, agreed to, how it ended."""

from __future__ import annotations

import sqlite3

from playwright.sync_api import expect


def test_a_contract_ends(visit, site):
    with sqlite3.connect(site.home / "tahsil.sqlite3") as book:
        account, contract = book.execute(
            "SELECT account_id, id FROM store_contract WHERE number = '2025/01089'"
        ).fetchone()
    page = visit("sara", language="ar")
    page.goto(f"{site.address}/accounts/{account}")
    page.get_by_role("link", name="إنهاء العقد").first.click()
    sheet = page.locator("#sheet")
    expect(sheet.locator("#proposal")).to_contain_text("1,533,333.28")
    sheet.locator("[name=reason]").select_option("customer_wish")
    sheet.locator("[name=document]").fill("محضر 17")
    sheet.locator("[name=charge]").fill("500,000")
    expect(sheet.locator("#proposal")).to_contain_text("2,183,333.28")
    with page.expect_navigation():
        sheet.locator(".foot .main").click()

    boss = visit("gm", language="ar")
    boss.goto(site.address + "/approvals")
    card = boss.locator("article.request", has_text="2025/01089")
    with boss.expect_navigation():
        card.get_by_role("button", name="موافقة").click()

    page.goto(f"{site.address}/accounts/{account}/contracts/{contract}/endings")
    expect(page.get_by_text("محضر 17")).to_be_visible()
    expect(page.locator("tfoot")).to_contain_text("2,183,333.28")
    assert "holds" in site.tahsil("check")
