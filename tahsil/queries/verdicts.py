"""May this person do this: the verdict of their roles on the date, asked on somebody's behalf."""

from __future__ import annotations

from datetime import date

from tahsil.core.grammar.authority import Verdict, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import standing_of
from tahsil.store import scope
from tahsil.store.models import Account, Person


def verdict(person_id: int, verb: str, *, as_of: date, account_number: str = "") -> Verdict:
    """Whether their roles let them, on that account or on any; limits may still ask for a yes."""
    if not Person.objects.filter(id=person_id).exists():
        raise Refused("person.unknown", "There is no person {person}.", person=person_id)
    standing = standing_of(person_id, as_of=as_of)
    if not account_number:
        return can(standing, verb, None)
    account = Account.objects.filter(number__iexact=account_number).first()
    if account is None:
        raise Refused("account.unknown", "There is no account {account}.", account=account_number)
    return can(standing, verb, scope.reach_of(account))
