"""How well cash application does on invented lines: rates, precision, the curve, by day.

    python -m bench.cash --seeds 1,2,3 --json cash.json

Two ways are measured. `cold`: all lines at once, nothing learned, only what the policy lets post on
the first day. `by day`: each day's lines alone; at night people confirm or correct that day's
proposals, which teaches payers, fees and how right each pattern is.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench import cash
from bench.cash import World, Written
from tahsil.core.resolve.matching import learned as learning
from tahsil.core.resolve.matching.decide import match
from tahsil.core.resolve.matching.learned import Learned
from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.rows import AUTO, LEAVE, Account, Book, Decision, Line, Owed

CURVE = (1, 2, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 10)
WRONG_ACCOUNT_COSTS = 20
MARGIN = Policy().margin


def cold(world: World, policy: Policy) -> list[Decision]:
    """Every line at once on the first day of the firm."""
    return match(book_of(world), [line_of(each) for each in world.lines], policy=policy)


def by_day(world: World, policy: Policy) -> list[Decision]:
    """Day after day, the truth of what was proposed being told at night."""
    learned, out = Learned(), []
    amounts = world.amounts
    open_minor = dict(amounts)
    days: dict[Any, list[Written]] = defaultdict(list)
    for line in world.lines:
        days[line.on].append(line)
    recent: list[Line] = []
    for on in sorted(days):
        lines = [line_of(each) for each in days[on]]
        recent = [line for line in recent if (on - line.on).days <= 10]
        book = book_of(world, open_minor)._replace(earlier=tuple(recent))
        decisions = match(book, lines, policy=policy, learned=learned)
        confirmed = []
        for truth, line, decision in zip(days[on], lines, decisions, strict=True):
            for item, part in truth.paid.items():
                open_minor[item] = max(0, open_minor[item] - part)
            if truth.kind == "fee":
                open_minor.update(dict.fromkeys(truth.paid, 0))
            if truth.debtor and truth.paid:
                missing = sum(amounts[item] for item in truth.paid) - sum(truth.paid.values())
                short = missing if truth.kind == "fee" else 0
                parts = tuple(truth.paid.items())
                confirmed.append((line, decision, truth.debtor, parts, max(0, short)))
        learned = learning.learn_all(learned, confirmed)
        recent += lines
        out += decisions
    return out


def figures(world: World, decisions: list[Decision]) -> dict[str, Any]:
    """What the issue asks for, as shares of one."""
    pairs = list(zip(world.lines, decisions, strict=True))
    auto = [(t, d) for t, d in pairs if d.kind == AUTO]
    decidable = [(t, d) for t, d in pairs if t.decidable]
    rest = [(t, d) for t, d in decidable if d.kind != AUTO]
    copies = [d for t, d in pairs if t.copy_of]
    strangers = [d for t, d in pairs if t.kind == "unrelated"]
    right = [(t, d) for t, d in auto if is_right(t, d)]
    wrong = [(t, d) for t, d in auto if d.account_id != t.debtor]
    return {
        "lines": len(pairs),
        "auto of decidable": _share(sum(d.kind == AUTO for _, d in decidable), len(decidable)),
        "auto of all": _share(len(auto), len(pairs)),
        "precision": _share(len(right), len(auto)),
        "precision but for equals": _share(sum(_as_good(t, d, world) for t, d in auto), len(auto)),
        "wrong account": _share(len(wrong), len(auto)),
        "wrong account lines": len(wrong),
        "auto by value": _share(
            sum(t.amount for t, d in decidable if d.kind == AUTO),
            sum(t.amount for t, _ in decidable),
        ),
        "precision by value": _share(
            sum(t.amount for t, _ in right), sum(t.amount for t, _ in auto)
        ),
        "points": _share(
            len(right) - (len(auto) - len(right) - len(wrong)) - WRONG_ACCOUNT_COSTS * len(wrong),
            len(pairs),
        ),
        "duplicates caught": _share(sum(d.purpose == "duplicate" for d in copies), len(copies)),
        "duplicates posted": sum(d.kind == AUTO for d in copies),
        "taken for duplicates": sum(d.purpose == "duplicate" for t, d in pairs if not t.copy_of),
        "unrelated posted": sum(d.kind == AUTO for d in strangers),
        "unrelated left": _share(sum(d.kind == LEAVE for d in strangers), len(strangers)),
        "top 1 of the rest": _share(sum(_rank(t, d) == 1 for t, d in rest), len(rest)),
        "top 3 of the rest": _share(sum(0 < _rank(t, d) <= 3 for t, d in rest), len(rest)),
    }


def is_right(truth: Written, decision: Decision) -> bool:
    """Whether a posted line went to the right account and to exactly the right instalments."""
    return decision.account_id == truth.debtor and dict(decision.allocations) == truth.paid


def _as_good(truth: Written, decision: Decision, world: World) -> bool:
    """Right, or an instalment of the same account and amount as the one that was meant."""
    amount = world.amounts
    paid = [(amount.get(item), part) for item, part in decision.allocations]
    meant = [(amount[item], part) for item, part in truth.paid.items()]
    return decision.account_id == truth.debtor and sorted(paid) == sorted(meant)


def curve(world: World, decisions: list[Decision]) -> list[dict[str, float]]:
    """Coverage and precision if every answer from a score on were posted, whatever its pattern."""
    found = []
    decidable = sum(t.decidable for t in world.lines)
    answered = [
        (t, d)
        for t, d in zip(world.lines, decisions, strict=True)
        if d.pattern and d.allocations and d.margin >= MARGIN
    ]
    for least in CURVE:
        posted = [(t, d) for t, d in answered if d.score >= least]
        found.append({
            "score": least,
            "auto of decidable": _share(sum(t.decidable for t, _ in posted), decidable),
            "precision": _share(sum(is_right(t, d) for t, d in posted), len(posted)),
            "wrong account": _share(sum(d.account_id != t.debtor for t, d in posted), len(posted)),
        })  # fmt: skip
    return found


def by_class(world: World, decisions: list[Decision]) -> dict[str, dict[str, float]]:
    """Of each class: lines, how many could be decided, were posted, wrongly, to a wrong account."""
    found: dict[str, dict[str, float]] = {}
    for kind in cash.CLASSES:
        mine = [(t, d) for t, d in zip(world.lines, decisions, strict=True) if t.kind == kind]
        auto = [(t, d) for t, d in mine if d.kind == AUTO]
        found[kind] = {
            "lines": len(mine),
            "decidable": sum(t.decidable for t, _ in mine),
            "auto": len(auto),
            "wrong": sum(not is_right(t, d) for t, d in auto),
            "wrong account": sum(d.account_id != t.debtor for t, d in auto),
        }
    return found


def by_pattern(world: World, decisions: list[Decision]) -> dict[str, dict[str, float]]:
    """Of each pattern: lines, and how many of its first answers were right."""
    found: dict[str, dict[str, float]] = defaultdict(
        lambda: {"lines": 0, "auto": 0, "right": 0, "other": 0}
    )
    for truth, decision in zip(world.lines, decisions, strict=True):
        row = found[decision.pattern or decision.purpose]
        row["lines"] += 1
        row["auto"] += decision.kind == AUTO
        row["right"] += is_right(truth, decision)
        row["other"] += bool(decision.account_id) and decision.account_id != truth.debtor
    return dict(sorted(found.items(), key=lambda pair: -pair[1]["lines"]))


def book_of(world: World, open_minor: dict[int, int] | None = None) -> Book:
    """The invented book as the matcher reads it."""
    accounts = tuple(
        Account(each.id, (each.name,), (), (each.phone,), (each.iban,) if each.knows_iban else ())
        for each in world.debtors
    )
    owed = tuple(
        Owed(
            item.id, item.debtor, item.due_on, open_minor[item.id] if open_minor else item.amount,
            world.currency, (item.reference,),
        )
        for item in world.items
    )  # fmt: skip
    return Book(accounts, owed)


def line_of(each: Written) -> Line:
    """An invented line as the matcher reads it."""
    return Line(
        each.id, each.on, each.amount, each.currency, each.text, each.payer, each.iban, each.phone,
        bank_reference=each.bank_reference,
    )  # fmt: skip


def _rank(truth: Written, decision: Decision) -> int:
    """Which of the answers is right, from 1; 0 where none is."""
    answers = [(decision.account_id, decision.allocations)]
    answers = answers if decision.account_id else []
    answers += [(each.account_id, each.allocations) for each in decision.alternatives]
    for place, (account_id, parts) in enumerate(answers, start=1):
        if account_id == truth.debtor and dict(parts) == truth.paid:
            return place
    return 0


def _share(part: float, whole: float) -> float:
    return round(part / whole, 5) if whole else 0.0


def measure(
    make: Callable[..., World], seeds: Iterable[int], policy: Policy, **sizes: int
) -> list[dict]:
    """Both ways on each seed: figures, curve, classes, patterns, seconds."""
    rows = []
    for seed in seeds:
        world = make(seed=seed, **sizes)
        for name, way in (("cold", cold), ("by day", by_day)):
            since = time.process_time()
            decisions = way(world, policy)
            seconds = time.process_time() - since
            rows.append({
                "seed": seed, "way": name, "seconds": round(seconds, 2),
                **figures(world, decisions),
                "curve": curve(world, decisions), "classes": by_class(world, decisions),
                "patterns": by_pattern(world, decisions),
            })  # fmt: skip
    return rows


def main() -> None:
    """Prints the table and, if asked, writes the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.cash", description=__doc__)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=25_000)
    parser.add_argument("--debtors", type=int, default=4_000)
    parser.add_argument("--json", default="")
    asked = parser.parse_args()
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    rows = measure(
        cash.make, seeds, Policy(), lines=asked.lines, items=asked.items, debtors=asked.debtors
    )
    for row in rows:
        print_row(row)
    if asked.json:
        Path(asked.json).write_text(json.dumps(rows, indent=1))


def print_row(row: dict[str, Any]) -> None:
    """One measurement for people."""
    print(f"\nseed {row['seed']}, {row['way']}: {row['seconds']} s for {row['lines']:,} lines")
    for name, value in row.items():
        if isinstance(value, float) and name != "seconds":
            print(f"  {name:24}{value:9.2%}")
        elif isinstance(value, int) and name not in ("seed", "lines"):
            print(f"  {name:24}{value:9}")
    print(
        "  curve    "
        + "  ".join(
            f"{p['score']:g}: {p['auto of decidable']:.1%} at {p['precision']:.2%}, "
            f"{p['wrong account']:.2%}"
            for p in row["curve"]
        )
    )
    for kind, found in row["classes"].items():
        print(f"  {kind:14}" + "  ".join(f"{k} {v}" for k, v in found.items()))


if __name__ == "__main__":
    main()
