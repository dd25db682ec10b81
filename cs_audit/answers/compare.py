"""Whether two values of one slot can both be right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from cs_audit.answers.values import Value

NESTED_RATIO = 2.5
"""A range inside a wider one refines it, unless their upper ends are this many times apart."""

_SAME = 0.015
_DAY_TOLERANCE = 0.035
_BUSINESS = 1.45
_CAPACITY = frozenset({"count", "amount", "percent"})
_POLAR = {
    "ability": "one answer says yes, the other no: {a} and {b}",
    "need": "needed in one answer, not in the other: {a} and {b}",
    "process": "to be done by oneself in one answer, by an agent in the other: {a} and {b}",
}
_ONE_OF = {
    "phone": "different phone numbers: {a} and {b}",
    "email": "different e-mail addresses: {a} and {b}",
    "url": "different links: {a} and {b}",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Why two values clash: a message template, the values it names `a` and `b`, how plainly (1: only one is right)."""

    reason: str
    a: Value
    b: Value
    strength: float

    @property
    def fields(self) -> dict[str, str]:
        """The template's named fields, in plain English."""
        return {"a": self.a.words, "b": self.b.words}


@lru_cache(maxsize=1 << 16)
def differ(one: Value, other: Value) -> Difference | None:
    """How two values clash, or None if both can be right. The order of the two changes only the fields' order."""
    if one.type != other.type:
        return _crossed(one, other)
    if one.text or other.text:
        return _said(_ONE_OF[one.type], one, other, 1.0) if one.text != other.text else None
    if one.type in _POLAR:
        return _said(_POLAR[one.type], one, other, 1.0) if one.low != other.low else None
    if {one.kind, other.kind} & {"free", "paid"}:
        return _free(one, other)
    return _interval(one, other) if _comparable(one, other) else None


def _comparable(one: Value, other: Value) -> bool:
    """Whether two values are of one unit and bound the same thing; a bare zero has every currency."""
    if one.role != other.role or (one.per != other.per and one.per and other.per):
        return False
    return one.unit == other.unit or (one.role == "threshold" and "" in {one.unit, other.unit})


def _interval(one: Value, other: Value) -> Difference | None:
    if one.type == "hours":
        return _hours(one, other)
    if one.type == "date":
        return _said("different deadlines: {a} and {b}", one, other, 1.0) if one.low != other.low else None
    return _measured(one, other)


def _said(reason: str, one: Value, other: Value, strength: float) -> Difference:
    return Difference(reason, one, other, strength)


def _crossed(one: Value, other: Value) -> Difference | None:
    """Free of charge against a percentage that is charged."""
    kinds = {one.type, other.type}
    if kinds == {"money", "percent"} and "free" in {one.kind, other.kind}:
        charged = one if one.type == "percent" else other
        return _said("free of charge against a charge: {a} and {b}", one, other, 0.8) if charged.high > 0 else None
    return None


def _free(one: Value, other: Value) -> Difference | None:
    if one.kind == other.kind or "threshold" in {one.role, other.role}:
        return None
    free, charged = (one, other) if one.kind == "free" else (other, one)
    if free.kind != "free" or charged.high <= 0:
        return None
    return _said("free of charge against a charge: {a} and {b}", one, other, 1.0)


def _hours(one: Value, other: Value) -> Difference | None:
    """Times that both answers give must be the same; a time only one of them gives parts nothing."""
    apart = [
        abs(mine - theirs)
        for mine, theirs in ((one.low, other.low), (one.high, other.high))
        if math.isfinite(mine) and math.isfinite(theirs)
    ]
    if one.kind == "exact" != other.kind or other.kind == "exact" != one.kind:
        point, span = (one, other) if one.kind == "exact" else (other, one)
        apart = [abs(point.low - each) for each in (span.low, span.high) if math.isfinite(each)]
        apart = [min(apart)] if apart else []
    if not apart or max(apart) < 15:
        return None
    return _said("different hours: {a} and {b}", one, other, 1.0)


def _measured(one: Value, other: Value) -> Difference | None:
    near, far = sorted((one, other), key=lambda each: (each.high, each.low))
    strength = 0.0
    shape = (_shape(one), _shape(other))
    if shape == ("limit", "limit"):
        ends = [each.low if each.kind == "lower" else each.high for each in (near, far)]
        both_kinds = {near.kind, far.kind}
        if both_kinds == {"lower", "upper"} and near.role != "before":
            return None
        strength = 0.0 if _equal(ends[0], ends[1], near, far) else 1.0
    elif "limit" in shape:
        strength = _limit_and_point(one, other)
    else:
        strength = _spans(near, far)
    if strength and "about" in {one.kind, other.kind} and far.high <= near.high * 1.34:
        return None
    return _said(_reason(one, other), one, other, strength) if strength else None


def _reason(one: Value, other: Value) -> str:
    if "upper" in {one.kind, other.kind} or "lower" in {one.kind, other.kind}:
        return "limits differ: {a} and {b}"
    return "values differ: {a} and {b}"


def _shape(value: Value) -> str:
    """A limit (up to, at least), or a point or range."""
    if value.role in {"before", "threshold"}:
        return "point"
    return "limit" if value.kind in {"upper", "lower"} else "point"


def _limit_and_point(one: Value, other: Value) -> float:
    limit, point = (one, other) if _shape(one) == "limit" else (other, one)
    if limit.kind == "lower":
        return 0.0 if point.low >= limit.low * (1 - _SAME) else 1.0
    if _equal(point.high, limit.high, point, limit):
        return 0.0
    if point.low > limit.high:
        return 1.0
    if limit.type in _CAPACITY and point.low == point.high and limit.type != "percent":
        return 1.0
    if point.high > limit.high:
        return 0.8 if point.high >= limit.high * NESTED_RATIO else 0.0
    return 0.9 if limit.high >= point.high * NESTED_RATIO else 0.0


def _spans(near: Value, far: Value) -> float:
    if _equal(near.low, far.low, near, far) and _equal(near.high, far.high, near, far):
        return 0.0
    nested = far.low <= near.low * (1 + _SAME) and near.high <= far.high
    inside = near.low <= far.low and far.high <= near.high * (1 + _SAME)
    if nested or inside:
        return 0.9 if far.high >= near.high * NESTED_RATIO else 0.0
    if near.high < far.low:
        return 0.0 if _equal(near.high, far.low, near, far) else 1.0
    return 0.7 if far.high >= near.high * 1.5 else 0.0


def _equal(mine: float, theirs: float, one: Value, other: Value) -> bool:
    """Equal but for rounding, the lengths of months, and working days counted as days of the calendar."""
    if mine == theirs:
        return True
    if not (math.isfinite(mine) and math.isfinite(theirs)) or one.type != "duration":
        return math.isfinite(mine) and math.isfinite(theirs) and abs(mine - theirs) <= 1e-9
    low, high = sorted((mine, theirs))
    if one.business != other.business:
        worked, plain = (mine, theirs) if one.business else (theirs, mine)
        return worked * (1 - _SAME) <= plain <= worked * _BUSINESS + 1
    tolerance = _DAY_TOLERANCE if high >= 600 else _SAME
    return high - low <= high * tolerance
