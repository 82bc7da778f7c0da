"""`tahsil conduct FILE.json`: may this contact or action be done, and by which rules."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show
from tahsil.core.conduct.compare import differences
from tahsil.core.conduct.verdict import DENY
from tahsil.core.grammar.refusal import Refused

HEADINGS = {"reasons", "decision", "legal_effect", "missing", "unverified", "cited"}


def add(commands: Any) -> None:
    """The command of this module."""
    made = commands.add_parser(
        "conduct",
        help="judge one intended contact or action: verdict, every reason with citation",
        description="Judges the case, or the list of cases, of a JSON file by the rule packs. "
        "A denied act is an answer: exit 0. Exit 1: a case cannot be read, or differs.",
    )
    made.add_argument("file", metavar="FILE")
    made.add_argument("--compare", action="store_true", help="compare with `expected`, per case")
    frame.with_json(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the verdict of each case; what the shell gets to know."""
    frame.start()
    judged = [_judged(case, number) for number, case in enumerate(_read(args.file), start=1)]
    failed = any("refused" in one or (args.compare and one["differs"]) for one in judged)
    if args.json:
        show.as_json(judged[0] if len(judged) == 1 else judged)
    elif args.compare:
        show.table(
            ["case", "decision", "compared"],
            [(one["id"], one["verdict"].get("decision"), _compared(one)) for one in judged],
        )
        print(f"{sum(_compared(one) == 'equal' for one in judged)} of {len(judged)} are equal.")
    else:
        for one in judged:
            _say(one)
    return frame.Exit.REFUSED if failed else frame.Exit.DONE


def _read(name: str) -> list[Any]:
    path = Path(name)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise Refused("conduct.no_file", "There is no file {path}.", path=path) from None
    except ValueError as fault:
        raise Refused(
            "conduct.no_json", "{path} is not JSON: {said}.", path=path, said=str(fault)
        ) from None
    return found if isinstance(found, list) else [found]


def _judged(case: Any, number: int) -> dict[str, Any]:
    """The verdict of a case, its name, and how it differs from what the file expects."""
    from tahsil.queries import conduct

    has_facts = isinstance(case, dict) and "facts" in case
    facts = case["facts"] if has_facts else case
    expected = case.get("expected") if isinstance(case, dict) else None
    made: dict[str, Any] = {"id": str(number), "verdict": {}, "differs": []}
    if isinstance(case, dict):
        made["id"] = str(case.get("id", number))
    try:
        made["verdict"] = conduct.judge(facts).plain()
        free = conduct.earliest(facts) if made["verdict"]["decision"] == DENY else None
        if free:
            made["verdict"]["earliest_lawful"] = free.isoformat()
    except Refused as refused:
        made["refused"] = str(refused)
        return made
    if expected is not None:
        made["differs"] = [one._asdict() for one in differences(expected, made["verdict"])]
    return made


def _compared(one: dict[str, Any]) -> str:
    if "refused" in one:
        return one["refused"]
    if not one["differs"]:
        return "equal"
    return "; ".join(
        f"{each['key']}: expected {each['expected']}, found {each['found']}"
        for each in one["differs"]
    )


def _say(one: dict[str, Any]) -> None:
    found = one["verdict"]
    if "refused" in one:
        print(f"{one['id']}: {one['refused']}")
        return
    effect = f" ({found['legal_effect']})" if found.get("legal_effect") else ""
    print(f"{one['id']}: {found['decision']}{effect}")
    for cited in found["cited"]:
        codes = ", ".join(cited["reasons"]) or cited["rule"]
        print(f"  {codes}: {cited['ref']} [{cited['confidence']}]")
    for name in ("missing", "unverified"):
        if found.get(name):
            print(f"  {name}: {', '.join(found[name])}")
    for key, value in found.items():
        if key not in HEADINGS | {"earliest_at"}:
            print(f"  {key}: {_plain(value)}")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return str(value)
