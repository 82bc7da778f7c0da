"""Documents: which file with data of people left the program, for whom and when.

Who may have it is decided where it is made; what it held is not kept, since it can be made again
as of its day.
"""

from __future__ import annotations

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, check_reach, verb


@verb("document.export", for_all=True)
def export(ctx: Context, *, file: str, address: str = "", account_id: int | None = None) -> Act:
    """A file with data of people was handed to somebody."""
    if account_id is not None:
        check_reach(ctx, "account.read", account_id)
    facts = {"file": _given.need_text(file, "file", most=200), "address": address.strip()[:500]}
    subject = "document:0" if account_id is None else f"account:{account_id}"
    return Act(subject, account_id, facts)
