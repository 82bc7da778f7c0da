"""What can be asked about money on account, refunds and the register of receipt numbers."""

from __future__ import annotations

from tahsil.api.asking import ID, Asked, Listed, Read, choice, listed
from tahsil.core.book.endings import SETTLEMENTS
from tahsil.queries import endings, numbers, refunds, unapplied, vouchers


def _refunds(asked: Asked) -> Listed:
    found = refunds.refunds(
        asked.standing, as_of=asked.as_of, **asked.only("view", account_id="account"), **asked.page
    )
    return listed(found, found.page)


def _refund(asked: Asked) -> refunds.RefundPage:
    return refunds.refund(asked.standing, asked.values["refund_id"], as_of=asked.as_of)


def _refundable(asked: Asked) -> refunds.Refundable:
    return refunds.refundable(asked.standing, asked.values["account_id"], as_of=asked.as_of)


def _ending(asked: Asked) -> endings.Ending:
    wanted = endings.Asked(asked.as_of, **asked.only("settlement"))
    account_id, contract_id = asked.values["account_id"], asked.values["contract_id"]
    return endings.read(asked.standing, account_id, contract_id, wanted)


def _refund_voucher(asked: Asked) -> vouchers.Voucher:
    return vouchers.refund(asked.standing, asked.values["refund_id"], as_of=asked.as_of)


def _unapplied(asked: Asked) -> Listed:
    found = unapplied.by_account(
        asked.standing, as_of=asked.as_of, **asked.only("view"), **asked.page
    )
    return listed(found, found.page)


def _numbers(asked: Asked) -> numbers.NumberRegister:
    return numbers.numbers(asked.standing, as_of=asked.as_of, **asked.only("kind", run_id="run"))


REFUNDS = (
    Read("unapplied", "Accounts with money that pays nothing: whose it is to look at, how old.",
         "account.read", {"view": choice(*unapplied.VIEWS)}, _unapplied, unapplied.OnAccounts,
         True),
    Read("refunds", "Refunds asked for, to pay, paid or over.", "account.read",
         {"view": choice(*refunds.VIEWS), "account": ID}, _refunds, refunds.Refunds, True),
    Read("refunds/{refund_id}", "One refund with the receipts it gives back.", "account.read",
         {"refund_id": ID}, _refund, refunds.RefundPage),
    Read("refunds/{refund_id}/voucher", "What stands on its voucher, the amount in words.",
         "account.read", {"refund_id": ID}, _refund_voucher, vouchers.Voucher),
    Read("accounts/{account_id}/refundable", "What of an account could be paid back, from when.",
         "", {"account_id": ID}, _refundable, refunds.Refundable),
    Read("accounts/{account_id}/contracts/{contract_id}/ending",
         "What ending the contract would cancel, keep and give back; nothing is done.",
         "", {"account_id": ID, "contract_id": ID, "settlement": choice(*SETTLEMENTS)}, _ending,
         endings.Ending),
    Read("receipts/numbers", "Every series and paper book of receipts, with what is missing.",
         "account.read", {"kind": choice("series", "book"), "run": ID}, _numbers,
         numbers.NumberRegister),
)  # fmt: skip
