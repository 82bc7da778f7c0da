"""Everything that can be asked: one table of addresses, what each may be told, and its query.

The same table makes the addresses, reads their values and writes the OpenAPI document. What is
asked about money and papers stands in reads_money.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tahsil.api.asking import FLAG, ID, PERIOD, WORD, Asked, Listed, Read, choice, listed
from tahsil.api.reads_cash import CASH
from tahsil.api.reads_custody import READS as CUSTODY
from tahsil.api.reads_money import MONEY
from tahsil.api.reads_reconciling import READS as RECONCILING
from tahsil.api.reads_refunds import REFUNDS
from tahsil.api.schemas import text, whole
from tahsil.queries import (
    account,
    ageing,
    approvals,
    cards,
    events,
    imports,
    people,
    promises,
    register,
    statement,
    timeline,
    tokens,
    worklist,
)
from tahsil.queries.chips import WorklistFilters
from tahsil.queries.paging import Page


def _accounts(asked: Asked) -> Listed:
    if q := asked.get("q"):
        return Listed(
            register.matching(asked.standing, q, as_of=asked.as_of, limit=asked.limit), None
        )
    filters = register.RegisterFilters(
        **asked.only("number", "currency", "product", "project", "collector", "creditor")
    )
    rows = register.accounts(
        asked.standing, as_of=asked.as_of, filters=filters, after=asked.position,
        limit=asked.limit + 1,
    )  # fmt: skip
    shown = rows[: asked.limit]
    return Listed(shown, shown[-1].account_id if len(rows) > asked.limit else None)


def _account(asked: Asked) -> cards.AccountPage:
    return account.page(
        asked.standing, asked.values["account_id"], as_of=asked.as_of, now=asked.now
    )


@dataclass(frozen=True)
class Explained:
    """Why an account stands where it stands: figures, what to pay, every rung and its tests."""

    as_of: date
    account: cards.Header
    figures: cards.Figures
    to_pay: cards.ToPay
    steering: cards.Steering
    penalties: tuple[cards.PenaltyCard, ...]


def _explain(asked: Asked) -> Explained:
    page = _account(asked)
    return Explained(
        page.as_of, page.header, page.figures, page.to_pay, page.steering, page.penalties
    )


def _timeline(asked: Asked) -> Listed:
    return listed(
        timeline.timeline(
            asked.standing, asked.values["account_id"], as_of=asked.as_of,
            kind=asked.get("kind", ""), **asked.page,
        )
    )  # fmt: skip


def _statement(asked: Asked) -> statement.Statement:
    return statement.statement(
        asked.standing, asked.values["account_id"], as_of=asked.as_of,
        **asked.only("since", "until", contract_id="contract"),
    )  # fmt: skip


def _worklist(asked: Asked) -> Listed:
    filters = WorklistFilters(
        **asked.only(
            "bucket", "project", "product", "rung", "reason", "currency", "q", "collector", "sort",
            "min_overdue_minor", is_not_worked_today="not_worked_today", is_whole="whole",
        )
    )  # fmt: skip
    found = worklist.worklist(
        asked.standing, as_of=asked.as_of, now=asked.now, filters=filters, **asked.page
    )
    return listed(found, found.page)


def _ageing(asked: Asked) -> Listed:
    filters = ageing.AgeingFilters(
        **asked.only(
            "currency", "project", "collector", "product", "definition", "group",
            is_overdue_only="overdue_only",
        )
    )  # fmt: skip
    found = ageing.ageing(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return listed(found, found.page)


def _promises(asked: Asked) -> Listed:
    filters = promises.PromiseFilters(
        **asked.only("view", "collector", "project", "since", "until")
    )
    found = promises.promises(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return listed(found, found.page)


def _approvals(asked: Asked) -> Listed:
    found = approvals.approvals(
        asked.standing, as_of=asked.as_of, **asked.only("view"), **asked.page
    )
    return listed(found, found.page)


def _approval(asked: Asked) -> approvals.RequestRow:
    return approvals.request(asked.standing, asked.values["request_id"], as_of=asked.as_of)


def _imports(asked: Asked) -> Listed:
    return listed(
        imports.batches(asked.standing, as_of=asked.as_of, **asked.only("state"), **asked.page)
    )


def _import(asked: Asked) -> Listed:
    found = imports.batch(
        asked.standing, asked.values["batch_id"], as_of=asked.as_of,
        **asked.only("status", "kind"), **asked.page,
    )  # fmt: skip
    return listed(found, found.rows)


def _events(asked: Asked) -> Listed:
    """Newest first from any event on, so that a reader is not moved by what is added meanwhile."""
    filters = events.EventFilters(
        **asked.only("verb", "actor", "account", "subject", "since", "until")
    )
    if asked.position:
        filters = replace(filters, before=asked.position)
    found = events.events(asked.standing, as_of=asked.as_of, filters=filters, size=asked.limit)
    after = found.page.rows[-1].id if found.page.has_next else None
    return Listed(found.page.rows, after, None, {"verbs": found.verbs, "seals": found.seals})


def _people(asked: Asked) -> Listed:
    return Listed(people.people(asked.standing, as_of=asked.as_of), None)


def _tokens(asked: Asked) -> Listed:
    return Listed(tokens.tokens(asked.standing, as_of=asked.as_of), None)


READS = (
    Read("accounts", "Every account one may read, by id; with q those a search finds.",
         "account.read", {"q": text(120), "number": WORD, "currency": text(3), "product": WORD,
         "project": ID, "collector": ID, "creditor": ID},
         _accounts, tuple[register.RegisterRow, ...], True),
    Read("accounts/{account_id}", "Everything about one account as of the date.",
         "", {"account_id": ID}, _account, cards.AccountPage),
    Read("accounts/{account_id}/timeline", "What happened on the account, newest first.",
         "", {"account_id": ID, "kind": WORD}, _timeline, Page[timeline.TimelineEntry], True),
    Read("accounts/{account_id}/statement", "The statement of account, or of one contract.",
         "", {"account_id": ID, "contract": ID, **PERIOD}, _statement, statement.Statement),
    Read("accounts/{account_id}/explain", "Why it stands where it stands: every rung, every test.",
         "", {"account_id": ID}, _explain, Explained),
    Read("worklist", "Who should be worked today, in order, with the reasons.", "account.read",
         {"bucket": whole(-1, 99), "project": ID, "product": WORD, "rung": WORD, "reason": WORD,
          "min_overdue_minor": whole(0), "currency": text(3), "q": text(120), "collector": ID,
          "sort": choice(*worklist.SORTS), "not_worked_today": FLAG, "whole": FLAG},
         _worklist, worklist.Worklist, True),
    Read("ageing", "Arrears by bucket, with totals that tie out.", "report.read",
         {"currency": text(3), "project": ID, "collector": ID, "product": WORD, "definition": WORD,
          "group": choice(*ageing.GROUPS), "overdue_only": FLAG},
         _ageing, ageing.AgeingReport, True),
    Read("promises", "Promises due, ahead, broken or all.", "account.read",
         {"view": choice(*promises.VIEWS), "collector": ID, "project": ID, **PERIOD},
         _promises, promises.Promises, True),
    Read("approvals", "What waits for one's yes, what of one's own waits, what was decided.", "",
         {"view": choice(*approvals.VIEWS)}, _approvals, approvals.Approvals, True),
    Read("approvals/{request_id}", "One request with its reasons.", "", {"request_id": ID},
         _approval, approvals.RequestRow),
    Read("imports", "The imported files, newest first.", "import.read",
         {"state": choice("staged", "committed", "undone", "discarded")},
         _imports, Page[imports.BatchRow], True),
    Read("imports/{batch_id}", "One file with its rows and what became of each.", "import.read",
         {"batch_id": ID, "status": choice(*imports.STATUSES), "kind": WORD},
         _import, imports.BatchPage, True),
    Read("events", "What was done, newest first; verb may end in *.", "event.read",
         {"verb": WORD, "actor": ID, "account": ID, "subject": WORD, **PERIOD},
         _events, events.EventLog, True),
    Read("people", "Everybody who signs in, with the roles they hold.", "people.read", {},
         _people, tuple[people.PersonRow, ...], True),
    Read("tokens", "The tokens by which programs act as people.", "people.read", {},
         _tokens, tuple[tokens.TokenRow, ...], True),
    *REFUNDS,
    *MONEY,
    *CASH,
    *CUSTODY,
    *RECONCILING,
)  # fmt: skip
