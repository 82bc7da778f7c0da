"""Parties of an import. The same code is the same party; the same name never is by itself."""

from __future__ import annotations

from typing import Any

from tahsil.actions.importing.desk import Desk, is_too_long, remark
from tahsil.actions.importing.known import parts
from tahsil.store import rows as rows_of
from tahsil.store.models import ContactPoint, Party, PartyName
from tahsil.store.staging import Row


def write(desk: Desk, rows: list[Row]) -> None:
    """New parties with their contact points; a known one gains what is new and loses nothing."""
    older = _older(desk, rows)
    points: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for row in desk.each(rows):
        values = row.values
        if is_too_long(row, (values["code"], 40), (values["national_id"], 40)):
            continue
        party = older.get(row.key) or desk.known.parties.get(values["code"] or "")
        party = party or desk.known.foreign.get((values["code"] or "", values["name_key"]))
        if party is None:
            party = _open(desk, row)
        else:
            names += _another_name(desk, row, party)
            desk.touched |= desk.known.customers.get(party.id, set())
        row.target = f"party:{party.id}"
        points += _points(desk, row, party)
    desk.flush()
    _write_names(names)
    _write_points(points)


def _older(desk: Desk, rows: list[Row]) -> dict[str, Party]:
    """By the key of a row the party an earlier file brought under it, where it has no code."""
    ids: dict[str, int] = {}
    for row in rows:
        before = desk.earlier.get((row.kind, row.key))
        if before and not row.values["code"]:
            ids[row.key] = int(before.target.partition(":")[2])
    found: dict[int, Party] = {}
    for part in parts(ids.values()):
        found |= Party.objects.in_bulk(part)
    return {key: found[each] for key, each in ids.items() if each in found}


def _open(desk: Desk, row: Row) -> Party:
    values = row.values
    is_company = values.get("id_kind") == "registration"
    party = desk.pen.add(
        Party(
            code=values["code"] or "",
            numbered_by=desk.creditor if values["code"] else None,
            kind="estate" if values["is_estate"] else "company" if is_company else "person",
            name=values["name"][:240],
            name_key=values["name_key"][:240],
            language="ar" if values["script"] == "arabic" else "en",
            country=desk.creditor.country,
            national_id=values["national_id"] or "",
            note=values["notes"] or "",
            batch=desk.batch,
        )
    )
    if party.code:
        desk.known.parties[party.code] = party
    if found := desk.propose(party, row.key):
        known = [other.code or other.name for other in found]
        remark(row, "import.same_name", name=party.name, known=known)
    desk.named(party)
    return party


def _another_name(desk: Desk, row: Row, party: Party) -> list[dict[str, Any]]:
    """A known party under another spelling keeps its name and gains this one."""
    key = row.values["name_key"][:240]
    if key == party.name_key:
        return []
    name = row.values["name"][:240]
    return [{"party_id": party.id, "name_key": key, "name": name, "batch_id": desk.batch.id}]


def _points(desk: Desk, row: Row, party: Party) -> list[dict[str, Any]]:
    values = row.values
    found = [("phone", phone["e164"] or phone["raw"], phone["raw"]) for phone in values["phones"]]
    found += [("email", values["email"], "")] if values["email"] else []
    found += [("address", values["address"], "")] if values["address"] else []
    return [
        {
            "party_id": party.id,
            "channel": channel,
            "value": str(value)[:240],
            "raw": str(raw)[:240],
            "source": desk.batch.file_name[:80],
            "batch_id": desk.batch.id,
        }
        for channel, value, raw in dict.fromkeys(found)
        if value
    ]


def _write_names(said: list[dict[str, Any]]) -> None:
    wanted = {(one["party_id"], one["name_key"]): one for one in said}
    for part in parts(key for key, _ in wanted):
        for found in PartyName.objects.filter(party_id__in=part).values_list(
            "party_id", "name_key"
        ):
            wanted.pop(found, None)
    rows_of.write(PartyName, list(wanted.values()))


def _write_points(said: list[dict[str, Any]]) -> None:
    wanted: dict[tuple[int, str, str], dict[str, Any]] = {}
    for one in said:
        wanted.setdefault((one["party_id"], one["channel"], one["value"]), one)
    for part in parts(key for key, _, _ in wanted):
        known = ContactPoint.objects.filter(party_id__in=part)
        for found in known.values_list("party_id", "channel", "value"):
            wanted.pop(found, None)
    rows_of.write(ContactPoint, list(wanted.values()))
