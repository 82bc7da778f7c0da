"""A small book written row by row: four accounts in two currencies, one of each situation.

NIL-1 Mohamed: three lines late (one paid, one in part), cheques in the safe and bounced, a promise.
NIL-2 Mona: settled. NIL-3 has nobody to work it. DXB-1 Ahmed: another creditor, project and team.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from tahsil.core.grammar.names import name_key
from tahsil.queries.people import standing_of
from tahsil.store import models as m
from tahsil.store import search
from tahsil.store import standing as standings
from tests.conftest import TODAY, People

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
BEFORE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SIGNED = date(2026, 1, 1)


@dataclass
class SmallBook:
    """The ids a test needs; `who` gives the standing of a person by name."""

    people: People
    ids: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    def who(self, name: str, *, as_of: date = TODAY):
        known = self.persons.get(name) or getattr(self.people, name)
        return standing_of(known, as_of=as_of)

    def __getitem__(self, name: str) -> int:
        return self.ids[name]


def small_book(people: People) -> SmallBook:
    """The book described above, its cached standing and search index made."""
    book = SmallBook(people)
    _places(book)
    _mohamed(book)
    _mona(book)
    _nobody(book)
    _ahmed(book)
    accounts = [book[number] for number in ("NIL-1", "NIL-2", "NIL-3", "DXB-1")]
    standings.refresh(accounts, as_of=TODAY)
    search.index(accounts)
    return book


def _places(book: SmallBook) -> None:
    dubai = m.Creditor.objects.create(code="DXB", name="Dunes", country="AE", currency="AED")
    project = m.Project.objects.create(creditor=dubai, code="MRN", name="Marina", country="AE")
    team = m.Team.objects.create(name="Dubai desk")
    book.ids |= {"dubai": dubai.id, "marina": project.id}
    for name, role, scope, place, desk in (
        ("ravi", "collector", "own", None, team),
        ("noor", "team_leader", "team", None, team),
        ("pm", "credit_officer", "project", project.id, None),
        ("cm", "collection_manager", "creditor", dubai.id, None),
        ("clerk", "cashier", "all", None, None),
        ("admin", "administrator", "all", None, None),
    ):
        person = m.Person.objects.create(username=name, name=name.title(), team=desk, password="x")
        m.RoleGrant.objects.create(
            person=person, role=role, scope=scope, place_id=place, since_on=date(2020, 1, 1)
        )
        book.persons[name] = person.id


def party(name: str, *others: str, **more) -> m.Party:
    """A party with its other spellings."""
    made = m.Party.objects.create(name=name, name_key=name_key(name), **more)
    for other in others:
        m.PartyName.objects.create(party=made, name=other, name_key=name_key(other))
    return made


def account(book: SmallBook, number: str, who: m.Party, collector: str | None, **more) -> m.Account:
    """An account of that party, worked by that person."""
    at = {"creditor_id": book.people.creditor, "project_id": book.people.project, "currency": "EGP"}
    owner = (book.persons.get(collector) or getattr(book.people, collector)) if collector else None
    made = m.Account.objects.create(number=number, party=who, collector_id=owner, **{**at, **more})
    book.ids[number] = made.id
    return made


def contract(of: m.Account, number: str, unit: str, **more) -> m.Contract:
    """A contract about a unit, its debtor being the account's party."""
    asset = m.Asset.objects.create(project_id=of.project_id, code=unit, code_key=unit.lower())
    made = m.Contract.objects.create(
        account=of, number=number, project_id=of.project_id, asset=asset, signed_on=SIGNED, **more
    )
    m.ContractParty.objects.create(contract=made, party=of.party)
    m.ScheduleVersion.objects.create(
        contract=made, version=1, effective_on=SIGNED, recorded_at=BEFORE
    )
    return made


def owe(to: m.Contract, due_on: date | None, amount: int, **more) -> m.Obligation:
    """A line of the contract."""
    return m.Obligation.objects.create(
        account=to.account, contract=to, schedule=to.schedules.get(), due_on=due_on,
        amount_minor=amount, raised_on=SIGNED, recorded_at=BEFORE,
        **{"category": "instalment", **more},
    )  # fmt: skip


def receive(
    of: m.Account, number: str, amount: int, on: date, *lines: tuple[m.Obligation, int], **more
) -> m.Receipt:
    """A receipt set against those lines on its day."""
    made = m.Receipt.objects.create(
        account=of, number=number, amount_minor=amount, value_on=on, recorded_at=NOW, **more
    )
    for line, part in lines:
        m.Allocation.objects.create(
            receipt=made, obligation=line, account=of, amount_minor=part, effective_on=on,
            recorded_at=NOW,
        )  # fmt: skip
    return made


