"""One bank line: the answers proposed with their evidence, what each would pay, what it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve.matching.recorded import Group, Receipts, evidence
from tahsil.queries import bank
from tahsil.queries.bank import LineRow
from tahsil.store import owed, unlinked
from tahsil.store.models import (
    Account,
    BankLine,
    BankMatch,
    BankProposal,
    Instrument,
    Obligation,
    Person,
    RoleGrant,
)

ANSWERS = 5
ITEMS = 12


@dataclass(frozen=True)
class Said:
    """One piece of evidence."""

    template: str
    facts: dict[str, Any]
    weight: float


@dataclass(frozen=True)
class Pays:
    """What an answer pays of one obligation."""

    obligation_id: int
    account_id: int
    contract: str
    label: str
    category: str
    due_on: date | None
    amount_minor: int


@dataclass(frozen=True)
class Answer:
    """One account the money may belong to, what it would pay there, and why."""

    account_id: int
    number: str
    name: str
    pays: tuple[Pays, ...]
    unapplied_minor: int
    score: float
    evidence: tuple[Said, ...]


@dataclass(frozen=True)
class Before:
    """A receipt that was recorded before the line came and that the line may be the money of."""

    receipt_id: int
    number: str
    amount_minor: int
    value_on: date
    account_id: int
    account: str
    name: str


@dataclass(frozen=True)
class OpenItem:
    """An obligation that is open."""

    obligation_id: int
    contract: str
    label: str
    category: str
    due_on: date | None
    open_minor: int


@dataclass(frozen=True)
class MatchRow:
    """What explains the line, or did until it was taken back."""

    purpose: str
    amount_minor: int
    kind: str
    receipt_id: int | None
    receipt: str
    account_id: int | None
    account: str
    name: str
    instrument_id: int | None
    cheque: str
    reason: str
    owner: str
    by: str
    matched_on: date
    undone_at: datetime | None
    undone_reason: str


@dataclass(frozen=True)
class LinePage:
    """Everything about one line; `purpose` and `evidence` are matching's for the line itself.

    `receipts` were there before the line and are its money together: the first proposal.
    """

    row: LineRow
    purpose: str
    kind: str
    evidence: tuple[Said, ...]
    receipts: tuple[Before, ...]
    answers: tuple[Answer, ...]
    cheque_id: int | None
    cheque: str
    other_line_id: int | None
    parts: tuple[dict[str, Any], ...]
    matches: tuple[MatchRow, ...]
    policy: str


def line(standing: Standing, line_id: int, *, as_of: date) -> LinePage:
    """The line with its proposals; refused where there is none this person sees."""
    found = bank.visible(standing).select_related("bank_account").filter(id=line_id).first()
    if found is None:
        raise Refused("bank.line", "There is no bank line {line}.", line=line_id)
    proposal = BankProposal.objects.filter(line=found).first()
    body = proposal.body if proposal else {}
    cheque = Instrument.objects.filter(id=body.get("cheque_id") or 0).first()
    answers = _answers(body)
    known = _known(found, answers, as_of)
    return LinePage(
        row=bank.rows([found], as_of)[0],
        purpose=proposal.purpose if proposal else "",
        kind=proposal.kind if proposal else "",
        evidence=_said(found, known) or _evidence(body),
        receipts=_before(known),
        answers=answers,
        cheque_id=cheque.id if cheque else None,
        cheque=cheque.number if cheque else "",
        other_line_id=body.get("other_line_id"),
        parts=tuple(found.parts),
        matches=tuple(_matches(found)),
        policy=proposal.policy if proposal else "",
    )


def parts_of(page: LinePage, answer: Answer) -> list[dict[str, Any]]:
    """An answer as the parts that `bank.match` takes: one for each account that it pays."""
    parts: dict[int, dict[str, Any]] = {}
    for each in answer.pays:
        part = parts.setdefault(
            each.account_id,
            {"account_id": each.account_id, "amount_minor": 0, "allocations": []},
        )
        part["amount_minor"] += each.amount_minor
        part["allocations"].append([each.obligation_id, each.amount_minor])
    rest = page.row.amount_minor - sum(part["amount_minor"] for part in parts.values())
    if rest:
        own = parts.setdefault(
            answer.account_id,
            {"account_id": answer.account_id, "amount_minor": 0, "allocations": []},
        )
        own["amount_minor"] += rest
    return list(parts.values())


def open_items(account_id: int, *, as_of: date) -> tuple[OpenItem, ...]:
    """The oldest open obligations of an account."""
    found = owed.open_rows(as_of).filter(account_id=account_id).select_related("contract", "dated")
    items = [
        OpenItem(
            each.id, each.contract.number if each.contract else "", each.label, each.category,
            each.dated.due_on if hasattr(each, "dated") else each.due_on, each.left_minor,
        )
        for each in found
    ]  # fmt: skip
    items.sort(key=lambda each: (each.due_on is None, str(each.due_on), each.obligation_id))
    return tuple(items[:ITEMS])


def owners() -> list[tuple[int, str]]:
    """Who may own a line in suspense: everybody who holds a role."""
    held = RoleGrant.objects.values("person_id")
    found = Person.objects.filter(is_active=True, id__in=held).order_by("name")
    return list(found.values_list("id", "name"))


def _known(found: BankLine, answers: tuple[Answer, ...], as_of: date) -> Group:
    """The receipts that are the line's money as the book stands now, by reference or account."""
    if found.state not in bank.WAITING or found.amount_minor <= 0:
        return ()
    near, plain = unlinked.days(as_of), unlinked.plain(found)
    accounts = [answer.account_id for answer in answers[:1]]
    known = Receipts(unlinked.of_lines([found], near=near, account_ids=accounts), days=near)
    return known.named(plain) or next(
        filter(None, (known.like(plain, key) for key in accounts)), ()
    )


