"""What can be asked about reconciling: deviations, objections, one account's workspace."""

from __future__ import annotations

from tahsil.api.asking import FLAG, ID, PERIOD, WORD, Asked, Listed, Read, choice, listed
from tahsil.api.schemas import text
from tahsil.core.grammar.dates import month
from tahsil.core.measure.deviations import KINDS
from tahsil.queries import deviations, objections, reconciliation


def _deviations(asked: Asked) -> Listed:
    since = asked.get("since", month(asked.as_of).since)
    filters = deviations.DeviationFilters(
        since, asked.get("until", max(since, asked.as_of)),
        **asked.only("kind", "project", "collector", "currency"),
    )  # fmt: skip
    found = deviations.report(asked.standing, as_of=asked.as_of, filters=filters, **asked.page)
    return listed(found, found.page)


def _objections(asked: Asked) -> Listed:
    filters = objections.ObjectionFilters(**asked.only("view", "kind", "owner", "account"))
    found = objections.objections(
        asked.standing, as_of=asked.as_of, filters=filters, **asked.page
    )  # fmt: skip
    return listed(found, found.page)


def _workspace(asked: Asked) -> reconciliation.Workspace:
    return reconciliation.workspace(
        asked.standing, asked.values["account_id"], as_of=asked.as_of,
        **asked.only(objection_id="objection", is_whole="whole"),
    )  # fmt: skip


READS = (
    Read("deviations", "What came otherwise than agreed: receipts by value date.", "report.read",
         {**PERIOD, "kind": choice(*KINDS), "project": ID, "collector": ID, "currency": text(3)},
         _deviations, deviations.DeviationReport, True),
    Read("objections", "What customers object to in payments, those due first.", "account.read",
         {"view": choice(*objections.VIEWS), "kind": WORD, "owner": ID, "account": ID},
         _objections, objections.Objections, True),
    Read("accounts/{account_id}/reconciliation", "What was due, received, presented and credited, "
         "side by side, and what differs.", "", {"account_id": ID, "objection": ID, "whole": FLAG},
         _workspace, reconciliation.Workspace),
)  # fmt: skip
