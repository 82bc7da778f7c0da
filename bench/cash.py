# ruff: noqa: E501  (a row of words or shapes is one line)
"""Invented bank lines with their answers: what cash_score.py holds the matcher against.

A developer's book in Egypt and the Gulf: equal round instalments that many share, family names that
many share, two scripts, references in many shapes, texts cut by banks. Twelve classes of noise. The
answers are known because the payer's intention was invented first and the line written from it;
nothing of the matcher is used. Same arguments, same lines.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from bench.cash_names import FAMILIES, FIRMS, MEN, TRADES, WOMEN, Name, pairs

FIRST_DAY = date(2026, 10, 1)
DAYS = 40
CLASSES = {
    "exact": 22, "typo": 8, "missing": 14, "combined": 9, "partial": 7, "overpaid": 6,
    "third party": 7, "script": 9, "fee": 7, "duplicate": 4, "currency": 3, "unrelated": 4,
}  # fmt: skip
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FEES = (500, 1000, 1500, 2500, 5000)
BANKS = ("CIB", "NBE", "QNB", "ADIB", "HSBC", "BANQUE MISR")


@dataclass
class Debtor:
    """One account of the invented book; `parts` are its names, each with all its spellings."""

    id: int
    parts: list[Name]
    name: str
    contract: str
    phone: str
    iban: str
    knows_iban: bool
    items: list[int] = field(default_factory=list)


@dataclass
class Owing:
    """One open instalment of the invented book."""

    id: int
    debtor: int
    seq: int
    due_on: date
    amount: int
    reference: str


@dataclass
class Written:
    """One bank line and its answer: who paid, which instalments with how much, and how noisily."""

    id: int
    on: date
    amount: int
    currency: str
    text: str
    payer: str = ""
    iban: str = ""
    phone: str = ""
    bank_reference: str = ""
    kind: str = ""
    debtor: int = 0
    paid: dict[int, int] = field(default_factory=dict)
    copy_of: int = 0
    decidable: bool = False


@dataclass
class World:
    """The invented book and its lines, in the order of their days."""

    debtors: list[Debtor]
    items: list[Owing]
    lines: list[Written]
    currency: str = "EGP"

    @cached_property
    def amounts(self) -> dict[int, int]:
        """What each instalment was at first."""
        return {item.id: item.amount for item in self.items}


def make(*, lines: int = 10_000, items: int = 25_000, debtors: int = 4_000, seed: int = 1) -> World:
    """The world of these sizes."""
    return _Maker(random.Random(seed), lines, items, debtors).world()


class _Maker:
    def __init__(self, rng: random.Random, lines: int, items: int, debtors: int) -> None:
        self.rng, self.wanted = rng, lines
        self.men, self.women, self.families = pairs(MEN), pairs(WOMEN), pairs(FAMILIES)
        self.firms, self.trades = pairs(FIRMS), pairs(TRADES)
        self.debtors = [self._debtor(i) for i in range(1, debtors + 1)]
        self.items: dict[int, Owing] = {}
        self._owe(items)
        self.open = {i: item.amount for i, item in self.items.items()}
        self.called: dict[str, set[int]] = {}
        for each in self.debtors:
            for arabic, _ in each.parts:
                self.called.setdefault(arabic, set()).add(each.id)
        self.out: list[Written] = []

    def world(self) -> World:
        """Everything, once the lines are written."""
        kinds = self.rng.choices(list(CLASSES), list(CLASSES.values()), k=self.wanted)
        days = sorted(self.rng.randrange(DAYS) for _ in kinds)
        for number, (kind, day) in enumerate(zip(kinds, days, strict=True), start=1):
            on = FIRST_DAY + timedelta(days=day)
            if kind == "duplicate" and not (line := self._copy(number, on)):
                kind = "exact"
            if kind == "unrelated":
                line = self._unrelated(number, on)
            elif kind != "duplicate":
                line = self._paying(number, on, kind)
            assert line
            self.out.append(line)
        return World(self.debtors, list(self.items.values()), self.out)

    # -- the book ---------------------------------------------------------------------------------

    def _debtor(self, number: int) -> Debtor:
        rng = self.rng
        if rng.random() < 0.07:
            parts = [rng.choice(self.firms), rng.choice(self.trades), self._one(self.families)]
        else:
            parts = self._person()
        arabic = rng.random() < 0.6
        name = " ".join(a if arabic else rng.choice(latin) for a, latin in parts)
        project = rng.choice(("CT", "CT", "CT", "NC", "MR", "YS"))
        contract = f"{project}{number:05d}"
        phone = f"01{rng.choice('0125')}{rng.randrange(10**8):08d}"
        iban = f"EG{rng.randrange(10**27):027d}"
        return Debtor(number, parts, name, contract, phone, iban, rng.random() < 0.3)

    def _person(self) -> list[Name]:
        rng = self.rng
        first = self._one(self.women) if rng.random() < 0.3 else self._one(self.men)
        parts = [first, self._one(self.men)]
        if rng.random() < 0.75:
            parts.append(self._one(self.men))
        return [*parts, self._one(self.families)]

    def _one(self, names: list[Name]) -> Name:
        return names[min(int(self.rng.paretovariate(0.7) * 4 - 4), 10**6) % len(names)]

    def _owe(self, wanted: int) -> None:
        rng, number = self.rng, 0
        points = [k * 100_000 for k in (5, 6, 8, 10, 12, 15, 18, 20, 25, 30, 36, 40, 50, 60, 75, 90, 100, 120, 144, 150)]  # fmt: skip
        while number < wanted:
            for debtor in self.debtors:
                if number >= wanted or len(debtor.items) > 40:
                    continue
                count = min(rng.randint(2, 10), wanted - number)
                amount = rng.choice(points)
                if rng.random() < 0.25:
                    amount = rng.randrange(300_000, 9_000_000)
                start = FIRST_DAY + timedelta(days=rng.randint(-90, 40))
                step = rng.choice((30, 30, 91))
                seq = (len(debtor.items) and self.items[debtor.items[-1]].seq) or rng.randint(0, 24)
                for k in range(count):
                    number, seq = number + 1, seq + 1
                    value = amount * 3 if rng.random() < 0.05 else amount
                    self.items[number] = Owing(
                        number, debtor.id, seq, start + timedelta(days=step * k), value,
                        f"{debtor.contract}/{seq:02d}",
                    )  # fmt: skip
                    debtor.items.append(number)

    # -- a payment --------------------------------------------------------------------------------

    def _paying(self, number: int, on: date, kind: str) -> Written:
        rng = self.rng
        picks = 1 if kind != "combined" else rng.choice((2, 2, 2, 3, 3, 4))
        while True:
            debtor = rng.choice(self.debtors)
            owing = sorted(
                (i for i in debtor.items if self.open[i]), key=lambda i: self.items[i].due_on
            )
            if len(owing) >= picks:
                break
        at = rng.randrange(len(owing) - picks + 1) if rng.random() < 0.08 else 0
        chosen = owing[at : at + picks]
        is_oldest = at == 0
        total = sum(self.open[i] for i in chosen)
        amount, says, exact = total, 1.0, True
        if kind == "missing":
            says = 0.0
        elif kind == "partial":
            amount, says, exact = (
                max(100, total * rng.choice((20, 25, 40, 50, 75)) // 100),
                0.7,
                False,
            )
        elif kind == "overpaid":
            amount = total + rng.choice(
                (10_000, 50_000, 100_000, total // 10, rng.randrange(100, 90_000))
            )
            says, exact = 0.8, False
        elif kind == "fee":
            amount, says, exact = total - rng.choice(FEES), 0.65, False
        elif kind in ("script", "third party"):
            says = 0.4 if kind == "script" else 0.85
        elif kind == "combined":
            says = 0.85
        line = Written(number, on, amount, "EGP", "", kind=kind, debtor=debtor.id)
        left = amount
        for i in chosen:
            part = min(left, self.open[i])
            line.paid[i] = part
            left -= part
        says = says if is_oldest else 1.0  # who skips an instalment says which one is meant
        refs, all_said = (
            self._references(chosen, kind, is_oldest) if rng.random() < says else ([], False)
        )
        knows_debtor = self._write(line, debtor, refs, kind)
        if kind == "currency":
            line.amount, line.currency, line.paid = round(amount / 48.5), "USD", {}
            line.decidable = False
            return line
        for i, part in line.paid.items():
            self.open[i] -= self.open[i] if kind == "fee" else part
        by_rule = exact and self._rule_would(debtor, chosen, total, is_oldest)
        line.decidable = (bool(refs) or knows_debtor) and (all_said or by_rule)
        return line

    def _rule_would(self, debtor: Debtor, chosen: list[int], total: int, is_oldest: bool) -> bool:
        """Whether 'the oldest that this amount pays exactly' is what the payer meant."""
        amounts = {self.items[i].amount for i in debtor.items}
        return is_oldest and not (len(chosen) > 1 and total in amounts)

    def _references(self, chosen: list[int], kind: str, is_oldest: bool) -> tuple[list[str], bool]:
        rng = self.rng
        refs = [self.items[i].reference for i in chosen]
        seqs = [self.items[i].seq for i in chosen]
        style = rng.random()
        said = True
        if len(refs) > 1 and style < 0.18:
            run = seqs == list(range(seqs[0], seqs[0] + len(seqs)))
            glue = (
                rng.choice(("-", " TO ")) if run and len(seqs) > 2 else rng.choice((",", "+", "&"))
            )
            seq = f"{seqs[0]:02d}{glue}{seqs[-1]:02d}" if glue in ("-", " TO ") else glue.join(f"{s:02d}" for s in seqs)  # fmt: skip
            shaped = [f"{refs[0].split('/')[0]}/{seq}"]
        elif len(refs) > 1 and style < 0.33:
            refs.pop(rng.randrange(len(refs)))
            shaped = [self._shape(ref) for ref in refs]
        else:
            shaped = [self._shape(ref) for ref in refs]
        if len(shaped) == 1 and is_oldest and rng.random() < 0.12:
            shaped, said = [refs[0].split("/")[0]], False
        if kind == "typo":
            shaped = [self._typo(ref) for ref in shaped]
        return shaped, said

    def _shape(self, ref: str) -> str:
        contract, seq = ref.split("/")
        letters, digits = contract[:2], contract[2:]
        return self.rng.choices(
            (
                ref, ref.lower(), f"{contract} {seq}", f"{contract}-{seq}", f"{contract}{seq}",
                f"{letters}-{digits}-{seq}", f"{letters}{int(digits)}/{int(seq)}",
                f"{letters} {digits} / {int(seq)}", f"{contract} INST {int(seq)}",
                f"{contract} قسط {seq}".translate(ARABIC_DIGITS), f"{contract}/{int(seq)}",
            ),
            (40, 6, 8, 8, 5, 5, 5, 4, 5, 5, 9),
        )[0]  # fmt: skip

    def _typo(self, text: str) -> str:
        rng, at = self.rng, self.rng.randrange(len(text))
        do = rng.random()
        if do < 0.4:
            same = "0123456789" if text[at].isdigit() else "ABCDEFGHIKLMNOPRSTUVXYZ"
            return text[:at] + rng.choice(same) + text[at + 1 :]
        if do < 0.6 and at + 1 < len(text):
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if do < 0.75:
            return text[:at] + text[at + 1 :]
        if do < 0.85:
            return text[:at] + rng.choice("0123456789") + text[at:]
        return text.replace("0", "O", 1).replace("1", rng.choice("1I"), 1)

    # -- how the line is written ------------------------------------------------------------------

    def _write(self, line: Written, debtor: Debtor, refs: list[str], kind: str) -> bool:
        """The line's words; whether they say who paid well enough for a careful clerk."""
        rng, parts = self.rng, debtor.parts
        third = kind == "third party"
        if third:
            parts = (
                debtor.parts[1:]
                if rng.random() < 0.35 and len(debtor.parts) > 2
                else self._person()
            )
        written_arabic = any("\u0600" <= c <= "\u06ff" for c in debtor.name)
        arabic = written_arabic if kind != "script" else not written_arabic
        if kind == "missing" and rng.random() < 0.2:
            arabic = not arabic
        if len(parts) == 4 and rng.random() < 0.15:
            parts = [parts[0], parts[1], parts[3]]
        words = [a if arabic else rng.choice(latin) for a, latin in parts]
        if rng.random() < 0.3 and not arabic:
            words = [word.upper() for word in words]
        name = " ".join(words)
        if kind == "typo" and rng.random() < 0.4:
            name = self._misspelt(name)
        named = rng.random() < 0.92 or not refs
        knows = False
        if not third and rng.random() < 0.4:
            line.iban = debtor.iban if rng.random() < 0.8 else f"EG{rng.randrange(10**27):027d}"
            knows = line.iban == debtor.iban and debtor.knows_iban
        if not third and rng.random() < 0.08:
            line.phone = f"+20{debtor.phone[1:]}"
            knows = True
        trace = f"{rng.randrange(10**9):09d}"
        line.bank_reference = f"FT26{trace}"
        joined = rng.choice((" ", ", ", " + ", " / ")).join(refs)
        about = f" FOR {debtor.name}" if third and rng.random() < 0.25 else ""
        said = name if named else ""
        has_field = rng.random() < 0.6
        if has_field:
            line.payer = said[: rng.choice((18, 22, 35, 35, 70))].strip()
        line.text = self._text("" if has_field else said, joined + about, arabic, trace)
        if not has_field:
            line.text = line.text[: rng.choice((65, 105, 140, 140))].strip()
        shown = line.payer if has_field else said
        complete = len(shown) >= len(name) - 2
        if knows or refs or third or not complete or not named:
            return knows
        return len(set.intersection(*(self.called[a] for a, _ in parts))) == 1

    def _misspelt(self, name: str) -> str:
        at = self.rng.randrange(1, len(name) - 1)
        if name[at] == " " or name[at + 1] == " ":
            return name
        if self.rng.random() < 0.5:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        return name[:at] + name[at + 1 :]

    def _text(self, name: str, refs: str, arabic: bool, trace: str) -> str:
        rng = self.rng
        bank, unit = (
            rng.choice(BANKS),
            f"{rng.choice('ABC')}{rng.randint(1, 30)}-{rng.randint(101, 999)}",
        )
        if arabic:
            shapes = (
                f"تحويل من {name} {refs}", f"سداد قسط {refs} {name}", f"حوالة واردة {trace} {name} {refs}",
                f"ايداع {name} وحدة {refs}", f"{refs} {name}",
            )  # fmt: skip
        else:
            shapes = (
                f"TRF FROM {name} REF {refs}", f"INWARD TT {trace} B/O {name} /RFB/{refs}",
                f"IPN TRANSFER {trace} {name} {refs}", f"{refs} {name}", f"{bank} ACH CR {name} {refs}",
                f"INSTALMENT {refs} {name} {trace}", f"PAYMENT {name} {refs} UNIT {unit}" if not refs else f"PAYMENT {name} {refs}",
            )  # fmt: skip
        return " ".join(rng.choice(shapes).split())

    # -- lines that are no payment of a debtor ----------------------------------------------------

    def _copy(self, number: int, on: date) -> Written | None:
        recent = [
            line
            for line in self.out[-900:]
            if line.debtor
            and not line.copy_of
            and (on - line.on).days <= 3
            and line.currency == "EGP"
        ]
        if not recent:
            return None
        one = self.rng.choice(recent)
        line = Written(
            number, on, one.amount, one.currency, one.text, one.payer, one.iban, one.phone,
            one.bank_reference, "duplicate", 0, {}, one.id,
        )  # fmt: skip
        if self.rng.random() < 0.5:
            fresh = f"{self.rng.randrange(10**9):09d}"
            old = one.bank_reference[4:]
            line.bank_reference, line.text = f"FT26{fresh}", one.text.replace(old, fresh)
        return line

    def _unrelated(self, number: int, on: date) -> Written:
        rng = self.rng
        stranger = " ".join(
            rng.choice(latin) if rng.random() < 0.7 else latin[0] for _, latin in self._person()
        )
        firm = f"{rng.choice(self.firms)[1][0]} {rng.choice(self.trades)[1][0]}"
        point = rng.choice((500_000, 1_000_000, 1_500_000, 2_500_000, 3_000_000, 5_000_000))
        odd = rng.randrange(10_000, 20_000_000)
        trace = f"{rng.randrange(10**9):09d}"
        text, amount = rng.choice((
            (f"OWN ACCOUNT TRANSFER {trace}", point * 10), ("CREDIT INTEREST SEP 2026", odd % 900_000 + 100),
            ("فوائد دائنة", odd % 900_000 + 100), (f"POS SETTLEMENT MERCHANT {trace}", odd),
            (f"REFUND FROM {firm} INV {rng.randrange(10**5)}", odd), (f"SALARY REVERSAL {stranger}", odd),
            (f"TRF FROM {stranger}", point), (f"IPN TRANSFER {trace} {stranger}", point),
            (f"INSURANCE CLAIM {firm} {trace}", odd), (f"TAX REFUND {rng.randrange(10**8)}", odd),
            ("تحويل بين حساباتنا", point * 10), (f"LOAN DRAWDOWN {trace}", point * 20),
            (f"CHARGES REVERSED {trace}", rng.choice(FEES)),
        ))  # fmt: skip
        return Written(
            number, on, amount, "EGP", text, bank_reference=f"FT26{trace}", kind="unrelated"
        )


if __name__ == "__main__":
    from bench.cash_score import main

    main()
