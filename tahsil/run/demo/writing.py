"""A draft into the tables: ids given here, rows in account order, texts as screens read them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tahsil.run.demo import places
from tahsil.run.demo.draft import Draft, Table
from tahsil.run.demo.keys import name_key
from tahsil.run.demo.ledger import Pieces, line_account, receipt_account
from tahsil.run.demo.rows import NONE, Progress, day_text, first_id, write
from tahsil.store import models

MORNING = " 07:00:00"


@dataclass(frozen=True)
class Firsts:
    """The id of the first row of each table; the others follow in order."""

    party: int
    account: int
    asset: int
    contract: int
    schedule: int
    line: int
    receipt: int
    allocation: int
    attempt: int
    promise: int


@dataclass(frozen=True)
class Pen:
    """What every table's writing needs."""

    draft: Draft
    group: places.Group
    firsts: Firsts
    progress: Progress

    def put(self, model: Any, count: int, **columns: Any) -> None:
        """Writes the rows of one table."""
        write(model, count, columns, progress=self.progress)


def pen(draft: Draft, group: places.Group, progress: Progress) -> Pen:
    """The pen for a draft, its ids after those that are taken."""
    found = (
        models.Party, models.Account, models.Asset, models.Contract, models.ScheduleVersion,
        models.Obligation, models.Receipt, models.Allocation, models.Attempt, models.Promise,
    )  # fmt: skip
    return Pen(draft, group, Firsts(*(first_id(model) for model in found)), progress)


def instants(days: np.ndarray) -> list[str]:
    """The mornings of these days, when what happened on them was recorded."""
    return [f"{day}{MORNING}" for day in day_text(days)]


def account_numbers(draft: Draft) -> list[str]:
    """NPD-1001 and so on: the creditor's code and one running number."""
    owners = [places.PROJECTS[place][0] for place in draft["accounts"]["place"]]
    return [f"{owner}-{number}" for number, owner in enumerate(owners, 1001)]


def currencies(draft: Draft) -> np.ndarray:
    """The currency of each account."""
    table = {code: places.CREDITORS[owner][3] for code, (owner, _, _) in places.PROJECTS.items()}
    return np.asarray([table[place] for place in draft["accounts"]["place"]], dtype=object)


def parties(pen: Pen) -> None:
    """Parties with their other name and how to reach them."""
    table, count = pen.draft["parties"], pen.draft.count("parties")
    ids = pen.firsts.party + np.arange(count)
    pen.put(
        models.Party, count, id=ids, kind=table["kind"], name=table["name"],
        name_key=list(map(name_key, table["name"])), language=table["language"],
        country=table["country"], national_id=table["national_id"],
    )  # fmt: skip
    named = np.flatnonzero(table["other"] != "")
    pen.put(
        models.PartyName, named.size, id=_ids(models.PartyName, named.size), party_id=ids[named],
        name=table["other"][named], name_key=list(map(name_key, table["other"][named])),
    )  # fmt: skip
    pen.put(
        models.ContactPoint, count, id=_ids(models.ContactPoint, count), party_id=ids,
        channel="phone", value=table["phone"], raw=table["phone"], source="contract",
    )  # fmt: skip


def accounts(pen: Pen, steps: Table) -> None:
    """Accounts with their collector and next step."""
    table, count = pen.draft["accounts"], pen.draft.count("accounts")
    owners = {code: owner for code, (owner, _, _) in places.PROJECTS.items()}
    pen.put(
        models.Account, count, id=pen.firsts.account + np.arange(count),
        number=account_numbers(pen.draft), party_id=pen.firsts.party + table["party"],
        creditor_id=[pen.group.creditors[owners[place]] for place in table["place"]],
        currency=currencies(pen.draft), product=table["product"],
        project_id=_coded(table["place"], pen.group.projects),
        collector_id=_coded(table["collector"], pen.group.people),
        next_step=steps["step"], next_step_on=steps["step_on"],
    )  # fmt: skip


def contracts(pen: Pen) -> None:
    """Contracts with unit, debtor, first schedule and the events that happened to them."""
    table, count = pen.draft["contracts"], pen.draft.count("contracts")
    at, ids = np.arange(count), pen.firsts.contract + np.arange(count)
    projects = _coded(table["place"], pen.group.projects)
    recorded = instants(table["raised"])
    pen.put(
        models.Asset, count, id=pen.firsts.asset + at, project_id=projects, kind=table["kind"],
        code=table["unit"], code_key=[unit.replace("-", "").lower() for unit in table["unit"]],
    )  # fmt: skip
    pen.put(
        models.Contract, count, id=ids, account_id=pen.firsts.account + table["account"],
        number=table["number"], project_id=projects, asset_id=pen.firsts.asset + at,
        product=table["product"], signed_on=table["signed"], price_minor=table["price"],
    )  # fmt: skip
    party = pen.draft["accounts"]["party"][table["account"]]
    pen.put(
        models.ContractParty, count, id=_ids(models.ContractParty, count), contract_id=ids,
        party_id=pen.firsts.party + party, since_on=table["signed"],
    )  # fmt: skip
    pen.put(
        models.ScheduleVersion, count, id=pen.firsts.schedule + at, contract_id=ids, version=1,
        effective_on=table["raised"], recorded_at=recorded, reason="As signed",
    )  # fmt: skip
    happened = pen.draft["happenings"]
    size = happened["on"].size
    pen.put(
        models.ContractEvent, size, id=_ids(models.ContractEvent, size), code=happened["event"],
        contract_id=pen.firsts.contract + happened["contract"], happened_on=happened["on"],
        recorded_at=instants(happened["on"]),
    )  # fmt: skip


