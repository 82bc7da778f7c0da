"""Numbers and counted things in Arabic: gender, dual, plural of few, accusative of many.

One and two are the noun itself; three to ten take the other gender and the plural; eleven to
ninety-nine the accusative singular; full hundreds and thousands the genitive, before which a dual
drops its nun. What exceeds a hundred by one or two repeats the noun: a hundred pounds and a pound.
"""

from __future__ import annotations

from typing import NamedTuple

AND = " و"
MINUS = "سالب"


class Noun(NamedTuple):
    """The forms of a counted noun; `of` stands after hundreds and wherever another noun follows."""

    of: str
    one: str
    two: str
    two_of: str
    few: str
    many: str
    is_feminine: bool = False


def _scale(of: str, few: str) -> Noun:
    return Noun(of, of, f"{of}ان", f"{of}ا", few, f"{of}ًا")


SCALES = (
    (10**15, _scale("كوادريليون", "كوادريليونات")),
    (10**12, _scale("تريليون", "تريليونات")),
    (10**9, _scale("مليار", "مليارات")),
    (10**6, _scale("مليون", "ملايين")),
    (10**3, _scale("ألف", "آلاف")),
)


def _masculine(noun: str, few: str, of: str = "", of_few: str = "") -> Noun:
    """A masculine noun with the adjective of its country, if it has one."""
    adjective = (f" {of}", f" {of}ان", f" {of_few}", f" {of}ًا") if of else ("", "", "", "")
    two = f"{noun}ان{adjective[1]}"
    many = f"{noun}ًا{adjective[3]}"
    one = f"{noun}{adjective[0]} واحد"
    return Noun(noun + adjective[0], one, two, two, few + adjective[2], many)


def _feminine(stem: str, of: str = "") -> Noun:
    """A feminine noun in ة, with the adjective of its country, if it has one."""
    one = f"{stem}ة {of}ة" if of else f"{stem}ة"
    two = f"{stem}تان {of}تان" if of else f"{stem}تان"
    few = f"{stem}ات {of}ة" if of else f"{stem}ات"
    return Noun(one, f"{one} واحدة", two, two, few, one, is_feminine=True)


FILS = _masculine("فلس", "فلوس")
CENT = _masculine("سنت", "سنتات")
CURRENCIES = {
    "EGP": (_masculine("جنيه", "جنيهات", "مصري", "مصرية"), _masculine("قرش", "قروش")),
    "AED": (_masculine("درهم", "دراهم", "إماراتي", "إماراتية"), FILS),
    "SAR": (_masculine("ريال", "ريالات", "سعودي", "سعودية"), _feminine("هلل")),
    "KWD": (_masculine("دينار", "دنانير", "كويتي", "كويتية"), FILS),
    "BHD": (_masculine("دينار", "دنانير", "بحريني", "بحرينية"), FILS),
    "OMR": (_masculine("ريال", "ريالات", "عماني", "عمانية"), _feminine("بيس")),
    "QAR": (_masculine("ريال", "ريالات", "قطري", "قطرية"), _masculine("درهم", "دراهم")),
    "USD": (_masculine("دولار", "دولارات", "أمريكي", "أمريكية"), CENT),
    "INR": (_feminine("روبي", "هندي"), _feminine("بيس")),
}  # fmt: skip

ONES = ("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة",
        "عشرة")  # fmt: skip
ONES_FEMININE = ("صفر", "واحدة", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع",
                 "عشر")  # fmt: skip
TENS = ("", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
HUNDREDS = ("", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة",
            "ثمانمائة", "تسعمائة")  # fmt: skip


def money(whole: int, currency: str) -> str:
    """So many of the currency: خمسة جنيهات مصرية."""
    known = CURRENCIES.get(currency)
    return counted(whole, known[0]) if known else f"{_number(whole)} {currency}"


def minor(rest: int, currency: str) -> str:
    """So many of the currency's small coin: خمسون قرشًا."""
    known = CURRENCIES.get(currency)
    return counted(rest, known[1]) if known else f"{_number(rest)} من أجزائه"


def counted(count: int, noun: Noun, *, is_bound: bool = False) -> str:
    """The number with its noun in the form it asks for; bound where another noun follows."""
    if count == 1:
        return noun.one
    if count == 2:
        return noun.two_of if is_bound else noun.two
    last = count % 100
    if last in (1, 2):
        head = counted(count - last, noun, is_bound=is_bound)
        return head + AND + counted(last, noun, is_bound=is_bound)
    if 3 <= last <= 10:
        return f"{_number(count, is_feminine=noun.is_feminine)} {noun.few}"
    if last:
        many = noun.of if is_bound else noun.many
        return f"{_number(count, is_feminine=noun.is_feminine)} {many}"
    return f"{_number(count, is_bound=True)} {noun.of}"


def _number(count: int, *, is_feminine: bool = False, is_bound: bool = False) -> str:
    """The number alone; bound where its noun follows a full hundred or thousand."""
    if count == 0:
        return ONES[0]
    parts = []
    for size, noun in SCALES:
        if group := count // size % 1000:
            parts.append(counted(group, noun, is_bound=is_bound and not count % size))
    hundreds, last = divmod(count % 1000, 100)
    if hundreds:
        parts.append("مائتا" if hundreds == 2 and is_bound and not last else HUNDREDS[hundreds])
    if last:
        parts.append(_below_hundred(last, ONES_FEMININE if is_feminine else ONES))
    return AND.join(parts)


def _below_hundred(count: int, ones: tuple[str, ...]) -> str:
    is_feminine = ones is ONES_FEMININE
    if count <= 10:
        return ones[count]
    if count == 11:
        return "إحدى عشرة" if is_feminine else "أحد عشر"
    if count == 12:
        return "اثنتا عشرة" if is_feminine else "اثنا عشر"
    if count < 20:
        return f"{ones[count - 10]} {'عشرة' if is_feminine else 'عشر'}"
    tens, last = divmod(count, 10)
    if not last:
        return TENS[tens]
    small = {1: "إحدى", 8: "ثمانٍ"}.get(last, ones[last]) if is_feminine else ones[last]
    return small + AND + TENS[tens]
