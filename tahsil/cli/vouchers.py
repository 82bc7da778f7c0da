"""`tahsil voucher`: what is handed over on paper with money and cheques."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show

KINDS = {
    "receipt": "the voucher of a receipt",
    "cheques": "the temporary receipt of the cheques that came in with this one",
    "hand-back": "what the drawer signs for a cheque handed back",
    "slip": "a deposit slip",
    "refund": "the voucher of a paid refund",
}


def add(commands: Any) -> None:
    """The commands of this module."""
    listed = "; ".join(f"{name}: {what}" for name, what in KINDS.items())
    voucher = commands.add_parser(
        "voucher", help="the paper that goes with money or cheques", description=listed
    )
    voucher.add_argument("kind", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    voucher.add_argument("id", type=frame.count, metavar="ID", help="of the receipt, cheque, slip")
    voucher.add_argument("--lang", choices=["en", "ar", "hi"], default="en", help="default: en")
    voucher.add_argument("--out", type=Path, metavar="FILE", help="write it there as pdf")
    frame.with_reader(voucher)
    voucher.set_defaults(run=run_voucher)


def run_voucher(args: argparse.Namespace) -> None:
    """The paper as PDF into a file, else its lines as text or JSON."""
    frame.start()
    from tahsil.queries import vouchers

    query = getattr(vouchers, args.kind.replace("-", "_"))
    found = query(frame.standing(args), args.id, as_of=frame.as_of(args))
    if args.out:
        from tahsil.adapters.documents.pdf import pdf
        from tahsil.adapters.documents.vouchers import voucher

        content = pdf(voucher(found, language=args.lang))
        show.keep(args.out, content)
        print(f"{args.out}, {len(content):,} bytes")
    elif args.json:
        show.as_json(found)
    else:
        _say(found, args.lang)


def _say(found: Any, language: str) -> None:
    print(f"{found.number}  {found.on}  {found.name}  {found.creditor}".strip())
    print(f"{show.money(found.amount_minor, found.currency)}: {found.words[language]}")
    rows = [(each.label or each.category, each.due_on, each.amount_minor) for each in found.lines]
    rows += [(f"{each.number} {each.bank}", each.matures_on, each.amount_minor)
             for each in found.cheques]  # fmt: skip
    if rows:
        said = [(what, on, show.money(minor, found.currency)) for what, on, minor in rows]
        show.table(["for", "date", "amount"], said, right="llr")
