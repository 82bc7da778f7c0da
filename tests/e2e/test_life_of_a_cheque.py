"""The worked life of one cheque, day by day and all through the screens, to the last piastre.

The same story as tests/stories/test_one_cheque.py tells to the verbs: presented, returned, paid in
part by a transfer the bank shows, replaced, cleared, handed back, the penalty waived by half.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.actions.statements import IBAN, mt940
from tests.e2e.conftest import PASSWORD, Site, _wait_for, environment

BANK = "NPD-PRI · Delta Commercial Bank · EGP"


class Town(Site):
    """One book of its own, served on the day it is; everybody keeps their browser."""

    def __init__(self, home: Path, browser: Browser) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        super().__init__(f"http://127.0.0.1:{self.port}", home)
        self.browser, self.server = browser, None
        self.pages: dict[str, Page] = {}
        self.faults: list[str] = []
        self.today = "2026-10-06"
        self._run("-m", "tests.e2e.one_cheque")

    def on(self, day: str) -> None:
        """It is that day, and the server stands."""
        self.stop()
        self.today = day
        self.server = subprocess.Popen(
            [sys.executable, "-m", "tahsil.cli.main", "serve"],
            env=self._environment(), stdout=subprocess.DEVNULL,
        )  # fmt: skip
        _wait_for(self.address)

    def close_the_day(self) -> None:
        """The run of the day, and then every invariant over what was done in the browser."""
        self._run("-m", "tahsil.cli.main", "day")
        self._run("-m", "tahsil.cli.main", "check")  # exits with 1 where anything does not hold

    def stop(self) -> None:
        """The server is down."""
        if self.server:
            self.server.terminate()
            self.server.wait(20)

    def sees(self, name: str, address: str) -> Page:
        """What that person finds there, in their own browser."""
        if name not in self.pages:
            page = self.browser.new_context(locale="en-GB").new_page()
            page.set_default_timeout(8000)
            page.on("pageerror", lambda fault: self.faults.append(str(fault)))
            page.goto(self.address + "/sign-in")
            page.fill("[name=username]", name)
            page.fill("[name=password]", PASSWORD)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            self.pages[name] = page
        page = self.pages[name]
        answer = page.goto(self.address + address)
        assert answer and answer.ok, f"{name} at {address}: {answer and answer.status}"
        return page

    def fills(self, name: str, address: str, **values: Any) -> Page:
        """That person fills the form there in and sends it; a refusal fails."""
        page = self.sees(name, address)
        for field, value in values.items():
            box = page.locator(f"form.form [name={field}]").first
            if box.evaluate("each => each.tagName") == "SELECT":
                box.select_option(value)
            elif box.get_attribute("type") in ("checkbox", "radio"):
                page.locator(f"form.form [name={field}][value='{value}']").check()
            else:
                box.fill(str(value))
        with page.expect_navigation():
            page.locator("form.form .main").click()
        expect(page.locator(".refusal")).to_have_count(0)
        return page

    def agrees(self, name: str) -> None:
        """That person says yes to what was asked last."""
        page = self.sees(name, "/approvals")
        with page.expect_navigation():
            page.get_by_role("button", name="Approve").first.click()
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    def _run(self, *words: str) -> None:
        subprocess.run([sys.executable, *words], env=self._environment(), check=True,
                       capture_output=True)  # fmt: skip

    def _environment(self) -> dict[str, str]:
        more = {"TAHSIL_TODAY": self.today, "PORT": str(self.port)}
        return environment(self.home) | more


@pytest.fixture
def town(tmp_path, browser) -> Iterator[Town]:
    made = Town(tmp_path, browser)
    yield made
    made.stop()
    for page in made.pages.values():
        page.context.close()
    assert not made.faults, made.faults


def paper(town: Town, number: str) -> str:
    """The address of the cheque with that number, from the register."""
    page = town.sees("mervat", "/instruments?view=all")
    found = page.get_by_role("link", name=number).first.get_attribute("href")
    assert found
    return found


def state(town: Town, address: str) -> str:
    return town.sees("mervat", address).locator(".badge").first.inner_text().casefold()


def verified(town: Town, address: str) -> None:
    """One officer looks the cheque over, another agrees."""
    page = town.sees("mervat", address + "/verify")
    for box in page.locator("[name=checklist]").all():
        box.check()
    with page.expect_navigation():
        page.locator("form.form .main").click()
    assert state(town, address) == "provisional"
    town.agrees("tarek")


def presented(town: Town, number: str) -> None:
    """The cheque goes to the bank on a slip of its own."""
    page = town.sees("mervat", "/instruments?view=present")
    for box in page.locator("[name=instrument]").all():
        box.uncheck()
    page.get_by_role("row").filter(has_text=number).locator("[name=instrument]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Deposit slip").click()
    page.select_option("[name=bank_account_id]", label=BANK)
    with page.expect_navigation():
        page.locator("form.form .main").click()


def line(town: Town, said: str) -> dict[str, str]:
    """What the page of that line of Mona's account says, and its address."""
    page = town.sees("omar", "/accounts/1")
    row = page.locator("table.lines tbody tr").filter(has_text=re.compile(said, re.I)).first
    address = row.locator("a[href*='/lines/']").first.get_attribute("href")
    assert address
    page = town.sees("omar", address)
    heads = page.locator("dl.pairs dt").all_inner_texts()
    return dict(zip(heads, page.locator("dl.pairs dd").all_inner_texts(), strict=True)) | {
        "address": address
    }


