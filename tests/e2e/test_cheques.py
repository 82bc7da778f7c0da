"""A cheque's way through the browser: taken in, verified by two, presented, returned, cleared."""

from __future__ import annotations

import pytest

CHECKS = "[name=checklist]"


@pytest.fixture
def papers(visit, site):
    """What the desk does, page by page; each answers where the browser is then."""

    class Desk:
        def capture(self, number: str, amount: str, dated: str) -> str:
            page = visit("lina")
            page.goto(site.address + "/accounts/1/instruments")
            for name, value in (("number", number), ("bank", "Horus Bank"), ("amount", amount),
                                ("matures_on", dated)):  # fmt: skip
                page.fill(f"[name={name}]", value)
            self.press(page)
            page.goto(site.address + f"/search?q={number}")
            page = visit("mervat")
            page.goto(site.address + "/instruments?view=all")
            return page.get_by_role("link", name=number).first.get_attribute("href")

        def press(self, page) -> None:
            with page.expect_navigation():
                page.locator("form.form .main").click()

        def approve(self, name: str) -> None:
            page = visit(name)
            page.goto(site.address + "/approvals")
            with page.expect_navigation():
                page.get_by_role("button", name="Approve").first.click()

    return Desk()


def test_a_cheque_is_taken_in_verified_presented_and_cleared(visit, site, papers):
    address = site.address + papers.capture("777001", "1000", "2026-11-22")
    page = visit("mervat")
    page.goto(address + "/verify")
    for box in page.locator(CHECKS).all():
        box.check()
    papers.press(page)
    assert "provisional" in page.locator(".badge").first.inner_text()
    papers.approve("tarek")
    page.goto(address)
    assert "in safe" in page.locator(".badge").first.inner_text()

    page.goto(site.address + "/instruments?view=present")
    for box in page.locator("[name=instrument]").all():
        box.uncheck()
    page.get_by_role("row").filter(has_text="777001").locator("[name=instrument]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Deposit slip").click()
    page.select_option("[name=bank_account_id]", label="NPD-PRI · Delta Commercial Bank · EGP")
    papers.press(page)
    page.goto(address)
    assert "under collection" in page.locator(".badge").first.inner_text()

    bank = visit("huda")
    bank.goto(address + "/clear")
    bank.fill("[name=reference]", "ST-2211")
    papers.press(bank)
    assert "cleared" in bank.locator(".badge").first.inner_text()
    assert "ST-2211" in bank.content()


def test_a_move_that_lacks_its_document_says_so_and_keeps_what_was_typed(visit, site, papers):
    address = site.address + papers.capture("777002", "500", "2026-11-22")
    page = visit("mervat")
    page.goto(address + "/verify")
    page.fill("[name=place]", "safe 2")
    page.locator(CHECKS).first.check()
    page.locator("form.form .main").click()
    page.wait_for_selector(".refusal, [role=alert]")
    assert page.input_value("[name=place]") == "safe 2"
