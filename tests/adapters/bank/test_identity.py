"""Fingerprints: what comes again is known, and two alike remain two."""

from __future__ import annotations

from tahsil.adapters.bank import identity, reading
from tests.adapters.bank.files import balance, camt, entry, mt940

LINE = ":61:2601050105C10,NTRFINV-7//B1"


def prints(data: bytes) -> list[str]:
    return [line.fingerprint for each in reading.read(data) for line in each.lines]


def test_two_identical_lines_of_a_day_remain_two():
    found = prints(mt940(LINE, LINE, closing="C260105AED20,"))
    assert len(set(found)) == 2


def test_a_longer_statement_of_the_same_days_brings_only_what_is_new():
    day = prints(mt940(LINE, LINE, closing="C260105AED20,"))
    week = prints(mt940(LINE, LINE, LINE, ":61:260107C1,NTRFX", closing="C260107AED31,"))
    assert set(day) < set(week)
    assert len(set(week) - set(day)) == 2


def test_the_order_of_lines_does_not_matter():
    other = ":61:2601050105C11,NTRFINV-8//B2"
    once = prints(mt940(LINE, other, closing="C260105AED21,"))
    assert set(once) == set(prints(mt940(other, LINE, closing="C260105AED21,")))


def test_pages_of_one_statement_count_on():
    page = mt940(LINE, closing="C260105AED10,").replace(b"62F", b"62M")
    rest = mt940(LINE, opening="C260105AED10,", closing="C260105AED20,").replace(b"60F", b"60M")
    assert len(set(prints(page + b"\n" + rest))) == 2


def test_a_statement_twice_in_one_file_brings_nothing_new():
    data = mt940(LINE, closing="C260105AED10,")
    assert len(set(prints(data + b"\n" + data))) == 1


def test_notifications_of_one_file_are_different_payments():
    one = camt(entry("5"), kind="Ntfctn").decode()
    head, rest = one.split("<Ntfctn>", 1)
    body, tail = rest.rsplit("</Ntfctn>", 1)
    second = body.replace("<Id>S1</Id>", "<Id>S2</Id>")
    both = f"{head}<Ntfctn>{body}</Ntfctn><Ntfctn>{second}</Ntfctn>{tail}"
    again = f"{head}<Ntfctn>{body}</Ntfctn><Ntfctn>{body}</Ntfctn>{tail}"
    assert len(set(prints(both.encode()))) == 2
    assert len(set(prints(again.encode()))) == 1


def test_a_line_of_another_account_is_another_line():
    data = mt940(LINE, closing="C260105AED10,")
    other = data.replace(b"AE070331234567890123456", b"AE070331234567890123457")
    assert prints(data) != prints(other)


def test_a_pending_line_is_the_same_line_when_it_is_booked():
    pending = prints(camt(entry("5", status="PDNG"), kind="Rpt"))
    ends = balance("OPBD", "0") + balance("CLBD", "5")
    assert pending == prints(camt(entry("5"), balances=ends))


def test_a_file_that_goes_on_counts_from_what_was_kept():
    first = reading.read(mt940(LINE, closing="C260105AED10,"))
    second = reading.read(mt940(LINE, opening="C260105AED10,", closing="C260105AED20,"))
    kept = {identity.key(first[0].account, first[0].lines[0]): 1}
    (found,) = identity.stamped(second, before=kept)
    assert found.lines[0].fingerprint != first[0].lines[0].fingerprint
