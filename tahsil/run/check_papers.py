"""The papers' invariants: moves follow the table, states follow moves, money follows clearing."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum

from tahsil.core.book.instruments import INSTRUMENT
from tahsil.run.check_book import Finding
from tahsil.store.models import DepositSlip, Instrument, InstrumentMove, Presentment

COVERING = ("in_safe", "in_transit", "bank_custody", "under_collection", "held")


def findings() -> list[Finding]:
    """Every statement about papers that does not hold."""
    return [*_states(), *_moves(), *_lines(), *_tries(), *_paid(), *_slips()]


def _states() -> list[Finding]:
    """A paper stands where its last move left it."""
    last = InstrumentMove.objects.filter(instrument=OuterRef("pk")).order_by("-id")
    moved = Instrument.objects.annotate(after=Subquery(last.values("after")[:1]))
    wrong = moved.filter(after__isnull=False).exclude(after=F("state")).order_by("id")
    return [
        Finding(
            "instrument.state_apart",
            "Cheque {number} is said to be {state}, but its last move left it {after}.",
            {"number": each.number, "state": each.state, "after": each.after},
            f"instrument:{each.id}",
        )
        for each in wrong
    ]


def _moves() -> list[Finding]:
    """Every move is one the table allows; a hold may resume in the bank's custody."""
    rows = InstrumentMove.objects.order_by().values_list("verb", "before", "after").distinct()
    allowed = {
        (verb, before, after)
        for verb, row in INSTRUMENT.moves.items()
        for before, after in row.items()
    } | {("resume", "held", "bank_custody")}
    wrong = [
        (verb, before, after)
        for verb, before, after in rows
        if (verb, before, after) not in allowed and not (verb == "hand_over" and before == after)
    ]
    return [
        Finding(
            "instrument.move_unknown",
            "A move {verb} from {before} to {after} is recorded, which no table allows.",
            {"verb": verb, "before": before, "after": after}, "instrument",
        )
        for verb, before, after in sorted(wrong)
    ]  # fmt: skip


def _lines() -> list[Finding]:
    """A verified paper covers lines for its whole amount."""
    checked = InstrumentMove.objects.filter(verb="verify").values("instrument_id")
    rows = Instrument.objects.filter(state__in=COVERING, id__in=checked).order_by("id")
    return [
        Finding(
            "instrument.lines_apart",
            "Cheque {number} is for {amount}, the lines it covers come to {sum}.",
            {"number": each.number, "amount": each.amount_minor, "sum": each.covered or 0},
            f"instrument:{each.id}",
        )
        for each in rows.annotate(covered=Sum("lines__amount_minor"))
        if each.covered != each.amount_minor
    ]


def _tries() -> list[Finding]:
    """A try is open exactly while the paper is at the bank; one that paid has its receipt."""
    tries = Presentment.objects.select_related("instrument").order_by("id")
    at_bank = Q(instrument__state="under_collection")
    paid = ~Q(receipt__amount_minor=F("paid_minor")) | Q(receipt__isnull=True)
    wrong = tries.filter(
        (Q(result="") & ~at_bank)
        | (Q(result="cleared") & (paid | Q(receipt__reversal__isnull=False)))
        | (Q(result="partial") & paid)
    )
    return [
        Finding(
            "instrument.try_apart",
            "Try {seq} of cheque {number} says {result}, which the cheque's state or receipt "
            "does not bear out.",
            {"seq": each.seq, "number": each.instrument.number, "result": each.result or "open"},
            f"instrument:{each.instrument_id}",
        )
        for each in wrong
    ]


def _paid() -> list[Finding]:
    """What the bank paid of a paper is never more than it is for; a cleared one is paid whole."""
    tries = Presentment.objects.filter(instrument=OuterRef("pk"))
    standing = tries.filter(result__in=("cleared", "partial"), receipt__reversal=None)
    total = standing.order_by().values("instrument").annotate(sum=Sum("paid_minor"))
    summed = Instrument.objects.annotate(
        paid=Subquery(total.values("sum")), is_tried=Exists(tries.filter(result="cleared"))
    )
    # One that cleared before it came into this book has no tries in it.
    short = Q(state="cleared", is_tried=True) & ~Q(paid=F("amount_minor"))
    wrong = summed.filter(Q(paid__gt=F("amount_minor")) | short).order_by("id")
    return [
        Finding(
            "instrument.paid_apart",
            "Cheque {number} is for {amount} and {state}; the bank has paid {paid} of it.",
            {"number": each.number, "amount": each.amount_minor, "state": each.state,
             "paid": each.paid or 0},
            f"instrument:{each.id}",
        )
        for each in wrong
    ]  # fmt: skip


def _slips() -> list[Finding]:
    """A slip holds the papers it counts, and what they asked for is its total."""
    slips = DepositSlip.objects.annotate(
        papers=Count("presentments"), asked=Sum("presentments__asked_minor")
    )
    known = slips.exclude(presentments__asked_minor=None)  # older ones did not keep it
    wrong = known.exclude(papers=F("count"), asked=F("total_minor")).order_by("id")
    return [
        Finding(
            "slip.apart",
            "Slip {number} says {count} papers for {total}; on it are {papers} for {asked}.",
            {"number": each.number, "count": each.count, "total": each.total_minor,
             "papers": each.papers, "asked": each.asked},
            f"slip:{each.id}",
        )
        for each in wrong
    ]  # fmt: skip
