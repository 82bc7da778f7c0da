"""Which words of names are one, across spellings and scripts, and which references are read."""

from __future__ import annotations

import pytest

from tahsil.core.grammar.refusal import RefusedAll
from tahsil.core.resolve.matching.index import Index
from tahsil.core.resolve.matching.likeness import MISSPELT, SPELT, likeness, one_slip, words
from tahsil.core.resolve.matching.policy import parse
from tahsil.core.resolve.matching.reading import read
from tahsil.core.resolve.matching.references import literal, nearly
from tests.core.resolve.matching.situations import BOOK, TODAY, line
from tests.tables import table

WORDS = table("""
    one        other        alike  why
    محمد       Mohamed      yes    usual
    محمد       Muhammad     yes    another spelling
    محمد       Mahmoud      no     a long vowel that is not written
    محمود      Mahmoud      yes    a long vowel that is
    علي        Aly          yes    y and i
    علي        Alaa         no     another vowel
    سمير       Samir        yes    usual
    سمير       Samira       no     his sister
    حسن        Hussein      no     another name of the same consonants
    منصور      El Mansoori  no     the family, not the name
    يوسف       Youssef      yes    doubled consonant
    Yusuf      Youssef      yes    two Latin spellings
    Samir      Samira       no     two Latin names
    سعيد       سيد          no     one Arabic letter is another name
    عثمان      Osman        yes    ث said as s
    مدحت       Medhat       yes    d and h are two letters here
    عبدالرحمن  Abdelrahman  yes    joined
    عبد الله   Abdullah     yes    apart and joined
    العطار     Elattar      yes    an article grown on
    राजेश      Rajesh       yes    Devanagari
    """)  # fmt: skip


@pytest.mark.parametrize("case", WORDS, ids=lambda case: f"{case['one']} {case['other']}")
def test_words_of_names(case):
    one, other = words(case["one"]), words(case["other"])
    assert len(one) == len(other)
    least = min(likeness(a, b) for a, b in zip(one, other, strict=True))
    assert (least >= SPELT) == (case["alike"] == "yes")


def test_a_slip_of_the_pen_is_less():
    assert likeness(*words("Soliman Soliban")) == MISSPELT
    assert likeness(*words("Soliman Fahmy")) == 0


@pytest.mark.parametrize(("one", "other", "slip"), [
    ("00571", "00571", True), ("00571", "00751", True), ("00571", "0571", True),
    ("00571", "005711", True), ("00571", "00581", True), ("00571", "00851", False),
    ("00571", "571", False), ("00571", "15700", False),
])  # fmt: skip
def test_one_slip(one, other, slip):
    assert one_slip(one, other) == one_slip(other, one) == slip


REFERENCES = table("""
    text                        named                             why
    CT00571/01                  CT00571/01                        as written
    ref:ct-00571-1.             CT00571/01                        small, other marks
    CT571/1                     CT00571/01                        zeros lost
    CT0057101                   CT00571/01                        marks lost
    CT00571 / قسط ٢             CT00571/02                        a word between, Arabic digits
    CT00571/01-03               CT00571/01 CT00571/02 CT00571/03  a range
    CT00571/01 to 3             CT00571/01 CT00571/02 CT00571/03  a range in words
    CT00571/01,02 & 4           CT00571/01 CT00571/02 CT00571/04  a list
    CT00571/01 02/10/2026       CT00571/01                        a date beside it is no instalment
    2026-10-01 100571 FT005710  -                                 numbers of the bank
    """)  # fmt: skip


@pytest.mark.parametrize("case", REFERENCES, ids=lambda case: case["why"])
def test_references_as_written(case):
    index = Index(BOOK)
    found = literal(index, read(line(case["text"], 1)).tokens)
    items = [hit.reference for named in found for hit in named.hits if hit.item_id]
    assert " ".join(items) == ("" if case["named"] == "-" else case["named"])


@pytest.mark.parametrize("text", ["CT00751/01", "CTO0571/01", "C00571/01", "CT005711/01"])
def test_references_but_for_one_letter(text):
    index = Index(BOOK)
    found = nearly(index, read(line(text, 1)).tokens)
    assert "CT00571/01" in {hit.reference for named in found for hit in named.hits}


def policy(**values):
    return {"standard": {"description": "d", "source": "s", "values": {TODAY: values}}}


def test_a_policy_is_read_with_its_alternatives():
    found = parse(policy(score=6, weights={"name": 4}, automatic=["reference+full,part+exact"]))
    at = found["standard"].at(TODAY)
    assert at.automatic == {"reference+full+exact", "reference+part+exact"}
    assert (at.score, at.weights["name"], at.weights["reference"]) == (6, 4, 4.0)


@pytest.mark.parametrize(("values", "code"), [
    ({"automatic": ["reference+mood+exact"]}, "matching.pattern"),
    ({"proven": ["reference+full"]}, "matching.pattern"),
    ({"weights": {"whim": 1}}, "policy.unknown_key"),
    ({"luck": 1}, "policy.unknown_key"),
])  # fmt: skip
def test_a_policy_nobody_understands_is_refused(values, code):
    with pytest.raises(RefusedAll) as refused:
        parse(policy(**values))
    assert [part.code for part in refused.value.parts] == [code]
