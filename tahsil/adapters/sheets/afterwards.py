"""What shows only across rows: repeated keys, shared phones, one customer under several codes.

Nothing is merged here; candidates wait for a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

from rapidfuzz.distance import JaroWinkler

from tahsil.adapters.sheets.cells import note
from tahsil.adapters.sheets.codes import code_key
from tahsil.adapters.sheets.reconcile import differences
from tahsil.adapters.sheets.records import Candidate, Record, Staged

SHARED_FROM = 3
MAX_GROUP = 20


def look_across(staged: Staged) -> None:
    """Adds notes and candidates that need all records of the file."""
    parties = list(staged.of("party"))
    _shared_phones(parties)
    _party_candidates(parties, staged)
    _unit_aliases(staged)
    _lost_zeros(list(staged.of("cheque")))
    _repeated_keys(staged.records)
    staged.notes += differences(staged)


def _repeated_keys(records: list[Record]) -> None:
    """A key that comes again gets a number, so that no record hides another; both are noted."""
    times = Counter(record.key for record in records)
    if len(times) == len(records):
        return
    seen: Counter[str] = Counter()
    renamed: dict[tuple[str, int, str], str] = {}
    for record in records:
        _follow(record, renamed)
        count = times[record.key]
        if count == 1:
            continue
        seen[record.key] += 1
        facts = {"key": record.key, "count": count}
        record.warnings.append(note("key.repeated", facts, f"A{record.row}"))
        if seen[record.key] > 1:
            old, record.key = record.key, f"{record.key}#{seen[record.key]}"
            renamed[record.sheet, record.row, old] = record.key


def _follow(record: Record, renamed: dict[tuple[str, int, str], str]) -> None:
    """What hangs on a record of its row that got a number keeps hanging on it."""
    for name in ("line_key", "contract_key"):
        at = (record.sheet, record.row, record.values.get(name, ""))
        if at in renamed:
            record.values[name] = renamed[at]


def _shared_phones(parties: list[Record]) -> None:
    held = Counter(
        number
        for party in parties
        for number in {phone["e164"] for phone in party.values["phones"] if phone["e164"]}
    )
    for party in parties:
        for phone in party.values["phones"]:
            phone["is_shared"] = held.get(phone["e164"], 0) >= SHARED_FROM
            if phone["is_shared"]:
                facts = {"phone": phone["e164"], "count": held[phone["e164"]]}
                party.warnings.append(note("phone.shared", facts, f"A{party.row}"))


def _party_candidates(parties: list[Record], staged: Staged) -> None:
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for reason, key in (
        ("code", lambda v: code_key(v["code"]) if v["code"] else ""),
        ("name", lambda v: v["name_key"] if " " in v["name_key"] else ""),
        ("name in another script", lambda v: v["skeleton"] if v["skeleton"].count(" ") > 1 else ""),
        ("identity number", lambda v: v["national_id"] or ""),
    ):
        groups = defaultdict(list)
        for at, party in enumerate(parties):
            if wanted := key(party.values):
                groups[wanted].append(at)
        for group in groups.values():
            if len(group) <= MAX_GROUP:
                for pair in combinations(group, 2):
                    found[pair].add(reason)
    _one_phone(parties, found)
    for (one, two), reasons in sorted(found.items()):
        _propose(parties[one], parties[two], reasons, staged)


def _one_phone(parties: list[Record], found: dict[tuple[int, int], set[str]]) -> None:
    """A phone that two customers share speaks for one person; one that many share does not."""
    held = defaultdict(list)
    for at, party in enumerate(parties):
        for number in {
            p["e164"] for p in party.values["phones"] if p["e164"] and not p["is_shared"]
        }:
            held[number].append(at)
    for group in held.values():
        for pair in combinations(group, 2):
            found[pair].add("phone")


_WEIGHTS = {
    "identity number": 60,
    "code": 25,
    "phone": 30,
    "name": 35,
    "name in another script": 30,
}


def _propose(one: Record, two: Record, reasons: set[str], staged: Staged) -> None:
    likeness = JaroWinkler.similarity(one.values["skeleton"], two.values["skeleton"])
    score = min(99, sum(_WEIGHTS[reason] for reason in reasons) + int(30 * likeness))
    if score < 50:
        return
    shown = tuple(sorted(reasons))
    staged.candidates.append(Candidate("party", one.key, two.key, score, shown))
    for record, other in ((one, two), (two, one)):
        label = other.values["code"] or other.values["name"]
        facts = {"other": label, "reasons": list(shown)}
        record.warnings.append(note("party.candidate", facts, f"A{record.row}"))


def _unit_aliases(staged: Staged) -> None:
    """عمارة ١٢ شقة ٣٠٤ has the digits of B12-304: it may be the same unit."""
    first: dict[str, Record] = {}
    for record in staged.records:
        if unit := record.values.get("unit"):
            first.setdefault(unit, record)
    known: dict[str, set[str]] = defaultdict(set)
    for unit in first:
        known[_digits(unit)].add(unit)
    for unit, record in first.items():
        others = known[_digits(unit)] - {unit}
        if len(others) == 1 and not any(c.isalpha() for c in unit):
            other = next(iter(others))
            staged.candidates.append(Candidate("unit", unit, other, 70, ("same digits",)))
            facts = {"text": unit, "unit": other}
            record.warnings.append(note("unit.alias", facts, f"A{record.row}"))


def _digits(unit: str) -> str:
    return "-".join("".join(c for c in part if c.isdigit()) for part in unit.split("-"))


def _lost_zeros(cheques: Iterable[Record]) -> None:
    """123 among numbers of six digits with zeros in front was 000123 before Excel opened it."""
    alone = [one for one in cheques if one.values.get("number", "").isdigit()]
    padded = [len(one.values["number"]) for one in alone if one.values["number"][0] == "0"]
    if not padded:
        return
    width = Counter(padded).most_common(1)[0][0]
    for one in alone:
        number = one.values["number"]
        if len(number) < width:
            facts = {"number": number, "other": number.zfill(width)}
            one.warnings.append(note("cheque.lost_zeros", facts, f"A{one.row}"))
