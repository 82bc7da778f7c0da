"""Imports on the web: read, asked about, taken in, thrown away, undone; long files by a job."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tahsil.actions.importing import desk as importing_desk
from tahsil.run import import_jobs, jobs
from tahsil.store import progress
from tahsil.store.models import Account, ImportBatch, ImportMapping, Job, Obligation
from tahsil.web import imports as pages
from tests.conftest import NOW
from tests.faces.workbooks import sheets

INVOICES = """invoice no,customer code,customer name,issue date,due date,amount,paid,open
INV-1,C-1,Delta Trading,2026-01-13,2026-02-13,"1,000.50",0,"1,000.50"
INV-2,C-2,Nour Foods,2026-01-14,2026-02-14,"2,000.25",0,"2,000.25"
INV-3,C-2,Nour Foods,2026-01-15,31/02/2026,300.00,0,300.00
"""
DOUBTFUL = """invoice no,customer code,customer name,issue date,due date,amount
INV-1,C-1,Delta Trading,03/04/2026,05/06/2026,1000.50
INV-2,C-2,Nour Foods,04/05/2026,06/07/2026,2000.25
"""


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Uploaded files are kept in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path


def send(desk, text: str, who: str = "sara", name: str = "open-items.csv", **more):
    file = SimpleUploadedFile(name, text.encode())
    return desk.post(who, "/imports", file=file, creditor="NIL", **{"form_key": "up", **more})


def staged(desk, text: str = INVOICES, **more) -> str:
    answer = send(desk, text, **more)
    assert answer.status_code == 302, answer.content.decode()[:1000]
    return answer["Location"]


def test_who_may_import(desk):
    assert desk.get("lina", "/imports").status_code == 403
    assert desk.get("auditor", "/imports").status_code == 200
    assert desk.get("auditor", "/imports/new").status_code == 403
    assert send(desk, INVOICES, who="auditor").status_code == 403
    assert ImportBatch.objects.count() == 0


def test_a_file_is_shown_before_anything_is_written(desk):
    before = Obligation.objects.count()
    text = desk.read("sara", staged(desk))
    assert "Delta Trading" in text and "1,000.50" in text
    assert "31/02/2026 is not a day of the calendar" in text
    assert Obligation.objects.count() == before
    assert "open-items.csv" in desk.read("sara", "/imports")


def test_the_same_form_sent_twice_is_read_once(desk):
    assert staged(desk) == staged(desk)
    assert ImportBatch.objects.count() == 1


def test_taken_in_and_undone(desk):
    before = Account.objects.count()
    path = staged(desk)
    desk.post("sara", f"{path}/commits", form_key="c")
    assert ImportBatch.objects.get().state == "committed"
    assert Account.objects.count() == before + 2
    assert (
        Obligation.objects.filter(reference="INV-2").exists()
        or Obligation.objects.filter(amount_minor=200_025).exists()
    )
    assert "Undo" in desk.read("sara", path)
    desk.post("sara", f"{path}/undos", form_key="u")
    assert ImportBatch.objects.get().state == "undone"
    assert Account.objects.count() == before
    assert "The rows are gone" in desk.read("sara", path)


def test_the_second_time_everything_is_the_same(desk):
    path = staged(desk)
    desk.post("sara", f"{path}/commits", form_key="c")
    again = desk.read("sara", staged(desk, form_key="again"))
    assert "Take 0 rows" in again and re.search(r"Same <span[^>]*>2<", again)


def test_thrown_away(desk):
    path = staged(desk)
    desk.post("auditor", f"{path}/discards", form_key="no")
    assert ImportBatch.objects.get().state == "staged"
    desk.post("sara", f"{path}/discards", form_key="d")
    assert ImportBatch.objects.get().state == "discarded"
    desk.post("sara", f"{path}/commits", form_key="late")
    assert ImportBatch.objects.get().state == "discarded"


def test_what_was_not_taken_comes_back_with_its_reason(desk):
    answer = desk.get("sara", f"{staged(desk)}/rejects.xlsx")
    said = " ".join(str(cell) for sheet in sheets(answer.content) for row in sheet for cell in row)
    assert "INV-3" in said and "31/02/2026" in said
    assert desk.get("lina", f"{staged(desk)}/rejects.xlsx").status_code == 403


def test_a_question_is_asked_and_its_answer_read(desk):
    path = staged(desk, DOUBTFUL)
    text = desk.read("sara", path)
    assert "Only you can know" in text and "Does the day or the month come first?" in text
    count = len(ImportBatch.objects.get().mapping["questions"])
    given = {f"q{at}": "0" for at in range(count)}
    answer = desk.post("sara", f"{path}/answers", form_key="a", **given)
    assert answer.status_code == 302
    old, new = ImportBatch.objects.order_by("id")
    assert (old.state, new.state) == ("discarded", "staged")
    assert new.mapping["questions"] == [] and new.creditor_id == old.creditor_id
    assert "5 Jun 2026" in desk.read("sara", answer["Location"])  # the day first


def test_the_form_says_how_to_read(desk):
    path = staged(desk, DOUBTFUL, date_order="mdy", paid="ignore")
    batch = ImportBatch.objects.get()
    assert batch.mapping["questions"] == [] and batch.mapping["options"]["paid"] == "ignore"
    assert "6 May 2026" in desk.read("sara", path)


def test_a_mapping_is_saved_and_offered(desk):
    path = staged(desk)
    desk.post("sara", f"{path}/mappings", name=" ", form_key="m0")
    assert not ImportMapping.objects.exists()
    desk.post("sara", f"{path}/mappings", name="ERP open items", form_key="m")
    assert ImportMapping.objects.get().name == "ERP open items"
    assert "ERP open items" in desk.read("sara", "/imports/new")


@pytest.mark.parametrize("text", ["", "just words\nno table\n"])
def test_a_file_that_says_nothing_is_refused_on_the_form(desk, text):
    answer = send(desk, text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page and 'name="file"' in page
    assert ImportBatch.objects.count() == 0


def test_no_file_at_all(desk):
    answer = desk.post("sara", "/imports", creditor="NIL", form_key="none")
    assert answer.status_code == 422 and "No file came" in answer.content.decode()


@pytest.mark.parametrize("layout", ["customers", "contracts", "schedule", "receipts", "cheques",
                                    "mixed", "invoices"])  # fmt: skip
@pytest.mark.parametrize("language", ["en", "ar"])
def test_templates_open(desk, layout, language):
    answer = desk.get("sara", f"/imports/templates/{layout}.xlsx?language={language}")
    assert len(sheets(answer.content)[0]) >= 2


def test_an_unknown_template_is_refused(desk):
    assert desk.get("sara", "/imports/templates/moon.xlsx").status_code == 422


def test_a_long_file_is_read_and_taken_in_by_jobs(desk, monkeypatch):
    monkeypatch.setattr(pages, "LONG_BYTES", 10)
    monkeypatch.setattr(pages, "LONG_ROWS", 1)
    url = staged(desk)
    assert url.startswith("/imports/jobs/") and not ImportBatch.objects.exists()
    waiting = desk.read("sara", url)
    assert "Waiting for the worker" in waiting and f'hx-get="{url}"' in waiting
    assert desk.get("huda", url).status_code in (403, 404, 422)  # somebody else's
    assert jobs.work_one(clock=lambda: NOW)
    done = desk.get("sara", url)
    batch = ImportBatch.objects.get()
    assert done["Location"] == f"/imports/{batch.id}"
    assert desk.get("sara", url, **{"HX-Request": "true"})["HX-Redirect"] == done["Location"]
    taking = desk.post("sara", f"/imports/{batch.id}/commits", form_key="c")["Location"]
    assert taking.startswith("/imports/jobs/")
    assert jobs.work_one(clock=lambda: NOW)
    assert ImportBatch.objects.get().state == "committed"
    assert Job.objects.filter(state="done").count() == 2


def test_how_far_a_commit_is_shows_before_it_ends(desk, monkeypatch, settings, tmp_path):
    settings.HOME = tmp_path
    monkeypatch.setattr(pages, "LONG_ROWS", 1)
    monkeypatch.setattr(importing_desk, "TOLD", 1)
    url = desk.post("sara", f"{staged(desk)}/commits", form_key="c")["Location"]
    shown, tell = [], progress.tell

    def looked_at(job_id, said):
        tell(job_id, said)
        shown.append(re.search(r"\d+ of \d+", desk.read("sara", url))[0])

    monkeypatch.setattr(progress, "tell", looked_at)
    assert jobs.work_one(clock=lambda: NOW)
    assert shown == ["1 of 2", "2 of 2"]
    assert progress.told(Job.objects.get().id) == {}


def test_a_job_that_was_refused_says_why(desk, monkeypatch):
    monkeypatch.setattr(pages, "LONG_BYTES", 10)
    url = staged(desk, "just words that are no table\nat all\n")
    assert jobs.work_one(clock=lambda: NOW)
    page = desk.read("sara", url)
    assert (
        'role="alert"' in page and "hx-get" not in page.split('role="alert"')[1].split("</main>")[0]
    )


def test_a_kept_file_is_found_by_its_content_only():
    token = import_jobs.keep([b"a", b"b"])
    assert import_jobs.kept(token).read_bytes() == b"ab"
    assert import_jobs.keep([b"ab"]) == token
