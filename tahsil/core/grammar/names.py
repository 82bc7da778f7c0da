"""Names: keys to compare them by, in Arabic, Latin and Devanagari letters.

A key is for comparing only; what people see is the name as it was written. `name_key` forgives
spelling inside one script, `skeleton` leaves only consonants and so meets across scripts.
Equal keys propose that two names are one person; a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROPPED = "".join(
    map(chr, (0x0640, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x061C, 0xFEFF, 0x00AD))
)
_DROPPED += "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_TASHKEEL = "".join(map(chr, (*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670)))

_FOLD = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیې", "ي"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ةۃە", "ه"),
        "ؤ": "و",
        "ئ": "ي",
        "ء": None,
        **dict.fromkeys(_DROPPED + _TASHKEEL),
        **{chr(0x0660 + i): str(i) for i in range(10)},
        **{chr(0x06F0 + i): str(i) for i in range(10)},
        **{chr(0x0966 + i): str(i) for i in range(10)},
    }
)

# Before "/" or ".", one letter is a title; the long forms are titles anywhere at the start.
_TITLE = re.compile(
    r"^(?:(?:[امدشح]|ا\.?د|د\.?م)\s*[/\\.]|(?:mr|mrs|ms|miss|dr|eng|prof|sh|m/s|messrs)\b[./]?"
    r"|(?:السيده?|السادة|الساده|سيدي|الاستاذه?|استاذه?|الدكتوره?|دكتوره?|المهندسه?|مهندسه?|الحاجه?"
    r"|الحاج|الشيخه?|اللواء|المستشاره?|الانسه|مدام|كابتن|عميد|سعاده|معالي)\s"
    r"|(?:श्री|श्रीमती|सुश्री|डॉ|shri|smt|sri|kumari)(?![\w\u0900-\u097f])\.?)\s*[/.]?\s*"
)
_ESTATE = re.compile(
    r"^(?:ال)?ورثه?\s*[/.]?\s*|^(?:المرحومه?|المتوفيه?)\s*[/.]?\s*"
    r"|^(?:the\s+)?(?:heirs|estate|legal heirs)\s+of\s+(?:the\s+)?(?:late\s+)?|^late\s+|^स्व\.?\s+"
)
_LEGAL = re.compile(
    r"(?:^|\s)(?:ش\.\s?م\.\s?م|ذ\.\s?م\.\s?م|ش\.\s?ذ\.\s?م\.\s?م|l\.?l\.?c|ltd|limited|pvt|private|inc|co"
    r"|s\.?a\.?e|w\.?l\.?l|fz-?e|fz-?llc|llp|gmbh)\.?(?=\s|$)"
)
_BRACKETS = re.compile(r"[(\[{（][^)\]}）]*[)\]}）]?")
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_WORD = re.compile(r"(?:[^\W_]|[ऀ-ॿ])+")
_ABD_ARABIC = re.compile(r"\bعبد\s*ال\s*")
_ABD_LATIN = re.compile(r"\babd(?:[aeiou]+l)?[\s\-']*(?:(?:[ae]l|[aeiou]r|[aeiou]s)[\s\-']+)?")
_ARTICLE_LATIN = re.compile(r"\b(?:al|el|ul|as|ar|ash|an)[\-'’]\s*|\b(?:al|el)\s+(?=\w{3})")
_GLUED_ARTICLE = re.compile(r"^(?:al|el)(?=[bcdfghjklmnpqrstvwxz]\w{2})")
_DIGRAPHS = (
    ("ph", "f"), ("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("dh", "d"),
    ("dj", "g"), ("bh", "b"), ("jh", "g"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("x", "ks"),
)  # fmt: skip
_LATIN = str.maketrans(
    {"j": "g", "q": "k", "c": "k", "p": "b", "v": "f", **dict.fromkeys("aeiou'’`-")}
)
_ARABIC = str.maketrans(
    dict(zip("بپتثجچحخدذرزژسشصضطظفڤقكگغلمنه", "bbttgshkdzrzgsssdtzffkkgglmnh", strict=True))
    | {"ا": None, "ع": None}
)
_DEVANAGARI = dict(
    zip(
        "कखगघचछजझटठडढणतथदधनपफबभमरलळवशषसह",
        "kkggssggttddnttddnbfbbmrllfsssh",
        strict=True,
    )
)
_VIRAMA, _ANUSVARA = "्", "ं"


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The text as one would type it: small letters, one form per letter, no marks, plain digits."""
    if text.isascii():
        return text.casefold()
    return _bare(unicodedata.normalize("NFKC", text).translate(_FOLD).casefold())


