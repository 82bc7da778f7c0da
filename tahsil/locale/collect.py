"""Gathers every sentence to translate into the catalogues, and compiles them.

    python tahsil/locale/collect.py            gather (GNU gettext is needed) and compile
    python tahsil/locale/collect.py --compile  compile only

Templates and gettext calls are found by Django's makemessages. Sentences that are data, such as
refusals, reasons and events, are found in the source: a template with named facts is a message.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent
LANGUAGES = ("ar", "hi")
SAYING = {
    "Refused", "RefusedAll", "Reason", "deny", "ask", "allow", "hold", "Finding", "Saying", "Remark"
}  # fmt: skip
OWN = (  # hold their own languages, or SQL
    "adapters/sheets",
    "store",
    "project",
    "run/check_book.py",
    "actions/importing/sentences.py",
)


def sentences() -> set[str]:
    """Every sentence that stands in the source as data."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if not str(path.relative_to(PACKAGE)).startswith(OWN):
            found |= set(_said(ast.parse(path.read_text(encoding="utf-8"))))
    words = (HERE / "words.txt").read_text(encoding="utf-8").splitlines()
    found |= {word for word in words if word and not word.startswith("#")}
    for path in (PACKAGE.parent / "policies").glob("worklist*.yaml"):
        found |= set(_templates(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return found


def _said(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [a.value for a in node.args[:4] if isinstance(a, ast.Constant)]
            texts = [text for text in texts if isinstance(text, str)]
            if name in SAYING and texts and " " in texts[-1]:
                yield texts[-1]
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_sentences(node):
            for value in ast.walk(node):
                is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
                if is_text and " " in value.value and value.value.isascii():
                    yield value.value


def _is_sentences(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(getattr(t, "id", "") in ("SENTENCES", "TEMPLATES", "MARKED") for t in targets)


def _templates(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "template":
                yield str(item)
            else:
                yield from _templates(item)
    elif isinstance(value, list):
        for item in value:
            yield from _templates(item)


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands."""
    path = HERE / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def gather(language: str, before: Catalog) -> Catalog:
    """The catalogue with every sentence in it; what nothing says any more is dropped.

    Sentences that are data are none to Django, which drops them: their translations come from
    the catalogue as it stood before.
    """
    found = catalogue(language)
    for message in found:
        if message.id and message.fuzzy:  # a guess from a similar sentence is no translation
            message.string = ("",) * found.num_plurals if message.pluralizable else ""
            message.flags.discard("fuzzy")
    for text in sorted(sentences()):
        if text not in found:
            known = before.get(text)
            found.add(text, known.string if known else "")
    return found


def compiled(found: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    out = BytesIO()
    write_mo(out, found)
    return out.getvalue()


def main() -> None:
    """Gathers and compiles every language."""
    before = {language: catalogue(language) for language in LANGUAGES}
    is_gathering = "--compile" not in sys.argv
    if is_gathering:
        _make_messages()
    for language, found in before.items():
        found = gather(language, found) if is_gathering else found
        folder = HERE / language / "LC_MESSAGES"
        found.obsolete.clear()
        if is_gathering:
            with (folder / "django.po").open("wb") as file:
                write_po(file, found, width=0, omit_header=False, sort_output=True)
        (folder / "django.mo").write_bytes(compiled(found))
        missing = [m.id for m in found if m.id and not m.string]
        print(f"{language}: {len(found)} messages, {len(missing)} not translated")


def _make_messages() -> None:
    arguments = [flag for language in LANGUAGES for flag in ("-l", language)]
    subprocess.run(
        [sys.executable, str(PACKAGE.parent / "manage.py"), "makemessages", *arguments,
         "--no-location", "--no-wrap", "--no-obsolete"],
        cwd=PACKAGE, check=True, env=os.environ | {"TAHSIL_TESTING": "1"},
    )  # fmt: skip


if __name__ == "__main__":
    main()
