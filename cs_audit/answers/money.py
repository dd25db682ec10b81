"""What is free, what is paid without saying how much, and from which sum on."""

from __future__ import annotations

import math

from cs_audit.answers.propositions import denied
from cs_audit.answers.segments import Range
from cs_audit.answers.tokens import Token
from cs_audit.answers.values import Found, Value

FREE = Value("money", "", 0.0, 0.0, "free")
PAID = Value("money", "", 0.0, math.inf, "paid")
_NO_MINIMUM = Value("money", "", 0.0, 0.0, "exact", "threshold")
_NOTFREE_ITSELF = frozenset({"trial", "plan", "tier", "account", "version", "to", "time", "период", "тариф", "пробный"})


def charges(line: list[Token], cut: list[Range], found: list[Found]) -> list[Found]:
    """`found` with statements of being free or paid added, and sums that make something free as thresholds."""
    free = [index for index in range(len(line)) if _free(line, index)]
    sums = [each for each in found if each.value.type == "money"]
    if free and sums:
        return [_threshold(each, line) for each in found]
    if free:
        value = _NO_MINIMUM if any("zero_minimum" in each.word.marks for each in line) else FREE
        found = [*found, *(Found(value, line[index].start, line[index].end) for index in free[:1])]
    elif not sums:
        found = [*found, *_waived(line, cut)]
    if not free and not sums and (paid := next((each for each in line if "paid" in each.word.marks), None)):
        found = [*found, Found(PAID, paid.start, paid.end)]
    return sorted(found, key=lambda each: (each.start, each.end))


def _free(line: list[Token], index: int) -> bool:
    if "free" not in line[index].word.marks or (index and line[index - 1].text in {"feel", "не", "not"}):
        return False
    following = line[index + 1].text if index + 1 < len(line) else ""
    return following not in _NOTFREE_ITSELF


def _threshold(each: Found, line: list[Token]) -> Found:
    """`free from 3000`: the sum is not the price."""
    if each.value.type != "money" or each.value.per:
        return each
    text = {token.text for token in line if token.end <= each.start}
    if each.value.kind == "lower" or text & {
        "от",
        "from",
        "over",
        "above",
        "заказе",
        "orders",
        "order",
        "свыше",
        "purchases",
    }:
        value = each.value._replace(role="threshold", low=_bound(each.value), high=_bound(each.value), kind="exact")
        return each._replace(value=value)
    return each


def _bound(value: Value) -> float:
    return value.low if math.isfinite(value.high) is False or value.kind == "lower" else value.high


def _waived(line: list[Token], cut: list[Range]) -> list[Found]:
    """`no fee is charged`, `комиссия не взимается`."""
    for begin, end in cut:
        part = line[begin:end]
        charge = next((each for each in part if "no_charge_object" in each.word.marks), None)
        if charge is not None and denied(part):
            return [Found(FREE, part[0].start, part[-1].end)]
    return []
