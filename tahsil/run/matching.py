"""Cash application: every open line decided, the sure ones posted, the rest proposed.

Deciding is the core's, posting the verb's. What is decided is kept before anything is posted, and
a line is posted under its own key: a run that died is first finished as it was decided, so that
the next run finds the book it would have found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from tahsil.actions import matching, presenting
from tahsil.actions._verb import Context
from tahsil.core.grammar.collector import collector_paused
from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve.matching import decide, policy
from tahsil.core.resolve.matching.rows import AUTO, PROPOSE, Decision
from tahsil.queries import people
from tahsil.run import cash
from tahsil.run import matching_book as book
from tahsil.store import policies, rows, unlinked
from tahsil.store.models import BankLine, BankMatch, BankProposal

SHOWN = 5
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Matched:
    """What matching made of the open lines: each line's decision, and which of them it posted."""

    lines: tuple[BankLine, ...]
    decisions: tuple[Decision, ...]
    posted: frozenset[int]
    policy: str
    finished: int = 0  # lines that a run before had decided, which died before it posted them

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each kind; posted are those of auto that were."""
        found: dict[str, int] = defaultdict(int)
        for each in self.decisions:
            found[each.kind] += 1
        before = {"finished": self.finished} if self.finished else {}
        return {"lines": len(self.lines), **found, "posted": len(self.posted), **before}


def match(
    ctx: Context, *, statement_ids: Iterable[int] | None = None, is_dry: bool = False,
    progress: Progress | None = None,
) -> Matched:  # fmt: skip
    """Decides every open line (of these statements); posts the sure ones, keeps the proposals."""
    wanted = None if statement_ids is None else set(statement_ids)
    version = policies.version("matching", "default", ctx.as_of)
    said = f"matching/default v{version.number}"
    rules = _policy(version.body)
    finished = 0 if is_dry else _finish(ctx)
    if not is_dry:
        cash.match_deposits(ctx)  # money of a deposit was received before: no line of it is new
    lines: list[BankLine] = []
    decisions: list[Decision] = []
    for creditor_id, mine in _by_creditor(_open()).items():
        with collector_paused():
            found = _decided(creditor_id, mine, rules, ctx.as_of)
        kept = [wanted is None or line.statement_id in wanted for line in mine]
        lines += [line for line, is_kept in zip(mine, kept, strict=True) if is_kept]
        decisions += [each for each, is_kept in zip(found, kept, strict=True) if is_kept]
    if is_dry:
        return Matched(tuple(lines), tuple(decisions), frozenset(), said)
    decisions = cash.left_to_people(ctx, lines, _of_untouched(lines, decisions))
    with collector_paused():
        _keep(lines, decisions, said, ctx.as_of)
        _post(ctx, lines, decisions, progress)
    posted = _posted(each.line_id for each in decisions if each.kind == AUTO)
    return Matched(tuple(lines), tuple(_left(decisions, posted)), posted, said, finished)


def _finish(ctx: Context) -> int:
    """Posts what a run that died had decided and kept but not posted; how many lines."""
    kept = BankProposal.objects.filter(kind=AUTO, line__state="open").order_by("line_id")
    sure = [_decision(each) for each in kept]
    if not sure:
        return 0
    lines = BankLine.objects.in_bulk([each.line_id for each in sure])
    _post(ctx, list(lines.values()), sure, None)
    posted = _posted(each.line_id for each in sure)
    _left(sure, posted)
    return len(posted)


def _decision(kept: BankProposal) -> Decision:
    said = kept.body
    return Decision(
        kept.line_id, kept.kind, kept.purpose, said["account_id"],
        tuple((key, part) for key, part in said["allocations"]), pattern=said["pattern"],
        cheque_id=said["cheque_id"],
    )  # fmt: skip


def _left(decisions: list[Decision], posted: frozenset[int]) -> list[Decision]:
    """The decisions, those that were sure but could not be posted left to a person."""
    missed = {each.line_id for each in decisions if each.kind == AUTO} - posted
    for part in book.parts(missed):
        BankProposal.objects.filter(line_id__in=part).update(kind=PROPOSE)
    return [replace(each, kind=PROPOSE) if each.line_id in missed else each for each in decisions]


def _posted(line_ids: Iterable[int]) -> frozenset[int]:
    parts = book.parts(line_ids)
    matched = BankLine.objects.filter(state="matched").values_list("id", flat=True)
    return frozenset(key for part in parts for key in matched.filter(id__in=part))


def _post(
    ctx: Context, lines: list[BankLine], decisions: list[Decision], progress: Progress | None
) -> None:
    """The sure ones: receipts in bulk, cheques one by one."""
    sure = [each for each in decisions if each.kind == AUTO]
    receipts = [
        {"line_id": each.line_id, "account_id": each.account_id,
         "allocations": [list(pair) for pair in each.allocations], "pattern": each.pattern}
        for each in sure
        if each.purpose == "receipt"
    ]  # fmt: skip
    system = replace(ctx, standing=people.SYSTEM)  # what is sure, the program posts
    matching.post(system, receipts)
    if progress:
        progress(len(receipts), len(sure))
    of = {line.id: line for line in lines}
    for each in sure:
        if each.cheque_id is not None:
            _answer(system, of[each.line_id], each)


def _answer(ctx: Context, line: BankLine, decision: Decision) -> None:
    """The cheque's answer, unless the cheque has moved on meanwhile: then it stays proposed."""
    reason = line.text if decision.purpose == "cheque_returned" else ""
    key = f"bank.match:{line.id}"
    try:
        matching.match(
            ctx.keyed(key), line_id=line.id, instrument_id=decision.cheque_id, return_reason=reason
        )
    except Refused:
        return


