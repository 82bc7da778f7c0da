"""Amounts beyond what any sum is exact for: refused with a sentence, wherever one can give them."""

from __future__ import annotations

import pytest

from tahsil.actions import contracts, obligations, receipts
from tahsil.core.grammar.money import AMOUNT_MAX
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Contract, Obligation, Receipt
from tests.conftest import TODAY


def raised(book, amount):
    obligations.raise_(
        book.ctx("huda"), account_id=book.account, category="fee", amount_minor=amount,
        due_on=TODAY,
    )  # fmt: skip


def received(book, amount):
    receipts.record(
        book.ctx("huda"), account_id=book.account, amount_minor=amount, value_on=TODAY,
        instrument="transfer", confirm=True,
    )  # fmt: skip


def adjusted(book, amount):
    obligations.adjust(
        book.ctx("sara"), account_id=book.account, obligation_id=book.lines["Q01"],
        amount_minor=amount, reason="agreed",
    )  # fmt: skip


def signed(book, *amounts):
    lines = [
        {"category": "instalment", "label": f"Q{at}", "amount_minor": amount, "due_on": TODAY}
        for at, amount in enumerate(amounts)
    ]
    _sign(book, price_minor=sum(amounts), lines=lines)


def planned(book, amount):
    terms = {"kind": "series", "total_minor": amount, "count": 3, "first_on": TODAY.isoformat()}
    _sign(book, terms=terms)


def _sign(book, **more):
    contracts.sign(
        book.ctx("sara"), number="YAS-D-9", party={"name": "Hoda Samir", "code": "C9"},
        creditor_id=book.people.creditor, project_id=book.people.project, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "amounts", "code"),
    [
        (raised, [AMOUNT_MAX + 1], "given.too_large"),
        (raised, [10**20], "given.too_large"),
        (raised, [AMOUNT_MAX], "account.too_large"),
        (received, [AMOUNT_MAX + 1], "given.too_large"),
        (received, [10**20], "given.too_large"),
        (adjusted, [AMOUNT_MAX], "given.too_large"),
        (adjusted, [10**20], "given.too_large"),
        (signed, [AMOUNT_MAX, AMOUNT_MAX], "given.too_large"),
        (signed, [10**20], "given.too_large"),
        (planned, [10**20], "given.too_large"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_is_too_large_is_refused_and_nothing_is_written(book, act, amounts, code):
    before = [model.objects.count() for model in (Obligation, Receipt, Contract)]
    with pytest.raises(Refused) as refused:
        act(book, *amounts)
    assert refused.value.code == code
    assert str(refused.value).endswith(".") and "{" not in str(refused.value)
    assert [model.objects.count() for model in (Obligation, Receipt, Contract)] == before


def test_what_adds_up_to_too_much_is_refused_before_it_is_too_much(book):
    received(book, AMOUNT_MAX)
    with pytest.raises(Refused) as refused:
        received(book, 1)
    assert (refused.value.code, refused.value.facts["account"]) == ("account.too_large", "NIL-1")
    assert Receipt.objects.count() == 1
