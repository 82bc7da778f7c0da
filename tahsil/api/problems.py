"""Refusals and faults as application/problem+json: one shape for every endpoint.

The status says what kind of refusal it is, `code` which one, `facts` what fills its sentence.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from tahsil.api.plain import plain
from tahsil.core.grammar.refusal import Refused, RefusedAll

TITLES = {
    401: "Not signed in",
    403: "Not granted",
    404: "Not known",
    405: "Not possible here",
    409: "Overtaken",
    413: "Too large",
    415: "Not JSON",
    422: "Refused",
    500: "Something went wrong",
    503: "Busy",
}
STATUS = {
    "api.address": 404,
    "api.method": 405,
    "api.too_large": 413,
    "api.content_type": 415,
    "api.fault": 500,
    "api.busy": 503,
    "auth.csrf": 403,
    "key.reused": 409,
    "request.settled": 409,
    "file.too_large": 413,
}
# What has an address or an id of its own; an unknown word of a list is a refusal of another kind.
RECORDS = {
    "account", "contact", "contract", "count", "creditor", "custody", "dispute", "hold", "import",
    "instrument", "job",
    "obligation", "party", "person", "project", "promise", "receipt", "request", "token", "verb",
}  # fmt: skip
KIND = "application/problem+json"


def status_of(code: str) -> int:
    """The HTTP status of a refusal's code."""
    noun, _, said = code.partition(".")
    if code in STATUS:
        return STATUS[code]
    if noun in ("auth", "grant"):
        return 401 if noun == "auth" else 403
    if said == "unknown" and noun in RECORDS:
        return 404
    return 409 if said in ("moved", "state") else 422


def body(refused: Refused) -> dict[str, Any]:
    """The refusal as a problem; `parts` only where several are reported together."""
    status = status_of(refused.code)
    made = {
        "type": f"urn:tahsil:refusal:{refused.code}",
        "title": TITLES[status],
        "status": status,
        "detail": str(refused),
        "code": refused.code,
        "facts": plain(refused.facts),
    }
    if isinstance(refused, RefusedAll):
        made["parts"] = [
            {"detail": str(part), "code": part.code, "facts": plain(part.facts)}
            for part in refused.parts
        ]
    return made


def answer(refused: Refused) -> HttpResponse:
    """The answer that says the refusal."""
    made = body(refused)
    text = json.dumps(made, ensure_ascii=False)
    found = HttpResponse(text, status=made["status"], content_type=KIND)
    if made["status"] == 401:
        found["WWW-Authenticate"] = 'Bearer realm="Tahsil"'
    return found
