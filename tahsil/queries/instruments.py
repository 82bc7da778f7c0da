"""The register of cheques and other papers: lists, the calendar of maturities, one paper's page.

Where a paper stood on a past date follows from its moves: the state before the first later one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from tahsil.core.book import instruments as papers
from tahsil.core.book import presenting
from tahsil.core.book.clocks import RUNNING, UNSETTLED, foremost
from tahsil.core.book.clocks import Standing as Clock
from tahsil.core.book.presenting import PRESENTABLE, Terms
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.dates import Calendar, month
from tahsil.queries import paging, rules
from tahsil.queries.paging import SIZE, Page
from tahsil.store import calendars, clocks, policies, scope, tries
from tahsil.store.models import (
    BankAccount,
    Creditor,
    DepositSlip,
    Instrument,
    InstrumentMove,
    Presentment,
)

READ = "instrument.read"
VIEWS = ("present", "awaiting", "bounced", "clocks", "kept", "held", "all")
KEPT = ("provisional", "in_safe", "in_transit", "bank_custody")
WEEK = timedelta(days=7)
MOST_CLOCKS = 500  # papers listed by their clocks, the nearest


@dataclass(frozen=True)
class InstrumentFilters:
    """Which papers: `view` of VIEWS, and what they are and where."""

    view: str = "present"
    state: str = ""
    bank: str = ""
    project: int | None = None
    creditor: int | None = None
    currency: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class InstrumentRow:
    """One paper; `left_minor` is what the bank has not paid of it in part, `why` what its return
    reason is called by language, `against` are the reasons not to present it now, as codes.
    """

    instrument_id: int
    account_id: int
    account_number: str
    name: str
    unit: str
    project: str
    currency: str
    kind: str
    number: str
    bank: str
    branch: str
    drawer: str
    amount_minor: int
    left_minor: int
    matures_on: date | None
    state: str
    place: str
    bank_account: str
    slip: str
    sent_on: date | None
    expected_on: date | None
    days_waiting: int
    bounced_on: date | None
    reason: str
    presented: int
    held_until_on: date | None
    warning: str
    against: tuple[str, ...]
    why: dict[str, str]
    clock: Clock | None = None  # the nearest that runs after it came back


@dataclass(frozen=True)
class Register:
    """A page of papers, what is left of them per currency, and how many each view has."""

    page: Page[InstrumentRow]
    filters: InstrumentFilters
    totals: tuple[tuple[str, int, int], ...]  # currency, count, amount left
    counts: dict[str, int]


@dataclass(frozen=True)
class MaturityDay:
    """What matures on one day: (currency, count, amount) each; `free` names a day off."""

    on: date
    free: str
    sums: tuple[tuple[str, int, int], ...]


def register(
    standing: Standing,
    *,
    as_of: date,
    filters: InstrumentFilters | None = None,
    page: int = 1,
    size: int = SIZE,
) -> Register:
    """The papers of accounts this person may see, by view, soonest maturity first."""
    wanted = filters or InstrumentFilters()
    base = _base(standing, wanted, as_of)
    running = _running(base, as_of)
    found = _view(base, wanted.view, as_of, running)
    return Register(
        page=paging.of(found, lambda records: rows(records, as_of), page=page, size=size),
        filters=wanted,
        totals=_totals(found, as_of),
        counts={view: paging.bounded_count(_view(base, view, as_of, running)) for view in VIEWS},
    )


def rows_for_export(
    standing: Standing, *, as_of: date, filters: InstrumentFilters | None = None
) -> Iterator[InstrumentRow]:
    """Every row of the list, in the page's order."""
    wanted = filters or InstrumentFilters()
    base = _base(standing, wanted, as_of)
    running = _running(base, as_of) if wanted.view == "clocks" else []
    found = _view(base, wanted.view, as_of, running)
    for start in range(0, found.count(), 2_000):
        yield from rows(list(found[start : start + 2_000]), as_of)


