"""XML read with its line numbers; declarations and entities are refused, depth is bounded.

Elements named in `made` are turned into something small as soon as they end, so that a large
file is never in memory as a tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from tahsil.adapters.bank.refusals import deep, hostile, letters
from tahsil.core.grammar.refusal import Refused

MAX_DEPTH = 60


class Node:
    """An element by its local name; `made` is what it was turned into."""

    __slots__ = ("at", "attributes", "children", "made", "name", "paths", "text")

    def __init__(self, name: str, at: int, attributes: dict[str, str]) -> None:
        self.name, self.at, self.attributes = name, at, attributes
        self.text = ""
        self.children: list[Node] = []
        self.made: Any = None
        self.paths: dict[str, list[Node]] = {}

    def each(self, path: str) -> list[Node]:
        """Every element at the path (written a/b/c) below this one, which is complete."""
        if not self.paths:
            _walk(self, "", self.paths)
        return self.paths.get(path, [])

    def first(self, *paths: str) -> Node | None:
        """The first element at the first of the paths that has one."""
        for path in paths:
            if found := self.each(path):
                return found[0]
        return None

    def said(self, *paths: str) -> str:
        """The text at the first of the paths where there is some."""
        for path in paths:
            for found in self.each(path):
                if text := found.text.strip():
                    return text
        return ""

    def texts(self) -> str:
        """All that is said below this element, with its paths: nothing the bank wrote is lost."""
        self.each("")
        said = ((path, each.text.strip()) for path, nodes in self.paths.items() for each in nodes)
        return "; ".join(f"{path}={text}" for path, text in said if text)


def _walk(node: Node, before: str, paths: dict[str, list[Node]]) -> None:
    for child in node.children:
        path = before + child.name
        paths.setdefault(path, []).append(child)
        if child.children:
            _walk(child, path + "/", paths)


class _Handler(ContentHandler):
    def __init__(self, made: dict[str, Callable[[Node], Any]]) -> None:
        super().__init__()
        self.made = made
        self.root = Node("", 0, {})
        self.stack = [self.root]

    def setDocumentLocator(self, locator: Locator) -> None:
        self.line = locator.getLineNumber

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise deep(MAX_DEPTH, self.line() or 0)
        attributes = dict(attrs.items()) if attrs.getLength() else {}
        node = Node(name.rpartition(":")[2], self.line() or 0, attributes)
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def characters(self, content: str) -> None:
        self.stack[-1].text += content

    def endElement(self, name: str) -> None:
        node = self.stack.pop()
        if make := self.made.get(node.name):
            node.made = make(node)
            node.children, node.paths = [], {}


def tree(data: bytes, made: dict[str, Callable[[Node], Any]]) -> Node:
    """The root element; hostile, broken or cut-off XML is refused with its line."""
    handler = _Handler(made)
    try:
        parseString(data, handler, forbid_dtd=True)
    except DefusedXmlException:
        raise hostile(handler.line() or 0) from None
    except SAXParseException as fault:
        raise Refused(
            "bank.xml_broken",
            "Line {line}: the XML is damaged or cut off here ({reason}). Export the file again.",
            line=fault.getLineNumber(),
            reason=fault.getMessage(),
        ) from None
    except (LookupError, ValueError):
        raise letters("—", 1) from None
    return handler.root.children[0]
