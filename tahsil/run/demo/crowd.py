"""The many: who they are, what they bought, which lines that makes. All columns, any size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tahsil.run.demo import names, places, plans
from tahsil.run.demo.draft import Draft, Table, from_columns
from tahsil.run.demo.plans import PLANS, Plan, laid
from tahsil.run.demo.rows import NONE

HABITS = ("prompt", "days_late", "chronic", "partial", "breaker", "disputing", "silent", "prepayer")
SHARES = (46, 22, 9, 6, 5, 3, 5, 4)  # of a hundred debtors
LANGUAGES = {"EG": ("ar",), "AE": ("ar", "en", "hi"), "IN": ("hi",)}
# How long before the date looked at a stage of a building was certified, in days.
STAGES = {
    "CERT_20": 500, "CERT_40": 290, "CERT_60": 75,
    "PLINTH": 420, "SLAB_3": 300, "SLAB_6": 190, "SLAB_9": 100, "SLAB_12": 24,
}  # fmt: skip
_GIVEN = {language: names.given(language) for language in ("ar", "hi", "en")}
_FAMILIES = {language: names.families(language) for language in ("ar", "hi", "en")}
_FATHERS = names.fathers()
_COMPANIES = names.pairs(names.COMPANY_WORDS)
_TRADES = names.pairs(names.COMPANY_TRADES)
OLDEST = {"rent": 21, "service": 13}  # months since signing, at most; others 29


@dataclass(frozen=True)
class Sold:
    """One row per contract: whose, of which plan, at which of its prices, signed when."""

    account: np.ndarray
    plan: np.ndarray
    price_at: np.ndarray
    signed: np.ndarray


def crowd(count: int, *, rng: np.random.Generator, today: int, first: int) -> tuple[Draft, Sold]:
    """So many accounts with their contracts and lines; numbering goes on after `first`."""
    mix = np.asarray(plans.MIX if count <= 5_000 else plans.MIX_LARGE)
    plan = rng.choice(len(PLANS), size=count, p=mix / mix.sum())
    sold = _sold(plan, rng, today)
    contracts = _contracts(sold, first)
    lines, happenings = lines_of(sold, contracts["raised"], rng, today)
    tables = {
        "parties": _parties(plan, rng),
        "accounts": _accounts(plan, rng),
        "contracts": contracts,
        "lines": lines,
        "happenings": happenings,
    }
    return from_columns(tables), sold


def _sold(plan: np.ndarray, rng: np.random.Generator, today: int) -> Sold:
    products = np.asarray([each.product for each in PLANS], dtype=object)[plan]
    oldest = np.asarray([OLDEST.get(product, 29) for product in products.tolist()])
    back = 1 + (rng.random(plan.size) * oldest).astype(np.int64)
    month = _month_of(today) - back
    signed = _first_day(month) + rng.integers(0, 28, plan.size)
    # Some bought two units on one day.
    twice = (products == "developer") & (rng.random(plan.size) < 0.08)
    account = np.repeat(np.arange(plan.size), 1 + twice)
    prices = np.asarray([len(each.prices) for each in PLANS])[plan][account]
    price_at = (rng.random(account.size) * prices).astype(np.int64)
    return Sold(account, plan[account], price_at, signed[account])


def _contracts(sold: Sold, first: int) -> Table:
    serial = first + np.arange(sold.account.size)
    years = (1970 + _month_of(sold.signed) // 12).tolist()
    place = _by_plan(sold.plan, lambda each: each.place)
    early = np.asarray([int(laid(each).days.min(initial=0)) for each in PLANS])
    price = np.asarray([max(each.prices) for each in PLANS], dtype=np.int64)[sold.plan]
    for at, each in enumerate(PLANS):
        mine = sold.plan == at
        price[mine] = np.asarray(each.prices)[sold.price_at[mine]] * 100
    return {
        "account": sold.account,
        "place": place,
        "product": _by_plan(sold.plan, lambda each: each.product),
        "number": _texts(f"{y}/{n:05d}" for y, n in zip(years, serial.tolist(), strict=True)),
        "unit": _texts(_units(place, first)),
        "kind": _by_plan(sold.plan, lambda each: each.unit),
        "signed": sold.signed,
        "price": price,
        "raised": sold.signed + np.minimum(early[sold.plan], 0),
    }


def _units(place: np.ndarray, first: int) -> Iterator[str]:
    seen = dict.fromkeys(places.PROJECTS, first)
    letters = {"YAS": "B", "NVT": "T", "MAR": "M", "PCR": "A", "KHR": "C"}
    for code in place.tolist():
        seen[code] += 1
        number = seen[code]
        if code == "MOT":
            yield f"NPM{26000000 + number * 37}"
        elif code == "FAC":
            yield f"SITE-{number:04d}"
        else:
            building, door = divmod(number, 48)
            yield f"{letters[code]}{building + 1:02d}-{door // 6 + 1}{door % 6 + 1:02d}"


def lines_of(
    sold: Sold, raised: np.ndarray, rng: np.random.Generator, today: int
) -> tuple[Table, Table]:
    """Every contract's lines in their order, and the events that dated some of them."""
    parts: list[Table] = []
    events: list[Table] = []
    for at, plan in enumerate(PLANS):
        mine = np.flatnonzero(sold.plan == at)
        if mine.size:
            lines, happened = _of_plan(plan, mine, sold, rng, today)
            parts.append(lines)
            events += happened
    lines = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    lines["raised"] = raised[lines["contract"]]
    order = np.lexsort((lines["seq"], lines["contract"]))
    empty: Table = {
        "contract": np.empty(0, np.int64),
        "event": _texts(()),
        "on": np.empty(0, np.int64),
    }
    happenings = {
        name: np.concatenate([empty[name], *(part[name] for part in events)]) for name in empty
    }
    by_contract = np.argsort(happenings["contract"], kind="stable")
    return (
        {name: values[order] for name, values in lines.items()},
        {name: values[by_contract] for name, values in happenings.items()},
    )


