"""The lines of a contract as rows of its table, made in Python: see worklist_rows.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from django.template.defaultfilters import capfirst
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tahsil.queries.lines import LineRow
from tahsil.web import sentences
from tahsil.web.html import filled
from tahsil.web.templatetags.tahsil import amount, cover_icon, day, day_short, icon


@dataclass(frozen=True)
class Drawing:
    """Whose lines are drawn, and what of them opens: the line itself, the event it waits for."""

    account_id: int
    currency: str
    opens_line: bool
    opens_event: bool
    deviations: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def rows(self, lines: Iterable[LineRow]) -> SafeString:
        """The rows in their order."""
        return SafeString("".join(map(self._row, lines)))  # nosec B703

    def _row(self, row: LineRow) -> SafeString:
        return filled(
            '<tr><td>{}</td><td class="second">{}</td><td class="num wide-only">{}</td>'
            '<td class="num wide-only">{}</td><td class="num lead-end{}">{}{}</td>'
            '<td class="wide-only">{}{}{}</td><td class="second">{}</td>'
            '<td class="num wide-only">{}</td></tr>',
            self._name(row),
            self._due(row),
            self._amount(row.amount_minor),
            self._amount(row.paid_minor) if row.paid_minor else "",
            " late" if row.dpd else "",
            self._amount(row.open_minor) if row.open_minor else "",
            self._disputed(row) if row.disputed_minor else "",
            _word(row.money),
            filled(' <span class="quiet">{}</span>', day_short(row.paid_on)) if row.paid_on else "",
            self._deviates(row),
            _cover(row),
            row.dpd or "",
        )

    def _amount(self, minor: int) -> SafeString | str:
        return amount(minor, self.currency)

    def _deviates(self, row: LineRow) -> SafeString | str:
        kinds = self.deviations.get(row.obligation_id)
        if not kinds:
            return ""
        url = '<a class="sub" href="/accounts/{}/reconcile">{}</a>'
        return filled(url, self.account_id, ", ".join(map(_word, kinds)))

    def _name(self, row: LineRow) -> SafeString | str:
        name = capfirst(_word(row.label or row.category))
        if not self.opens_line:
            return name
        link = '<a href="/accounts/{}/lines/{}" data-sheet>{}</a>'
        return filled(link, self.account_id, row.obligation_id, name)

    def _due(self, row: LineRow) -> SafeString | str:
        if row.due_on:
            return day(row.due_on)
        stage = sentences.stage_text(row.due_event) if row.due_event else ""
        if not (row.due_event and row.contract_id and self.opens_event):
            return filled('<span class="quiet">{}</span>', stage)
        return filled(
            '<a href="/accounts/{}/contracts/{}/events?code={}" data-sheet>{}</a>',
            self.account_id, row.contract_id, quote(row.due_event), stage,
        )  # fmt: skip

    def _disputed(self, row: LineRow) -> SafeString:
        said = _("{minor} disputed").replace("{minor}", "{}")
        return filled('<span class="sub">{}</span>', filled(said, self._amount(row.disputed_minor)))


def _cover(row: LineRow) -> SafeString:
    if not row.open_minor:
        return filled('<bdi dir="ltr" class="quiet">{}</bdi>', ", ".join(row.receipt_numbers))
    paper = filled("<bdi>{}</bdi>", row.instrument) if row.instrument else _word(row.cover)
    cover = '<span class="cover {}">{}{}</span>'
    return filled(cover, row.cover, icon(cover_icon(row.cover)), paper)


def _word(code: str) -> str:
    return sentences.fact_text("word", code, {})