def _said(found: BankLine, known: Group) -> tuple[Said, ...]:
    if not known:
        return ()
    said = evidence(unlinked.plain(found), known)
    return tuple(Said(each.template, each.facts, each.weight) for each in said)


def _before(known: Group) -> tuple[Before, ...]:
    owners = Account.objects.select_related("party").in_bulk({each.account_id for each in known})
    return tuple(
        Before(
            each.id, each.number, each.amount_minor, each.on, each.account_id,
            owners[each.account_id].number, owners[each.account_id].party.name,
        )
        for each in known
    )  # fmt: skip


def _evidence(said: dict[str, Any]) -> tuple[Said, ...]:
    return tuple(
        Said(each["template"], each["facts"], each["weight"]) for each in said.get("evidence", ())
    )


def _answers(body: dict[str, Any]) -> tuple[Answer, ...]:
    """The first answer is the decision's own, then the others as ranked."""
    said = [body] if body.get("account_id") and not body.get("receipt_ids") else []
    said += body.get("alternatives", ())
    accounts = Account.objects.select_related("party").in_bulk(
        {each["account_id"] for each in said}
    )
    keys = {key for each in said for key, _ in each["allocations"]}
    lines = Obligation.objects.select_related("contract").in_bulk(keys)
    return tuple(
        _answer(each, accounts[each["account_id"]], lines)
        for each in said[:ANSWERS]
        if each["account_id"] in accounts
    )


def _answer(said: dict[str, Any], account: Account, lines: dict[int, Obligation]) -> Answer:
    pays = []
    for key, amount in said["allocations"]:
        if (owing := lines.get(key)) is None:
            continue
        contract = owing.contract.number if owing.contract else ""
        pays.append(
            Pays(key, owing.account_id, contract, owing.label, owing.category, owing.due_on, amount)
        )
    return Answer(
        account.id, account.number, account.party.name, tuple(pays), said["unapplied_minor"],
        said["score"], _evidence(said),
    )  # fmt: skip


def _matches(found: BankLine) -> list[MatchRow]:
    live = BankMatch.objects.filter(line=found).select_related(
        "receipt__account__party", "presentment__instrument", "owner", "by"
    )
    return [_match(each) for each in live.order_by("-id")]


def _match(each: BankMatch) -> MatchRow:
    account = each.receipt.account if each.receipt else None
    paper = each.presentment.instrument if each.presentment else None
    return MatchRow(
        each.purpose, each.amount_minor, each.kind, each.receipt_id,
        each.receipt.number if each.receipt else "", account.id if account else None,
        account.number if account else "", account.party.name if account else "",
        paper.id if paper else None, paper.number if paper else "", each.reason,
        each.owner.name if each.owner else "", each.by.name if each.by else "", each.matched_on,
        each.undone_at, each.undone_reason,
    )  # fmt: skip
