"""The lines of the worklist as rows of its table.

Fifty rows of eight cells are most of what the page costs; written here they cost a tenth of what
the same marks cost as template tags. What the rows share is put into words once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.template.defaultfilters import capfirst
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tahsil.queries.worklist import WorklistLine
from tahsil.web import own_names, sentences
from tahsil.web.html import filled
from tahsil.web.templatetags.tahsil import amount, day_short, icon, money


def rows(
    lines: Iterable[WorklistLine], *, shows_project: bool, shows_collector: bool
) -> SafeString:
    """The rows in their order, each with the cells its table has heads for."""
    drawing = _Drawing(shows_project=shows_project, shows_collector=shows_collector)
    return SafeString("\n".join(map(drawing.row, lines)))  # nosec B703


class _Drawing:
    """Draws the rows of one page in its reader's language."""

    def __init__(self, *, shows_project: bool, shows_collector: bool) -> None:
        self.shows_project, self.shows_collector = shows_project, shows_collector
        self.called, self.day = cache(own_names.called), cache(day_short)
        self.labels: dict[tuple[str, str], str] = {}
        self.next_step, self.last_attempt, self.promise = (
            filled('<td{} data-label="{}"><span>', mark, head)
            for mark, head in (
                (SafeString(' class="fit"'), _("Next step")),
                ("", _("Last attempt")),
                ("", _("Promise")),
            )
        )
        self.never = filled('<td class="wide-only"><span class="quiet">{}</span></td>', _("Never"))
        self.covered = _("covered {covered}").replace("{covered}", "{}")

    def row(self, line: WorklistLine) -> SafeString:
        """One line with all its cells."""
        collector: str = ""
        if self.shows_collector:
            collector = filled('<td class="wide-only fit">{}</td>', self.called(line.collector))
        return filled(
            '<tr{}>{}{}{}{}{}{}<td class="num wide-only">{}</td>{}</tr>',
            SafeString(' class="ended"') if line.is_worked_today else "",
            self._account(line),
            self._why(line),
            self._next_step(line),
            self._last_attempt(line),
            self._promise(line),
            self._overdue(line),
            line.dpd or "",
            collector,
        )

    def _account(self, line: WorklistLine) -> SafeString:
        marks, project, other = "", "", ""
        if line.locked_by:
            badge, who = ' <span class="badge open" title="{}">{}{}</span>', line.locked_by
            marks = filled(badge, self.called(who), icon("lock"), self.called(who))
        if line.is_worked_today:
            marks = filled("{} {}", marks, icon("cleared", _("worked today")))
        if line.name_other:
            other = filled("<bdi>{}</bdi> · ", line.name_other)
        if self.shows_project and line.project:
            project = f" · {self.called(line.project)}"
        return filled(
            '<td><a class="name" dir="auto" href="/accounts/{}">{}</a>{}<span class="sub">{}'
            '<bdi dir="ltr">{}</bdi>{}</span></td>',
            line.account_id, line.name, marks, other, line.number, project,
        )  # fmt: skip

    def _why(self, line: WorklistLine) -> SafeString:
        first = line.reasons[0] if line.reasons else None
        why = sentences.in_language(first.template, first.facts) if first else ""
        if not line.rung:
            return filled('<td class="why-here"><span>{}</span></td>', why)
        return filled(
            '<td class="why-here"><span>{}<span class="sub">{}</span></span></td>',
            why, self._label(line.product, line.rung, line.rung_labels),
        )  # fmt: skip

    def _next_step(self, line: WorklistLine) -> SafeString:
        if not line.next_step:
            return SafeString('<td class="fit wide-only"></td>')
        at = f" {line.next_step_at:%H:%M}" if line.next_step_at else ""
        step = capfirst(self._label("step", line.next_step, {}))
        return filled(
            '{}{}<span class="sub">{}{}</span></span></td>',
            self.next_step, step, self.day(line.next_step_on), at,
        )  # fmt: skip

    def _last_attempt(self, line: WorklistLine) -> SafeString:
        last = line.last_attempt
        if last is None:
            return self.never
        return filled(
            '{}{}<span class="sub">{} · {}</span></span></td>',
            self.last_attempt, self._label("disposition", last.disposition, last.labels),
            self.day(last.effective_on), self.called(last.by),
        )  # fmt: skip

    def _promise(self, line: WorklistLine) -> SafeString:
        promise = line.promise
        if promise is None:
            return SafeString('<td class="wide-only"></td>')
        return filled(
            '{}{}<span class="sub">{}</span></span></td>',
            self.promise, amount(promise.amount_minor, line.currency),
            self.day(promise.promised_on),
        )  # fmt: skip

    def _overdue(self, line: WorklistLine) -> SafeString:
        covered: str = ""
        if line.covered_minor:
            minor = amount(line.covered_minor, line.currency)
            covered = filled('<span class="sub">{}</span>', filled(self.covered, minor))
        return filled(
            '<td class="num lead-end{}">{}{}</td>',
            " late" if line.overdue_minor else "", money(line.overdue_minor, line.currency),
            covered,
        )  # fmt: skip

    def _label(self, of: str, code: str, labels: dict[str, str]) -> str:
        if (of, code) not in self.labels:
            self.labels[of, code] = sentences.label_text(labels, code)
        return self.labels[of, code]
