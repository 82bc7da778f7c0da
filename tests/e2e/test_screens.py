"""Every screen, in both directions, on a desk and on a telephone, in light and dark.

Each is opened, must be free of faults axe can find, and must not scroll sideways on a telephone.
With TAHSIL_SCREENS set the pictures go to docs/screens (`make screens`).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SCREENS = {
    "home": ("sara", "/?currency=EGP"),
    "worklist": ("lina", "/worklist"),
    "account": ("lina", "/accounts/1"),
    "attempt": ("lina", "/accounts/1/attempts"),
    "receipt": ("lina", "/accounts/1/receipts"),
    "statement": ("lina", "/accounts/1/statement"),
    "promises": ("omar", "/promises"),
    "collection": ("huda", "/receipts"),
    "ageing": ("sara", "/ageing"),
    "cheques": ("mervat", "/instruments"),
    "maturities": ("mervat", "/instruments/calendar"),
    "cheque": ("mervat", "/instruments/1"),
    "capture": ("lina", "/accounts/1/instruments"),
    "safe": ("mervat", "/safe"),
    "hand-over": ("mervat", "/safe/hand-overs/2"),
    "bank": ("huda", "/bank/lines"),
    "cash": ("karim", "/cash"),
    "cash-exceptions": ("sara", "/cash/exceptions"),
    "unapplied": ("huda", "/unapplied"),
    "numbers": ("huda", "/receipts/numbers"),
    "reconcile": ("sara", "/accounts/4/reconcile"),
    "deviations": ("sara", "/reconcile/deviations"),
    "tie-out": ("huda", "/tie-out"),
    "journal": ("huda", "/journal"),
    "search": ("sara", "/search?q=ahmed"),
    "imports": ("huda", "/imports"),
    "approvals": ("sara", "/approvals"),
    "people": ("admin", "/people"),
    "policies": ("auditor", "/policies"),
    "ladder": ("auditor", "/policies/ladder/developer"),
    "events": ("auditor", "/events"),
}
LOOKS = {
    "en": ("en", "1440x900", "light"),
    "ar": ("ar", "1440x900", "light"),
    "en-dark": ("en", "1440x900", "dark"),
    "ar-phone": ("ar", "390x844", "light"),
}
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("screen", SCREENS)
def test_screen(visit, site, screen: str, look: str):
    from axe_playwright_python.sync_playwright import Axe

    name, path = SCREENS[screen]
    language, size, scheme = LOOKS[look]
    page = visit(name, language=language, size=size, scheme=scheme)
    answer = page.goto(site.address + path)
    page.wait_for_load_state("networkidle")
    assert answer is not None
    assert answer.status == 200
    if os.environ.get("TAHSIL_SCREENS"):
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=FOLDER / f"{screen}-{look}.png")
    width = int(size.split("x")[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    faults = [(each["id"], each["help"]) for each in found.response["violations"]]
    assert not faults, faults
