"""The manager's home: due, collected, overdue by bucket, project and collector; who did what.

Sums over accounts come from the cached standing, so they are of the last run; money, attempts and
promises of the day are read live. Each figure is one grouped query over the accounts in scope.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from tahsil.core.grammar.authority import Standing as Actor
from tahsil.core.grammar.dates import month
from tahsil.queries import approvals, months, rules
from tahsil.queries.home_cards import (
    BucketSum,
    CollectorDay,
    CurrencyHome,
    GroupSum,
    Home,
    OrphanRow,
    TopRow,
)
from tahsil.queries.rules import Rules
from tahsil.store import scope
from tahsil.store.models import (
    Attempt,
    DayRun,
    Obligation,
    Person,
    Project,
    Promise,
    Receipt,
    Standing,
)

READ = "report.read"
TOP = 10
KEPT_OVER = timedelta(days=90)
ORPHANS = 200


def home(standing: Actor, *, as_of: date) -> Home:
    """The home page over the accounts this person may read."""
    in_force = rules.read(as_of)
    mine = _mine(standing)
    lost = _orphaned(mine, as_of)
    run = DayRun.objects.filter(state="done", as_of__lte=as_of).aggregate(last=Max("as_of"))
    return Home(
        as_of=as_of,
        measured_on=run["last"],
        currencies=_currencies(standing, mine, in_force),
        activity=activity(standing, as_of=as_of),
        top=_top(mine, in_force),
        orphans=_orphan_rows(lost.order_by("-overdue_minor")[:TOP], as_of),
        orphans_count=lost.count(),
        waiting_requests=approvals.waiting_count(standing, as_of=as_of),
    )


def orphans(standing: Actor, *, as_of: date, limit: int = ORPHANS) -> tuple[OrphanRow, ...]:
    """Overdue accounts without owner or next step, largest first."""
    lost = _orphaned(_mine(standing), as_of)
    return _orphan_rows(lost.order_by("-overdue_minor", "account_id")[:limit], as_of)


def _mine(standing: Actor) -> QuerySet[Standing]:
    return scope.visible(standing, Standing.objects.all(), READ)


def _orphaned(mine: QuerySet[Standing], as_of: date) -> QuerySet[Standing]:
    """Overdue, and nobody owns it, or no next step lies ahead; a promise ahead is a next step."""
    is_stepless = Q(account__next_step_on__isnull=True) | Q(account__next_step_on__lt=as_of)
    promised = Promise.objects.filter(
        account_id=OuterRef("account_id"), state="open", promised_on__gte=as_of
    )
    return mine.filter(overdue_minor__gt=0).filter(
        Q(collector_id__isnull=True) | (is_stepless & ~Exists(promised))
    )


def _orphan_rows(found: QuerySet[Standing], as_of: date) -> tuple[OrphanRow, ...]:
    rows = list(found.select_related("account__party", "account__project", "account__collector"))
    ids = [row.account_id for row in rows]
    tried = dict(
        Attempt.objects.filter(account_id__in=ids, effective_on__lte=as_of)
        .values_list("account_id").annotate(last=Max("effective_on")).order_by()
    )  # fmt: skip
    return tuple(_orphan(row, tried.get(row.account_id), as_of) for row in rows)


def _orphan(row: Standing, tried_on: date | None, as_of: date) -> OrphanRow:
    account = row.account
    why = "no_owner" if row.collector_id is None else "next_step_past"
    if row.collector_id is not None and account.next_step_on is None:
        why = "no_next_step"
    return OrphanRow(
        account_id=account.id,
        account_number=account.number,
        name=account.party.name,
        project=account.project.name if account.project else "",
        currency=row.currency,
        overdue_minor=row.overdue_minor,
        dpd=_dpd(row, as_of),
        collector=account.collector.name if account.collector else "",
        next_step_on=account.next_step_on,
        last_attempt_on=tried_on,
        why=why,
    )


def _dpd(row: Standing, as_of: date) -> int:
    return max((as_of - row.oldest_due_on).days, 0) if row.oldest_due_on else 0


def _top(mine: QuerySet[Standing], in_force: Rules) -> tuple[TopRow, ...]:
    """The largest arrears of each currency."""
    made: list[TopRow] = []
    for currency in mine.order_by().values_list("currency", flat=True).distinct():
        found = mine.filter(currency=currency, overdue_minor__gt=0)
        rows = list(
            found.order_by("-overdue_minor", "account_id").select_related(
                "account__party", "account__project", "account__collector"
            )[:TOP]
        )
        made += [_top_row(row, in_force) for row in rows]
    return tuple(made)


def _top_row(row: Standing, in_force: Rules) -> TopRow:
    account = row.account
    return TopRow(
        account_id=account.id,
        account_number=account.number,
        name=account.party.name,
        project=account.project.name if account.project else "",
        currency=row.currency,
        overdue_minor=row.overdue_minor,
        open_minor=row.open_minor,
        uncovered_minor=row.overdue_minor - row.covered_minor,
        dpd=_dpd(row, in_force.as_of),
        rung=row.rung,
        rung_labels=in_force.rung_labels(account.product, row.rung),
        collector=account.collector.name if account.collector else "",
        next_step=account.next_step,
        next_step_on=account.next_step_on,
    )


def _currencies(
    standing: Actor, mine: QuerySet[Standing], in_force: Rules
) -> tuple[CurrencyHome, ...]:
    as_of = in_force.as_of
    rows = (
        mine.order_by()
        .values_list("currency", "bucket", "project_id", "collector_id")
        .annotate(
            n=Count("account_id"), listed=Count("account_id", filter=Q(is_listed=True)),
            open=Sum("open_minor"), overdue=Sum("overdue_minor"), today=Sum("due_today_minor"),
            disputed=Sum("disputed_minor"), unapplied=Sum("unapplied_minor"),
        )
    )  # fmt: skip
    cells: dict[str, list[tuple]] = defaultdict(list)
    for currency, *cell in rows:
        cells[currency].append(tuple(cell))
    beside = _Beside(standing, mine, as_of)
    return tuple(
        _currency(currency, cells[currency], beside, in_force) for currency in sorted(cells)
    )


class _Beside:
    """What stands beside the standings by currency and place: money, lines due, promises, cover."""

    def __init__(self, standing: Actor, mine: QuerySet[Standing], as_of: date) -> None:
        self.standing, self.mine, self.as_of = standing, mine, as_of
        self.month = month(as_of)
        self.received = self._received()
        self.due = self._due()
        self.covered = self._covered()
        self.lost = self._lost()
        self.months = months.efficiency(standing, as_of=as_of)

    def _visible(self, rows: QuerySet) -> QuerySet:
        return scope.visible(self.standing, rows, READ, "account__")

    def _received(self) -> list[tuple]:
        """(currency, project, collector, value date, count, amount) of this month's money."""
        found = Receipt.objects.filter(
            kind="money", value_on__gte=self.month.since, value_on__lte=self.as_of
        ).exclude(reversal__effective_on__lte=self.as_of)
        return list(
            self._visible(found).order_by().values_list(
                "account__currency", "account__project_id", "account__collector_id",
                "value_on",
            ).annotate(n=Count("id"), amount=Sum("amount_minor"))
        )  # fmt: skip

    def _due(self) -> list[tuple]:
        """(currency, project, collector, amount) of the lines due this month."""
        found = Obligation.objects.filter(
            due_on__gte=self.month.since, due_on__lt=self.month.until, raised_on__lte=self.as_of
        )
        return list(
            self._visible(found).order_by().values_list(
                "account__currency", "account__project_id", "account__collector_id"
            ).annotate(amount=Sum("amount_minor"))
        )  # fmt: skip

    def _covered(self) -> dict[tuple[str, int | None, int | None], int]:
        """Per currency, project and collector the arrears with a live paper behind them."""
        found = self.mine.filter(covered_minor__gt=0).order_by()
        sums = found.values_list("currency", "project_id", "collector_id")
        return {tuple(key): covered for *key, covered in sums.annotate(Sum("covered_minor"))}

    def _lost(self) -> list[tuple]:
        found = _orphaned(self.mine, self.as_of).order_by()
        return list(
            found.values_list("currency", "project_id", "collector_id")
            .annotate(n=Count("account_id"))
        )  # fmt: skip

    def promises(self, currency: str) -> tuple[int, int, int | None]:
        """How many promises are due today, their amount, and the kept rate of ninety days."""
        mine = self._visible(Promise.objects.filter(account__currency=currency)).order_by()
        due = mine.filter(state="open", promised_on=self.as_of).aggregate(
            n=Count("id"), amount=Sum("amount_minor")
        )
        judged = mine.filter(
            judged_on__lte=self.as_of, judged_on__gt=self.as_of - KEPT_OVER,
            state__in=("kept", "part_kept", "broken"),
        ).aggregate(n=Count("id"), kept=Count("id", filter=Q(state="kept")))  # fmt: skip
        rate = judged["kept"] * 1_000_000 // judged["n"] if judged["n"] else None
        return due["n"], due["amount"] or 0, rate