def _bare(text: str) -> str:
    """Latin accents off; the vowel signs of Devanagari are marks too, and must stay."""
    if not _ACCENTED.search(text):
        return text
    parts = unicodedata.normalize("NFD", text)
    kept = "".join(c for c in parts if not 0x0300 <= ord(c) <= 0x036F)
    return unicodedata.normalize("NFC", kept)


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """What names of one spelling family share: no titles, no marks, no order of words.

    What stands in brackets (whose father, an old name) is left out.
    """
    plain = _untitled(_BRACKETS.sub(" ", fold(name)))
    plain = _ABD_ARABIC.sub("عبد ", plain)
    return " ".join(sorted(_WORD.findall(plain)))


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """The consonants of each word in Latin letters: محمد احمد and Mohamed Ahmed give one key."""
    plain = _untitled(_BRACKETS.sub(" ", fold(name)))
    plain = _ABD_ARABIC.sub("عبد ", plain)
    plain = _ARTICLE_LATIN.sub(" ", _ABD_LATIN.sub("abd ", plain))
    bones = (_bones(word) for word in re.findall(r"[\wऀ-ॿ'’]+", plain))
    return " ".join(sorted(bone for bone in bones if bone))


def script(text: str) -> str:
    """arab, deva or latn by the letters it has; mixed if more than one, none without letters."""
    found = set()
    for letter in text:
        code = ord(letter)
        if 0x0600 <= code <= 0x06FF or 0x0750 <= code <= 0x077F or 0xFB50 <= code <= 0xFEFC:
            found.add("arab") if letter.isalpha() else None
        elif 0x0900 <= code <= 0x097F:
            found.add("deva")
        elif letter.isalpha():
            found.add("latn")
    if len(found) > 1:
        return "mixed"
    return found.pop() if found else "none"


def is_estate(name: str) -> bool:
    """Whether the name says that its bearer died and heirs stand in (ورثة, heirs of, late)."""
    return bool(_ESTATE.match(_titles_off(fold(name).strip())))


def _untitled(plain: str) -> str:
    """The folded name without titles, the word for heirs, and legal forms."""
    bare = _titles_off(_ESTATE.sub("", _titles_off(plain.strip())))
    return _LEGAL.sub(" ", bare)


def _titles_off(plain: str) -> str:
    for _ in range(3):  # الأستاذ الدكتور المهندس is as far as it goes
        shorter = _TITLE.sub("", plain, count=1)
        if shorter == plain or not shorter:
            return plain
        plain = shorter
    return plain


@lru_cache(maxsize=65536)
def _bones(word: str) -> str:
    kind = script(word)
    if kind == "arab":
        bones = _arabic_bones(word)
    elif kind == "deva":
        bones = _devanagari_bones(word)
    else:
        bones = _latin_bones(word)
    return bones[:-1] if len(bones) > 1 and bones.endswith("h") else bones


def _latin_bones(word: str) -> str:
    word = _GLUED_ARTICLE.sub("", word)
    for pair, one in _DIGRAPHS:
        word = word.replace(pair, one)
    word = re.sub(r"(\w)\1+", r"\1", word)
    head = word[:1] if word[:1] in "wy" else ""
    return head + word[len(head) :].translate(_LATIN).replace("w", "").replace("y", "")


def _arabic_bones(word: str) -> str:
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    head = {"و": "w", "ي": "y"}.get(word[:1], "") if len(word) > 1 else ""
    body = word[1:] if head else word
    return head + body.translate(_ARABIC).replace("و", "").replace("ي", "")


def _devanagari_bones(word: str) -> str:
    bones: list[str] = []
    before = ""
    for letter in word:
        if letter == "व" and before == _VIRAMA:  # अश्विन is Ashwin, विजय is Vijay
            found = ""
        elif letter == "य":
            found = "" if bones else "y"
        elif letter == "ह" and before == _ANUSVARA:  # सिंह is Singh
            found = "g"
        else:
            found = "n" if letter == _ANUSVARA else _DEVANAGARI.get(letter, "")
        if found and not (before == _VIRAMA and bones and bones[-1] == found):
            bones.append(found)
        before = letter
    return "".join(bones)
