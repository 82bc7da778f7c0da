"""Names: one key per spelling family, one skeleton across scripts."""

from __future__ import annotations

import csv

import pytest

from tahsil.core.grammar.names import fold, is_estate, name_key, script, skeleton
from tests.shared import shared
from tests.tables import table

PAIRS = """
    one                  two                     why
    محمد احمد علي        محمّد أحمد على            marks and letter forms
    محمد أحمد            أ/ محمد احمد             a title
    محمد احمد            محمد احمد (والده)        a note in brackets
    سعاد محمود           م/ سعاد محمود            an engineer
    حسن السيد            ورثة / حسن السيد         heirs
    عبد الرحمن فهمي      عبدالرحمن فهمى           one word or two
    علي محمد احمد        محمد احمد علي            the order of words
    النور للتجارة        النور للتجارة ش.م.م       a legal form
    XYZ FM               XYZ FM LLC              a legal form in English
    राजेश शर्मा          श्री राजेश शर्मा        a title in Hindi
"""
ACROSS = """
    one                  two                     why
    محمد أحمد على        MOHAMED AHMED ALY       the catalogue's example
    عبد الرحمن محمود     Abdelrahman Mahmoud     one word in Latin letters
    أحمد القحطاني        Ahmed Al-Qahtani        an article
    حسن السيد            Hassan Elsayed          a glued article
    فاطمة الزهراء        Fatma El Zahraa         a closing letter
    राजेश शर्मा          Rajesh Sharma           Hindi
    विजय सिंह            Vijay Singh             a nasal
"""


@pytest.mark.parametrize("case", table(PAIRS), ids=lambda case: case["why"])
def test_spellings_of_one_name_share_a_key(case):
    assert name_key(case["one"]) == name_key(case["two"])


@pytest.mark.parametrize("case", table(ACROSS), ids=lambda case: case["why"])
def test_scripts_meet_in_the_skeleton(case):
    assert skeleton(case["one"]) == skeleton(case["two"])


def test_different_names_keep_apart():
    names = ["محمد أحمد", "محمود أحمد فهمي", "سعاد حسن", "Hassan Ali", "Ramesh Sharma", "منى فؤاد"]
    assert len({skeleton(name) for name in names}) == len(names)


def test_heirs_and_scripts_are_told():
    assert is_estate("ورثة / حسن السيد") and is_estate("Heirs of the late John Smith")
    assert not is_estate("حسن السيد")
    assert [script(name) for name in ("محمد", "Ali", "राजेश", "Ali محمد", "123")] == [
        "arab", "latn", "deva", "mixed", "none",
    ]  # fmt: skip
    assert fold("ﻣﺤﻤﺪ ١٢ Émile") == "محمد 12 emile"


def test_four_in_five_names_made_by_others_meet():
    with shared("data/names/google_ar2en.csv").open(encoding="utf-8") as file:
        pairs = [row[:2] for row in csv.reader(file)][1:]
    met = sum(skeleton(arabic) == skeleton(english) for arabic, english in pairs)
    assert met / len(pairs) > 0.8