def _currency(currency: str, cells: list[tuple], beside: _Beside, in_force: Rules) -> CurrencyHome:
    sums = [sum(column) for column in zip(*(cell[3:] for cell in cells), strict=True)]
    accounts, listed, opened, overdue, today, disputed, unapplied = sums
    received = [row for row in beside.received if row[0] == currency]
    on_day = [row for row in received if row[3] == beside.as_of]
    covered = sum(amount for key, amount in beside.covered.items() if key[0] == currency)
    promised, promised_minor, kept = beside.promises(currency)
    return CurrencyHome(
        currency=currency,
        accounts=accounts,
        listed=listed,
        open_minor=opened,
        overdue_minor=overdue,
        due_today_minor=today,
        disputed_minor=disputed,
        unapplied_minor=unapplied,
        covered_minor=covered,
        uncovered_minor=overdue - covered,
        due_month_minor=sum(row[3] for row in beside.due if row[0] == currency),
        collected_month_minor=sum(row[5] for row in received),
        collected_today_minor=sum(row[5] for row in on_day),
        receipts_today=sum(row[4] for row in on_day),
        promises_due_today_minor=promised_minor,
        promises_due_today=promised,
        kept_ppm=kept,
        buckets=_buckets(cells, in_force),
        projects=_groups(currency, cells, beside, 1),
        collectors=_groups(currency, cells, beside, 2),
        months=beside.months.get(currency, ()),
    )


