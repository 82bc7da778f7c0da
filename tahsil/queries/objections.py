"""Objections: who answers which until when, what the customer claims, how each was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import documents, paging, people, rules
from tahsil.queries.accounts import READ
from tahsil.queries.documents import DocumentRow
from tahsil.queries.paging import SIZE, Page
from tahsil.store import scope
from tahsil.store.models import Account, Event, Objection, RoleGrant

VIEWS = ("mine", "open", "overdue", "decided", "all")
DECIDE = "objection.decide"
# The acts an objection may be put right by; actions/objections.py holds whoever decides to them.
CORRECTING = (
    "receipt.", "obligation.", "charge.", "instrument.", "bank.match", "bank.unmatch", "contract.",
    "refund.",
)  # fmt: skip


@dataclass(frozen=True)
class ObjectionFilters:
    """Which objections: `view` of VIEWS, of one kind, owner or account."""

    view: str = "open"
    kind: str = ""
    owner: int | None = None
    account: int | None = None


@dataclass(frozen=True)
class ObjectionRow:
    """One objection; `is_late` while it is open past its day."""

    objection_id: int
    number: str
    kind: str
    labels: dict[str, str]
    state: str
    account_id: int
    account: str
    name: str
    project: str
    currency: str
    channel: str
    note: str
    claimed_minor: int | None
    claimed_on: date | None
    claimed_method: str
    claimed_reference: str
    claimed_bank: str
    paid_to: str
    receipt_id: int | None
    receipt: str
    obligation_id: int | None
    line: str
    instrument_id: int | None
    cheque: str
    bank_line_id: int | None
    holds_line: bool
    opened_on: date
    opened_by: str
    owner_id: int | None
    owner: str
    answer_by_on: date | None
    days_left: int | None
    is_late: bool
    closed_on: date | None
    closed_by: str
    answer: str
    act_id: int | None
    act: str


@dataclass(frozen=True)
class Objections:
    """A page of objections, how many each view has, and the open ones by kind."""

    page: Page[ObjectionRow]
    filters: ObjectionFilters
    counts: dict[str, int]
    kinds: tuple[tuple[str, dict[str, str], int], ...]


@dataclass(frozen=True)
class Correction:
    """An act since the objection that may have put the book right."""

    event_id: int
    verb: str
    facts: dict[str, object]
    actor: str
    recorded_at: datetime


def objections(
    standing: Standing, *, as_of: date, filters: ObjectionFilters | None = None, page: int = 1,
    size: int = SIZE,
) -> Objections:  # fmt: skip
    """The objections of accounts this person may read, those due first on top."""
    wanted = filters or ObjectionFilters()
    labels = rules.read(as_of).labels("objections")
    seen = _seen(standing, as_of)
    base = seen.filter(account_id=wanted.account) if wanted.account else seen
    if wanted.owner:
        base = base.filter(owner_id=wanted.owner)
    kinds = dict(
        base.filter(_is_open(as_of)).order_by().values_list("kind").annotate(n=Count("id"))
    )
    narrowed = base.filter(kind=wanted.kind) if wanted.kind else base
    found = _view(narrowed, wanted.view, standing, as_of)
    order = ("-closed_on", "-id") if wanted.view == "decided" else ("answer_by_on", "id")
    return Objections(
        paging.of(
            found.order_by(*order), lambda records: rows(records, as_of, labels), page=page,
            size=size,
        ),
        wanted,
        {view: paging.bounded_count(_view(base, view, standing, as_of)) for view in VIEWS},
        tuple((code, labels.get(code, {}), kinds[code]) for code in labels if code in kinds),
    )  # fmt: skip


def of_account(account_id: int, *, as_of: date) -> tuple[ObjectionRow, ...]:
    """The objections of an account found readable, those open first."""
    found = Objection.objects.filter(account_id=account_id, opened_on__lte=as_of)
    labels = rules.read(as_of).labels("objections")
    made = rows(_joined(found).order_by("-id"), as_of, labels)
    return tuple(sorted(made, key=lambda row: row.state != "open"))


def objection(standing: Standing, objection_id: int, *, as_of: date) -> ObjectionRow:
    """One objection; refused where there is none of an account this person reads."""
    found = _seen(standing, as_of).filter(id=objection_id)
    made = rows(found, as_of, rules.read(as_of).labels("objections"))
    if not made:
        raise Refused(
            "objection.none", "There is no objection {objection_id} you may read.",
            objection_id=objection_id,
        )  # fmt: skip
    return made[0]


def evidence(standing: Standing, objection_id: int) -> list[DocumentRow]:
    """The files kept with the objection."""
    return documents.documents(standing, f"objection:{objection_id}")


def corrections(row: ObjectionRow) -> tuple[Correction, ...]:
    """What was done on the account since the objection that may answer it, the newest first."""
    since = Objection.objects.values_list("opened_at", flat=True).get(id=row.objection_id)
    found = Event.objects.filter(account_id=row.account_id, recorded_at__gte=since).order_by("-id")
    return tuple(
        Correction(each.id, each.verb, each.facts, each.actor_name, each.recorded_at)
        for each in found[:200]
        if each.verb.startswith(CORRECTING)
    )


def owners(row: ObjectionRow, *, as_of: date) -> list[tuple[int, str]]:
    """Who may decide objections of that account."""
    account = Account.objects.get(id=row.account_id)
    held = RoleGrant.objects.filter(Q(until_on=None) | Q(until_on__gt=as_of), since_on__lte=as_of)
    names = held.filter(person__is_active=True).order_by("person__name")
    reach = scope.reach_of(account)
    able: dict[int, str] = {}
    for key, name in names.values_list("person_id", "person__name").distinct():
        standing = people.standing_of(key, as_of=as_of)
        if can(standing, DECIDE, reach).answer == Answer.ALLOW:
            able[key] = name
    return list(able.items())


def waiting(standing: Standing, *, as_of: date) -> tuple[int, int]:
    """How many objections wait for this person, and how many of them are late."""
    mine = Objection.objects.filter(state="open", owner_id=standing.actor_id, opened_on__lte=as_of)
    counted = mine.aggregate(all=Count("id"), late=Count("id", filter=Q(answer_by_on__lt=as_of)))
    return counted["all"], counted["late"]


def rows(
    records: Iterable[Objection], as_of: date, labels: dict[str, dict[str, str]]
) -> list[ObjectionRow]:
    """The rows of these objections as of the date."""
    return [_row(each, as_of, labels) for each in records]


def _seen(standing: Standing, as_of: date) -> QuerySet[Objection]:
    found = Objection.objects.filter(opened_on__lte=as_of)
    return _joined(scope.visible(standing, found, READ, "account__"))


def _joined(found: QuerySet[Objection]) -> QuerySet[Objection]:
    return found.select_related(
        "account__party", "account__project", "receipt", "obligation", "instrument", "paid_to",
        "owner", "opened_by", "closed_by", "act",
    )  # fmt: skip


def _is_open(as_of: date) -> Q:
    """Open on the date: one closed later was still open on it."""
    return Q(closed_on=None) | Q(closed_on__gt=as_of)


def _view(
    found: QuerySet[Objection], view: str, standing: Standing, as_of: date
) -> QuerySet[Objection]:
    if view == "all":
        return found
    if view == "decided":
        return found.filter(closed_on__lte=as_of)
    waits = found.filter(_is_open(as_of))
    if view == "mine":
        return waits.filter(owner_id=standing.actor_id)
    return waits.filter(answer_by_on__lt=as_of) if view == "overdue" else waits


def _row(each: Objection, as_of: date, labels: dict[str, dict[str, str]]) -> ObjectionRow:
    closed = each.closed_on is not None and each.closed_on <= as_of
    line = each.obligation
    left = (each.answer_by_on - as_of).days if each.answer_by_on and not closed else None
    return ObjectionRow(
        objection_id=each.id, number=each.number, kind=each.kind,
        labels=labels.get(each.kind, {}), state=each.state if closed else "open",
        account_id=each.account_id, account=each.account.number, name=each.account.party.name,
        project=each.account.project.name if each.account.project else "",
        currency=each.account.currency, channel=each.channel, note=each.note,
        claimed_minor=each.claimed_minor, claimed_on=each.claimed_on,
        claimed_method=each.claimed_method, claimed_reference=each.claimed_reference,
        claimed_bank=each.claimed_bank, paid_to=each.paid_to.name if each.paid_to else "",
        receipt_id=each.receipt_id, receipt=each.receipt.number if each.receipt else "",
        obligation_id=each.obligation_id, line=(line.label or line.category) if line else "",
        instrument_id=each.instrument_id, cheque=each.instrument.number if each.instrument else "",
        bank_line_id=each.bank_line_id, holds_line=each.dispute_id is not None,
        opened_on=each.opened_on, opened_by=each.opened_by.name if each.opened_by else "",
        owner_id=each.owner_id, owner=each.owner.name if each.owner else "",
        answer_by_on=each.answer_by_on, days_left=left, is_late=left is not None and left < 0,
        closed_on=each.closed_on if closed else None,
        closed_by=each.closed_by.name if closed and each.closed_by else "",
        answer=each.answer if closed else "", act_id=each.act_id if closed else None,
        act=each.act.verb if closed and each.act else "",
    )  # fmt: skip
