"""Every table, one module a noun."""

from tahsil.store.models.bank import (
    BankLine,
    BankMatch,
    BankProposal,
    BankStatement,
    LearnedFee,
    LearnedPattern,
    LearnedPayer,
)
from tahsil.store.models.contracts import (
    Account,
    Asset,
    Contract,
    ContractEvent,
    ContractParty,
    ScheduleVersion,
)
from tahsil.store.models.creditors import BankAccount, Branch, CalendarDay, Creditor, Project
from tahsil.store.models.events import Event, EventSeal, Request
from tahsil.store.models.imports import ImportBatch, ImportMapping, ImportRow
from tahsil.store.models.instruments import (
    DepositSlip,
    Instrument,
    InstrumentLine,
    InstrumentMove,
    InstrumentReplacement,
    Presentment,
    SafeCount,
)
from tahsil.store.models.obligations import Adjustment, Obligation, ObligationDue
from tahsil.store.models.parties import ContactPoint, Party, PartyName
from tahsil.store.models.people import Person, RoleGrant, Team, Token
from tahsil.store.models.policies import PolicyVersion
from tahsil.store.models.receipts import Allocation, Receipt, ReceiptSeries, Reversal
from tahsil.store.models.runs import DayRun, Job, SearchTerm, SearchWord
from tahsil.store.models.work import Attempt, Case, Dispute, Hold, Promise, Standing

__all__ = [
    "Account", "Adjustment", "Allocation", "Asset", "Attempt", "BankAccount", "BankLine",
    "BankMatch", "BankProposal", "BankStatement", "Branch", "CalendarDay", "Case",
    "ContactPoint", "Contract", "ContractEvent", "ContractParty", "Creditor", "DayRun",
    "DepositSlip", "Dispute", "Event", "EventSeal", "Hold", "ImportBatch", "ImportMapping",
    "ImportRow", "Instrument", "InstrumentLine", "InstrumentMove", "InstrumentReplacement",
    "Job", "LearnedFee", "LearnedPattern", "LearnedPayer", "Obligation", "ObligationDue",
    "Party", "PartyName", "Person", "PolicyVersion", "Presentment", "Project", "Promise",
    "Receipt", "ReceiptSeries", "Request", "Reversal", "RoleGrant", "SafeCount",
    "ScheduleVersion", "SearchTerm", "SearchWord", "Standing", "Team", "Token",
]  # fmt: skip
