"""The verbs as the API offers them: what each takes, and doing it once under the caller's key."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import logging
import pkgutil
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from tahsil import actions
from tahsil.actions import people
from tahsil.actions._verb import PURPOSES, VERBS, Context, Done, Outcome
from tahsil.api import schemas, shapes
from tahsil.api.fitting import fit_all
from tahsil.api.schemas import Schema
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import parties

log = logging.getLogger(__name__)

for _module in pkgutil.iter_modules(actions.__path__):  # each puts its verbs behind the door
    importlib.import_module(f"tahsil.actions.{_module.name}")


@dataclass(frozen=True)
class Offer:
    """One verb: its purpose, what it takes, and which of that only the verb itself can judge."""

    name: str
    purpose: str
    details: Schema
    free: tuple[str, ...]


def offers() -> dict[str, Offer]:
    """Every verb there is, by name."""
    return {name: _offer(name) for name in sorted(VERBS)}


def offer(name: str) -> Offer:
    """One verb; refused where there is none of that name."""
    if name not in VERBS:
        raise Refused(
            "verb.unknown",
            "There is no verb {verb}. /api/v1/openapi.json lists them.",
            verb=name,
        )
    return _offer(name)


def do(ctx: Context, name: str, given: dict[str, Any]) -> Outcome:
    """Does the verb with details that fit it; all that do not fit are named."""
    wanted = offer(name)
    fit_all(given, wanted.details, what=name)
    params = PREPARED[name](ctx, given) if name in PREPARED else given
    try:
        return VERBS[name](ctx, **params)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        # Only what is free in form can have been misunderstood; all else is a fault of ours.
        used = [each for each in wanted.free if each in given]
        if not used:
            raise
        log.info("%s could not read its details", name, exc_info=True)
        raise Refused(
            "given.unfit_parts",
            "{names} cannot be read: a part is missing or of another kind. "
            "The reference shows its form.",
            names=used,
        ) from None


def beside(name: str, given: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """What only this answer says: no event keeps it, and the same key does not get it again."""
    is_new = isinstance(outcome, Done) and not outcome.repeated
    return SHOWN[name](given) if is_new and name in SHOWN else {}


def _offer(name: str) -> Offer:
    act = inspect.unwrap(VERBS[name])
    hints = typing.get_type_hints(act)
    made: dict[str, Schema] = {}
    required = []
    for each in inspect.signature(act).parameters.values():
        if each.name == "ctx":
            continue
        shown = shapes.RENAMED.get((name, each.name), each.name)
        made[shown] = _detail(name, each, hints.get(each.name, Any))
        if each.default is inspect.Parameter.empty:
            required.append(shown)
    details = {
        "type": "object", "properties": made, "required": required, "additionalProperties": False,
    }  # fmt: skip
    free = tuple(each for each in made if made[each].get("x-free"))
    return Offer(name, PURPOSES[name], details, free)


def _detail(verb: str, each: inspect.Parameter, hint: Any) -> Schema:
    found = shapes.of(verb, each.name) or schemas.given(hint, each.name)
    default = each.default
    if default in (inspect.Parameter.empty, None, ()):
        return found
    return {**found, "default": default}


def _hashed(ctx: Context, given: dict[str, Any]) -> dict[str, Any]:
    """The password's hash in its place; the key makes the salt, so that twice is once."""
    rest = {name: value for name, value in given.items() if name != "password"}
    people.hashed(given["password"], person_id=given["person_id"])  # refused where too weak
    salt = hashlib.sha256(ctx.key.encode()).hexdigest()[:22]
    return {**rest, "password_hash": make_password(given["password"], salt)}


SHOWN: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "identity.reveal": lambda given: {"national_id": parties.identity_number(given["party_id"])},
}
PREPARED: dict[str, Callable[[Context, dict[str, Any]], dict[str, Any]]] = {
    "people.set_password": _hashed,
}
