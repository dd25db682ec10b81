"""What gives people away in any text: e-mail addresses, telephone numbers, numbers of cards and passports."""

from __future__ import annotations

import re
from collections.abc import Callable

Call = Callable[[str, str], str]
"""How a thing found is called: from its kind (`e-mail`, `card`, `passport`, `phone`, `number`) and its plain form."""

_QUERY = re.compile(r"((?:https?://|www\.)[^\s?#]{1,300})[?#]\S*", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}")
# a separator is no digit, so there is one way to match
_NUMBER = re.compile(r"(?<!\w)\+?\(?\d(?:[ ().\u00a0\u202f\u2010-\u2013-]{0,3}\d){6,24}(?!\w)")
_SERIES = re.compile(r"(?<!\w)[A-ZА-ЯЁ]{1,2}[ \u00a0-]?(?:№ ?)?\d{6,9}(?!\w)")
_SUM = re.compile(r"\d{1,2}(?:[ .\u00a0\u202f]\d{3}){2}")
_HOURS = re.compile(r"\d{1,2}\.\d\d ?[\u2010-\u2013-] ?\d{1,2}\.\d\d")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
_RUSSIAN_PASSPORT = re.compile(r"(?:\d\d ?\d\d|\d{4})[ \u00a0-]\d{6}")
_PHONE, _CARD = range(7, 16), range(13, 20)
_FEW = 7
"""Fewer digits than these are no number that gives anybody away."""


def masked(text: str, called: Call) -> str:
    """The text with every address and long number as it is `called`, and links without what follows their path.

    Sums, opening hours and dates stay: they are what answers are about. Takes time linear in the length of the text.
    """
    text = _QUERY.sub(r"\1", text)
    text = _EMAIL.sub(lambda found: called("e-mail", found[0].lower().rstrip(".")), text)
    text = _SERIES.sub(lambda found: called("passport", "".join(filter(str.isalnum, found[0]))), text)
    return _NUMBER.sub(lambda found: _number(found[0], called), text)


def _number(found: str, called: Call) -> str:
    if _SUM.fullmatch(found) or _HOURS.fullmatch(found) or len(_digits(_DATE.sub("", found))) < _FEW:
        return found
    digits = _digits(found)
    if len(digits) in _CARD and luhn(digits):
        return called("card", digits)
    if _RUSSIAN_PASSPORT.fullmatch(found):
        return called("passport", digits)
    return called("phone" if len(digits) in _PHONE else "number", digits)


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others, as on payment cards (ISO/IEC 7812-1, annex B)."""
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
