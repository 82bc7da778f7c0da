"""How money, days, shares and sentences read in each language, and that every part renders."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.grammar.money import AMOUNT_MAX, Money, parse
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tahsil.web import sentences
from tests.tables import table

CALLED_AT = datetime(2026, 1, 13, 10, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """No collected static files are needed to render a page here."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


def drawn(text: str, **facts: object) -> str:
    return Template("{% load tahsil %}" + text).render(Context(facts))


@pytest.mark.parametrize("case", table("""
    minor        currency  reads              why
    123450       EGP       1,234.50 EGP       two decimals
    1234500      KWD       1,234.500 KWD      Kuwait has three
    1234         JPY       1,234 JPY          Japan has none
    2390000050   INR       2,39,00,000.50 INR  rupees by lakh and crore
    99999        INR       999.99 INR         three digits need no group
    10000000     INR       1,00,000.00 INR    one lakh
    -5           AED       −0.05 AED          a true minus sign
    0            SAR       0.00 SAR           nothing owed is shown
"""), ids=lambda case: case["why"])  # fmt: skip
def test_money_reads(case):
    assert sentences.money_text(int(case["minor"]), case["currency"]) == case["reads"]


@given(st.integers(-AMOUNT_MAX, AMOUNT_MAX), st.sampled_from(["EGP", "INR", "KWD", "JPY"]))
def test_what_is_shown_reads_back_as_the_same_amount(minor, currency):
    shown = sentences.money_text(minor, currency, code=False).replace(sentences.MINUS, "-")
    assert parse(shown, currency) == minor


def test_money_keeps_its_direction_and_names_its_currency():
    assert drawn("{{ owed|money }}", owed=Money(123450, "EGP")) == (
        '<bdi dir="ltr" class="money">1,234.50 <span class="cur">EGP</span></bdi>'
    )
    assert drawn("{{ owed|amount:'KWD' }}", owed=1500) == (
        '<bdi dir="ltr" class="money">1.500</bdi>'
    )
    assert drawn("{{ owed|money:'EGP' }}{{ owed|day }}", owed=None) == "––"


def test_arabic_digits_only_where_asked(settings):
    with translation.override("ar"):
        assert sentences.money_text(123450, "EGP") == "1,234.50 EGP"
        settings.ARABIC_DIGITS = True
        assert sentences.money_text(123450, "EGP") == "١٬٢٣٤٫٥٠ EGP"
    with translation.override("hi"):
        assert sentences.money_text(123450, "EGP") == "1,234.50 EGP"


@pytest.mark.parametrize("case", table("""
    language  reads           why
    en        13 Jan 2026     English
    ar        13 يناير 2026   Arabic
    hi        13 जन॰ 2026     Hindi
"""), ids=lambda case: case["why"])  # fmt: skip
def test_a_day_cannot_be_misread(case):
    with translation.override(case["language"]):
        assert sentences.day_text(date(2026, 1, 13)) == case["reads"]
        assert drawn("{{ on|day }}", on=date(2026, 1, 13)) == (
            f'<time datetime="2026-01-13">{case["reads"]}</time>'
        )


@pytest.mark.parametrize("case", table("""
    ppm      reads   why
    714000   71.4%   one decimal
    500000   50%     no empty decimals
    999      0.1%    rounded half up
    1250     0.1%    under the half
    -12500   −1.3%   negative, away from zero
    1000000  100%    the whole
    0        0%      nothing
"""), ids=lambda case: case["why"])  # fmt: skip
def test_shares_read_as_percent(case):
    assert sentences.percent_text(int(case["ppm"])) == case["reads"]


@pytest.mark.parametrize("case", table("""
    name           value        reads              why
    held_minor     45000        450.00 AED         money by its unit and the currency beside it
    share_ppm      125000       12.5%              a share by its unit
    due_on         2026-01-31   31 Jan 2026        a stored day
    state          in_safe      in safe            a code word without its catalogue entry
    number         R-204        R-204              a name stands as it is
    cheque_id      7            7                  a number stands as it is
"""), ids=lambda case: case["why"])  # fmt: skip
def test_facts_read_by_their_kind(case):
    value = int(case["value"]) if case["value"].isdigit() else case["value"]
    said = sentences.in_language("{" + case["name"] + "}", {case["name"]: value, "currency": "AED"})
    assert said == case["reads"]


def test_a_sentence_lists_and_keeps_what_is_missing_visible():
    said = sentences.in_language("{verb}: possible now: {can}; {gone}.", {
        "verb": "clear", "can": ["deposit", "replace"],
    })  # fmt: skip
    assert said == "clear: possible now: deposit, replace; {gone}."


def test_arabic_holds_foreign_words_apart():
    with translation.override("ar"):
        assert sentences.in_language("{n}", {"n": "R-204"}) == "\u2068R-204\u2069"
        assert sentences.in_language("{n}", {"n": "أحمد"}) == "أحمد"
    with translation.override("en"):
        assert sentences.in_language("{n}", {"n": "أحمد"}) == "\u2068أحمد\u2069"


def test_a_refusal_is_shown_with_every_part():
    parts = [
        Refused("row.day", "Row {row}: {text} is not a date.", row=n, text="31/02") for n in (2, 9)
    ]
    shown = render_to_string("parts/refusal.html", {
        "refused": RefusedAll("file.rows", "{count} rows were not read.", parts, count=2),
    })  # fmt: skip
    assert "2 rows were not read." in shown
    assert shown.count("<li>") == 2
    assert "Row 9: 31/02 is not a date." in shown


def test_names_from_data_are_escaped():
    shown = render_to_string("parts/badge.html", {"text": "<b>x</b>"})
    assert "&lt;b&gt;" in shown and "<b>" not in shown
    assert "<script>" not in drawn("{{ n|ltr }}", n="<script>")


def test_query_changes_one_value_and_keeps_the_filters():
    request = RequestFactory().get("/worklist?bucket=31-60&as_of=2026-01-13")
    text = "{% load tahsil %}{% query as_of=None page=2 %}"
    assert Template(text).render(Context({"request": request})) == "?bucket=31-60&amp;page=2"


def test_the_frame_takes_its_direction_from_the_language(rf):
    for language, direction in (("en", "ltr"), ("ar", "rtl"), ("hi", "ltr")):
        with translation.override(language):
            page = get_template("base.html").render(
                {"as_of": date(2026, 1, 13), "nav": []}, rf.get("/")
            )
        assert f'<html lang="{language}" dir="{direction}"' in page


def test_the_theme_cookie_is_taken_only_if_known(rf):
    request = rf.get("/")
    request.COOKIES["theme"] = '"><script>'
    assert "data-theme=" not in get_template("base.html").render({}, request).split("<body")[0]
    request.COOKIES["theme"] = "dark"
    assert 'data-theme="dark"' in get_template("base.html").render({}, request)


def test_no_page_of_ours_needs_inline_style_or_script(rf):
    page = get_template("parts/_gallery.html").render({
        "nav": [{"url": "/", "label": "Home", "icon": "home"}],
        "as_of": date(2026, 1, 13), "today": date(2026, 1, 14),
        "who": {"name": "Lina", "role": "Collector", "initials": "L"},
        "moments": [{"at": CALLED_AT, "glyph": "phone", "text": "Call"}],
        "refused": Refused("x.y", "No."),
    }, rf.get("/"))  # fmt: skip
    assert " style=" not in page and "<style" not in page
    assert " onclick=" not in page and "javascript:" not in page
    assert page.count("<script") == page.count("<script src=")
    assert "13 Jan 2026 10:42" in page
