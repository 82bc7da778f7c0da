"""Staging: a file read into records and rejects, every row accounted for; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import repeat, zip_longest
from pathlib import Path

from tahsil.adapters.sheets import build, build_contracts, build_mixed, header, layouts, ooxml
from tahsil.adapters.sheets.afterwards import look_across
from tahsil.adapters.sheets.cells import address, as_text, is_blank, note
from tahsil.adapters.sheets.columns import Column, Setting, decide
from tahsil.adapters.sheets.faults import SENTENCES
from tahsil.adapters.sheets.filling import filled
from tahsil.adapters.sheets.mapping import Mapping, fingerprint, no_layout
from tahsil.adapters.sheets.reader import Sheet, open_file
from tahsil.adapters.sheets.records import Record, Reject, Staged
from tahsil.adapters.sheets.rows import Row, SheetColumns, Sieve
from tahsil.adapters.sheets.totals import controls
from tahsil.core.grammar.collector import collector_paused
from tahsil.core.grammar.refusal import Refused

Progress = Callable[[int, int], None]
BUILDERS: dict[str, Callable[[Iterator[Row]], Iterator[Record]]] = {
    "customers": build.customers,
    "contracts": build_contracts.contracts,
    "schedule": build.schedule,
    "receipts": build.receipts,
    "cheques": build.cheques,
    "mixed": build_mixed.mixed,
    "invoices": build.invoices,
}
_STEP = 1000


def read(
    source: str | Path | bytes,
    *,
    layout: str | None = None,
    mapping: Mapping | None = None,
    country: str = "EG",
    currency: str = "EGP",
    as_of: date,
    progress: Progress | None = None,
) -> Staged:
    """What the file says: each data row is a record, a reject or a recognised row that is no data.

    The mapping's country, currency and layout come before the arguments.
    """
    mapping = mapping or Mapping()
    layout = mapping.layout or layouts.CODES.get(layout or "", layout or "")
    if layout and layout not in layouts.LAYOUTS:
        raise no_layout(layout)
    staged = Staged(mapping=mapping)
    sheets = open_file(source, with_fills=mapping.with_fills)
    setting = Setting(
        "", layout, mapping, mapping.country or country, mapping.currency or currency, as_of
    )
    total = sum(len(sheet.rows) for sheet in sheets)
    with collector_paused():
        _read_all(sheets, setting, staged, progress)
    if not staged.layouts:
        raise Refused(
            "file.no_layout",
            "No sheet has the columns of a layout known here. Name the layout and its columns "
            "in a mapping, or fill in a template. Layouts: {layouts}.",
            layouts=list(layouts.LAYOUTS),
        )
    look_across(staged)
    if progress:
        progress(total, total)
    return staged


def _read_all(
    sheets: list[Sheet], setting: Setting, staged: Staged, progress: Progress | None
) -> None:
    total = sum(len(sheet.rows) for sheet in sheets)
    done = 0
    for sheet in sheets:
        told = _told(progress, done, total)
        _read_sheet(sheet, replace(setting, sheet=sheet.name), staged, told)
        done += len(sheet.rows)


def _told(progress: Progress | None, before: int, total: int) -> Callable[[int], None]:
    return (lambda at: progress(before + at, total)) if progress else (lambda at: None)


def _read_sheet(
    sheet: Sheet, setting: Setting, staged: Staged, told: Callable[[int], None]
) -> None:
    mapping = setting.mapping
    if not any(not is_blank(cell) for row in sheet.rows for cell in row):
        return
    if sheet.is_repaired:
        staged.notes.append((sheet.name, note("text.repaired", {}, "")))
    if (sheet.is_hidden and not mapping.with_hidden) or (
        mapping.sheets and sheet.name not in mapping.sheets
    ):
        facts = {"sheet": sheet.name, "count": len(sheet.rows)}
        if sheet.is_hidden:
            staged.notes.append((sheet.name, note("sheet.hidden", facts, "")))
        staged.counts["skipped"] += len(sheet.rows)
        return
    found = header.find(sheet)
    chosen = setting.layout or (layouts.detect(list(found.names))[0] if found else None)
    if not found or not chosen:
        _reject_sheet(sheet, staged)
        return
    setting = replace(setting, layout=chosen, headings=found.names)
    matched = _matched(found.names, setting)
    staged.layouts[sheet.name] = chosen
    staged.fingerprints[sheet.name] = fingerprint(list(found.names))
    staged.headings[sheet.name] = found.names
    staged.fields[sheet.name] = {
        name: matched.get(at, "") for at, name in enumerate(found.names) if name
    }
    _Reading(sheet, found, setting, staged).run(matched, told)


def _matched(names: tuple[str, ...], setting: Setting) -> dict[int, str]:
    """Field per column: what the mapping says, then what the headings say."""
    chosen = setting.mapping.column_fields()
    known = {field.name for field in layouts.LAYOUTS[setting.layout].fields}
    said = {
        at: chosen[layouts.heading(name)]
        for at, name in enumerate(names)
        if layouts.heading(name) in chosen
    }
    for at, name in said.items():
        if name and name not in known:
            raise Refused(
                "mapping.field",
                "The layout {layout} has no field {field} for the column {column}. "
                "It has: {fields}.",
                layout=setting.layout,
                field=name,
                column=names[at],
                fields=sorted(known),
            )
    rest = ["" if at in said else name for at, name in enumerate(names)]
    guessed = layouts.match(rest, setting.layout)[0]
    taken = set(said.values())
    return {at: name for at, name in said.items() if name} | {
        at: name for at, name in guessed.items() if name not in taken
    }


def _reject_sheet(sheet: Sheet, staged: Staged) -> None:
    facts = {"sheet": sheet.name}
    for number, cells in enumerate(sheet.rows, 1):
        at = next((i for i, cell in enumerate(cells) if not is_blank(cell)), None)
        if at is None:
            continue
        staged.counts["rejected"] += 1
        staged.rejected_rows[(sheet.name, number)] = cells
        text = as_text(cells[at])
        where = address(number, at)
        template = SENTENCES["sheet.unknown"][0]
        staged.rejects.append(
            Reject(sheet.name, number, where, "", text, "sheet.unknown", template, facts)
        )


class _Reading:
    """The reading of one sheet whose header and layout are known."""

    def __init__(
        self, sheet: Sheet, found: header.Header, setting: Setting, staged: Staged
    ) -> None:
        self.sheet, self.header, self.setting, self.staged = sheet, found, setting, staged
        self.kinds = ["title"] * found.first + ["header"] * (found.after - found.first)
        self.kinds += header.kinds_of(sheet.rows[found.after :], found.names)
        body = range(found.after, len(sheet.rows))
        self.body = [at for at in body if self.kinds[at] in ("data", "total", "carried")]

    def run(self, matched: dict[int, str], told: Callable[[int], None]) -> None:
        """Records, rejects and controls of the sheet are added to what is staged."""
        staged, setting = self.staged, self.setting
        columns = self._columns(matched)
        decided = decide(columns, setting)
        staged.questions += decided.questions
        staged.notes += [(self.sheet.name, one) for one in decided.notes]
        staged.counts.update(self.kinds)
        staged.controls += controls(self.sheet, self.kinds, columns, setting)
        before = len(staged.rejects)
        shared = SheetColumns({column.feeds: column for column in columns}, setting)
        sound = Sieve(shared, staged.rejects).sound(self._rows(shared, told))
        staged.records += self._marked(BUILDERS[setting.layout](sound))
        rejected = {one.row for one in staged.rejects[before:]}
        staged.counts["rejected"] += len(rejected)
        for row in rejected:
            staged.rejected_rows[(self.sheet.name, row)] = self.sheet.rows[row - 1]

    def _columns(self, matched: dict[int, str]) -> list[Column]:
        layout = layouts.LAYOUTS[self.setting.layout]
        rows = filled(self.sheet, self.kinds, matched, self.setting.layout)
        turned = list(zip_longest(*(rows[row] for row in self.body), fillvalue=""))
        blank = ("",) * len(self.body)
        columns = []
        for at, name in sorted(matched.items()):
            cells = turned[at] if at < len(turned) else blank
            columns.append(Column(at, self.header.names[at], name, layout.field(name).type, cells))
        return columns

    def _rows(self, shared: SheetColumns, told: Callable[[int], None]) -> Iterator[Row]:
        names = list(shared.at)
        noisy = [name for name in names if shared.at[name].has_notes]
        values = zip(*(shared.at[name].values for name in names), strict=True)
        reads = (
            zip(*(shared.at[name].reads for name in noisy), strict=True) if noisy else repeat(())
        )
        for at, said, minded in zip(self.body, values, reads, strict=False):
            if at % _STEP == 0:
                told(at)
            if self.kinds[at] == "data":
                fields = dict(zip(names, said, strict=True))
                if self.sheet.fills:
                    cells = self.sheet.rows[at]
                    fields["fill"] = ooxml.fill_of_row(self.sheet.fills, at, len(cells)) or None
                minds = dict(zip(noisy, minded, strict=True))
                yield Row(at + 1, fields, minds, self.sheet.rows[at], shared)

    def _marked(self, records: Iterator[Record]) -> Iterator[Record]:
        hidden = self.sheet.hidden_rows
        for record in records:
            if hidden and record.row in hidden:
                record.warnings.append(note("row.hidden", {}, f"A{record.row}"))
            yield record
