"""What is handed over on paper when money or cheques change hands.

Five papers: the receipt voucher, the receipt for cheques taken in, the receipt for a cheque
handed back, the deposit slip, the voucher of a refund. Amounts are said in words in every
language at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.core.grammar.words_of_money import LANGUAGES, in_words
from tahsil.queries import ledger as ledgers
from tahsil.queries import lines as account_lines
from tahsil.queries import parties, receipts, refunds
from tahsil.queries.instrument_page import READ
from tahsil.store import scope
from tahsil.store.models import Account, DepositSlip, Instrument, InstrumentMove

KINDS = ("receipt", "cheques", "hand_back", "slip", "refund")
GIVEN_BACK = ("replaced", "settled_otherwise", "in_safe")  # hand_back of core/book/instruments.py


@dataclass(frozen=True)
class PaidLine:
    """One line that a receipt pays, or that a cheque is given for."""

    label: str
    category: str
    contract_number: str
    due_on: date | None
    amount_minor: int


@dataclass(frozen=True)
class ChequeLine:
    """One cheque in a list."""

    number: str
    bank: str
    branch: str
    drawer: str
    name: str
    unit: str
    project: str
    matures_on: date | None
    amount_minor: int


@dataclass(frozen=True)
class Voucher:
    """One paper: who hands over what to whom; `words` says the amount in each language."""

    kind: str
    number: str
    on: date
    creditor: str
    creditor_ar: str
    currency: str
    amount_minor: int
    words: dict[str, str]
    account_id: int | None = None
    account_number: str = ""
    name: str = ""
    name_other: str = ""
    branch: str = ""
    contract_number: str = ""
    unit: str = ""
    payer: str = ""
    payer_relation: str = ""
    book: str = ""
    instrument: str = ""
    reference: str = ""
    bank: str = ""
    bank_account: str = ""
    iban: str = ""
    collector: str = ""
    cashier: str = ""
    approver: str = ""
    reason: str = ""
    document: str = ""
    note: str = ""
    left_minor: int | None = None
    unapplied_minor: int = 0
    is_reversed: bool = False
    lines: tuple[PaidLine, ...] = ()
    cheques: tuple[ChequeLine, ...] = ()


def receipt(standing: Standing, receipt_id: int, *, as_of: date) -> Voucher:
    """The voucher of one receipt: what it paid, and what the account still has open."""
    found = receipts.receipt(standing, receipt_id, as_of=as_of)
    rows = account_lines.rows(ledgers.read(found.account_id, as_of=as_of))
    return Voucher(
        kind="receipt",
        number=found.number,
        on=found.value_on,
        creditor=found.creditor,
        creditor_ar=found.creditor_ar,
        currency=found.currency,
        amount_minor=found.amount_minor,
        words=_words(found.amount_minor, found.currency),
        account_id=found.account_id,
        account_number=found.account_number,
        name=found.name,
        name_other=found.name_other,
        branch=found.branch,
        contract_number=found.contract_number,
        unit=found.unit,
        payer=found.payer,
        payer_relation=found.payer_relation,
        book=f"{found.book} {found.paper_number}" if found.book else "",
        instrument=found.instrument,
        reference=found.reference,
        bank=found.bank,
        collector=found.collector,
        cashier=found.cashier,
        note=found.note,
        left_minor=sum(row.open_minor for row in rows),
        unapplied_minor=found.unapplied_minor,
        is_reversed=found.is_reversed,
        lines=tuple(
            PaidLine(part.label, part.category, part.contract_number, part.due_on,
                     part.amount_minor)
            for part in found.parts
        ),
    )  # fmt: skip


def cheques(standing: Standing, instrument_id: int, *, as_of: date) -> Voucher:
    """The receipt for cheques: every one that came in under the same temporary receipt."""
    first = _paper(standing, instrument_id, as_of)
    together = [first]
    if first.temporary_receipt:
        same = _joined().filter(
            account_id=first.account_id, temporary_receipt=first.temporary_receipt
        )
        together = list(same.order_by("matures_on", "id"))
    taken = InstrumentMove.objects.filter(instrument=first, verb="capture").select_related("by")
    move = taken.first()
    return _of_account(
        first.account,
        together,
        kind="cheques",
        number=first.temporary_receipt or first.number,
        on=first.received_on or (move.effective_on if move else as_of),
        cashier=move.by.name if move and move.by else "",
    )


def hand_back(standing: Standing, instrument_id: int, *, as_of: date) -> Voucher:
    """The receipt its drawer signs for a cheque handed back; before the hand-over or after it."""
    found = _paper(standing, instrument_id, as_of)
    moves = InstrumentMove.objects.filter(instrument=found, verb="hand_back").select_related("by")
    move = moves.first()
    if move is None and found.state not in GIVEN_BACK:
        raise Refused(
            "voucher.not_back",
            "{number} is {state}, so it is not handed back. It can be once it is {possible}.",
            number=found.number,
            state=found.state,
            possible=list(GIVEN_BACK),
        )
    return _of_account(
        found.account,
        [found],
        kind="hand_back",
        number=f"R-{found.id}",
        on=move.effective_on if move else as_of,
        reason=move.before if move else found.state,
        document=move.document if move else "",
        cashier=move.by.name if move and move.by else "",
    )


def slip(standing: Standing, slip_id: int, *, as_of: date) -> Voucher:
    """One deposit slip with its papers in order; refused where some may not be seen."""
    known = DepositSlip.objects.select_related("bank_account__creditor", "by")
    found = known.filter(id=slip_id, sent_on__lte=as_of).first()
    papers = _joined().filter(presentments__slip_id=slip_id).order_by("presentments__id")
    seen = list(scope.visible(standing, papers, READ, "account__"))
    if found is None or not seen or len(seen) < found.count:
        raise Refused("slip.none", "There is no slip {slip_id}.", slip_id=slip_id)
    bank_account = found.bank_account
    # What the slip asked of the bank: of a cheque paid in part before, the rest.
    asked = dict(found.presentments.values_list("instrument_id", "asked_minor"))
    return Voucher(
        kind="slip",
        number=found.number,
        on=found.sent_on,
        creditor=bank_account.creditor.name,
        creditor_ar=bank_account.creditor.name_ar,
        currency=bank_account.currency,
        amount_minor=found.total_minor,
        words=_words(found.total_minor, bank_account.currency),
        bank=bank_account.bank,
        bank_account=bank_account.code,
        iban=bank_account.iban,
        cashier=found.by.name if found.by else "",
        cheques=tuple(
            replace(_cheque(each), amount_minor=asked[each.id] or each.amount_minor)
            for each in seen
        ),
    )


def refund(standing: Standing, refund_id: int, *, as_of: date) -> Voucher:
    """The voucher of a refund that was paid: to whom, out of which receipts, agreed to by whom."""
    found = refunds.refund(standing, refund_id, as_of=as_of)
    row = found.row
    if row.paid_on is None:
        raise Refused(
            "voucher.not_paid",
            "Refund {number} is {state}. Its voucher is there once it is paid.",
            number=row.number,
            state=row.state,
        )
    return Voucher(
        kind="refund",
        number=row.number,
        on=row.paid_on,
        creditor=found.creditor,
        creditor_ar=found.creditor_ar,
        currency=row.currency,
        amount_minor=row.amount_minor,
        words=_words(row.amount_minor, row.currency),
        account_id=row.account_id,
        account_number=row.account_number,
        name=row.payee,
        name_other=found.name_other if row.payee == row.name else "",
        payer=row.name,
        instrument=row.method,
        reference=row.reference,
        bank_account=row.bank_account,
        cashier=found.paid_by,
        approver=row.approved_by,
        reason=row.reason,
        note=found.payee_reason,
        is_reversed=row.state == "came_back",
        lines=tuple(
            PaidLine(each.number, "refund", "", each.value_on, each.amount_minor)
            for each in found.receipts
        ),
    )


def _of_account(account: Account, papers: list[Instrument], **more: Any) -> Voucher:
    total = sum(each.amount_minor for each in papers)
    creditor = account.creditor
    return Voucher(
        creditor=creditor.name,
        creditor_ar=creditor.name_ar,
        currency=account.currency,
        amount_minor=total,
        words=_words(total, account.currency),
        account_id=account.id,
        account_number=account.number,
        name=account.party.name,
        name_other=parties.other_name(account.party_id),
        cheques=tuple(map(_cheque, papers)),
        **more,
    )


def _cheque(each: Instrument) -> ChequeLine:
    asset = each.contract.asset if each.contract else None
    project = each.account.project
    return ChequeLine(
        each.number, each.bank, each.branch, each.drawer, each.account.party.name,
        asset.code if asset else "", project.name if project else "", each.matures_on,
        each.amount_minor,
    )  # fmt: skip


def _paper(standing: Standing, instrument_id: int, as_of: date) -> Instrument:
    seen = scope.visible(standing, _joined(), READ, "account__").filter(id=instrument_id)
    found = seen.first()
    if found is None or (found.received_on and found.received_on > as_of):
        raise Refused(
            "instrument.unknown",
            "There is no instrument {instrument_id}.",
            instrument_id=instrument_id,
        )
    return found


def _joined() -> Any:
    return Instrument.objects.select_related(
        "account__party", "account__creditor", "account__project", "contract__asset"
    )


def _words(minor: int, currency: str) -> dict[str, str]:
    return {language: in_words(minor, currency, language) for language in LANGUAGES}
