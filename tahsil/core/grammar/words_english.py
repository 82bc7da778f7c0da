"""Numbers and counted things in English; rupees by lakh and crore, as they are written in India."""

from __future__ import annotations

AND = " and "
MINUS = "minus"

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = (
    (10**15, "quadrillion"), (10**12, "trillion"), (10**9, "billion"), (10**6, "million"),
    (10**3, "thousand"),
)  # fmt: skip
INDIAN = ((10**7, "crore"), (10**5, "lakh"), (10**3, "thousand"))
CURRENCIES = {
    "EGP": (("Egyptian pound", "Egyptian pounds"), ("piastre", "piastres")),
    "AED": (("UAE dirham", "UAE dirhams"), ("fils", "fils")),
    "SAR": (("Saudi riyal", "Saudi riyals"), ("halala", "halalas")),
    "KWD": (("Kuwaiti dinar", "Kuwaiti dinars"), ("fils", "fils")),
    "BHD": (("Bahraini dinar", "Bahraini dinars"), ("fils", "fils")),
    "OMR": (("Omani rial", "Omani rials"), ("baisa", "baisas")),
    "QAR": (("Qatari riyal", "Qatari riyals"), ("dirham", "dirhams")),
    "USD": (("US dollar", "US dollars"), ("cent", "cents")),
    "GBP": (("pound sterling", "pounds sterling"), ("penny", "pence")),
    "EUR": (("euro", "euros"), ("cent", "cents")),
    "INR": (("Indian rupee", "Indian rupees"), ("paisa", "paise")),
}


def money(whole: int, currency: str) -> str:
    """So many of the currency: one hundred and one Egyptian pounds."""
    one, more = CURRENCIES.get(currency, ((currency, currency), ()))[0]
    scales = INDIAN if currency == "INR" else SCALES
    return f"{_number(whole, scales)} {one if whole == 1 else more}"


def minor(rest: int, currency: str) -> str:
    """So many of the currency's small coin: fifty piastres."""
    known = CURRENCIES.get(currency)
    one, more = known[1] if known else ("of its parts", "of its parts")
    return f"{_number(rest, SCALES)} {one if rest == 1 else more}"


def _number(count: int, scales: tuple[tuple[int, str], ...]) -> str:
    parts = []
    for size, name in scales:
        group, count = divmod(count, size)
        if group:
            parts.append(f"{_number(group, scales)} {name}")
    if not count and parts:
        return " ".join(parts)
    rest = _below_thousand(count)
    if parts and count < 100:
        parts.append("and")
    return " ".join([*parts, rest])


def _below_thousand(count: int) -> str:
    hundreds, last = divmod(count, 100)
    if not hundreds:
        return _below_hundred(last)
    head = f"{SMALL[hundreds]} hundred"
    return f"{head} and {_below_hundred(last)}" if last else head


def _below_hundred(count: int) -> str:
    if count < 20:
        return SMALL[count]
    tens, last = divmod(count, 10)
    return f"{TENS[tens]}-{SMALL[last]}" if last else TENS[tens]
