"""The tags of OFX 1 (SGML) and 2 (XML) as a tree; leaves need not be closed in either.

No entity but the five of XML, blanks and numbers is expanded; declarations are refused.
"""

from __future__ import annotations

import re

from tahsil.adapters.bank.markup import MAX_DEPTH, Node
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import deep, hostile, outside
from tahsil.core.grammar.refusal import Refused

_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>|<!--.*?-->|<\?[^>]*\?>|<(?P<declared>!\w*)"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][\w.\-]*)(?P<empty>\s*/)?\s*>",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


class _Tree:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.root = Node("", 1, {})
        self.stack = [self.root]

    def open(self, name: str, at: int, is_empty: bool) -> None:
        if self.stack[-1].text.strip():
            self.stack.pop()
        if len(self.stack) > MAX_DEPTH:
            raise deep(MAX_DEPTH, at)
        node = Node(name, at, {})
        self.stack[-1].children.append(node)
        if not is_empty:
            self.stack.append(node)

    def close(self, name: str, at: int) -> None:
        """Closes the element; what was opened inside it and never closed was an empty leaf."""
        depth = next(
            (i for i in range(len(self.stack) - 1, 0, -1) if self.stack[i].name == name), 0
        )
        if not depth:
            self.notes.add(outside(f"</{name}>", at))
            return
        while len(self.stack) > depth + 1:
            leaf = self.stack.pop()
            self.stack[-1].children += leaf.children
            leaf.children = []
        self.stack.pop()

    def say(self, text: str, at: int) -> None:
        if not text.strip():
            return
        top = self.stack[-1]
        if top.children or top is self.root:
            if top is not self.root or self.root.children:
                self.notes.add(outside(text, at))
            return
        top.text += text


def tree(text: str, notes: Notes) -> Node:
    """The root over the top elements; cut-off and hostile files are refused with the line."""
    found = _Tree(notes)
    at, end = 1, 0
    for token in _TOKEN.finditer(text):
        between = text[end : token.start()]
        found.say(_plain(between), at)
        at += between.count("\n")
        if token["declared"]:
            raise hostile(at)
        if token["cdata"] is not None:
            found.say(token["cdata"], at)
        elif token["name"]:
            name = token["name"].upper()
            if token["close"]:
                found.close(name, at)
            else:
                found.open(name, at, bool(token["empty"]))
        at += token[0].count("\n")
        end = token.end()
    _ended(found, text[end:], at)
    return found.root


def _ended(found: _Tree, rest: str, at: int) -> None:
    """Refused if an element is still open: what came after it is lost."""
    if len(found.stack) > 1:
        raise Refused(
            "bank.cut_inside",
            "Line {line}: the file ends inside <{tag}>, which begins on line {first}. It is cut "
            "off; export it again.",
            line=at + rest.count("\n"),
            tag=found.stack[-1].name,
            first=found.stack[-1].at,
        )


def _plain(text: str) -> str:
    return _ENTITY.sub(_letter, text) if "&" in text else text


def _letter(found: re.Match[str]) -> str:
    code = found[1]
    if not code.startswith("#"):
        return _NAMED[code]
    number = int(code[2:], 16) if code[1] in "xX" else int(code[1:])
    return chr(number) if number < 0x110000 else found[0]
