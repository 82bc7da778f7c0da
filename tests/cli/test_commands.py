"""The commands on a real database, as a user runs them."""

from __future__ import annotations

import json
import socket
import tarfile

import pytest

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" in __import__("os").environ, reason="these make SQLite databases of their own"
)


def test_without_a_database_one_is_told_what_to_do(empty):
    for words in (["day"], ["ageing"], ["explain", "1"], ["import", "list"], ["serve"]):
        done = empty(*words)
        assert done.returncode == 1, words
        assert "tahsil init" in done.stderr


def test_init_prints_the_first_password_once(empty):
    first = empty.json("init", "--username", "root")
    assert first["username"] == "root" and len(first["password"]) >= 12
    again = empty.json("init")
    assert (again["username"], again["password"], again["policies"]) == ("", "", 0)


def test_demo_leaves_a_used_database_alone(tahsil):
    done = tahsil("demo")
    assert done.returncode == 1
    assert "holds a portfolio already" in done.stderr
    assert tahsil("demo", "--if-new").returncode == 0


def test_the_day_twice_changes_nothing_the_second_time(tahsil):
    summary = tahsil.json("day")
    assert summary["changed"] == 0
    assert summary["standings_written"] == 0
    assert summary["accounts"] == 60


def test_a_rehearsal_changes_nothing(tahsil):
    before = tahsil.json("check")
    summary = tahsil.json("day", "--rehearse", "--as-of", "2026-11-23")
    assert summary["is_rehearsal"] and summary["as_of"] == "2026-11-23"
    assert tahsil.json("check") == before


def test_the_book_of_the_demo_is_sound(tahsil):
    checked = tahsil.json("check")
    assert checked["is_sound"], checked["findings"][:5]
    compared = tahsil.json("rebuild", "--compare")
    assert (compared["accounts"], compared["differing"]) == (60, 0)


def test_the_worklist_has_reasons(tahsil):
    found = tahsil.json("worklist", "--collector", "lina")
    numbers = [line["number"] for line in found["page"]["rows"]]
    assert numbers[0] == "NPD-1001"
    assert all(line["reasons"] for line in found["page"]["rows"])
    said = tahsil("worklist", "--collector", "lina").stdout
    assert "NPD-1001" in said and "A cheque bounced" in said


def test_a_collector_sees_own_accounts_only(tahsil):
    found = tahsil.json("worklist", "--as", "karim")
    assert {line["product"] for line in found["page"]["rows"]} == {"car"}
    done = tahsil("explain", "NPD-1001", "--as", "karim")
    assert done.returncode == 1 and done.stderr


@pytest.mark.parametrize("named", ["NPD-1001", "npd-1001", "1"])
def test_explain_takes_a_number_or_an_id(tahsil, named):
    found = tahsil.json("explain", named)
    assert found["account"]["number"] == "NPD-1001"
    assert found["steering"]["rung"] == "bounced"
    assert found["figures"]["overdue_minor"] == 14_400_000


def test_explain_shows_the_test_that_decided(tahsil):
    said = tahsil("explain", "NPD-1013").stdout
    assert "-> day_90" in said
    assert "dpd" in said and "95 >= 90  yes" in said


def test_the_past_is_another_answer(tahsil):
    found = tahsil.json("explain", "NPD-1001", "--as-of", "2026-11-19")
    assert found["figures"]["overdue_minor"] == 0


def test_who_is_not_there_is_named(tahsil):
    assert "no account" in tahsil("explain", "NPD-9").stderr
    said = tahsil("worklist", "--collector", "nobody")
    assert said.returncode == 1 and "lina" in said.stderr


