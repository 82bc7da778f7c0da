"""Charts: true to their numbers, mirrored for right to left, safe under a strict policy."""

import re
import xml.etree.ElementTree as tree

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tahsil.web import charts
from tahsil.web.charts import Slice

MONTHS = ["Nov", "Dec", "Jan"]


def months(**given):
    return charts.columns(
        "Due and collected", MONTHS, ("Due", [300_00, 200_00, 100_00]),
        ("Collected", [150_00, 200_00, 0]), currency="EGP", **given,
    )  # fmt: skip


def every_chart():
    slices = [Slice("1–30", 100_00, "late"), Slice("31–60", 50_00, "late", url="/ageing?bucket=2")]
    return {
        "bars": charts.bars("Arrears", slices, currency="EGP"),
        "stacked": charts.stacked("Balance", slices, currency="EGP"),
        "columns": months(),
        "sparkline": charts.sparkline("Kept rate", [3, 5, 4]),
        "ribbon": charts.ribbon("Instalments", [("1: paid", "paid"), ("2: open", "open")]),
    }


def rects(chart, tone):
    found = re.findall(rf'<rect class="series-{tone}"([^>]*)>', chart)
    return [{k: int(v) for k, v in re.findall(r'(\w+)="(\d+)"', each)} for each in found]


@pytest.mark.parametrize("name", ["bars", "stacked", "columns", "sparkline", "ribbon"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_chart_is_well_formed_and_carries_no_style_or_script(name, language):
    with translation.override(language):
        chart = every_chart()[name]
    tree.fromstring(f"<div>{chart}</div>")
    assert "style=" not in chart and "<script" not in chart and " on" not in chart
    assert "<svg" in chart


def test_bars_are_in_proportion_to_the_largest():
    chart = every_chart()["bars"]
    assert [each["width"] for each in rects(chart, "late")] == [1000, 500]
    assert "100.00" in chart and "50.00" in chart
    assert '<a href="/ageing?bucket=2">' in chart


def test_a_small_amount_is_still_seen_and_nothing_is_not():
    slices = [Slice("a", 10**9), Slice("b", 1), Slice("c", 0)]
    chart = charts.bars("Arrears", slices, currency="EGP")
    assert [each["width"] for each in rects(chart, "b")] == [1000, 4, 0]


def test_bars_start_at_the_reader_s_side():
    with translation.override("ar"):
        mirrored = every_chart()["bars"]
    assert [each["x"] for each in rects(every_chart()["bars"], "late")] == [0, 0]
    assert [each["x"] for each in rects(mirrored, "late")] == [0, 500]


def test_columns_stand_as_high_as_their_amounts():
    due, collected = rects(months(), "a")[1:], rects(months(), "b")[1:]  # the first is the legend's
    assert [each["height"] for each in due] == [each * due[2]["height"] for each in (3, 2, 1)]
    assert collected[1]["height"] == due[1]["height"]
    assert collected[2]["height"] == 0


def test_columns_run_from_the_right_in_arabic():
    with translation.override("ar"):
        places = [each["x"] for each in rects(months(), "a")[1:]]
    assert places == sorted(places, reverse=True)
    english = [each["x"] for each in rects(months(), "a")[1:]]
    assert english == sorted(english)


def test_columns_are_readable_without_seeing_them():
    chart = months()
    assert 'role="img"' in chart and "<title>Due and collected</title>" in chart
    assert "<desc>Due, Collected</desc>" in chart
    assert "Nov: Due 300.00 EGP, Collected 150.00 EGP" in chart
    hidden = chart[chart.index('<table class="unseen">') :]
    assert hidden.count("<tr>") == 4


def test_crowded_names_are_thinned_from_the_last_back():
    labels = [f"month {n}" for n in range(12)]
    same = ("Due", [100] * 12)
    chart = charts.columns("Due", labels, same, same, currency="EGP", width=440)
    shown = re.findall(r'text-anchor="middle">([^<]*)<', chart)
    assert shown[-1] == "month 11" and shown[-2] == "" and len(shown) == 12


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=12))
def test_no_column_leaves_its_plot(amounts):
    labels = [str(n) for n in range(len(amounts))]
    series = ("Due", amounts)
    drawn = rects(charts.columns("Due", labels, series, series, currency="KWD"), "a")[1:]
    assert all(each["y"] >= charts.TOP for each in drawn)
    assert all(each["y"] + each["height"] == charts.HEIGHT - charts.FOOT for each in drawn)


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=8).filter(any))
def test_a_stacked_bar_s_shares_fit_its_line(amounts):
    slices = [Slice(str(n), amount) for n, amount in enumerate(amounts)]
    widths = [each["width"] for each in rects(charts.stacked("x", slices, currency="EGP"), "b")]
    assert sum(widths[: len(amounts)]) <= 1000 + 4 * len(amounts)


def test_nothing_to_draw_is_not_an_error():
    assert charts.sparkline("Kept rate", [4]) == ""
    assert "<tbody></tbody>" in charts.bars("Arrears", [], currency="EGP")
    assert "<figure" in charts.stacked("Balance", [Slice("a", 0)], currency="EGP")
    assert "<svg" in charts.columns("x", [], ("a", []), ("b", []), currency="EGP")


def test_labels_are_escaped():
    assert "<i>" not in charts.bars("<i>", [Slice("<i>", 1)], currency="EGP")


@pytest.mark.parametrize("language, reads", [("en", "1.2M"), ("ar", "1.2 مليون"), ("hi", "12 लाख")])
def test_an_axis_reads_in_few_characters(language, reads):
    with translation.override(language):
        assert charts.compact(1_200_000_00, "EGP").replace("\u00a0", " ") == reads
