"""Papers handed over with money and cheques: receipt voucher, cheque receipts, deposit slip."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language

from tahsil.adapters.documents.pdf import pdf
from tahsil.adapters.documents.vouchers import voucher
from tahsil.queries import vouchers as read
from tahsil.queries.vouchers import Voucher
from tahsil.web import account_parts, asked, exports
from tahsil.web.pages import view


@view
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The voucher of a receipt as PDF."""
    return _paper(request, _asked(request, read.receipt, receipt_id), "receipt")


@view
def cheques(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """The temporary receipt of the cheques that came in with this one, as PDF."""
    return _paper(request, _asked(request, read.cheques, instrument_id), "cheques")


@view
def hand_back(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """What the drawer signs for a cheque handed back, as PDF."""
    return _paper(request, _asked(request, read.hand_back, instrument_id), "hand-back")


@view
def slip(request: HttpRequest, slip_id: int) -> HttpResponse:
    """A deposit slip as PDF."""
    return _paper(request, _asked(request, read.slip, slip_id), "slip")


@view
def refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The voucher of a paid refund, as PDF."""
    return _paper(request, _asked(request, read.refund, refund_id), "refund")


def _asked(request: HttpRequest, query: Any, key: int) -> Voucher:
    return query(asked.standing(request), key, as_of=asked.as_of(request))


def _paper(request: HttpRequest, found: Voucher, name: str) -> HttpResponse:
    """The PDF in the language asked for, else the reader's own; code words are said in it."""
    language = asked.choice(request, "lang", dict(settings.LANGUAGES), get_language() or "en")
    with translation.override(language):
        content = pdf(voucher(_spoken(found), language=language))
    safe = "".join(letter if letter.isalnum() else "-" for letter in found.number)
    return exports.download(
        request, content, f"{name}-{safe}.pdf", "application/pdf", account_id=found.account_id
    )


def _spoken(found: Voucher) -> Voucher:
    words = account_parts.words
    return replace(
        found,
        instrument=words(found.instrument) if found.instrument else "",
        reason=words(found.reason) if found.reason and found.kind != "refund" else found.reason,
        payer_relation=words(found.payer_relation) if found.payer_relation else "",
        lines=tuple(replace(line, label=account_parts.called(line)) for line in found.lines),
    )
