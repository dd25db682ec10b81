"""Normalised values of answers (`5 business days`, `up to 10 kg`) in the reader's language.

A value comes in plain English, as `answers.values` writes it; one of an unknown form is shown as it is.
"""

from __future__ import annotations

import re

from cs_audit.reports.lexis import english, terms
from cs_audit.reports.words import Words

LENGTHS = {
    "minute": ("%(number)s minute", "%(number)s minutes"),
    "hour": ("%(number)s hour", "%(number)s hours"),
    "day": ("%(number)s day", "%(number)s days"),
    "business day": ("%(number)s business day", "%(number)s business days"),
    "week": ("%(number)s week", "%(number)s weeks"),
    "month": ("%(number)s month", "%(number)s months"),
    "year": ("%(number)s year", "%(number)s years"),
}
"""Lengths of time by their unit; in the catalogues once as they stand alone and once as they stand after a sign."""

SIGNS = {"up to": "up to %(value)s", "at least": "at least %(value)s", "about": "about %(value)s"}
UNITS = ("kg", "m", "MB", "Mbit/s", "l", "kW", "degrees")
PER = ("minute", "hour", "day", "week", "month", "year", "person", "night", "ride", "trip", "bag")
PLAIN = {
    "free": "free of charge",
    "paid": "to be paid for",
    "can": "can be done",
    "cannot": "cannot be done",
    "required": "required",
    "not required": "not required",
    "by yourself": "done by oneself",
    "only by an agent": "done only by an agent",
}
"""Values that are words."""

RATE, SHARE, THINGS, DAY = (
    "%(value)s per %(unit)s",
    "%(number)s%%",
    "%(number)s %(thing)s",
    "day %(number)s of the month",
)
FORMS = (RATE, SHARE, THINGS, DAY)
"""What values are put together with."""

ALONE, SIGNED = "length", "length after a sign"

_CLOCK = re.compile(r"\d\d:\d\d(?:-\d\d:\d\d)?")
_DATE = re.compile(r"(\d\d)-(\d\d)")
_DAY = re.compile(r"day (\d{1,2})")
_MEASURED = re.compile(rf"(?:({'|'.join(SIGNS)}) )?(\d[\d.]*)(?:-(\d[\d.]*))?(%| \D.*?)(?: per (\S+))?")


def shown(text: str, words: Words, kind: str = "") -> str:
    """A value; `kind` is its type where it is known (only a date is read as one)."""
    if text in PLAIN:
        return words.phrase("value", PLAIN[text])
    if _CLOCK.fullmatch(text):
        return text.replace("-", "–")
    if kind == "date" and (found := _DATE.fullmatch(text)):
        return words.day_of_year(int(found[1]), int(found[2]))
    if kind == "date" and (found := _DAY.fullmatch(text)):
        return words.phrase("value", DAY) % {"number": found[1]}
    return _measured(text, words)


def _measured(text: str, words: Words) -> str:
    found = _MEASURED.fullmatch(text)
    if not found or not all(map(_plain, found.group(2, 3))):
        return text
    sign, low, high, unit, per = found.groups()
    value = _amount(low, high, unit.strip(), words, SIGNED if sign else ALONE)
    if per:
        value = words.phrase("value", RATE) % {"value": value, "unit": _per(per, words)}
    return words.phrase("value", SIGNS[sign]) % {"value": value} if sign else value


def _plain(number: str | None) -> bool:
    return number is None or bool(re.fullmatch(r"\d{1,15}(?:\.\d{1,9})?", number))


def _amount(low: str, high: str | None, unit: str, words: Words, place: str) -> str:
    number = "–".join(words.number(float(each)) for each in (low, high) if each)
    if unit == "%":
        return words.phrase("value", SHARE) % {"number": number}
    name = unit if unit in LENGTHS else unit.removesuffix("s")
    if name in LENGTHS:
        return _length(name, high or low, number, words, place)
    if unit in UNITS:
        return f"{number}\N{NO-BREAK SPACE}{words.phrase('unit', unit)}"
    if unit in terms():
        return words.phrase("value", THINGS) % {"number": number, "thing": words.phrase("term", english(unit))}
    return f"{number} {unit}"


def _length(unit: str, last: str, number: str, words: Words, place: str) -> str:
    """A length of time; what is no whole number takes one form of words wherever it stands."""
    place = place if float(last).is_integer() else ALONE
    return words.form(place, *LENGTHS[unit], float(last), number=number)


def _per(name: str, words: Words) -> str:
    return words.phrase("per", name) if name in PER else name
