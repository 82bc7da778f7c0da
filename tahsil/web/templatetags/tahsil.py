"""Tags and filters of the web face: money, days, sentences, icons, dialogs, charts' neighbours.

Filters return safe HTML that keeps numbers left to right inside Arabic; each has a `_plain` sister
for titles and attributes. How things read is decided in tahsil/web/sentences.py.
"""

from __future__ import annotations

import unicodedata
import uuid
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tahsil.core.grammar.money import Money, scale
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import documents as kept_documents
from tahsil.web import asked, own_names, sentences, verbs
from tahsil.web.html import filled

register = template.Library()

SELECTED = ("", SafeString(" selected"))
KEPT = 500  # renderings one `kept` remembers
MIRRORED = {
    "forward", "back", "next", "undo", "bounced", "signout", "worklist", "message", "statement",
    "note", "ageing", "daily", "cheque", "search", "policy", "policies",
}  # fmt: skip
COVER_ICONS = {
    "none": "uncovered", "safe": "safe", "bank": "bank", "float": "clock",
    "bounced": "bounced", "held": "lock", "cleared": "cleared",
}  # fmt: skip
ANSWER_ICONS = {"allow": "approvals", "ask": "ask", "deny": "ban"}


@register.filter
def money(minor: int | Money | None, currency: str = "") -> SafeString | str:
    """The amount and, small, its currency's code."""
    minor, currency = _amount(minor, currency)
    if minor is None:
        return sentences.NOTHING
    text = sentences.money_text(minor, currency, code=False)
    if not currency:
        return filled('<bdi dir="ltr" class="money">{}</bdi>', text)
    return filled(
        '<bdi dir="ltr" class="money">{} <span class="cur">{}</span></bdi>', text, currency
    )


@register.filter
def amount(minor: int | Money | None, currency: str = "") -> SafeString | str:
    """The amount alone, for a column whose head names the currency."""
    minor, currency = _amount(minor, currency)
    if minor is None:
        return sentences.NOTHING
    text = sentences.money_text(minor, currency, code=False)
    return filled('<bdi dir="ltr" class="money">{}</bdi>', text)


