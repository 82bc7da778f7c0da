"""The ledger's invariants: postings come to what is owed, closed months stay as they were."""

from __future__ import annotations

from datetime import date

from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import periods, tie_out
from tahsil.run.check_book import Finding
from tahsil.store.models import Creditor


def findings(as_of: date) -> list[Finding]:
    """Every statement about the ledger that does not hold as of today."""
    try:
        return [*_control(as_of), *_months(as_of)]
    except Refused as refused:  # a posting that does not balance cannot be summed
        return [Finding(refused.code, refused.template, refused.facts, "journal")]


def _control(as_of: date) -> list[Finding]:
    """Per currency and part the postings come to what the accounts say."""
    return [
        Finding(
            "ledger.control",
            "The postings of {creditor} come to {own} of {part}, the accounts to {book}.",
            {
                "creditor": tie.creditor, "part": part.part,
                "own": f"{decimal_text(part.own_minor, tie.currency)} {tie.currency}",
                "book": f"{decimal_text(part.book_minor, tie.currency)} {tie.currency}",
            },
            f"creditor:{tie.creditor_id}",
        )
        for creditor in Creditor.objects.order_by("code")
        for tie in tie_out.of_creditor(creditor, as_of)
        for part in tie.parts
        if not part.is_sound
    ]  # fmt: skip


def _months(as_of: date) -> list[Finding]:
    """A closed month's postings are what they were when it was closed."""
    return [
        Finding(
            "period.changed",
            "The postings of {month} of {creditor} are not what they were when it was closed.",
            {"month": f"{month_on:%Y-%m}", "creditor": creditor}, f"period:{month_on:%Y-%m}",
        )
        for creditor, month_on in periods.changed(as_of)
    ]  # fmt: skip
