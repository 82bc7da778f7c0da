"""Policies in force: read from the published versions, seeded from the YAML files that ship.

A file holds `kind`, `code`, `description`, `source`, `currency` if it names amounts, and `values`
by date. Publishing a date again
with other content is refused: a published version is never edited, a later date supersedes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.db import connection

from tahsil.core.grammar.policy import Dated
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tahsil.store.models import PolicyVersion

PACKAGE = Path(__file__).resolve().parents[1]
# The C reader is ten times as fast where the wheel has it; both are safe.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FIELDS = {"kind", "code", "description", "source", "values", "unit", "currency"}


class Version(NamedTuple):
    """What was published of one policy from one day; `currency` is that of its amounts."""

    body: dict[str, Any]
    number: int
    currency: str = ""


Published = dict[tuple[str, str], Dated[Version]]


def folder() -> Path:
    """Where the shipped policies stand: inside an installed package, or beside it in a checkout."""
    inside = PACKAGE / "policies"
    return inside if inside.exists() else PACKAGE.parent / "policies"


def at(kind: str, code: str, as_of: date) -> tuple[dict[str, Any], str]:
    """The body in force on the date and its reference, such as `ladder/developer v2`."""
    found = version(kind, code, as_of)
    return found.body, f"{kind}/{code} v{found.number}"


def version(kind: str, code: str, as_of: date) -> Version:
    """The version in force on the date; refused where there is none."""
    dated = _published(newest()).get((kind, code))
    if dated is None:
        raise Refused(
            "policy.unknown",
            "There is no {kind} policy named {policy}. Published: {known}.",
            kind=kind,
            policy=code,
            known=codes(kind) or ["none"],
        )
    return dated.at(as_of)


def published() -> Published:
    """Every policy by kind and code with its versions by date, read in one query."""
    return _published(newest())


def codes(kind: str) -> list[str]:
    """The codes of every published policy of a kind, sorted."""
    return sorted(code for found, code in _published(newest()) if found == kind)


def history(kind: str, code: str) -> Dated[Version]:
    """Every version of a policy by date."""
    return _published(newest())[kind, code]


def publish_shipped(*, now: datetime, by: str = "set-up") -> int:
    """Publishes what the files hold and the database does not; how many versions that was."""
    faults: list[Refused] = []
    made = 0
    for path in sorted(folder().glob("*.yaml")):
        for document in _documents(path, faults):
            made += _publish(document, now, by, faults)
    if faults:
        raise RefusedAll(
            "policy.files", "{count} faults stand in the policy files.", faults, count=len(faults)
        )
    return made


def _documents(path: Path, faults: list[Refused]) -> Iterator[dict[str, Any]]:
    for document in _entries(path):
        missing = {"kind", "code", "source", "values"} - set(document)
        unknown = set(document) - FIELDS
        if missing or unknown:
            faults.append(
                Refused(
                    "policy.shape",
                    "{file}: fields missing: {missing}; fields unknown: {unknown}.",
                    file=path.name,
                    missing=sorted(missing) or ["none"],
                    unknown=sorted(unknown) or ["none"],
                )
            )
        else:
            yield document


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    """One document per policy: a file names one (kind, code), or its keys are codes of the kind
    its own name begins with: ladder_car.yaml holds ladders."""
    for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=LOADER):
        if "kind" in document:
            yield document
            continue
        for code, entry in document.items():
            kept = {key: value for key, value in entry.items() if key in FIELDS}
            yield {"kind": path.stem.partition("_")[0], "code": code, **kept}


def _publish(document: dict[str, Any], now: datetime, by: str, faults: list[Refused]) -> int:
    known = {
        row.since_on: row
        for row in PolicyVersion.objects.filter(kind=document["kind"], code=document["code"])
    }
    made = 0
    for since, body in sorted(document["values"].items()):
        body = {"value": body} if not isinstance(body, dict) else body
        if since in known:
            if known[since].body != _plain(body):
                faults.append(
                    Refused(
                        "policy.published",
                        "{policy} of {since} is published and differs from the file. "
                        "Add a later date instead.",
                        policy=document["code"],
                        since=since,
                    )
                )
            continue
        made += 1
        PolicyVersion.objects.create(
            kind=document["kind"],
            code=document["code"],
            version=len(known) + made,
            since_on=since,
            source=document["source"],
            description=document.get("description", ""),
            currency=document.get("currency", ""),
            body=_plain(body),
            published_at=now,
            published_by=by,
        )
    return made


def _plain(value: Any) -> Any:
    """The value as JSON will give it back: string keys, ISO dates."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def newest() -> tuple[int, str]:
    """The newest version's id and its instant: an id that was rolled back may come again."""
    with connection.cursor() as cursor:  # asked several times by every page
        cursor.execute("SELECT id, published_at FROM store_policyversion ORDER BY id DESC LIMIT 1")
        found = cursor.fetchone()
    return (found[0], str(found[1])) if found else (0, "")


@lru_cache(maxsize=4)
def _published(newest: tuple[int, str]) -> Published:
    """Every policy by kind and code; `newest` only keys the cache."""
    rows: dict[tuple[str, str], list[tuple[date, Version]]] = {}
    for row in PolicyVersion.objects.filter(id__lte=newest[0]).order_by("kind", "code", "since_on"):
        found = Version(row.body, row.version, row.currency or "")
        rows.setdefault((row.kind, row.code), []).append((row.since_on, found))
    return {key: Dated("/".join(key), tuple(values)) for key, values in rows.items()}
