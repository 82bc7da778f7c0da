"""Small charts made on the server: no script, no style attributes, mirrored for right to left.

Bars and the stacked bar stand beside their own numbers; columns and the ribbon carry a hidden table
for screen readers. Colours are classes of static/css/parts.css. Dashboards with many points are
not drawn here. Amounts arrive as whole minor units and leave as text; the geometry is in integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_compact_decimal
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

from tahsil.core.grammar.money import scale
from tahsil.web import sentences

HEIGHT = 220
RIGHT, TOP, FOOT = 4, 10, 24
EMPTY = mark_safe("")  # nosec B308


@dataclass(frozen=True, slots=True)
class Slice:
    """One labelled amount of a chart; `tone` is b (accent), a (grey), late, soft or faint."""

    label: str
    minor: int
    tone: str = "b"
    url: str = ""


def bars(title: str, slices: Sequence[Slice], *, currency: str) -> SafeString:
    """A bar for each slice in proportion to the largest, with its label and amount in a table."""
    most = max((abs(each.minor) for each in slices), default=0) or 1
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td>{}</td><td class="num">{}</td></tr>',
        ((_name(each), _bar([(each, most)]), _money(each.minor, currency)) for each in slices),
    )
    return _figure(title, format_html('<table class="bars"><tbody>{}</tbody></table>', rows))


def stacked(title: str, slices: Sequence[Slice], *, currency: str) -> SafeString:
    """One bar cut into the slices' shares of their sum, and a legend with each amount and share."""
    total = sum(max(each.minor, 0) for each in slices)
    bar = _bar([(each, total or 1) for each in slices])
    legend = format_html_join(
        "",
        "<li>{}{} <b>{}</b> {}</li>",
        (
            (_swatch(each.tone), _name(each), _money(each.minor, currency), _share(each, total))
            for each in slices
        ),
    )
    body = format_html('<div class="stack">{}</div><ul class="legend">{}</ul>', bar, legend)
    return _figure(title, body)


def columns(
    title: str,
    labels: Sequence[str],
    first: tuple[str, Sequence[int]],
    second: tuple[str, Sequence[int]],
    *,
    currency: str,
    width: int = 720,
) -> SafeString:
    """Two columns side by side for each label, such as due and collected by month.

    `width` is the width it is mostly seen at, so that its letters keep their size.
    """
    plot = _Plot.of(max((*first[1], *second[1], 0)), currency, width)
    drawing = format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "<title>{}</title><desc>{}</desc>{}{}</svg>",
        width,
        HEIGHT,
        title,
        title,
        f"{first[0]}, {second[0]}",
        _rules(plot),
        _pairs(plot, labels, first, second),
    )
    legend = format_html(
        '<ul class="legend" aria-hidden="true"><li>{}{}</li><li>{}{}</li></ul>',
        _swatch("a"),
        first[0],
        _swatch("b"),
        second[0],
    )
    rows = zip(labels, first[1], second[1], strict=True)
    table = _hidden_table(
        (first[0], second[0]),
        [(label, *(_money(value, currency) for value in pair)) for label, *pair in rows],
        title,
    )
    body = format_html('{}<div class="plot" dir="ltr">{}</div>{}', legend, drawing, table)
    return _figure(title, body)


