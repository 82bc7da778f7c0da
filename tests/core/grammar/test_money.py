"""Money: minor units with their currency's decimals; dividing loses nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.grammar.money import (
    AMOUNT_MAX,
    Money,
    apportion,
    decimal_text,
    parse,
    scale,
    share,
)
from tahsil.core.grammar.refusal import Refused
from tests.tables import table

AMOUNTS = st.integers(-AMOUNT_MAX, AMOUNT_MAX)
CURRENCIES = st.sampled_from(["EGP", "AED", "KWD", "JPY", "INR"])


@pytest.mark.parametrize(
    "case",
    table("""
    text              currency  minor     why
    1,234.50          EGP       123450    two decimals
    1,234.5           EGP       123450    one is enough
    1.234             KWD       1234      Kuwait has three
    1,234             JPY       1234      Japan has none
    -0.01             AED       -1        below nothing
    .5                INR       50        without a nought
    10.500            EGP       1050      noughts beyond the decimals
    """),
    ids=lambda case: case["why"],
)
def test_what_is_written_is_read(case):
    assert parse(case["text"], case["currency"]) == int(case["minor"])


@pytest.mark.parametrize(
    "case",
    table("""
    text              currency  code               why
    1.234             EGP       money.decimals     three decimals are not two
    1.5               JPY       money.decimals     one is not none
    12a               EGP       money.unreadable   letters
    -                 EGP       money.unreadable   a sign alone
    1٫5               EGP       money.unreadable   digits of another script are read elsewhere
    99999999999999    EGP       money.too_large    beyond every bound
    """),
    ids=lambda case: case["why"],
)
def test_what_cannot_be_an_amount_is_refused(case):
    with pytest.raises(Refused) as refused:
        parse(case["text"], case["currency"])
    assert refused.value.code == case["code"] and case["text"] in str(refused.value)


@given(AMOUNTS, CURRENCIES)
def test_what_is_written_can_be_read_again(minor, currency):
    assert parse(decimal_text(minor, currency), currency) == minor
    assert decimal_text(minor, currency).count(".") == (1 if scale(currency) else 0)


@given(AMOUNTS, st.integers(1, 60))
def test_splitting_loses_nothing_and_is_even(minor, parts):
    found = [part.minor for part in Money(minor, "EGP").split(parts)]
    assert sum(found) == minor and len(found) == parts
    assert max(found) - min(found) <= 1 and found == sorted(found, reverse=True)


@given(st.integers(0, AMOUNT_MAX), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_apportioning_loses_nothing_and_is_fair(minor, weights):
    if not sum(weights):
        with pytest.raises(Refused):
            apportion(minor, weights)
        return
    parts = apportion(minor, weights)
    assert sum(parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(minor * weight, sum(weights))) < 1


@given(st.integers(0, AMOUNT_MAX), st.integers(0, 2_000_000))
def test_a_share_is_exact_and_rounded_as_named(minor, ppm):
    exact = Fraction(minor * ppm, 1_000_000)
    down, up = (share(minor, ppm=ppm, rounding=how) for how in ("down", "up"))
    half = share(minor, ppm=ppm, rounding="half_up")
    assert down <= exact <= up and up - down <= 1
    assert half == (exact * 2 + 1) // 2
    column = share(np.asarray([minor, 0], dtype=np.int64), ppm=ppm)
    assert column.tolist() == [down, 0]


@given(AMOUNTS, AMOUNTS)
def test_amounts_of_one_currency_add_and_compare(one, two):
    a, b = Money(one, "EGP"), Money(two, "EGP")
    assert (a + b) - b == a and -a == Money(-one, "EGP")
    assert (a < b) == (one < two) and (a <= b) == (one <= two)


def test_amounts_of_two_currencies_do_not_mix():
    with pytest.raises(Refused) as refused:
        Money(1, "EGP") + Money(1, "AED")
    assert refused.value.code == "money.mixed"
    assert "0.01 AED" in str(refused.value) and "0.01 EGP" in str(refused.value)
