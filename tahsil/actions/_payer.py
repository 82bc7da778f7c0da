"""Who pays in the debtor's stead: what a receipt must say of them, by amount and country."""

from __future__ import annotations

from typing import Any

from tahsil.actions._verb import Context
from tahsil.core.grammar import names
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import Account, PartyName, Receipt, ReceiptPayer

RELATIONS = ("self", "spouse", "relative", "company", "employer", "broker", "other")
DEFAULT = "default"


def check(
    ctx: Context, account: Account, payer: str, told: dict[str, Any], *, amount_minor: int
) -> ReceiptPayer | None:
    """What is kept of a payer who is not the debtor, not yet written; refused where too little."""
    relation = told.get("payer_relation", "")
    if relation and relation not in RELATIONS:
        raise Refused(
            "payer.relation", "{relation} is no relation of a payer. Known: {known}.",
            relation=relation, known=list(RELATIONS),
        )  # fmt: skip
    if not payer.strip() or relation == "self" or is_debtor(account, payer):
        return None
    found = {
        "relation": relation,
        "identity": str(told.get("payer_identity", "")).strip()[:60],
        "consent": bool(told.get("has_consent")),
    }
    missing = [name for name in needed(ctx, account, amount_minor) if not found[name]]
    if missing:
        raise Refused(
            "payer.unknown",
            "{payer} pays {amount_minor} for {name}. Say also: {missing}.",
            payer=payer.strip(),
            name=account.party.name,
            amount_minor=amount_minor,
            currency=account.currency,
            missing=missing,
        )
    if not any(found.values()):
        return None
    return ReceiptPayer(
        relation=found["relation"], identity=found["identity"], has_consent=found["consent"]
    )


def keep(receipt: Receipt, found: ReceiptPayer | None) -> None:
    """Keeps with the receipt what was checked."""
    if found is not None:
        found.receipt = receipt
        found.save()


def needed(ctx: Context, account: Account, amount_minor: int) -> list[str]:
    """What policy wants known of another payer of so much: the country's rule, else the default."""
    country = account.creditor.country
    code = country if country in policies.codes("payer") else DEFAULT
    body = policies.at("payer", code, ctx.as_of)[0]
    above = body.get("above", {}).get(account.currency)
    is_large = above is not None and amount_minor > int(above)
    return list(body.get("needs_above" if is_large else "needs", ()))


def is_debtor(account: Account, payer: str) -> bool:
    """Whether the name is one of the debtor's own."""
    known = PartyName.objects.filter(party_id=account.party_id).values_list("name", flat=True)
    ours = {names.name_key(each) for each in (account.party.name, *known)}
    return names.name_key(payer) in ours
