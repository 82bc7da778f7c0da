"""The parties of an account: their parts in its contracts, their names, how to reach them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from tahsil.core.grammar.names import script
from tahsil.queries import masks
from tahsil.queries.cards import PartyCard, PointCard
from tahsil.queries.ledger import Row
from tahsil.queries.lines import ContractPartyRow
from tahsil.store.models import ContactPoint, ContractParty, Party, PartyName
from tahsil.store.prepared import Prepared

SHARED = 3  # so many parties on one telephone are worth a warning


@dataclass(frozen=True)
class ContractPart:
    """A party's part in one contract on the date."""

    contract_id: int
    party_id: int
    name: str
    role: str
    share_ppm: int

    def row(self) -> ContractPartyRow:
        """The part as a line of its contract."""
        return ContractPartyRow(self.party_id, self.name, self.role, self.share_ppm)


def parts_of(account_id: int, *, as_of: date) -> list[ContractPart]:
    """Who has which part in the account's contracts on the date."""
    rows = _parts.rows(account_id=account_id, as_of=as_of)
    return [ContractPart(**row) for row in rows]


@Prepared
def _parts(account_id: int, as_of: date) -> QuerySet:
    return (
        ContractParty.objects.filter(contract__account_id=account_id)
        .filter(Q(since_on__isnull=True) | Q(since_on__lte=as_of))
        .filter(Q(until_on__isnull=True) | Q(until_on__gt=as_of))
        .order_by("contract_id", "-share_ppm", "id")
        .values("contract_id", "party_id", "role", "share_ppm", name=F("party__name"))
    )


def cards(
    debtor_id: int,
    parts: list[ContractPart],
    *,
    may_call: bool,
    may_reveal: bool,
    revealed_id: int | None = None,
) -> tuple[PartyCard, ...]:
    """The debtor first, then everybody with a part in a contract; values masked as told.

    An identity number is masked but for the party `revealed_id`.
    """
    ids = list(dict.fromkeys([debtor_id, *(part.party_id for part in parts)]))
    known = {row["id"]: row for row in _parties.rows(ids=ids)}
    names = _names(ids)
    points = _points(ids, may_call=may_call, may_reveal=may_reveal)
    return tuple(
        _card(known[each], debtor_id, parts, names[each], points[each], each == revealed_id)
        for each in ids
    )


def _card(
    party: Row,
    debtor_id: int,
    parts: list[ContractPart],
    names: list[str],
    points: list[PointCard],
    is_revealed: bool,
) -> PartyCard:
    mine = [part for part in parts if part.party_id == party["id"]]
    shares = {part.share_ppm for part in mine}
    roles = [part.role for part in mine] + (["debtor"] if party["id"] == debtor_id else [])
    national_id = masks.identity(party.pop("national_id"), is_open=is_revealed)
    return PartyCard(
        **party,
        other_names=tuple(names),
        national_id=national_id,
        roles=tuple(dict.fromkeys(roles)),
        share_ppm=shares.pop() if len(shares) == 1 else None,
        is_debtor=party["id"] == debtor_id,
        points=tuple(points),
    )


@Prepared
def _parties(ids: list[int]) -> QuerySet:
    return Party.objects.filter(id__in=ids).values(
        "id", "code", "name", "kind", "language", "country", "national_id", "note"
    )


def _names(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in _spellings.rows(ids=ids):
        found[row["party_id"]].append(row["name"])
    return found


def _points(ids: list[int], *, may_call: bool, may_reveal: bool) -> dict[int, list[PointCard]]:
    shared: dict[str, int] = defaultdict(int)
    shared.update({row["value"]: row["shared_by"] for row in _shared.rows(ids=ids)})
    found: dict[int, list[PointCard]] = defaultdict(list)
    for row in _reached.rows(ids=ids):
        channel, value = row["channel"], row["value"]
        is_open = may_call if channel == "phone" else may_call or may_reveal
        count = shared[value] if channel == "phone" else 1
        found[row["party_id"]].append(
            PointCard(
                id=row["id"],
                channel=channel,
                value=masks.point(channel, value, is_open=is_open),
                is_open=is_open,
                is_wrong=row["is_wrong"],
                is_shared=count >= SHARED,
                shared_by=count,
                source=row["source"],
                dial=value if is_open and channel != "address" else "",
            )
        )
    return found


@Prepared
def _reached(ids: list[int]) -> QuerySet:
    return ContactPoint.objects.filter(party_id__in=ids).order_by("is_wrong", "id").values(
        "id", "party_id", "channel", "value", "is_wrong", "source"
    )  # fmt: skip


@Prepared
def _shared(ids: list[int]) -> QuerySet:
    """Per telephone number of theirs how many parties have it."""
    theirs = ContactPoint.objects.filter(party_id__in=ids, channel="phone").values("value")
    same = ContactPoint.objects.filter(channel="phone", value__in=theirs).order_by()
    return same.values("value").annotate(shared_by=Count("party"))


def identity_number(party_id: int) -> str:
    """The party's whole identity number, for whom identity.reveal let have it."""
    return Party.objects.values_list("national_id", flat=True).get(id=party_id)


def other_name(party_id: int) -> str:
    """One other spelling of the party's name, in another script if there is one."""
    return other_names([party_id]).get(party_id, "")


def other_names(ids: Iterable[int]) -> dict[int, str]:
    """Per party a spelling of its name in another script than the first, where one is kept."""
    found: dict[int, str] = {}
    for row in _spellings.rows(ids=list(ids)):
        if script(row["name"]) != script(row["own"]):
            found.setdefault(row["party_id"], row["name"])
    return found


@Prepared
def _spellings(ids: list[int]) -> QuerySet:
    rows = PartyName.objects.filter(party_id__in=ids).order_by("id")
    return rows.values("party_id", "name", own=F("party__name"))
