"""What may be said of a bank's tables: which column is what, how dates and numbers are written.

`columns` maps a field to the heading it stands under, and to nothing where no column is to be
taken for it. Reading by it is adapters/bank/rows.py.
"""

from __future__ import annotations

from typing import Any

from tahsil.core.grammar.refusal import Refused

FIELDS = (
    "booked_on", "value_on", "description", "reference", "bank_reference", "cheque_number",
    "debit", "credit", "amount", "sign", "balance", "payer", "payer_account", "currency",
)  # fmt: skip
ORDERS, POINTS = ("", "dmy", "mdy"), ("", ".", ",")
DATES, MONEY = ("booked_on", "value_on"), ("amount", "debit", "credit")


def checked(said: Any) -> dict[str, Any]:
    """What was said of a bank's tables: columns, order, point; refused where it reads none."""
    if not isinstance(said, dict) or set(said) - {"columns", "order", "point"}:
        raise Refused(
            "bank.mapping", "A mapping of a bank's tables has columns, order and point, no more."
        )
    columns = said.get("columns") or {}
    odd = [key for key in columns if key not in FIELDS] if isinstance(columns, dict) else ["list"]
    if odd:
        raise Refused(
            "bank.mapping_field",
            "A bank's table has no {odd}. It may have: {known}.",
            odd=odd,
            known=list(FIELDS),
        )
    order, point = said.get("order") or "", said.get("point") or ""
    if order not in ORDERS or point not in POINTS:
        raise Refused(
            "bank.mapping_sign",
            "Dates are dmy or mdy and the decimal sign is a point or a comma, not {order} {point}.",
            order=order,
            point=point,
        )
    found = {key: " ".join(str(heading or "").split()) for key, heading in columns.items()}
    _check_enough(found)
    return {"columns": found, "order": order, "point": point}


def _check_enough(columns: dict[str, str]) -> None:
    if not columns:
        return  # the file's own headings serve
    headings = [heading for heading in columns.values() if heading]
    twice = sorted({each for each in headings if headings.count(each) > 1})
    if twice:
        raise Refused(
            "bank.mapping_twice", "{headings} cannot be two things at once.", headings=twice
        )
    if not any(columns.get(key) for key in DATES) or not any(columns.get(key) for key in MONEY):
        raise Refused(
            "bank.mapping_less",
            "A bank's table is read by a date and by an amount, or by debit and credit. Say which "
            "columns they are.",
        )
