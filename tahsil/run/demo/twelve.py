"""Twelve accounts by name, one situation each, placed relative to the day looked at.

What must be true of each stands in demo/accounts.yaml, and a test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tahsil.core.book.categories import BANK_RULE_OF, BANK_RULES, category_index
from tahsil.core.book.schedules import Line
from tahsil.core.grammar.dates import add_months
from tahsil.run.demo import places
from tahsil.run.demo.draft import Draft, from_rows
from tahsil.run.demo.plans import PLANS, Plan
from tahsil.run.demo.rows import NONE

BY_CODE = {plan.code: plan for plan in PLANS}
EPOCH = date(1970, 1, 1)


def twelve(as_of: date) -> Draft:
    """The named accounts; the ninth debtor has two, in two currencies."""
    book = Book(as_of)
    for story in (
        _bounced, _promise_today, _broken_twice, _part_paid, _disputing, _waiting, _unapplied,
        _tax_short, _two_currencies, _on_hold, _ahead, _legal,
    ):  # fmt: skip
        story(book)
    return from_rows(book.rows)


@dataclass
class Sale:
    """A contract of a story with its lines: (position among all lines, line)."""

    at: int
    lines: list[tuple[int, Line]]

    def line(self, label: str) -> tuple[int, Line]:
        """The line so labelled."""
        return next(found for found in self.lines if found[1].label == label)


@dataclass
class Book:
    """The rows of the stories, and the few things that happen in them."""

    as_of: date
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def day(self, ago: int) -> date:
        """The day so many days before the one looked at."""
        return self.as_of - timedelta(days=ago)

    def debtor(self, name: str, other: str, place: str, **more: Any) -> int:
        """A party; its position."""
        country = places.CREDITORS[places.PROJECTS[place][0]][2]
        number = len(self.rows["parties"]) + 1
        row = {
            "name": name,
            "other": other,
            "language": "ar" if country == "EG" else "en",
            "country": country,
            "kind": "person",
            "national_id": f"29{number:02d}0101{number:06d}",
            "phone": _phone(country, number),
            **more,
        }
        self.rows["parties"].append(row)
        return number - 1

    def account(self, party: int, plan: Plan, **more: Any) -> int:
        """An account of the party where the plan is sold; its position."""
        row = {
            "party": party,
            "place": plan.place,
            "product": plan.product,
            "collector": places.COLLECTOR_OF[plan.place],
            "habit": "told",
            **more,
        }
        self.rows["accounts"].append(row)
        return len(self.rows["accounts"]) - 1

    def sell(self, account: int, plan: str, price: int, *, unit: str, key: str, due: date) -> Sale:
        """A contract signed so that the line `key` falls due on that very day."""
        shape = BY_CODE[plan]
        lines = shape.build(price * 100, EPOCH)
        first = next(line.due_on for line in lines if line.label == key) or EPOCH
        months = (first.year - 1970) * 12 + first.month - 1
        signed = add_months(due - (first - add_months(EPOCH, months)), -months)
        lines = [
            replace(line, due_on=due) if line.label == key and line.due_on else line
            for line in shape.build(price * 100, signed)
        ]
        at = len(self.rows["contracts"])
        raised = min([signed, *(line.due_on for line in lines if line.due_on)])
        number = f"{signed.year}/{at + 1:05d}"
        self.rows["contracts"].append(
            {
                "account": account, "place": shape.place, "product": shape.product,
                "number": number, "unit": unit, "kind": shape.unit, "signed": days(signed),
                "price": price * 100, "raised": days(raised),
            }
        )  # fmt: skip
        sale = Sale(at, [])
        for seq, line in enumerate(lines, 1):
            sale.lines.append((len(self.rows["lines"]), line))
            self.rows["lines"].append(_line_row(at, seq, line, raised))
        return sale

    def happen(self, sale: Sale, event: str, on: date) -> None:
        """The event happened and dates the lines that waited for it."""
        self.rows["happenings"].append({"contract": sale.at, "event": event, "on": days(on)})
        for place, (at, line) in enumerate(sale.lines):
            if line.due_rule and line.due_rule.event == event:
                due = on + timedelta(days=line.due_rule.days)
                sale.lines[place] = (at, replace(line, due_on=due))
                self.rows["lines"][at]["dated"] = days(due)

    def pay_all(self, sale: Sale, *, until: date, late: int = 0) -> None:
        """Everything due up to the day was paid on its date, or so many days after."""
        together: dict[tuple[date, str], int] = defaultdict(int)
        for _, line in sale.lines:
            if line.due_on and line.due_on <= until:
                rule = BANK_RULES[BANK_RULE_OF[category_index(line.category)]]
                together[line.due_on, rule] += line.amount_minor
        first = sale.lines[0][1].due_on or until  # what is due at signing is paid at signing
        for (due, rule), amount in sorted(together.items()):
            on = due + timedelta(days=late if due > first else 0)
            is_paper = rule == "certificate"
            more = {"kind": "withholding", "instrument": "certificate"} if is_paper else {}
            self.receive(sale, amount, on=on, rule=rule, **more)

    def receive(
        self, sale: Sale, amount: int, *, on: date, rule: str = "price", **more: Any
    ) -> None:
        """Money, or a certificate, arrived."""
        number = 70_000_000 + len(self.rows["receipts"])
        row = {
            "contract": sale.at, "kind": "money", "rule": rule, "instrument": "transfer",
            "reference": f"T{number}", "amount": amount, "on": days(on), "reversed": NONE,
        }  # fmt: skip
        self.rows["receipts"].append(row | more)

    def cheque(self, sale: Sale, label: str, number: str, **more: Any) -> None:
        """A cheque behind the line, in the safe unless said otherwise."""
        line = sale.line(label)[1]
        row = {
            "contract": sale.at, "number": number, "bank": "Delta Commercial Bank",
            "amount": line.amount_minor, "matures": days(line.due_on), "state": "in_safe",
            "place": "safe", "bounced": NONE,
        }  # fmt: skip
        self.rows["instruments"].append(row | more)

    def call(
        self, account: int, ago: int, outcome: str, step: str, in_days: int, **more: Any
    ) -> None:
        """A call so many days ago and what was to follow it."""
        level = {"NC": "none", "TP": "third_party"}.get(outcome[:2], "right_party")
        on = self.day(ago)
        row = {
            "account": account, "on": days(on), "minute": 555 + 7 * ago % 200, "channel": "call",
            "disposition": outcome, "level": level, "step": step,
            "step_on": days(on + timedelta(days=in_days)),
        }  # fmt: skip
        self.rows["attempts"].append(row | more)

    def promise(self, account: int, amount: int, *, made: int, on: int) -> None:
        """A promise made so many days ago for a day so many days ago."""
        row = {"account": account, "amount": amount, "instrument": "transfer",
               "made": days(self.day(made)), "on": days(self.day(on))}  # fmt: skip
        self.rows["promises"].append(row)


def days(day: date | None) -> int:
    """The day as a number; NONE for no day."""
    return NONE if day is None else (day - EPOCH).days


def _phone(country: str, number: int) -> str:
    head, tail = {"EG": ("+2010", "0"), "AE": ("+97150", ""), "IN": ("+9198", "0")}[country]
    return f"{head}{5550100 + number}{tail}"


def _line_row(contract: int, seq: int, line: Line, raised: date) -> dict[str, Any]:
    rule = line.due_rule
    return {
        "contract": contract, "seq": seq, "category": line.category, "label": line.label,
        "amount": line.amount_minor, "due": days(line.due_on), "event": rule.event if rule else "",
        "event_days": rule.days if rule else 0, "dated": NONE, "raised": days(raised),
    }  # fmt: skip


def _bounced(book: Book) -> None:
    plan = BY_CODE["quarterly_30"]
    account = book.account(book.debtor("محمد أحمد علي", "Mohamed Ahmed Aly", "YAS"), plan)
    sale = book.sell(
        account, plan.code, 6_000_000, unit="B12-304", key="Q02", due=book.day(2)
    )  # fmt: skip
    book.pay_all(sale, until=book.day(3))
    book.cheque(
        sale, "Q02", "000122", state="bounced", place="cheque desk", bounced=days(book.day(1))
    )
    for number, label in enumerate(("B1", "Q03", "Q04", "Q05", "Q06"), 123):
        book.cheque(sale, label, f"{number:06d}")


def _promise_today(book: Book) -> None:
    plan = BY_CODE["half_yearly_12"]
    account = book.account(book.debtor("نادية فؤاد شاهين", "Nadia Fouad Shahin", "YAS"), plan)
    sale = book.sell(account, plan.code, 4_800_000, unit="B07-201", key="H02", due=book.day(20))
    book.pay_all(sale, until=book.day(60), late=2)
    book.call(account, 13, "NC_NOANS", "call", 1)
    book.call(account, 6, "RP_PTP_FULL", "await_payment", 6, reason="SALARY_DELAY")
    book.promise(account, sale.line("H02")[1].amount_minor, made=6, on=0)


def _broken_twice(book: Book) -> None:
    plan = BY_CODE["car_flat_36"]
    account = book.account(book.debtor("حسام كمال وهبة", "Hossam Kamal Wahba", "MOT"), plan)
    sale = book.sell(
        account, plan.code, 1_080_000, unit="NPM26004471", key="EMI12", due=book.day(40)
    )
    book.pay_all(sale, until=book.day(135), late=4)
    for label, ago in (("EMI09", 131), ("EMI10", 88), ("EMI11", 66)):
        amount = sale.line(label)[1].amount_minor
        if label == "EMI09":  # the bank took the credit back; a transfer came eight days later
            back = days(book.day(ago - 3))
            book.receive(sale, amount, on=book.day(ago), instrument="cheque",
                         reference="000409", reversed=back)  # fmt: skip
            ago -= 8
        book.receive(sale, amount, on=book.day(ago))
    owed = sale.line("EMI12")[1].amount_minor
    book.call(account, 33, "RP_PTP_FULL", "await_payment", 5, reason="INCOME_DROP")
    book.promise(account, owed, made=33, on=28)
    book.call(account, 20, "RP_PTP_FULL", "await_payment", 6, reason="INCOME_DROP")
    book.promise(account, owed, made=20, on=14)
    book.call(account, 8, "NC_REJECT", "call", 1)


def _part_paid(book: Book) -> None:
    plan = BY_CODE["monthly_48"]
    account = book.account(book.debtor("سلمى طارق حجازي", "Salma Tarek Hegazy", "NVT"), plan)
    sale = book.sell(account, plan.code, 6_000_000, unit="T04-503", key="M10", due=book.day(12))
    book.pay_all(sale, until=book.day(30), late=1)
    book.receive(sale, 6_000_000, on=book.day(10))
    book.call(account, 9, "RP_BRANCH", "await_payment", 4, reason="CASH_LOCKED")


def _disputing(book: Book) -> None:
    plan = BY_CODE["quarterly_30"]
    account = book.account(book.debtor("إيهاب صبري لبيب", "Ehab Sabry Labib", "YAS"), plan)
    sale = book.sell(account, plan.code, 7_500_000, unit="B03-102", key="Q05", due=book.day(45))
    book.pay_all(sale, until=book.day(60))
    book.call(account, 38, "RF_DISPUTE", "review", 14, reason="DELIVERY_DELAY")
    book.rows["disputes"].append(
        {
            "line": sale.line("Q05")[0],
            "amount": sale.line("Q05")[1].amount_minor,
            "code": "D_DELIVERY",
            "note": "Hand-over was promised for last spring; pays once a date is confirmed.",
            "opened": days(book.day(38)),
        }
    )


def _waiting(book: Book) -> None:
    plan = BY_CODE["monthly_48"]
    account = book.account(book.debtor("مريم يوسف غالي", "Mariam Youssef Ghaly", "NVT"), plan)
    sale = book.sell(account, plan.code, 8_000_000, unit="T02-606", key="M20", due=book.day(5))
    book.pay_all(sale, until=book.day(0))


def _unapplied(book: Book) -> None:
    plan = BY_CODE["rent_4"]
    account = book.account(book.debtor("Ali Hassan Al Kaabi", "علي حسن الكعبي", "PCR"), plan)
    sale = book.sell(account, plan.code, 120_000, unit="A01-105", key="R08", due=book.day(50))
    book.pay_all(sale, until=book.day(0))
    book.receive(sale, 3_000_000, on=book.day(9), reference="T70999001")


def _tax_short(book: Book) -> None:
    plan = BY_CODE["slabs"]
    account = book.account(book.debtor("Rajesh Sharma", "राजेश शर्मा", "KHR", language="hi"), plan)
    sale = book.sell(account, plan.code, 9_500_000, unit="C14-002", key="M01", due=book.day(400))
    for event, ago in (("SIGNED", 400), ("PLINTH", 300), ("SLAB_3", 180), ("SLAB_6", 45)):
        book.happen(sale, event, book.day(ago))
    book.pay_all(sale, until=book.day(100))
    paid = [line for _, line in sale.lines if line.label in ("M04", "GST M04")]
    book.receive(sale, sum(line.amount_minor for line in paid), on=book.day(28))
    book.call(account, 20, "RP_PAID_CLAIM", "await_document", 10, reason="TAX_DEDUCTED")


def _two_currencies(book: Book) -> None:
    home, away = BY_CODE["half_yearly_12"], BY_CODE["sixty_forty"]
    party = book.debtor("كريم ماجد الجندي", "Karim Maged El Gendy", "YAS")
    account = book.account(party, home)
    sale = book.sell(account, home.code, 6_000_000, unit="B09-404", key="H03", due=book.day(8))
    book.pay_all(sale, until=book.day(30))
    account = book.account(party, away)
    sale = book.sell(account, away.code, 1_500_000, unit="M05-801", key="DLD", due=book.day(330))
    signed = date.fromordinal(EPOCH.toordinal() + book.rows["contracts"][sale.at]["signed"])
    book.happen(sale, "SIGNED", signed)
    book.happen(sale, "CERT_20", book.day(210))
    book.happen(sale, "CERT_40", book.day(55))
    book.pay_all(sale, until=book.day(100))


def _on_hold(book: Book) -> None:
    plan = BY_CODE["car_reducing_24"]
    account = book.account(book.debtor("وائل سمير بركات", "Wael Samir Barakat", "MOT"), plan)
    sale = book.sell(account, plan.code, 840_000, unit="NPM26004502", key="EMI07", due=book.day(18))
    book.pay_all(sale, until=book.day(40), late=1)
    book.call(account, 11, "RQ_HOLD", "review", 2, reason="MEDICAL")
    row = {"account": account, "kind": "hold", "since": days(book.day(10)),
           "reason": "Surgery; agreed with the manager", "until": days(book.day(-20))}  # fmt: skip
    book.rows["holds"].append(row)


def _ahead(book: Book) -> None:
    plan = BY_CODE["quarterly_30"]
    account = book.account(book.debtor("هالة رفعت سرور", "Hala Refaat Sorour", "YAS"), plan)
    sale = book.sell(account, plan.code, 9_000_000, unit="B05-303", key="Q07", due=book.day(30))
    book.pay_all(sale, until=book.day(0))
    ahead = sale.line("Q08")[1].amount_minor + sale.line("Q09")[1].amount_minor
    book.receive(sale, ahead, on=book.day(14))


def _legal(book: Book) -> None:
    plan = BY_CODE["quarterly_30"]
    account = book.account(book.debtor("عصام جابر النمر", "Essam Gaber El Nemr", "YAS"), plan)
    sale = book.sell(account, plan.code, 12_000_000, unit="B11-506", key="Q04", due=book.day(95))
    book.pay_all(sale, until=book.day(120), late=9)
    for ago in (88, 80, 62, 47, 30, 12):
        book.call(account, ago, "NC_OFF" if ago % 2 else "NC_NOANS", "call", 2)
