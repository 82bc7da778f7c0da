"""The book arranged for looking up: references, payers' numbers, pairs of name words, amounts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from math import log
from typing import NamedTuple

from tahsil.core.grammar.names import fold
from tahsil.core.resolve.matching.likeness import Word, words
from tahsil.core.resolve.matching.reading import (
    Key,
    Token,
    account_of,
    compact,
    digits_of,
    glued,
    key,
    lookalike,
    tokens,
)
from tahsil.core.resolve.matching.rows import Book, Owed

_LINE = re.compile(r"[\W_]*\d+\W*$")
NEAR_LETTERS = 5  # a shorter reference has too many neighbours
LINE_DIGITS = 3  # the number of a line inside its contract has at most so many
RARE = 3  # a single word names a candidate if no more accounts than these have it


class Hit(NamedTuple):
    """What a reference stands for: one obligation, or a whole contract or account (item 0)."""

    account_id: int
    item_id: int
    reference: str


class Index:
    """Everything of a book that a bank line may be recognised by."""

    def __init__(self, book: Book) -> None:
        self.items: dict[int, Owed] = {item.id: item for item in book.owed}
        self.of_account: dict[int, list[Owed]] = defaultdict(list)
        for item in sorted(book.owed, key=_oldest_first):
            self.of_account[item.account_id].append(item)
        self.keys: dict[Key, list[Hit]] = defaultdict(list)
        self.joined: dict[str, list[Hit]] = defaultdict(list)
        self.lines: dict[tuple[int, Key], dict[int, Hit]] = defaultdict(dict)
        self.within: dict[tuple[int, str], set[int]] = defaultdict(set)
        self.near: dict[str, set[str]] = defaultdict(set)
        self.payers: dict[str, dict[int, None]] = defaultdict(dict)
        self.phones: dict[str, dict[int, None]] = defaultdict(dict)
        self.virtual: dict[str, dict[int, None]] = defaultdict(dict)
        self.names: dict[int, tuple[tuple[Word, ...], ...]] = {}
        self.bones: dict[int, frozenset[str]] = {}
        self.pairs: dict[Key, dict[int, None]] = defaultdict(dict)
        self.words: dict[str, dict[int, None]] = defaultdict(dict)
        self._rarity: dict[str, float] = {}
        self._references(book)
        self._accounts(book)
        self.count = max(2, len(book.accounts))
        self.with_amount = self._amounts()

    def rarity(self, bones: str) -> float:
        """How much the word narrows the book down, in natural logarithms; a stranger's most."""
        found = self._rarity.get(bones)
        if found is None:
            found = self._rarity[bones] = log(self.count / max(1, len(self.words.get(bones, ()))))
        return found

    def items_of(self, hit: Hit) -> set[int]:
        """The obligations of the contract a reference names; none where it names the account."""
        return self.within.get((hit.account_id, compact(tokens(fold(hit.reference)))), set())

    def neighbours(self, text: str) -> set[str]:
        """The joined references that are this text but for one letter."""
        shape = lookalike(text)
        found: set[str] = set()
        for cut in _cuts(shape):
            found |= self.near.get(cut, _NOTHING)
        return found

    def _references(self, book: Book) -> None:
        contracts: dict[tuple[int, str], set[int]] = {}
        for item in book.owed:
            for reference in item.references:
                parts = tokens(fold(reference))
                hit = Hit(item.account_id, item.id, reference)
                head = parts[:-1]
                if not _is_line(parts):
                    self._refer(parts, hit, is_whole=True)
                    continue
                self._refer(parts, hit, is_whole=False)
                self.lines[item.account_id, key(head)][int(parts[-1].text)] = hit
                self.within[item.account_id, compact(head)].add(item.id)
                if len(self.lines[item.account_id, key(head)]) == 1:
                    whole = Hit(item.account_id, 0, _LINE.sub("", reference))
                    self._refer(head, whole, is_whole=True)
            if item.contract:
                within = contracts.get((item.account_id, item.contract))
                if within is None:
                    within = self._contract(item.account_id, item.contract)
                    contracts[item.account_id, item.contract] = within
                within.add(item.id)
        for account in book.accounts:
            for reference in account.references:
                self._refer_whole(account.id, reference)

    def _contract(self, account_id: int, number: str) -> set[int]:
        """The contract as a reference; the obligations it will have."""
        self._refer_whole(account_id, number)
        return self.within[account_id, compact(tokens(fold(number)))]

    def _refer_whole(self, account_id: int, reference: str) -> None:
        self._refer(tokens(fold(reference)), Hit(account_id, 0, reference), is_whole=True)

    def _refer(self, parts: tuple[Token, ...], hit: Hit, *, is_whole: bool) -> None:
        text = compact(parts)
        if not any(part.is_number for part in parts) or hit in self.joined.get(text, ()):
            return
        self.joined[text].append(hit)
        for form in {key(parts), glued(parts)}:
            self.keys[form].append(hit)
        if is_whole and len(text) >= NEAR_LETTERS:
            for cut in _cuts(lookalike(text)):
                self.near[cut].add(text)

    def _accounts(self, book: Book) -> None:
        for account in book.accounts:
            for number in account.payer_accounts:
                self.payers[account_of(number)][account.id] = None
            for number in account.phones:
                self.phones[digits_of(number)][account.id] = None
            for number in account.virtual_accounts:
                self.virtual[account_of(number)][account.id] = None
            self.names[account.id] = tuple(words(name) for name in account.names)
            names = self.names[account.id]
            self.bones[account.id] = frozenset(word.bones for name in names for word in name)
            for name in names:
                for word in name:
                    self.words[word.bones][account.id] = None
                for pair in pairs(name):
                    self.pairs[pair][account.id] = None

    def _amounts(self) -> Counter[tuple[str, int]]:
        seen = {
            (item.account_id, item.currency, item.open_minor)
            for item in self.items.values()
            if item.open_minor
        }
        return Counter((currency, amount) for _, currency, amount in seen)


def pairs(name: Iterable[Word]) -> set[Key]:
    """Every two words of a name, in either order."""
    bones = sorted(word.bones for word in name)
    return set(combinations(bones, 2))


def _is_line(parts: tuple[Token, ...]) -> bool:
    """Whether a reference ends in the number of a line: CT00571/01, and not INV-2026-00412."""
    return (
        len(parts) > 2
        and parts[-1].is_number
        and len(parts[-1].text) <= LINE_DIGITS
        and any(part.is_number for part in parts[:-1])
    )


def _oldest_first(item: Owed) -> tuple[bool, str, int]:
    return (item.due_on is None, str(item.due_on), item.id)


def _cuts(text: str) -> set[str]:
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}


_NOTHING: set[str] = set()
