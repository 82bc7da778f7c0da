"""A desk to try pages at: the small book of tests/queries, people signed in, the clock held."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape

import pytest
from django.test import Client

from tahsil.project import clock
from tahsil.store.models import Person
from tests.conftest import NOW, TODAY
from tests.queries.books import SmallBook, small_book

SIGN_IN = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Desk:
    """The book with a browser for each person."""

    book: SmallBook
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, who: str, **more) -> Client:
        """A browser in which that person is signed in; nobody for an empty name."""
        key = f"{who}{more}"
        if key not in self.browsers:
            self.browsers[key] = Client(**more)
            if who:
                known = self.book.persons.get(who) or getattr(self.book.people, who)
                self.browsers[key].force_login(Person.objects.get(id=known), backend=SIGN_IN)
        return self.browsers[key]

    def get(self, who: str, path: str, **headers):
        """The answer that person gets; `{NIL-1}` stands for the account's id."""
        return self.browser(who).get(self.path(path), headers=headers)

    def read(self, who: str, path: str) -> str:
        """The page that person reads, as text with its marks."""
        answer = self.get(who, path)
        assert answer.status_code == 200, answer.content.decode()[:2000]
        return unescape(answer.content.decode())

    def post(self, who: str, path: str, *, headers=None, **fields):
        """The answer to a form that person sends."""
        return self.browser(who).post(self.path(path), fields, headers=headers or {})

    def path(self, path: str) -> str:
        for name, number in self.book.ids.items():
            path = path.replace(f"{{{name}}}", str(number))
        return path


@pytest.fixture
def desk(people, monkeypatch) -> Desk:
    """Lina, Omar and the others before the small book, on the day it was made for."""
    monkeypatch.setenv("TAHSIL_TODAY", TODAY.isoformat())
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Desk(small_book(people))
