"""Runs the day on a database of its own, and kills itself at the write that is asked for.

python -m tests.run.dying SINCE DAYS POINT: POINT is the number of the write before which the
process is killed, `snapshot` just before the snapshot is put in place, or `never`. Prints how
many writes there were.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date, datetime, timedelta

import django

WRITES = ("INSERT", "UPDATE", "DELETE")
NOW = datetime.fromisoformat("2026-11-22T08:00:00+00:00")


class Death:
    """Counts the writes of a connection; the process ends, unasked, before the one given."""

    def __init__(self, point: str) -> None:
        self.point, self.count = point, 0

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip()[:6].upper() in WRITES:
            self.count += 1
            if str(self.count) == self.point:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def before_replace(self, replace):
        def replacing(*paths):
            if self.point == "snapshot":
                os.kill(os.getpid(), signal.SIGKILL)
            return replace(*paths)

        return replacing


def main(since: str, days: str, point: str) -> None:
    """Runs that many days from the date, or part of them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tahsil.project.settings")
    django.setup()
    from django.db import connection

    from tahsil.actions import _verb
    from tahsil.run import daily

    _verb.CHUNK = 7  # many transactions even in a small book
    death = Death(point)
    os.replace = death.before_replace(os.replace)
    with connection.execute_wrapper(death):
        for at in range(int(days)):
            daily.day(as_of=date.fromisoformat(since) + timedelta(days=at), now=NOW)
    print(death.count)


if __name__ == "__main__":
    main(*sys.argv[1:])
