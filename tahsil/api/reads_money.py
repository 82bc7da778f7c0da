"""What can be asked about money and papers: receipts, cheques, the bank, the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tahsil.api.asking import FLAG, ID, PERIOD, WORD, Asked, Listed, Read, choice, listed
from tahsil.api.schemas import text
from tahsil.core.book.tie_out import CAUSES, PARTS
from tahsil.queries import (
    bank,
    bank_line,
    collection,
    documents,
    instrument_page,
    instruments,
    journal,
    periods,
    receipts,
    tie_out,
    vouchers,
)
from tahsil.queries.paging import Page


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
    return listed(found, found.page)


def _receipt(asked: Asked) -> receipts.ReceiptPage:
    return receipts.receipt(asked.standing, asked.values["receipt_id"], as_of=asked.as_of)


def _statements(asked: Asked) -> Listed:
    return listed(
        bank.statements(
            asked.standing, as_of=asked.as_of, **asked.only("bank_account"), **asked.page
        )
    )


def _bank_lines(asked: Asked) -> Listed:
    filters = bank.LineFilters(**asked.only("view", "bank_account", "statement", "q"))
    found = bank.lines(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return listed(found, found.page)


def _bank_line(asked: Asked) -> bank_line.LinePage:
    return bank_line.line(asked.standing, asked.values["line_id"], as_of=asked.as_of)


def _journal(asked: Asked) -> journal.Journal:
    until = asked.get("until", asked.as_of)
    return journal.journal(
        asked.standing, since=asked.get("since", until), until=until, as_of=asked.as_of,
        **asked.only("policy", creditor_id="creditor"),
    )  # fmt: skip


def _tie_out(asked: Asked) -> Listed:
    wanted = asked.only("cause", "part", creditor_id="creditor")
    return Listed(tie_out.tie_out(asked.standing, as_of=asked.as_of, **wanted), None)


def _voucher(query: Callable[..., vouchers.Voucher], name: str) -> Callable[[Asked], Any]:
    return lambda asked: query(asked.standing, asked.values[name], as_of=asked.as_of)


def _instruments(asked: Asked) -> Listed:
    filters = instruments.InstrumentFilters(
        **asked.only("view", "state", "bank", "project", "creditor", "currency", "since", "until")
    )
    found = instruments.register(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return listed(found, found.page)


def _instrument(asked: Asked) -> instrument_page.InstrumentPage:
    return instrument_page.instrument(
        asked.standing, asked.values["instrument_id"], as_of=asked.as_of
    )


def _documents(asked: Asked) -> Listed:
    return Listed(documents.documents(asked.standing, asked.get("subject", "")), None)


MONEY = (
    Read("instruments", "Cheques and other papers by view, the soonest maturity first.",
         "instrument.read", {"view": choice(*instruments.VIEWS), "state": WORD, "bank": text(80),
         "project": ID, "creditor": ID, "currency": text(3), **PERIOD},
         _instruments, instruments.Register, True),
    Read("instruments/{instrument_id}", "One paper: what it covers, its moves and its tries.",
         "instrument.read", {"instrument_id": ID}, _instrument, instrument_page.InstrumentPage),
    Read("documents", "The files kept with a subject, such as instrument:12.", "account.read",
         {"subject": text(60)}, _documents, tuple[documents.DocumentRow, ...], True),
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
    Read("journal", "Balanced postings for the general ledger, batch by day.", "journal.read",
         {**PERIOD, "policy": choice(*journal.POLICIES), "creditor": ID},
         _journal, journal.Journal),
    Read("tie-out", "The book, our postings and the general ledger side by side, with causes.",
         "journal.read", {"creditor": ID, "cause": choice(*CAUSES), "part": choice(*PARTS)},
         _tie_out, tuple[tie_out.Tie, ...], True),
    Read("periods", "Months and whether they are closed, with the figures frozen then.",
         "journal.read", {},
         lambda asked: Listed(periods.periods(asked.standing, as_of=asked.as_of), None),
         tuple[periods.PeriodRow, ...], True),
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
)  # fmt: skip
