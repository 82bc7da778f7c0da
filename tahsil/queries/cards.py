"""The cards of the account page: shapes only. What fills them is account.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from tahsil.core.grammar.authority import Answer, Reason
from tahsil.queries.lines import ContractCard, LineRow
from tahsil.queries.timeline import TimelineEntry


@dataclass(frozen=True)
class PointCard:
    """A telephone, address or e-mail; `value` is masked unless `is_open`.

    `is_shared`: three parties or more have it. `dial` is the bare value for a link, empty where
    the reader may not see it.
    """

    id: int
    channel: str
    value: str
    is_open: bool
    is_wrong: bool
    is_shared: bool
    shared_by: int
    source: str
    dial: str


@dataclass(frozen=True)
class PartyCard:
    """A party of the account: roles over all its contracts, other names, ways to reach it."""

    id: int
    code: str
    name: str
    other_names: tuple[str, ...]
    kind: str
    language: str
    country: str
    national_id: str  # masked unless revealed for this view
    roles: tuple[str, ...]
    share_ppm: int | None  # where the party has one share over all contracts
    is_debtor: bool
    note: str
    points: tuple[PointCard, ...]


@dataclass(frozen=True)
class NextStep:
    """What is to happen, and when."""

    code: str
    on: date | None
    at: time | None
    is_past: bool


@dataclass(frozen=True)
class Header:
    """Whose account it is and who works it; `locked_by` names somebody else who has it open."""

    id: int
    number: str
    name: str
    name_other: str
    product: str
    creditor_id: int
    creditor: str
    country: str
    currency: str
    project_id: int | None
    project: str
    collector_id: int | None
    collector: str
    next_step: NextStep | None
    locked_by: str
    locked_until_at: datetime | None


@dataclass(frozen=True)
class Figures:
    """The account's position as of the date, in minor units.

    open = overdue + due today + not due + undated + disputed; balance = open - unapplied.
    `covered_minor` is what live instruments stand behind of the arrears, `uncovered_minor` the
    rest of them; `float_minor` is with the bank and not yet cleared. bucket -1: nothing is late.
    """

    open_minor: int
    overdue_minor: int
    due_today_minor: int
    not_due_minor: int
    undated_minor: int
    disputed_minor: int
    unapplied_minor: int
    balance_minor: int
    covered_minor: int
    uncovered_minor: int
    float_minor: int
    price_minor: int
    paid_minor: int
    paid_ppm: int
    penalties_minor: int  # accrued, not assessed
    dpd: int
    delinquent_days: int
    bucket: int
    bucket_label: str
    oldest_due_on: date | None
    next_due_on: date | None
    next_due_minor: int


@dataclass(frozen=True)
class ToPayLine:
    """One part of what is to be paid today; `why` is its reason as a sentence."""

    obligation_id: int | None  # none for unapplied money and accrued penalties
    contract_number: str
    category: str
    label: str
    due_on: date | None
    dpd: int
    amount_minor: int  # negative for money already here
    cover: str
    instrument: str
    why: Reason


@dataclass(frozen=True)
class ToPay:
    """How much to pay today and why: the lines add up to the total.

    `without_penalties_minor` leaves out what has accrued and nobody assessed.
    """

    total_minor: int
    without_penalties_minor: int
    lines: tuple[ToPayLine, ...]


@dataclass(frozen=True)
class AllocationPart:
    """What a receipt paid of one line."""

    obligation_id: int
    label: str
    category: str
    due_on: date | None
    contract_number: str
    amount_minor: int


@dataclass(frozen=True)
class ReceiptCard:
    """A receipt with what it paid, as of the date; a reversed one pays nothing."""

    id: int
    number: str
    kind: str
    instrument: str
    reference: str
    bank: str
    amount_minor: int
    unapplied_minor: int
    value_on: date
    recorded_at: datetime
    payer: str
    cashier: str
    is_reversed: bool
    reversed_on: date | None
    reversal_reason: str
    note: str
    parts: tuple[AllocationPart, ...]


@dataclass(frozen=True)
class InstrumentCard:
    """A cheque or other paper; `cover` says where it stands."""

    id: int
    kind: str
    number: str
    bank: str
    drawer: str
    amount_minor: int
    matures_on: date | None
    state: str
    cover: str
    place: str
    bounced_on: date | None
    contract_number: str


@dataclass(frozen=True)
class PromiseCard:
    """A promise; as of a past date its state is what was known then."""

    id: int
    amount_minor: int
    promised_on: date
    made_on: date
    made_by: str
    promised_by: str
    instrument: str
    confidence: int
    state: str
    received_minor: int
    judged_on: date | None


@dataclass(frozen=True)
class PromiseHistory:
    """The open promise, and all others newest first with how they ended."""

    open: PromiseCard | None
    earlier: tuple[PromiseCard, ...]
    kept: int
    part_kept: int
    broken: int
    kept_ppm: int | None  # of the judged ones; none without any


@dataclass(frozen=True)
class DisputeCard:
    """A line the debtor contests."""

    id: int
    obligation_id: int
    line: str
    amount_minor: int
    code: str
    note: str
    state: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True)
class HoldCard:
    """A pause; `is_running` as of the date."""

    id: int
    kind: str
    reason: str
    since_on: date
    until_on: date
    by: str
    is_running: bool


@dataclass(frozen=True)
class PenaltyStep:
    """One stretch of days of an accrual; the steps add up."""

    since: date
    until: date
    days: int
    base_minor: int
    amount_minor: int


@dataclass(frozen=True)
class PenaltyCard:
    """What has accrued on one line and nobody assessed, with how it was worked out."""

    obligation_id: int
    line: str
    rule: str
    version: str
    amount_minor: int
    tax_minor: int
    capped_by: str
    is_in_grace: bool
    steps: tuple[PenaltyStep, ...]


@dataclass(frozen=True)
class RungTest:
    """One condition of a rung, as it turned out."""

    fact: str
    op: str
    wanted: object
    found: object
    holds: bool


@dataclass(frozen=True)
class RungTry:
    """One rung with its tests; exactly one is chosen."""

    code: str
    labels: dict[str, str]
    holds: bool
    is_chosen: bool
    tests: tuple[RungTest, ...]


@dataclass(frozen=True)
class Steering:
    """The case, the rung and why; what we are about to do and when.

    `rung_number` of `rungs_count`; `policy` names the ladder's version. `next_treatment_on` is the
    next day our treatment is due, none where it does nothing. `tries` go as far as the chosen rung.
    """

    case_id: int | None
    case_opened_on: date | None
    rung: str
    rung_labels: dict[str, str]
    rung_number: int
    rungs_count: int
    rung_since_on: date | None
    treatment: str
    channel: str
    next_treatment_on: date | None
    policy: str
    tries: tuple[RungTry, ...]
    reasons: tuple[Reason, ...]  # why it is on the worklist today; none if it is not
    kept_off: tuple[Reason, ...]  # what keeps it off


@dataclass(frozen=True)
class VerbAnswer:
    """Whether this person may do this to this account now, with every reason."""

    verb: str
    answer: Answer
    reasons: tuple[Reason, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether it can be done, perhaps after somebody's yes."""
        return self.answer != Answer.DENY


