"""Why a cheque came back: each bank's own words, read into one of our families."""

from __future__ import annotations

import pytest

from tahsil.core.book.returns import Entry, Table, reading
from tests.tables import table

OURS = Table("families", (), tuple(Entry(code, "", code) for code in ("NSF", "DATE", "FORM")))
NBE = Table("nbe", ("NBE", "البنك الأهلي"), (
    Entry("1", "رصيد لا يسمح", "NSF"), Entry("7", "", "SIGNATURE"),
    Entry("R20", "Orders not to pay", "STOPPED"),
))  # fmt: skip
COMMON = Table("common", (), (
    Entry("01", "Funds insufficient", "NSF"), Entry("07", "Other", "TECHNICAL"),
    Entry("12", "Drawer's signature differs", "SIGNATURE"), Entry("INSF", "", "NSF"),
    Entry("", "الحساب", "REFER"), Entry("", "الحساب مغلق", "ACCOUNT_CLOSED"),
    Entry("", "حجر", "INCAPACITY"),
))  # fmt: skip


@pytest.mark.parametrize("case", table("""
    bank           said                              family          why
    NBE            NSF                               NSF             our own code comes first
    NBE            7                                 SIGNATURE       the bank's own code
    NBE            007                               SIGNATURE       however many noughts
    CIB            7                                 TECHNICAL       of another bank the common one
    البنك الاهلي   7                                 SIGNATURE       by any spelling of its name
    CIB            12 - Signature                    SIGNATURE       a code before its wording
    CIB            12/11/2026 unpaid                 -               a date is no code
    CIB            CHQ 123 RETURNED INSF             NSF             a code among words
    CIB            CHQ 01 RETURNED                   -               numbers among words are none
    CIB            returned: funds insufficient      NSF             a wording in a text
    CIB            مرتد لأن الحساب مغلق              ACCOUNT_CLOSED  the longest wording wins
    CIB            شارع المحجر                       -               one word stands by itself
    CIB            وقع عليه حجر                      INCAPACITY      as here
    CIB            -                                 -               nothing said, nothing read
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_a_bank_says_is_read(case):
    own = [each for each in (NBE,) if each.is_of([case["bank"]])]
    said = "" if case["said"] == "-" else case["said"]
    found = reading(said, [OURS, *own, COMMON])
    assert (found.family if found else "-") == case["family"]
