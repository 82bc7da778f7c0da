"""Placing: which contract a receipt or cheque belongs to; a row that fits none or several waits."""

from __future__ import annotations

from tahsil.actions.importing.desk import Desk, hold, remark
from tahsil.core.grammar.names import skeleton
from tahsil.store.models import Contract
from tahsil.store.staging import Row


def placed(desk: Desk, row: Row) -> Contract | None:
    """The one contract of a receipt or cheque; otherwise the row is held and told why."""
    values = row.values
    if key := values.get("contract_key"):
        if key not in desk.opened:
            hold(row, "import.no_contract")
        return desk.opened.get(key)
    found = desk.resolve(values)
    if len(found) > 1:
        hold(row, "import.ambiguous", contracts=[contract.number for contract in found[:6]])
        return None
    if not found:
        _say_missing(desk, row)
        return None
    if is_other_currency(row, found[0]):
        return None
    mind_name(row, found[0])
    return found[0]


def is_other_currency(row: Row, contract: Contract) -> bool:
    """Whether the row's amount is in another currency than its contract; it is held then."""
    said, wanted = row.values.get("currency"), contract.account.currency
    if not said or said == wanted:
        return False
    hold(row, "import.currency", currency=said, number=contract.number, wanted=wanted)
    return True


def mind_name(row: Row, contract: Contract) -> None:
    """Says so where the row's name has nothing in common with the contract's customer."""
    said, known = row.values.get("party_name"), contract.account.party.name
    if not said or row.values.get("party_key") == contract.account.party.name_key:
        return
    if not set(skeleton(said).split()) & set(skeleton(known).split()):
        remark(row, "import.other_name", said=said, known=known)


def _say_missing(desk: Desk, row: Row) -> None:
    values = row.values
    other = desk.alias_of(values)
    if other is not None and other.asset is not None:
        code, number = other.asset.code, other.number
        hold(row, "import.unit_alias", unit=values["unit"], other=code, number=number)
        return
    hold(
        row,
        "import.no_contract_for",
        name=values.get("party_name") or values.get("party_code") or "–",
        unit=values.get("unit") or values.get("contract") or "–",
    )
