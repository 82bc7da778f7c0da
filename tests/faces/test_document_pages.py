"""Documents kept with a cheque: who may keep and see them, what is taken, what is answered."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tahsil.store.models import Account, Document, Instrument
from tests.conftest import TODAY
from tests.tables import table

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64
LETTER = b"%PDF-1.7\n%rest"


@pytest.fixture
def cheque(desk, settings, tmp_path):
    """Lina's cheque, and one of an account that is not hers."""
    settings.MEDIA_ROOT = tmp_path
    for name, number in (("mine", "NIL-1"), ("theirs", "NIL-3")):
        account = Account.objects.get(number=number)
        desk.book.ids[name] = Instrument.objects.create(
            account=account, number=f"{name}1", bank="NBE", amount_minor=1_000_00,
            matures_on=TODAY, state="in_safe", place="safe",
        ).id  # fmt: skip
        desk.book.ids[f"{name}_account"] = account.id
    return desk


def sent(desk, who, cheque="mine", *, content=PICTURE, name="front.png", account=None, **more):
    ids = desk.book.ids
    form = {
        "subject": f"instrument:{ids[cheque]}", "kind": "scan_front",
        "account": ids[account or f"{cheque}_account"],
        "file": SimpleUploadedFile(name, content, "image/png"), **more,
    }  # fmt: skip
    return desk.post(who, "/documents/new", **form)


def test_a_scan_is_kept_once_and_shown_with_its_cheque(cheque):
    for _again in range(2):
        assert sent(cheque, "lina").status_code == 302
    found = Document.objects.get()
    assert (found.media_type, found.size, found.name) == ("image/png", len(PICTURE), "front.png")
    assert f"/documents/{found.id}" in cheque.read("lina", "/instruments/{mine}")
    answer = cheque.get("lina", f"/documents/{found.id}")
    assert answer.content == PICTURE
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("case", table("""
    what                     who      cheque  account         content  kind        status
    not her account          lina     theirs  theirs_account  picture  scan_front  403
    under another account    sara     mine    theirs_account  picture  scan_front  422
    who only reads           auditor  mine    mine_account    picture  scan_front  403
    a programme              lina     mine    mine_account    script   scan_front  422
    nothing in it            lina     mine    mine_account    empty    scan_front  422
    of no known kind         lina     mine    mine_account    picture  portrait    422
    """), ids=lambda case: case["what"])  # fmt: skip
def test_what_is_not_kept(cheque, case):
    content = {"picture": PICTURE, "script": b"<script>", "empty": b""}[case["content"]]
    answer = sent(
        cheque, case["who"], case["cheque"], account=case["account"], content=content,
        kind=case["kind"],
    )  # fmt: skip
    assert answer.status_code == int(case["status"])
    assert not Document.objects.exists()


def test_others_do_not_see_it_and_a_letter_is_handed_out_as_a_file(cheque):
    assert sent(cheque, "sara", "theirs", content=LETTER, name="../memo <b>.pdf").status_code == 302
    found = Document.objects.get()
    assert found.media_type == "application/pdf"
    assert cheque.get("lina", f"/documents/{found.id}").status_code == 404
    answer = cheque.get("auditor", f"/documents/{found.id}")
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_document_is_never_changed(cheque):
    from django.db import DatabaseError, transaction

    sent(cheque, "lina")
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.update(note="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.all().delete()


def test_a_program_keeps_one_under_its_key_and_lists_it(cheque):
    from tests.faces.test_api import Api

    lina, ids = Api(cheque.book, "lina"), cheque.book.ids
    form = {
        "subject": f"instrument:{ids['mine']}",
        "account_id": ids["mine_account"],
        "kind": "memo",
    }
    for _again in range(2):
        answer = lina.client.post(
            "/api/v1/documents", {**form, "file": SimpleUploadedFile("memo.pdf", LETTER)},
            headers={**lina.head, "Idempotency-Key": "memo-1"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.content
    (row,) = lina.get(f"documents?subject={form['subject']}").json()["rows"]
    assert (row["name"], row["media_type"]) == ("memo.pdf", "application/pdf")
    sent(cheque, "sara", "theirs")
    assert lina.get(f"documents?subject=instrument:{ids['theirs']}").json()["rows"] == []


def test_a_content_that_is_gone_is_found(cheque, settings):
    from pathlib import Path

    from tahsil.run import check_documents

    sent(cheque, "lina")
    assert not check_documents.findings()
    (Path(settings.MEDIA_ROOT) / "kept" / Document.objects.get().sha256).unlink()
    assert [each.code for each in check_documents.findings()] == ["document.content"]
