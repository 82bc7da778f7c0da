"""Addresses of cash: one's own, the team's, deposits, hand-overs, days, cases and call-backs."""

from __future__ import annotations

from typing import Any

from django.urls import path

from tahsil.web import cash, cash_team

urlpatterns: list[Any] = [
    path("cash", cash.cash),
    path("cash/deposits/new", cash.deposits),
    path("cash/deposits/<int:deposit_id>", cash_team.deposit),
    path("cash/deposits/<int:deposit_id>/matches", cash_team.matches),
    path("cash/hand-overs/new", cash.hand_overs),
    path("cash/hand-overs/<int:offer_id>", cash.hand_over),
    path("cash/hand-overs/<int:offer_id>/declines", cash.declines),
    path("cash/closings", cash.closings),
    path("cash/days/<int:day_id>", cash_team.day),
    path("cash/days/<int:day_id>.pdf", cash_team.sheet),
    path("cash/days/<int:day_id>/signatures", cash_team.signatures),
    path("cash/team", cash_team.team),
    path("cash/exceptions", cash_team.exceptions),
    path("cash/cases/<int:case_id>/settlements", cash_team.settlements),
    path("cash/calls", cash_team.calls),
    path("cash/calls/<int:receipt_id>", cash_team.call),
]
