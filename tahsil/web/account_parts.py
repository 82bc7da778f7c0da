"""The parts of the account page as its templates draw them, from the cards the query made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tahsil.queries import rules
from tahsil.queries.cards import AccountPage, NextStep, PointCard, RungTest, VerbAnswer
from tahsil.queries.lines import ContractCard, LineRow
from tahsil.queries.rules import Rules
from tahsil.queries.timeline import TimelineEntry
from tahsil.web import charts, sentences, verbs
from tahsil.web.line_rows import Drawing

AHEAD = 3  # lines not yet due that are shown before the fold
OPS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "=", "ne": "≠"}
GLYPHS = {
    "contact": "phone", "promise": "promise", "receipt": "receipt", "dispute": "ask",
    "hold": "clock", "account": "accounts", "case": "ageing", "obligation": "statement",
    "charge": "statement", "contract": "policy", "party": "people", "import": "import",
    "request": "approvals", "identity": "lock",
}  # fmt: skip
TONES = {
    "promise.break": "late", "promise.keep": "good", "receipt.record": "good",
    "receipt.reverse": "late",
}  # fmt: skip
NOTHING_THERE = {"promise.none_open", "hold.none_running", "charge.nothing_accrued"}
UNSAID = {"account.lock", "account.unlock", "contact.log"}  # shown elsewhere on the page
WAITING = ("await_payment",)
LINE_ACTS = ("obligation.waive", "obligation.adjust", "obligation.cancel")


def shown(
    page: AccountPage, *, today: date, deviations: Mapping[int, tuple[str, ...]] | None = None
) -> dict[str, Any]:
    """Everything the account page draws; `deviations` are the kinds by line."""
    is_today = page.as_of == today
    drawing = Drawing(
        page.header.id,
        page.header.currency,
        opens_line=is_today and any(page.verbs[verb].is_allowed for verb in LINE_ACTS),
        opens_event=is_today and page.verbs["contract.record_event"].is_allowed,
        deviations=deviations or {},
    )
    return {
        "page": page,
        "account": page.header,
        "currency": page.header.currency,
        "figures": page.figures,
        "is_today": is_today,
        "may": {
            verb.replace(".", "_"): answer.is_allowed and is_today
            for verb, answer in page.verbs.items()
        },
        "has_penalties": any(card.penalty for card in page.contracts),
        "contracts": [contract(card, drawing) for card in page.contracts],
        "loose": groups(drawing, list(page.loose_lines)),
        "why": why(page),
        "denied": [each for each in page.forbidden if not is_of_role(each) and is_telling(each)],
        "not_granted": [verbs.label(each.verb) for each in page.forbidden if is_of_role(each)],
        "moments": _moments(page),
        "phone": phone(page),
        "step": step(page),
    }


def step(page: AccountPage) -> NextStep | None:
    """What happens next, or what lapsed; money no longer waited for has nothing to lapse."""
    found = page.header.next_step
    is_idle = found is not None and found.code in WAITING and found.is_past
    return None if is_idle and not page.figures.overdue_minor else found


def called(row: Any) -> str:
    """What a line is called: its label, else its category."""
    return sentences.fact_text("word", row.label or row.category, {})


def words(code: str) -> str:
    """A code word in the reader's language."""
    return sentences.fact_text("word", code.replace(".", " "), {})


def is_of_role(answer: VerbAnswer) -> bool:
    """Whether the act is barred by this person's roles, rather than by how things stand."""
    return any(reason.code.startswith("grant.") for reason in answer.reasons)


def is_telling(answer: VerbAnswer) -> bool:
    """Whether the bar says more than that there is nothing of the kind."""
    return not any(reason.code in NOTHING_THERE for reason in answer.reasons)


def phone(page: AccountPage) -> PointCard | None:
    """The debtor's telephone to call first; none where none is known or may be seen."""
    points = [point for party in page.parties if party.is_debtor for point in party.points]
    return next(
        (each for each in points if each.channel == "phone" and each.dial and not each.is_wrong),
        None,
    )


def contract(card: ContractCard, drawing: Drawing) -> dict[str, Any]:
    """A contract with its lines in three groups: what matters now, what is far, what is paid."""
    paid = [row for row in card.lines if row.money in ("paid", "cancelled")]
    later = [row for row in card.lines if row.money == "not_due"]
    folded = {row.obligation_id for row in (*paid, *later[AHEAD:])}
    now = [row for row in card.lines if row.obligation_id not in folded]
    found = groups(drawing, now, later[AHEAD:], paid)
    return {"card": card, "ribbon": ribbon(card), "groups": found}


