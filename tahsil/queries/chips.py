"""What a worklist can be narrowed to, and how many lines each value has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet

from tahsil.core.steer.worklist import HOURS, POINTS
from tahsil.queries import paging
from tahsil.queries.rules import Rules
from tahsil.store.models import Person, Project, Standing

WEIGHT = HOURS * POINTS  # what one point of a reason's weight is worth in a priority


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
    """One value a list can be narrowed to: its code, label, and how many lines have it."""

    code: str
    label: str
    count: int
    labels: dict[str, str] = field(default_factory=dict)
    is_on: bool = False


class Chips:
    """How many lines each filter value has, over everything this person may choose from.

    Counted over the first ones by priority where the list is longer than a list shows.
    """

    def __init__(self, found: QuerySet, wanted: WorklistFilters, in_force: Rules) -> None:
        self.wanted, self.in_force = wanted, in_force
        bounded = found.order_by("-priority").values("account_id")[: paging.COUNTED]
        self.counts = {
            (each[0], each[1], each[2], each[3], each[4], each[5]): each[6]
            for each in Standing.objects.filter(account_id__in=bounded)
            .annotate(weight=F("priority") / WEIGHT)
            .values_list("bucket", "rung", "weight", "project_id", "collector_id", "currency")
            .annotate(n=Count("account_id"))
            .order_by()
        }

    def summed(self, position: int) -> Counter:
        """Lines per value of the key's part at that position."""
        total: Counter = Counter()
        for key, count in self.counts.items():
            total[key[position]] += count
        return total

    def buckets(self) -> tuple[Chip, ...]:
        """Mildest first."""
        return tuple(
            Chip(str(bucket), self.in_force.bucket_label(bucket), count,
                 is_on=bucket == self.wanted.bucket)
            for bucket, count in sorted(self.summed(0).items())
        )  # fmt: skip

    def rungs(self) -> tuple[Chip, ...]:
        """Most lines first."""
        labels = {
            rung.code: rung.labels
            for ladder in self.in_force.steer.ladders.values()
            for rung in ladder.rungs
        }
        return tuple(
            Chip(code, labels.get(code, {}).get("en", code), count, labels.get(code, {}),
                 code == self.wanted.rung)
            for code, count in self.summed(1).most_common()
            if code
        )  # fmt: skip

    def reasons(self) -> tuple[Chip, ...]:
        """The weightiest reason of each line, weightiest first."""
        codes = {rule.weight: rule.code for rule in self.in_force.steer.order.reasons}
        return tuple(
            Chip(codes[weight], codes[weight], count, is_on=codes[weight] == self.wanted.reason)
            for weight, count in sorted(self.summed(2).items(), reverse=True)
            if weight in codes
        )

    def projects(self) -> tuple[Chip, ...]:
        """Most lines first."""
        return self._named(3, Project, self.wanted.project)

    def collectors(self) -> tuple[Chip, ...]:
        """Most lines first."""
        return self._named(4, Person, self.wanted.collector)

    def currencies(self) -> tuple[Chip, ...]:
        """Most lines first."""
        return tuple(
            Chip(code, code, count, is_on=code == self.wanted.currency)
            for code, count in self.summed(5).most_common()
        )

    def _named(self, position: int, model: Any, chosen: int | None) -> tuple[Chip, ...]:
        counts = self.summed(position)
        known = dict(
            model.objects.filter(id__in=[i for i in counts if i]).values_list("id", "name")
        )
        return tuple(
            Chip(str(each), known.get(each, ""), count, is_on=each == chosen)
            for each, count in counts.most_common()
            if each in known
        )
