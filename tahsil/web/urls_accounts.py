"""Addresses of the collector's work: the worklist, accounts, promises, receipts, search."""

from __future__ import annotations

from typing import Any

from django.urls import path

from tahsil.web import (
    accounts,
    contacts,
    disputes,
    holds,
    instrument_moves,
    lines,
    promises,
    receipts,
    search,
    statements,
    vouchers,
    worklist,
)

urlpatterns: list[Any] = [
    path("worklist", worklist.worklist),
    path("worklist/next", worklist.next_account),
    path("worklist/starts", worklist.starts),
    path("accounts", accounts.accounts),
    path("accounts/<int:account_id>", accounts.account),
    path("accounts/<int:account_id>/locks", accounts.locks),
    path("accounts/<int:account_id>/attempts", contacts.attempts),
    path("accounts/<int:account_id>/contact-points", contacts.points),
    path("accounts/<int:account_id>/wrong-points", contacts.wrong_points),
    path("accounts/<int:account_id>/promises", promises.account_promises),
    path("accounts/<int:account_id>/receipts", receipts.account_receipts),
    path("accounts/<int:account_id>/proposals", receipts.proposals),
    path("accounts/<int:account_id>/disputes", disputes.disputes),
    path("accounts/<int:account_id>/holds", holds.holds),
    path("accounts/<int:account_id>/assignments", accounts.assignments),
    path("accounts/<int:account_id>/disputes/<int:dispute_id>/decisions", disputes.decisions),
    path("accounts/<int:account_id>/holds/<int:hold_id>/ends", holds.ends),
    path("accounts/<int:account_id>/instruments", instrument_moves.captures),
    path("accounts/<int:account_id>/notes", accounts.notes),
    path("accounts/<int:account_id>/next-steps", accounts.next_steps),
    path("accounts/<int:account_id>/reveals", accounts.reveals),
    path("accounts/<int:account_id>/lines/<int:obligation_id>", lines.line),
    path("accounts/<int:account_id>/lines/<int:obligation_id>/waivers", lines.waivers),
    path("accounts/<int:account_id>/lines/<int:obligation_id>/adjustments", lines.adjustments),
    path("accounts/<int:account_id>/lines/<int:obligation_id>/cancellations", lines.cancellations),
    path("accounts/<int:account_id>/obligations", lines.obligations),
    path("accounts/<int:account_id>/penalties", lines.penalties),
    path("accounts/<int:account_id>/accruals", lines.accruals),
    path("accounts/<int:account_id>/contracts/<int:contract_id>/events", lines.events),
    path("accounts/<int:account_id>/statement", statements.statement),
    path("accounts/<int:account_id>/statement.pdf", statements.paper),
    path("accounts/<int:account_id>/statement.xlsx", statements.sheet),
    path("promises", promises.promises),
    path("promises/<int:promise_id>/cancellations", promises.cancellations),
    path("receipts/<int:receipt_id>", receipts.receipt),
    path("receipts/<int:receipt_id>/voucher.pdf", vouchers.receipt),
    path("receipts/<int:receipt_id>/reversals", receipts.reversals),
    path("receipts/<int:receipt_id>/reallocations", receipts.reallocations),
    path("search", search.search),
]
