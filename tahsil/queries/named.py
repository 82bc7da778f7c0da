"""What people type: an account by its number or id, a person by the name they sign in with."""

from __future__ import annotations

from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Account, Person

SHOWN = 20


def account_id(text: str) -> int:
    """The id of the account of that number, or of that id; refused where there is neither."""
    found = Account.objects.filter(number__iexact=text.strip()).values_list("id", flat=True).first()
    if found is None and text.isascii() and text.isdigit():
        found = Account.objects.filter(id=int(text)).values_list("id", flat=True).first()
    if found is None:
        raise Refused(
            "account.unnamed",
            "There is no account with the number or id {text}. "
            "Numbers are on the worklist and the ageing report.",
            text=text,
        )
    return int(found)


def person_id(username: str) -> int:
    """The person who signs in under that name; refused with the names there are."""
    people = Person.objects.order_by("username")
    found = people.filter(username__iexact=username).values_list("id", flat=True).first()
    if found is None:
        raise Refused(
            "person.unknown",
            "Nobody signs in as {username}. Known: {known}.",
            username=username,
            known=list(people.values_list("username", flat=True)[:SHOWN]) or ["nobody"],
        )
    return int(found)
