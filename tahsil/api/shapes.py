"""The forms of details whose type hint says too little: lines, terms, instructions, parties."""

from __future__ import annotations

from tahsil.api.schemas import AMOUNT_MOST, DAY, Schema, nullable, text, whole
from tahsil.core.book.categories import CATEGORIES

AMOUNT = whole(0, AMOUNT_MOST)
PPM = whole(0, 1_000_000)
COUNT = whole(1, 1_200)  # a hundred years of months
DAYS = whole(-3_660, 36_600)
CATEGORY: Schema = {"type": "string", "enum": [category.code for category in CATEGORIES]}


def _object(required: str, **properties: Schema) -> Schema:
    return {
        "type": "object", "properties": properties, "required": required.split(),
        "additionalProperties": False,
    }  # fmt: skip


def _list(items: Schema, most: int = 1_200) -> Schema:
    return {"type": "array", "items": items, "maxItems": most}


LINE = _object(
    "category amount_minor",
    category=CATEGORY, label=text(160), amount_minor=whole(1, AMOUNT_MOST), due_on=nullable(DAY),
    due_event=nullable(text(40)), due_days=DAYS,
)  # fmt: skip
WHEN: Schema = {
    "anyOf": [whole(0, 1_200), DAY, _object("event", event=text(40), days=DAYS)],
    "description": "Months after signing, a date, or so many days after an event.",
}
PART = _object(
    "category when",
    category=CATEGORY, label=text(160), when=WHEN, ppm=PPM, amount_minor=AMOUNT,
)  # fmt: skip
REGULAR = _object(
    "count first_month",
    count=COUNT, first_month=whole(0, 1_200), step_months=whole(1, 120), label=text(40),
    weights=_list(whole(1, 1_000_000)), amount_minor=AMOUNT,
)  # fmt: skip
DEVELOPER = _object(
    "kind price_minor signed_on",
    kind={"type": "string", "enum": ["developer"]}, price_minor=AMOUNT, signed_on=DAY,
    reserved_on=nullable(DAY), reservation_minor=AMOUNT, down_payments=_list(PART),
    regular=_list(REGULAR), inside=_list(PART), extras=_list(PART),
)  # fmt: skip
RENT = _object(
    "kind annual_minor cheques since until",
    kind={"type": "string", "enum": ["rent"]}, annual_minor=AMOUNT, cheques=COUNT, since=DAY,
    until=DAY,
)  # fmt: skip
SERIES = _object(
    "kind total_minor count first_on",
    kind={"type": "string", "enum": ["series"]}, category=CATEGORY, total_minor=AMOUNT,
    count=COUNT, first_on=DAY, step_months=whole(1, 120),
)  # fmt: skip
TERMS: Schema = {
    "anyOf": [DEVELOPER, RENT, SERIES, {"type": "null"}],
    "x-free": True,
    "description": "The terms a schedule follows from; instead of lines.",
}
INSTRUCTION: Schema = {
    **_list({"type": "array", "items": whole(1, AMOUNT_MOST), "minItems": 2, "maxItems": 2}),
    "description": "What the payer wants paid: [obligation_id, amount_minor] pairs.",
}
PARTY = nullable(
    _object(
        "name",
        name=text(240), code=text(40), kind=text(12), language=text(5), country=text(2),
        national_id=text(40), note=text(500),
    )
)  # fmt: skip
ASSET = nullable(_object("code", code=text(60), label=text(160), kind=text(12)))
BODY: Schema = {
    "type": "object",
    "x-free": True,
    "description": "The policy's value, as its file under policies/ has it.",
}
IDS = _list(whole(1, AMOUNT_MOST), 1_000)
COVERED: Schema = {**INSTRUCTION, "description": "Covered lines: [obligation_id, amount_minor]."}
CHECKED: Schema = {
    "type": "object",
    "additionalProperties": {"type": "boolean"},
    "description": "Per item of the code list `checks` whether it was right.",
}
PARTS = _list(
    _object(
        "",
        account_id=whole(1), amount_minor=whole(1, AMOUNT_MOST), allocations=INSTRUCTION,
        receipt_id=whole(1),
    )
)  # fmt: skip
BALANCE = nullable(whole(-AMOUNT_MOST, AMOUNT_MOST))
FLAG: Schema = {"type": "boolean"}
BANK_LINE = _object(
    "booked_on amount_minor fingerprint",
    booked_on=DAY, amount_minor=whole(-AMOUNT_MOST, AMOUNT_MOST), fingerprint=text(80),
    value_on=DAY, at=whole(1), text=text(), reference=text(200), bank_reference=text(200),
    code=text(20), bank_code=text(60), payer=text(200), payer_account=text(80),
    cheque_number=text(40), is_reversal=FLAG, is_pending=FLAG,
)  # fmt: skip
STATEMENT = _object(
    "currency lines",
    currency=text(3), account=text(60), format=text(20), number=text(80), opened_on=nullable(DAY),
    closed_on=nullable(DAY), opening_minor=BALANCE, closing_minor=BALANCE,
    lines=_list(BANK_LINE, 50_000),
)  # fmt: skip
MAPPING = _object(
    "",
    columns={"type": "object", "additionalProperties": text(120)},
    order={"type": "string", "enum": ["", "dmy", "mdy"]},
    point={"type": "string", "enum": ["", ".", ","]},
)
PIECES: Schema = {
    "type": "object",
    "additionalProperties": whole(0, 1_000_000),
    "description": "Notes in minor units and how many of each.",
}
NAMED: dict[str, Schema] = {
    "mapping": MAPPING,
    "parts": PARTS,
    "statement": STATEMENT,
    "instruments": IDS,
    "receipts": IDS,
    "pieces": PIECES,
    "checklist": CHECKED,
    "lines": _list(LINE),
    "terms": TERMS,
    "instruction": INSTRUCTION,
    "party": PARTY,
    "asset": ASSET,
    "body": BODY,
}
SUM: Schema = {  # currency, how many papers, how much
    "type": "array", "items": {"anyOf": [text(3), AMOUNT]}, "minItems": 3, "maxItems": 3,
}  # fmt: skip
ENTRY: Schema = {"anyOf": [text(40), _list(text(40), 2)]}  # a number, or with its amount as typed
CUSTODY: dict[tuple[str, str], Schema] = {
    ("custody.hand_over", "instruments"): _list(whole(1), 2_000),
    ("custody.accept", "missing"): _list(whole(1), 2_000),
    ("count.enter", "entries"): _list(ENTRY, 5_000),
    ("count.enter", "lines"): _list(whole(1), 5_000),
    ("count.enter", "strike"): _list(whole(1), 5_000),
    ("count.say", "totals"): _list(SUM, 20),
}
MINOR: Schema = whole(-AMOUNT_MOST, AMOUNT_MOST)
LEDGER_BALANCE: Schema = {  # code, name, currency, amount
    "type": "array", "items": {"anyOf": [text(200), MINOR]}, "minItems": 4, "maxItems": 4,
}  # fmt: skip
LEDGER_ENTRY: Schema = {  # code, currency, day, reference, text, amount
    "type": "array", "items": {"anyOf": [text(200), MINOR]}, "minItems": 6, "maxItems": 6,
}  # fmt: skip
LEDGER: dict[tuple[str, str], Schema] = {
    ("ledger.load", "balances"): _list(LEDGER_BALANCE, 50_000),
    ("ledger.load", "entries"): _list(LEDGER_ENTRY, 50_000),
    # a return code: the bank's code, its wording, our family
    ("policy.take_return_codes", "rows"): _list(
        {"type": "array", "items": text(160), "minItems": 1, "maxItems": 3}, 2_000
    ),
}
GIVEN_BACK: Schema = {
    **INSTRUCTION,
    "description": "What is paid back: [receipt_id, amount_minor].",
}
# Verbs keep their details, so they take hashes; who calls the API sends the thing itself.
RENAMED = {("people.set_password", "password_hash"): "password"}


def of(verb: str, name: str) -> Schema | None:
    """The form of that detail of a verb; none where its type hint says it all."""
    if verb.startswith("instrument.") and name == "lines":
        return COVERED
    if (verb, name) == ("refund.ask", "parts"):
        return GIVEN_BACK
    if found := (CUSTODY | LEDGER).get((verb, name)):
        return found
    return text(200) if (verb, name) in RENAMED else NAMED.get(name)
