"""The small book every query is tried on."""

from __future__ import annotations

import pytest

from tests.queries.books import SmallBook, small_book


@pytest.fixture
def book(people) -> SmallBook:
    """Four accounts: see books.py."""
    return small_book(people)
