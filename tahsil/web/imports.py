"""Imports: upload, what was read and what would change, answers, commit, discard, undo.

Short files are read while one waits; long ones by a job whose progress the page shows.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.core.grammar.refusal import Refused
from tahsil.queries import choices
from tahsil.queries import imports as query
from tahsil.queries import jobs as job_query
from tahsil.run import import_jobs
from tahsil.run import imports as work
from tahsil.web import asked, exports, import_forms, import_parts, own_names
from tahsil.web.pages import acting, context, view

LONG_BYTES = 600_000  # about three thousand rows of a workbook; longer ones go to a job
LONG_ROWS = 3_000


@view
def imports(request: HttpRequest) -> HttpResponse:
    """The imported files, newest first; a post reads a new one."""
    if request.method == "POST":
        return upload(request)
    asked.need(request, "import.read")
    found = query.batches(
        asked.standing(request), as_of=asked.as_of(request), page=asked.page(request),
        state=asked.choice(request, "state", ("staged", "committed", "undone", "discarded")),
    )  # fmt: skip
    facts = {
        "found": found,
        "pager": asked.pager(request, found),
        "may_stage": asked.may(request, "import.stage"),
        "chips": import_parts.states(request),
    }
    return render(request, "imports/imports.html", facts)


@view
def new(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    """The form for a file, and templates to fill in; above it why a file was not read."""
    asked.need(request, "import.stage")
    creditors = [(each.code, own_names.called(each.name)) for each in choices.creditors()]
    facts = {
        **import_forms.choices(creditors, list(choices.mappings())),
        "refused": refused,
        "given": request.POST,
    }
    return render(request, "imports/new.html", facts, status=422 if refused else 200)


def upload(request: HttpRequest) -> HttpResponse:
    """Keeps the file and reads it: now if it is short, by a job if it is long."""
    asked.need(request, "import.stage")
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Refused("file.none", "No file came with the form. Choose one and send it again.")
        how = {**import_forms.how(request.POST), "name": sent.name or "file"}
        return _read(request, import_jobs.keep(sent.chunks()), how, size=sent.size or 0)
    except Refused as refused:
        return new(request, refused)


@require_POST
@view
def answers(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Reads the file again with the answers given; the earlier reading is thrown away."""
    asked.need(request, "import.stage")
    found = _batch(request, batch_id)
    codes = {each.name: each.code for each in choices.creditors()}
    how = import_forms.again(found, request.POST, creditor=codes.get(found.batch.creditor, ""))
    path = import_jobs.kept(found.sha256)
    return _read(request, found.sha256, how, size=path.stat().st_size, replaces=batch_id)


@view
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One file: counts, control totals, questions, warnings, and its rows."""
    found = _batch(request, batch_id)
    return render(request, "imports/batch.html", import_parts.page(request, found))


@view
def rejects(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The workbook of rows not taken, each with its reason."""
    asked.need(request, "import.read")
    content = work.rejects(batch_id, get_language() or "en")
    return exports.download(request, content, f"import-{batch_id}-rejects.xlsx")


@view
def template(request: HttpRequest, layout: str) -> HttpResponse:
    """An empty workbook with the columns of a layout."""
    language = asked.choice(request, "language", ("en", "ar"), "en")
    return exports.blank(work.template(layout, language), f"{layout}-{language}.xlsx")


@require_POST
@view
def commits(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Takes the staged file into the book; a long one by a job."""
    asked.need(request, "import.commit")
    found = _batch(request, batch_id)
    rows = found.statuses["new"] + found.statuses["changed"]
    if rows > LONG_ROWS:
        ctx = context(request, "import.commit")
        return redirect(f"/imports/jobs/{import_jobs.commit_later(ctx, batch_id, rows=rows)}")
    said = _("The file is in the book.")
    return acting(request, "import.commit", lambda ctx: work.commit(ctx, batch_id), said=said)


@require_POST
@view
def discards(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Throws the staged file away."""
    said = _("Discarded. Nothing was written.")
    return acting(request, "import.discard", lambda ctx: work.discard(ctx, batch_id), said=said)


@require_POST
@view
def undos(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Takes the committed file out of the book again, whole."""
    said = _("Undone. Only the events remain.")
    return acting(request, "import.undo", lambda ctx: work.undo(ctx, batch_id), said=said)


@require_POST
@view
def mappings(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Keeps how this file was read under a name."""
    name = request.POST.get("name", "")
    return acting(
        request,
        "import.save_mapping",
        lambda ctx: work.save_mapping(ctx, batch_id, name),
        said=_("Saved. The next file with these columns is read the same way."),
    )


@view
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is; once done, the file it was about."""
    found = job_query.job(asked.standing(request), job_id)
    is_bar = bool(request.headers.get("HX-Request"))
    if found.state == "done":
        url = f"/imports/{found.result['batch_id']}"
        if not is_bar:
            return redirect(url)
        answer = HttpResponse()
        answer["HX-Redirect"] = url
        return answer
    template = "imports/_job.html" if is_bar else "imports/job.html"
    return render(request, template, import_parts.job(found))


def _batch(request: HttpRequest, batch_id: int) -> query.BatchPage:
    return query.batch(
        asked.standing(request),
        batch_id,
        as_of=asked.as_of(request),
        status=asked.choice(request, "status", query.STATUSES),
        kind=asked.text(request, "kind"),
        page=asked.page(request),
    )


def _read(
    request: HttpRequest, sha256: str, how: dict[str, Any], *, size: int, replaces: int = 0
) -> HttpResponse:
    """Stages the kept file and goes to its page, or to the page of the job that will."""
    ctx = context(request, "import.stage")
    if replaces:
        how = {**how, "options": {**how.get("options", {}), "replaces": replaces}}
    if size > LONG_BYTES:
        job_id = import_jobs.stage_later(ctx, sha256, how, size=size)
        return redirect(f"/imports/jobs/{job_id}")
    batch_id = work.stage(import_jobs.kept(sha256), ctx=ctx, **how)
    if replaces:
        work.discard(ctx.keyed(ctx.key, "discard"), replaces)
    return redirect(f"/imports/{batch_id}")
