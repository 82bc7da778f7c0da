"""Contracts of an import: sales with their owners and shares, rents, services, car loans."""

from __future__ import annotations

from typing import Any

from tahsil.actions.importing import terms
from tahsil.actions.importing.desk import Desk, as_day, hold, is_too_long, is_waiting
from tahsil.core.grammar.money import PPM
from tahsil.store.models import Contract, ContractParty, Party
from tahsil.store.staging import Row

PRODUCTS = {"rent": "rent", "service": "service", "vehicle": "car", "sale": "developer"}
STATUSES = {
    "active": "active", "assigned": "transferred", "transferred": "transferred",
    "cancelled": "cancelled", "terminated": "terminated", "completed": "closed",
    "closed": "closed", "handed_over": "handed_over", "reserved": "reserved", "legal": "legal",
}  # fmt: skip
TERMS = ("plan_text", "area", "building", "maintenance_minor", "discount_minor")
Owners = list[tuple[Party, int | None]]


def write(desk: Desk, rows: list[Row]) -> None:
    """Every contract that is not in the book yet, with its account, asset, parties and schedule."""
    for row in desk.each(rows):
        if "owners" in row.values:
            _sale(desk, row)
        else:
            _other(desk, row)


def open_for(desk: Desk, row: Row, *, product: str = "developer") -> Contract | None:
    """The contract a schedule line belongs to, opened from what the line says; None: held."""
    values = row.values
    if is_too_long(row, (values.get("contract"), 60), (values.get("unit"), 60)):
        return None
    owner = party(desk, row, values)
    if owner is None:
        return None
    number = values.get("contract") or values.get("unit") or values.get("asset") or f"P{owner.id}"
    said = {
        "number": number,
        "unit": values.get("unit") or values.get("asset"),
        "currency": values["currency"],
        "product": product,
    }
    return _open(desk, [(owner, PPM)], said)


def _sale(desk: Desk, row: Row) -> None:
    values = row.values
    if is_waiting(row) or not _is_new(desk, row, values["number"], values["unit"]):
        return
    owners: Owners = []
    for said in values["owners"]:
        if said["party_code"] or said["party_name"]:
            owner = party(desk, row, said)
            if owner is None:
                return
            owners.append((owner, said["share_ppm"]))
    if not owners:
        hold(row, "import.no_owner", number=values["number"])
        return
    facts = {
        "number": values["number"],
        "unit": values["unit"],
        "unit_text": values["unit_text"],
        "project": values["project"],
        "currency": values["currency"],
        "product": "developer",
        "signed_on": as_day(values["signed_on"]),
        "price": max(values["price_minor"] or 0, 0),
        "status": values["status"],
        "terms": {key: values[key] for key in TERMS},
    }
    contract = _open(desk, owners, facts)
    desk.opened[row.key] = contract
    row.target = f"contract:{contract.id}"


def _other(desk: Desk, row: Row) -> None:
    values = row.values
    number = values["number"] or values["asset"]
    if not number:
        hold(row, "import.no_number")
        return
    # That a mixed list has no schedule is answered by its balance.
    if is_waiting(row, "schedule") or not _is_new(desk, row, number, values["asset"]):
        return
    owner = party(desk, row, values)
    if owner is None:
        return
    said = {
        "number": number,
        "unit": values["asset"],
        "currency": values["currency"],
        "product": PRODUCTS.get(values["type"], "other"),
        "signed_on": as_day(values["start_on"]),
        "ends_on": as_day(values["end_on"]),
        "terms": {key: values[key] for key in ("reference", "series", "notes", "amount_minor")},
    }
    contract = _open(desk, [(owner, PPM)], said)
    desk.opened[row.key] = contract
    row.target = f"contract:{contract.id}"
    terms.raise_series(desk, row, contract)


def _is_new(desk: Desk, row: Row, number: str, unit: str | None) -> bool:
    """Whether the contract can be opened; a row about a known one is held."""
    if is_too_long(row, (number, 60), (unit, 60)):
        return False
    if desk.numbered(number) is not None:
        hold(row, "import.contract_known", number=number)
        return False
    return True


def party(desk: Desk, row: Row, values: dict[str, Any]) -> Party | None:
    """The party these values name; the row is held where they name none."""
    if is_too_long(row, (values.get("party_code"), 40)):
        return None
    if not values.get("party_code") and not values.get("party_name"):
        hold(row, "import.need_party")
        return None
    return desk.party_of(values)


def _open(desk: Desk, owners: Owners, said: dict[str, Any]) -> Contract:
    project = desk.project_of(said.get("project"))
    product, unit = said["product"], said.get("unit")
    account = desk.account_of(owners[0][0], said["currency"], product, project)
    kind = {"car": "vehicle", "service": "site"}.get(product, "unit")
    asset = desk.asset_of(project, unit, said.get("unit_text") or "", kind) if unit else None
    contract = desk.pen.add(
        Contract(
            account=account,
            number=said["number"],
            project=project,
            asset=asset,
            product=product,
            signed_on=said.get("signed_on"),
            ends_on=said.get("ends_on"),
            price_minor=said.get("price") or 0,
            status=STATUSES.get(said.get("status") or "", "active"),
            terms=said.get("terms") or {},
            batch=desk.batch,
        )
    )
    _shares(desk, contract, owners)
    desk.knows(contract)
    return contract


def _shares(desk: Desk, contract: Contract, owners: Owners) -> None:
    """Owners with their shares as said; a share nobody said is nothing, unless one owns all."""
    shares: dict[Party, int] = {}
    for party, share in owners:
        whole = PPM if len(owners) == 1 and share is None else share or 0
        shares[party] = shares.get(party, 0) + whole
    for at, (party, share) in enumerate(shares.items()):
        desk.pen.add(
            ContractParty(
                contract=contract,
                party=party,
                role="debtor" if at == 0 else "co_buyer",
                share_ppm=share,
                since_on=contract.signed_on,
                batch=desk.batch,
            )
        )
