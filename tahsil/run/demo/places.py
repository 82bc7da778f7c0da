"""The Nile & Palm Group, its projects, branches and people: all invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from tahsil.store.models import BankAccount, Branch, Creditor, Person, Project, RoleGrant, Team

PASSWORD = "nile-and-palm"  # noqa: S105 - of a fictional portfolio, printed on purpose
SINCE = date(2020, 1, 1)
CREDITORS = {
    "NPD": (
        "Nile & Palm Developments",
        "النيل والنخيل للتطوير العقاري",
        "EG",
        "EGP",
        "Africa/Cairo",
    ),
    "NPP": ("Nile & Palm Properties LLC", "النيل والنخيل للعقارات", "AE", "AED", "Asia/Dubai"),
    "NPR": ("Nile & Palm Realty India", "النيل والنخيل الهند", "IN", "INR", "Asia/Kolkata"),
    "NPM": ("Nile & Palm Motors", "النيل والنخيل للسيارات", "EG", "EGP", "Africa/Cairo"),
}
PROJECTS = {
    "YAS": ("NPD", "Al Yasmin Gardens, Cairo", "حدائق الياسمين"),
    "NVT": ("NPD", "Nile View Towers, Cairo", "أبراج إطلالة النيل"),
    "FAC": ("NPD", "Facility services, Cairo", "خدمات المرافق"),
    "MAR": ("NPP", "Marina Crescent, Dubai", "هلال المارينا"),
    "PCR": ("NPP", "Palm Court Residences, Dubai", "مساكن ساحة النخيل"),
    "KHR": ("NPR", "Kharadi Heights, Pune", "مرتفعات خرادي"),
    "MOT": ("NPM", "Nile & Palm Motors, Giza", "سيارات النيل والنخيل"),
}
BRANCHES = {
    "CAI": ("NPD", "Cairo head office"),
    "GIZ": ("NPM", "Giza showroom"),
    "DXB": ("NPP", "Dubai office"),
    "PNQ": ("NPR", "Pune office"),
}
BRANCH_OF = {"NPD": "CAI", "NPM": "GIZ", "NPP": "DXB", "NPR": "PNQ"}
BANKS = {
    "NPD": ("Delta Commercial Bank", ("price", "maintenance")),
    "NPP": ("Gulf Horizon Bank", ("price",)),
    "NPR": ("Deccan Trust Bank", ("price",)),
    "NPM": ("Delta Commercial Bank", ("price",)),
}


@dataclass(frozen=True)
class Colleague:
    """Somebody of the group: how they sign in, what they may, where they sit."""

    username: str
    name: str
    name_other: str
    role: str
    scope: str
    branch: str
    language: str = "en"
    more: tuple[str, ...] = ()
    title: str = ""


COLLEAGUES = (
    Colleague("admin", "Amina Rashad", "أمينة رشاد", "administrator", "all", "CAI",
              title="administrator"),
    Colleague("sara", "Sara Mansour", "سارة منصور", "collection_manager", "all", "CAI",
              title="collection manager"),
    Colleague("omar", "Omar Fahmy", "عمر فهمي", "team_leader", "team", "CAI",
              title="team leader"),
    Colleague("lina", "Lina Haddad", "لينا حداد", "collector", "own", "CAI",
              title="collector, Al Yasmin"),
    Colleague("nour", "Nour El Din Adel", "نور الدين عادل", "collector", "own", "CAI", "ar",
              title="collector, Nile View and facilities, in Arabic"),
    Colleague("karim", "Karim Sobhy", "كريم صبحي", "collector", "own", "GIZ",
              title="collector, cars"),
    Colleague("aisha", "Aisha Al Suwaidi", "عائشة السويدي", "collector", "own", "DXB",
              title="collector, Dubai"),
    Colleague("rohan", "Rohan Kulkarni", "रोहन कुलकर्णी", "collector", "own", "PNQ",
              title="collector, Pune"),
    Colleague("huda", "Huda Salem", "هدى سالم", "accountant", "all", "CAI", "en", ("cashier",),
              title="accountant and cashier"),
    Colleague("mervat", "Mervat Helmy", "ميرفت حلمي", "cheque_officer", "all", "CAI",
              title="cheque officer"),
    Colleague("tarek", "Tarek Aziz", "طارق عزيز", "treasury_head", "all", "CAI",
              title="treasury head"),
    Colleague("auditor", "Mounir Gaber", "منير جابر", "auditor", "all", "CAI",
              title="auditor, reads only"),
    Colleague("credit", "Rasha Zidan", "رشا زيدان", "credit_officer", "all", "CAI",
              title="credit officer"),
    Colleague("gm", "Youssef Naguib", "يوسف نجيب", "gm", "all", "CAI",
              title="general manager"),
    Colleague("adel", "Adel Wasfi", "عادل وصفي", "cfo", "all", "CAI",
              title="finance director"),
)  # fmt: skip
COLLECTOR_OF = {
    "YAS": "lina", "NVT": "nour", "FAC": "nour", "MOT": "karim",
    "MAR": "aisha", "PCR": "aisha", "KHR": "rohan",
}  # fmt: skip
TEAMS = {"Cairo desk": ("lina", "nour", "karim"), "Dubai and Pune desk": ("aisha", "rohan")}


@dataclass(frozen=True)
class Group:
    """The ids of everything the portfolio refers to, by code."""

    creditors: dict[str, int]
    projects: dict[str, int]
    branches: dict[str, int]
    banks: dict[tuple[str, str], int]
    people: dict[str, int]


@dataclass(frozen=True)
class Login:
    """How somebody of the demo signs in."""

    username: str
    password: str
    role: str


def create() -> Group:
    """The group with everything but its debtors."""
    creditors, projects = _creditors(), {}
    for code, (owner, name, name_ar) in PROJECTS.items():
        country = CREDITORS[owner][2]
        made = Project.objects.create(
            creditor_id=creditors[owner], code=code, name=name, name_ar=name_ar, country=country
        )
        projects[code] = made.id
    branches = {
        code: Branch.objects.create(creditor_id=creditors[owner], code=code, name=name).id
        for code, (owner, name) in BRANCHES.items()
    }
    return Group(creditors, projects, branches, _banks(creditors), _people(branches))


def logins() -> list[Login]:
    """Everybody's sign-in name and the password they share."""
    return [Login(each.username, PASSWORD, each.title) for each in COLLEAGUES]


