"""`tahsil day`, `check`, `rebuild`, `seal`: the main job, and the proof that the book holds."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from tahsil.cli import frame, show
from tahsil.cli.frame import Exit

EACH = 20  # findings of one kind that are printed


def add(commands: Any) -> None:
    """The commands of this module."""
    day = commands.add_parser(
        "day",
        help="the main job: what to do about every account, and why",
        description="Works the date and every missed day before it. Run twice for a date, the "
        "second run changes nothing.",
    )
    day.add_argument("--rehearse", action="store_true", help="change nothing; show what would be")
    day.add_argument("--catch-up", type=frame.count, metavar="DAYS",
                     help="work at most so many missed days first (default: 31)")  # fmt: skip
    frame.with_as_of(day)
    frame.with_json(day)
    day.set_defaults(run=run_day)
    check = commands.add_parser("check", help="everything that must always hold, asked of the book")
    frame.with_as_of(check)
    frame.with_json(check)
    check.set_defaults(run=run_check)
    rebuild = commands.add_parser("rebuild", help="recompute the cached standings")
    rebuild.add_argument("--compare", action="store_true", help="only compare; change nothing")
    frame.with_as_of(rebuild)
    frame.with_json(rebuild)
    rebuild.set_defaults(run=run_rebuild)
    seal = commands.add_parser("seal", help="chain the events written since the last seal")
    frame.with_json(seal)
    seal.set_defaults(run=run_seal)


def run_day(args: argparse.Namespace) -> None:
    """Works the date and says what came of it."""
    frame.start()
    from tahsil.run import daily

    more = {"most_days": args.catch_up} if args.catch_up else {}
    summary = daily.day(
        as_of=frame.as_of(args),
        now=frame.now(),
        rehearse=args.rehearse,
        progress=show.Progress(),
        **more,
    )
    if args.json:
        show.as_json(summary)
        return
    _say_day(summary)


def _say_day(summary: Any) -> None:
    for earlier in summary.days:
        print(f"{earlier.as_of}: caught up, {earlier.changed:,} changes.")
    what = "Rehearsal; nothing was changed." if summary.is_rehearsal else "Done."
    print(f"{summary.as_of}: {summary.accounts:,} accounts, {summary.listed:,} to work. {what}")
    rows = [
        (currency, known["accounts"], show.money(known["minor"], currency))
        for currency, known in summary.overdue.items()
    ]
    if rows:
        show.table(["currency", "accounts past due", "past due"], rows, right="lrr")
    if summary.rungs:
        print()
        show.table(["rung", "accounts"], sorted(summary.rungs.items(), key=_most), right="lr")
    if summary.done:
        print()
        show.table(["done", "count"], sorted(summary.done.items(), key=_most), right="lr")
    if not summary.is_rehearsal:
        print(
            f"New in this run: {summary.changed:,} acts, {summary.standings_written:,} standings."
        )


def _most(pair: Any) -> tuple[int, str]:
    return -pair[1], pair[0]


def run_check(args: argparse.Namespace) -> int:
    """Names every finding; 1 where something does not hold, 0 where there are warnings at most."""
    frame.start()
    from tahsil.run import check

    checked = check.check(as_of=frame.as_of(args), progress=show.Progress())
    if args.json:
        show.as_json({"is_sound": checked.is_sound, **show.plain(checked)})
    else:
        _say_check(checked, check.sentence)
    return Exit.DONE if checked.is_sound else Exit.REFUSED


def _say_check(checked: Any, sentence: Any) -> None:
    faults = [finding for finding in checked.findings if finding.level == "fault"]
    shown: Counter[str] = Counter()
    for finding in faults:
        shown[finding.code] += 1
        if shown[finding.code] <= EACH:
            print(sentence(finding))
    for code, number in shown.items():
        if number > EACH:
            print(f"… and {number - EACH:,} more of {code}; --json has them all.")
    counts = Counter(finding.code for finding in checked.findings if finding.level != "fault")
    for code, number in sorted(counts.items()):
        print(f"Warning, {number:,} times: {code}")
    looked = ", ".join(f"{number:,} {name}" for name, number in checked.counts.items())
    said = f"{len(faults):,} faults" if faults else "Everything holds"
    print(f"{said}; looked at {looked} as of {checked.as_of}.")


def run_rebuild(args: argparse.Namespace) -> int:
    """Compares the cached standings with the book, and puts them right unless only comparing."""
    frame.start()
    from tahsil.run import rebuild

    found = rebuild.rebuild(as_of=frame.as_of(args), repair=not args.compare)
    if args.json:
        show.as_json(found)
    else:
        done = "put right" if found.repaired else "left as they are"
        is_same = not (found.differing or found.orphans)
        print(f"{found.accounts:,} accounts: {found.differing:,} differ, ", end="")
        print(f"{found.orphans:,} belong to no account; {'nothing to do' if is_same else done}.")
        for example in found.examples[:10]:
            print(f"  {example}")
    is_wrong = args.compare and (found.differing or found.orphans)
    return Exit.REFUSED if is_wrong else Exit.DONE


def run_seal(args: argparse.Namespace) -> None:
    """Chains new events; how many."""
    frame.start()
    from tahsil.run import seal

    sealed = seal.seal(now=frame.now())
    if args.json:
        show.as_json({"sealed": sealed})
    else:
        print(f"{sealed:,} events were sealed.")