def _mohamed(book: SmallBook) -> None:
    who = party("محمد أحمد علي", "Mohamed Ahmed Ali", code="C-1001", national_id="28501011234567")
    for value in ("+201001234567", "+201229876543"):
        m.ContactPoint.objects.create(party=who, channel="phone", value=value)
    m.ContactPoint.objects.create(party=who, channel="email", value="m.ahmed@example.com")
    wife = party("Sara Hassan")
    mine = account(
        book, "NIL-1", who, "lina", next_step="call", next_step_on=TODAY, next_step_at=time(10)
    )
    deed = contract(mine, "YAS-0014", "B2-14", price_minor=600_000_00, penalty="developer_monthly")
    m.ContractParty.objects.create(contract=deed, party=wife, role="co_buyer", share_ppm=400_000)
    days = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 11, 1), TODAY, date(2026, 12, 1)]
    lines = [
        owe(deed, day, 100_000_00, seq=at, label=f"Q{at}") for at, day in enumerate(days, start=1)
    ]
    lines.append(owe(deed, None, 100_000_00, seq=6, label="Delivery", due_event="handover",
                     category="delivery"))  # fmt: skip
    receive(mine, "CAI-1", 100_000_00, date(2026, 7, 30), (lines[0], 100_000_00),
            instrument="cheque", reference="000777", cashier_id=book.people.huda,
            collector_id=book.people.lina)  # fmt: skip
    receive(mine, "CAI-2", 45_000_00, date(2026, 9, 10), (lines[1], 40_000_00),
            cashier_id=book.people.huda, collector_id=book.people.lina)  # fmt: skip
    gone = receive(mine, "CAI-3", 60_000_00, date(2026, 10, 1), (lines[1], 60_000_00))
    m.Reversal.objects.create(
        receipt=gone, reason="Bounced", effective_on=date(2026, 10, 5), recorded_at=NOW
    )
    first = gone.allocations.get()
    m.Allocation.objects.create(
        receipt=gone, obligation=lines[1], account=mine, amount_minor=-60_000_00,
        effective_on=date(2026, 10, 5), recorded_at=NOW, mirrors=first,
    )  # fmt: skip
    for number, on, state, bounced in (
        ("000900", date(2026, 11, 1), "bounced", date(2026, 11, 3)),
        ("000901", date(2026, 12, 1), "in_safe", None),
    ):
        m.Instrument.objects.create(
            account=mine, contract=deed, number=number, bank="CIB", amount_minor=100_000_00,
            matures_on=on, state=state, bounced_on=bounced,
        )  # fmt: skip
    _work(book, mine, who)
    book.ids |= {"deed": deed.id, "CAI-1": 0, "gone": gone.id}
    book.ids |= {f"Q{at}": line.id for at, line in enumerate(lines, start=1)}
    book.ids["CAI-1"] = m.Receipt.objects.get(number="CAI-1").id


def _work(book: SmallBook, of: m.Account, who: m.Party) -> None:
    lina = book.people.lina
    for days, disposition, level in ((20, "NC_NOANS", "none"), (3, "PTP", "right_party")):
        m.Attempt.objects.create(
            account=of, party=who, channel="call", disposition=disposition, level=level,
            contact_point=who.contact_points.first(), next_step="call", happened_at=NOW,
            effective_on=TODAY - timedelta(days=days), by_id=lina,
        )  # fmt: skip
    m.Promise.objects.create(
        account=of, amount_minor=50_000_00, promised_on=date(2026, 10, 1),
        made_on=date(2026, 9, 25), recorded_at=NOW, state="broken", judged_on=date(2026, 10, 3),
        made_by_id=lina,
    )  # fmt: skip
    m.Promise.objects.create(
        account=of, amount_minor=60_000_00, promised_on=TODAY, made_on=TODAY - timedelta(days=3),
        recorded_at=NOW, made_by_id=lina,
    )  # fmt: skip
    m.Case.objects.create(account=of, opened_on=date(2026, 9, 2), rung="day_60")
    for at, (verb, facts, on) in enumerate(
        (
            ("contract.sign", {"number": "YAS-0014"}, SIGNED),
            ("promise.make", {"amount_minor": 60_000_00, "promised_on": "2026-11-22"}, TODAY),
        )
    ):
        m.Event.objects.create(
            verb=verb, subject=f"account:{of.id}", account_id=of.id, actor_id=lina,
            actor_name="Lina", effective_on=on, recorded_at=NOW, facts=facts, key=f"e{at}",
            digest="-",
        )  # fmt: skip


def _mona(book: SmallBook) -> None:
    mine = account(book, "NIL-2", party("منى سالم", "Mona Salem"), "lina")
    deed = contract(mine, "YAS-0020", "C1-03")
    line = owe(deed, date(2026, 10, 1), 80_000_00)
    receive(mine, "CAI-9", 80_000_00, TODAY, (line, 80_000_00), instrument="transfer",
            reference="TR55", collector_id=book.people.lina)  # fmt: skip


def _nobody(book: SmallBook) -> None:
    who = party("Heba Farouk")
    mine = account(book, "NIL-3", who, None)
    owe(contract(mine, "YAS-0021", "C1-04"), date(2026, 6, 1), 30_000_00)


def _ahmed(book: SmallBook) -> None:
    who = party("Ahmed Al Mansoori", "أحمد المنصوري", country="AE")
    m.ContactPoint.objects.create(party=who, channel="phone", value="+971501112233")
    mine = account(
        book, "DXB-1", who, "ravi", creditor_id=book["dubai"], project_id=book["marina"],
        currency="AED",
    )  # fmt: skip
    deed = contract(mine, "MRN-7", "1204")
    owe(deed, date(2026, 11, 10), 20_000_00)
    owe(deed, date(2027, 1, 10), 20_000_00)
