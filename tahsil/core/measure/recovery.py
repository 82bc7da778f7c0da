"""Recovery: how well collection went, as shares in parts per million, rounded half up.

Every share is None where there is nothing to take a share of: no promises due is not a kept
rate of zero. The formulae are those of the trade's reports; which receipts count as cleared, and
which promises have matured, is decided by whoever passes the amounts.
"""

from __future__ import annotations

from tahsil.core.grammar.money import PPM


def ratio_ppm(part: int, whole: int) -> int | None:
    """The part per million of the whole, rounded half up; None where the whole is nothing."""
    if whole <= 0:
        return None
    return (2 * int(part) * PPM + int(whole)) // (2 * int(whole))


def efficiency_ppm(*, cleared_minor: int, due_minor: int, held_minor: int = 0) -> int | None:
    """Cleared against lines due in the period, per due in the period less approved holds."""
    return ratio_ppm(cleared_minor, due_minor - held_minor)


def arrears_recovery_ppm(*, cleared_minor: int, opening_overdue_minor: int) -> int | None:
    """Cleared against what was overdue at the start, per what was overdue at the start."""
    return ratio_ppm(cleared_minor, opening_overdue_minor)


def cei_ppm(
    *, opening_minor: int, billed_minor: int, closing_minor: int, closing_current_minor: int
) -> int | None:
    """Collection effectiveness: what was collected of what could have been by the end."""
    base = opening_minor + billed_minor
    return ratio_ppm(base - closing_minor, base - closing_current_minor)


def kept_ppm(*, kept: int, part_kept: int, broken: int) -> int | None:
    """Promises kept per promises judged, by count or by amount; open ones have no say."""
    return ratio_ppm(kept, kept + part_kept + broken)


def bounce_ppm(*, bounced: int, presented: int) -> int | None:
    """First presentments returned unpaid per first presentments, by count or by amount."""
    return ratio_ppm(bounced, presented)


def right_party_ppm(*, contacts: int, attempts: int) -> int | None:
    """Attempts that reached the debtor per attempts."""
    return ratio_ppm(contacts, attempts)


def dso_days(*, receivables_minor: int, credit_sales_minor: int, period_days: int) -> int | None:
    """Days of credit sales that stand in receivables, rounded half up."""
    if credit_sales_minor <= 0:
        return None
    double = 2 * receivables_minor * period_days + credit_sales_minor
    return double // (2 * credit_sales_minor)