def obligations(pen: Pen) -> None:
    """Every line, and the due date its event gave it."""
    table, count = pen.draft["lines"], pen.draft.count("lines")
    ids = pen.firsts.line + np.arange(count)
    pen.put(
        models.Obligation, count, id=ids, account_id=pen.firsts.account + line_account(pen.draft),
        contract_id=pen.firsts.contract + table["contract"],
        schedule_id=pen.firsts.schedule + table["contract"], seq=table["seq"],
        category=table["category"], label=table["label"], amount_minor=table["amount"],
        due_on=table["due"], due_event=table["event"], due_days=table["event_days"],
        raised_on=table["raised"], recorded_at=instants(table["raised"]),
    )  # fmt: skip
    dated = np.flatnonzero(table["dated"] != NONE)
    happened = table["dated"][dated] - table["event_days"][dated]
    pen.put(
        models.ObligationDue, dated.size, id=_ids(models.ObligationDue, dated.size),
        obligation_id=ids[dated], due_on=table["dated"][dated], effective_on=happened,
        recorded_at=instants(happened),
    )  # fmt: skip


def receipts(pen: Pen, pieces: Pieces) -> list[str]:
    """Receipts in their series, reversals and allocations; the receipt numbers."""
    table, count = pen.draft["receipts"], pen.draft.count("receipts")
    account = receipt_account(pen.draft)
    place = pen.draft["accounts"]["place"][account]
    branch = np.asarray([places.BRANCH_OF[places.PROJECTS[p][0]] for p in place], dtype=object)
    series, serial, numbers = _series(pen, branch, table["on"])
    collectors = _coded(pen.draft["accounts"]["collector"][account], pen.group.people)
    ids = pen.firsts.receipt + np.arange(count)
    party = pen.draft["accounts"]["party"][account]
    pen.put(
        models.Receipt, count, id=ids, account_id=pen.firsts.account + account,
        contract_id=pen.firsts.contract + table["contract"], kind=table["kind"], number=numbers,
        series_id=series, serial=serial, amount_minor=table["amount"],
        instrument=table["instrument"], reference=table["reference"], bank=table["bank"],
        rule=table["rule"], bank_account_id=_bank_accounts(pen, place, table),
        value_on=table["on"], recorded_at=instants(table["on"]),
        payer=pen.draft["parties"]["name"][party], cashier_id=pen.group.people["huda"],
        collector_id=collectors,
    )  # fmt: skip
    back = np.flatnonzero(table["reversed"] != NONE)
    pen.put(
        models.Reversal, back.size, id=_ids(models.Reversal, back.size), receipt_id=ids[back],
        reason="Returned by the bank: insufficient funds", effective_on=table["reversed"][back],
        recorded_at=instants(table["reversed"][back]),
    )  # fmt: skip
    first = pen.firsts.allocation
    undone = [None if at < 0 else first + at for at in pieces.mirrors.tolist()]
    pen.put(
        models.Allocation, pieces.line.size, id=first + np.arange(pieces.line.size),
        receipt_id=ids[pieces.receipt], obligation_id=pen.firsts.line + pieces.line,
        account_id=pen.firsts.account + account[pieces.receipt], amount_minor=pieces.amount,
        effective_on=pieces.on, recorded_at=instants(pieces.on), mirrors_id=undone,
    )  # fmt: skip
    return numbers


def _series(pen: Pen, branch: np.ndarray, on: np.ndarray) -> tuple[list, np.ndarray, list[str]]:
    """The series of each receipt, its serial there without a gap, and its number."""
    years = on.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    keys = [f"{code}-{year}" for code, year in zip(branch, years.tolist(), strict=True)]
    found, where = np.unique(np.asarray(keys, dtype=str), return_inverse=True)
    order = np.lexsort((np.arange(on.size), on, where))
    start = np.searchsorted(where[order], np.arange(found.size))
    serial = np.empty(on.size, dtype=np.int64)
    serial[order] = np.arange(on.size) - start[where[order]] + 1
    made = []
    for key, last in zip(found.tolist(), np.bincount(where, minlength=found.size), strict=True):
        code, _, year = key.partition("-")
        row = models.ReceiptSeries.objects.create(
            branch_id=pen.group.branches[code], cashier_id=pen.group.people["huda"],
            year=int(year), last=int(last),
        )  # fmt: skip
        made.append(row.id)
    numbers = [f"{key}-{n:06d}" for key, n in zip(keys, serial.tolist(), strict=True)]
    return [made[at] for at in where.tolist()], serial, numbers


