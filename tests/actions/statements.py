"""Bank statements for tests: a bank account of ours, a file of a few lines, taken in."""

from __future__ import annotations

from datetime import date

from tahsil.run import statements
from tahsil.store.models import BankAccount, BankLine

IBAN = "EG800002000156789012345180002"


def bank_account(creditor_id: int, *, rule: str = "price", currency: str = "EGP") -> BankAccount:
    """An account of ours at a bank."""
    return BankAccount.objects.create(
        creditor_id=creditor_id, code="CIB-1", bank="CIB", iban=IBAN, currency=currency, rule=rule
    )


def mt940(*lines: tuple, opening: int = 0, number: str = "1/1", day: date = date(2026, 11, 20)):
    """A statement of (minor, text, name, bank's own reference) lines, all booked on the day."""
    said, total = [], opening
    on = f"{day:%y%m%d}"
    for minor, text, *rest in lines:
        mark = "C" if minor >= 0 else "D"
        kind, reference = (*rest, "NTRF", "NONREF")[:2] if rest else ("NTRF", f"R{len(said)}")
        amount = f"{abs(minor) // 100},{abs(minor) % 100:02d}"
        said += [f":61:{on}{on[2:]}{mark}{amount}{kind}{reference}", f":86:{text}"]
        total += minor
    return "\n".join(
        [
            ":20:REF", f":25:{IBAN}", f":28C:{number}", f":60F:{_balance(opening, on)}", *said,
            f":62F:{_balance(total, on)}", "-",
        ]
    ).encode()  # fmt: skip


def take(ctx, *lines: tuple, **how) -> list[BankLine]:
    """The lines of a statement, taken in."""
    (taken,) = statements.take(ctx, mt940(*lines, **how), name="bank.sta")
    return list(BankLine.objects.filter(statement_id=taken.statement_id).order_by("id"))


def _balance(minor: int, on: str) -> str:
    mark = "C" if minor >= 0 else "D"
    return f"{mark}{on}EGP{abs(minor) // 100},{abs(minor) % 100:02d}"
