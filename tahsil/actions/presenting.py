"""Presenting: papers go to the bank on a slip, and money comes back.

Only the bank's money is a receipt: it is recorded when a paper clears. Returns are returning.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.actions import _given, _limits, _paper, allocating, receipts
from tahsil.actions._paper import instrument_of, left_lines, left_minor, lines_of, terms_of
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.receipts import locked
from tahsil.core.book import presenting as rules
from tahsil.core.book.categories import BANK_RULE_OF, BANK_RULES, category_index
from tahsil.core.book.instruments import UNPAID
from tahsil.core.book.presenting import Family
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.refusal import Refused
from tahsil.store import returns
from tahsil.store.models import (
    Account,
    BankAccount,
    DepositSlip,
    Instrument,
    InstrumentLine,
    Presentment,
)


def _sending(ctx: Context, *, instruments: Any = (), **params: Any) -> Verdict:
    """A slip asks for what its most often presented paper asks for."""
    most = 0
    for each in Instrument.objects.filter(id__in=_ids(instruments)):
        most = max(most, _presented(each, ctx.as_of))
    return _limits.judge(ctx, "cheque_represent", count=most) if most else _limits.FREE


@verb("slip.send", limits=_sending)
def send(
    ctx: Context,
    *,
    bank_account_id: int,
    instruments: Any,
    number: str,
    sent_on: date | str | None = None,
) -> Act:
    """Papers went to one of our bank accounts on a slip: one currency, one account rule."""
    bank_account = BankAccount.objects.filter(id=bank_account_id).first()
    chosen = list(
        Instrument.objects.filter(id__in=_ids(instruments))
        .select_related("account")
        .order_by("matures_on", "id")
    )
    if bank_account is None or not chosen or len(chosen) != len(_ids(instruments)):
        raise Refused(
            "slip.unknown",
            "A slip names one of our bank accounts and papers of the register, each once.",
        )
    number = _given.need_text(number, "slip number", most=40)
    if DepositSlip.objects.filter(number=number).exists():
        raise Refused("slip.number", "There is a slip {number} already.", number=number)
    _check_slip(bank_account, chosen)
    slip = DepositSlip.objects.create(
        bank_account=bank_account,
        number=number,
        sent_on=_given.as_date(sent_on, "day of the slip") or ctx.as_of,
        count=len(chosen),
        total_minor=sum(left_minor(each) for each in chosen),
        by_id=ctx.standing.actor_id or None,
    )
    for each in chosen:
        deposit(
            ctx.keyed(ctx.key, each.id),
            account_id=each.account_id,
            instrument_id=each.id,
            slip_id=slip.id,
        )
    facts = {
        "number": number,
        "bank_account": bank_account.code,
        "count": slip.count,
        "amount_minor": slip.total_minor,
        "currency": bank_account.currency,
        "instruments": [each.number for each in chosen],
    }
    return Act(f"slip:{slip.id}", None, facts, slip.sent_on)


def _depositing(ctx: Context, *, account_id: int, instrument_id: int, **params: Any) -> Verdict:
    before = _presented(instrument_of(account_id, instrument_id), ctx.as_of)
    return _limits.judge(ctx, "cheque_represent", count=before) if before else _limits.FREE


@verb("instrument.deposit", limits=_depositing)
def deposit(ctx: Context, *, account_id: int, instrument_id: int, slip_id: int) -> Act:
    """A paper went to the bank on a slip, for the first time or again."""
    account = locked(account_id)
    found = instrument_of(account_id, instrument_id)
    slip = DepositSlip.objects.select_related("bank_account").filter(id=slip_id).first()
    if slip is None:
        raise Refused("slip.none", "There is no slip {slip_id}.", slip_id=slip_id)
    _check_joins(slip, found)
    matures_on = found.matures_on or slip.sent_on
    terms, calendar = terms_of(account, ctx.as_of)
    tries = _presented(found, ctx.as_of)
    earliest = rules.present_on(matures_on, found.state, terms, calendar)
    rules.check_deposit(found.number, matures_on, slip.sent_on, earliest, terms)
    _check_owed(found, ctx.as_of)
    name = "represent" if found.state in UNPAID else "deposit"
    on = _paper.move(
        ctx, found, name, evidence=["slip"], document=slip.number, place="bank", on=slip.sent_on
    )
    tried = Presentment.objects.create(
        instrument=found,
        seq=tries + 1,
        slip=slip,
        bank_account=slip.bank_account,
        asked_minor=left_minor(found),
        sent_on=on,
        expected_on=rules.expected_on(
            on, matures_on, terms, calendar, same_bank=found.bank == slip.bank_account.bank
        ),
    )
    return _paper.act(
        ctx, found, on, slip=slip.number, seq=tried.seq, expected_on=tried.expected_on
    )


@verb("instrument.clear")
def clear(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    value_on: date | str,
    reference: str,
    charge_minor: int = 0,
) -> Act:
    """The bank credited the paper: its money is a receipt and pays the lines it was given for."""
    account = locked(account_id)
    found = instrument_of(account_id, instrument_id)
    reference = _given.need_text(reference, "bank reference", most=80)
    charge = _paper.charge_of(found, charge_minor, ctx.as_of)
    on = _paper.move(ctx, found, "clear", evidence=["bank_line"], document=reference, on=value_on)
    money = _taken(ctx, account, found, left_minor(found), on)
    _paper.answer(found, on, "cleared", paid_minor=money.amount_minor, charge_minor=charge,
            receipt_id=money.id)  # fmt: skip
    return _paper.act(ctx, found, on, receipt=money.number, charge_minor=charge)


@verb("instrument.pay_in_part")
def pay_in_part(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    amount_minor: int,
    certificate: str,
    value_on: date | str,
) -> Act:
    """The bank paid what there was and certified the rest as unpaid."""
    account = locked(account_id)
    found = instrument_of(account_id, instrument_id)
    certificate = _given.need_text(certificate, "certificate", most=160)
    left = left_minor(found)
    if not 0 < _given.need_amount(amount_minor) < left:
        raise Refused(
            "instrument.part",
            "A part of {number} is less than the {left_minor} left of it. "
            "A whole payment clears it.",
            number=found.number,
            left_minor=left,
            currency=account.currency,
        )
    on = _paper.move(
        ctx, found, "pay_in_part", evidence=["certificate", "amount_minor"],
        document=certificate, on=value_on,
    )  # fmt: skip
    money = _taken(ctx, account, found, amount_minor, on)
    _paper.answer(
        found, on, "partial", paid_minor=amount_minor, memo=certificate, receipt_id=money.id
    )
    rest = left - amount_minor
    return _paper.act(ctx, found, on, receipt=money.number, paid_minor=amount_minor,
                      rest_minor=rest)  # fmt: skip


def _ids(given: Any) -> list[int]:
    return [each for each in given or () if isinstance(each, int)]


def _presented(found: Instrument, as_of: date) -> int:
    """How often it went to the bank; refused where its reasons do not let it go again."""
    reasons = list(Presentment.objects.filter(instrument=found).values_list("reason", flat=True))
    families = [family(each, as_of) for each in reasons if each]
    rules.check_represent(found.number, families, len(reasons))
    return len(reasons)


def _check_slip(bank_account: BankAccount, chosen: list[Instrument]) -> None:
    strange = [each.number for each in chosen if each.account.currency != bank_account.currency]
    if strange:
        raise Refused(
            "slip.currency",
            "{numbers} are not in {currency}, the currency of {bank_account}.",
            numbers=strange,
            currency=bank_account.currency,
            bank_account=bank_account.code,
        )
    others = [
        each.number for each in chosen if each.account.creditor_id != bank_account.creditor_id
    ]
    if others:
        raise Refused(
            "slip.creditor",
            "{numbers} belong to another company than the one {bank_account} is of.",
            numbers=others,
            bank_account=bank_account.code,
        )
    lines = InstrumentLine.objects.filter(instrument__in=chosen).values_list(
        "instrument_id", "obligation__category"
    )
    wanted: dict[int, set[str]] = {}
    for key, category in lines:
        wanted.setdefault(key, set()).add(BANK_RULES[BANK_RULE_OF[category_index(category)]])
    wrong = {
        each.number
        for each in chosen
        # A paper that names no line is for the price, unless it says otherwise itself.
        if wanted.get(each.id, {"price" if each.rule == "any" else each.rule})
        != {bank_account.rule}
    }
    if wrong and bank_account.rule != "any":
        raise Refused(
            "slip.rule",
            "{numbers} cover lines whose money does not belong in {bank_account}.",
            numbers=sorted(wrong),
            bank_account=bank_account.code,
        )


def _check_joins(slip: DepositSlip, found: Instrument) -> None:
    """Refuses what a slip is not for: its count and total were handed to the bank with it."""
    _check_slip(slip.bank_account, [found])
    asked = [each for (each,) in slip.presentments.values_list("asked_minor")]
    if len(asked) >= slip.count:
        raise Refused(
            "slip.full",
            "Slip {slip} went with {count} papers, and all of them are on it. "
            "Send {number} on a slip of its own.",
            slip=slip.number,
            count=slip.count,
            number=found.number,
        )
    left = slip.total_minor - sum(each or 0 for each in asked)
    if left_minor(found) > left:
        raise Refused(
            "slip.total",
            "Slip {slip} has room for {left_minor}; {number} is for {amount_minor}. "
            "Send it on a slip of its own.",
            slip=slip.number,
            left_minor=left,
            number=found.number,
            amount_minor=left_minor(found),
            currency=slip.bank_account.currency,
        )


def _check_owed(found: Instrument, as_of: date) -> None:
    """Pre-flight: a paper whose lines were paid meanwhile goes back to its drawer instead."""
    if lines_of(found) and not _paper.open_minor(found, as_of):
        raise Refused(
            "instrument.paid_meanwhile",
            "Everything {number} was given for has been paid. Hand it back instead.",
            number=found.number,
        )


def _taken(ctx: Context, account: Account, found: Instrument, amount: int, on: date) -> Any:
    tried = _paper.last_try(found)
    rule = tried.bank_account.rule if tried.bank_account else found.rule
    open_minor = allocating.open_minor(account.id, as_of=on)
    left, parts = amount, []
    for key, covered in left_lines(found):
        part = min(covered, left, max(open_minor.get(key, 0), 0))  # some may be paid meanwhile
        parts.append((key, part))
        left -= part
    return receipts.take(
        ctx, account, amount_minor=amount, value_on=on, instrument="cheque",
        reference=found.number, bank=found.bank, rule=rule, payer=found.drawer,
        contract_id=found.contract_id, instruction=[each for each in parts if each[1]],
        bank_account_id=tried.bank_account_id,
        number="" if ctx.standing.actor_id else f"{found.bank} {found.number}".strip()[:60],
    )  # fmt: skip


def family(reason: str, as_of: date, banks: tuple[str, ...] = ()) -> Family:
    """The family of return reasons that a code, a clearing code or a memo's wording belongs to."""
    return returns.family_of(banks, reason, as_of)
