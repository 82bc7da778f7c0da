"""Search: by name in either script, telephone, unit, contract, receipt; what is out of reach."""

import pytest

from tests.tables import table


@pytest.mark.parametrize("case", table("""
    q              opens   why
    محمد احمد      NIL-1   a name without its hamza
    +201001234567  NIL-1   a telephone
    YAS-0014       NIL-1   a contract
    CAI-1          NIL-1   a receipt
    NIL-2          NIL-2   an account
"""), ids=lambda case: case["why"])  # fmt: skip
def test_the_only_hit_opens_itself(desk, case):
    answer = desk.get("lina", f"/search?q={case['q'].replace('+', '%2B')}")
    assert answer.status_code == 302
    assert answer.url == desk.path(f"/accounts/{{{case['opens']}}}")


def test_several_hits_are_listed_by_what_matched(desk):
    text = desk.read("sara", "/search?q=ahmed")
    assert "By name" in text and "NIL-1" in text and "DXB-1" in text


def test_nothing_found_says_what_to_try(desk):
    assert "Nothing found" in desk.read("lina", "/search?q=zzzzqqq")
    assert "What are you looking for?" in desk.read("lina", "/search")


def test_what_is_out_of_reach_is_not_found(desk):
    assert "DXB-1" not in desk.read("lina", "/search?q=MRN-7")
    assert desk.get("ravi", "/search?q=MRN-7").url == desk.path("/accounts/{DXB-1}")


def test_a_stranger_searches_nothing(desk):
    assert desk.get("stranger", "/search?q=ahmed").status_code == 403
    assert desk.get("", "/search?q=ahmed").url.startswith("/sign-in")
