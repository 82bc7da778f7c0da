"""A real server with the demo portfolio, and a real browser looking at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "nile-and-palm"
CHROMIUM = os.environ.get("TAHSIL_CHROMIUM") or shutil.which("chromium") or ""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@dataclass
class Site:
    """The served demo: its address, and the data folder behind it."""

    address: str
    home: Path

    def tahsil(self, *words: str) -> str:
        """What a command of the command line prints."""
        command = [sys.executable, "-m", "tahsil.cli.main", *words]
        done = subprocess.run(
            command, env=environment(self.home), capture_output=True, text=True, check=True
        )
        return done.stdout


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return kept | {"TAHSIL_HOME": str(home), "TAHSIL_TODAY": "2026-11-22"}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo portfolio after today's run, served as `make run` serves it."""
    home = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Site(f"http://127.0.0.1:{port}", home)
    made.tahsil("demo")
    made.tahsil("day")
    server = subprocess.Popen(
        [sys.executable, "-m", "tahsil.cli.main", "serve"],
        env=environment(home) | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(made.address)
        yield made
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("this machine has no chromium")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def passes() -> dict[str, Any]:
    """Who signed in already, with their cookies: signing in is slow on purpose."""
    return {}


@pytest.fixture
def visit(site: Site, browser: Browser, passes: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """Signs somebody in on a page of its own; fails the test on any error in the browser."""
    faults: list[str] = []
    contexts = []

    def signed_in(
        name: str, *, language: str = "en", size: str = "1440x900", scheme: str = "light"
    ):
        width, height = map(int, size.split("x"))
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="en-GB",
            storage_state=passes.get(name),
        )
        contexts.append(context)
        address = site.address
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: _note(faults, said))
        if name not in passes:
            page.goto(address + "/sign-in")
            page.fill("[name=username]", name)
            page.fill("[name=password]", PASSWORD)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            passes[name] = context.storage_state()
        context.add_cookies([{"name": "tahsil_language", "value": language, "url": address}])
        if page.url == "about:blank":
            page.goto(address + "/")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert not faults, faults


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address + "/sign-in", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the server did not come up")


def _note(faults: list[str], said) -> None:
    """Errors count, save that the browser calls every refused form one."""
    if said.type == "error" and "status of 422" not in said.text:
        faults.append(said.text)
