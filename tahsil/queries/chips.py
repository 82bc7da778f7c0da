"""What a worklist can be narrowed to, and how many lines each value has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from tahsil.core.steer.worklist import HOURS, POINTS
from tahsil.queries import paging
from tahsil.queries.rules import Rules
from tahsil.store.models import Creditor, Person, Project

WEIGHT = HOURS * POINTS  # what one point of a reason's weight is worth in a priority
EXACT = 2_000  # lines of a list whose values are all counted
ENOUGH = 1_000  # lines counted of one reason in a longer list
LOW, HIGH = 7_000_000_001, 7_000_000_002  # marks for the ends of a weight; no id is one of these


@dataclass(frozen=True)
class WorklistFilters:
    """What the address of a worklist says; an empty value does not filter.

    `project` and `collector` are ids, `reason` is the code of the weightiest reason (bounced,
    promise_due…), `q` a part of the account number or of a party's name, `is_whole` shows accounts
    that are not on today's list too.
    """

    bucket: int | None = None
    project: int | None = None
    product: str = ""
    rung: str = ""
    reason: str = ""
    min_overdue_minor: int = 0
    currency: str = ""
    q: str = ""
    collector: int | None = None
    sort: str = "priority"
    is_not_worked_today: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class Chip:
    """One value a list can be narrowed to: its code, label, and how many lines have it.

    `count` is nothing where nobody counted; `is_more` says that there are more than it.
    """

    code: str
    label: str
    count: int | None
    labels: dict[str, str] = field(default_factory=dict)
    is_on: bool = False
    is_more: bool = False


class Chips:
    """How many lines each filter value has, over everything this person may choose from.

    A list of up to EXACT lines is counted exactly. Of a longer one every reason is counted up to
    ENOUGH, and the other values are those there are, uncounted: no list is read whole for them.
    """

    def __init__(
        self, found: QuerySet, wanted: WorklistFilters, in_force: Rules, *, total: int
    ) -> None:
        self.found, self.wanted, self.in_force = found.order_by(), wanted, in_force
        self.total, self.is_exact = total, total <= EXACT

    @cached_property
    def counts(self) -> dict[tuple, int]:
        """Lines per bucket, rung, weight, project, collector and currency."""
        rows = (
            self.found.annotate(weight=F("priority") / WEIGHT)
            .values_list("bucket", "rung", "weight", "project_id", "collector_id", "currency")
            .annotate(n=Count("account_id"))
        )
        return {row[:6]: row[6] for row in rows}

    def summed(self, position: int) -> Counter:
        """Lines per value of the key's part at that position."""
        total: Counter = Counter()
        for key, count in self.counts.items():
            total[key[position]] += count
        return total

    def listed(self) -> Chip:
        """All lines there are."""
        most = paging.COUNTED
        return Chip("", "", min(self.total, most), is_more=self.total > most)

    def buckets(self) -> tuple[Chip, ...]:
        """Mildest first."""
        known = range(-1, len(self.in_force.definition.buckets.labels))
        counts = self.summed(0) if self.is_exact else dict.fromkeys(known)
        return tuple(
            Chip(str(bucket), self.in_force.bucket_label(bucket), count,
                 is_on=bucket == self.wanted.bucket)
            for bucket, count in sorted(counts.items())
        )  # fmt: skip

    def rungs(self) -> tuple[Chip, ...]:
        """Most lines first; uncounted, as their ladders have them."""
        labels = {
            rung.code: rung.labels
            for ladder in self.in_force.ladders.values()
            for rung in ladder.rungs
        }
        counts = self.summed(1).most_common() if self.is_exact else dict.fromkeys(labels).items()
        return tuple(
            Chip(code, labels.get(code, {}).get("en", code), count, labels.get(code, {}),
                 code == self.wanted.rung)
            for code, count in counts
            if code
        )  # fmt: skip

    def reasons(self) -> tuple[Chip, ...]:
        """The weightiest reason of each line, weightiest first."""
        codes = {rule.weight: rule.code for rule in self.in_force.order.reasons}
        most = EXACT if self.is_exact else ENOUGH
        counts = self.summed(2) if self.is_exact else _counted(self.found, codes)
        return tuple(
            Chip(codes[weight], codes[weight], min(count, most), is_more=count > most,
                 is_on=codes[weight] == self.wanted.reason)
            for weight, count in sorted(counts.items(), reverse=True)
            if weight in codes and count
        )  # fmt: skip

    def projects(self) -> tuple[Chip, ...]:
        """Most lines first; uncounted, by name."""
        return self._named(3, Project.objects.all(), self.wanted.project)

    def collectors(self) -> tuple[Chip, ...]:
        """Most lines first; uncounted, by name."""
        holds_one = Person.objects.filter(grants__role="collector", is_active=True).distinct()
        return self._named(4, Person.objects.all() if self.is_exact else holds_one,
                           self.wanted.collector)  # fmt: skip

    def currencies(self) -> tuple[Chip, ...]:
        """Most lines first; uncounted, those our companies keep their books in."""
        counts: list[tuple[str, int | None]]
        if self.is_exact:
            counts = [*self.summed(5).most_common()]
        else:
            known = Creditor.objects.order_by("currency").values_list("currency", flat=True)
            counts = list(dict.fromkeys(known.distinct()).items())
        return tuple(
            Chip(code, code, count, is_on=code == self.wanted.currency) for code, count in counts
        )

    def _named(self, position: int, known: QuerySet, chosen: int | None) -> tuple[Chip, ...]:
        found: list[tuple[int, str, int | None]]
        if self.is_exact:
            counts = self.summed(position)
            names = dict(known.filter(id__in=[i for i in counts if i]).values_list("id", "name"))
            found = [(each, names[each], n) for each, n in counts.most_common() if each in names]
        else:
            rows = known.order_by("name", "id").values_list("id", "name")
            found = [(each, name, None) for each, name in rows]
        return tuple(
            Chip(str(each), name, count, is_on=each == chosen) for each, name, count in found
        )


def _counted(found: QuerySet, weights: Iterable[int]) -> dict[int, int]:
    """Per weight how many lines have it, counted no further than one beyond ENOUGH.

    The lines of a weight stand together in the index of priorities; one statement visits each.
    """
    low, high = Q(priority__gte=LOW), Q(priority__lt=HIGH)
    sql, params = found.filter(low & high).values("pk")[: ENOUGH + 1].query.sql_with_params()
    parts, values = [], []
    for weight in weights:
        parts.append(f"SELECT {weight:d}, COUNT(*) FROM ({sql}) AS of_weight")  # noqa: S608  # nosec B608
        ends = {LOW: weight * WEIGHT, HIGH: (weight + 1) * WEIGHT}
        values += [ends.get(each, each) for each in params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict(cursor.fetchall())
