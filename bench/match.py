"""How long `tahsil match --json` takes on invented lines, posting included.

    python -m bench.match --lines 10000

A book of its own is made in a folder that is removed: 25,000 open items of 4,000 debtors.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

TODAY, NOW = date(2026, 11, 22), datetime(2026, 11, 22, 8, tzinfo=UTC)
IBAN = "EG800002000156789012345180002"


def main() -> None:
    """Fills the book, matches it as a user would, prints wall and processor seconds."""
    parser = argparse.ArgumentParser(prog="python -m bench.match", description=__doc__)
    for name, usual in (("lines", 10_000), ("items", 25_000), ("debtors", 4_000), ("seed", 5)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TAHSIL_HOME": folder, "TAHSIL_TODAY": TODAY.isoformat()}
        os.environ.pop("DATABASE_URL", None)
        count = _fill(vars(args))
        before, began = _spent(), time.perf_counter()
        with (Path(folder) / "out.json").open("w") as out:
            command = [sys.executable, "-m", "tahsil.cli.main", "match", "--json"]
            subprocess.run(command, stdout=out, check=True)
        wall, spent = time.perf_counter() - began, _spent() - before
        print(f"{count:,} lines matched and posted: {wall:.1f} s wall, {spent:.1f} s cpu")


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _fill(how: dict[str, int]) -> int:
    """The invented book in the database; how many lines wait in it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tahsil.project.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from bench import cash
    from tahsil.actions import bank
    from tahsil.actions._verb import Context
    from tahsil.core.grammar.names import name_key
    from tahsil.queries.people import SYSTEM
    from tahsil.store import models as m
    from tahsil.store import policies, rows, standing

    call_command("migrate", verbosity=0)
    policies.publish_shipped(now=NOW)
    made = cash.make(**how)
    with transaction.atomic():
        ours = m.Creditor.objects.create(code="X", name="X", country="EG", currency="EGP")
        account = m.BankAccount.objects.create(
            creditor=ours, code="CIB-1", bank="CIB", iban=IBAN, currency="EGP", rule="any"
        )
        people = rows.insert(
            [m.Party(name=d.name, name_key=name_key(d.name)) for d in made.debtors]
        )
        owing = rows.insert([
            m.Account(number=f"A-{d.id}", party_id=p.id, creditor_id=ours.id, currency="EGP")
            for d, p in zip(made.debtors, people, strict=True)
        ])  # fmt: skip
        deeds = rows.insert([
            m.Contract(account_id=a.id, number=d.contract)
            for d, a in zip(made.debtors, owing, strict=True)
        ])  # fmt: skip
        of = {d.id: (a.id, k.id) for d, a, k in zip(made.debtors, owing, deeds, strict=True)}
        rows.insert([
            m.Obligation(
                account_id=of[i.debtor][0], contract_id=of[i.debtor][1], seq=i.seq,
                category="instalment", amount_minor=i.amount, due_on=i.due_on,
                raised_on=date(2025, 1, 1), recorded_at=NOW,
            )
            for i in made.items
        ])  # fmt: skip
        rows.insert([
            m.ContactPoint(party_id=p.id, channel="phone", value=d.phone)
            for d, p in zip(made.debtors, people, strict=True)
        ])  # fmt: skip
        standing.refresh([a.id for a in owing], as_of=TODAY)
        lines = [line for line in made.lines if line.currency == "EGP"]
        said = [
            {"booked_on": line.on.isoformat(), "amount_minor": line.amount, "text": line.text,
             "payer": line.payer, "payer_account": line.iban,
             "bank_reference": line.bank_reference, "fingerprint": f"F-{line.id}"}
            for line in lines
        ]  # fmt: skip
        bank.take_in(
            Context(SYSTEM, TODAY, NOW, "bench"),
            bank_account_id=account.id,
            file_name="bench",
            statement={"currency": "EGP", "number": "1", "lines": said},
        )
    return len(lines)


if __name__ == "__main__":
    main()
