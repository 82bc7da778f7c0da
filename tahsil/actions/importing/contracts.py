"""Contracts of an import: sales with their owners and shares, rents, services, car loans."""

from __future__ import annotations

from typing import Any

from tahsil.actions.importing import terms
from tahsil.actions.importing.desk import Desk, as_day, hold, plain_key, taken
from tahsil.store.models import Contract, ContractParty, ImportRow, Party, ScheduleVersion

PRODUCTS = {"rent": "rent", "service": "service", "vehicle": "car", "sale": "developer"}
STATUSES = {"active", "cancelled", "transferred", "closed", "terminated", "handed_over"}


def write(desk: Desk, rows: list[ImportRow]) -> None:
    """Every contract that is not in the book yet, with its account, asset, parties and schedule."""
    for row in rows:
        if "owners" in row.values:
            _sale(desk, row)
        else:
            _other(desk, row)


def open_for(desk: Desk, values: dict[str, Any], *, product: str = "developer") -> Contract:
    """The contract a schedule or receipt belongs to, opened from what its row says."""
    party = desk.party_of(values)
    number = values.get("contract") or values.get("unit") or values.get("asset") or f"P{party.id}"
    return _open(
        desk,
        party,
        {
            "number": number,
            "unit": values.get("unit") or values.get("asset"),
            "currency": values["currency"],
            "product": product,
        },
    )


def schedule_of(desk: Desk, contract: Contract) -> ScheduleVersion:
    """The first version of a contract's schedule, as this batch found it."""
    if contract.id not in desk.schedules:
        desk.schedules[contract.id], _ = ScheduleVersion.objects.get_or_create(
            contract=contract,
            version=1,
            defaults={
                "effective_on": contract.signed_on or desk.as_of,
                "recorded_at": desk.now,
                "reason": desk.batch.file_name[:200],
                "batch": desk.batch,
            },
        )
    return desk.schedules[contract.id]


def _sale(desk: Desk, row: ImportRow) -> None:
    values = row.values
    if _is_there(desk, values["number"]):
        hold(row, "import.contract_known", "Contract {number} is in the book and says something "
             "else there. Amend it in the book.", number=values["number"])  # fmt: skip
        return
    parties = [_owner(desk, owner) for owner in values["owners"]]
    if not parties or parties[0] is None:
        hold(
            row, "import.no_owner", "Contract {number} names no customer.", number=values["number"]
        )
        return
    contract = _open(
        desk,
        parties[0],
        {
            "number": values["number"],
            "unit": values["unit"],
            "unit_text": values["unit_text"],
            "project": values["project"],
            "currency": values["currency"],
            "product": "developer",
            "signed_on": as_day(values["signed_on"]),
            "price": max(values["price_minor"] or 0, 0),
            "status": values["status"],
            "terms": {
                key: values[key]
                for key in ("plan_text", "area", "building", "maintenance_minor", "discount_minor")
            },
        },
    )
    _shares(desk, contract, parties, values["owners"])
    desk.opened[row.key] = contract.id
    taken(row, f"contract:{contract.id}")


def _other(desk: Desk, row: ImportRow) -> None:
    values = row.values
    number = values["number"] or values["asset"]
    if not number:
        hold(row, "import.no_number", "This contract has neither a number nor a unit.")
        return
    if _is_there(desk, number):
        hold(row, "import.contract_known", "Contract {number} is in the book and says something "
             "else there. Amend it in the book.", number=number)  # fmt: skip
        return
    contract = _open(
        desk,
        desk.party_of(values),
        {
            "number": number,
            "unit": values["asset"],
            "currency": values["currency"],
            "product": PRODUCTS.get(values["type"], "other"),
            "signed_on": as_day(values["start_on"]),
            "ends_on": as_day(values["end_on"]),
            "terms": {key: values[key] for key in ("reference", "series", "notes", "amount_minor")},
        },
    )
    desk.opened[row.key] = contract.id
    taken(row, f"contract:{contract.id}")
    terms.raise_series(desk, contract, values, schedule_of(desk, contract))


def _open(desk: Desk, party: Party, said: dict[str, Any]) -> Contract:
    project = desk.project_of(said.get("project"))
    product = said["product"]
    account = desk.account_of(party, said["currency"], product, project)
    unit = said.get("unit")
    kind = {"car": "vehicle", "service": "site"}.get(product, "unit")
    asset = desk.asset_of(project, unit, said.get("unit_text") or "", kind) if unit else None
    status = said.get("status") if said.get("status") in STATUSES else "active"
    contract = Contract.objects.create(
        account=account,
        number=str(said["number"])[:60],
        project=project,
        asset=asset,
        product=product,
        signed_on=said.get("signed_on"),
        ends_on=said.get("ends_on"),
        price_minor=said.get("price") or 0,
        status=status or "active",
        terms=said.get("terms") or {},
        batch=desk.batch,
    )
    ContractParty.objects.create(contract=contract, party=party, batch=desk.batch)
    desk.knows(contract)
    return contract


def _is_there(desk: Desk, number: str) -> bool:
    wanted = plain_key(number)
    return any(plain_key(row.number) == wanted for row in desk.contracts.get(wanted, []))


def _owner(desk: Desk, owner: dict[str, Any]) -> Party | None:
    if not owner["party_code"] and not owner["party_name"]:
        return None
    return desk.party_of(owner)


def _shares(desk: Desk, contract: Contract, parties: list, owners: list[dict[str, Any]]) -> None:
    """Shares as said; the first owner's row was written with the contract."""
    for index, (party, owner) in enumerate(zip(parties, owners, strict=True)):
        share = owner["share_ppm"]
        if party is None or share is None:
            continue
        ContractParty.objects.update_or_create(
            contract=contract,
            party=party,
            role="debtor" if index == 0 else "co_buyer",
            defaults={"share_ppm": share, "since_on": contract.signed_on, "batch": desk.batch},
        )
