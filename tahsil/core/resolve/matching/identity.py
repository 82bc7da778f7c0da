"""Which accounts a line may belong to, and the evidence for each before amounts are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

from tahsil.core.resolve.matching import naming, references
from tahsil.core.resolve.matching.index import Hit, Index
from tahsil.core.resolve.matching.learned import KNOWN_AFTER, Learned, payer_keys
from tahsil.core.resolve.matching.naming import KNOWN, NEAR, NONE, OTHER, Agreement
from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.reading import Reading
from tahsil.core.resolve.matching.references import Named
from tahsil.core.resolve.matching.rows import Evidence
from tahsil.core.resolve.matching.sentences import saying

REFERENCE, CONTRACT, PAYER, LIKE, NOTHING = "reference", "contract", "payer", "near", "none"
FEW = 3  # references one letter away may each be looked at; more only if a word agrees
STRONG = 0.9  # a literal reference from this strength on stands for itself
BY_SURNESS = (REFERENCE, PAYER, CONTRACT, LIKE, NOTHING)


@dataclass
class Case:
    """One account a line may belong to: how it is known, and what speaks for and against."""

    account_id: int
    how: str = NOTHING
    named: dict[int, None] = field(default_factory=dict)
    within: set[int] = field(default_factory=set)  # the obligations of the contracts named
    unknown_line: bool = False
    is_known_payer: bool = False
    agreement: Agreement = naming.NOBODY
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def score(self) -> float:
        """The evidence added up."""
        return sum(each.weight for each in self.evidence)

    @property
    def is_worth_a_look(self) -> bool:
        """Whether anything speaks for the account; its amounts are looked at then."""
        return self.how != NOTHING or self.score > 0 or self.agreement.kind not in (OTHER, NONE)

    def known_by(self, how: str, said: Evidence) -> None:
        """One more way the account is known; of several references the first counts."""
        if BY_SURNESS.index(how) < BY_SURNESS.index(self.how):
            self.how = how
        if said.weight or not any(said[:3] == each[:3] for each in self.evidence):
            self.evidence.append(said)


def cases(index: Index, reading: Reading, learned: Learned, policy: Policy) -> list[Case]:
    """The accounts the line may belong to, the likeliest first."""
    found: dict[int, Case] = {}
    said = references.literal(index, reading.tokens)
    _by_reference(index, found, said, policy)
    _by_payer(index, found, reading, learned, policy)
    for account_id in naming.candidates(index, reading):
        _case(found, account_id)
    _by_name(index, found, reading, policy)
    if not any(case.how == REFERENCE and _agrees(case) for case in found.values()):
        close = references.nearly(index, reading.tokens)
        _by_near(index, found, close, reading, policy)
    return sorted(found.values(), key=lambda case: (-case.score, case.account_id))


def _case(found: dict[int, Case], account_id: int) -> Case:
    return found.setdefault(account_id, Case(account_id))


def _agrees(case: Case) -> bool:
    return case.agreement.kind not in (OTHER, NONE)


def _by_reference(
    index: Index, found: dict[int, Case], said: Iterable[Named], policy: Policy
) -> None:
    for named in said:
        owners = list(dict.fromkeys(hit.account_id for hit in named.hits))
        shared = log(len(owners)) * 1.5
        for hit in named.hits:
            case = _case(found, hit.account_id)
            if hit.item_id:
                case.named[hit.item_id] = None
            else:
                case.within |= index.items_of(hit)
            is_strong = named.strength >= STRONG and len(owners) == 1
            how = (REFERENCE if hit.item_id else CONTRACT) if is_strong else LIKE
            code = "reference" if hit.item_id else "contract"
            weight = max(0.0, policy.weights[code] * named.strength - shared)
            if any(each.code in ("match.reference", "match.contract") for each in case.evidence):
                weight = 0.0
            case.known_by(how, saying(code, weight, reference=named.said))
            if named.number is not None:
                case.unknown_line = True
                unknown = saying("unknown_line", reference=named.said, number=named.number)
                case.evidence.append(unknown)


def _by_payer(
    index: Index, found: dict[int, Case], reading: Reading, learned: Learned, policy: Policy
) -> None:
    numbers = [("virtual_account", index.virtual, [reading.line.virtual_account])]
    numbers += [("payer_account", index.payers, list(reading.accounts))]
    numbers += [("phone", index.phones, list(reading.phones))]
    for code, known, said in numbers:
        for number in said:
            owners = known.get(number, {}) if number else {}
            for account_id in owners:
                weight = policy.weights[code] - log(len(owners)) * 1.5
                how = PAYER if len(owners) == 1 else LIKE
                _case(found, account_id).known_by(how, saying(code, weight, number=number))
    for payer in payer_keys(reading.line):
        counts = learned.aliases.get(payer, {})
        for account_id, count in counts.items():
            case = _case(found, account_id)
            if len(counts) > 1:
                case.known_by(NOTHING, saying("alias_shared", 1.0, count=len(counts)))
            elif count >= KNOWN_AFTER:
                case.is_known_payer = True
                case.known_by(PAYER, saying("alias", policy.weights["alias"], count=count))
            else:
                case.known_by(NOTHING, saying("alias_once", policy.weights["alias_once"]))


def _by_name(index: Index, found: dict[int, Case], reading: Reading, policy: Policy) -> None:
    for case in found.values():
        case.agreement = naming.agreement(index, reading, case.account_id)
        if case.is_known_payer and not _agrees(case):
            case.agreement = case.agreement._replace(kind=KNOWN)
            continue
        said = _name_said(index, case.agreement, case.how, policy)
        if said:
            case.evidence.append(said)


def _name_said(index: Index, one: Agreement, how: str, policy: Policy) -> Evidence | None:
    weights = policy.weights
    if one.kind == NONE or (one.kind == OTHER and not one.matched and how == NOTHING):
        return None
    # A name alone weighs by how few would bear it by chance in a book of this size; beside a
    # reference it need not be rare.
    least = weights["name_least"] if how == NOTHING else weights["name_agrees"]
    worth = min(weights["name"], max(least, weights["name_alone"] + one.worth - log(index.count)))
    worth += weights["name_near"] if one.kind == NEAR else 0.0
    worth += weights["name_extra"] * one.extra + weights["name_missing"] * one.missing
    if one.kind == OTHER:
        return saying("name_other", max(weights["name_other"], min(0.0, worth)))
    facts = {"matched": " ".join(one.matched), "missing": one.missing}
    code = f"name_{one.kind}"
    return saying(code, worth, **(facts if one.kind in ("part", "near") else {}))


def _by_near(
    index: Index, found: dict[int, Case], close: list[Named], reading: Reading, policy: Policy
) -> None:
    # Many references are one letter apart: each says little unless the name agrees as well.
    owners = {hit.account_id for named in close for hit in named.hits}
    said = {word.bones for run in (reading.payer, *reading.said) for word in run}
    for named in close:
        hit: Hit = named.hits[0]
        if hit.account_id not in found and len(owners) > FEW:
            if not said & index.bones[hit.account_id]:
                continue
            agreement = naming.agreement(index, reading, hit.account_id)
            if agreement.kind in (OTHER, NONE):
                continue
        is_new = hit.account_id not in found
        case = _case(found, hit.account_id)
        if case.how in (REFERENCE, CONTRACT):
            continue
        if is_new:
            case.agreement = naming.agreement(index, reading, case.account_id)
            about = _name_said(index, case.agreement, LIKE, policy)
            if about:
                case.evidence.append(about)
        if hit.item_id:
            case.named[hit.item_id] = None
        weight = policy.weights["near"] * named.strength
        if any(each.code == "match.near" for each in case.evidence):
            weight = 0.0
        known = hit.reference
        case.known_by(LIKE, saying("near", weight, reference=named.said.upper(), known=known))
