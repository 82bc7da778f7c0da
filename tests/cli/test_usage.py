"""Every command explains itself; wrong words are told apart from refusals and faults."""

from __future__ import annotations

import argparse

import pytest

from tahsil.cli import frame, main, show
from tahsil.core.grammar.refusal import Refused, RefusedAll


def commands() -> list[str]:
    parser = main.parser()
    found = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return sorted(found.choices)


def test_the_commands_of_the_design_are_there():
    assert set(commands()) >= {
        "init", "demo", "serve", "worker", "import", "day", "worklist", "explain", "statement",
        "ageing", "report", "check", "rebuild", "backup", "restore", "seal",
    }  # fmt: skip


@pytest.mark.parametrize("command", commands())
def test_help_says_what_it_is_for(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main.main([command, "--help"])
    assert ended.value.code == 0
    assert "usage: tahsil" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [[], ["nonsense"], ["day", "--as-of", "31/12/2026"], ["demo", "--accounts", "none"],
     ["ageing", "--by", "mood"]],
    ids=lambda words: " ".join(words) or "nothing",
)  # fmt: skip
def test_wrong_usage_is_two(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main.main(words)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


READS = ("worklist", "explain", "statement", "ageing", "report", "day", "check", "rebuild")


@pytest.mark.parametrize("command", READS)
def test_reads_take_a_date_and_print_json(command, capsys):
    with pytest.raises(SystemExit):
        main.main([command, "--help"])
    said = capsys.readouterr().out
    assert "--as-of" in said and "--json" in said


def run_with(monkeypatch, act, *words) -> int:
    """main() with the command `seal` doing something else."""
    parser = main.parser()
    found = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    found.choices["seal"].set_defaults(run=act)
    monkeypatch.setattr(main, "parser", lambda: parser)
    return main.main(["seal", *words])


def test_a_refusal_is_one_with_its_sentence(monkeypatch, capsys):
    def act(args):
        raise Refused("thing.no", "{thing} cannot be. Try {other}.", thing="This", other="that")

    assert run_with(monkeypatch, act) == 1
    assert capsys.readouterr().err == "This cannot be. Try that.\n"


def test_a_refusal_as_json_has_code_facts_and_parts(monkeypatch, capsys):
    import json

    def act(args):
        parts = [Refused("a.b", "Row {row}.", row=3)]
        raise RefusedAll("all.no", "{count} faults.", parts, count=1)

    assert run_with(monkeypatch, act, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["code"] == "all.no"
    assert said["facts"] == {"count": 1}
    assert said["parts"] == [{"code": "a.b", "detail": "Row 3."}]


def test_a_fault_is_seventy_with_a_reference(monkeypatch, capsys, tmp_path):
    def act(args):
        raise ZeroDivisionError("ours")

    monkeypatch.setenv("TAHSIL_HOME", str(tmp_path))
    assert run_with(monkeypatch, act) == 70
    said = capsys.readouterr().err
    reference = said.partition("reference ")[2][:8]
    log = (tmp_path / "faults.log").read_text()
    assert reference in log and "ZeroDivisionError: ours" in log
    assert "Traceback" not in said


def test_stopping_is_not_a_fault(monkeypatch, capsys):
    def act(args):
        raise KeyboardInterrupt

    assert run_with(monkeypatch, act) == 130


@pytest.mark.parametrize(
    "said, code",
    [
        ("no such table: store_policyversion", "database.not_set_up"),
        ("database is locked", "database.busy"),
        ("unable to open database file", "database.unreachable"),
    ],
)
def test_what_a_database_says_becomes_a_sentence(said, code):
    from django.db.utils import OperationalError

    assert main._of_database(OperationalError(said)).code == code
    assert main._of_database(OperationalError("disk I/O error")) is None


def test_columns_align_in_both_scripts(capsys):
    show.table(["name", "n"], [("محمّد", 5), ("Sara", 1_234)], right="lr")
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["name      n", "----  -----", "محمّد      5", "Sara  1,234"]


def test_progress_is_silent_where_nobody_watches(capsys):
    show.Progress()("rows", 5, 10)
    assert capsys.readouterr().err == ""


def test_progress_counts_and_says_what_is_left(monkeypatch, capsys):
    monkeypatch.setattr(frame, "is_terminal", lambda: True)
    told = show.Progress()
    told.began["rows"] = -(10**9)
    told("rows", 5, 10)
    told("rows", 10, 10)
    said = capsys.readouterr().err
    assert "rows 5 of 10" in said and "left" in said and said.endswith("\n")


def test_plain_keeps_what_json_lacks():
    from datetime import date

    import numpy as np

    value = {"on": date(2026, 1, 2), "n": np.int64(4), "s": {2, 1}, "days": np.arange(2)}
    assert show.plain(value) == {"on": "2026-01-02", "n": 4, "s": [1, 2], "days": [0, 1]}