def test_the_life_of_one_cheque(town, tmp_path):
    town.on("2026-10-06")
    town.fills("lina", "/accounts/1/instruments", number="000123", bank="NBE", amount="144000",
               matures_on="2026-10-13", drawer="Mona Adel")  # fmt: skip
    old = paper(town, "000123")
    verified(town, old)
    town.fills("mervat", old + "/lodge", document="list 7")
    assert state(town, old) == "bank custody"

    town.on("2026-10-13")
    presented(town, "000123")
    assert state(town, old) == "under collection"

    town.on("2026-10-15")
    town.fills("huda", old + "/bounce", said="الرصيد لا يكفي", memo="memo 55", charge_minor="150")
    assert state(town, old) == "bounced"
    town.fills("lina", "/accounts/1/promises", amount="100000", promised_on="2026-10-20",
               instrument="transfer")  # fmt: skip

    town.on("2026-10-20")
    matched(town, tmp_path)
    assert state(town, old) == "bounced"
    assert line(town, "Q02")["Open"] == "44,000.00 EGP"

    town.on("2026-11-02")
    town.fills("lina", "/accounts/1/instruments", number="000541", bank="NBE", amount="44000",
               matures_on="2026-11-05", instead_of=old.rpartition("/")[2])  # fmt: skip
    new = paper(town, "000541")
    verified(town, new)
    town.fills("mervat", old + "/replace", instruments=new.rpartition("/")[2])
    town.agrees("sara")
    assert state(town, old) == "replaced"

    town.on("2026-11-05")
    presented(town, "000541")

    town.on("2026-11-08")
    town.fills("huda", new + "/clear", reference="ST-9")
    assert state(town, new) == "cleared"
    assert line(town, "Q02")["Open"] == "0.00 EGP"
    town.fills("mervat", old + "/hand_back", document="signed 11-08")
    town.agrees("adel")
    assert state(town, old) == "returned to customer"
    town.fills("huda", "/accounts/1/penalties")
    assert line(town, "penalty")["Open"] == "909.37 EGP"

    town.on("2026-11-10")
    town.fills("omar", line(town, "penalty")["address"] + "/waivers", amount="454.69",
               reason="first time late")  # fmt: skip
    town.agrees("sara")
    assert line(town, "penalty")["Open"] == "454.68 EGP"
    assert line(town, "15 Oct")["Open"] == "500.00 EGP"  # the fee of the bounce
    assert line(town, "Q02")["Open"] == "0.00 EGP"
    expect(town.sees("omar", "/accounts/1").get_by_text("954.68").first).to_be_visible()
    town.close_the_day()


def matched(town: Town, folder: Path) -> None:
    """The bank's file shows the transfer; an accountant sets it to the instalment."""
    file = folder / "day.sta"
    said = mt940((100_000_00, "TRANSFER M FATHI"), day=date(2026, 10, 20))
    file.write_bytes(said.replace(IBAN.encode(), b"NPD-PRI"))
    page = town.sees("huda", "/bank/new")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("100,000.00").first).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Take it in and match").click()
    page = town.sees("huda", "/bank/lines")
    page.locator("tr", has_text="M FATHI").focus()
    expect(page.locator("#panel h2")).to_contain_text("100,000.00")
    page.locator("#panel details", has_text="Another account").evaluate("each => each.open = true")
    page.locator("#panel [type=search]").fill("B-12")
    page.locator("#found").get_by_role("button", name="Add").click()
    expect(page.locator("#parts .money-in").first).to_have_value("100000.00")
    page.locator("#parts summary").click()
    page.locator("#parts tr", has_text="Q02").locator("input").fill("100000")
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm these parts").click()
