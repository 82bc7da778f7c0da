"""Parties: how to reach them and what they are called. Nothing that was known is lost.

Two parties that may be one person are merged by a person, not here by likeness.
"""

from __future__ import annotations

import phonenumbers
from django.db.models import Q

from tahsil.actions import _given, contact
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.core.grammar.names import name_key
from tahsil.core.grammar.refusal import Refused
from tahsil.store import search
from tahsil.store.models import Account, ContactPoint, Party, PartyName

CHANNELS = ("phone", "email", "address")


@verb("party.add_contact")
def add_contact(
    ctx: Context, *, account_id: int, party_id: int, channel: str, value: str, source: str = ""
) -> Act:
    """A new way to reach a party is known."""
    contact.check_party(account_of(account_id), party_id)
    party = Party.objects.get(id=party_id)
    raw = _given.need_text(value, channel, most=240)
    clean = _clean(channel, raw, party.country)
    known = ContactPoint.objects.filter(party=party, channel=channel, value=clean).first()
    if known is not None and not known.is_wrong:
        raise Refused(
            "contact.known", "{value} is known for {party}.", value=clean, party=party.name
        )
    if known is not None:
        ContactPoint.objects.filter(id=known.id).update(is_wrong=False)
    point = known or ContactPoint.objects.create(
        party=party, channel=channel, value=clean, raw=raw, source=source.strip()[:80]
    )
    _index(party.id)
    facts = {"channel": channel, "value": clean, "party": party.name, "party_id": party.id}
    return Act(f"contact_point:{point.id}", account_id, facts)


@verb("party.mark_wrong")
def mark_wrong(
    ctx: Context, *, account_id: int, contact_point_id: int, is_wrong: bool = True
) -> Act:
    """A contact point turned out to be wrong, or right after all."""
    account = account_of(account_id)
    point = ContactPoint.objects.filter(
        id=contact_point_id, party_id__in=contact.party_ids(account)
    ).first()
    if point is None:
        raise Refused(
            "contact.unknown", "Contact point {id} is of nobody on this account.",
            id=contact_point_id,
        )  # fmt: skip
    ContactPoint.objects.filter(id=point.id).update(is_wrong=is_wrong)
    _index(point.party_id)
    facts = {"channel": point.channel, "value": point.value, "is_wrong": is_wrong}
    return Act(f"contact_point:{point.id}", account_id, facts)


@verb("party.change")
def correct_name(ctx: Context, *, account_id: int, party_id: int, name: str) -> Act:
    """A party's name was corrected; the old one is kept as another spelling."""
    contact.check_party(account_of(account_id), party_id)
    party = Party.objects.get(id=party_id)
    name = _given.need_text(name, "name", most=240)
    if name == party.name:
        raise Refused("party.same_name", "The party is called {name} already.", name=name)
    PartyName.objects.get_or_create(party=party, name=party.name, name_key=party.name_key)
    Party.objects.filter(id=party.id).update(name=name, name_key=name_key(name)[:240])
    _index(party.id)
    facts = {"before": party.name, "name": name, "party_id": party.id}
    return Act(f"party:{party.id}", account_id, facts)


@verb("identity.reveal")
def reveal(ctx: Context, *, account_id: int, party_id: int) -> Act:
    """A party's whole identity number was shown to somebody; the event does not repeat it."""
    contact.check_party(account_of(account_id), party_id)
    party = Party.objects.get(id=party_id)
    if not party.national_id:
        raise Refused(
            "party.no_identity", "No identity number of {party} is known.", party=party.name
        )
    return Act(f"party:{party.id}", account_id, {"party": party.name, "party_id": party.id})


def _index(party_id: int) -> None:
    """Every account the party has a part in is found by what is known of it now."""
    own = Q(party_id=party_id) | Q(contracts__parties__party_id=party_id)
    search.index(Account.objects.filter(own).values_list("id", flat=True).distinct())


def _clean(channel: str, raw: str, country: str) -> str:
    if channel == "phone":
        return _phone(raw, country)
    if channel == "email":
        name, at, host = raw.partition("@")
        if not (name and at and "." in host) or " " in raw:
            raise Refused("contact.email", "{value} is not an e-mail address.", value=raw)
        return f"{name}@{host.lower()}"
    if channel != "address":
        raise Refused(
            "contact.channel",
            "{channel} is not a kind of contact point. Known: {known}.",
            channel=channel or "-",
            known=list(CHANNELS),
        )
    return raw


def _phone(raw: str, country: str) -> str:
    """The number as +201001234567; what could not be a number of any country is refused."""
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refused(
            "contact.phone",
            "{value} is not a telephone number in {country}. Begin with + and the country's code.",
            value=raw,
            country=country,
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
