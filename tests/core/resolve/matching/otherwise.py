# ruff: noqa: E501  (a row of words or shapes is one line)
"""Bank lines of another make: Indian NEFT and UPI, Gulf salaries and WPS, Egyptian instant payments.

A check against fitting the bench: other references (invoices, units, flat numbers, customer
codes), other names, glued texts, other mess. Nothing of bench/cash.py's texts or names is used.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from bench.cash import Debtor, Owing, World, Written

FIRST_DAY = date(2026, 4, 1)
INDIAN = [
    "Rajesh",
    "Suresh",
    "Mahesh",
    "Ramesh",
    "Dinesh",
    "Mukesh",
    "Anil",
    "Sunil",
    "Sanjay",
    "Vijay",
    "Ajay",
    "Manoj",
    "Prakash",
    "Anand",
    "Ashok",
    "Arun",
    "Varun",
    "Kiran",
    "Nitin",
    "Sachin",
    "Rohan",
    "Rohit",
    "Mohit",
    "Ankit",
    "Sumit",
    "Pankaj",
    "Neeraj",
    "Dheeraj",
    "Manish",
    "Ashish",
    "Priya",
    "Pooja",
    "Neha",
    "Anjali",
    "Kavita",
    "Sunita",
    "Anita",
    "Deepa",
    "Lakshmi",
    "Meena",
    "Rekha",
    "Shalini",
    "Swati",
    "Divya",
]
INDIAN_FAMILIES = [
    "Sharma",
    "Verma",
    "Gupta",
    "Agarwal",
    "Singh",
    "Patel",
    "Shah",
    "Mehta",
    "Desai",
    "Joshi",
    "Kulkarni",
    "Iyer",
    "Nair",
    "Menon",
    "Reddy",
    "Rao",
    "Naidu",
    "Pillai",
    "Das",
    "Ghosh",
    "Banerjee",
    "Mukherjee",
    "Chatterjee",
    "Kapoor",
    "Khanna",
    "Malhotra",
    "Chopra",
    "Bhatia",
    "Jain",
]
GULF = [
    ("راشد", "Rashed"), ("سلطان", "Sultan"), ("خليفة", "Khalifa"), ("حمدان", "Hamdan"),
    ("ماجد", "Majid"), ("عبدالله", "Abdulla"), ("عبدالرحمن", "Abdulrahman"), ("سيف", "Saif"),
    ("جمعة", "Juma"), ("حمد", "Hamad"), ("محمد", "Mohammed"), ("أحمد", "Ahmed"), ("علي", "Ali"),
    ("فاطمة", "Fatima"), ("مريم", "Mariam"), ("موزة", "Moza"), ("شيخة", "Shaikha"),
    ("نورة", "Noura"), ("هند", "Hind"), ("عائشة", "Aysha"), ("سعيد", "Saeed"), ("يوسف", "Yousef"),
]  # fmt: skip
GULF_FAMILIES = [
    ("المنصوري", "Al Mansoori"), ("الظاهري", "Al Dhaheri"), ("الشامسي", "Al Shamsi"),
    ("النعيمي", "Al Nuaimi"), ("الكتبي", "Al Ketbi"), ("المزروعي", "Al Mazrouei"),
    ("السويدي", "Al Suwaidi"), ("البلوشي", "Al Balushi"), ("الهاشمي", "Al Hashmi"),
    ("الفلاسي", "Al Falasi"), ("القحطاني", "Al Qahtani"), ("الدوسري", "Al Dosari"),
]  # fmt: skip
KINDS = {
    "exact": 18, "typo": 9, "missing": 12, "combined": 8, "partial": 9, "overpaid": 6,
    "third party": 8, "script": 7, "fee": 8, "duplicate": 5, "currency": 4, "unrelated": 6,
}  # fmt: skip


def make(*, lines: int = 2_000, items: int = 5_000, debtors: int = 900, seed: int = 1) -> World:
    """The world of these sizes; `items` is met about, by five to seven a debtor."""
    rng = random.Random(f"otherwise {seed}")
    people = [_debtor(rng, number) for number in range(1, debtors + 1)]
    owing = _owing(rng, people, items)
    out: list[Written] = []
    left = {item.id: item.amount for item in owing.values()}
    kinds = rng.choices(list(KINDS), list(KINDS.values()), k=lines)
    days = sorted(rng.randrange(40) for _ in kinds)
    for number, (kind, day) in enumerate(zip(kinds, days, strict=True), start=1):
        on = FIRST_DAY + timedelta(days=day)
        if kind == "duplicate":
            line = _again(rng, number, on, out)
        elif kind == "unrelated":
            line = _stranger(rng, number, on)
        else:
            line = _payment(rng, number, on, kind, people, owing, left)
        if line:
            out.append(line)
    return World(people, list(owing.values()), out, currency="AED")


def _debtor(rng: random.Random, number: int) -> Debtor:
    if rng.random() < 0.6:
        words = [rng.choice(INDIAN), rng.choice(INDIAN_FAMILIES)]
        if rng.random() < 0.6:
            words.insert(1, rng.choice(INDIAN))
        parts = [(word, (word,)) for word in words]
        name = " ".join(words)
    else:
        chosen = [rng.choice(GULF), rng.choice(GULF), rng.choice(GULF_FAMILIES)]
        parts = [(arabic, (latin,)) for arabic, latin in chosen]
        name = " ".join(pair[(rng.random() < 0.5 and 0) or 1] for pair in chosen[:1])
        side = rng.random() < 0.5
        name = " ".join(arabic if side else latin for arabic, latin in chosen)
    flat = f"{rng.choice(('MARINA', 'T', 'LAKE', 'PALM'))}{rng.randint(1, 9)}-{number:04d}"
    phone = f"05{rng.randrange(10**8):08d}"
    iban = f"AE{rng.randrange(10**21):021d}"
    return Debtor(number, parts, name, flat, phone, iban, rng.random() < 0.25)


def _owing(rng: random.Random, people: list[Debtor], wanted: int) -> dict[int, Owing]:
    found: dict[int, Owing] = {}
    number = 0
    for debtor in people:
        style = rng.choice(("invoice", "flat"))
        amount = rng.choice((250_000, 500_000, 750_000, 1_000_000, 1_250_000, 3_000_000, 95_000_00))
        amount += rng.choice((0, 0, 12_345, rng.randrange(100_000)))
        start = FIRST_DAY + timedelta(days=rng.randint(-100, 30))
        for k in range(rng.randint(3, 8)):
            number += 1
            ref = (
                f"INV-26-{100000 + number * 7}"
                if style == "invoice"
                else f"{debtor.contract}-{k + 1}"
            )
            found[number] = Owing(
                number, debtor.id, k + 1, start + timedelta(days=90 * k), amount, ref
            )
            debtor.items.append(number)
        if number >= wanted:
            break
    return found


def _payment(
    rng: random.Random, number: int, on: date, kind: str, people: list[Debtor],
    owing: dict[int, Owing], left: dict[int, int],
) -> Written | None:  # fmt: skip
    count = rng.choice((2, 3)) if kind == "combined" else 1
    for _ in range(400):
        debtor = rng.choice(people)
        chosen = [i for i in debtor.items if left[i]][:count]
        if len(chosen) == count:
            break
    else:
        return None
    total = sum(left[i] for i in chosen)
    amount = {
        "partial": total * rng.choice((3, 5, 6)) // 10,
        "overpaid": total + rng.choice((5_000, 25_000, 100_000)),
        "fee": total - rng.choice((500, 1050, 2500, total // 100)),
    }.get(kind, total)
    line = Written(number, on, amount, "AED", "", kind=kind, debtor=debtor.id)
    rest = amount
    for i in chosen:
        line.paid[i] = min(rest, left[i])
        rest -= line.paid[i]
    refs = [owing[i].reference for i in chosen]
    says = {"missing": 0.0, "script": 0.3, "partial": 0.75}.get(kind, 0.85)
    refs = refs if rng.random() < says else []
    if kind == "combined" and len(refs) > 1 and rng.random() < 0.2:
        refs.pop()
    named = _write(rng, line, debtor, [_bent(rng, ref, kind == "typo") for ref in refs], kind)
    if kind == "currency":
        line.currency, line.amount, line.paid = "USD", amount * 100 // 367, {}
        return line
    for i, part in line.paid.items():
        left[i] -= left[i] if kind == "fee" else part
    fits = bool(refs) or kind in ("exact", "typo", "missing", "script", "combined", "third party")
    line.decidable = fits and (bool(refs) or (named and kind != "third party"))
    return line


def _bent(rng: random.Random, ref: str, typo: bool) -> str:
    ref = rng.choice(
        (
            ref,
            ref,
            ref,
            ref.replace("-", ""),
            ref.replace("-", "/"),
            ref.replace("-", " "),
            ref.lower(),
        )
    )
    if typo:
        at = rng.randrange(len(ref))
        ref = rng.choice(
            (
                ref[:at] + rng.choice("0123456789") + ref[at + 1 :],
                ref[:at] + ref[at + 1 :],
                ref.replace("0", "O"),
            )
        )
    return ref


def _write(rng: random.Random, line: Written, debtor: Debtor, refs: list[str], kind: str) -> bool:
    parts = debtor.parts
    if kind == "third party":
        parts = [(w, (w,)) for w in (rng.choice(INDIAN), rng.choice(INDIAN_FAMILIES))]
        if rng.random() < 0.3:
            parts = [(rng.choice(INDIAN),) * 1 + ((rng.choice(INDIAN),),), debtor.parts[-1]]
    arabic = any("\u0600" <= c <= "\u06ff" for c in debtor.name)
    arabic = (not arabic if kind == "script" else arabic) and len(parts) == 3
    name = " ".join(a if arabic else latin[0] for a, latin in parts)
    if not arabic:
        name = rng.choice((name.upper(), name, name.replace("Al ", "AL").upper()))
    if rng.random() < 0.07 and not arabic and len(name) > 8:
        at = rng.randrange(2, len(name) - 2)
        name = name[:at] + name[at + 1 :]
    utr = f"{rng.choice(('N', 'S', 'AXISN'))}{rng.randrange(10**10):010d}"
    joined = rng.choice((" ", ",", "/", ";")).join(refs)
    line.bank_reference = utr
    if kind != "third party" and rng.random() < 0.3:
        line.iban = debtor.iban
    if rng.random() < 0.08 and kind != "third party":
        joined += f" {debtor.phone}"
    line.text = rng.choice((
        f"NEFT CR-ICIC0000{rng.randint(100, 999)}-{name}-{joined}-{utr}",
        f"UPI/{rng.randrange(10**12):012d}/{joined or 'rent'}/{name.split()[0].lower()}{rng.randint(1, 99)}@okaxis/{name}",
        f"/ORDP/{name}/REMI/{joined}/", f"IPP {utr} {name} {joined} MOBN",
        f"تحويل لحظي {name} {joined}", f"FROM {name} PURPOSE {joined} PROPERTY PAYMENT",
    ))  # fmt: skip
    if rng.random() < 0.3:
        line.payer, line.text = name[: rng.choice((20, 27, 35))], f"{joined} {utr}".strip()
    return len(parts) == 3


def _again(rng: random.Random, number: int, on: date, out: list[Written]) -> Written | None:
    recent = [each for each in out[-200:] if each.debtor and (on - each.on).days <= 2]
    if not recent:
        return None
    one = rng.choice(recent)
    return Written(
        number, on, one.amount, one.currency, one.text, one.payer, one.iban, one.phone,
        one.bank_reference, "duplicate", 0, {}, one.id,
    )  # fmt: skip


def _stranger(rng: random.Random, number: int, on: date) -> Written:
    name = f"{rng.choice(INDIAN)} {rng.choice(INDIAN_FAMILIES)}".upper()
    gulf = f"{rng.choice(GULF)[1]} {rng.choice(GULF_FAMILIES)[1]}".upper()
    text = rng.choice((
        "INT.PD:01-01-2026 TO 31-03-2026", "SWEEP TRF FROM 0012345678", "TAX REFUND CBDT AY 25-26",
        f"NEFT CR-HDFC0000123-{name}-CONSULTANCY-N{rng.randrange(10**9)}", f"IPP {gulf} GIFT",
        "WPS SALARY RETURN FEB 2026", f"CASH DEP BY {name} AT ATM {rng.randint(100, 999)}",
        f"DIVIDEND {rng.randrange(10**6)} EMAAR", f"CARD SETTLEMENT MID {rng.randrange(10**9)}",
    ))  # fmt: skip
    amount = rng.choice((500_000, 1_000_000, 3_000_000, rng.randrange(1_000, 9_000_000)))
    return Written(number, on, amount, "AED", text, kind="unrelated", bank_reference=f"X{number}")
