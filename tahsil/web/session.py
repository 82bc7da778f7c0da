"""Signing in and out, the language, the date looked at."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST

from tahsil.web.pages import back

YEAR = 365 * 24 * 3600


class SignIn(LoginView):
    """The sign-in page; axes locks a name out after repeated wrong passwords."""

    template_name = "sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the session."""


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the language chosen on this browser."""
    chosen = request.POST.get("language", "")
    answer = redirect(back(request))
    if chosen in dict(settings.LANGUAGES):
        translation.activate(chosen)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", httponly=True
        )
    return answer


@require_POST
def as_of(request: HttpRequest) -> HttpResponse:
    """Keeps the date looked at for this session; today again when emptied."""
    try:
        request.session["as_of"] = date.fromisoformat(request.POST.get("as_of", "")).isoformat()
    except ValueError:
        request.session.pop("as_of", None)
    return redirect(back(request).split("?")[0])


def wrong_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its token: nothing was done, the page is to be opened again."""
    return render(request, "wrong_form.html", status=403)
