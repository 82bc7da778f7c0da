"""Instruments: taken in, checked, kept, held, replaced, given back. Covered is never paid.

What may follow on what is core/book/instruments.py; what goes to the bank and comes back is
presenting.py. A move that needs nothing but its paper is one line of PLAIN.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models.functions import Coalesce

from tahsil.actions import _codes, _given, _paper, allocating
from tahsil.actions._paper import agreeing, instrument_of, lines_of
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.actions.receipts import check_contract, locked
from tahsil.core.book.categories import bank_rule_index
from tahsil.core.book.instruments import BY_VERB, KINDS
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    Instrument,
    InstrumentLine,
    Obligation,
)

NAMED = ("provisional", "in_safe", "in_transit", "bank_custody", "under_collection", "held")
YEAR = 365
MOST_LEAVES = 120
FAR_YEARS = 8  # a date that many years ahead is more likely a slip of the pen

PLAIN = {
    "dispatch": "A courier took the paper away on a signed list.",
    "lodge": "The bank took the paper into its custody and stamped the list.",
    "recall": "The paper was asked back from the bank.",
    "receive_back": "The bank gave the paper back.",
    "refer": "The paper went to the legal department with its memo and the proof of notice.",
    "file": "A case was filed on the paper.",
    "settle_case": "The case on the paper was settled.",
    "withdraw_case": "The case on the paper was withdrawn and the paper came back.",
    "pledge": "The paper was pledged to the bank.",
    "release": "The bank released the pledged paper.",
    "endorse": "The paper was endorsed to a supplier.",
    "lose": "The paper was declared lost; the bank and the police were told.",
    "find": "The lost paper was found.",
}
PLACES = {
    "dispatch": "courier", "lodge": "bank", "receive_back": "safe", "refer": "legal",
    "file": "court", "withdraw_case": "safe", "pledge": "bank",
    "release": "safe", "endorse": "supplier", "lose": "", "find": "safe",
}  # fmt: skip
OWNERS = {"pledge": "pledged", "release": "own"}


@verb("instrument.capture")
def capture(
    ctx: Context,
    *,
    account_id: int,
    number: str,
    bank: str,
    amount_minor: int,
    matures_on: date | str,
    contract_id: int | None = None,
    kind: str = "cheque",
    lines: Any = (),
    branch: str = "",
    drawn_on: str = "",
    drawer: str = "",
    drawer_relation: str = "",
    payee: str = "",
    rule: str = "any",
    temporary_receipt: str = "",
    received_on: date | str | None = None,
    note: str = "",
    instead_of: int | None = None,
) -> Act:
    """A paper came in against a temporary receipt; it counts as cover once it was checked.

    Where no lines are named it is for those of the paper it comes instead of, then the nearest.
    """
    account = locked(account_id)
    check_contract(account_id, contract_id)
    bank_rule_index(rule)
    _check_kind(kind)
    number = _given.need_text(number, "number", most=40)
    bank = _given.need_text(bank, "bank", most=80)
    _check_known(account_id, (bank, branch.strip(), drawn_on.strip(), number, kind))
    made = Instrument.objects.create(
        account=account,
        contract_id=contract_id,
        kind=kind,
        number=number,
        bank=bank,
        branch=branch.strip()[:40],
        drawn_on=drawn_on.strip()[:40],
        drawer=drawer.strip()[:160],
        drawer_relation=drawer_relation.strip()[:40],
        payee=payee.strip()[:160],
        amount_minor=_given.need_amount(amount_minor),
        matures_on=_given.need_date(matures_on, "date of the cheque"),
        state="draft",
        rule=rule,
        received_on=_given.as_date(received_on, "day of receipt") or ctx.as_of,
        temporary_receipt=_given.need_text(
            temporary_receipt or f"T-{account_id}-{number}", "temporary receipt", most=40
        ),
        note=note.strip()[:200],
    )
    _cover(made, _given.as_pairs(lines) or _nearest(made, ctx.as_of, instead_of))
    on = _paper.move(
        ctx, made, "capture", evidence=["temporary_receipt"], document=made.temporary_receipt,
        place="reception",
    )  # fmt: skip
    return _paper.act(ctx, made, on, lines=lines_of(made), warnings=_warnings(made, ctx.as_of))


@verb("instrument.capture_series")
def capture_series(
    ctx: Context,
    *,
    account_id: int,
    contract_id: int,
    number: str,
    bank: str,
    count: int,
    branch: str = "",
    drawn_on: str = "",
    drawer: str = "",
    drawer_relation: str = "",
    temporary_receipt: str = "",
) -> Act:
    """A book of leaves came in: one for each of the contract's next lines, number by number."""
    locked(account_id)
    check_contract(account_id, contract_id)
    first = _given.need_text(number, "number", most=40)
    lines = _uncovered(account_id, contract_id, ctx.as_of)[:count]
    if not first.isdigit() or not 1 < count <= MOST_LEAVES or len(lines) < count:
        raise Refused(
            "instrument.series",
            "A series has from 2 to {most} leaves, a number in digits, and a line for each leaf; "
            "{lines} dated lines of this contract have no paper yet.",
            most=MOST_LEAVES,
            lines=len(lines),
        )
    numbers = []
    for at, (key, due_on, amount) in enumerate(lines):
        numbers.append(str(int(first) + at).zfill(len(first)))
        capture(
            ctx.keyed(ctx.key, at),
            account_id=account_id,
            contract_id=contract_id,
            number=numbers[-1],
            bank=bank,
            amount_minor=amount,
            matures_on=due_on,
            lines=[[key, amount]],
            branch=branch,
            drawn_on=drawn_on,
            drawer=drawer,
            drawer_relation=drawer_relation,
            temporary_receipt=temporary_receipt,
        )
    total = sum(amount for _, _, amount in lines)
    facts = {
        "numbers": numbers,
        "bank": bank,
        "amount_minor": total,
        "currency": account_of(account_id).currency,
    }
    return Act(f"contract:{contract_id}", account_id, facts)