def _buckets(cells: list[tuple], in_force: Rules) -> tuple[BucketSum, ...]:
    """Every bucket of the definition, also those nobody is in."""
    labels = in_force.definition.buckets.labels
    counts: dict[int, list[int]] = {at: [0, 0] for at in range(len(labels))}
    for cell in cells:
        if cell[0] in counts:
            counts[cell[0]][0] += cell[3]
            counts[cell[0]][1] += cell[6]
    return tuple(BucketSum(at, labels[at], *counts[at]) for at in counts)


def _groups(currency: str, cells: list[tuple], beside: _Beside, at: int) -> tuple[GroupSum, ...]:
    """The sums by project (at 1) or collector (at 2), the most overdue first."""
    sums: dict[int | None, list[int]] = defaultdict(lambda: [0] * 7)
    for cell in cells:
        _add(sums[cell[at]], (cell[3], cell[5], cell[6], cell[6], 0, 0, 0))
    for (code, *place), amount in beside.covered.items():
        if code == currency:
            _add(sums[place[at - 1]], (0, 0, 0, -amount, 0, 0, 0))
    for row in beside.due:
        if row[0] == currency:
            _add(sums[row[at]], (0, 0, 0, 0, row[3], 0, 0))
    for row in beside.received:
        if row[0] == currency:
            _add(sums[row[at]], (0, 0, 0, 0, 0, row[5], 0))
    for row in beside.lost:
        if row[0] == currency:
            _add(sums[row[at]], (0, 0, 0, 0, 0, 0, row[3]))
    model: Any = Project if at == 1 else Person
    names = dict(model.objects.filter(id__in=[i for i in sums if i]).values_list("id", "name"))
    made = [GroupSum(each, names.get(each, ""), *sums[each]) for each in sums]
    return tuple(sorted(made, key=lambda group: (-group.overdue_minor, group.name)))


def _add(into: list[int], amounts: tuple[int, ...]) -> None:
    for at, amount in enumerate(amounts):
        into[at] += amount


def activity(standing: Actor, *, as_of: date) -> tuple[CollectorDay, ...]:
    """What each collector in scope did on the day, most attempts first; also who did nothing."""
    mine = _mine(standing)
    owned = {
        row[0]: row[1:]
        for row in mine.order_by().values_list("collector_id").annotate(
            n=Count("account_id"), listed=Count("account_id", filter=Q(is_listed=True))
        )
    }  # fmt: skip
    tried = _tried(standing, as_of)
    promised = _counted(standing, Promise.objects.filter(made_on=as_of), "made_by_id")
    won = _counted(standing, Receipt.objects.filter(value_on=as_of), "collector_id")
    lost = dict(
        _orphaned(mine, as_of)
        .order_by()
        .values_list("collector_id")
        .annotate(n=Count("account_id"))
    )
    people = Person.objects.filter(id__in={*owned, *tried, *promised, *won} - {None})
    made = []
    for person in people.select_related("team"):
        accounts, listed = owned.get(person.id, (0, 0))
        attempts, contacts, right, worked = tried.get(person.id, (0, 0, 0, 0))
        made.append(
            CollectorDay(
                person.id, person.name, person.team.name if person.team else "", accounts, listed,
                worked, attempts, contacts, right, promised.get(person.id, 0),
                won.get(person.id, 0), lost.get(person.id, 0),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda each: (-each.attempts, each.name)))


def _tried(standing: Actor, as_of: date) -> dict[int | None, tuple[int, ...]]:
    found = scope.visible(standing, Attempt.objects.filter(effective_on=as_of), READ, "account__")
    rows = found.order_by().values_list("by_id").annotate(
        n=Count("id"), contacts=Count("id", filter=~Q(level="none")),
        right=Count("id", filter=Q(level="right_party")),
        worked=Count("account_id", distinct=True),
    )  # fmt: skip
    return {row[0]: row[1:] for row in rows}


def _counted(standing: Actor, rows: QuerySet, by: str) -> dict[int | None, int]:
    found = scope.visible(standing, rows, READ, "account__").order_by()
    return dict(found.values_list(by).annotate(n=Count("id")))