@register.filter
def units(minor: int, currency: str) -> SafeString | str:
    """The amount in whole units, half up, for wide tables; the exact one stands in its title."""
    if not minor:
        return sentences.NOTHING
    one = 10 ** scale(currency)
    whole = (abs(minor) + one // 2) // one * (one if minor > 0 else -one)
    text = sentences.money_text(whole, currency, code=False)
    return filled(
        '<bdi dir="ltr" class="money" title="{}">{}</bdi>',
        sentences.money_text(minor, currency),
        text[: -scale(currency) - 1] if scale(currency) else text,
    )


@register.filter
def money_plain(minor: int | Money | None, currency: str = "") -> str:
    """The amount and its currency's code as plain text."""
    minor, currency = _amount(minor, currency)
    return sentences.money_text(minor, currency)


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """The day as a <time> element; a moment is shown by its day."""
    return _time(value, sentences.day_text(_local_day(value)))


@register.filter
def day_short(value: date | datetime | None) -> SafeString | str:
    """The day without its year, for lists of the last weeks."""
    return _time(value, sentences.day_text(_local_day(value), year=False))


@register.filter
def day_plain(value: date | datetime | None) -> str:
    """The day as plain text."""
    return sentences.day_text(_local_day(value))


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Day and minute as a <time> element."""
    return _time(value, sentences.moment_text(value))


@register.filter
def own_moment(value: datetime | None) -> SafeString | str:
    """Day and minute by the clock the instant itself names, such as the company's."""
    return _time(value, sentences.moment_text(value and value.replace(tzinfo=None)))


@register.filter
def ltr(value: Any) -> SafeString | str:
    """Held left to right: phones, codes, ranges such as 31–60."""
    if value in (None, ""):
        return sentences.NOTHING
    text = sentences.digits(str(value)) if str(value)[:1].isdigit() else str(value)
    return filled('<bdi dir="ltr" class="ltr">{}</bdi>', text)


@register.filter
def direction(text: Any) -> str:
    """The way a text without a sentence around it runs: rtl if it has such letters, else ltr."""
    letters = {unicodedata.bidirectional(letter) for letter in str(text)}
    return "rtl" if letters & {"R", "AL"} else "ltr"


@register.filter
def days_text(count: int | None) -> str:
    """A count of days in words."""
    return sentences.days_count_text(count)


@register.filter
def count(value: int | None) -> str:
    """A whole number, thousands apart."""
    return sentences.NOTHING if value is None else sentences.digits(f"{value:,}")


@register.filter
def percent(ppm: int | None, places: int = 1) -> SafeString | str:
    """Parts per million as a percentage."""
    text = sentences.percent_text(ppm, places=int(places))
    return text if ppm is None else filled('<bdi dir="ltr" class="num-text">{}</bdi>', text)


@register.filter
def sentence(template_text: str, facts: dict[str, Any] | None = None) -> str:
    """The template with its facts, in the active language."""
    return sentences.in_language(template_text, facts)


@register.filter
def refusal_sentences(refused: Refused) -> list[str]:
    """The sentences of a refusal and of its parts, in the active language."""
    return sentences.refusal_sentences(refused)


@register.filter
def word(code: str | None) -> str:
    """A code word (a state, a verb, a disposition) in the active language."""
    return sentences.fact_text("word", code, {})


@register.filter
def stage(code: str | None) -> str:
    """What a line without a due date waits for, in words."""
    return sentences.stage_text(code) if code else ""


@register.filter
def called(name: str | None) -> str:
    """A person, project or company by its name in the reader's script, where one is kept."""
    return own_names.called(name or "")


@register.filter
def words(code: str) -> str:
    """A policy's or layout's code as a heading: dpd_six becomes DPD six."""
    return sentences.code_title(code)


@register.filter
def verb_label(verb: str) -> str:
    """What an act is called."""
    return verbs.label(verb)


@register.filter
def label(labels: dict[str, str] | None, code: str = "") -> str:
    """The label in the active language, else in English, else the code as a word."""
    return sentences.label_text(labels or {}, code)


@register.filter
def options(choice: dict[str, Any]) -> SafeString:
    """The options of a filter's select; a list of a thousand people is made in one go."""
    chosen = str(choice["value"])
    return SafeString(  # nosec B703
        "".join(
            filled('<option value="{}"{}>{}</option>', value, SELECTED[str(value) == chosen], text)
            for value, text in choice["options"]
        )
    )


@register.filter
def cover_icon(cover: str) -> str:
    """The icon that stands for a state of cover."""
    return COVER_ICONS.get(cover, "uncovered")


@register.filter
def answer_icon(answer: Any) -> str:
    """The icon that stands for a verdict's answer."""
    return ANSWER_ICONS.get(answer_word(answer), "info")


@register.filter
def answer_word(answer: Any) -> str:
    """The verdict's answer as a lower-case word: allow, ask or deny."""
    return str(getattr(answer, "name", answer)).lower()


@register.filter
def field_of(row: Any, name: str) -> Any:
    """The named value of a dict or of a dataclass."""
    return row.get(name) if isinstance(row, dict) else getattr(row, name, None)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; without a label it is decoration and screen readers skip it."""
    return _icon(name, str(label), static("icons.svg") if settings.DEBUG else _sprite())


@lru_cache(maxsize=1)
def _sprite() -> str:
    """Where the sprite is: a page has a hundred icons, and asking costs more than drawing."""
    return static("icons.svg")


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, sprite: str) -> SafeString:
    flip = " flip" if name in MIRRORED else ""
    href = f"{sprite}#{name}"
    if not label:
        return filled('<svg class="icon{}" aria-hidden="true"><use href="{}"/></svg>', flip, href)
    return filled(
        '<svg class="icon{}" role="img" aria-label="{}"><use href="{}"/></svg>', flip, label, href
    )


@register.inclusion_tag("parts/documents.html", takes_context=True)
def documents(
    context: template.Context, noun: str, number: int, account_id: int | None, kind: str = "other"
) -> dict[str, Any]:
    """The documents kept with a subject, and the way to keep one more of that kind."""
    request, subject = context["request"], f"{noun}:{number}"
    return {
        "documents": kept_documents.documents(asked.standing(request), subject), "subject": subject,
        "account_id": account_id, "kind": kind, "may_keep": asked.may(request, "document.keep"),
    }  # fmt: skip


@register.simple_tag
def form_key() -> SafeString:
    """A hidden field with a fresh key, so that a form sent twice is done once."""
    return filled('<input type="hidden" name="form_key" value="{}">', uuid.uuid4().hex)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's query string with these values changed; None takes a value away."""
    request = context.get("request")
    values = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = value
    return f"?{values.urlencode()}"


@register.simple_tag
def url_of(path: str, **values: Any) -> str:
    """The path with these values as its query string; empty ones are left out."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}"


@register.filter
def month_year(value: date) -> str:
    """The month's short name and its year."""
    return sentences.month_text(value, year=True)


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """A native dialog around the block; a button with data-opens="id" opens it."""
    facts = {"id": id, "title": title, "content": mark_safe(content)}  # noqa: S308  # nosec B308 B703
    return mark_safe(render_to_string("parts/dialog.html", facts))  # noqa: S308  # nosec B308 B703


@register.simple_block_tag
def section(
    content: str, title: str, more: str = "", more_url: str = "", note: str = ""
) -> SafeString:
    """A headed section around the block, with an optional note and a link to more."""
    facts = {"title": title, "more": more, "more_url": more_url, "note": note}
    facts["content"] = mark_safe(content)  # noqa: S308  # nosec B308 B703
    return mark_safe(render_to_string("parts/section.html", facts))  # noqa: S308  # nosec B308 B703


class _Kept(template.Node):
    """What stands between `kept` and `endkept`, rendered once for each value of its key."""

    def __init__(self, nodelist: template.NodeList, key: Any) -> None:
        self.nodelist, self.key = nodelist, key
        self.rendered: dict[Any, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), self.key.resolve(context) if self.key else None)
        if key not in self.rendered:
            if len(self.rendered) >= KEPT:
                self.rendered.clear()
            self.rendered[key] = self.nodelist.render(context)
        return self.rendered[key]


@register.tag
def kept(parser: Any, token: Any) -> _Kept:
    """A part of every page that only the language changes, or the key named: `{% kept nav_key %}`.

    It is rendered once in a process, so nothing of a request may stand in it.
    """
    words = token.split_contents()[1:]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(nodelist, parser.compile_filter(words[0]) if words else None)


def _amount(minor: int | Money | None, currency: str) -> tuple[int | None, str]:
    if isinstance(minor, Money):
        return minor.minor, minor.currency
    return (None if minor in (None, "") else int(minor)), currency or ""


def _local_day(value: date | datetime | None) -> date | None:
    if not isinstance(value, datetime):
        return value
    return (timezone.localtime(value) if timezone.is_aware(value) else value).date()


def _time(value: date | datetime | None, text: str) -> SafeString | str:
    if value is None:
        return text
    return filled('<time datetime="{}">{}</time>', value.isoformat(), text)
