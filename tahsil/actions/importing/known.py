"""What the book already knows of the things a file names, read once before any row is placed.

Only what the rows name is read: a creditor's million contracts stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q

from tahsil.core.grammar.names import fold
from tahsil.store import search
from tahsil.store.models import (
    Account,
    Asset,
    Contract,
    Creditor,
    Party,
    Project,
    ScheduleVersion,
    SearchTerm,
)
from tahsil.store.staging import Row

AT_ONCE = 900
_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=65_536)
def plain_key(text: str) -> str:
    """The text to compare codes by: folded, without signs."""
    return _SIGNS.sub("", fold(text)).upper()


@dataclass
class Named:
    """What the rows of a file name: codes of parties, keys of names, texts of units and numbers."""

    codes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)


@dataclass
class Known:
    """What the book has under those names.

    `parties` by code are the creditor's; `foreign`, by code and name, others number so.
    """

    parties: dict[str, Party] = field(default_factory=dict)
    foreign: dict[tuple[str, str], Party] = field(default_factory=dict)
    by_name: dict[str, list[Party]] = field(default_factory=dict)
    customers: dict[int, set[int]] = field(default_factory=dict)  # party to its accounts
    accounts: dict[tuple[int, str, str], Account] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    assets: dict[tuple[int, str], Asset] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    schedules: dict[int, ScheduleVersion] = field(default_factory=dict)


def named_in(rows: Iterable[Row]) -> Named:
    """What these rows name."""
    found = Named()
    for row in rows:
        _add(found, row.values)
        for owner in row.values.get("owners", ()):
            _add(found, owner)
        if row.kind == "contract" and row.values.get("number"):
            found.texts.add(row.values["number"])
        if row.kind == "party":
            found.codes.add(row.values["code"] or "")
            found.names.add(row.values["name_key"])
    found.codes.discard("")
    found.names.discard("")
    return found


def read(creditor: Creditor, named: Named) -> Known:
    """What the creditor's book has under these names."""
    known = Known()
    _parties(known, creditor, named)
    _contracts(known, creditor, named)
    keys = {plain_key(text)[:60] for text in named.texts}
    for part in parts(keys):
        for asset in Asset.objects.filter(project__creditor=creditor, code_key__in=part):
            known.assets[asset.project_id, asset.code_key] = asset
    for project in Project.objects.filter(creditor=creditor):
        for name in (project.code, project.name, project.name_ar):
            if name:
                known.projects.setdefault(plain_key(name), project)
    for account in known.accounts.values():
        known.customers.setdefault(account.party_id, set()).add(account.id)
    for part in parts(contract.id for contract in known.contracts):
        for version in ScheduleVersion.objects.filter(contract_id__in=part, version=1):
            known.schedules[version.contract_id] = version
    return known


def _add(found: Named, values: dict[str, Any]) -> None:
    found.codes.add(values.get("party_code") or "")
    found.names.add(values.get("party_key") or "")
    for name in ("contract", "unit", "asset"):
        if values.get(name):
            found.texts.add(values[name])


def _parties(known: Known, creditor: Creditor, named: Named) -> None:
    coded: list[Party] = []
    for part in parts(named.codes):
        coded += Party.objects.filter(code__in=part).order_by("id")
    for part in parts(named.names):
        for party in Party.objects.filter(name_key__in=part).order_by("id"):
            known.by_name.setdefault(party.name_key, []).append(party)
    everyone = {party.id for party in coded}
    everyone |= {party.id for found in known.by_name.values() for party in found}
    for part in parts(everyone):
        for account in Account.objects.filter(party_id__in=part, creditor=creditor):
            known.accounts[account.party_id, account.currency, account.product] = account
    ours = {party_id for party_id, _, _ in known.accounts}
    for party in coded:
        if party.numbered_by_id == creditor.id:
            known.parties[party.code] = party
        elif party.id in ours:  # numbered by another, and a customer here under the same code
            known.parties.setdefault(party.code, party)
        else:
            known.foreign[party.code, party.name_key] = party


def _contracts(known: Known, creditor: Creditor, named: Named) -> None:
    """Contracts by number and unit, however they are spelled, and those of the named parties."""
    accounts = {account.id for account in known.accounts.values()}
    for part in parts({search.code_key(text) for text in named.texts}):
        terms = SearchTerm.objects.filter(term__in=part, kind__in=("contract", "unit"))
        accounts |= set(terms.values_list("account_id", flat=True))
    for part in parts(named.texts):
        keys = [plain_key(text)[:60] for text in part]
        exact = Q(number__in=part) | Q(asset__code_key__in=keys)
        accounts |= set(Contract.objects.filter(exact).values_list("account_id", flat=True))
    found: dict[int, Contract] = {}
    for part in parts(accounts):
        rows = Contract.objects.filter(account_id__in=part, account__creditor=creditor)
        for contract in rows.select_related("account__party", "asset"):
            found[contract.id] = contract
    known.contracts = [found[key] for key in sorted(found)]
    for contract in known.contracts:
        account = contract.account
        known.accounts[account.party_id, account.currency, account.product] = account


def parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The different values in order, as many at once as one question to the database takes."""
    wanted = sorted({value for value in values if value})
    for start in range(0, len(wanted), AT_ONCE):
        yield wanted[start : start + AT_ONCE]
