"""What a statement says, as a value that can be compared: an interval in the unit of its dimension."""

from __future__ import annotations

import math
from typing import NamedTuple

MONTH_HOURS = 730.5


class Value(NamedTuple):
    """One normalised value.

    `low` and `high` are in the unit of the dimension: hours for time, kilograms for mass, minutes of the day for
    opening hours, the number itself for money, percent and counts; `inf` where a side is open. `unit` is the
    currency, the dimension or the thing counted. `kind` says how it was put (exact, about, upper, lower, range,
    free, paid), `role` what it bounds (before an event, every so often, after something, a threshold), `per` what
    a rate refers to. `text` holds what is compared as text: a phone number's last ten digits, an address.
    """

    type: str
    unit: str
    low: float
    high: float
    kind: str = "exact"
    role: str = ""
    per: str = ""
    text: str = ""
    business: bool = False

    @property
    def words(self) -> str:
        """The normalised value in plain English, for people: `3-5 business days`, `up to 10 kg`, `free`."""
        return _words(self)


class Found(NamedTuple):
    """A value, and the characters of the sentence that say it."""

    value: Value
    start: int
    end: int


def alike(value: Value) -> tuple[object, ...]:
    """What is one value however it is put: 30 days, up to 30 days and a month; 3 days and 72 hours."""
    bound = "lower" if value.kind == "lower" else "range" if value.kind == "range" else "limit"
    kind = value.kind if value.kind in {"free", "paid"} else bound
    ends = (value.low if kind in {"lower", "range"} else 0.0, 0.0 if kind == "lower" else value.high)
    if value.type == "duration" and not value.business:
        ends = (_calendar(ends[0]), _calendar(ends[1]))
    return (
        value.type,
        value.unit,
        value.role,
        value.per,
        kind,
        *ends,
        value.low if value.type in _POLARITY else 0.0,
        value.text,
        value.business,
    )


def _calendar(hours: float) -> float:
    months = round(hours / MONTH_HOURS)
    return months * MONTH_HOURS if months and abs(hours - months * MONTH_HOURS) <= hours * 0.035 else hours


_SIZES = (("year", 8766.0), ("month", MONTH_HOURS), ("week", 168.0), ("day", 24.0), ("hour", 1.0), ("minute", 1 / 60))
_SIGNS = {"upper": "up to ", "lower": "at least ", "about": "about "}
_BASE_UNITS = {
    "mass": "kg",
    "length": "m",
    "data": "MB",
    "speed": "Mbit/s",
    "volume": "l",
    "power": "kW",
    "temperature": "degrees",
}
_POLARITY = {
    "ability": ("cannot", "can"),
    "need": ("not required", "required"),
    "process": ("only by an agent", "by yourself"),
}
POLAR = frozenset(_POLARITY)
"""Types of which there are two values: yes and no."""


def _words(value: Value) -> str:
    if value.text:
        return value.text
    if value.kind in {"free", "paid"}:
        return value.kind
    if value.type in _POLARITY:
        return _POLARITY[value.type][value.low > 0]
    if value.type == "hours":
        return "-".join(_clock(each) for each in (value.low, value.high) if math.isfinite(each))
    if value.type == "date":
        return _date(value)
    sign = _SIGNS.get(value.kind, "")
    rate = f" per {value.per}" if value.per else ""
    return sign + _amount(value) + rate


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}"


def _date(value: Value) -> str:
    month, day = divmod(int(value.low), 100)
    return f"day {day}" if not month else f"{month:02}-{day:02}"


def _amount(value: Value) -> str:
    ends = [
        each for each in dict.fromkeys((value.low, value.high)) if math.isfinite(each) and (each or value.high == 0)
    ]
    if value.type == "duration":
        name, size = next((each for each in _SIZES if all(_whole(end / each[1]) for end in ends)), ("hour", 1.0))
        if value.business:
            name, size = "business day", 24.0
        plural = "s" if [f"{end / size:.4g}" for end in ends] != ["1"] else ""
        return "-".join(f"{end / size:.4g}" for end in ends) + f" {name}{plural}"
    shown = "-".join(f"{end:.10g}" for end in ends)
    if value.type == "percent":
        return shown + "%"
    return f"{shown} {_BASE_UNITS.get(value.unit, value.unit)}".rstrip()


def _whole(number: float) -> bool:
    return number >= 1 and abs(number - round(number)) < 1e-6