def _creditors() -> dict[str, int]:
    made = {}
    for code, (name, name_ar, country, currency, zone) in CREDITORS.items():
        row = Creditor.objects.create(
            code=code, name=name, name_ar=name_ar, country=country, currency=currency, zone=zone
        )
        made[code] = row.id
    return made


def _banks(creditors: dict[str, int]) -> dict[tuple[str, str], int]:
    made = {}
    for owner, (bank, rules) in BANKS.items():
        for rule in rules:
            row = BankAccount.objects.create(
                creditor_id=creditors[owner],
                code=f"{owner}-{rule[:3].upper()}",
                bank=bank,
                currency=CREDITORS[owner][3],
                rule=rule,
            )
            made[owner, rule] = row.id
    return made


def _people(branches: dict[str, int]) -> dict[str, int]:
    hashed = make_password(PASSWORD)  # once: a second for each of twelve would be felt
    made: dict[str, int] = {}
    for each in COLLEAGUES:
        person, _ = Person.objects.update_or_create(
            username=each.username,
            defaults={
                "name": each.name,
                "name_other": each.name_other,
                "language": each.language,
                "branch_id": branches[each.branch],
                "password": hashed,
                "languages": "en,hi" if each.branch == "PNQ" else "en,ar",
            },
        )
        made[each.username] = person.id
        for role in (each.role, *each.more):
            RoleGrant.objects.get_or_create(
                person=person, role=role, scope=each.scope, since_on=SINCE
            )
    for name, members in TEAMS.items():
        team = Team.objects.create(name=name, leader_id=made["omar"])
        Person.objects.filter(username__in=members).update(team=team)
    return made
