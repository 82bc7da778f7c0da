"""Cash changes hands: given to a colleague who counts it, and taken to one of our bank accounts.

Nobody accepts their own cash: the giver offers, the receiver counts and signs for what they
counted. A deposit covers whole receipts; its bank line is a match of the deposit, never a receipt.
Days, cases and call-backs are cash_days.py.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tahsil.actions import _cash, _given, documents, matching
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.book import cash as rules
from tahsil.core.book.cash import Item
from tahsil.core.grammar.authority import Answer, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import standing_of
from tahsil.store import calendars, policies
from tahsil.store.cash import local, terms_at
from tahsil.store.models import (
    BankAccount,
    BankLine,
    BankMatch,
    CashCase,
    CashDeposit,
    CashEntry,
    CashHandOver,
    CashItem,
    Creditor,
    Person,
)

PURPOSE = "cash_deposit"


@verb("cash.hand_over")
def hand_over(
    ctx: Context, *, receiver_id: int, currency: str, receipts: Any = (), note: str = ""
) -> Act:
    """Cash was offered to a colleague, who is to count it; until then it stays in one's own name.

    `receipts` names whose cash it is; without them it is all there is.
    """
    me = ctx.standing.actor_id
    receiver = Person.objects.filter(id=receiver_id, is_active=True).first()
    if receiver is None or receiver_id == me:
        raise Refused("cash.receiver", "Cash is handed to somebody else who is with us.")
    if can(standing_of(receiver_id, as_of=ctx.as_of), "cash.accept", None).answer != Answer.ALLOW:
        raise Refused(
            "cash.receiver_role",
            "{person} is no cashier, so they cannot take cash over. Choose somebody who is.",
            person=receiver.name,
        )
    items = _chosen(_cash.mine(me, currency), receipts)
    sum_minor = sum(each.amount_minor for each in items)
    if sum_minor <= 0:
        raise Refused("cash.nothing", "There is no cash in {currency} to give.", currency=currency)
    made = CashHandOver.objects.create(
        giver_id=me, receiver_id=receiver_id, currency=currency, amount_minor=sum_minor,
        item_ids=[each.id for each in items], offered_on=ctx.as_of, offered_at=ctx.now,
        note=note.strip()[:200],
    )  # fmt: skip
    facts = {"amount_minor": sum_minor, "currency": currency, "receiver": receiver.name}
    return Act(f"hand_over:{made.id}", None, facts)


@verb("cash.accept")
def accept(ctx: Context, *, hand_over_id: int, pieces: dict[str, int], reason: str = "") -> Act:
    """The receiver counted what was offered and signs for what they counted.

    `pieces` are notes in minor units and how many. A difference needs a reason and becomes a case
    in the giver's name.
    """
    found = _offered(hand_over_id)
    if found.receiver_id != ctx.standing.actor_id:
        raise Refused(
            "cash.not_receiver", "{person} is to count this cash; nobody else signs for it.",
            person=found.receiver.name,
        )  # fmt: skip
    notes, _ = policies.at("cash", "notes", ctx.as_of)
    counted = rules.counted(notes.get(found.currency, ()), pieces, found.currency)
    difference = counted - found.amount_minor
    if difference and not reason.strip():
        raise Refused(
            "cash.variance",
            "You counted {counted_minor}; {giver} offered {amount_minor}. Count again together, or "
            "say why you accept it so: the difference becomes a case in {giver}'s name.",
            counted_minor=counted, amount_minor=found.amount_minor, currency=found.currency,
            giver=found.giver.name,
        )  # fmt: skip
    items = list(CashItem.objects.filter(id__in=found.item_ids).order_by("id"))
    case = None
    if difference:
        case, extra = differ(ctx, found.giver_id, found.currency, difference, reason)
        items.append(extra)
    _cash.move(items, found.giver_id, found.receiver_id)
    _cash.enter(ctx, items, found.giver_id, "give", hand_over=found)
    _cash.enter(ctx, items, found.receiver_id, "receive", hand_over=found)
    CashHandOver.objects.filter(id=found.id).update(
        state="accepted", answered_at=ctx.now, counted_minor=counted, pieces=pieces, case=case
    )
    facts = {
        "amount_minor": counted, "currency": found.currency, "giver": found.giver.name,
        "difference_minor": difference, "reason": reason.strip(),
    }  # fmt: skip
    return Act(f"hand_over:{found.id}", None, facts)


@verb("cash.decline")
def decline(ctx: Context, *, hand_over_id: int, reason: str) -> Act:
    """An offer of cash came to nothing: the giver keeps it."""
    found = _offered(hand_over_id)
    if ctx.standing.actor_id not in (found.giver_id, found.receiver_id):
        raise Refused(
            "cash.not_yours", "{giver} offered this to {receiver}; one of them may decline it.",
            giver=found.giver.name, receiver=found.receiver.name,
        )  # fmt: skip
    reason = _given.need_text(reason, "reason")
    CashHandOver.objects.filter(id=found.id).update(
        state="declined", answered_at=ctx.now, note=reason
    )
    facts = {
        "amount_minor": found.amount_minor, "currency": found.currency,
        "giver": found.giver.name, "receiver": found.receiver.name, "reason": reason,
    }  # fmt: skip
    return Act(f"hand_over:{found.id}", None, facts)


@verb("cash.deposit")
def deposit(
    ctx: Context,
    *,
    bank_account_id: int,
    number: str,
    amount_minor: int,
    deposited_on: date | str | None = None,
    deposited_at: str | time | None = None,
    receipts: Any = (),
    sha256: str = "",
    file: str = "",
    note: str = "",
) -> Act:
    """Cash went to one of our bank accounts under a slip; it covers whole receipts, oldest first.

    `receipts` names them instead. `sha256` is the slip's photo, uploaded before.
    """
    me = ctx.standing.actor_id
    ours = BankAccount.objects.select_related("creditor").filter(id=bank_account_id).first()
    if ours is None:
        raise Refused("cash.no_account", "Cash is deposited at one of our bank accounts.")
    number = _given.need_text(number, "slip number", most=40)
    if CashDeposit.objects.filter(bank_account=ours, number=number).exists():
        raise Refused(
            "cash.slip_known", "Slip {number} of {bank_account} is recorded already.",
            number=number, bank_account=ours.code,
        )  # fmt: skip
    _given.need_amount(amount_minor)
    items = _covered(me, ours, amount_minor, receipts)
    _check_unexplained(items)
    at = _moment(ctx, ours.creditor, deposited_on, deposited_at)
    _check_after(items, at, ours.creditor)
    made = CashDeposit.objects.create(
        bank_account=ours, number=number, person_id=me, amount_minor=amount_minor,
        deposited_at=at, recorded_at=ctx.now, due_at=_due(ctx, me, items, ours.creditor),
        note=note.strip()[:200],
    )  # fmt: skip
    _cash.move(items, me, None)
    _cash.enter(ctx, items, me, "deposit", deposit=made)
    if sha256:
        documents.keep(
            ctx.keyed(ctx.key, "photo"), subject=f"cash_deposit:{made.id}", kind="slip_photo",
            sha256=sha256, name=file or f"{number}.jpg",
        )  # fmt: skip
    facts = {
        "number": number, "bank_account": ours.code, "amount_minor": amount_minor,
        "currency": ours.currency, "count": len(items), "is_late": at > made.due_at,
    }  # fmt: skip
    return Act(f"cash_deposit:{made.id}", None, facts, at.date())


@verb("cash.match")
def match(ctx: Context, *, deposit_id: int, line_id: int) -> Act:
    """A line of the bank is the deposit: the money was received before, so it is no new receipt."""
    found = (
        CashDeposit.objects.select_for_update(of=("self",))
        .select_related("bank_account").filter(id=deposit_id).first()
    )  # fmt: skip
    line = BankLine.objects.filter(id=line_id).first()
    if found is None or line is None:
        raise Refused("cash.match_unknown", "There is no such deposit, or no such bank line.")
    if found.match_id and BankMatch.objects.filter(id=found.match_id, undone_at=None).exists():
        raise Refused(
            "cash.matched", "Deposit {number} has its bank line already.", number=found.number
        )
    if (line.bank_account_id, line.amount_minor) != (found.bank_account_id, found.amount_minor):
        raise Refused(
            "cash.match_amount",
            "Deposit {number} is {amount_minor} at {bank_account}; the line is another amount or "
            "account. Correct the deposit, or match the line with what it is.",
            number=found.number, amount_minor=found.amount_minor,
            currency=found.bank_account.currency, bank_account=found.bank_account.code,
        )  # fmt: skip
    matching.explain(ctx, line.id, PURPOSE, found.number)
    made = BankMatch.objects.filter(line=line, undone_at=None, purpose=PURPOSE).latest("id")
    CashDeposit.objects.filter(id=found.id).update(match=made)
    facts = {
        "number": found.number, "bank_account": found.bank_account.code,
        "amount_minor": found.amount_minor, "currency": found.bank_account.currency,
    }  # fmt: skip
    return Act(f"cash_deposit:{found.id}", None, facts, line.value_on)


def differ(
    ctx: Context,
    person_id: int,
    currency: str,
    difference: int,
    reason: str,
    *,
    day_on: date | None = None,
) -> tuple[CashCase, CashItem]:
    """The case of a difference counted, and the item that makes the hand what was counted."""
    kind = "shortage" if difference < 0 else "overage"
    case = _cash.open_case(
        ctx, person_id, kind, currency, abs(difference),
        reason=_given.need_text(reason, "reason"),
    )  # fmt: skip
    item = CashItem.objects.create(
        kind=kind, case=case, currency=currency, amount_minor=difference, taken_at=ctx.now,
        holder_id=person_id,
    )  # fmt: skip
    _cash.enter(ctx, [item], person_id, kind, day_on=day_on)
    return case, item


def _offered(hand_over_id: int) -> CashHandOver:
    found = CashHandOver.objects.select_for_update(of=("self",)).select_related("giver", "receiver")
    row = found.filter(id=hand_over_id).first()
    if row is None:
        raise Refused("cash.no_offer", "There is no such hand-over of cash.")
    if row.state != "offered":
        raise Refused("cash.answered", "This hand-over is {state} already.", state=row.state)
    return row


def _chosen(items: list[CashItem], receipts: Any) -> list[CashItem]:
    """The items of these receipts, all of them without any; refused where one is not in hand."""
    wanted = set(receipts or ())
    if not wanted:
        return items
    found = [each for each in items if each.receipt_id in wanted]
    if len({each.receipt_id for each in found}) != len(wanted):
        raise Refused(
            "cash.not_in_hand",
            "Some of these receipts are not in your hand: deposited, handed over or offered.",
        )
    return found


def _covered(me: int, ours: BankAccount, amount_minor: int, receipts: Any) -> list[CashItem]:
    """What the deposit covers: named receipts with what corrects them, or the oldest first."""
    free = _cash.mine(me, ours.currency)
    owners = dict(
        CashItem.objects.filter(id__in=[each.id for each in free], receipt__isnull=False)
        .values_list("id", "receipt__account__creditor_id")
    )  # fmt: skip
    here = [each for each in free if owners.get(each.id, ours.creditor_id) == ours.creditor_id]
    if not receipts:
        plain = [Item(each.id, each.kind, each.amount_minor, each.taken_at) for each in here]
        taken = {each.id for each in rules.oldest_first(plain, amount_minor, ours.currency)}
        return [each for each in here if each.id in taken]
    chosen = _chosen(here, receipts)
    for found in (chosen, [*chosen, *(each for each in here if each.receipt_id is None)]):
        if sum(each.amount_minor for each in found) == amount_minor:
            return found
    raise Refused(
        "cash.deposit_sum",
        "These receipts come to {sum_minor}; {amount_minor} is on the slip. A deposit covers whole "
        "receipts: name those it was made of, or count and close the day to name what is missing.",
        sum_minor=sum(each.amount_minor for each in chosen), amount_minor=amount_minor,
        currency=ours.currency,
    )  # fmt: skip


def _check_unexplained(items: list[CashItem]) -> None:
    """Refuses cash whose receipt a bank line explains already: it cannot come there twice."""
    ids = [each.receipt_id for each in items if each.receipt_id]
    live = BankMatch.objects.filter(receipt_id__in=ids, undone_at=None)
    if match := live.values_list("receipt__number", "line__booked_on").first():
        number, booked_on = match
        raise Refused(
            "cash.explained",
            "Receipt {number} explains the bank line of {booked_on} already. Take that match back, "
            "deposit the cash, and match the line with the deposit.",
            number=number, booked_on=booked_on,
        )  # fmt: skip


def _moment(ctx: Context, creditor: Creditor, on: Any, at: str | time | None) -> datetime:
    """When it was at the counter: the time said; else now for today, the bank's close before."""
    day = _given.as_date(on, "day of the deposit") or ctx.as_of
    zone = ZoneInfo(creditor.zone)
    hour = _given.as_time(at, "hour")
    if hour is None and day == ctx.now.astimezone(zone).date():
        return ctx.now
    closes = time.fromisoformat(terms_at(ctx.as_of).bank_closes)
    found = datetime.combine(day, hour or closes, zone).astimezone(UTC)
    if day > ctx.as_of:
        raise Refused(
            "cash.deposit_future", "A deposit is recorded once it is made; {on} has not come yet.",
            on=day,
        )  # fmt: skip
    return found


def _check_after(items: list[CashItem], at: datetime, creditor: Creditor) -> None:
    """Refuses a deposit on a day before its money was taken."""
    last = max(local(each.taken_at, creditor).date() for each in items)
    if local(at, creditor).date() < last:
        raise Refused(
            "cash.before_taken",
            "Some of this cash was taken on {day}, after the day of the deposit.", day=last,
        )  # fmt: skip


def _due(ctx: Context, me: int, items: list[CashItem], creditor: Creditor) -> datetime:
    """When the first of it was due at the bank, counted from when it came into this hand."""
    since = CashEntry.objects.filter(
        person_id=me, item__in=items, kind__in=("take", "receive", "repay", "overage", "shortage")
    ).values_list("recorded_at", flat=True)
    calendar = calendars.of_creditor(creditor.id, creditor.country)
    terms = terms_at(ctx.as_of)
    return min(
        (rules.due_at(local(each, creditor), terms, calendar) for each in since),
        default=ctx.now,
    ).astimezone(UTC)
