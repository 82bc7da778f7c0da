"""Policies in force: read from the published versions, seeded from the YAML files that ship.

A file holds `kind`, `code`, `description`, `source` and `values` by date. Publishing a date again
with other content is refused: a published version is never edited, a later date supersedes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tahsil.core.grammar.policy import Dated
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tahsil.store.models import PolicyVersion

PACKAGE = Path(__file__).resolve().parents[1]
# The C reader is ten times as fast where the wheel has it; both are safe.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FIELDS = {"kind", "code", "description", "source", "values", "unit"}


def folder() -> Path:
    """Where the shipped policies stand: inside an installed package, or beside it in a checkout."""
    inside = PACKAGE / "policies"
    return inside if inside.exists() else PACKAGE.parent / "policies"


def at(kind: str, code: str, as_of: date) -> tuple[dict[str, Any], str]:
    """The body in force on the date and its reference, such as `ladder/developer v2`."""
    dated = _published(newest()).get((kind, code))
    if dated is None:
        raise Refused(
            "policy.unknown",
            "There is no {kind} policy named {policy}. Published: {known}.",
            kind=kind,
            policy=code,
            known=codes(kind) or ["none"],
        )
    body, version = dated.at(as_of)
    return body, f"{kind}/{code} v{version}"


def published() -> dict[tuple[str, str], Dated[tuple[dict[str, Any], int]]]:
    """Every policy by kind and code as a dated value of (body, version), read in one query."""
    return _published(newest())


def codes(kind: str) -> list[str]:
    """The codes of every published policy of a kind, sorted."""
    return sorted(code for found, code in _published(newest()) if found == kind)


def history(kind: str, code: str) -> Dated[tuple[dict[str, Any], int]]:
    """Every version of a policy as a dated value of (body, version)."""
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
    found = PolicyVersion.objects.order_by("-id").values_list("id", "published_at").first()
    return (found[0], found[1].isoformat()) if found else (0, "")


@lru_cache(maxsize=4)
def _published(newest: tuple[int, str]) -> dict[tuple[str, str], Dated[tuple[dict[str, Any], int]]]:
    """Every policy by kind and code; `newest` only keys the cache."""
    rows: dict[tuple[str, str], list[tuple[date, tuple[dict[str, Any], int]]]] = {}
    for row in PolicyVersion.objects.filter(id__lte=newest[0]).order_by("kind", "code", "since_on"):
        rows.setdefault((row.kind, row.code), []).append((row.since_on, (row.body, row.version)))
    return {key: Dated("/".join(key), tuple(values)) for key, values in rows.items()}
