"""Numbers with their units: durations, money, percent, weights, counts, in English and Russian."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cs_audit.answers.bounds import kind_of, rate_of, role_of
from cs_audit.answers.numerals import number, with_half
from cs_audit.answers.tokens import Token
from cs_audit.answers.values import Found, Value

_DASHES = frozenset("-–—−")
_JOINS = _DASHES | {"to", "до", "or", "или"}
_OR = frozenset({"or", "или"})
_BETWEEN = _JOINS | {"and", "и"}
_UNCOUNTED = frozenset({"stop", "negative"})
_PARTICIPLES = ("но", "ена", "ены", "ано", "ана", "аны", "ed")
_SKIPPED = frozenset({"business", "plain"})
_EXACT_ONE = frozenset({"a", "an", "one", "один", "одного", "одну", "одна"})
_ARTICLES = frozenset({"a", "an", "of"})
_NEXT = frozenset({"next", "следующий"})
_BARE_LEADS = frozenset(
    {"within", "через", "за", "на", "in", "for", "every", "каждый", "каждую", "раз", "течение", "свыше"}
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A number's unit: the value's type and unit, how many base units one is, where the words end."""

    type: str
    unit: str
    size: float
    end: int
    business: bool = False


def measures(tokens: list[Token]) -> list[tuple[Found, int, int]]:
    """Every measured value with the first and last of its tokens."""
    found: list[tuple[Found, int, int]] = []
    index = 0
    while index < len(tokens):
        result = _at(tokens, index) if tokens[index].numeric or tokens[index].word.number is not None else None
        result = result or _bare(tokens, index)
        if result is None:
            index += 1
            continue
        found.append(result)
        index = max(result[2], index) + 1
    return found


def _at(tokens: list[Token], first: int) -> tuple[Found, int, int] | None:
    """The value whose number begins at token `first`, if it measures something."""
    one = number(tokens, first)
    if one is None:
        return None
    low, index = one
    currency = tokens[first - 1].word.currency if first else ""
    near = None if currency else _unit(tokens, index)
    after = near.end if near else index
    high, far = low, near
    second = _second(tokens, after, first, near)
    if second is not None:
        high, index = second
        far = _unit(tokens, index) or near
        after = max(index, far.end if far else 0)
    if currency:
        near = far = Measured("money", currency, 1, _skip_currency(tokens, after))
    if far is None and _countable(low, tokens, first):
        far = _count(tokens, index)
    if far is None:
        return None
    ends = sorted((low * (near or far).size, high * far.size))
    return _result(tokens, first - bool(currency), far, (ends[0], ends[1]), ranged=ends[0] != ends[1])


def _countable(amount: float, tokens: list[Token], first: int) -> bool:
    """Whether a number without a unit can count things: no fraction, no name, no year, no bare `one`."""
    year = tokens[first].numeric and len(tokens[first].text) == 4 and 1990 <= amount <= 2039
    return amount == int(amount) and not year and not _named(tokens, first) and tokens[first].word.number != 1


def _named(tokens: list[Token], first: int) -> bool:
    """Whether the number names something: `ticket 4821`, `Re: 4821`, `№ 4821`."""
    near = [each for each in tokens[max(first - 2, 0) : first] if each.text not in {":", ".", "-", "–", "—"}][-1:]
    return bool(near) and ("identifier" in near[0].word.marks or near[0].text in {"#", "№"})


def _skip_currency(tokens: list[Token], index: int) -> int:
    return index + 1 if index < len(tokens) and tokens[index].word.currency else index


def _second(tokens: list[Token], index: int, first: int, near: Measured | None) -> tuple[float, int] | None:
    """The far end of a range, and the index after it; `near` is the unit the near end had (3 days to 2 weeks)."""
    joins = _BETWEEN if _between(tokens, first) else _JOINS
    if index + 1 >= len(tokens) or tokens[index].text not in joins:
        return None
    start = index + 1 + bool(tokens[index + 1].word.currency)
    far = number(tokens, start)
    if far is None or near is None:
        return far
    if tokens[index].text in _OR or (unit := _unit(tokens, far[1])) is None:
        return None
    return far if (unit.type, unit.unit) == (near.type, near.unit) else None


