"""HTML made in Python: marks around values, every value escaped that is not HTML already."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from django.utils.safestring import SafeString

HARMLESS = (SafeString, int)
GRAVE = re.compile("[&<>\"']")


def filled(template: str, *values: Any) -> SafeString:
    """The template with its `{}` filled in; as Django's format_html, at a third of its cost.

    A list has hundreds of such pieces. The template is always a literal of ours.
    """
    return SafeString(template.format(*map(_escaped, values)))  # nosec B703


def _escaped(value: Any) -> Any:
    if type(value) in HARMLESS:
        return value
    text = str(value)
    return escape(text) if GRAVE.search(text) else text
