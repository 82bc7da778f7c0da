"""The account page: everything about one debtor's standing on one screen, as of any date.

The shapes are cards.py's; lines and cover lines.py's; rung, reasons and penalties steering.py's;
parties and how to reach them parties.py's. Reading is in few statements, none of them per row.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from tahsil.core.grammar.authority import Reason, Standing
from tahsil.core.grammar.names import script
from tahsil.queries import ledger as ledgers
from tahsil.queries import (
    lines,
    masks,
    money_cards,
    parties,
    penalties,
    rules,
    steering,
    timeline,
    work_cards,
)
from tahsil.queries.accounts import Seen, readable
from tahsil.queries.cards import (
    AccountPage,
    Figures,
    Header,
    NextStep,
    PartyCard,
    PenaltyCard,
    ToPay,
    ToPayLine,
)
from tahsil.queries.ledger import Ledger, Row
from tahsil.queries.lines import ContractCard, LineRow
from tahsil.queries.parties import ContractPart
from tahsil.queries.steering import Measured
from tahsil.store.models import Contract, ScheduleVersion
from tahsil.store.prepared import Prepared


def page(
    standing: Standing,
    account_id: int,
    *,
    as_of: date,
    now: datetime | None = None,
    revealed_id: int | None = None,
) -> AccountPage:
    """Everything about the account as of the date; refused where the reader may not see it.

    Identity numbers are masked but for the party `revealed_id`: see identity.reveal.
    """
    account = readable(standing, account_id)
    in_force = rules.read(as_of)
    reach = account.reach
    ledger = ledgers.read(account_id, as_of=as_of)
    rows = lines.rows(ledger)
    parts = parties.parts_of(account_id, as_of=as_of)
    contracts = contracts_of(account_id, rows, parts)
    numbers = {contract.id: contract.number for contract in contracts}
    measured = steering.measure(account_id, in_force, as_of=as_of)
    accrued = penalties_of(ledger, contracts, in_force, account)
    charged = penalties.cards(accrued, ledger)
    figures = _figures(ledger, rows, contracts, measured, penalties.unassessed_minor(accrued))
    promises = work_cards.promises(account_id, as_of=as_of)
    holds = work_cards.holds(account_id, as_of=as_of)
    people = parties.cards(
        account.party_id,
        parts,
        may_call=masks.may_call(standing, reach),
        may_reveal=masks.may_reveal(standing, reach),
        revealed_id=revealed_id,
    )
    return AccountPage(
        as_of=as_of,
        header=_header(account, standing, people[0], as_of=as_of, now=now),
        parties=people,
        figures=figures,
        to_pay=_to_pay(figures, rows, numbers, charged, account.currency),
        contracts=contracts,
        loose_lines=tuple(row for row in rows if row.contract_id is None and _is_shown(row)),
        receipts=money_cards.receipts(ledger, numbers),
        instruments=money_cards.instruments(ledger, numbers),
        promises=promises,
        disputes=work_cards.disputes(ledger),
        holds=holds,
        penalties=charged,
        steering=steering.steering(account, measured, in_force, as_of=as_of),
        verbs=steering.verbs(standing, reach, promises=promises, holds=holds, figures=figures),
        attempts=work_cards.attempts(
            account_id, in_force, as_of=as_of, may_call=masks.may_call(standing, reach)
        ),
        timeline=timeline.newest(account_id, currency=account.currency, as_of=as_of),
    )


def penalties_of(
    ledger: Ledger, contracts: tuple[ContractCard, ...], in_force: rules.Rules, account: Seen
) -> dict[int, penalties.Accrued]:
    """Per contract what its penalty rule comes to on the date."""
    codes = {contract.id: contract.penalty for contract in contracts}
    creditor = (account.creditor_id, account.country)
    return penalties.of_account(ledger, codes, in_force, creditor=creditor)


def _header(
    account: Seen, standing: Standing, card: PartyCard, *, as_of: date, now: datetime | None
) -> Header:
    others = [name for name in card.other_names if script(name) != script(account.name)]
    has_lock = account.locked_by_id and account.locked_by_id != standing.actor_id
    until = account.locked_until_at
    is_locked = bool(has_lock and (now is None or until is None or until > now))
    return Header(
        id=account.id,
        number=account.number,
        name=account.name,
        name_other=others[0] if others else "",
        product=account.product,
        creditor_id=account.creditor_id,
        creditor=account.creditor_name,
        country=account.country,
        currency=account.currency,
        project_id=account.project_id,
        project=account.project_name or "",
        collector_id=account.collector_id,
        collector=account.collector_name or "",
        next_step=_next_step(account, as_of),
        locked_by=(account.locker or "") if is_locked else "",
        locked_until_at=until if is_locked else None,
    )


def _next_step(account: Seen, as_of: date) -> NextStep | None:
    if not account.next_step:
        return None
    is_past = account.next_step_on is not None and account.next_step_on < as_of
    return NextStep(account.next_step, account.next_step_on, account.next_step_at, is_past)


def contracts_of(
    account_id: int, rows: list[LineRow], parts: list[ContractPart]
) -> tuple[ContractCard, ...]:
    """The account's contracts, each with its lines and parties, by number."""
    by_contract: dict[int, list[LineRow]] = defaultdict(list)
    for row in rows:
        if row.contract_id is not None and _is_shown(row):
            by_contract[row.contract_id].append(row)
    found = _contracts.rows(account_id=account_id)
    return tuple(_contract(contract, by_contract[contract["id"]], parts) for contract in found)