def calendar(
    standing: Standing,
    *,
    as_of: date,
    month_on: date,
    filters: InstrumentFilters | None = None,
) -> tuple[MaturityDay, ...]:
    """Every day of that month with what matures on it and was still with us on the date."""
    wanted = filters or InstrumentFilters()
    days = month(month_on)
    base: Any = _base(standing, wanted, as_of)
    found = (
        base.filter(was__in=(*KEPT, "held"), matures_on__gte=days.since, matures_on__lt=days.until)
        .order_by()
        .values_list("matures_on", "account__currency")
        .annotate(n=Count("id"), amount=Sum("amount_minor"))
    )
    sums: dict[date, list[tuple[str, int, int]]] = {}
    for on, currency, count, amount in found:
        sums.setdefault(on, []).append((currency, count, amount))
    works = _calendar(wanted.creditor)
    each = (days.since + timedelta(days=at) for at in range(days.days))
    return tuple(
        MaturityDay(on, works.why_free(on) if works else "", tuple(sorted(sums.get(on, ()))))
        for on in each
    )


def bank_accounts(currency: str = "") -> list[tuple[int, str]]:
    """Our bank accounts to choose from: id and name."""
    found = BankAccount.objects.order_by("code")
    found = found.filter(currency=currency) if currency else found
    return [(each.id, f"{each.code} · {each.bank} · {each.currency}") for each in found]


def some(standing: Standing, ids: list[int], *, as_of: date) -> list[InstrumentRow]:
    """These papers, of those the person may see, soonest maturity first."""
    found = scope.visible(standing, Instrument.objects.filter(id__in=ids), READ, "account__")
    return rows(list(joined(was(found, as_of)).order_by("matures_on", "id")), as_of)


def banks() -> list[str]:
    """The banks papers of the register are drawn on."""
    found = Instrument.objects.exclude(bank="").order_by("bank")
    return list(found.values_list("bank", flat=True).distinct())


def country(creditor_id: int | None) -> str:
    """The country of a creditor, of the first where none is named."""
    found = Creditor.objects.filter(id=creditor_id or 0).first() or Creditor.objects.first()
    return found.country if found else ""


def next_slip(as_of: date) -> str:
    """A number for the next slip of the day."""
    start = f"S-{as_of:%Y%m%d}-"
    count = DepositSlip.objects.filter(number__startswith=start).count()
    return f"{start}{count + 1:02d}"


def _base(standing: Standing, wanted: InstrumentFilters, as_of: date) -> QuerySet[Any]:
    exact: dict[str, Any] = {
        "account__project_id": wanted.project,
        "account__creditor_id": wanted.creditor,
        "account__currency": wanted.currency or None,
        "bank": wanted.bank or None,
        "matures_on__gte": wanted.since,
        "matures_on__lte": wanted.until,
    }
    found = Instrument.objects.filter(
        **{name: value for name, value in exact.items() if value is not None}
    )
    found = found.filter(Q(received_on__isnull=True) | Q(received_on__lte=as_of))
    seen: QuerySet[Any] = was(scope.visible(standing, found, READ, "account__"), as_of)
    return joined(seen.filter(was=wanted.state) if wanted.state else seen)


def _totals(found: QuerySet[Any], as_of: date) -> tuple[tuple[str, int, int], ...]:
    sums = found.order_by().values_list("account__currency")
    parts = tries.parts(as_of).filter(instrument__in=found.order_by().values("pk"))
    paid = dict(
        parts.order_by().values_list("instrument__account__currency").annotate(Sum("paid_minor"))
    )
    return tuple(
        (currency, count, amount - paid.get(currency, 0))
        for currency, count, amount in sums.annotate(n=Count("id"), amount=Sum("amount_minor"))
    )


def was(found: QuerySet[Any], as_of: date) -> QuerySet[Any]:
    """With `was`: the state on the date, which later moves have not touched."""
    later = InstrumentMove.objects.filter(instrument=OuterRef("pk"), effective_on__gt=as_of)
    first = later.order_by("effective_on", "id").values("before")[:1]
    return found.annotate(was=Coalesce(Subquery(first), F("state")))


def joined(found: QuerySet[Any]) -> QuerySet[Any]:
    """With what a row names: account, party, project, contract, unit."""
    return found.select_related("account__party", "account__project", "contract__asset")


def _running(found: QuerySet[Any], as_of: date) -> list[int]:
    """The papers on which a clock runs, nearest day first, then those it ran out on."""
    back = clocks.returned(found.filter(was__in=UNSETTLED), as_of)
    near = [
        (one.state != RUNNING, one.due_on, key)
        for key, each in back.items()
        if (one := foremost(each.standings(as_of))) is not None
    ]
    return [key for *_, key in sorted(near)[:MOST_CLOCKS]]


