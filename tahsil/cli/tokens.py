"""`tahsil token`: secrets by which programs act as a person through the API."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from tahsil.cli import frame, show
from tahsil.core.grammar.refusal import Refused


def add(commands: Any) -> None:
    """The commands of this module."""
    parser = commands.add_parser(
        "token",
        help="let a program act as a person through the API; list, revoke",
        description="Prints a new secret once; only its hash is kept. Without PERSON the tokens "
        "are listed.",
    )
    parser.add_argument("person", nargs="?", default="", metavar="PERSON", help="sign-in name")
    parser.add_argument("--name", default="api", metavar="N", help="what it is for (default: api)")
    parser.add_argument("--revoke", type=frame.count, metavar="ID", help="close this token")
    frame.with_reader(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """A new token, the end of one, or the list."""
    frame.start()
    if args.revoke and args.person:
        raise Refused("token.usage", "Say either PERSON for a new token, or --revoke ID.")
    if args.revoke:
        _revoke(args)
    elif args.person:
        _issue(args)
    else:
        _list(args)


def _issue(args: argparse.Namespace) -> None:
    from tahsil.actions import tokens
    from tahsil.queries import named

    secret = tokens.PREFIX + secrets.token_urlsafe(32)
    done = tokens.issue_token(
        frame.context(args),
        person_id=named.person_id(args.person),
        name=args.name,
        secret_sha256=tokens.hash_of(secret),
    )
    if args.json:
        show.as_json({"id": done.id, "person": args.person, "name": args.name, "token": secret})
        return
    print(secret)
    print(f"Token {done.id} acts as {args.person}. The secret is shown once; keep it safe.")


def _revoke(args: argparse.Namespace) -> None:
    from tahsil.actions import tokens

    done = tokens.revoke_token(frame.context(args), token_id=args.revoke)
    if args.json:
        show.as_json({"id": done.id, **done.facts})
        return
    print(f"Token {done.id} lets nobody in any more.")


def _list(args: argparse.Namespace) -> None:
    from tahsil.queries import tokens

    found = tokens.tokens(frame.standing(args), as_of=frame.as_of(args))
    if args.json:
        show.as_json(found)
        return
    if not found:
        print("There is no token. `tahsil token PERSON` makes one.")
        return
    rows = [
        (row.id, row.person, row.name, row.created_at.date(), row.last_used_on,
         "open" if row.is_open else "closed")
        for row in found
    ]  # fmt: skip
    show.table(["id", "acts as", "for", "since", "last used", "state"], rows, right="r")
