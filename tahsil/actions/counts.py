"""Counts: what lies at a place is found without knowing what should, compared, and signed.

The book's side is fixed when the count begins; papers taken in or moved meanwhile make no
variance (core/book/custody.py). What does not agree opens a matter (custody.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max

from tahsil.actions import _given, matters
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.book import custody as rules
from tahsil.core.grammar.dates import add_months
from tahsil.core.grammar.money import AMOUNT_MAX
from tahsil.core.grammar.refusal import Refused
from tahsil.store import places
from tahsil.store.models import (
    Instrument,
    InstrumentMove,
    SafeCount,
    SafeCountEntry,
    SafeCountLine,
    SafeCountSignature,
)

MOST = 5_000  # entries of one call


@verb("count.open")
def open_count(ctx: Context, *, place: str, month: str = "") -> Act:
    """A count of a place began: what lies there by the book is fixed, and shown to nobody yet."""
    counter = matters.check_person(ctx)
    place = _given.need_text(place, "place", most=80)
    if places.at(ctx.as_of).place(place).kind != "ours":
        raise Refused("count.place", "{place} is not ours to count.", place=place)
    lying = places.held().filter(places.lying_at(place))
    if month:
        since = _month(month)
        lying = lying.filter(matures_on__gte=since, matures_on__lt=add_months(since, 1))
    if SafeCount.objects.filter(place=place, month=month, state="counting").exists():
        raise Refused("count.going_on", "{place} is being counted already.", place=place)
    made = SafeCount.objects.create(
        place=place, month=month, counted_on=ctx.as_of, opened_at=ctx.now, counter_id=counter,
        last_move=InstrumentMove.objects.aggregate(last=Max("id"))["last"] or 0,
    )  # fmt: skip
    SafeCountLine.objects.bulk_create(
        (
            SafeCountLine(
                count=made, instrument=each, custodian_id=each.custodian_id, number=each.number,
                currency=each.account.currency, book_minor=each.amount_minor,
            )
            for each in lying.select_related("account").order_by("matures_on", "id").iterator(2_000)
        ),
        batch_size=2_000,
    )  # fmt: skip
    return Act(f"count:{made.id}", None, _head(made))


@verb("count.enter")
def enter(
    ctx: Context, *, count_id: int, entries: Any = (), lines: Any = (), strike: Any = ()
) -> Act:
    """Papers were found: scanned or typed numbers, with the amount where it was read, or ticks.

    `lines` are ticks on the list, which is shown only once the totals were said; `strike` takes
    entries back.
    """
    by = matters.check_person(ctx)
    found = _counting(count_id)
    gone = SafeCountEntry.objects.filter(count=found, id__in=_ids(strike)).delete()[0]
    made = [
        SafeCountEntry(count=found, number=number, amount=amount, by_id=by, entered_at=ctx.now)
        for number, amount in _entries(entries)
    ]
    made += [
        SafeCountEntry(count=found, number=line.number, line=line, by_id=by, entered_at=ctx.now)
        for line in _ticked(found, lines)
    ]
    if not made and not gone:
        raise Refused("count.nothing", "No number was entered.")
    SafeCountEntry.objects.bulk_create(made, batch_size=1_000)
    numbers = [each.number for each in made]
    facts = {**_head(found), "numbers": numbers[:50], "count": len(numbers), "struck": gone}
    return Act(f"count:{found.id}", None, facts)


@verb("count.say")
def say(ctx: Context, *, count_id: int, totals: Any) -> Act:
    """How many papers and how much per currency the counter found, before the book was shown."""
    matters.check_person(ctx)
    found = _counting(count_id)
    if found.said:
        raise Refused("count.said", "The totals of this count were said; they are not changed.")
    rows = [list(row) for row in totals or ()]
    if not rows or not all(map(_is_total, rows)):
        raise Refused("count.totals", "Say how many papers and how much, currency by currency.")
    SafeCount.objects.filter(id=found.id, state="counting").update(said=rows)
    return Act(f"count:{found.id}", None, {**_head(found), "totals": rows})


@verb("count.finish")
def finish(ctx: Context, *, count_id: int) -> Act:
    """The entries were compared with the book; each difference has an owner who explains it."""
    matters.check_person(ctx)
    found = _counting(count_id)
    changed = SafeCount.objects.filter(id=found.id, state="counting").update(state="counted")
    if not changed:
        raise Refused("count.moved", "Somebody else finished this a moment ago. Look again.")
    results = _compared(found)
    sums = rules.sums(results)
    in_force = places.at(ctx.as_of)
    variances = _record(ctx, found, results)
    figures: dict[str, int] = {
        "book_count": sum(each.outcome in rules.BOOKED for each in results),
        "found_count": sum(each.outcome in rules.FOUND for each in results),
        "variance_count": variances,
    }
    SafeCount.objects.filter(id=found.id).update(
        finished_at=ctx.now, signers=in_force.signers, policy=in_force.version[:40],
        sums=[[each.currency, each.book_count, each.book_minor, each.found_count,
               each.found_minor] for each in sums], **figures,
    )  # fmt: skip
    seen = [each.key for each in results if each.key and each.outcome in rules.FOUND]
    facts = {**_head(found), **figures, "explained": matters.close_found(ctx, seen)}
    return Act(f"count:{found.id}", None, facts, policies={"custody": in_force.version})


@verb("count.sign")
def sign(ctx: Context, *, count_id: int) -> Act:
    """Somebody vouches for the count as themselves; with the last one wanted it is closed."""
    person = matters.check_person(ctx)
    found = SafeCount.objects.select_for_update().filter(id=count_id).first()
    if found is None or found.state != "counted":
        raise Refused(
            "count.not_to_sign",
            "Count {count} is not there to sign: it is signed once its entries are compared.",
            count=count_id,
        )
    signed = set(found.signatures.values_list("person_id", flat=True))
    if person in signed:
        raise Refused("count.signed_before", "You have signed this count.")
    held = found.lines.exclude(custodian=None).values_list("custodian_id", flat=True)
    custodians = set(held.distinct())
    is_closed = rules.check_signers(signed | {person}, custodians, found.signers or 1)
    SafeCountSignature.objects.create(
        count=found, person_id=person, is_custodian=person in custodians, signed_at=ctx.now
    )
    if is_closed:
        SafeCount.objects.filter(id=found.id).update(state="signed")
    facts = {**_head(found), "count": len(signed) + 1, "signers": found.signers,
             "variance_count": found.variance_count}  # fmt: skip
    return Act(f"count:{found.id}", None, facts)


@verb("count.cancel")
def cancel(ctx: Context, *, count_id: int, reason: str) -> Act:
    """A count that was begun by mistake was given up before it was compared."""
    matters.check_person(ctx)
    found = _counting(count_id)
    reason = _given.need_text(reason, "reason")
    SafeCount.objects.filter(id=found.id, state="counting").update(state="cancelled", reason=reason)
    return Act(f"count:{found.id}", None, {**_head(found), "reason": reason})


def _counting(count_id: int) -> SafeCount:
    found = SafeCount.objects.select_for_update().filter(id=count_id).first()
    if found is None:
        raise Refused("count.unknown", "There is no count {count}.", count=count_id)
    if found.state != "counting":
        raise Refused(
            "count.over",
            "This count of {place} is {state}; nothing more is entered.",
            place=found.place,
            state=found.state,
        )
    return found


def _compared(found: SafeCount) -> list[rules.Result]:
    lines = list(found.lines.select_related("instrument__account"))
    moves = InstrumentMove.objects.filter(id__gt=found.last_move).order_by()
    # Another keeper or state at the same place is no way out: the paper is wanted here still.
    away = moves.exclude(place__in=(found.place, ""))
    moved = set(away.values_list("instrument_id", flat=True))
    expected = [_paper(line.instrument, found.place, moved) for line in lines if line.instrument]
    entries = [
        rules.Entry(each.number, each.amount, each.line.instrument_id if each.line else None)
        for each in found.entries.select_related("line").order_by("id")
    ]
    others = _others(
        found, {rules.plain(each.number) for each in entries}, {each.key for each in expected}
    )
    return rules.compare(expected, entries, [_paper(each, found.place, moved) for each in others])


def _paper(each: Instrument, place: str, moved: set[int]) -> rules.Paper:
    return rules.Paper(
        each.id, each.number, each.amount_minor, each.account.currency,
        is_here=rules.place_of(each.state, each.place) == place, has_moved=each.id in moved,
    )  # fmt: skip


def _others(found: SafeCount, numbers: set[str], known: set[int]) -> list[Instrument]:
    """Papers of these numbers that were not to lie here when the count began, nearest first."""
    lines = SafeCountLine.objects.filter(count=found).values_list("number", flat=True)
    unmatched = numbers - {rules.plain(each) for each in lines} | numbers & _crowded(found)
    rows = Instrument.objects.filter(number__in=_spelled(found, unmatched)).exclude(id__in=known)
    near = rows.select_related("account").order_by("-id")
    return sorted(near, key=lambda each: rules.place_of(each.state, each.place) != found.place)


def _crowded(found: SafeCount) -> set[str]:
    """Numbers entered more often than they were expected."""
    left: dict[str, int] = {}
    for number in found.entries.values_list("number", flat=True):
        left[rules.plain(number)] = left.get(rules.plain(number), 0) + 1
    for number in found.lines.values_list("number", flat=True):
        left[rules.plain(number)] = left.get(rules.plain(number), 0) - 1
    return {number for number, count in left.items() if count > 0}


def _spelled(found: SafeCount, numbers: Iterable[str]) -> set[str]:
    """The numbers as the register may have them: as typed, bare, and with leading noughts."""
    typed = {each.strip() for each in found.entries.values_list("number", flat=True)}
    return typed | {each.zfill(width) for each in numbers for width in range(len(each), 11)}


def _record(ctx: Context, found: SafeCount, results: list[rules.Result]) -> int:
    """The lines get their outcome, what was found besides a line; how many do not agree."""
    lines = {line.instrument_id: line for line in found.lines.select_related("instrument__account")}
    variances = 0
    changed = []
    for each in results:
        line = lines.pop(each.key, None) if each.key else None
        if line is None:
            line = SafeCountLine.objects.create(
                count=found, instrument_id=each.key, number=each.number, currency=each.currency,
                book_minor=each.book_minor, found_minor=each.found_minor, outcome=each.outcome,
            )  # fmt: skip
        else:
            line.outcome, line.found_minor = each.outcome, each.found_minor
            changed.append(line)
        if each.outcome in rules.VARIANCES:
            variances += 1
            owner_id = line.custodian_id or found.counter_id
            matters.open_matter(ctx, each.outcome, line.instrument, owner_id, place=found.place,
                                line=line, number=each.number)  # fmt: skip
    SafeCountLine.objects.bulk_update(changed, ["outcome", "found_minor"], batch_size=500)
    return variances


def _is_total(row: list[Any]) -> bool:
    """A currency, how many papers, how much."""
    if len(row) != 3 or not isinstance(row[0], str) or len(row[0]) != 3:
        return False
    return all(type(each) is int and 0 <= each <= AMOUNT_MAX for each in row[1:])


def _entries(given: Any) -> list[tuple[str, str]]:
    """(number, amount) of each entry: a number alone, or a pair."""
    rows = list(given or ())
    if len(rows) > MOST:
        raise Refused("count.many", "Enter {most} papers at a time at most.", most=MOST)
    made = []
    for row in rows:
        number, amount = (row, "") if isinstance(row, str) else (*row, "")[:2]
        if str(number).strip():
            made.append((str(number).strip()[:40], str(amount or "").strip()[:24]))
    return made


def _ticked(found: SafeCount, lines: Any) -> list[SafeCountLine]:
    """The lines ticked, each once; refused while the list is not to be seen."""
    ids = _ids(lines)
    if ids and not found.said:
        raise Refused("count.blind", "Say the totals first; the list is shown after that.")
    return list(found.lines.filter(id__in=ids).exclude(entries__isnull=False))


def _ids(given: Any) -> list[int]:
    return [each for each in given or () if isinstance(each, int)]


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Refused(
            "count.month", "{month} is not a month, such as 2026-12.", month=text
        ) from None


def _head(found: SafeCount) -> dict[str, Any]:
    """What every event of a count names it by."""
    return {"place": found.place, "month": found.month}
