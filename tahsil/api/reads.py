"""Everything that can be asked: one table of addresses, what each may be told, and its query.

The same table makes the addresses, reads their values and writes the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tahsil.api.schemas import DAY, Schema, text, whole
from tahsil.core.grammar.authority import Standing
from tahsil.queries import (
    account,
    ageing,
    approvals,
    bank,
    bank_line,
    cards,
    collection,
    events,
    imports,
    journal,
    people,
    promises,
    receipts,
    register,
    statement,
    timeline,
    tokens,
    vouchers,
    worklist,
)
from tahsil.queries.chips import WorklistFilters
from tahsil.queries.paging import Page

ID = whole(1)
WORD = text(60)
FLAG: Schema = {"type": "boolean"}


@dataclass(frozen=True)
class Asked:
    """One question: who asks, as of when, for what; `position` is where its page begins."""

    standing: Standing
    as_of: date
    now: datetime
    values: dict[str, Any]
    limit: int
    position: int

    def get(self, name: str, default: Any = None) -> Any:
        """The value asked for under that name, else the default."""
        return self.values.get(name, default)

    def only(self, *names: str, **renamed: str) -> dict[str, Any]:
        """The values asked for under these names; renamed=name takes another's."""
        wanted = {each: each for each in names} | renamed
        return {to: self.values[name] for to, name in wanted.items() if name in self.values}

    @property
    def page(self) -> dict[str, Any]:
        """The page wanted, for queries that count pages."""
        return {"page": max(self.position, 1), "size": self.limit}


@dataclass(frozen=True)
class Listed:
    """Some rows of a list with what stands beside them; `next` is the position after them."""

    rows: Any
    next: int | None
    total: int | None = None
    beside: dict[str, Any] | None = None


@dataclass(frozen=True)
class Read:
    """One address: the verb it needs, the values it takes, its query, the shape of its answer."""

    path: str
    purpose: str
    needs: str
    takes: dict[str, Schema]
    ask: Callable[[Asked], Any]
    shape: Any
    is_list: bool = False


def choice(*codes: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(codes)}


def _listed(found: Any, page: Page[Any] | None = None) -> Listed:
    """A page of a query: its rows, where the next one begins, and the rest of the report."""
    shown = page or found
    beside: dict[str, Any] = {"is_more": shown.is_more}
    if page is not None:
        beside |= {name: each for name, each in vars(found).items() if each is not page}
        beside.pop("as_of", None)
    return Listed(shown.rows, shown.page + 1 if shown.has_next else None, shown.total, beside)


def _accounts(asked: Asked) -> Listed:
    if q := asked.get("q"):
        return Listed(
            register.matching(asked.standing, q, as_of=asked.as_of, limit=asked.limit), None
        )
    filters = register.RegisterFilters(
        **asked.only("number", "currency", "product", "project", "collector", "creditor")
    )
    rows = register.accounts(
        asked.standing, as_of=asked.as_of, filters=filters, after=asked.position,
        limit=asked.limit + 1,
    )  # fmt: skip
    shown = rows[: asked.limit]
    return Listed(shown, shown[-1].account_id if len(rows) > asked.limit else None)


def _account(asked: Asked) -> cards.AccountPage:
    return account.page(
        asked.standing, asked.values["account_id"], as_of=asked.as_of, now=asked.now
    )


@dataclass(frozen=True)
class Explained:
    """Why an account stands where it stands: figures, what to pay, every rung and its tests."""

    as_of: date
    account: cards.Header
    figures: cards.Figures
    to_pay: cards.ToPay
    steering: cards.Steering
    penalties: tuple[cards.PenaltyCard, ...]


def _explain(asked: Asked) -> Explained:
    page = _account(asked)
    return Explained(
        page.as_of, page.header, page.figures, page.to_pay, page.steering, page.penalties
    )


def _timeline(asked: Asked) -> Listed:
    return _listed(
        timeline.timeline(
            asked.standing, asked.values["account_id"], as_of=asked.as_of,
            kind=asked.get("kind", ""), **asked.page,
        )
    )  # fmt: skip


def _statement(asked: Asked) -> statement.Statement:
    return statement.statement(
        asked.standing, asked.values["account_id"], as_of=asked.as_of,
        **asked.only("since", "until", contract_id="contract"),
    )  # fmt: skip


def _worklist(asked: Asked) -> Listed:
    filters = WorklistFilters(
        **asked.only(
            "bucket", "project", "product", "rung", "reason", "currency", "q", "collector", "sort",
            "min_overdue_minor", is_not_worked_today="not_worked_today", is_whole="whole",
        )
    )  # fmt: skip
    found = worklist.worklist(
        asked.standing, as_of=asked.as_of, now=asked.now, filters=filters, **asked.page
    )
    return _listed(found, found.page)


