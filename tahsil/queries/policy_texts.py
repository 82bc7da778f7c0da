"""Policy bodies as text one can edit: written as YAML, read back, compared line by line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any

import yaml

from tahsil.core.grammar.refusal import Refused
from tahsil.store.policies import LOADER

AROUND = 2  # lines shown around each that differs
SIGNS = {" ": "same", "+": "added", "-": "gone", "@": "far"}


def written(body: dict[str, Any], *, is_sorted: bool = False) -> str:
    """The body as YAML, in its own order or, to compare it, in that of the keys."""
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=is_sorted, width=96)


def read(text: str) -> dict[str, Any]:
    """The body a text says; refused with the line where it cannot be read."""
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=LOADER)):
            raise Refused("policy.alias", "A body names nothing twice with & and *. Write it out.")
        found = yaml.load(text, Loader=LOADER)  # noqa: S506 # nosec B506 - it is a safe loader
        body = json.loads(json.dumps(found, default=str))
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise Refused(
            "policy.text", "Line {line} cannot be read: {problem}.", line=line,
            problem=fault.problem or "-",
        ) from None  # fmt: skip
    except (yaml.YAMLError, TypeError, ValueError, RecursionError):
        raise Refused("policy.letters", "The text holds letters or keys no body has.") from None
    if not isinstance(body, dict) or not body:
        raise Refused("policy.no_body", "A body is a list of keys, each with its value.")
    return body


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What differs, as (same, added, gone or far; the line); the order of keys does not count."""
    return tuple(_changes(before, after))


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str]]:
    old, new = (written(each, is_sorted=True).splitlines() for each in (before, after))
    for line in list(difflib.unified_diff(old, new, lineterm="", n=AROUND))[3:]:
        yield SIGNS[line[:1]], "" if line.startswith("@") else line[1:]
