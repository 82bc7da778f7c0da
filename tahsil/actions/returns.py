"""A bank's own table of return codes, taken in as a policy: from a day on, with its source."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.book.returns import code_key
from tahsil.core.grammar.names import fold
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tahsil.store import returns
from tahsil.store.models import PolicyVersion

MOST = 2_000


@verb("policy.take_return_codes")
def take_return_codes(
    ctx: Context, *, bank: str, rows: Any, since_on: date | str, source: str
) -> Act:
    """A bank's codes and wordings are read by its table from a day on.

    `rows` are [code, wording, family], the family by its code, its label or a code known already.
    """
    bank = _given.need_text(bank, "bank", most=80)
    source = _given.need_text(source, "source", most=300)
    since = _given.need_date(since_on, "first day")
    items = _items(rows, ctx.as_of)
    code = _code(bank)
    known = PolicyVersion.objects.filter(kind=returns.KIND, code=code).order_by("version")
    last = known.last()
    if last is not None and since <= last.since_on:
        raise Refused(
            "policy.past",
            "{policy} is published up to {last}, and the past stays as it was: "
            "a new version starts {earliest} or later.",
            policy=code, last=last.since_on, earliest=max(ctx.as_of, last.since_on),
        )  # fmt: skip
    made = PolicyVersion.objects.create(
        kind=returns.KIND,
        code=code,
        version=last.version + 1 if last else 1,
        since_on=since,
        source=source,
        description=f"Return codes of {bank}",
        body={"banks": [bank], "items": items},
        published_at=ctx.now,
        published_by=ctx.standing.name,
    )
    facts = {"bank": bank, "policy": f"{returns.KIND}/{code}", "version": made.version,
             "since_on": since, "count": len(items), "source": source}  # fmt: skip
    return Act(f"policy:{made.id}", None, facts)


def _items(rows: Any, as_of: date) -> list[dict[str, str]]:
    """The lines as the table keeps them; every fault among them is said at once."""
    found: list[dict[str, str]] = []
    faults: list[Refused] = []
    seen: set[str] = set()
    for at, row in enumerate(rows or (), 1):
        code, text, family = (str(each or "").strip() for each in (*row, "", "", "")[:3])
        meant = returns.read((), family, as_of) if family else None
        key = code_key(code or text)
        if meant is None or not key or len(code) > 20 or len(text) > 160:
            faults.append(Refused(
                "returns.line", "Line {at}: “{said}” needs a code or a wording, and one of "
                "our families; “{family}” is none.",
                at=at, said=f"{code} {text}".strip(), family=family or "-",
            ))  # fmt: skip
        elif key in seen:
            faults.append(Refused(
                "returns.twice", "Line {at}: “{said}” stands there twice.", at=at,
                said=code or text,
            ))  # fmt: skip
        else:
            seen.add(key)
            found.append({"code": code, "text": text, "family": meant.family})
    if faults or not 0 < len(found) <= MOST:
        raise RefusedAll(
            "returns.table",
            "The table was not taken in: {count} of its lines cannot be read.",
            faults,
            count=len(faults),
        )
    return found


def _code(bank: str) -> str:
    """What the bank's table is called among the policies: its name in small letters."""
    return re.sub(r"[^\w]+", "_", fold(bank)).strip("_")[:40]
