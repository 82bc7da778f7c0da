"""Refusals: what may not be done, why, and what is possible instead.

A refusal is expected and understood; a fault is ours and is any other exception.
The template and its facts are kept apart, so that a face can say the sentence in the
reader's language (tahsil/web/sentences.py).
"""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Understood, and not allowed: a stable code, a sentence with named facts, the facts."""

    def __init__(self, code: str, template: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.template = template
        self.facts = facts

    def __str__(self) -> str:
        return say(self.template, self.facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.code, self.template, self.facts))


class RefusedAll(Refused):
    """Several refusals reported together; `parts` holds each, in the order found."""

    def __init__(self, code: str, template: str, parts: list[Refused], **facts: Any) -> None:
        super().__init__(code, template, **facts)
        self.parts = parts

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {part}" for part in self.parts)])


def say(template: str, facts: dict[str, Any]) -> str:
    """The sentence with its facts filled in; lists are joined with commas."""
    return template.format_map({key: _word(value) for key, value in facts.items()})


def _word(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(_word(item)) for item in value)
    if isinstance(value, dict):  # what something is called, by language
        return value.get("en", "")
    return value


def _rebuild(code: str, template: str, facts: dict[str, Any]) -> Refused:
    return Refused(code, template, **facts)