def _of_plan(
    plan: Plan, mine: np.ndarray, sold: Sold, rng: np.random.Generator, today: int
) -> tuple[Table, list[Table]]:
    shape = laid(plan)
    size, width = mine.size, len(shape.label)
    signed = sold.signed[mine]
    month = _month_of(signed)
    day_of_month = signed - _first_day(month)
    waits = np.asarray([bool(event) for event in shape.event])
    due = _first_day(month[:, None] + shape.months) + day_of_month[:, None] + shape.days
    due[:, waits] = NONE
    dated = np.full((size, width), NONE, dtype=np.int64)
    happened = []
    for event in sorted(set(shape.event) - {""}):
        on = _happened(event, signed, rng, today)
        lines = np.flatnonzero([each == event for each in shape.event])
        known = on != NONE
        dated[np.ix_(known, lines)] = on[known, None] + shape.event_days[lines]
        happened.append(
            {"contract": mine[known], "event": _all(event, known.sum()), "on": on[known]}
        )
    return {
        "contract": np.repeat(mine, width),
        "seq": np.tile(np.arange(1, width + 1), size),
        "category": np.tile(_texts(shape.category), size),
        "label": np.tile(_texts(shape.label), size),
        "amount": shape.amount_minor[sold.price_at[mine]].ravel(),
        "due": due.ravel(),
        "event": np.tile(_texts(shape.event), size),
        "event_days": np.tile(shape.event_days, size),
        "dated": dated.ravel(),
    }, happened


def _happened(event: str, signed: np.ndarray, rng: np.random.Generator, today: int) -> np.ndarray:
    """When the event happened to each contract; NONE where it has not."""
    if event == "SIGNED":
        return signed.copy()
    if event in STAGES:
        return np.maximum(today - STAGES[event], signed + 20)
    never = np.full(signed.size, NONE, dtype=np.int64)
    if event == "HANDOVER":  # phase by phase; the Dubai tower is not that far
        ready = (signed < today - 430) & (rng.random(signed.size) < 0.35)
        return np.where(ready, today - rng.integers(10, 150, signed.size), never)
    return never


