"""Addresses of the web face: nouns, in the plural; forms post to a noun."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from tahsil.web import session

urlpatterns: list[Any] = [
    path("sign-in", session.SignIn.as_view()),
    path("sign-out", session.SignOut.as_view()),
    path("language", session.language),
    path("as-of", session.as_of),
    path("", include("tahsil.web.urls_accounts")),
    path("", include("tahsil.web.urls_cash")),
    path("", include("tahsil.web.urls_reports")),
]
