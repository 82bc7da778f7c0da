"""Addresses of the web face: nouns, in the plural; forms post to a noun."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