@verb("instrument.cover")
def cover(ctx: Context, *, account_id: int, instrument_id: int, lines: Any) -> Act:
    """The lines a paper was given for were named anew, before it goes to the bank."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    if found.state not in ("provisional", "in_safe"):
        raise Refused(
            "instrument.cover_late",
            "{number} is {state}: the lines it covers are named while it is provisional or in "
            "the safe.",
            number=found.number,
            state=found.state,
        )
    before = lines_of(found)
    InstrumentLine.objects.filter(instrument=found).delete()
    _cover(found, _given.as_pairs(lines))
    if found.state == "in_safe":
        _paper.check_whole(found)  # as when it was verified
    return _paper.act(ctx, found, ctx.as_of, before=before, lines=lines_of(found))


def _verifying(
    ctx: Context, *, account_id: int, instrument_id: int, checklist: Any, **params: Any
) -> Verdict:
    """A second officer is asked only about a paper that passed the first one's checklist."""
    asked = {"account_id": account_id, "instrument_id": instrument_id}
    verdict = agreeing("verify")(ctx, **asked)
    _check_list(ctx, instrument_of(account_id, instrument_id), checklist)
    return verdict


@verb("instrument.verify", limits=_verifying)
def verify(
    ctx: Context, *, account_id: int, instrument_id: int, checklist: Any, place: str = "safe"
) -> Act:
    """Two officers looked the paper over; it lies in the safe and covers its lines."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    _check_list(ctx, found, checklist)
    on = _paper.move(ctx, found, "verify", evidence=["checklist"], place=place)
    return _paper.act(ctx, found, on, lines=lines_of(found))


def _check_list(ctx: Context, found: Instrument, checklist: Any) -> None:
    wanted = _codes.items("checks", ctx.as_of)
    failed = [code for code in wanted if not dict(checklist or {}).get(code)]
    if failed:
        raise Refused(
            "instrument.checklist",
            "{number} does not pass: {labels}. It can be rejected and handed back.",
            number=found.number,
            failed=failed,
            labels=[wanted[code]["labels"] for code in failed],
        )


@verb("instrument.reject", limits=agreeing("reject"))
def reject(ctx: Context, *, account_id: int, instrument_id: int, defect: str, document: str) -> Act:
    """The paper has a defect; it went back to the person who brought it, against a signature."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    _codes.item("checks", defect, ctx.as_of)
    document = _given.need_text(document, "signed receipt", most=160)
    on = _paper.move(
        ctx, found, "reject", evidence=["defect", "document"], document=document, place=""
    )
    return _paper.act(ctx, found, on, defect=defect)


def _plain(name: str, purpose: str) -> Any:
    """A move that rests on nothing but its document."""

    def do(
        ctx: Context, *, account_id: int, instrument_id: int, document: str, place: str = "",
        effective_on: date | str | None = None, has_consent: bool = False,
    ) -> Act:  # fmt: skip
        locked(account_id)
        found = instrument_of(account_id, instrument_id)
        document = _given.need_text(document, "document", most=160)
        changes = {"owner": OWNERS[name]} if name in OWNERS else {}
        where = place or PLACES.get(name)
        on = _paper.move(
            ctx, found, name, evidence=BY_VERB[name].evidence, document=document, place=where,
            on=effective_on, has_consent=has_consent, **changes,
        )  # fmt: skip
        return _paper.act(ctx, found, on, document=document)

    do.__doc__ = purpose
    return verb(f"instrument.{name}", limits=agreeing(name))(do)


