"""Names: one key for one person's spellings, in three scripts; different persons stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.grammar.names import fold, is_estate, name_key, script, skeleton
from tests.tables import table


@pytest.mark.parametrize(
    "case",
    table("""
    one                   other                 same  why
    أحمد محمود            احمد محمود            yes   the hamza is often left out
    د/ احمد محمود         احمد محمود            yes   a title is no name
    منى عادل              مني عادل              yes   final yeh and alef look alike
    فاطمة علي             فاطمه على             yes   so do teh marbuta and heh
    عبد الرحمن حسن        عبدالرحمن حسن         yes   written apart or together
    Mr. Adel Samir        samir ADEL            yes   titles, case and order
    Adel Samir            Adel Sami             no    a letter less is somebody else
    أحمد محمود            أحمد محمد             no    so it is in Arabic
    """),
    ids=lambda case: case["why"],
)
def test_keys_forgive_spelling_inside_a_script(case):
    assert (name_key(case["one"]) == name_key(case["other"])) == (case["same"] == "yes")


@pytest.mark.parametrize(
    "case",
    table("""
    arabic          latin             why
    محمد احمد       Mohamed Ahmed     the commonest of all
    محمد احمد       Muhammad Ahmad    however it is spelt
    حسن علي         Hassan Ali        doubled letters
    """),
    ids=lambda case: case["why"],
)
def test_skeletons_meet_across_scripts(case):
    assert skeleton(case["arabic"]) == skeleton(case["latin"]) != ""


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert name_key(text) == name_key(f"  {text} ")


@pytest.mark.parametrize(
    "case",
    table("""
    text             script  why
    محمد             arab    Arabic
    Mohamed          latn    Latin
    मोहन             deva    Devanagari
    Mona منى         mixed   both
    123              none    no letters
    """),
    ids=lambda case: case["why"],
)
def test_the_script_is_told_by_the_letters(case):
    assert script(case["text"]) == case["script"]


@pytest.mark.parametrize("name", ["ورثة أحمد محمود", "Heirs of Ahmed Mahmoud", "المرحوم أحمد"])
def test_an_estate_is_known_by_its_name(name):
    assert is_estate(name) and not is_estate("Ahmed Mahmoud")
