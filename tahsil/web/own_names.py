"""What people, projects and companies are called on this reader's screen.

The names are read once for a request, and only where the reader's script is not the usual one;
like the language itself they stand beside the request, so that sentences can use them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import get_language

from tahsil.queries import names

_KNOWN: ContextVar[dict[str, dict[str, str]] | None] = ContextVar("known", default=None)


@contextmanager
def of_request() -> Iterator[None]:
    """Within it the names read stay read; it knows none when it begins."""
    token = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def called(name: str) -> str:
    """The name in the reader's script where one is kept, else as it is."""
    language = (get_language() or "en").split("-")[0]
    known = _KNOWN.get()
    if known is None or language not in names.SCRIPTS or not isinstance(name, str):
        return name
    if language not in known:
        known[language] = names.in_script_of(language)
    return known[language].get(name, name)


def options(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Choices of people, projects or companies as the reader calls them."""
    return [(code, called(name)) for code, name in choices]