def _ageing(asked: Asked) -> Listed:
    filters = ageing.AgeingFilters(
        **asked.only(
            "currency", "project", "collector", "product", "definition", "group",
            is_overdue_only="overdue_only",
        )
    )  # fmt: skip
    found = ageing.ageing(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return _listed(found, found.page)


def _receipts(asked: Asked) -> Listed:
    since = asked.get("since", asked.as_of)
    filters = collection.CollectionFilters(
        since, asked.get("until", max(since, asked.as_of)),
        **asked.only("collector", "cashier", "project", "branch", "instrument", "currency"),
        is_money_only=not asked.get("all_kinds", False),
    )  # fmt: skip
    found = collection.daily_collection(
        asked.standing, as_of=asked.as_of, filters=filters, **asked.page
    )
    return _listed(found, found.page)


def _receipt(asked: Asked) -> receipts.ReceiptPage:
    return receipts.receipt(asked.standing, asked.values["receipt_id"], as_of=asked.as_of)


def _promises(asked: Asked) -> Listed:
    filters = promises.PromiseFilters(
        **asked.only("view", "collector", "project", "since", "until")
    )
    found = promises.promises(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return _listed(found, found.page)


def _approvals(asked: Asked) -> Listed:
    found = approvals.approvals(
        asked.standing, as_of=asked.as_of, **asked.only("view"), **asked.page
    )
    return _listed(found, found.page)


def _approval(asked: Asked) -> approvals.RequestRow:
    return approvals.request(asked.standing, asked.values["request_id"], as_of=asked.as_of)


def _imports(asked: Asked) -> Listed:
    return _listed(
        imports.batches(asked.standing, as_of=asked.as_of, **asked.only("state"), **asked.page)
    )


def _import(asked: Asked) -> Listed:
    found = imports.batch(
        asked.standing, asked.values["batch_id"], as_of=asked.as_of,
        **asked.only("status", "kind"), **asked.page,
    )  # fmt: skip
    return _listed(found, found.rows)


def _statements(asked: Asked) -> Listed:
    return _listed(
        bank.statements(
            asked.standing, as_of=asked.as_of, **asked.only("bank_account"), **asked.page
        )
    )


def _bank_lines(asked: Asked) -> Listed:
    filters = bank.LineFilters(**asked.only("view", "bank_account", "statement", "q"))
    found = bank.lines(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return _listed(found, found.page)


def _bank_line(asked: Asked) -> bank_line.LinePage:
    return bank_line.line(asked.standing, asked.values["line_id"], as_of=asked.as_of)


def _events(asked: Asked) -> Listed:
    """Newest first from any event on, so that a reader is not moved by what is added meanwhile."""
    filters = events.EventFilters(
        **asked.only("verb", "actor", "account", "subject", "since", "until")
    )
    if asked.position:
        filters = replace(filters, before=asked.position)
    found = events.events(asked.standing, as_of=asked.as_of, filters=filters, size=asked.limit)
    after = found.page.rows[-1].id if found.page.has_next else None
    return Listed(found.page.rows, after, None, {"verbs": found.verbs, "seals": found.seals})


def _people(asked: Asked) -> Listed:
    return Listed(people.people(asked.standing, as_of=asked.as_of), None)


def _tokens(asked: Asked) -> Listed:
    return Listed(tokens.tokens(asked.standing, as_of=asked.as_of), None)


def _journal(asked: Asked) -> journal.Journal:
    until = asked.get("until", asked.as_of)
    return journal.journal(
        asked.standing, since=asked.get("since", until), until=until, as_of=asked.as_of,
        **asked.only("policy", creditor_id="creditor"),
    )  # fmt: skip


def _voucher(query: Callable[..., vouchers.Voucher], name: str) -> Callable[[Asked], Any]:
    return lambda asked: query(asked.standing, asked.values[name], as_of=asked.as_of)


PERIOD = {"since": DAY, "until": DAY}
READS = (
    Read("accounts", "Every account one may read, by id; with q those a search finds.",
         "account.read", {"q": text(120), "number": WORD, "currency": text(3), "product": WORD,
         "project": ID, "collector": ID, "creditor": ID},
         _accounts, tuple[register.RegisterRow, ...], True),
    Read("accounts/{account_id}", "Everything about one account as of the date.",
         "", {"account_id": ID}, _account, cards.AccountPage),
    Read("accounts/{account_id}/timeline", "What happened on the account, newest first.",
         "", {"account_id": ID, "kind": WORD}, _timeline, Page[timeline.TimelineEntry], True),
    Read("accounts/{account_id}/statement", "The statement of account, or of one contract.",
         "", {"account_id": ID, "contract": ID, **PERIOD}, _statement, statement.Statement),
    Read("accounts/{account_id}/explain", "Why it stands where it stands: every rung, every test.",
         "", {"account_id": ID}, _explain, Explained),
    Read("worklist", "Who should be worked today, in order, with the reasons.", "account.read",
         {"bucket": whole(-1, 99), "project": ID, "product": WORD, "rung": WORD, "reason": WORD,
          "min_overdue_minor": whole(0), "currency": text(3), "q": text(120), "collector": ID,
          "sort": choice(*worklist.SORTS), "not_worked_today": FLAG, "whole": FLAG},
         _worklist, worklist.Worklist, True),
    Read("ageing", "Arrears by bucket, with totals that tie out.", "report.read",
         {"currency": text(3), "project": ID, "collector": ID, "product": WORD, "definition": WORD,
          "group": choice(*ageing.GROUPS), "overdue_only": FLAG},
         _ageing, ageing.AgeingReport, True),
    Read("receipts", "The daily collection: receipts by value date, with subtotals.", "report.read",
         {**PERIOD, "collector": ID, "cashier": ID, "project": ID, "branch": ID,
          "instrument": WORD, "currency": text(3), "all_kinds": FLAG},
         _receipts, collection.DailyCollection, True),
    Read("receipts/{receipt_id}", "One receipt and what it pays.", "", {"receipt_id": ID},
         _receipt, receipts.ReceiptPage),
    Read("receipts/{receipt_id}/voucher", "What stands on its voucher, the amount in words.", "",
         {"receipt_id": ID}, _voucher(vouchers.receipt, "receipt_id"), vouchers.Voucher),
    Read("instruments/{instrument_id}/receipt", "The temporary receipt of cheques taken in.", "",
         {"instrument_id": ID}, _voucher(vouchers.cheques, "instrument_id"), vouchers.Voucher),
    Read("instruments/{instrument_id}/hand-back", "What is signed for a cheque handed back.", "",
         {"instrument_id": ID}, _voucher(vouchers.hand_back, "instrument_id"), vouchers.Voucher),
    Read("slips/{slip_id}", "One deposit slip with its papers.", "instrument.read",
         {"slip_id": ID}, _voucher(vouchers.slip, "slip_id"), vouchers.Voucher),
    Read("promises", "Promises due, ahead, broken or all.", "account.read",
         {"view": choice(*promises.VIEWS), "collector": ID, "project": ID, **PERIOD},
         _promises, promises.Promises, True),
    Read("approvals", "What waits for one's yes, what of one's own waits, what was decided.", "",
         {"view": choice(*approvals.VIEWS)}, _approvals, approvals.Approvals, True),
    Read("approvals/{request_id}", "One request with its reasons.", "", {"request_id": ID},
         _approval, approvals.RequestRow),
    Read("journal", "Balanced postings for the general ledger, batch by day.", "journal.read",
         {**PERIOD, "policy": choice(*journal.POLICIES), "creditor": ID},
         _journal, journal.Journal),
    Read("imports", "The imported files, newest first.", "import.read",
         {"state": choice("staged", "committed", "undone", "discarded")},
         _imports, Page[imports.BatchRow], True),
    Read("imports/{batch_id}", "One file with its rows and what became of each.", "import.read",
         {"batch_id": ID, "status": choice(*imports.STATUSES), "kind": WORD},
         _import, imports.BatchPage, True),
    Read("bank/accounts", "Our bank accounts: balance, and what of the lines is unexplained.",
         "bank.read", {}, lambda asked: Listed(bank.accounts(asked.standing, as_of=asked.as_of),
                                               None), tuple[bank.BankAccountRow, ...], True),
    Read("bank/statements", "The bank statements taken in, the newest first.", "bank.read",
         {"bank_account": ID}, _statements, Page[bank.StatementRow], True),
    Read("bank/lines", "Bank lines by view; those open first and longest waiting.", "bank.read",
         {"view": choice(*bank.VIEWS), "bank_account": ID, "statement": ID, "q": text(120)},
         _bank_lines, bank.Lines, True),
    Read("bank/lines/{line_id}", "One bank line: the answers proposed, what explains it.",
         "bank.read", {"line_id": ID}, _bank_line, bank_line.LinePage),
    Read("events", "What was done, newest first; verb may end in *.", "event.read",
         {"verb": WORD, "actor": ID, "account": ID, "subject": WORD, **PERIOD},
         _events, events.EventLog, True),
    Read("people", "Everybody who signs in, with the roles they hold.", "people.read", {},
         _people, tuple[people.PersonRow, ...], True),
    Read("tokens", "The tokens by which programs act as people.", "people.read", {},
         _tokens, tuple[tokens.TokenRow, ...], True),
)  # fmt: skip