def _view(
    found: QuerySet[Any], view: str, as_of: date, running: list[int] | None = None
) -> QuerySet[Any]:
    """The papers of one tab, as they stood on the date; `running` are those with a clock."""
    if view == "clocks":
        place = [When(pk=key, then=Value(at)) for at, key in enumerate(running or ())]
        mine = found.filter(pk__in=running or ())
        return mine.order_by(Case(*place, default=Value(0), output_field=IntegerField()))
    by_date = found.exclude(kind="security_cheque").order_by("matures_on", "id")
    if view == "present":
        due = Q(pk__in=[])
        for creditor in Creditor.objects.all():
            terms, works = terms_of(creditor.id, as_of)
            for state in PRESENTABLE:
                until = presenting.horizon(as_of, state, terms, works)
                due |= Q(account__creditor_id=creditor.id, was=state, matures_on__lte=until)
        return by_date.filter(due)
    if view == "awaiting":
        return by_date.filter(was="under_collection")
    if view == "bounced":
        return found.filter(was__in=papers.UNPAID).order_by("-bounced_on", "-amount_minor", "id")
    if view == "kept":
        return by_date.filter(was__in=KEPT)
    if view == "held":
        return by_date.filter(was="held").order_by("held_until_on", "id")
    return found.order_by("matures_on", "id")


def rows(found: list[Any], as_of: date) -> list[InstrumentRow]:
    """These papers as rows, with their tries at the bank up to the date."""
    tried: dict[int, list[Presentment]] = {}
    for each in (
        Presentment.objects.filter(instrument__in=found, sent_on__lte=as_of)
        .select_related("slip", "bank_account")
        .order_by("seq")
    ):
        tried.setdefault(each.instrument_id, []).append(each)
    paid = tries.paid_of(tried, as_of=as_of)
    back = clocks.returned(Instrument.objects.filter(id__in=[each.id for each in found]), as_of)
    return [
        replace(
            _row(each, tried.get(each.id, []), as_of),
            left_minor=each.amount_minor - paid.get(each.id, 0),
            clock=foremost(back[each.id].standings(as_of)) if each.id in back else None,
        )
        for each in found
    ]


def _row(each: Any, tried: list[Presentment], as_of: date) -> InstrumentRow:
    account, last = each.account, tried[-1] if tried else None
    state = each.was
    reason = next((one.reason for one in reversed(tried) if one.reason), "")
    waiting = last is not None and state == "under_collection"
    asset = each.contract.asset if each.contract else None
    return InstrumentRow(
        instrument_id=each.id,
        account_id=account.id,
        account_number=account.number,
        name=account.party.name,
        unit=asset.code if asset else "",
        project=account.project.name if account.project else "",
        currency=account.currency,
        kind=each.kind,
        number=each.number,
        bank=each.bank,
        branch=each.branch,
        drawer=each.drawer,
        amount_minor=each.amount_minor,
        left_minor=each.amount_minor,
        matures_on=each.matures_on,
        state=state,
        place=each.place,
        bank_account=last.bank_account.code if last and last.bank_account else "",
        slip=last.slip.number if last and last.slip else "",
        sent_on=last.sent_on if last else None,
        expected_on=last.expected_on if last else None,
        days_waiting=max((as_of - last.expected_on).days, 0) if last and waiting else 0,
        bounced_on=each.bounced_on if each.bounced_on and each.bounced_on <= as_of else None,
        reason=reason,
        why=rules.read(as_of).labels("returns").get(reason, {}),
        presented=len(tried),
        held_until_on=each.held_until_on,
        warning=each.warning,
        against=_against(each, state),
    )


def _against(each: Instrument, state: str) -> tuple[str, ...]:
    """Pre-flight: why a paper that could go to the bank should not."""
    if state not in PRESENTABLE:
        return ()
    found = []
    if each.contract is not None and each.contract.status != "active":
        found.append("contract_ended")
    if each.owner != "own":
        found.append(each.owner)
    if each.warning:
        found.append(each.warning)
    return tuple(found)


def terms_of(creditor_id: int, as_of: date) -> tuple[Terms, Calendar]:
    """How the creditor's country presents papers, and the days it works."""
    country = Creditor.objects.values_list("country", flat=True).get(id=creditor_id)
    body, _ = policies.at("presenting", country, as_of)
    return Terms(**body), calendars.of_creditor(creditor_id, country)


def _calendar(creditor_id: int | None) -> Calendar | None:
    creditor = Creditor.objects.filter(id=creditor_id or 0).first() or Creditor.objects.first()
    return calendars.of_creditor(creditor.id, creditor.country) if creditor else None
