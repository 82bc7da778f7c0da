"""What every request carries: who asks, the business date, the date looked at, the language."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import translation

from tahsil.project import clock
from tahsil.queries import people
from tahsil.web import own_names


class Standing:
    """Puts `standing`, `today`, `as_of` and `now` on the request; one read of the clock each."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.now = clock.now()
        request.today = clock.today()
        request.as_of = chosen_date(request)
        if request.user.is_authenticated:
            request.standing = people.standing_of(request.user.id, as_of=request.today)
            _speak(request)
        with own_names.of_request():
            return self.get_response(request)


def chosen_date(request) -> date:
    """The date looked at: from the address, else from the session, else today."""
    text = request.GET.get("as_of") or request.session.get("as_of", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return request.today


def _speak(request) -> None:
    """The person's own language, unless this browser chose another."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
