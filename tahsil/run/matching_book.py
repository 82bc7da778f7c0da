"""What matching reads: everything open with one creditor, by what a bank line may name it.

Plain rows for the core (core/resolve/matching/rows.py), read in a dozen queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from tahsil.core.book.categories import BANK_RULE_OF, BANK_RULES, category_index
from tahsil.core.resolve.matching.learned import Learned
from tahsil.core.resolve.matching.rows import Account, Book, Cheque, Line, Owed
from tahsil.store import owed, tries, unlinked
from tahsil.store.models import Account as AccountRow
from tahsil.store.models import (
    BankLine,
    ContactPoint,
    Contract,
    ContractParty,
    Instrument,
    LearnedFee,
    LearnedPattern,
    LearnedPayer,
    PartyName,
)

EARLIER = timedelta(days=45)  # so far back a line may come twice or be taken back
AT_ONCE = 5_000


def book_of(creditor_id: int, *, as_of: date, lines: list[BankLine], near: int) -> Book:
    """Everything open with one creditor on the date, and the lines explained before these.

    With the receipts that `near` days let be the money of a line.
    """
    return Book(
        _accounts(creditor_id), _owed(creditor_id, as_of), _cheques(creditor_id),
        _earlier(creditor_id, lines), unlinked.of_lines(lines, near=near),
    )  # fmt: skip


def learned_of(creditor_id: int) -> Learned:
    """What the firm's own corrections have taught so far."""
    aliases: dict[str, dict[int, int]] = defaultdict(dict)
    known = LearnedPayer.objects.filter(account__creditor_id=creditor_id, count__gt=0)
    for payer, account_id, count in known.order_by("id").values_list(
        "payer", "account_id", "count"
    ):
        aliases[payer][account_id] = count
    fees = LearnedFee.objects.filter(creditor_id=creditor_id)
    patterns = LearnedPattern.objects.filter(creditor_id=creditor_id)
    return Learned(
        dict(aliases),
        dict(fees.values_list("amount_minor", "count")),
        {pattern: (right, wrong) for pattern, right, wrong
         in patterns.values_list("pattern", "right", "wrong")},
    )  # fmt: skip


def parts(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in their order, as many at once as a query takes."""
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


def _earlier(creditor_id: int, lines: list[BankLine]) -> tuple[Line, ...]:
    """The lines of the last weeks that are explained already, and may come again."""
    since = min(line.value_on for line in lines) - EARLIER
    found = BankLine.objects.filter(
        bank_account__creditor_id=creditor_id,
        value_on__gte=since,
        state__in=("matched", "explained"),
    )
    known = found.prefetch_related("bank_account").order_by("id")
    return tuple(unlinked.plain(line) for line in known)


def _owed(creditor_id: int, as_of: date) -> tuple[Owed, ...]:
    found = owed.open_rows(as_of).filter(account__creditor_id=creditor_id).order_by("id")
    columns = (
        "id", "account_id", "due_on", "dated__due_on", "left_minor", "account__currency",
        "contract__number", "seq", "reference", "category",
    )  # fmt: skip
    return tuple(
        Owed(
            key, account_id, dated or due, left, currency, _references(contract, seq, reference),
            contract or "", BANK_RULES[BANK_RULE_OF[category_index(category)]],
        )
        for key, account_id, due, dated, left, currency, contract, seq, reference, category
        in found.values_list(*columns)
    )  # fmt: skip


def _references(contract: str | None, seq: int, reference: str) -> tuple[str, ...]:
    """What a payer may call the obligation: its invoice, or its line of the contract."""
    line = f"{contract}/{seq:02d}" if contract and seq else ""
    return tuple(filter(None, (reference, line)))


def _accounts(creditor_id: int) -> tuple[Account, ...]:
    rows = AccountRow.objects.filter(creditor_id=creditor_id).order_by("id")
    names: dict[int, dict[str, None]] = defaultdict(dict)
    references: dict[int, dict[str, None]] = defaultdict(dict)
    phones: dict[int, dict[str, None]] = defaultdict(dict)
    parties: dict[int, list[int]] = defaultdict(list)
    for key, number, party_id, name, code in rows.values_list(
        "id", "number", "party_id", "party__name", "party__code"
    ):
        parties[party_id].append(key)
        names[key][name] = None
        references[key] |= dict.fromkeys(filter(None, (number, code)))
    joint = ContractParty.objects.filter(contract__account__creditor_id=creditor_id)
    for key, party_id, name in joint.exclude(role="guarantor").values_list(
        "contract__account_id", "party_id", "party__name"
    ):
        parties[party_id].append(key)
        names[key][name] = None
    for party_id, name in _of_parties(PartyName, creditor_id).values_list("party_id", "name"):
        for key in parties[party_id]:
            names[key][name] = None
    told = _of_parties(ContactPoint, creditor_id).filter(channel="phone", is_wrong=False)
    for party_id, value in told.values_list("party_id", "value"):
        for key in parties[party_id]:
            phones[key][value] = None
    deeds = Contract.objects.filter(account__creditor_id=creditor_id)
    for key, number, unit in deeds.values_list("account_id", "number", "asset__code"):
        references[key] |= dict.fromkeys(filter(None, (number, unit)))
    return tuple(
        Account(key, tuple(said), tuple(references[key]), tuple(phones[key]))
        for key, said in sorted(names.items())
    )


def _of_parties(model: Any, creditor_id: int) -> Any:
    """The rows of parties that have accounts with the creditor, or a part in a contract."""
    own = AccountRow.objects.filter(creditor_id=creditor_id).values("party_id")
    joint = ContractParty.objects.filter(contract__account__creditor_id=creditor_id)
    return model.objects.filter(party_id__in=own.union(joint.values("party_id"))).order_by("id")


def _cheques(creditor_id: int) -> tuple[Cheque, ...]:
    found = Instrument.objects.filter(
        account__creditor_id=creditor_id, state="under_collection", matures_on__isnull=False
    )
    paid = tries.parts().filter(instrument__in=found.values("id")).order_by()
    in_part = dict(paid.values_list("instrument_id").annotate(sum=Sum("paid_minor")))
    columns = ("id", "account_id", "number", "amount_minor", "account__currency", "matures_on")
    return tuple(
        Cheque(key, account_id, number, amount - in_part.get(key, 0), currency, matures_on)
        for key, account_id, number, amount, currency, matures_on
        in found.order_by("id").values_list(*columns)
    )  # fmt: skip
