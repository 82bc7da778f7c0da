"""Addresses of the collector's work: the worklist, accounts, promises, receipts, search."""

from __future__ import annotations

from typing import Any

from django.urls import path

from tahsil.web import accounts, contacts, promises, receipts, search, statements, worklist

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
    path("accounts/<int:account_id>/disputes", accounts.disputes),
    path("accounts/<int:account_id>/holds", accounts.holds),
    path("accounts/<int:account_id>/assignments", accounts.assignments),
    path("accounts/<int:account_id>/statement", statements.statement),
    path("accounts/<int:account_id>/statement.pdf", statements.paper),
    path("accounts/<int:account_id>/statement.xlsx", statements.sheet),
    path("promises", promises.promises),
    path("promises/<int:promise_id>/cancellations", promises.cancellations),
    path("receipts/<int:receipt_id>", receipts.receipt),
    path("receipts/<int:receipt_id>/reversals", receipts.reversals),
    path("search", search.search),
]
