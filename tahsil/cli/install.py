"""`tahsil init` and `tahsil demo`: a database to work in, a portfolio to look at."""

from __future__ import annotations

import argparse
import json
from typing import Any

from tahsil.cli import frame, show

LOGINS = "demo-logins.json"


def add(commands: Any) -> None:
    """The commands of this module."""
    init = commands.add_parser("init", help="create or update the database and the first person")
    init.add_argument("--username", default="admin", help="the first administrator's sign-in name")
    frame.with_json(init)
    init.set_defaults(run=run_init)
    demo = commands.add_parser(
        "demo",
        help="fill an empty database with a fictional portfolio",
        description="Without options: the Nile & Palm Group with twelve accounts to look at. "
        "With --accounts: a portfolio of that size. The same seed gives the same portfolio.",
    )
    demo.add_argument("--accounts", type=frame.count, metavar="N", help="how many accounts")
    demo.add_argument("--seed", type=frame.count, default=7, metavar="S", help="default: 7")
    demo.add_argument(
        "--if-new", action="store_true", help="do nothing where somebody works already"
    )
    frame.with_as_of(demo)
    frame.with_json(demo)
    demo.set_defaults(run=run_demo)


def run_init(args: argparse.Namespace) -> None:
    """Tables, policies, static files, and one administrator if there is nobody yet."""
    frame.start()
    from tahsil.run import installation

    done = installation.set_up(now=frame.now(), as_of=frame.today(), username=args.username)
    if args.json:
        show.as_json(done)
        return
    print(f"The database is ready; {done.policies} policy versions were published.")
    if done.password:
        print(f"Administrator: {done.username}  password: {done.password}")
        print("This is shown once. Change it after the first sign-in.")


def run_demo(args: argparse.Namespace) -> None:
    """The portfolio, and the logins of the people in it."""
    frame.start()
    from tahsil.run import demo, installation

    as_of = frame.as_of(args)
    is_new = installation.is_new()
    installation.set_up(now=frame.now(), as_of=as_of, username="")
    if args.if_new and not is_new:
        return
    made = demo.build(
        accounts=args.accounts,
        seed=args.seed,
        as_of=as_of,
        now=frame.now(),
        progress=show.Progress(),
    )
    logins = [show.plain(login) for login in made.logins]
    (frame.home() / LOGINS).write_text(json.dumps(logins, ensure_ascii=False), encoding="utf-8")
    if args.json:
        show.as_json(made)
        return
    counts = ", ".join(f"{number:,} {name}" for name, number in made.counts.items())
    print(f"As of {as_of}: {counts}.")
    print_logins(logins)
    print("Next: tahsil day, then tahsil serve.")


def print_logins(logins: list[dict[str, str]]) -> None:
    """The people of the demo with the password they share."""
    show.table(
        ["sign in as", "password", "who"],
        [(login["username"], login["password"], login["role"]) for login in logins],
    )
