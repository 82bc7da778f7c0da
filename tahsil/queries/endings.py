"""The end of a contract before it is agreed to: what it cancels, keeps and gives back.

The form shows it and contract.terminate does it; both take it from here, so that what is shown is
what is done. The arithmetic is core/book/endings.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tahsil.core.book import endings
from tahsil.core.book.endings import Line, Settled, Terms
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import accounts
from tahsil.store import policies
from tahsil.store.models import Adjustment, Allocation, Contract, Event, Instrument, Obligation

TERMINATE, REINSTATE = "contract.terminate", "contract.reinstate"
ENDED = "terminated"
OVER = (ENDED, "cancelled", "transferred", "closed")
HAND_BACK = ("in_safe", "replaced", "settled_otherwise")
RECALL = ("bank_custody", "under_collection")
DECIDE = ("provisional", "held", "in_transit", "withdrawal_requested", "discounted", "pledged",
          "bounced", "partially_paid", "with_legal", "in_court", "stale")  # fmt: skip


@dataclass(frozen=True)
class EndingPaper:
    """A paper of the contract that is still out; `act` is hand_back, recall or decide."""

    id: int
    number: str
    matures_on: date | None
    amount_minor: int
    state: str
    act: str


@dataclass(frozen=True)
class EndedLine:
    """A line as the ending leaves it: lowered by so much, after so much was paid of it."""

    obligation_id: int
    label: str
    category: str
    due_on: date | None
    paid_minor: int
    lowered_minor: int


@dataclass(frozen=True)
class Ending:
    """What the end of a contract on a day comes to, under which version of which terms."""

    contract_id: int
    number: str
    status: str
    currency: str
    price_minor: int
    paid_ppm: int
    earliest_on: date | None
    terms: Terms
    policy: str
    version: str
    settled: Settled
    lines: tuple[EndedLine, ...]
    papers: tuple[EndingPaper, ...]


@dataclass(frozen=True)
class Asked:
    """What is asked for: the day, and what is kept and given up, where it is not the policy's."""

    on: date
    settlement: str = ""
    charge_minor: int | None = None
    done_ppm: int | None = None


@dataclass(frozen=True)
class Ended:
    """How a contract ended, as its event keeps it; `until_on` is how long it can be taken back."""

    event_id: int
    on: date
    reason: str
    document: str
    charge_minor: int
    refund_minor: int
    paid_minor: int
    by: str
    agreed: tuple[str, ...]
    until_on: date


def read(standing: Standing, account_id: int, contract_id: int, asked: Asked) -> Ending:
    """What ending this contract would come to; refused where the account may not be read."""
    accounts.readable(standing, account_id)
    return preview(contract_of(account_id, contract_id), asked)


def contract_of(account_id: int, contract_id: int) -> Contract:
    """The contract with its account; refused where it is not on that account."""
    known = Contract.objects.select_related("account__creditor")
    found = known.filter(id=contract_id, account_id=account_id).first()
    if found is None:
        raise Refused(
            "contract.unknown",
            "There is no contract {contract_id} on this account.",
            contract_id=contract_id,
        )
    return found


def check_status(contract: Contract) -> None:
    """Refuses a contract that is over already."""
    if contract.status in OVER:
        raise Refused(
            "ending.status",
            "Contract {number} is {state} already, so it cannot end again.",
            number=contract.number,
            state=contract.status,
        )


