"""What every command shares: Django when it is needed, who acts, as of when, and how it is shown.

The clock and the settings belong to the project layer above; they are named here, not imported.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

SETTINGS = "tahsil.project.settings"
CLOCK = "tahsil.project.clock"


@dataclass(frozen=True)
class Exit:
    """What a command answers to the shell."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    FAULT = 70
    STOPPED = 130


def start() -> None:
    """Django is ready afterwards; the first call takes a second, later ones nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def now() -> datetime:
    """The present instant."""
    return importlib.import_module(CLOCK).now()


def today() -> date:
    """The business date."""
    return importlib.import_module(CLOCK).today()


def home() -> Path:
    """The data folder."""
    from django.conf import settings

    return Path(settings.HOME)


def day(text: str) -> date:
    """A date as typed: 2026-01-13."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text} is not a date. Write it as 2026-01-13."
        raise argparse.ArgumentTypeError(message) from None


def count(text: str) -> int:
    """A whole number above nothing, as typed."""
    if not text.isascii() or not text.replace("_", "").isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1.")
    return int(text)


def as_of(args: argparse.Namespace) -> date:
    """The date asked for, else the business date."""
    return args.as_of or today()


def standing(args: argparse.Namespace) -> Any:
    """Who acts: the person of --as with their own grants, else the program itself."""
    from tahsil.queries import named, people

    if not getattr(args, "as_user", ""):
        return people.SYSTEM
    return people.standing_of(named.person_id(args.as_user), as_of=as_of(args))


def context(args: argparse.Namespace) -> Any:
    """The context in which a command writes."""
    from tahsil.actions._verb import Context

    return Context(standing(args), as_of(args), now())


def with_as_of(parser: argparse.ArgumentParser) -> None:
    """The option --as-of."""
    parser.add_argument(
        "--as-of", type=day, metavar="DATE", help="the business date looked at (default: today)"
    )


def with_reader(parser: argparse.ArgumentParser) -> None:
    """The options every reading command takes: --as-of, --as, --json."""
    with_as_of(parser)
    parser.add_argument(
        "--as", dest="as_user", default="", metavar="USER", help="see and act as this person"
    )
    with_json(parser)


def with_json(parser: argparse.ArgumentParser) -> None:
    """The option --json."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def is_terminal() -> bool:
    """Whether a person looks at the progress lines."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
