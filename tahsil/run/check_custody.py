"""Custody's invariants: a paper lies at one place, where its last move left it; counts add up."""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, Q, Subquery

from tahsil.core.book import custody as rules
from tahsil.run.check_book import Finding
from tahsil.store.models import (
    HandOver,
    HandOverLine,
    Instrument,
    InstrumentMove,
    SafeCount,
    SafeCountLine,
)


def findings() -> list[Finding]:
    """Every statement about custody that does not hold."""
    return [*_places(), *_takers(), *_lists(), *_lines(), *_counts(), *_signed()]


def _places() -> list[Finding]:
    """A paper lies where its last move left it; one that is gone lies nowhere of ours."""
    last = InstrumentMove.objects.filter(instrument=OuterRef("pk")).order_by("-id")
    moved = Instrument.objects.annotate(moved=Subquery(last.values("place")[:1]))
    wrong = moved.filter(moved__isnull=False).exclude(moved=F("place")).order_by("id")
    return [
        Finding(
            "custody.place_apart",
            "Cheque {number} is said to lie at {place}, but its last move left it at {moved}.",
            {"number": each.number, "place": each.place or "-", "moved": each.moved or "-"},
            f"instrument:{each.id}",
        )
        for each in wrong
    ]


def _takers() -> list[Finding]:
    """No hand-over was accepted by its giver, nor by another than the one it was for."""
    wrong = HandOver.objects.filter(
        Q(accepted_by=F("giver"))
        | Q(receiver__isnull=False, accepted_by__isnull=False) & ~Q(accepted_by=F("receiver"))
        | Q(state="accepted", accepted_by=None)
    ).order_by("id")
    return [
        Finding(
            "custody.one_person",
            "Hand-over {number} was not accepted by another person, the one it was for.",
            {"number": each.number}, f"hand_over:{each.id}",
        )
        for each in wrong
    ]  # fmt: skip


def _lists() -> list[Finding]:
    """A list has the lines it counts, and those taken are those found."""
    known = HandOver.objects.annotate(
        lines_count=Count("lines"),
        taken=Count("lines", filter=Q(lines__result="received")),
        open=Count("lines", filter=Q(lines__result="")),
    )
    wrong = known.filter(
        ~Q(lines_count=F("count"))
        | Q(state="accepted") & (~Q(taken=F("found_count")) | Q(open__gt=0))
        | Q(state="open") & ~Q(open=F("count"))
    ).order_by("id")
    return [
        Finding(
            "custody.list_apart",
            "Hand-over {number} says {count} papers, {found} found; it has {lines} lines, {taken} "
            "of them taken.",
            {"number": each.number, "count": each.count, "found": each.found_count or 0,
             "lines": each.lines_count, "taken": each.taken},
            f"hand_over:{each.id}",
        )
        for each in wrong
    ]  # fmt: skip


def _lines() -> list[Finding]:
    """A paper that was taken went to the place of its list, by the move the line names."""
    taken = HandOverLine.objects.filter(result="received").select_related("instrument", "hand_over")
    wrong = taken.filter(
        Q(move=None)
        | ~Q(move__instrument=F("instrument"))
        | ~Q(hand_over__kind="customer") & ~Q(move__place=F("hand_over__to_place"))
    ).order_by("id")
    return [
        Finding(
            "custody.line_apart",
            "Cheque {number} was taken with hand-over {list}, but no move brought it to {place}.",
            {"number": each.instrument.number, "list": each.hand_over.number,
             "place": each.hand_over.to_place},
            f"instrument:{each.instrument_id}",
        )
        for each in wrong
    ]  # fmt: skip


def _counts() -> list[Finding]:
    """What a count says it found and missed is what its lines say."""
    found = []
    closed = SafeCount.objects.filter(state__in=("counted", "signed")).order_by("id")
    tallies: dict[int, dict[str, int]] = {}
    rows = SafeCountLine.objects.filter(count__in=closed).order_by()
    for count_id, outcome, n in rows.values_list("count_id", "outcome").annotate(n=Count("id")):
        tallies.setdefault(count_id, {})[outcome] = n
    for each in closed:
        tally = tallies.get(each.id, {})
        said = (each.book_count, each.found_count, each.variance_count, 0)
        sums = [
            sum(tally.get(one, 0) for one in names)
            for names in (rules.BOOKED, rules.FOUND, rules.VARIANCES)
        ]
        real = (*sums, tally.get("", 0))
        if said != real:
            found.append(
                Finding(
                    "count.apart",
                    "Count {count} of {place} says {said}; its lines come to {real} (by the book, "
                    "found, different, open).",
                    {"count": each.id, "place": each.place, "said": list(said),
                     "real": list(real)},
                    f"count:{each.id}",
                )
            )  # fmt: skip
    return found


def _signed() -> list[Finding]:
    """A closed count bears as many signatures as its policy wanted."""
    signed = SafeCount.objects.filter(state="signed").annotate(n=Count("signatures"))
    return [
        Finding(
            "count.unsigned",
            "Count {count} of {place} is closed with {n} signatures of {wanted}.",
            {"count": each.id, "place": each.place, "n": each.n, "wanted": each.signers},
            f"count:{each.id}",
        )
        for each in signed.filter(n__lt=F("signers")).order_by("id")
    ]