MOVES = {name: _plain(name, purpose) for name, purpose in PLAIN.items()}


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Refused(
            "instrument.kind",
            "{kind} is not a kind of instrument. Known: {known}.",
            kind=kind or "-",
            known=list(KINDS),
        )


def _check_known(account_id: int, same: tuple[str, str, str, str, str]) -> None:
    """Refuses the same leaf twice: by account drawn on, or on this account by bank and number.

    Two drawers may well share a number, so a number alone refuses nothing.
    """
    bank, branch, drawn_on, number, kind = same
    known = Instrument.objects.filter(bank=bank, number=number, kind=kind)
    of_account = known.filter(account_id=account_id).first()
    of_drawer = known.filter(branch=branch, drawn_on=drawn_on).first() if drawn_on else None
    found = of_account or of_drawer
    if found is not None:
        raise Refused(
            "instrument.duplicate",
            "{bank} {number} was taken in before, for account {account}; it is {state}.",
            bank=bank,
            number=number,
            account=found.account.number,
            state=found.state,
        )


def _cover(instrument: Instrument, pairs: list[tuple[int, int]]) -> None:
    """Names the lines the paper is for: lines of its account, no more than its amount."""
    known = Obligation.objects.filter(account_id=instrument.account_id)
    if instrument.contract_id is not None:
        known = known.filter(contract_id=instrument.contract_id)
    mine = set(known.filter(id__in=[key for key, _ in pairs]).values_list("id", flat=True))
    strange = [key for key, amount in pairs if key not in mine or amount <= 0]
    total = sum(amount for _, amount in pairs)
    if strange or total > instrument.amount_minor:
        raise Refused(
            "instrument.lines_wrong",
            "{number} of {amount_minor} cannot cover {total_minor} on these lines. "
            "Name lines of its account or contract, for no more than its amount.",
            number=instrument.number,
            amount_minor=instrument.amount_minor,
            total_minor=total,
            currency=instrument.account.currency,
        )
    InstrumentLine.objects.bulk_create(
        InstrumentLine(instrument=instrument, obligation_id=key, amount_minor=amount)
        for key, amount in pairs
    )


def _uncovered(
    account_id: int, contract_id: int | None, as_of: date
) -> list[tuple[int, date, int]]:
    """(obligation, due date, amount) that is open and no live paper is for, in order of dates."""
    left = allocating.open_minor(account_id, as_of=as_of)
    named = InstrumentLine.objects.filter(
        instrument__account_id=account_id, instrument__state__in=NAMED
    )
    for key, amount in named.values_list("obligation_id", "amount_minor"):
        left[key] = left.get(key, 0) - amount
    rows = Obligation.objects.filter(account_id=account_id, id__in=left)
    rows = rows.filter(contract_id=contract_id) if contract_id else rows
    dated = rows.values_list("id", Coalesce("dated__due_on", "due_on"))
    found = [(key, due_on, left[key]) for key, due_on in dated if due_on and left[key] > 0]
    return sorted(found, key=lambda line: (line[1], line[0]))


def _nearest(made: Instrument, as_of: date, instead_of: int | None) -> list[tuple[int, int]]:
    """What the old paper leaves open, then the lines due nearest, until the amount is used up."""
    lines = _uncovered(made.account_id, made.contract_id, as_of)
    matures_on = made.matures_on or as_of
    nearest = sorted(lines, key=lambda line: abs((line[1] - matures_on).days))
    old = None if instead_of is None else instrument_of(made.account_id, instead_of)
    wanted = _paper.open_lines(old, as_of) if old else []
    free = {} if old and old.state in NAMED else dict(wanted)  # else it holds its lines itself
    left, found = made.amount_minor, dict[int, int]()
    more = [(key, amount - free.get(key, 0)) for key, _due_on, amount in nearest]
    for key, amount in (*wanted, *more):
        part = min(left, amount)
        if part > 0:
            found[key] = found.get(key, 0) + part
            left -= part
    return list(found.items())


def _warnings(made: Instrument, as_of: date) -> list[str]:
    """What looks odd but may be right: a year far off, a leaf left out of the book."""
    found = []
    if made.matures_on and not -YEAR <= (made.matures_on - as_of).days <= FAR_YEARS * YEAR:
        found.append("far_date")
    if made.number.isdigit():
        others = Instrument.objects.filter(account_id=made.account_id, bank=made.bank)
        leaves = [int(each) for each in others.values_list("number", flat=True) if each.isdigit()]
        before = max((leaf for leaf in leaves if leaf < int(made.number)), default=None)
        if before is not None and int(made.number) - before > 1:
            found.append("gap")
    return found