def _bank_accounts(pen: Pen, place: np.ndarray, table: Table) -> list[int | None]:
    rules = zip(place, table["rule"], table["instrument"], strict=True)
    return [
        None if paper in ("cash", "certificate")
        else pen.group.banks.get((places.PROJECTS[code][0], rule))
        for code, rule, paper in rules
    ]  # fmt: skip


def work(pen: Pen, promised: Table, worked: Table) -> None:
    """Cheques, attempts, promises, cases, disputes and holds."""
    draft, people, first = pen.draft, pen.group.people, pen.firsts
    papers, size = draft["instruments"], draft.count("instruments")
    owner = draft["contracts"]["account"][papers["contract"]]
    names = draft["parties"]["name"][draft["accounts"]["party"][owner]]
    pen.put(
        models.Instrument, size, id=_ids(models.Instrument, size),
        account_id=first.account + owner, contract_id=first.contract + papers["contract"],
        number=papers["number"], bank=papers["bank"], drawer=names, amount_minor=papers["amount"],
        matures_on=papers["matures"], state=papers["state"], place=papers["place"],
        bounced_on=papers["bounced"],
    )  # fmt: skip
    _attempts(pen)
    made_by = _coded(draft["accounts"]["collector"][promised["account"]], people)
    count = promised["made"].size
    pen.put(
        models.Promise, count, id=first.promise + np.arange(count),
        account_id=first.account + promised["account"], amount_minor=promised["amount"],
        promised_on=promised["on"], made_on=promised["made"],
        recorded_at=instants(promised["made"]), instrument=promised["instrument"],
        state=promised["state"], judged_on=promised["judged"],
        received_minor=promised["received"], made_by_id=made_by,
    )  # fmt: skip
    size = worked["opened"].size
    pen.put(
        models.Case, size, id=_ids(models.Case, size), account_id=first.account + worked["account"],
        state=np.where(worked["closed"] == NONE, "open", "closed"), opened_on=worked["opened"],
        closed_on=worked["closed"],
    )  # fmt: skip
    contested = draft["disputes"]
    size = contested["line"].size
    pen.put(
        models.Dispute, size, id=_ids(models.Dispute, size),
        account_id=first.account + line_account(draft)[contested["line"]],
        obligation_id=first.line + contested["line"], amount_minor=contested["amount"],
        code=contested["code"], note=contested["note"], opened_on=contested["opened"],
    )  # fmt: skip
    held = draft["holds"]
    size = held["account"].size
    pen.put(
        models.Hold, size, id=_ids(models.Hold, size), account_id=first.account + held["account"],
        kind=held["kind"], reason=held["reason"], since_on=held["since"], until_on=held["until"],
        by_id=people["sara"],
    )  # fmt: skip


def _attempts(pen: Pen) -> None:
    table, count = pen.draft["attempts"], pen.draft.count("attempts")
    account = table["account"]
    days = day_text(table["on"])
    minutes = table["minute"].tolist()
    happened = [f"{d} {m // 60:02d}:{m % 60:02d}:00" for d, m in zip(days, minutes, strict=True)]
    collector = _coded(pen.draft["accounts"]["collector"][account], pen.group.people)
    pen.put(
        models.Attempt, count, id=pen.firsts.attempt + np.arange(count),
        account_id=pen.firsts.account + account,
        party_id=pen.firsts.party + pen.draft["accounts"]["party"][account],
        channel=table["channel"], disposition=table["disposition"], level=table["level"],
        reason=table["reason"], note=table["note"], next_step=table["step"],
        next_step_on=table["step_on"], happened_at=happened, effective_on=table["on"],
        by_id=collector,
    )  # fmt: skip


def events(pen: Pen, rows: Iterable[tuple]) -> int:
    """One event per act, in the order recorded; how many.

    A row is (day, verb, subject, account id, actor's username, facts).
    """
    people = {each.username: each.name for each in places.COLLEAGUES}
    found = sorted(rows, key=lambda row: row[0])
    if not found:
        return 0
    days, verbs, subjects, owners, actors, facts = map(list, zip(*found, strict=True))
    keys = [f"demo:{verb}:{subject}" for verb, subject in zip(verbs, subjects, strict=True)]
    pen.put(
        models.Event, len(found), id=_ids(models.Event, len(found)), verb=verbs, subject=subjects,
        account_id=owners, actor_id=[pen.group.people[actor] for actor in actors],
        actor_name=[people[actor] for actor in actors], effective_on=days,
        recorded_at=instants(np.asarray(days, dtype=np.int64)),
        facts=[json.dumps(each, ensure_ascii=False) for each in facts], key=keys,
        digest=[hashlib.sha256(key.encode()).hexdigest() for key in keys],
    )  # fmt: skip
    return len(found)


def _ids(model: Any, count: int) -> np.ndarray:
    return first_id(model) + np.arange(count)


def _coded(codes: Iterable[str], ids: dict[str, int]) -> list[int]:
    return [ids[code] for code in codes]


def zipped(*columns: Any) -> Iterator[tuple]:
    """The rows of columns as plain values."""
    lists = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns]
    return zip(*lists, strict=True)