@Prepared
def _contracts(account_id: int) -> QuerySet:
    newest = ScheduleVersion.objects.filter(contract=OuterRef("id")).order_by("-version")
    return Contract.objects.filter(account_id=account_id).order_by("number").values(
        "id", "number", "product", "status", "signed_on", "ends_on", "price_minor", "waterfall",
        "penalty", project_name=F("project__name"), unit=F("asset__code"),
        unit_label=F("asset__label"), schedule_version=Subquery(newest.values("version")[:1]),
    )  # fmt: skip


def _contract(contract: Row, rows: list[LineRow], parts: list[ContractPart]) -> ContractCard:
    price = [row for row in rows if lines.counts_toward_paid(row.category)]
    whole, paid = sum(row.amount_minor for row in price), sum(row.paid_minor for row in price)
    late = [row for row in rows if row.dpd > 0]
    return ContractCard(
        id=contract["id"],
        number=contract["number"],
        project=contract["project_name"] or "",
        unit=contract["unit"] or "",
        unit_label=contract["unit_label"] or "",
        product=contract["product"],
        status=contract["status"],
        signed_on=contract["signed_on"],
        ends_on=contract["ends_on"],
        price_minor=contract["price_minor"] or whole,
        paid_minor=paid,
        open_minor=sum(row.open_minor for row in rows),
        overdue_minor=sum(row.open_minor - row.disputed_minor for row in late),
        covered_minor=sum(row.covered_minor for row in rows),
        paid_ppm=paid * 1_000_000 // whole if whole > 0 else 0,
        waterfall=contract["waterfall"],
        penalty=contract["penalty"],
        parties=tuple(part.row() for part in parts if part.contract_id == contract["id"]),
        lines=tuple(rows),
        schedule_version=contract["schedule_version"] or 0,
    )


def _is_shown(row: LineRow) -> bool:
    """A cancelled line stands in the statement of changes, not among what is owed."""
    return row.money != "cancelled" or row.paid_minor != 0


