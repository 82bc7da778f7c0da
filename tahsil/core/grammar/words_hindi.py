"""Numbers and counted things in Hindi: every number to 99 has its own word; lakh and crore."""

from __future__ import annotations

AND = " और "
MINUS = "ऋण"

ROWS = (  # ten in each
    "शून्य एक दो तीन चार पाँच छह सात आठ नौ",
    "दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस",
    "बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस",
    "तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस",
    "चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास",
    "पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ",
    "साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर",
    "सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी",
    "अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी",
    "नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे",
)
SMALL = [word for row in ROWS for word in row.split()]
SCALES = (
    (10**13, "नील"), (10**11, "खरब"), (10**9, "अरब"), (10**7, "करोड़"), (10**5, "लाख"),
    (10**3, "हज़ार"), (10**2, "सौ"),
)  # fmt: skip
FILS = ("फ़िल्स", "फ़िल्स")
CENT = ("सेंट", "सेंट")
CURRENCIES = {
    "EGP": (("मिस्री पाउंड", "मिस्री पाउंड"), ("पियास्टर", "पियास्टर")),
    "AED": (("यूएई दिरहम", "यूएई दिरहम"), FILS),
    "SAR": (("सऊदी रियाल", "सऊदी रियाल"), ("हलाला", "हलाला")),
    "KWD": (("कुवैती दीनार", "कुवैती दीनार"), FILS),
    "BHD": (("बहरीनी दीनार", "बहरीनी दीनार"), FILS),
    "OMR": (("ओमानी रियाल", "ओमानी रियाल"), ("बैसा", "बैसा")),
    "QAR": (("क़तरी रियाल", "क़तरी रियाल"), ("दिरहम", "दिरहम")),
    "USD": (("अमेरिकी डॉलर", "अमेरिकी डॉलर"), CENT),
    "INR": (("रुपया", "रुपये"), ("पैसा", "पैसे")),
}


def money(whole: int, currency: str) -> str:
    """So many of the currency: एक लाख चौवालीस हज़ार रुपये."""
    one, more = CURRENCIES.get(currency, ((currency, currency), ()))[0]
    return f"{_number(whole)} {one if whole == 1 else more}"


def minor(rest: int, currency: str) -> str:
    """So many of the currency's small coin: पचास पैसे."""
    known = CURRENCIES.get(currency)
    one, more = known[1] if known else ("अंश", "अंश")
    return f"{_number(rest)} {one if rest == 1 else more}"


def _number(count: int) -> str:
    if count < 100:
        return SMALL[count]
    parts = []
    for size, name in SCALES:
        group, count = divmod(count, size)
        if group:
            parts.append(f"{_number(group)} {name}")
    return " ".join([*parts, SMALL[count]] if count else parts)
