"""Files taken in and programs let in, from the command line: import, undo, token."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" in __import__("os").environ, reason="these make SQLite databases of their own"
)
WORKBOOKS = Path(__file__).resolve().parents[2] / "demo" / "workbooks"
NILE = ("--creditor", "NPD")


@pytest.fixture
def own(tahsil, tmp_path) -> Shell:
    """The command on a copy of the demo that a test may change."""
    home = tmp_path / "home"
    shutil.copytree(tahsil.home, home)
    return Shell(home)


def totals(shell: Shell) -> dict:
    return shell.json("check")["totals"]


@pytest.mark.parametrize("name", ["L1_customers.csv", "L3_schedule.xlsx"])
def test_a_file_is_previewed_taken_listed_and_undone(own, name):
    before = own.json("ageing")
    path = str(WORKBOOKS / name)
    preview = own.json("import", path, *NILE, "--dry-run")
    assert sum(preview["records"].values()) > 10 and preview["agrees"]
    assert own.json("import", "list") == [] and own.json("ageing") == before
    taken = own.json("import", path, *NILE)
    batch = taken["batch"]
    assert (batch["file_name"], batch["state"]) == (name, "committed")
    assert sum(taken["statuses"].values()) == sum(preview["records"].values()) + preview["rejected"]
    assert batch["counts"]["new"] == taken["statuses"]["new"] > 10
    assert (own.json("ageing") == before) == (name[:2] == "L1")
    assert [row["id"] for row in own.json("import", "list")] == [batch["id"]]
    assert own.json("import", "undo", str(batch["id"]))["batch"]["state"] == "undone"
    assert own.json("ageing") == before
    assert own.json("check")["is_sound"]


def test_what_an_import_did_is_said_in_words(own, tmp_path):
    done = own("import", str(WORKBOOKS / "L1_customers.xlsx"), *NILE)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Import 1 of L1_customers.xlsx: committed; new 14.\n"
    again = own("import", str(WORKBOOKS / "L1_customers.xlsx"), *NILE)
    assert again.stdout == "Import 2 of L1_customers.xlsx: committed; same 14.\n"
    assert own("import", "rejects", "1", str(tmp_path / "rejects.xlsx")).returncode == 0
    assert (tmp_path / "rejects.xlsx").read_bytes().startswith(b"PK")
    nobodys = own("import", str(WORKBOOKS / "L1_customers.xlsx"))
    assert nobodys.returncode == 1 and "NPD" in nobodys.stderr


def test_a_token_is_made_listed_and_revoked(own):
    assert own("token").stdout == "There is no token. `tahsil token PERSON` makes one.\n"
    made = own.json("token", "lina", "--name", "dialler")
    assert made["token"].startswith("tahsil_") and (made["person"], made["name"]) == (
        "lina",
        "dialler",
    )
    (row,) = own.json("token")
    assert (row["id"], row["name"], row["is_open"]) == (made["id"], "dialler", True)
    assert made["token"] not in str(row)
    assert own.json("token", "--revoke", str(made["id"]))["id"] == made["id"]
    assert [row["is_open"] for row in own.json("token")] == [False]
    assert "closed" in own("token").stdout
    for words in (["nobody"], ["lina", "--revoke", "1"], ["--revoke", "77"]):
        assert own("token", *words).returncode == 1, words
