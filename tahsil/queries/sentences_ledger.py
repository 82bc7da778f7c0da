"""The sentences of the general ledger: balances read in, months closed, papers sold to pools."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "contract.terminate": (
        "{actor} ended contract {number}: of {paid_minor} paid, {charge_minor} is kept and "
        "{refund_minor} goes back.",
        "{actor} ended a contract.",
    ),
    "contract.reinstate": (
        "{actor} took contract {number} up again: {reason}.",
        "{actor} took a contract up again.",
    ),
    "ledger.load": (
        "{actor} read in {count} balances of {creditor} as of {balance_on}.",
        "{actor} read in balances of the general ledger.",
    ),
    "tie.note": (
        "{actor} noted of {part}: {text}. {owner} clears it.",
        "{actor} noted a difference.",
    ),
    "period.close": (
        "{actor} closed {month} of {creditor}.",
        "{actor} closed a month.",
    ),
    "period.reopen": (
        "{actor} opened {month} of {creditor} again: {reason}.",
        "{actor} opened a month again.",
    ),
    "instrument.securitise": (
        "{actor} sold cheque {number} to the pool {pool}.",
        "{actor} sold a cheque to a pool.",
    ),
    "pool.sell": (
        "{actor} sold {count} cheques of {amount_minor} to the pool {pool} for {price_minor}.",
        "{actor} sold cheques to a pool.",
    ),
    "pool.remit": (
        "{actor} paid {amount_minor} over to the pool {pool}.",
        "{actor} paid money over to a pool.",
    ),
}
