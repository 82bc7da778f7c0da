"""The tags of MT940 and MT942, put together into statements before any of them is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import outside
from tahsil.adapters.bank.statement import Remark
from tahsil.adapters.bank.text import lines
from tahsil.core.grammar.refusal import Refused

_TAG = re.compile(r"\s{0,2}:(\d\d[A-Z]?|NS|940|942):(.*)")
_END = re.compile(r"-(?:\}.*|XXX)?\s*")
_BLOCKS = re.compile(r"\{1:.*\{4:\s*")
_ENVELOPE = re.compile(
    r"\{.*|\d{3,4}(?: \d\d)?|\d{4} \d\d[A-Z0-9]{8,20}|[A-Z]{6}[A-Z0-9]{2,6}|-.*", re.ASCII
)
_TIME = re.compile(r":[0-5]\d:[0-5]\d(?!\d)")
KNOWN = {
    "20", "21", "25", "25P", "28", "28C", "60F", "60M", "61", "86", "62F", "62M", "64", "65",
    "13", "13D", "34F", "90C", "90D", "NS",
}  # fmt: skip
TEXTS = {"61", "86", "NS"}  # the tags whose text may go on below
OPENS = {"20", "25", "25P", "28", "28C", "60F", "60M"}


@dataclass(slots=True)
class Tag:
    """A tag with its text lines and the line it begins on."""

    name: str
    at: int
    texts: list[str]

    @property
    def text(self) -> str:
        """The first line of the text, which is all of it for most tags."""
        return self.texts[0].strip()


@dataclass(slots=True)
class Group:
    """The tags of one statement; each :61: with the texts that follow it."""

    at: int
    first: dict[str, Tag] = field(default_factory=dict)
    many: list[Tag] = field(default_factory=list)
    entries: list[tuple[Tag, list[Tag]]] = field(default_factory=list)
    texts: list[Tag] = field(default_factory=list)
    is_closing: bool = False

    def has(self, *names: str) -> bool:
        """Whether one of the tags is there."""
        return any(name in self.first for name in names)


def groups(text: str, notes: Notes) -> Iterator[Group]:
    """The statements of the file, each as its tags."""
    group: Group | None = None
    for tag in _tags(text, notes):
        starts = tag.name == "20" or (group is None and tag.name in OPENS)
        if (starts or tag.name in ("", "940", "942")) and group is not None:
            yield group
            group = None
        if starts:
            group = Group(tag.at)
        if tag.name in ("", "940", "942"):
            continue
        if group is None:
            notes.faults.append(_stray(tag))
        else:
            _put(group, tag, notes)
    if group is not None:
        yield group


def _stray(tag: Tag) -> Refused:
    return Refused(
        "bank.stray",
        "Line {line}: :{tag}: stands outside a statement; there is no :20: and :25: before it. "
        "The file is cut or two files were put together. Export it again.",
        line=tag.at,
        tag=tag.name,
    )


def _put(group: Group, tag: Tag, notes: Notes) -> None:
    if tag.name not in TEXTS:
        for below, text in enumerate(tag.texts[1:], start=1):
            if text.strip():
                notes.add(outside(text, tag.at + below))
    if tag.name == "61":
        group.entries.append((tag, []))
        if group.is_closing:
            notes.faults.append(_stray(tag))
    elif tag.name in ("86", "NS"):
        is_own = bool(group.entries) and not group.is_closing
        (group.entries[-1][1] if is_own else group.texts).append(tag)
    elif tag.name in ("65", "34F", "64"):
        group.many.append(tag)
        group.first.setdefault(tag.name, tag)
        group.is_closing = group.is_closing or tag.name != "34F"
    elif tag.name in KNOWN:
        if tag.name in group.first:
            notes.faults.append(
                Refused(
                    "bank.twice",
                    "Line {line}: :{tag}: stands twice in one statement, first on line {first}.",
                    line=tag.at,
                    tag=tag.name,
                    first=group.first[tag.name].at,
                )
            )
        group.first.setdefault(tag.name, tag)
        group.is_closing = group.is_closing or tag.name.startswith("62")
    else:
        notes.add(
            Remark(
                "bank.tag_unknown",
                "Line {line}: the tag :{tag}: is not known; “{text}” was not used.",
                line=tag.at,
                tag=tag.name,
                text=tag.text[:60],
            )
        )


def _tags(text: str, notes: Notes) -> Iterator[Tag]:
    """Every tag with the lines that belong to it; `-` ends a message and is a tag of no name."""
    tag: Tag | None = None
    for at, line in enumerate(lines(text), start=1):
        line = line.strip("\x00\x01\x03\x1a\ufeff")
        bare = _BLOCKS.sub("", line)
        found = _TAG.fullmatch(bare)
        if found and tag is not None and _is_text(tag, bare, found[1], at, notes):
            found = None
        if found:
            if tag is not None:
                yield tag
            tag = Tag(found[1], at, [found[2]])
        elif _END.fullmatch(bare) or line.startswith("{1:"):
            if tag is not None:
                yield tag
            tag = None
            yield Tag("", at, [""])
        elif tag is not None:
            tag.texts.append(line)
        elif line.strip() and not _ENVELOPE.fullmatch(line.strip()):
            notes.add(outside(line, at))
    if tag is not None:
        yield tag


def _is_text(tag: Tag, line: str, name: str, at: int, notes: Notes) -> bool:
    """A line inside a text that only looks like a tag: a time of day cut at 65 signs, say."""
    is_text = tag.name in TEXTS - {"61"}
    is_cut = is_text and bool(_TIME.match(line)) and tag.texts[-1][-1:].isdecimal()
    if name in KNOWN and not is_cut:
        return False
    if name in ("940", "942"):
        return False
    if is_text:
        notes.add(
            Remark(
                "bank.tag_in_text",
                "Line {line}: “{text}” was read as part of the text before it, not as a tag.",
                line=at,
                text=line[:40],
            )
        )
    return is_text