@dataclass(frozen=True)
class AttemptCard:
    """One attempt on the account."""

    id: int
    channel: str
    is_inbound: bool
    disposition: str
    disposition_labels: dict[str, str]
    level: str
    reason: str
    note: str
    next_step: str
    next_step_on: date | None
    happened_at: datetime
    by: str
    party: str
    point: str  # masked


@dataclass(frozen=True)
class AccountPage:
    """One account, live, as of the date."""

    as_of: date
    header: Header
    parties: tuple[PartyCard, ...]
    figures: Figures
    to_pay: ToPay
    contracts: tuple[ContractCard, ...]
    loose_lines: tuple[LineRow, ...]  # obligations of no contract
    receipts: tuple[ReceiptCard, ...]
    instruments: tuple[InstrumentCard, ...]
    promises: PromiseHistory
    disputes: tuple[DisputeCard, ...]
    holds: tuple[HoldCard, ...]
    penalties: tuple[PenaltyCard, ...]
    steering: Steering
    verbs: dict[str, VerbAnswer]
    attempts: tuple[AttemptCard, ...]  # newest first, ten of them
    timeline: tuple[TimelineEntry, ...]  # newest first, twenty of them

    @property
    def forbidden(self) -> tuple[VerbAnswer, ...]:
        """What is not allowed now, and why."""
        return tuple(each for each in self.verbs.values() if each.answer == Answer.DENY)
