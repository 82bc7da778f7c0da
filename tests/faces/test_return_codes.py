"""A bank's own return codes: its list taken in by browser, API and command line, and read."""

from __future__ import annotations

from argparse import Namespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tahsil.actions import presenting
from tahsil.cli import return_codes
from tahsil.core.grammar.refusal import Refused
from tahsil.store import returns
from tahsil.store.models import Account, BankAccount, Instrument, PolicyVersion
from tests.conftest import TODAY

LIST = """Code,Wording,Family
77,Funds not enough,NSF
٧٨,صرف موقوف,إيقاف صرف
X9,,insufficient funds
"""


def sent(text: str = LIST) -> SimpleUploadedFile:
    return SimpleUploadedFile("codes.csv", text.encode())


@pytest.fixture
def at_bank(desk):
    """Lina's cheque, at the Nile Bank since today."""
    account = Account.objects.get(number="NIL-1")
    bank = BankAccount.objects.create(
        creditor=account.creditor, code="B1", bank="Nile Bank", currency="EGP", rule="price"
    )
    paper = Instrument.objects.create(
        account=account, number="004777", bank="NBE", amount_minor=1_000_00, matures_on=TODAY,
        state="in_safe", place="safe",
    )  # fmt: skip
    presenting.send(
        desk.book.people.ctx("sara"), bank_account_id=bank.id, instruments=[paper.id], number="S-1"
    )
    desk.book.ids["paper"] = paper.id
    return desk


def taken(desk, **more):
    fields = {"bank": "Nile Bank", "since_on": TODAY.isoformat(), "source": "Circular 4", **more}
    return desk.post("admin", "/policies/return-codes", **{"file": sent(), **fields})


def test_a_list_is_taken_in_and_read_for_its_bank_only(at_bank):
    assert taken(at_bank).status_code == 302
    made = PolicyVersion.objects.get(kind="returns", code="nile_bank")
    assert (made.body["banks"], made.source, len(made.body["items"])) == (
        ["Nile Bank"], "Circular 4", 3,
    )  # fmt: skip
    read = {said: returns.read("nile bank", said, TODAY) for said in ("77", "78", "x9", "ZZ")}
    assert [each and each.family for each in read.values()] == ["NSF", "STOPPED", "NSF", None]
    assert returns.read("CIB", "X9", TODAY) is None


def test_faults_are_said_together_and_nothing_is_kept(at_bank):
    answer = taken(at_bank, file=sent("Code,Family\n1,NSF\n01,DATE\n,NSF\n5,whatever\n"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert all(each in text for each in ("Line 2", "Line 3", "Line 4", "whatever"))
    assert "Nile Bank" in text  # what was typed is still there
    assert not PolicyVersion.objects.filter(code="nile_bank").exists()
    assert taken(at_bank, file=sent("a,b\n1,2\n")).status_code == 422


def test_the_form_says_what_it_reads_and_the_bounce_keeps_the_family(at_bank):
    taken(at_bank)
    assert "Insufficient funds" in at_bank.read("sara", "/instruments/{paper}/reading?said=77")
    assert "No table knows" in at_bank.read("sara", "/instruments/{paper}/reading?said=zz")
    fields = {"memo": "M", "effective_on": TODAY.isoformat(), "reason": "", "charge_minor": ""}
    unread = at_bank.post("sara", "/instruments/{paper}/bounce", said="zz", **fields)
    assert unread.status_code == 422
    assert 'value="zz"' in unread.content.decode()
    read = at_bank.post("sara", "/instruments/{paper}/bounce", said="78", **fields)
    assert read.status_code == 302
    assert Instrument.objects.get(id=at_bank.book.ids["paper"]).presentments.get().reason == (
        "STOPPED"
    )


@pytest.mark.parametrize("who", ["lina", "auditor", "stranger"])
def test_who_may_not(desk, who):
    assert desk.get(who, "/policies/return-codes").status_code in (403, 404)


def test_the_command_takes_a_list_in_and_reads_a_code(at_bank, tmp_path, capsys):
    listed = tmp_path / "codes.csv"
    listed.write_text(LIST, encoding="utf-8")
    return_codes.run(given(file=str(listed), source="Circular 4"))
    return_codes.run(given(read="078"))
    assert capsys.readouterr().out.splitlines() == [
        f"3 codes of Nile Bank from {TODAY} on.", "STOPPED: Payment stopped",
    ]  # fmt: skip
    with pytest.raises(Refused, match="Say either FILE"):
        return_codes.run(given())


def given(**more) -> Namespace:
    asked = {"file": "", "read": "", "since": TODAY, "source": "", "bank": "Nile Bank",
             "as_of": TODAY, "as_user": "", "json": False}  # fmt: skip
    return Namespace(**{**asked, **more})