def preview(contract: Contract, asked: Asked) -> Ending:
    """What ending the contract comes to, line by line and paper by paper."""
    code, version, terms = _terms(contract, asked)
    rows = list(_obligations(contract))
    ids = [row.id for row in rows]
    paid = _sums(Allocation.objects.filter(obligation_id__in=ids))
    changed = _sums(Adjustment.objects.filter(obligation_id__in=ids))
    lines = [
        Line(row.id, row.category, row.schedule_id is not None, row.due,  # type: ignore[attr-defined]
             row.amount_minor + changed.get(row.id, 0), paid.get(row.id, 0))
        for row in rows
    ]  # fmt: skip
    settled = endings.settle(
        lines, terms, price_minor=contract.price_minor, on=asked.on,
        asked_minor=asked.charge_minor, done_ppm=asked.done_ppm,
        currency=contract.account.currency,
    )  # fmt: skip
    lowered = dict(settled.cancelled)
    shown = [(row, line) for row, line in zip(rows, lines, strict=True) if line.id in lowered]
    price = contract.price_minor or sum(line.worth_minor for line in lines)
    return Ending(
        contract_id=contract.id,
        number=contract.number,
        status=contract.status,
        currency=contract.account.currency,
        price_minor=price,
        paid_ppm=settled.paid_minor * 1_000_000 // price if price else 0,
        earliest_on=_earliest(contract, ids),
        terms=terms,
        policy=f"ending/{code}",
        version=version,
        settled=settled,
        lines=tuple(
            EndedLine(row.id, row.label, row.category, line.due_on, line.paid_minor,
                      lowered[row.id])
            for row, line in shown
        ),
        papers=papers(contract, ids),
    )  # fmt: skip


def papers(contract: Contract, obligation_ids: Iterable[int]) -> tuple[EndingPaper, ...]:
    """The contract's papers that are out: to be handed back, recalled, or decided about."""
    states = {"hand_back": HAND_BACK, "recall": RECALL, "decide": DECIDE}
    acts = {state: act for act, some in states.items() for state in some}
    own = Q(contract=contract) | Q(contract=None, lines__obligation_id__in=list(obligation_ids))
    found = Instrument.objects.filter(own, account_id=contract.account_id, state__in=acts)
    return tuple(
        EndingPaper(each.id, each.number, each.matures_on, each.amount_minor, each.state,
                    acts[each.state])
        for each in found.distinct().order_by("matures_on", "id")
    )  # fmt: skip


def ended(contract: Contract) -> Ended | None:
    """How the contract ended, if it did so here and was not taken back."""
    if contract.status != ENDED:
        return None
    known = Event.objects.filter(account_id=contract.account_id, subject=f"contract:{contract.id}")
    last = known.filter(verb=TERMINATE).order_by("-id").first()
    if last is None:
        return None
    facts = last.facts
    return Ended(
        last.id, last.effective_on, facts["reason"], facts["document"], facts["charge_minor"],
        facts["refund_minor"], facts["paid_minor"], last.actor_name, tuple(last.approvers),
        last.effective_on + timedelta(days=facts["reinstate_days"]),
    )  # fmt: skip


def _terms(contract: Contract, asked: Asked) -> tuple[str, str, Terms]:
    """The creditor's own terms, else its country's, else the default, as asked for otherwise."""
    creditor, known = contract.account.creditor, policies.codes("ending")
    code = next((each for each in (creditor.code, creditor.country) if each in known), "default")
    body, version = policies.at("ending", code, asked.on)
    own = dict((body.get("products") or {}).get(contract.product, {}))
    own |= {"settlement": asked.settlement} if asked.settlement else {}
    products = {contract.product: own}
    return code, version, endings.terms_of({**body, "products": products}, contract.product)


def _obligations(contract: Contract) -> QuerySet[Obligation]:
    due = Coalesce("dated__due_on", "due_on")
    return Obligation.objects.filter(contract=contract).annotate(due=due).order_by("due", "id")


def _sums(rows: QuerySet) -> dict[int, int]:
    found = rows.values("obligation_id").annotate(sum=Sum("amount_minor"))
    return dict(found.values_list("obligation_id", "sum"))


def _earliest(contract: Contract, ids: list[int]) -> date | None:
    """The first day it can end on: signed, and nothing of its lines changed after it."""
    changed = Adjustment.objects.filter(obligation_id__in=ids).aggregate(on=Max("effective_on"))
    version = contract.schedules.aggregate(on=Max("effective_on"))  # type: ignore[attr-defined]
    days = [contract.signed_on, changed["on"], version["on"]]
    return max((day for day in days if day), default=None)
