"""What the ids among an act's details stand for, as people call it: an approver reads no ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from tahsil.store.models import (
    BankAccount,
    Contract,
    DepositSlip,
    Instrument,
    Obligation,
    Person,
    Receipt,
    Refund,
)

_CHEQUE = (Instrument, ("number", "bank"))
_PERSON = (Person, ("name",))
_RECEIPT = (Receipt, ("number",))
NAMES: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "instrument_id": _CHEQUE,
    "instruments": _CHEQUE,
    "instead_of": _CHEQUE,
    "receipt_id": _RECEIPT,
    "receipts": _RECEIPT,
    "obligation_id": (Obligation, ("label", "category")),
    "contract_id": (Contract, ("number",)),
    "bank_account_id": (BankAccount, ("code",)),
    "slip_id": (DepositSlip, ("number",)),
    "refund_id": (Refund, ("number",)),
    "person_id": _PERSON,
    "receiver_id": _PERSON,
    "owner_id": _PERSON,
}


def named(params: dict[str, Any]) -> dict[str, Any]:
    """The details with names in the place of ids; what is not there any more keeps its id."""
    return {name: _said(name, value) for name, value in params.items()}


def _said(name: str, value: Any) -> Any:
    if name not in NAMES:
        return value
    ids = value if isinstance(value, list) else [value]
    if not ids or not all(isinstance(each, int) for each in ids):
        return value
    texts = _texts(*NAMES[name], ids)
    return texts if isinstance(value, list) else texts[0]


def _texts(model: type[Model], columns: tuple[str, ...], ids: Iterable[int]) -> list[str]:
    wanted = list(ids)
    rows = model._default_manager.filter(pk__in=wanted).values_list("pk", *columns)
    # A label stands for its category; a cheque's number alone does not tell it.
    known = {
        key: parts[0] or parts[1] if model is Obligation else " · ".join(filter(None, parts))
        for key, *parts in rows
    }
    return [known.get(each, str(each)) for each in wanted]
