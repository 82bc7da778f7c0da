"""The desk an import is committed on: what is known of the creditor, and what was written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from tahsil.core.grammar.names import fold, name_key, skeleton
from tahsil.store.models import (
    Account,
    Asset,
    Contract,
    Creditor,
    ImportBatch,
    ImportRow,
    Party,
    Project,
    ScheduleVersion,
)

_SIGNS = re.compile(r"[\W_]+")


def plain_key(text: str) -> str:
    """The text to compare codes by: folded, without signs."""
    return _SIGNS.sub("", fold(text)).upper()


def as_day(text: str | None) -> date | None:
    """The date an ISO text names."""
    return date.fromisoformat(text) if text else None


@dataclass
class Desk:
    """One commit: its batch, its instant, indexes of the creditor's book, accounts it touched."""

    batch: ImportBatch
    creditor: Creditor
    as_of: date
    now: datetime
    options: dict[str, Any]
    touched: set[int] = field(default_factory=set)
    lines: dict[str, int] = field(default_factory=dict)  # line key → obligation id
    line_account: dict[int, tuple[int, int | None, date | None, int]] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)  # contract record key → contract id
    schedules: dict[int, ScheduleVersion] = field(default_factory=dict)

    @cached_property
    def parties(self) -> dict[str, Party]:
        """Parties by their source code."""
        return {party.code: party for party in Party.objects.exclude(code="")}

    @cached_property
    def accounts(self) -> dict[tuple[int, str, str], Account]:
        """The creditor's accounts by party, currency and product."""
        return {
            (row.party_id, row.currency, row.product): row
            for row in Account.objects.filter(creditor=self.creditor)
        }

    @cached_property
    def projects(self) -> dict[str, Project]:
        """The creditor's projects by the key of their name and of their code."""
        found: dict[str, Project] = {}
        for project in Project.objects.filter(creditor=self.creditor):
            for name in (project.code, project.name, project.name_ar):
                if name:
                    found.setdefault(plain_key(name), project)
        return found

    @cached_property
    def contracts(self) -> dict[str, list[Contract]]:
        """The creditor's contracts by the keys of their number and of their unit."""
        found: dict[str, list[Contract]] = {}
        rows = Contract.objects.filter(account__creditor=self.creditor)
        for contract in rows.select_related("account__party", "asset").order_by("id"):
            self._index(found, contract)
        return found

    @cached_property
    def by_party(self) -> dict[str, list[Contract]]:
        """The creditor's contracts by party code and by the key of the party's name."""
        found: dict[str, list[Contract]] = {}
        for contract in {row.id: row for rows in self.contracts.values() for row in rows}.values():
            for key in _party_keys(contract.account.party):
                found.setdefault(key, []).append(contract)
        return found

    def knows(self, contract: Contract) -> None:
        """Adds a contract just written to the indexes."""
        self._index(self.contracts, contract)
        for key in _party_keys(contract.account.party):
            found = self.by_party.setdefault(key, [])
            if contract not in found:
                found.append(contract)

    def resolve(self, values: dict[str, Any]) -> list[Contract]:
        """The contracts a row may mean: by number, by unit, by party; narrowed by name."""
        for field_name in ("contract", "unit", "asset"):
            if text := values.get(field_name):
                found = self.contracts.get(plain_key(text), [])
                if found:
                    return _narrowed(found, values)
        if values.get("unit") or values.get("contract"):
            return []
        for key in (values.get("party_code"), values.get("party_key")):
            if key and (found := self.by_party.get(key)):
                return found
        return []

    def party_of(self, values: dict[str, Any]) -> Party:
        """The party a row names, by code, else by name among this batch's; a new one otherwise."""
        code, name = values.get("party_code") or "", values.get("party_name") or ""
        if code and code in self.parties:
            return self.parties[code]
        known = self.named.get(values.get("party_key") or "")
        if known is not None and not code:
            return known
        return self.new_party(code, name or code, values.get("party_key") or "")

    @cached_property
    def named(self) -> dict[str, Party]:
        """Parties this batch opened from a name alone, so that their next row finds them."""
        return {}

    def new_party(self, code: str, name: str, key: str) -> Party:
        """A party opened by this batch."""
        key = key or name_key(name)
        party = Party.objects.create(
            code=code,
            name=name[:240],
            name_key=key[:240],
            country=self.creditor.country,
            language="ar" if self.creditor.country in ("EG", "SA", "AE") else "en",
            batch=self.batch,
        )
        if code:
            self.parties[code] = party
        self.named.setdefault(key, party)
        return party

    def account_of(self, party: Party, currency: str, product: str, project=None) -> Account:
        """The party's account in that currency and product, opened if it is not there."""
        key = (party.id, currency, product)
        if key not in self.accounts:
            self._serial += 1
            self.accounts[key] = Account.objects.create(
                number=f"{self.creditor.code}-{self._serial:06d}",
                party=party,
                creditor=self.creditor,
                currency=currency,
                product=product,
                project=project,
                batch=self.batch,
            )
        account = self.accounts[key]
        self.touched.add(account.id)
        return account

    def begins(self, contract: Contract, due: date | None) -> None:
        """Notes that the contract has a line due then; its first due day is when it began."""
        known = self._first_due.get(contract.id)
        if due is not None and (known is None or due < known):
            self._first_due[contract.id] = due

    def begun(self, contract: Contract | None) -> date | None:
        """The day the contract was signed, or the first day anything of it fell due."""
        if contract is None:
            return None
        return contract.signed_on or self._first_due.get(contract.id)

    @cached_property
    def _first_due(self) -> dict[int, date]:
        return {}

    def asset_of(self, project: Project, code: str, label: str, kind: str) -> Asset:
        """The unit, vehicle or site of that code in the project."""
        asset, _ = Asset.objects.get_or_create(
            project=project,
            code_key=plain_key(code)[:60],
            defaults={"code": code[:60], "label": label[:160], "kind": kind, "batch": self.batch},
        )
        return asset

    def project_of(self, name: str | None) -> Project:
        """The project of that name, opened if not there; the creditor's own without a name."""
        key = plain_key(name or self.creditor.name)
        if key not in self.projects:
            code = f"{self.creditor.code}-{len(self.projects) + 1}"
            self.projects[key] = Project.objects.create(
                creditor=self.creditor,
                code=code[:20],
                name=(name or self.creditor.name)[:160],
                country=self.creditor.country,
            )
        return self.projects[key]

    @cached_property
    def _serial(self) -> int:
        last = Account.objects.order_by("-id").values_list("id", flat=True).first()
        return last or 0

    def _index(self, found: dict[str, list[Contract]], contract: Contract) -> None:
        keys = {plain_key(contract.number)}
        if contract.asset is not None:
            keys |= {plain_key(contract.asset.code), contract.asset.code_key}
        for key in keys - {""}:
            found.setdefault(key, []).append(contract)


def hold(row: ImportRow, code: str, template: str, **facts: Any) -> None:
    """Keeps a row out of the book and says why; it stands in the reject workbook."""
    row.status = "held"
    row.remarks = [*row.remarks, [code, template, facts, ""]]


def taken(row: ImportRow, target: str) -> None:
    """Notes what a row became."""
    row.target = target


def _party_keys(party: Party) -> list[str]:
    return [key for key in (party.code, party.name_key) if key]


def _narrowed(found: list[Contract], values: dict[str, Any]) -> list[Contract]:
    """Of several contracts on one unit, those of the party the row names."""
    if len(found) == 1:
        return found
    code, key = values.get("party_code"), values.get("party_key") or ""
    mine = [row for row in found if code and row.account.party.code == code]
    mine = mine or [row for row in found if key and row.account.party.name_key == key]
    if not mine and key:
        wanted = skeleton(values.get("party_name") or "")
        mine = [row for row in found if skeleton(row.account.party.name) == wanted]
    mine = mine or found
    current = [row for row in mine if row.status not in ("transferred", "cancelled")]
    return current or mine
