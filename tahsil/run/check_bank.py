"""The bank's invariants: statements add up, and what explains a line comes to the line."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, F, Q, Sum

from tahsil.run.check_book import Finding
from tahsil.store.models import BankLine, BankMatch, BankStatement

WAITING = ("open", "pending")


def findings() -> list[Finding]:
    """Every statement about bank lines that does not hold."""
    return [*_balances(), *_states(), *_sums(), *_receipts(), *_reversed()]


def _balances() -> list[Finding]:
    """Opening + the statement's own lines + those it repeats = closing."""
    own = dict(
        BankLine.objects.filter(is_pending=False)
        .order_by()
        .values_list("statement_id")
        .annotate(sum=Sum("amount_minor"))
    )
    both = BankStatement.objects.filter(opening_minor__isnull=False, closing_minor__isnull=False)
    columns = ("id", "number", "opening_minor", "closing_minor", "repeats")
    found = []
    for key, number, opening, closing, repeats in both.order_by("id").values_list(*columns):
        made = opening + own.get(key, 0) + _sum_of(repeats)
        if made != closing:
            found.append(
                Finding(
                    "bank.balance_apart",
                    "Statement {statement} ({number}) closes with {closing}, but its opening and "
                    "lines make {made}.",
                    {"statement": key, "number": number or "-", "closing": closing, "made": made},
                    f"statement:{key}",
                )
            )
    return found


def _sum_of(line_ids: list[int]) -> int:
    if not line_ids:
        return 0
    lines = BankLine.objects.filter(id__in=line_ids)
    return lines.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def _states() -> list[Finding]:
    """A line is explained exactly where something that stands explains it."""
    live: dict[int, set[str]] = defaultdict(set)
    for key, purpose in BankMatch.objects.filter(undone_at=None).values_list("line_id", "purpose"):
        live[key].add(purpose)
    told = BankLine.objects.exclude(state__in=WAITING).filter(~Q(amount_minor=0))
    states = dict(told.values_list("id", "state"))
    wrong = {key: state for key, state in states.items() if _state(live.get(key)) != state}
    wrong |= dict.fromkeys(live.keys() - states.keys(), "open")
    return [
        Finding(
            "bank.state_apart", "Bank line {line} is said to be {state}, but its matches say {is}.",
            {"line": key, "state": state, "is": _state(live.get(key))}, f"bank_line:{key}",
        )
        for key, state in sorted(wrong.items())
    ]  # fmt: skip


def _state(purposes: set[str] | None) -> str:
    if not purposes:
        return "open"
    if purposes == {"suspense"}:
        return "suspended"
    is_money = purposes & {"receipt", "cheque_cleared", "cheque_returned"}
    return "matched" if is_money else "explained"


def _sums() -> list[Finding]:
    """What explains a line comes to the line."""
    apart = (
        BankLine.objects.filter(matches__undone_at=None, matches__isnull=False)
        .annotate(sum=Sum("matches__amount_minor", filter=Q(matches__undone_at=None)))
        .exclude(sum=F("amount_minor"))
    )
    return [
        Finding(
            "bank.match_sum", "Bank line {line} is over {amount}, but its matches come to {sum}.",
            {"line": each.id, "amount": each.amount_minor, "sum": each.sum}, f"bank_line:{each.id}",
        )
        for each in apart.order_by("id")
    ]  # fmt: skip


def _receipts() -> list[Finding]:
    """A match is over what its receipt is over, and no receipt explains two lines."""
    live = BankMatch.objects.filter(undone_at=None, receipt__isnull=False)
    apart = live.exclude(amount_minor=F("receipt__amount_minor"))
    found = [
        Finding(
            "bank.receipt_amount",
            "Receipt {receipt} is not over what it explains of bank line {line}.",
            {"receipt": receipt, "line": line}, f"receipt:{receipt}",
        )
        for receipt, line in apart.order_by("id").values_list("receipt_id", "line_id")
    ]  # fmt: skip
    twice = live.order_by().values_list("receipt_id").annotate(n=Count("id")).filter(n__gt=1)
    return found + [
        Finding(
            "bank.receipt_twice", "Receipt {receipt} explains {count} bank lines.",
            {"receipt": receipt, "count": count}, f"receipt:{receipt}",
        )
        for receipt, count in twice
    ]  # fmt: skip


def _reversed() -> list[Finding]:
    """A warning per line whose receipt was reversed without taking the match back."""
    gone = BankMatch.objects.filter(undone_at=None, receipt__reversal__isnull=False)
    return [
        Finding(
            "bank.receipt_reversed",
            "Receipt {receipt} was reversed, but bank line {line} is still matched with it. Take "
            "the match back.",
            {"receipt": receipt, "line": line}, f"receipt:{receipt}", level="warning",
        )
        for receipt, line in gone.order_by("id").values_list("receipt_id", "line_id")
    ]  # fmt: skip
