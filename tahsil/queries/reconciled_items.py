"""The items of the workspace: lines, receipts, cheques, bank lines, each with what it belongs to.

How they are laid side by side is reconciliation.py's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from tahsil.core.grammar.authority import Reason
from tahsil.queries import deviations
from tahsil.queries import lines as line_rows
from tahsil.queries.bank_candidates import Candidate
from tahsil.queries.ledger import Ledger, Row
from tahsil.store.models import BankMatch, Contract, Obligation, Presentment


@dataclass(frozen=True)
class Item:
    """One thing in one column; `links` are the keys of what belongs to it."""

    key: str
    column: str
    on: date | None
    title: str
    note: str
    amount_minor: int
    state: str = ""  # what it is called: paid, overdue, cleared, reversed, candidate…
    url: str = ""
    counts: bool = True  # in the column's sum
    links: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # of deviation
    reasons: tuple[Reason, ...] = ()
    version: int = 0
    running_minor: int = 0


@dataclass
class _Making:
    """The items made so far and the row each belongs in."""

    items: dict[str, Item] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)  # key -> key of the row's first item

    def put(self, item: Item, beside: str = "") -> None:
        self.items[item.key] = item
        self.home[item.key] = self.home.get(beside, item.key) if beside else item.key

    def tie(self, one: str, other: str) -> None:
        """Both name each other."""
        if one in self.items and other in self.items and one != other:
            for a, b in ((one, other), (other, one)):
                if b not in self.items[a].links:
                    self.items[a] = replace(self.items[a], links=(*self.items[a].links, b))


def items_of(
    ledger: Ledger, matched: list[Row], *, flags: tuple[deviations.DeviationRow, ...],
    candidates: tuple[Candidate, ...], may_bank: bool,
) -> tuple[dict[str, Item], dict[str, str]]:  # fmt: skip
    """Every item by its key, and for each the item whose row it stands in."""
    making = _Making()
    _lines(making, ledger, flags)
    _receipts(making, ledger, flags)
    _cheques(making, ledger)
    _bank(making, matched, may_bank=may_bank)
    _candidates(making, candidates)
    return _running(making.items), making.home


def _flags(flags: tuple[deviations.DeviationRow, ...]) -> dict[tuple[str, int], tuple[str, ...]]:
    found: dict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    for each in flags:
        for key in (("r", each.receipt_id), ("l", each.obligation_id or 0)):
            if each.kind not in found[key]:
                found[key] = (*found[key], each.kind)
    return found


def _lines(making: _Making, ledger: Ledger, flags: tuple[deviations.DeviationRow, ...]) -> None:
    versions = dict(
        Obligation.objects.filter(account_id=ledger.account_id).values_list(
            "id", "schedule__version"
        )
    )
    contracts = dict(
        Contract.objects.filter(account_id=ledger.account_id).values_list("id", "number")
    )
    known = _flags(flags)
    for line in ledger.lines:
        row = ledger.by_id[line.obligation_id]
        state = line_rows.money_state(line, as_of=ledger.as_of)
        amount = line.amount_minor if state != "cancelled" else row["amount_minor"]
        number = contracts.get(row["contract_id"] or 0, "") if len(contracts) > 1 else ""
        making.put(
            Item(
                f"l{line.obligation_id}", "due", line.due_on, row["label"] or row["category"],
                number, amount, state,
                f"/accounts/{ledger.account_id}/lines/{line.obligation_id}",
                counts=state != "cancelled" and line.due_on is not None,
                kinds=known["l", line.obligation_id],
                version=versions.get(line.obligation_id) or 0,
            )
        )  # fmt: skip


def _receipts(making: _Making, ledger: Ledger, flags: tuple[deviations.DeviationRow, ...]) -> None:
    known = _flags(flags)
    paid: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in ledger.allocations:
        paid[row["receipt_id"]][row["obligation_id"]] += row["amount_minor"]
    order = {line.obligation_id: at for at, line in enumerate(ledger.lines)}
    for row in ledger.receipts:
        pays = sorted((key for key, sum in paid[row["id"]].items() if sum), key=order.__getitem__)
        is_gone = row["reversed"] is not None
        left = 0 if is_gone else row["amount_minor"] - sum(paid[row["id"]].values())
        state = "reversed" if is_gone else "unapplied" if left == row["amount_minor"] else ""
        key = f"r{row['id']}"
        making.put(
            Item(
                key, "receipts", row["value_on"], row["number"],
                row["instrument"], row["amount_minor"], state, f"/receipts/{row['id']}",
                counts=not is_gone, kinds=known["r", row["id"]],
            ),
            f"l{pays[0]}" if pays else "",
        )  # fmt: skip
        for each in pays:
            making.tie(key, f"l{each}")


def _cheques(making: _Making, ledger: Ledger) -> None:
    tries: dict[int, list[Row]] = defaultdict(list)
    for each in Presentment.objects.filter(
        instrument__account_id=ledger.account_id, sent_on__lte=ledger.as_of
    ).order_by("seq").values("instrument_id", "receipt_id", "result", "answered_on"):  # fmt: skip
        tries[each["instrument_id"]].append(dict(each))
    covers: dict[int, list[int]] = defaultdict(list)
    for paper in ledger.papers:
        if paper["line_id"]:
            covers[paper["id"]].append(paper["line_id"])
    numbers = {row["reference"]: row["id"] for row in ledger.receipts
               if row["instrument"] == "cheque" and row["reference"]}  # fmt: skip
    for paper in ledger.instruments:
        receipts = [each["receipt_id"] for each in tries[paper["id"]] if each["receipt_id"]]
        if not receipts and paper["number"] in numbers:
            receipts = [numbers[paper["number"]]]
        lines = covers[paper["id"]] or _behind(ledger, paper)
        ties = [*(f"l{each}" for each in lines), *(f"r{each}" for each in receipts)]
        key = f"c{paper['id']}"
        beside = next((each for each in ties if each in making.items), "")
        making.put(
            Item(
                key, "cheques", paper["matures_on"], paper["number"], paper["bank"],
                paper["amount_minor"], paper["was"], f"/instruments/{paper['id']}",
                counts=paper["was"] == "cleared",
            ),
            beside,
        )  # fmt: skip
        for tied in ties:
            making.tie(key, tied)


def _behind(ledger: Ledger, paper: Row) -> list[int]:
    """The line a paper that names none was given for: same day, same amount."""
    return [
        line.obligation_id for line in ledger.lines
        if line.due_on == paper["matures_on"] and line.due_on
        and ledger.by_id[line.obligation_id]["amount_minor"] == paper["amount_minor"]
    ][:1]  # fmt: skip


def matches(account_id: int) -> list[Row]:
    """The bank lines that explain money or cheques of the account."""
    live = BankMatch.objects.filter(undone_at=None)
    names = (
        "line_id", "amount_minor", "receipt_id", "presentment__instrument_id", "purpose",
        "line__value_on", "line__payer", "line__text", "line__bank_account__code",
        "line__amount_minor",
    )  # fmt: skip
    mine = live.filter(receipt__account_id=account_id) | live.filter(
        presentment__instrument__account_id=account_id
    )
    return [dict(row) for row in mine.order_by("line__value_on", "id").values(*names)]


def _bank(making: _Making, matched: list[Row], *, may_bank: bool) -> None:
    for row in matched:
        key = f"b{row['line_id']}"
        ties = [f"r{row['receipt_id']}", f"c{row['presentment__instrument_id']}"]
        beside = next((each for each in ties if each in making.items), "")
        making.put(
            Item(
                key, "bank", row["line__value_on"], row["line__payer"] or row["line__text"][:60],
                row["line__bank_account__code"], row["amount_minor"], "matched",
                f"/bank/lines/{row['line_id']}" if may_bank else "",
            ),
            beside,
        )  # fmt: skip
        for each in ties:
            making.tie(key, each)


def _candidates(making: _Making, candidates: tuple[Candidate, ...]) -> None:
    for each in candidates:
        line = each.line
        making.put(
            Item(
                f"b{line.id}", "bank", line.value_on, line.payer or line.text[:60],
                line.bank_account.code, line.amount_minor, "candidate", f"/bank/lines/{line.id}",
                counts=False, reasons=each.evidence,
            )
        )  # fmt: skip


def _running(items: dict[str, Item]) -> dict[str, Item]:
    """Each item with what its column comes to by its day."""
    sums: dict[str, int] = defaultdict(int)
    made = dict(items)
    for key in sorted(items, key=lambda each: (items[each].on or date.max, each)):
        item = items[key]
        sums[item.column] += item.amount_minor if item.counts else 0
        made[key] = replace(item, running_minor=sums[item.column])
    return made