def _of_untouched(lines: list[BankLine], decisions: list[Decision]) -> list[Decision]:
    """Sure only where posting can follow: a line once touched by a person stays a person's."""
    touched = set(
        BankMatch.objects.filter(line__in=[line.id for line in lines if line.state == "open"])
        .values_list("line_id", flat=True)
    )  # fmt: skip
    found = []
    for line, each in zip(lines, decisions, strict=True):
        is_free = line.state == "open" and line.id not in touched
        if each.kind == AUTO and each.purpose == "cheque_returned":
            is_free = is_free and _has_reason(line)
        found.append(each if each.kind != AUTO or is_free else replace(each, kind=PROPOSE))
    return found


def _has_reason(line: BankLine) -> bool:
    """Whether the line says why the cheque came back."""
    try:
        presenting.family(line.text, line.value_on, (line.bank_account.bank,))
    except Refused:
        return False
    return True


def _keep(lines: list[BankLine], decisions: list[Decision], said: str, as_of: date) -> None:
    """The proposals of these lines, instead of those made before."""
    made = [
        {"line_id": line.id, "kind": each.kind, "purpose": each.purpose, "body": body(each),
         "policy": said, "made_on": as_of}
        for line, each in zip(lines, decisions, strict=True)
    ]  # fmt: skip
    with transaction.atomic():
        for part in book.parts(line.id for line in lines):
            # Two runs at once keep one after the other; what the first posted stays posted.
            list(BankLine.objects.select_for_update().filter(id__in=part).order_by("id"))
            BankProposal.objects.filter(line_id__in=part).delete()
        rows.write(BankProposal, made)


def body(decision: Decision) -> dict[str, Any]:
    """The decision as plain values: the answers in their order, each with its evidence."""
    others = () if decision.kind == AUTO else decision.alternatives[: SHOWN - 1]
    return {
        "account_id": decision.account_id, "allocations": decision.allocations,
        "unapplied_minor": decision.unapplied_minor, "score": round(decision.score, 2),
        "margin": round(decision.margin, 2), "pattern": decision.pattern,
        "is_clear": decision.is_clear, "evidence": _evidence(decision.evidence),
        "cheque_id": decision.cheque_id, "other_line_id": decision.other_line_id,
        "receipt_ids": decision.receipt_ids,
        "alternatives": [
            {"account_id": each.account_id, "allocations": each.allocations,
             "unapplied_minor": each.unapplied_minor, "score": round(each.score, 2),
             "pattern": each.pattern, "evidence": _evidence(each.evidence)}
            for each in others
        ],
    }  # fmt: skip


def _evidence(said: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"code": each.code, "template": each.template, "facts": _plain(each.facts),
         "weight": round(each.weight, 2)}
        for each in said
    ]  # fmt: skip


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }


def _open() -> list[BankLine]:
    found = BankLine.objects.filter(state__in=("open", "suspended"))
    return list(found.prefetch_related("bank_account").order_by("id"))


def _by_creditor(lines: list[BankLine]) -> dict[int, list[BankLine]]:
    found: dict[int, list[BankLine]] = defaultdict(list)
    for line in lines:
        found[line.bank_account.creditor_id].append(line)
    return found


def _decided(
    creditor_id: int, lines: list[BankLine], rules: policy.Policy, as_of: date
) -> list[Decision]:
    found = book.book_of(creditor_id, as_of=as_of, lines=lines, near=rules.repeat_days)
    plain = [unlinked.plain(line) for line in lines]
    return decide.match(found, plain, policy=rules, learned=book.learned_of(creditor_id))


def _policy(body: dict[str, Any]) -> policy.Policy:
    """The policy that a published body is."""
    entry = {"description": "-", "source": "-", "values": {"2020-01-01": body}}
    return policy.parse({"matching": entry})["matching"].values[0][1]