def _figures(
    ledger: Ledger,
    rows: list[LineRow],
    contracts: tuple[ContractCard, ...],
    measured: Measured,
    penalties_minor: int,
) -> Figures:
    known = measured.position
    uncovered = int(measured.facts["uncovered_minor"])
    price = [row for row in rows if lines.counts_toward_paid(row.category)]
    whole, paid = sum(row.amount_minor for row in price), sum(row.paid_minor for row in price)
    return Figures(
        open_minor=known["open_minor"],
        overdue_minor=known["overdue_minor"],
        due_today_minor=known["due_today_minor"],
        not_due_minor=known["not_due_minor"],
        undated_minor=known["undated_minor"],
        disputed_minor=known["disputed_minor"],
        unapplied_minor=known["unapplied_minor"],
        balance_minor=known["balance_minor"],
        covered_minor=known["overdue_minor"] - uncovered,
        uncovered_minor=uncovered,
        float_minor=money_cards.float_minor(ledger),
        price_minor=sum(contract.price_minor for contract in contracts),
        paid_minor=paid,
        paid_ppm=paid * 1_000_000 // whole if whole > 0 else 0,
        penalties_minor=penalties_minor,
        dpd=known["dpd"],
        delinquent_days=known["delinquent_days"],
        bucket=known["bucket"],
        bucket_label=measured.bucket_label,
        oldest_due_on=known["oldest_due_on"],
        next_due_on=known["next_due_on"],
        next_due_minor=known["next_due_minor"],
    )


def _to_pay(
    figures: Figures,
    rows: list[LineRow],
    numbers: dict[int, str],
    charged: tuple[PenaltyCard, ...],
    currency: str,
) -> ToPay:
    """What is due by today and undisputed, with penalties, less money already here."""
    due = [_due_line(row, numbers) for row in rows if _is_payable(row)]
    made = [*due]
    if figures.penalties_minor:
        made.append(_penalty_line(figures, charged, currency))
    owed = sum(line.amount_minor for line in made)
    here = min(figures.unapplied_minor, owed)
    if here > 0:
        why = Reason(
            "to_pay.unapplied",
            "{amount_minor} came in already and is set against nothing yet.",
            {"amount_minor": here, "currency": currency},
        )
        made.append(ToPayLine(None, "", "unapplied", "", None, 0, -here, "none", "", why))
    total = sum(line.amount_minor for line in made)
    without = max(sum(line.amount_minor for line in due) - max(figures.unapplied_minor, 0), 0)
    return ToPay(total, without, tuple(made))


SENTENCES = {
    ("overdue", False): "Due on {due_on}; days past due: {dpd}.",
    ("overdue", True): "Due on {due_on}; days past due: {dpd}. The disputed part is left out.",
    ("due_today", False): "Due today.",
    ("due_today", True): "Due today; the disputed part is left out.",
}


def _is_payable(row: LineRow) -> bool:
    is_due = row.money in ("overdue", "due_today", "part_paid")
    return is_due and row.open_minor > row.disputed_minor


def _due_line(row: LineRow, numbers: dict[int, str]) -> ToPayLine:
    kind = "overdue" if row.dpd else "due_today"
    code = "to_pay.rest" if row.disputed_minor else f"to_pay.{kind}"
    template = SENTENCES[kind, bool(row.disputed_minor)]
    return ToPayLine(
        obligation_id=row.obligation_id,
        contract_number=numbers.get(row.contract_id or 0, ""),
        category=row.category,
        label=row.label,
        due_on=row.due_on,
        dpd=row.dpd,
        amount_minor=row.open_minor - row.disputed_minor,
        cover=row.cover,
        instrument=row.instrument,
        why=Reason(code, template, {"due_on": row.due_on, "dpd": row.dpd}),
    )


def _penalty_line(figures: Figures, charged: tuple[PenaltyCard, ...], currency: str) -> ToPayLine:
    rule = next((card.rule for card in charged if card.amount_minor), "")
    why = Reason(
        "to_pay.penalties",
        "Accrued on {count} late lines under {rule}; nobody assessed it yet.",
        {"count": sum(1 for card in charged if card.amount_minor), "rule": rule,
         "currency": currency},
    )  # fmt: skip
    return ToPayLine(
        None, "", "penalty", "", None, figures.dpd, figures.penalties_minor, "none", "", why
    )
