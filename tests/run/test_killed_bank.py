"""A statement's import, a matching run, a slip: killed anywhere and done again, they are done once.

Real processes, really killed, as in test_killed.py: each has a copy of one book.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tahsil.actions import instruments, requests
from tahsil.store.models import Instrument, Obligation
from tests.actions.conftest import book
from tests.actions.machine.cheques import CHECKED
from tests.actions.machine.desk import Desk
from tests.actions.statements import take
from tests.conftest import TODAY
from tests.run.dying_bank import TRANSFERS
from tests.run.test_killed import IS_POSTGRESQL, _postgresql_copies, _sqlite_copies

__all__ = ["book"]
pytestmark = pytest.mark.django_db(transaction=IS_POSTGRESQL)
ASKED = {
    "lines": "SELECT count(*), sum(amount_minor) FROM store_bankline",
    "statements": "SELECT count(*) FROM store_bankstatement",
    "states": "SELECT state, count(*) FROM store_bankline GROUP BY state ORDER BY state",
    "receipts": "SELECT count(*), sum(amount_minor) FROM store_receipt",
    "paid": "SELECT count(*), sum(amount_minor) FROM store_allocation",
    "matches": "SELECT count(*), sum(amount_minor) FROM store_bankmatch",
    "papers": "SELECT state, count(*) FROM store_instrument GROUP BY state ORDER BY state",
    "tries": "SELECT count(*) FROM store_presentment",
    "slips": "SELECT count(*), sum(total_minor) FROM store_depositslip",
    "moves": "SELECT verb, count(*) FROM store_instrumentmove GROUP BY verb ORDER BY verb",
    "events": "SELECT verb, count(*) FROM store_event GROUP BY verb ORDER BY verb",
}


@pytest.fixture
def copies(book, tmp_path):
    """Makes copies of a book with a statement's lines open and four cheques in the safe."""
    made = None

    def prepared(act: str):
        nonlocal made
        desk = Desk(book)
        if act == "match":
            take(desk.ctx("huda"), *TRANSFERS)
        for at in range(4 if act == "slip" else 0):
            _cheque(desk, f"{at + 1:06d}")
        made = _postgresql_copies(tmp_path) if IS_POSTGRESQL else _sqlite_copies(tmp_path)
        return made

    yield prepared
    if made:
        made(None)


def _cheque(desk: Desk, number: str) -> None:
    line = Obligation.objects.filter(account_id=desk.accounts[0]).order_by("-amount_minor").first()
    desk.do(
        "lina", instruments.capture, account_id=desk.accounts[0], number=number, bank="NBE",
        amount_minor=100, matures_on=TODAY, lines=[[line.id, 100]],
    )  # fmt: skip
    paper = Instrument.objects.get(number=number)
    asked = instruments.verify(
        desk.ctx("mervat"), account_id=paper.account_id, instrument_id=paper.id,
        checklist=CHECKED,
    )  # fmt: skip
    requests.approve(desk.ctx("tarek"), request_id=asked.request_id)


def _run(copy, act: str, point: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "TAHSIL_HOME": str(copy.home), "DATABASE_URL": copy.url}
    command = [sys.executable, "-m", "tests.run.dying_bank", act, point]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("act", ["import", "match", "slip"])
def test_killed_and_done_again_is_done_once(copies, act):
    make = copies(act)
    clean = make("clean")
    whole = _run(clean, act, "never")
    assert whole.returncode == 0, whole.stderr
    writes = int(whole.stdout)
    wanted = {name: clean.read(sql) for name, sql in ASKED.items()}
    assert writes > 1  # PostgreSQL takes many rows by COPY, which is not counted
    assert act != "match" or wanted["receipts"][0][0] > 1
    for point in (max(1, writes // 2), writes):
        copy = make(f"at{point}")
        killed = _run(copy, act, str(point))
        assert killed.returncode == -9, killed.stderr
        again = _run(copy, act, "never")
        assert again.returncode == 0, again.stderr
        for name, sql in ASKED.items():
            assert copy.read(sql) == wanted[name], f"{name} after a kill at write {point}"
        shutil.rmtree(copy.home)
