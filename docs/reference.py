"""Writes docs/reference from the code: verbs, refusals, facts, lifecycles, commands; or compares.

Run by `make docs` and held by tests/docs, so that the reference is never behind.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import pkgutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by docs/reference.py from the code. Do not edit. -->\n\n"


def refusals() -> str:
    """Every refusal's code and sentence, with the module that says it."""
    rows: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / "tahsil").rglob("*.py")):
        for code, template in _refused(ast.parse(path.read_text(encoding="utf-8"))):
            rows.setdefault(code, (template, str(path.relative_to(ROOT))))
    lines = [
        "# Refusals\n\nA refusal says what was asked, why not, and what is possible instead.",
        "Its code is stable; `{words}` are filled with the facts of the case.\n",
        "| code | sentence | said by |",
        "|---|---|---|",
    ]
    for code, (template, where) in sorted(rows.items()):
        lines.append(f"| `{code}` | {template.replace('|', '/')} | `{where}` |")
    return "\n".join(lines) + "\n"


def _refused(tree: ast.AST) -> list[tuple[str, str]]:
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [arg.value for arg in node.args[:3] if isinstance(arg, ast.Constant)]
        texts = [text for text in texts if isinstance(text, str)]
        is_one = name in ("Refused", "RefusedAll", "deny", "ask", "hold", "Finding")
        if is_one and len(texts) >= 2 and "." in texts[0]:
            found.append((texts[0], texts[1]))
    return found


def verbs() -> str:
    """Every verb with its purpose, parameters and who may do it."""
    import inspect

    from tahsil import actions
    from tahsil.actions import _verb

    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"tahsil.actions.{module.name}")
    roles = _roles()
    lines = [
        "# Verbs\n\nEverything that can be done goes through one door: permission, limits, change",
        "and event in one transaction, once per key. The API and the forms take the same",
        "parameters.\n",
        "| verb | what it does | parameters | roles |",
        "|---|---|---|---|",
    ]
    for name, act in sorted(_verb.VERBS.items()):
        shown = [p for p in inspect.signature(act).parameters if p != "ctx"]
        who = [role for role, may in roles.items() if any(_fits(name, each) for each in may)]
        lines.append(
            f"| `{name}` | {_verb.PURPOSES.get(name, '')} | {', '.join(shown)} | {', '.join(who)} |"
        )
    return "\n".join(lines) + "\n"


def _roles() -> dict[str, list[str]]:
    import yaml

    body = yaml.safe_load((ROOT / "policies" / "roles.yaml").read_text(encoding="utf-8"))
    newest = body["values"][max(body["values"])]
    return {role: said["may"] for role, said in newest["roles"].items()}


def _fits(verb: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(verb, pattern)


def lifecycles() -> str:
    """Every lifecycle as a table of verbs, and as a drawing in text."""
    from tahsil.core.book.instruments import INSTRUMENT
    from tahsil.core.grammar.lifecycle import LIFECYCLES

    lines = [
        "# Lifecycles\n\nWhat people do to a thing. What merely follows from facts has no state.\n"
    ]
    for life in (*LIFECYCLES, INSTRUMENT):
        lines += [f"## {life.name.capitalize()}\n", f"Starts {life.start}.\n"]
        lines += ["| verb | from | to |", "|---|---|---|"]
        for verb, row in life.moves.items():
            lines += [f"| {verb} | {before} | {after} |" for before, after in row.items()]
        lines.append("")
    return "\n".join(lines) + "\n"


def commands() -> str:
    """The help of every command."""
    from tahsil.cli.main import parser

    os.environ["COLUMNS"] = "96"
    top = parser()
    lines = ["# Commands\n", "```text", top.format_help().rstrip(), "```\n"]
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                lines += [f"## tahsil {name}\n", "```text", sub.format_help().rstrip(), "```\n"]
    return "\n".join(lines) + "\n"


def facts() -> str:
    """Everything a rung or a reason of the worklist may ask of an account, and the tests."""
    from tahsil.core.steer.conditions import TESTS
    from tahsil.core.steer.facts import VOCABULARY

    kinds = {int: "number", bool: "yes or no", str: "word"}
    lines = [
        "# Facts\n\nWhat a ladder or the order of the worklist may ask about an account:",
        "`when: [{fact, test, value}]`. The list is closed: what asks for another is refused.",
        f"The tests are {', '.join(f'`{test}`' for test in TESTS)}.\n",
        "| fact | kind | meaning |",
        "|---|---|---|",
    ]
    for name, (kind, meaning) in VOCABULARY.items():
        lines.append(f"| `{name}` | {kinds[kind]} | {meaning} |")
    return "\n".join(lines) + "\n"


PAGES = {
    "refusals": refusals,
    "verbs": verbs,
    "lifecycles": lifecycles,
    "commands": commands,
    "facts": facts,
}


def main() -> int:
    """Writes the pages, or with --check says which are behind."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tahsil.project.settings")
    import django

    django.setup()
    FOLDER.mkdir(parents=True, exist_ok=True)
    behind = []
    for name, make in PAGES.items():
        path, text = FOLDER / f"{name}.md", NOTE + make()
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                behind.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if behind:
        print(f"Behind the code: {', '.join(behind)}. Run `python docs/reference.py`.")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main())
