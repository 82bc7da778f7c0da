"""What a contract stands on when it is signed: its account, its debtor, its asset."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, NamedTuple

from tahsil.actions import _given
from tahsil.actions._verb import account_of
from tahsil.core.grammar.names import fold, name_key
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    Account,
    Asset,
    Contract,
    ContractParty,
    Creditor,
    Party,
    Project,
)


class Place(NamedTuple):
    """Where an account belongs: to whom it is owed, in what, for which product and project."""

    creditor_id: int | None
    currency: str
    product: str
    project_id: int | None
    collector_id: int | None


def account_for(
    account_id: int | None, *, party: dict[str, Any] | None, party_id: int | None, place: Place
) -> Account:
    """The account named; else the party's own with that creditor, currency and product."""
    if account_id is not None:
        return account_of(account_id)
    creditor = Creditor.objects.filter(id=place.creditor_id or 0).first()
    if creditor is None:
        raise Refused(
            "creditor.unknown", "There is no creditor {creditor_id}.", creditor_id=place.creditor_id
        )
    if place.project_id and not Project.objects.filter(id=place.project_id, creditor=creditor):
        raise Refused(
            "project.unknown",
            "{creditor} has no project {project_id}.",
            creditor=creditor.name,
            project_id=place.project_id,
        )
    debtor = _party(party, party_id, creditor)
    account, is_new = Account.objects.get_or_create(
        party=debtor,
        creditor=creditor,
        currency=place.currency or creditor.currency,
        product=place.product,
        defaults={
            "number": uuid.uuid4().hex,
            "project_id": place.project_id,
            "collector_id": place.collector_id,
        },
    )
    if is_new:
        account.number = f"{creditor.code}-{account.id:06d}"
        account.save(update_fields=["number"])
    return account


def asset_for(asset: dict[str, Any] | None, project_id: int | None) -> Asset | None:
    """The unit, vehicle or site of that code in the project, made where it is new."""
    if not asset:
        return None
    if project_id is None:
        raise Refused("asset.no_project", "An asset stands in a project; none was named.")
    code = _given.need_text(asset.get("code", ""), "asset code", most=60)
    found, _ = Asset.objects.get_or_create(
        project_id=project_id,
        code_key=fold(code).replace(" ", ""),
        defaults={
            "code": code,
            "label": asset.get("label", ""),
            "kind": asset.get("kind", "unit"),
        },
    )
    return found


def part(contract: Contract, party_id: int, *, since_on: date) -> None:
    """The party is the contract's debtor from that day."""
    ContractParty.objects.create(contract=contract, party_id=party_id, since_on=since_on)


def _party(given: dict[str, Any] | None, party_id: int | None, creditor: Creditor) -> Party:
    if party_id is not None:
        found = Party.objects.filter(id=party_id).first()
        if found is None:
            raise Refused("party.none", "There is no party {party_id}.", party_id=party_id)
        return found
    if not given:
        raise Refused("given.missing", "{name} is missing.", name="party")
    name = _given.need_text(given.get("name", ""), "name", most=240)
    code = given.get("code", "").strip()
    if code and Party.objects.filter(code=code, numbered_by=creditor).exists():
        raise Refused("party.known", "Party {party} is known already. Name it by id.", party=code)
    known = ("kind", "language", "country", "national_id", "note")
    more = {key: given[key] for key in known if given.get(key)}
    numbered_by = creditor if code else None
    return Party.objects.create(
        name=name, name_key=name_key(name)[:240], code=code, numbered_by=numbered_by, **more
    )
