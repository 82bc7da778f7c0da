"""Parties of an import. The same code is the same party; the same name never is by itself."""

from __future__ import annotations

from tahsil.actions.importing.desk import Desk, taken
from tahsil.store import rows as rows_of
from tahsil.store.models import ContactPoint, ImportRow, Party, PartyName


def write(desk: Desk, rows: list[ImportRow]) -> None:
    """New parties with their contact points; a changed one gains what is new and loses nothing."""
    known = [row for row in rows if row.values["code"] in desk.parties]
    fresh = [
        row for row in rows if row.values["code"] not in desk.parties or not row.values["code"]
    ]
    made = rows_of.insert([_party(desk, row) for row in fresh])
    for row, party in zip(fresh, made, strict=True):
        taken(row, f"party:{party.id}")
        if party.code:
            desk.parties[party.code] = party
        desk.named.setdefault(party.name_key, party)
    points = [
        point for row, party in zip(fresh, made, strict=True) for point in _points(desk, row, party)
    ]
    for row in known:
        party = desk.parties[row.values["code"]]
        taken(row, f"party:{party.id}")
        points += _points(desk, row, party)
        _another_name(desk, row, party)
    ContactPoint.objects.bulk_create(points, batch_size=2_000, ignore_conflicts=True)


def _party(desk: Desk, row: ImportRow) -> Party:
    values = row.values
    is_company = values.get("id_kind") == "registration"
    return Party(
        code=values["code"] or "",
        kind="estate" if values["is_estate"] else "company" if is_company else "person",
        name=values["name"][:240],
        name_key=values["name_key"][:240],
        language="ar" if values["script"] == "arabic" else "en",
        country=desk.creditor.country,
        national_id=values["national_id"] or "",
        note=values["notes"] or "",
        batch=desk.batch,
    )


def _points(desk: Desk, row: ImportRow, party: Party) -> list[ContactPoint]:
    values = row.values
    found = [("phone", phone["e164"] or phone["raw"], phone["raw"]) for phone in values["phones"]]
    found += [("email", values["email"], "")] if values["email"] else []
    found += [("address", values["address"], "")] if values["address"] else []
    return [
        ContactPoint(
            party=party,
            channel=channel,
            value=str(value)[:240],
            raw=str(raw)[:240],
            source=desk.batch.file_name[:80],
            batch=desk.batch,
        )
        for channel, value, raw in dict.fromkeys(found)
        if value
    ]


def _another_name(desk: Desk, row: ImportRow, party: Party) -> None:
    """A known party under another spelling keeps its name and gains this one."""
    if row.values["name_key"] != party.name_key:
        PartyName.objects.get_or_create(
            party=party,
            name_key=row.values["name_key"][:240],
            defaults={"name": row.values["name"][:240], "batch": desk.batch},
        )
