"""The desk an import is committed on: what is known of the creditor, and what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from tahsil.actions.importing.known import Known, parts, plain_key
from tahsil.actions.importing.sentences import template
from tahsil.core.grammar.names import name_key, skeleton
from tahsil.store.models import (
    Account,
    Asset,
    Contract,
    Creditor,
    ImportBatch,
    Party,
    Project,
    ScheduleVersion,
)
from tahsil.store.rows import Pen
from tahsil.store.staging import Before, Row

TOLD = 500  # rows from one word of how far it is to the next
ENDED = ("transferred", "cancelled", "terminated")  # nothing more falls due under these


class Line(NamedTuple):
    """An obligation this batch raised, as far as later rows ask."""

    id: int
    account_id: int
    contract_id: int | None
    due_on: date | None
    raised_on: date
    amount_minor: int


@dataclass
class Desk:
    """One commit: its batch, its instant, what the book knows, what was written so far."""

    batch: ImportBatch
    creditor: Creditor
    as_of: date
    now: datetime
    options: dict[str, Any]
    known: Known
    earlier: dict[tuple[str, str], Before]
    tell: Callable[[int], None]  # how many rows are through
    pen: Pen = field(default_factory=Pen)
    touched: set[int] = field(default_factory=set)
    replayed: set[int] = field(default_factory=set)  # accounts whose allocations need a replay
    lines: dict[str, Line] = field(default_factory=dict)  # by the key of the row
    placed: list[tuple[int, int, int, int, date]] = field(default_factory=list)
    filled: Counter[int] = field(default_factory=Counter)  # brought forward, by line
    owed: Counter[int] = field(default_factory=Counter)  # raised by this batch, by contract
    opened: dict[str, Contract] = field(default_factory=dict)  # by the key of the row
    notes: list[list[Any]] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    made_projects: list[int] = field(default_factory=list)
    through: int = 0

    def __post_init__(self) -> None:
        self._named: dict[str, Party] = {}
        self._fresh: set[int] = set()
        self._first_due: dict[int, date] = {}
        self._by_key: dict[str, list[Contract]] = {}
        self._by_party: dict[str, list[Contract]] = {}
        self._resolved: dict[tuple[Any, ...], list[Contract]] = {}
        for contract in self.known.contracts:
            self.knows(contract)

    def each(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows one by one, counted and told."""
        for row in rows:
            yield row
            self.through += 1
            if self.through % TOLD == 0:
                self.tell(self.through)

    def knows(self, contract: Contract) -> None:
        """Adds a contract to what rows are placed on."""
        keys = {plain_key(contract.number)}
        if contract.asset is not None:
            keys |= {plain_key(contract.asset.code), contract.asset.code_key}
        for key in keys - {""}:
            self._by_key.setdefault(key, []).append(contract)
        party = contract.account.party
        for key in {party.code, party.name_key} - {""}:
            self._by_party.setdefault(key, []).append(contract)
        self._resolved.clear()

    def resolve(self, values: dict[str, Any]) -> list[Contract]:
        """The contracts a row may mean: by number, else by unit, else by party; by name of several.

        A number or unit that is not known means no contract, whatever else the row says.
        """
        asked = tuple(
            values.get(name) for name in ("contract", "unit", "asset", "party_code", "party_key")
        )
        if asked not in self._resolved:
            self._resolved[asked] = self._found(values)
        return self._resolved[asked]

    def _found(self, values: dict[str, Any]) -> list[Contract]:
        for name in ("contract", "unit", "asset"):
            if text := values.get(name):
                return _narrowed(self._by_key.get(plain_key(text), []), values)
        for key in (values.get("party_code"), values.get("party_key")):
            if key and (found := self._by_party.get(key)):
                return found
        return []

    def numbered(self, number: str) -> Contract | None:
        """The contract of that number, however it is spelled."""
        wanted = plain_key(number)
        found = self._by_key.get(wanted, [])
        return next((row for row in found if plain_key(row.number) == wanted), None)

    def alias_of(self, values: dict[str, Any]) -> Contract | None:
        """A contract of the same customer whose unit has the same digits as an unknown one."""
        wanted = _digits(values.get("unit") or "")
        for key in (values.get("party_code"), values.get("party_key")):
            for contract in self._by_party.get(key or "", ()):
                if wanted and contract.asset is not None and wanted == _digits(contract.asset.code):
                    return contract
        return None

    def party_of(self, values: dict[str, Any]) -> Party:
        """The party a row names: by code; by the very name its source used; else a new one.

        A code is the creditor's own. Another's customer of that code is the same one only where
        the name is the same too.
        """
        code, name = values.get("party_code") or "", values.get("party_name") or ""
        key = values.get("party_key") or ""
        if code and (known := self.known.parties.get(code)):
            return known
        if code and (other := self.known.foreign.get((code, key))):
            return other
        if not code and (known := self._named.get(key) or self._same_source(name, key)):
            return known
        return self._new_party(code, name or code, key or name_key(name or code))

    def named(self, party: Party) -> None:
        """Rows that give this party's name and no code mean it."""
        self._named.setdefault(party.name_key, party)

    def _same_source(self, name: str, key: str) -> Party | None:
        """The one customer an earlier list brought under this very name, without a code."""
        found = [
            party
            for party in self.known.by_name.get(key, ())
            if party.name == name
            and not party.code
            and party.batch_id
            and party.id in self.known.customers
        ]
        return found[0] if len(found) == 1 else None

    def _new_party(self, code: str, name: str, key: str) -> Party:
        party = self.pen.add(
            Party(
                code=code,
                name=name[:240],
                name_key=key[:240],
                country=self.creditor.country,
                language="ar" if self.creditor.country in ("EG", "SA", "AE") else "en",
                numbered_by=self.creditor if code else None,
                batch=self.batch,
            )
        )
        if code:
            self.known.parties[code] = party
        self.named(party)
        if found := self.propose(party, f"party:{party.id}"):
            known = [other.code or other.name for other in found]
            self.notes.append(note_of("import.same_name", {"name": party.name, "known": known}))
        return party

    def propose(self, party: Party, key: str) -> list[Party]:
        """Notes parties of the same name in the book, for a person to look at; these parties."""
        found = self.known.by_name.get(party.name_key, []) if " " in party.name_key else []
        for other in found:
            self.candidates.append(
                {"kind": "party", "first": key, "second": f"party:{other.id}", "score": 65,
                 "reasons": ["name"]}
            )  # fmt: skip
        return found

    def account_of(
        self, party: Party, currency: str, product: str, project: Project | None = None
    ) -> Account:
        """The party's account in that currency and product, opened if it is not there."""
        key = (party.id, currency, product)
        account = self.known.accounts.get(key)
        if account is None:
            account = self.pen.add(
                Account(
                    party=party,
                    creditor=self.creditor,
                    currency=currency,
                    product=product,
                    project=project,
                    batch=self.batch,
                )
            )
            self._fresh.add(account.id)
            account.number = f"{self.creditor.code}-{account.id:06d}"
            self.known.accounts[key] = account
        self.touches(account)
        return account

    def touches(self, account: Account) -> None:
        """Notes that something of the account changes; an older one is replayed."""
        self.touched.add(account.id)
        if account.batch_id != self.batch.id:
            self.replayed.add(account.id)

    def flush(self) -> None:
        """Everything opened so far is in the database; account numbers are nobody else's."""
        if self._fresh:
            accounts = self.known.accounts.values()
            fresh = {row.number: row for row in accounts if row.id in self._fresh}
            for part in parts(fresh):
                for row in Account.objects.filter(number__in=part):
                    fresh[row.number].number += f"-{self.batch.id}"
        self._fresh.clear()
        self.pen.flush()

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

    def asset_of(self, project: Project, code: str, label: str, kind: str) -> Asset:
        """The unit, vehicle or site of that code in the project."""
        key = (project.id, plain_key(code)[:60])
        if key not in self.known.assets:
            self.known.assets[key] = self.pen.add(
                Asset(
                    project=project, code_key=key[1], code=code[:60], label=label[:160],
                    kind=kind, batch=self.batch,
                )
            )  # fmt: skip
        return self.known.assets[key]

    def project_of(self, name: str | None) -> Project:
        """The project of that name, opened if not there; the creditor's own without a name."""
        key = plain_key(name or self.creditor.name)
        if key not in self.known.projects:
            project = Project.objects.create(
                creditor=self.creditor,
                code=self._project_code(),
                name=(name or self.creditor.name)[:160],
                country=self.creditor.country,
            )
            self.made_projects.append(project.id)
            self.known.projects[key] = project
        return self.known.projects[key]

    def _project_code(self) -> str:
        number = Project.objects.filter(creditor=self.creditor).count() + 1
        while Project.objects.filter(code=(code := f"{self.creditor.code[:14]}-{number}")).exists():
            number += 1
        return code

    def schedule_of(self, contract: Contract) -> ScheduleVersion:
        """The first version of a contract's schedule, as this batch found it."""
        if contract.id not in self.known.schedules:
            self.known.schedules[contract.id] = self.pen.add(
                ScheduleVersion(
                    contract=contract,
                    version=1,
                    effective_on=contract.signed_on or self.as_of,
                    recorded_at=self.now,
                    reason=self.batch.file_name[:200],
                    batch=self.batch,
                )
            )
        return self.known.schedules[contract.id]