def test_a_journal_balances_in_every_form(tahsil, tmp_path):
    found = tahsil.json("journal", "--since", "2026-10-01", "--policy", "B")
    assert found["batches"]
    assert all(batch["debit_minor"] == batch["credit_minor"] for batch in found["batches"])
    for form in ("csv", "xlsx", "beancount", "erpnext", "odoo"):
        out = tmp_path / f"journal.{form}"
        done = tahsil("journal", "--since", "2026-11-15", "--format", form, "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert out.stat().st_size > 100
    refused = tahsil("journal", "--since", "2026-11-30")
    assert refused.returncode == 1 and "has come" in refused.stderr


def test_a_voucher_as_text_json_and_paper(tahsil, tmp_path):
    found = tahsil.json("voucher", "receipt", "1")
    assert found["words"]["ar"] and found["words"]["en"]
    out = tmp_path / "v.pdf"
    done = tahsil("voucher", "receipt", "1", "--lang", "ar", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"%PDF")
    assert "pounds" in tahsil("voucher", "receipt", "1").stdout
    assert tahsil("voucher", "slip", "99999").returncode == 1


def test_a_statement_as_text_json_and_papers(tahsil, tmp_path):
    found = tahsil.json("statement", "NPD-1001")
    assert found["header"]["account_number"] == "NPD-1001"
    assert sum(line["open_minor"] for line in found["lines"]) == found["footer"]["owed_minor"]
    for kind, head in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        out = tmp_path / f"s.{kind}"
        done = tahsil("statement", "1", "--format", kind, "--lang", "ar", "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert out.read_bytes().startswith(head)
    again = tahsil("statement", "1", "--format", "pdf", "--out", str(tmp_path / "s.pdf"))
    assert again.returncode == 1 and "already" in again.stderr


def test_ageing_ties_out(tahsil):
    found = tahsil.json("ageing")
    assert found["totals"] and not any(found["ties"].values())
    for total in found["totals"]:
        sums = total["amounts"]
        columns = ("in_grace_minor", "due_today_minor", "not_due_minor", "undated_minor",
                   "disputed_minor")  # fmt: skip
        whole = sum(sums["buckets"]) + sum(sums[name] for name in columns)
        assert whole - sums["unapplied_minor"] == sums["balance_minor"]


@pytest.mark.parametrize("name", ["collection", "home", "orphans"])
def test_reports(tahsil, name):
    assert tahsil("report", name).returncode == 0
    assert isinstance(tahsil.json("report", name), dict | list)


def test_an_unknown_report_names_the_known(tahsil):
    done = tahsil("report", "gossip")
    assert done.returncode == 1 and "collection" in done.stderr


def test_imports_are_listed_and_refused(tahsil, tmp_path):
    assert tahsil.json("import", "list") == []
    done = tahsil("import", str(tmp_path / "none.xlsx"))
    assert done.returncode == 1 and "There is no file" in done.stderr
    assert tahsil("import", "undo", "x").returncode == 1
    assert tahsil("import", "undo").returncode == 1


def test_a_template_is_a_workbook(tahsil, tmp_path):
    out = tmp_path / "customers.xlsx"
    done = tahsil("import", "template", "customers", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"PK")


def test_events_are_sealed_once(tahsil):
    tahsil("seal")
    assert tahsil.json("seal") == {"sealed": 0}


def test_a_backup_comes_back_whole(tahsil, empty, tmp_path):
    kept = tmp_path / "kept.tar.gz"
    assert tahsil.json("backup", str(kept))["files"] >= 2  # the database and a snapshot
    assert tahsil("backup", str(kept)).returncode == 1
    restored = empty("restore", str(kept))
    assert restored.returncode == 0, restored.stderr
    for words in (["ageing"], ["check"], ["explain", "NPD-1013"]):
        assert empty.json(*words) == tahsil.json(*words)
    refused = empty("restore", str(kept))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    assert empty("restore", str(kept), "--replace").returncode == 0


def test_a_damaged_backup_changes_nothing(tahsil, empty, tmp_path):
    kept, broken, cut = (tmp_path / name for name in ("kept.tar.gz", "broken.tar.gz", "cut.tar.gz"))
    tahsil("backup", str(kept))
    with tarfile.open(kept) as archive:
        archive.extractall(tmp_path / "open", filter="data")
    database = tmp_path / "open" / "database.sqlite3"
    content = bytearray(database.read_bytes())
    content[-1] ^= 255
    database.write_bytes(bytes(content))
    with tarfile.open(broken, "w:gz") as archive:
        for each in sorted((tmp_path / "open").rglob("*")):
            archive.add(each, arcname=str(each.relative_to(tmp_path / "open")), recursive=False)
    cut.write_bytes(kept.read_bytes()[:5_000])
    for path, code in ((broken, "restore.checksum"), (cut, "restore.unreadable")):
        done = empty("restore", str(path), "--json")
        assert done.returncode == 1
        assert json.loads(done.stdout)["code"] == code
    assert empty("ageing").returncode == 1  # still nothing there


def test_serve_says_that_a_port_is_taken(tahsil):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        done = tahsil("serve", PORT=str(holder.getsockname()[1]))
    assert done.returncode == 1 and "Set PORT" in done.stderr
    assert tahsil("serve", PORT="web").returncode == 1


def test_the_worker_ends_when_there_is_nothing(tahsil):
    assert tahsil("worker", "--once").returncode == 0
