"""The desk every page is tried at."""

import pytest
from django.utils import translation

from tests.faces.desk import desk

__all__ = ["desk"]


@pytest.fixture(autouse=True)
def plain_english():
    """No test speaks the language the one before it was read in."""
    with translation.override("en"):
        yield
