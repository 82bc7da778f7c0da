"""Amounts in words: every turn of the grammar, in each language, and no two amounts alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.grammar import words_hindi
from tahsil.core.grammar.money import AMOUNT_MAX, parse
from tahsil.core.grammar.refusal import Refused
from tahsil.core.grammar.words_of_money import LANGUAGES, in_words
from tests.tables import table

CURRENCIES = ("EGP", "AED", "SAR", "KWD", "USD", "INR", "JPY")
SAID = table("""
    lang  amount           code  words
    # alone
    ar    0                EGP   صفر جنيه مصري
    ar    1                EGP   جنيه مصري واحد
    ar    2                EGP   جنيهان مصريان
    ar    0.01             EGP   قرش واحد
    ar    0.02             EGP   قرشان
    ar    0.50             EGP   خمسون قرشًا
    # three to ten: plural, the other gender
    ar    3                EGP   ثلاثة جنيهات مصرية
    ar    8                EGP   ثمانية جنيهات مصرية
    ar    10               EGP   عشرة جنيهات مصرية
    ar    0.03             SAR   ثلاث هللات
    ar    0.08             SAR   ثماني هللات
    ar    0.10             SAR   عشر هللات
    # eleven to ninety-nine: accusative
    ar    11               EGP   أحد عشر جنيهًا مصريًا
    ar    12               EGP   اثنا عشر جنيهًا مصريًا
    ar    19               EGP   تسعة عشر جنيهًا مصريًا
    ar    20               EGP   عشرون جنيهًا مصريًا
    ar    21               EGP   واحد وعشرون جنيهًا مصريًا
    ar    99               EGP   تسعة وتسعون جنيهًا مصريًا
    ar    0.11             SAR   إحدى عشرة هللة
    ar    0.12             SAR   اثنتا عشرة هللة
    ar    0.18             SAR   ثماني عشرة هللة
    ar    0.21             SAR   إحدى وعشرون هللة
    ar    0.22             SAR   اثنتان وعشرون هللة
    ar    0.28             SAR   ثمانٍ وعشرون هللة
    # hundreds
    ar    100              EGP   مائة جنيه مصري
    ar    101              EGP   مائة جنيه مصري وجنيه مصري واحد
    ar    102              EGP   مائة جنيه مصري وجنيهان مصريان
    ar    103              EGP   مائة وثلاثة جنيهات مصرية
    ar    111              EGP   مائة وأحد عشر جنيهًا مصريًا
    ar    200              EGP   مائتا جنيه مصري
    ar    250              EGP   مائتان وخمسون جنيهًا مصريًا
    ar    300              EGP   ثلاثمائة جنيه مصري
    ar    800              AED   ثمانمائة درهم إماراتي
    # thousands and more
    ar    1000             EGP   ألف جنيه مصري
    ar    1001             EGP   ألف جنيه مصري وجنيه مصري واحد
    ar    2000             EGP   ألفا جنيه مصري
    ar    2300             EGP   ألفان وثلاثمائة جنيه مصري
    ar    3000             EGP   ثلاثة آلاف جنيه مصري
    ar    10000            EGP   عشرة آلاف جنيه مصري
    ar    11000            EGP   أحد عشر ألف جنيه مصري
    ar    11500            EGP   أحد عشر ألفًا وخمسمائة جنيه مصري
    ar    100000           EGP   مائة ألف جنيه مصري
    ar    102000           EGP   مائة ألف وألفا جنيه مصري
    ar    144000           EGP   مائة وأربعة وأربعون ألف جنيه مصري
    ar    200000           EGP   مائتا ألف جنيه مصري
    ar    1000000          EGP   مليون جنيه مصري
    ar    2000000          EGP   مليونا جنيه مصري
    ar    3000000          EGP   ثلاثة ملايين جنيه مصري
    ar    1000000000       EGP   مليار جنيه مصري
    ar    2000000000       EGP   مليارا جنيه مصري
    # other currencies, with their coins
    ar    909.37           EGP   تسعمائة وتسعة جنيهات مصرية وسبعة وثلاثون قرشًا
    ar    1.01             AED   درهم إماراتي واحد وفلس واحد
    ar    12.345           KWD   اثنا عشر دينارًا كويتيًا وثلاثمائة وخمسة وأربعون فلسًا
    ar    3.200            KWD   ثلاثة دنانير كويتية ومائتا فلس
    ar    2.02             USD   دولاران أمريكيان وسنتان
    ar    3.03             INR   ثلاث روبيات هندية وثلاث بيسات
    ar    2                INR   روبيتان هنديتان
    ar    15               SAR   خمسة عشر ريالًا سعوديًا
    ar    -5               EGP   سالب خمسة جنيهات مصرية
    ar    7                CHF   سبعة CHF
    # English
    en    0                EGP   zero Egyptian pounds
    en    1                EGP   one Egyptian pound
    en    21.01            EGP   twenty-one Egyptian pounds and one piastre
    en    100              AED   one hundred UAE dirhams
    en    101              EGP   one hundred and one Egyptian pounds
    en    1001             EGP   one thousand and one Egyptian pounds
    en    1100             EGP   one thousand one hundred Egyptian pounds
    en    4000.50          EGP   four thousand Egyptian pounds and fifty piastres
    en    12.345           KWD   twelve Kuwaiti dinars and three hundred and forty-five fils
    en    1000000000       USD   one billion US dollars
    en    9500000          INR   ninety-five lakh Indian rupees
    en    10000001         INR   one crore and one Indian rupees
    en    -0.05            USD   minus five cents
    # Hindi
    hi    0                INR   शून्य रुपये
    hi    1.01             INR   एक रुपया और एक पैसा
    hi    11               INR   ग्यारह रुपये
    hi    99               INR   निन्यानवे रुपये
    hi    101              INR   एक सौ एक रुपये
    hi    144000.50        INR   एक लाख चौवालीस हज़ार रुपये और पचास पैसे
    hi    12345678         INR   एक करोड़ तेईस लाख पैंतालीस हज़ार छह सौ अठहत्तर रुपये
    hi    1000000000       INR   एक अरब रुपये
    hi    12.345           KWD   बारह कुवैती दीनार और तीन सौ पैंतालीस फ़िल्स
""")


@pytest.mark.parametrize("case", SAID, ids=lambda row: f"{row['lang']} {row['amount']}")
def test_an_amount_is_said(case):
    minor = parse(case["amount"], case["code"])
    assert in_words(minor, case["code"], case["lang"]) == case["words"]


AMOUNTS = st.one_of(st.integers(0, 3_000), st.integers(0, AMOUNT_MAX))


@pytest.mark.parametrize("language", LANGUAGES)
@given(one=AMOUNTS, other=AMOUNTS, code=st.sampled_from(CURRENCIES))
def test_distinct_amounts_have_distinct_words(language, one, other, code):
    assert (in_words(one, code, language) == in_words(other, code, language)) == (one == other)


@pytest.mark.parametrize("code", ["EGP", "SAR", "KWD", "INR"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_of_the_smaller_amounts_are_said_alike(language, code):
    assert len({in_words(minor, code, language) for minor in range(130_000)}) == 130_000


def test_every_number_below_a_hundred_has_its_own_hindi_word():
    assert len(set(words_hindi.SMALL)) == 100


def test_what_is_larger_than_any_amount_is_not_said():
    with pytest.raises(Refused):
        in_words(AMOUNT_MAX + 1, "EGP", "ar")