def _parties(plan: np.ndarray, rng: np.random.Generator) -> Table:
    country = _by_plan(plan, lambda each: places.CREDITORS[places.PROJECTS[each.place][0]][2])
    is_company = _by_plan(plan, lambda each: each.product) == "service"
    made = [
        _company(rng) if company else _person(each, rng)
        for each, company in zip(country.tolist(), is_company.tolist(), strict=True)
    ]
    columns = [_texts(values) for values in zip(*made, strict=True)]
    named = dict(zip(("name", "other", "language", "kind"), columns, strict=True))
    numbers = rng.integers(0, 10**8, (plan.size, 2)).tolist()
    return {
        **named,
        "country": country,
        "national_id": _texts(map(_identity, country.tolist(), numbers)),
        "phone": _texts(map(_phone, country.tolist(), numbers)),
        "email": _texts("" for _ in range(plan.size)),
    }


def _person(country: str, rng: np.random.Generator) -> tuple[str, str, str, str]:
    """Name, the name in the other script, language, kind."""
    choice = LANGUAGES[country]
    at = (rng.random(4) * (len(choice), 10_007, 10_009, 10_037)).astype(int).tolist()
    language = choice[at[0]]
    given = _GIVEN[language][at[1] % len(_GIVEN[language])]
    family = _FAMILIES[language][at[2] % len(_FAMILIES[language])]
    parts = [given, family]
    if language == "ar" and country == "EG":
        parts.insert(1, _FATHERS[at[3] % len(_FATHERS)])
    native, latin = (" ".join(part[side] for part in parts).strip() for side in (0, 1))
    if country == "EG":
        return native, latin, "ar", "person"
    return latin, native, "en" if country == "AE" else "hi", "person"


def _company(rng: np.random.Generator) -> tuple[str, str, str, str]:
    word, trade = (rng.random(2) * (len(_COMPANIES), len(_TRADES))).astype(int).tolist()
    first, second = _COMPANIES[word], _TRADES[trade]
    return f"شركة {first[0]} {second[0]}", f"{first[1]} {second[1]} Co.", "ar", "company"


def _identity(country: str, numbers: list[int]) -> str:
    one, two = numbers
    if country == "EG":
        return f"2{60 + one % 40}{1 + two % 12:02d}{1 + two % 28:02d}01{one % 100_000:05d}"
    if country == "AE":
        return f"784{1960 + one % 40}{two % 10**7:07d}{one % 10}"
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    head = "".join(letters[one // 23**i % 23] for i in range(3))
    return f"{head}P{letters[two % 23]}{one % 10_000:04d}{letters[two // 23 % 23]}"


def _phone(country: str, numbers: list[int]) -> str:
    one, two = numbers
    if country == "EG":
        return f"+201{'0125'[two % 4]}{one:08d}"
    if country == "AE":
        return f"+9715{'024568'[two % 6]}{one % 10**7:07d}"
    return f"+91{'789'[two % 3]}{one:08d}{two % 10}"


def _accounts(plan: np.ndarray, rng: np.random.Generator) -> Table:
    habit = rng.choice(len(HABITS), size=plan.size, p=np.asarray(SHARES) / sum(SHARES))
    return {
        "party": np.arange(plan.size),
        "place": _by_plan(plan, lambda each: each.place),
        "product": _by_plan(plan, lambda each: each.product),
        "collector": _by_plan(plan, lambda each: places.COLLECTOR_OF[each.place]),
        "habit": np.asarray(HABITS, dtype=object)[habit],
    }


def _by_plan(plan: np.ndarray, of) -> np.ndarray:
    return _texts(of(each) for each in PLANS)[plan]


def _texts(values) -> np.ndarray:
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def _all(text: str, size: int) -> np.ndarray:
    return np.full(int(size), text, dtype=object)


def _month_of(day):
    """Months since 1970 of day numbers."""
    return np.asarray(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_day(month) -> np.ndarray:
    return np.asarray(month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