def sparkline(title: str, values: Sequence[int]) -> SafeString:
    """The course of a value as a line, the latest point marked; nothing for fewer than two."""
    if len(values) < 2:
        return EMPTY
    low, span = min(values), (max(values) - min(values)) or 1
    steps = len(values) - 1
    points = [(2 + 92 * i // steps, 19 - 16 * (v - low) // span) for i, v in enumerate(values)]
    if get_language_bidi():
        points = [(96 - x, y) for x, y in points]
    end_x, end_y = points[-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 96 22" role="img" aria-label="{}"><title>{}</title>'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        title,
        title,
        " ".join(f"{x},{y}" for x, y in points),
        end_x,
        end_y,
    )


def ribbon(title: str, cells: Sequence[tuple[str, str]]) -> SafeString:
    """A small square for each instalment in order; a cell is its words and its state.

    States: paid (full), covered (half, grey), open (empty), late (full, overdue colour).
    """
    drawn = format_html_join("", "{}", ((_cell(words, state),) for words, state in cells))
    return _figure(title, format_html('<ol class="ribbon">{}</ol>', drawn))


def compact(minor: int, currency: str) -> str:
    """The amount in few characters for an axis: 1.2M, 12 लाख."""
    language = (get_language() or "en").split("-")[0]
    whole = minor // 10 ** scale(currency)
    locale = "en_IN" if currency == "INR" and language == "en" else language
    return sentences.digits(format_compact_decimal(whole, locale=locale, fraction_digits=1))


def _figure(title: str, body: SafeString) -> SafeString:
    return format_html('<figure class="chart"><figcaption>{}</figcaption>{}</figure>', title, body)


def _name(each: Slice) -> SafeString:
    """The label, as a link if it leads anywhere; ranges keep their order in Arabic."""
    tag = 'dir="ltr"' if each.label[:1].isdigit() else 'dir="auto"'
    name = format_html("<bdi {}>{}</bdi>", mark_safe(tag), each.label)  # noqa: S308  # nosec B308 B703
    return format_html('<a href="{}">{}</a>', each.url, name) if each.url else name


def _bar(parts: list[tuple[Slice, int]]) -> SafeString:
    """The parts end to end along a line of 1000, from the reader's starting side."""
    at, drawn = 0, []
    for each, whole in parts:
        wide = 1000 * abs(each.minor) // whole
        wide = max(wide, 4) if each.minor else 0  # a small amount is still something
        start = 1000 - at - wide if get_language_bidi() else at
        drawn.append((each.tone, start, max(wide - 2, 0) if len(parts) > 1 else wide, each.label))
        at += wide
    rects = format_html_join(
        "",
        '<rect class="series-{}" x="{}" y="0" width="{}" height="10"><title>{}</title></rect>',
        drawn,
    )
    return format_html(
        '<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="series-faint" width="1000" height="10"/>{}</svg>',
        rects,
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """The room of a column chart: how wide, what stands at its top, which side the axis is on."""

    width: int
    left: int
    top: int
    currency: str
    is_mirrored: bool

    @classmethod
    def of(cls, most: int, currency: str, width: int) -> _Plot:
        """A plot just large enough for the amount, with room for the words of its axis."""
        top = _ceiling(most, currency)
        words = max(len(compact(top * quarter // 4, currency)) for quarter in range(5))
        return cls(width, 14 + words * 7, top, currency, get_language_bidi())

    def x(self, at: int) -> int:
        """The place that far from the reader's starting side."""
        return self.width - at if self.is_mirrored else at

    def tall(self, minor: int) -> int:
        """The height of that amount; nothing for a negative one."""
        return (HEIGHT - FOOT - TOP) * max(minor, 0) // self.top


def _rules(plot: _Plot) -> SafeString:
    """Five hairlines with their amounts, on the reader's starting side."""
    anchor = "start" if plot.is_mirrored else "end"
    lines = []
    for quarter in range(5):
        y = HEIGHT - FOOT - plot.tall(plot.top * quarter // 4)
        near, far, beside = plot.x(plot.left), plot.x(plot.width - RIGHT), plot.x(plot.left - 8)
        label = compact(plot.top * quarter // 4, plot.currency)
        kind = "rule" if quarter else "axis"
        lines.append((kind, near, far, y, y, beside, y + 4, anchor, label))
    return format_html_join(
        "",
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        lines,
    )


def _pairs(plot: _Plot, labels, first, second) -> SafeString:
    """The columns, two for each label, with the label beneath and the amounts on hover."""
    slot = (plot.width - plot.left - RIGHT) // max(len(labels), 1)
    wide = min(slot * 2 // 5, 26)
    skip = 2 if max(map(len, labels), default=0) * 7 > slot else 1  # crowded: every other name
    drawn = []
    for i, (label, one, two) in enumerate(zip(labels, first[1], second[1], strict=True)):
        middle = plot.left + slot * i + slot // 2
        words = (
            f"{label}: {first[0]} {sentences.money_text(one, plot.currency)}, "
            f"{second[0]} {sentences.money_text(two, plot.currency)}"
        )
        marks = (
            _column(plot, middle - wide - 1, one, tone="a", wide=wide),
            _column(plot, middle + 1, two, tone="b", wide=wide),
        )
        name = "" if (len(labels) - 1 - i) % skip else label
        drawn.append((words, *marks, plot.x(middle), HEIGHT - 7, name))
    return format_html_join(
        "",
        '<g><title>{}</title>{}{}<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        drawn,
    )


def _column(plot: _Plot, at: int, minor: int, *, tone: str, wide: int) -> SafeString:
    tall = plot.tall(minor)
    x = plot.x(at + wide) if plot.is_mirrored else at
    box = (tone, x, HEIGHT - FOOT - tall, wide, tall)
    return format_html(
        '<rect class="series-{}" x="{}" y="{}" width="{}" height="{}" rx="1"/>', *box
    )


def _ceiling(most: int, currency: str) -> int:
    """The next round amount above the largest, in quarters that read well."""
    unit = 10 ** scale(currency)
    step = unit
    while True:
        for factor in (4, 8, 12, 16, 20, 24, 32):
            if step * factor >= most:
                return step * factor
        step *= 10


def _cell(words: str, state: str) -> SafeString:
    marks = {
        "paid": '<rect class="series-b" width="12" height="12" rx="2"/>',
        "covered": '<rect class="series-soft" width="12" height="12" rx="2"/>',
        "late": '<rect class="series-late" width="12" height="12" rx="2"/>',
        "open": '<rect class="cell-open" x="0.5" y="0.5" width="11" height="11" rx="2"/>',
    }
    return format_html(
        '<li><svg width="12" height="12" viewBox="0 0 12 12" role="img" aria-label="{}">'
        "<title>{}</title>{}</svg></li>",
        words,
        words,
        mark_safe(marks.get(state, marks["open"])),  # noqa: S308  # nosec B308 B703
    )


def _swatch(tone: str) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 10 10" aria-hidden="true">'
        '<rect class="series-{}" width="10" height="10" rx="2"/></svg>',
        tone,
    )


def _share(each: Slice, total: int) -> str:
    return sentences.percent_text(1_000_000 * max(each.minor, 0) // total) if total else ""


def _money(minor: int, currency: str) -> SafeString:
    text = sentences.money_text(minor, currency, code=False)
    return format_html('<bdi dir="ltr" class="money">{}</bdi>', text)


def _hidden_table(heads: Sequence[str], rows: Sequence[Sequence[object]], title: str) -> SafeString:
    """The same numbers for those who cannot see the drawing."""
    head = format_html_join("", '<th scope="col">{}</th>', ((each,) for each in heads))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
    )
    return format_html(
        '<table class="unseen"><caption>{}</caption><thead><tr><td></td>{}</tr></thead>'
        "<tbody>{}</tbody></table>",
        title,
        head,
        body,
    )