def groups(
    drawing: Drawing,
    now: list[LineRow],
    later: Sequence[LineRow] = (),
    paid: Sequence[LineRow] = (),
) -> list[dict[str, Any]]:
    """The groups that have lines; all but the first are folded under their label."""
    far = ngettext("{n} later line", "{n} later lines", len(later)).format(n=len(later))
    done = ngettext("{n} paid line", "{n} paid lines", len(paid)).format(n=len(paid))
    found = [("", now), (far, later), (done, paid)]
    return [{"label": label, "rows": drawing.rows(rows)} for label, rows in found if rows]


def ribbon(card: ContractCard) -> str:
    """The contract's lines as small squares, by what became of each."""
    cells = [(f"{row.seq}: {words(row.money)}", _cell_state(row)) for row in card.lines]
    return charts.ribbon("", cells) if len(cells) > 1 else ""


def _cell_state(row: LineRow) -> str:
    if row.money in ("paid", "cancelled"):
        return "paid"
    if row.dpd:
        return "late"
    return "covered" if row.covered_minor else "open"


def why(page: AccountPage) -> dict[str, Any]:
    """What we are about to do and the tests that led there."""
    steering = page.steering
    chosen = next((each for each in steering.tries if each.is_chosen), None)
    policy, _space, version = steering.policy.rpartition(" v")
    treatment = words(steering.treatment).capitalize() if steering.treatment else _("Nothing")
    step = treatment if steering.treatment != "none" else _("Nothing; the account rests.")
    if steering.next_treatment_on and steering.treatment != "none":
        day = sentences.day_text(steering.next_treatment_on)
        step = _("{treatment} on {day}").format(treatment=treatment, day=day)
    return {
        "step": step,
        "label": sentences.label_text(steering.rung_labels, steering.rung),
        "since": steering.rung_since_on,
        "rung": steering.rung_number,
        "rungs": steering.rungs_count,
        "policy": policy.rpartition("/")[2],
        "version": version,
        "tests": [_test(test, page.header.currency) for test in (chosen.tests if chosen else ())],
    }


def _test(test: RungTest, currency: str) -> dict[str, Any]:
    facts = {"currency": currency}
    return {
        "fact": words(test.fact.removesuffix("_minor")),
        "op": OPS.get(test.op, words(test.op)),
        "wanted": sentences.fact_text(test.fact, test.wanted, facts),
        "found": sentences.fact_text(test.fact, test.found, facts),
        "holds": test.holds,
    }


def _moments(page: AccountPage) -> list[dict[str, Any]]:
    in_force = rules.read(page.as_of)
    product = page.header.product
    return [moment(each, in_force, product) for each in page.timeline if each.verb not in UNSAID]


def moment(event: TimelineEntry, in_force: Rules, product: str) -> dict[str, Any]:
    """One event of the timeline as its line."""
    facts = sentences.worded(event.facts, in_force, product)
    return {
        "at": event.recorded_at,
        "glyph": GLYPHS.get(event.kind, "note"),
        "text": sentences.in_language(event.template, facts),
        "note": event.facts.get("note", "") if event.verb != "account.note" else "",
        "who": event.actor,
        "tone": TONES.get(event.verb, ""),
    }


def open_lines(page: AccountPage) -> list[LineRow]:
    """Every open line of the account by due date, those without one last."""
    return [row for row in all_lines(page) if row.open_minor > 0]


def all_lines(page: AccountPage) -> list[LineRow]:
    """Every line of the account by due date, those without one last."""
    rows = [row for card in page.contracts for row in card.lines] + list(page.loose_lines)
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on, row.obligation_id))


def line_name(row: LineRow, page: AccountPage) -> str:
    """A line in a list to choose from: what it is for, its due date, what is open."""
    due = (
        sentences.day_text(row.due_on)
        if row.due_on
        else sentences.stage_text(row.due_event or "undated")
    )
    money = sentences.money_text(row.open_minor, page.header.currency)
    return f"{called(row)} · {due} · {money}"


def coded(name: str, in_force: Rules) -> list[tuple[str, str]]:
    """The values of a code list to choose from, in the reader's language."""
    return [
        (each["code"], sentences.label_text(each["label"], each["code"]))
        for each in in_force.values(name)
    ]
