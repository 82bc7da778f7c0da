"""Several people at once on one bank line, one receipt, one cheque: one of them does it, once.

A program with a database of its own, like race.py. Says nothing when all is well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.actions.race import NOW, TODAY, build

AT_ONCE = 4
Q = 10_00
CHECKED = dict.fromkeys(
    ("date", "words", "payee", "signature", "alteration", "drawer", "bank", "paper", "expiry",
     "currency", "photo"), True,
)  # fmt: skip


def race() -> None:
    """Contests about one thing each; every one has one winner, and the book is sound."""

    desk = Desk()
    desk.contest("a line confirmed", desk.confirm, desk.line("ONE"), wins=1)
    line = desk.line("TWO")
    desk.confirm(line, 0)
    desk.contest("a match taken back", desk.unmatch, line, wins=1)
    receipt = desk.receipt()
    desk.contest("a receipt reversed", desk.reverse, receipt, wins=1)
    for text in ("THREE", "FOUR", "FIVE"):
        desk.line(text, Q + 1)
    receipt = desk.receipt()
    desk.contest("a line linked with one receipt", desk.link, receipt, wins=1)
    paper = desk.paper("000001")
    desk.contest("a cheque sent", desk.send, paper, wins=1)
    desk.contest("a cheque cleared", desk.clear, paper, wins=1)
    paper = desk.paper("000002")
    desk.send(paper, 9)
    desk.contest("a cheque cleared and returned", desk.clear_or_return, paper, wins=1)
    desk.line("TRF MONA 1"), desk.line("TRF MONA 1 AGAIN")
    desk.contest("matching run", desk.match, 0, wins=AT_ONCE)
    desk.check()


class Desk:
    """Somebody who may do everything of the bank and the cheques, and what they do it to."""

    def __init__(self) -> None:
        from tahsil.store import standing
        from tahsil.store.models import Account, Person, RoleGrant
        from tests.actions.statements import bank_account

        self.account, self.person = build()
        for role in ("collection_manager", "cfo"):
            RoleGrant.objects.create(
                person_id=self.person, role=role, scope="all", since_on=TODAY.replace(month=1)
            )
        self.other = Person.objects.create(
            username="tarek", name="Tarek", branch=Person.objects.get(id=self.person).branch
        ).id
        RoleGrant.objects.create(
            person_id=self.other, role="treasury_head", scope="all",
            since_on=TODAY.replace(month=1),
        )  # fmt: skip
        self.bank = bank_account(Account.objects.get().creditor_id, rule="any")
        standing.refresh([self.account], as_of=TODAY)
        self.closing = self.statements = 0

    def ctx(self, person: int | None = None) -> Any:
        from tahsil.actions._verb import Context
        from tahsil.queries.people import standing_of

        return Context(standing_of(person or self.person, as_of=TODAY), TODAY, NOW)

    def contest(self, what: str, act: Callable[[int, int], Any], thing: int, *, wins: int) -> None:
        """So many try at once; `wins` of them do it, the others are refused in words."""
        from django.db import connection

        from tahsil.core.grammar.refusal import Refused

        start, told, faults = threading.Barrier(AT_ONCE), [], []

        def one(n: int) -> None:
            try:
                start.wait(20)
                act(thing, n)
                told.append("done")
            except Refused as refused:
                told.append(str(refused))
            except BaseException as fault:
                faults.append(fault)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(n,)) for n in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults, (what, faults)
        assert told.count("done") == wins, (what, told)

    def line(self, text: str, minor: int = Q) -> int:
        from tests.actions.statements import take

        self.statements += 1
        (line,) = take(
            self.ctx(), (minor, text), opening=self.closing, number=f"{self.statements}", day=TODAY
        )
        self.closing += minor
        return line.id

    def receipt(self) -> int:
        from tahsil.actions import receipts

        return receipts.record(
            self.ctx(), account_id=self.account, amount_minor=Q + 1, value_on=TODAY,
            instrument="transfer", confirm=True,
        ).id  # fmt: skip

    def paper(self, number: str) -> int:
        from tahsil.actions import instruments, obligations, requests

        line = obligations.raise_(
            self.ctx(), account_id=self.account, category="fee", amount_minor=99_999_00,
            due_on=TODAY,
        )  # fmt: skip
        made = instruments.capture(
            self.ctx(), account_id=self.account, number=number, bank="NBE", amount_minor=5,
            matures_on=TODAY, lines=[[line.id, 5]],
        )  # fmt: skip
        asked = instruments.verify(
            self.ctx(), account_id=self.account, instrument_id=made.id, checklist=CHECKED
        )
        requests.approve(self.ctx(self.other), request_id=asked.request_id)
        return made.id

    def confirm(self, line: int, n: int) -> Any:
        from tahsil.actions import matching

        part = {"account_id": self.account, "amount_minor": Q}
        return matching.match(self.ctx(), line_id=line, parts=[part], confirm=True)

    def unmatch(self, line: int, n: int) -> Any:
        from tahsil.actions import bank

        return bank.unmatch(self.ctx(), line_id=line, reason="another")

    def reverse(self, receipt: int, n: int) -> Any:
        from tahsil.actions import receipts

        return receipts.reverse(
            self.ctx(), account_id=self.account, receipt_id=receipt, reason="typed"
        )

    def link(self, receipt: int, n: int) -> Any:
        """Each would explain a line of their own with the same receipt, or reverse it."""
        from tahsil.actions import matching
        from tahsil.store.models import BankLine

        if n == 0:
            return self.reverse(receipt, n)
        line = BankLine.objects.filter(amount_minor=Q + 1).order_by("id")[n - 1]
        return matching.match(self.ctx(), line_id=line.id, parts=[{"receipt_id": receipt}])

    def send(self, paper: int, n: int) -> Any:
        from tahsil.actions import presenting

        return presenting.send(
            self.ctx(), bank_account_id=self.bank.id, instruments=[paper], number=f"S-{paper}-{n}"
        )

    def clear(self, paper: int, n: int) -> Any:
        from tahsil.actions import presenting

        return presenting.clear(
            self.ctx(), account_id=self.account, instrument_id=paper, value_on=TODAY,
            reference=f"ST-{n}",
        )  # fmt: skip

    def clear_or_return(self, paper: int, n: int) -> Any:
        from tahsil.actions import returning

        if n % 2:
            return self.clear(paper, n)
        return returning.bounce(
            self.ctx(), account_id=self.account, instrument_id=paper, reason="NSF", memo="memo"
        )

    def match(self, nothing: int, n: int) -> Any:
        from tahsil.run import matching

        return matching.match(self.ctx())

    def check(self) -> None:
        """The nightly check finds nothing, and receipt numbers have no gap."""
        from tahsil.run import check
        from tahsil.store.models import BankMatch, Presentment, Receipt

        found = check.check(as_of=TODAY).findings
        found = [each for each in found if each.level == "fault"]
        assert not found, [check.sentence(each) for each in found]
        serials = sorted(Receipt.objects.filter(serial__gt=0).values_list("serial", flat=True))
        assert serials == list(range(1, len(serials) + 1)), serials
        assert Presentment.objects.count() == 2
        live = BankMatch.objects.filter(undone_at=None).values_list("line_id", flat=True)
        assert len(set(live)) == len(live), "a line is explained twice"


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    race()
