"""Policies: a new version from a day on. What was published is never edited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.book import clocks, endings
from tahsil.core.book.penalties import PenaltyRule
from tahsil.core.book.waterfall import Waterfall
from tahsil.core.grammar.refusal import Refused
from tahsil.core.measure import buckets
from tahsil.core.resolve import limits
from tahsil.core.steer import ladders, worklist
from tahsil.store import returns
from tahsil.store.models import PolicyVersion


@verb("policy.publish")
def publish(
    ctx: Context,
    *,
    kind: str,
    code: str,
    since_on: date | str,
    body: dict[str, Any],
    source: str,
    currency: str = "",
) -> Act:
    """A policy has another value from a day on, with its source, and its currency if given."""
    last, since = check(ctx, kind=kind, code=code, since_on=since_on, body=body)
    source = _given.need_text(source, "source", most=300)
    row = PolicyVersion.objects.create(
        kind=kind,
        code=code,
        version=last.version + 1,
        since_on=since,
        source=source,
        description=last.description,
        currency=_currency(currency) or last.currency,
        body=body,
        published_at=ctx.now,
        published_by=ctx.standing.name,
    )
    facts = {
        "policy": f"{kind}/{code}",
        "version": row.version,
        "since_on": since,
        "source": source,
        "currency": row.currency or "",
    }
    return Act(f"policy:{row.id}", None, facts)


def _currency(code: str) -> str:
    """The code as given; refused where it is not three capital letters."""
    if code and not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise Refused(
            "policy.currency", "{text} is not a currency; one is three letters, such as EGP.",
            text=code,
        )  # fmt: skip
    return code


def check(
    ctx: Context, *, kind: str, code: str, since_on: date | str, body: dict[str, Any]
) -> tuple[PolicyVersion, date]:
    """The version before and the first day; refused where the new one could not be published."""
    since = _given.need_date(since_on, "first day")
    known = PolicyVersion.objects.filter(kind=kind, code=code).order_by("version")
    last = known.last()
    if last is None:
        raise Refused(
            "policy.unknown",
            "There is no {kind} policy named {policy}. Published: {known}.",
            kind=kind,
            policy=code,
            known=sorted(
                set(PolicyVersion.objects.values_list("code", flat=True).filter(kind=kind))
            )
            or ["none"],
        )
    if since <= last.since_on or since < ctx.as_of:
        raise Refused(
            "policy.past",
            "{policy} is published up to {last}, and the past stays as it was: "
            "a new version starts {earliest} or later.",
            policy=code,
            last=last.since_on,
            earliest=max(ctx.as_of, last.since_on + timedelta(days=1)),
        )
    _read(kind, code, since, body)
    return last, since


def _read(kind: str, code: str, since: date, body: dict[str, Any]) -> None:
    """Refuses a body that what is to work by it could not read."""
    try:
        if reader := READERS.get(kind):
            reader(code, since, body)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        raise Refused(
            "policy.unreadable",
            "{policy} cannot be read: a part is missing, or of another kind than before.",
            policy=code,
        ) from None


def _document(code: str, since: date, body: dict[str, Any]) -> dict[str, Any]:
    """The body as the one entry of a policy file, which is what the core reads."""
    entry = {"description": "-", "source": "-", "unit": "-", "values": {since: body}}
    return {code: entry}


def _by_document(parse: Callable[[dict[str, Any]], Any]) -> Callable[..., Any]:
    return lambda code, since, body: parse(_document(code, since, body))


def _waterfall(code: str, since: date, body: dict[str, Any]) -> Waterfall:
    listed = {
        key: tuple(value) if isinstance(value, list) else value for key, value in body.items()
    }
    return _made(Waterfall, code, **listed)


def _penalty(code: str, since: date, body: dict[str, Any]) -> PenaltyRule:
    return _made(PenaltyRule, code, code=code, **body)


def _codes(code: str, since: date, body: dict[str, Any]) -> None:
    """Refuses a code list without items, or with an item that has no code or label."""
    wrong = [
        str(item.get("code", position))
        for position, item in enumerate(body.get("items", ()), 1)
        if not item.get("code") or not item.get("labels", {}).get("en")
    ]
    if wrong or not body.get("items"):
        raise Refused(
            "policy.codes",
            "The list {policy} needs items with a code and an English label. Faults in: {wrong}.",
            policy=code,
            wrong=wrong or ["the list itself"],
        )


def _roles(code: str, since: date, body: dict[str, Any]) -> None:
    """Refuses a table of roles that is unreadable, or that leaves nobody to administer."""
    roles = body.get("roles")
    wrong = [
        name
        for name, said in (roles.items() if isinstance(roles, dict) else ())
        if not isinstance(said, dict)
        or not isinstance(said.get("may"), list)
        or not all(isinstance(pattern, str) for pattern in said["may"])
    ]
    if not isinstance(roles, dict) or "administrator" not in roles or wrong:
        raise Refused(
            "policy.roles",
            "{policy} needs `roles`, an administrator among them, each with a list `may` of verbs. "
            "Faults in: {wrong}.",
            policy=code,
            wrong=wrong or ["the table itself"],
        )


def _made(what: Any, policy: str, **fields: Any) -> Any:
    known = set(what.__dataclass_fields__)
    unknown = sorted(set(fields) - known)
    if unknown:
        raise Refused(
            "policy.fields",
            "{policy} has fields that are not known: {unknown}. Known: {known}.",
            policy=policy,
            unknown=unknown,
            known=sorted(known),
        )
    odd = sorted(
        name
        for name, value in fields.items()
        if name.endswith(("_ppm", "_minor", "_days")) and not isinstance(value, int)
    )
    if odd:
        raise Refused(
            "policy.numbers", "{policy} needs whole numbers in {odd}.", policy=policy, odd=odd
        )
    return what(**fields)


# A body nobody could read would stop the day it comes into force; it is read before it is taken.
READERS: dict[str, Callable[..., Any]] = {
    "clocks": lambda code, since, body: clocks.terms_of(body),
    "returns": lambda code, since, body: returns.table_of(body, code),
    "ladder": _by_document(ladders.parse),
    "worklist": _by_document(worklist.parse),
    "buckets": _by_document(buckets.parse_definitions),
    "authority": _by_document(limits.parse_limits),
    "waterfall": _waterfall,
    "penalty": _penalty,
    "codes": _codes,
    "roles": _roles,
    "ending": lambda code, since, body: endings.terms_of(body),
}