def _between(tokens: list[Token], first: int) -> bool:
    return any("between" in each.word.marks for each in tokens[max(first - 2, 0) : first])


def _unit(tokens: list[Token], index: int) -> Measured | None:
    business = False
    for place in range(index, min(index + 4, len(tokens))):
        token = tokens[place]
        word = token.word
        if word.currency and not (token.text == "р" and place > index):
            return Measured("money", word.currency, 1, _past_dot(tokens, place + 1))
        if word.unit:
            return _measured(word.unit.dimension, word.unit.size, place + 1, business=business)
        if word.marks & _SKIPPED:
            business = business or "business" in word.marks
        elif not (token.text in {"-", "+"} and place == index) and token.text not in _ARTICLES:
            return None
    return None


def _past_dot(tokens: list[Token], index: int) -> int:
    """Past the full stop of an abbreviation (`500 руб. в месяц`)."""
    return index + 1 if index + 1 < len(tokens) and tokens[index].text == "." else index


def _measured(dimension: str, size: float, end: int, *, business: bool) -> Measured:
    if dimension == "time":
        return Measured("duration", "time", size, end, business)
    if dimension == "percent":
        return Measured("percent", "", 1, end)
    return Measured("amount", dimension, size, end)


def _count(tokens: list[Token], index: int) -> Measured | None:
    """The thing counted: the first noun after the number, past one adjective."""
    for place in range(index, min(index + 3, len(tokens))):
        token, word = tokens[place], tokens[place].word
        if not token.text[0].isalpha() or word.marks & _UNCOUNTED or word.month or word.number is not None:
            return None
        if place == index and (token.text.endswith(("ых", "их")) or word.marks & _SKIPPED or "free" in word.marks):
            continue
        if word.term and not token.text.endswith(_PARTICIPLES):
            last = _head(tokens, place)
            return Measured("count", tokens[last].word.term, 1, last + 1)
        thing = "time" if token.text.startswith(("раз", "times")) else "person"
        return Measured("count", thing, 1, place + 1) if "countable" in word.marks else None
    return None


def _head(tokens: list[Token], place: int) -> int:
    """English puts the noun that is counted last: `1,000 API calls`."""
    while place + 1 < len(tokens) and tokens[place].text.isascii() and tokens[place + 1].word.weight == 1:
        place += 1
    return place


def _bare(tokens: list[Token], index: int) -> tuple[Found, int, int] | None:
    """A unit without a number, which means one: `within a week`, `в течение месяца`, `полгода`."""
    unit = tokens[index].word.unit
    if not unit or unit.dimension != "time":
        return None
    lead = tokens[index - 1].text if index else ""
    counted = lead in _EXACT_ONE and not (lead in _ARTICLES and index > 1 and _rate_lead(tokens[index - 2]))
    alone = lead in _BARE_LEADS or (lead in _NEXT and unit.name == "day") or unit.name.startswith("half_")
    if not (counted or alone):
        return None
    count, end = with_half(tokens, 1.0, index + 1)
    hours = unit.size * count
    return _result(tokens, index - counted, Measured("duration", "time", unit.size, end), (hours, hours), ranged=False)


def _rate_lead(token: Token) -> bool:
    word = token.word
    return bool(word.currency or token.numeric or word.unit or word.number or word.weight == 1)


def _result(
    tokens: list[Token], begin: int, unit: Measured, ends: tuple[float, float], *, ranged: bool
) -> tuple[Found, int, int]:
    """The value from token `begin` on whose ends are already in base units."""
    per, end = rate_of(tokens, unit.end)
    role = role_of(tokens, begin, end, unit.size) if unit.type == "duration" else ""
    kind = "range" if ranged else "exact" if role == "before" else kind_of(tokens, begin, unit.end)
    low = 0.0 if kind == "upper" else ends[0]
    high = math.inf if kind == "lower" else ends[1]
    value = Value(unit.type, unit.unit, low, high, kind, role, per, "", unit.business)
    return Found(value, tokens[begin].start, tokens[end - 1].end), begin, end - 1