def as_day(text: str | None) -> date | None:
    """The date an ISO text names."""
    return date.fromisoformat(text) if text else None


def hold(row: Row, code: str, /, **facts: Any) -> None:
    """Keeps a row out of the book and says why; it stands in the reject workbook."""
    row.status = "held"
    row.target = ""
    row.added.append(note_of(code, facts))


def remark(row: Row, code: str, /, **facts: Any) -> None:
    """Says something about a row that is taken."""
    row.added.append(note_of(code, facts))


def note_of(code: str, facts: dict[str, Any]) -> list[Any]:
    """A remark as it is kept: code, sentence, facts, and no cell."""
    return [code, template(code), facts, ""]


def is_too_long(row: Row, *texts: tuple[str | None, int]) -> bool:
    """Whether a code is longer than what is kept of it: it would not be found again. Held then."""
    for text, most in texts:
        if text and len(text) > most:
            hold(row, "import.too_long", text=f"{text[:60]}…", most=most)
            return True
    return False


def is_waiting(row: Row, *answered: str) -> bool:
    """Whether the row needs an answer first, other than those given here; it is held then."""
    needs = [need for need in row.values.get("needs") or () if need not in answered]
    if not needs:
        return False
    said = row.values
    text = said.get("status_text") or said.get("text") or ""
    hold(row, f"import.need_{needs[0]}", number=said.get("number") or "", text=text)
    return True


def _digits(unit: str) -> str:
    return "".join(letter for letter in plain_key(unit) if letter.isdigit())


def _narrowed(found: list[Contract], values: dict[str, Any]) -> list[Contract]:
    """Of several contracts on one unit, those of the party the row names; those that still run."""
    if len(found) < 2:
        return found
    code, key = values.get("party_code"), values.get("party_key") or ""
    mine = [row for row in found if code and row.account.party.code == code]
    mine = mine or [row for row in found if key and row.account.party.name_key == key]
    if not mine and key:
        wanted = skeleton(values.get("party_name") or "")
        mine = [row for row in found if skeleton(row.account.party.name) == wanted]
    mine = mine or found
    current = [row for row in mine if row.status not in ENDED]
    return current or mine
