"""Numbers with their units: durations, money, percent, weights, counts, in English and Russian."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cs_audit.answers.tokens import Token
from cs_audit.answers.values import MONTH_HOURS, Found, Value

_DASHES = frozenset("-–—−")
_JOINS = _DASHES | {"to", "до", "or", "или"}
_BETWEEN = _JOINS | {"and", "и"}
_SUFFIXES = frozenset({"х", "ти", "ть", "и", "мя", "ми"})
_ORDINALS = frozenset({"st", "nd", "rd", "th", "го", "й", "я", "ый", "ой", "му", "е"})
_STOPS = frozenset(".;:!?()…\n,")
_UNCOUNTED = frozenset({"stop", "negative"})
_PARTICIPLES = ("но", "ена", "ены", "ано", "ана", "аны", "ed")
_SKIPPED = frozenset({"business", "plain"})
_EXACT_ONE = frozenset({"a", "an", "one", "один", "одного", "одну", "одна"})
_AFTER = frozenset({"after", "после", "спустя"})
_OR_MORE = frozenset({"or more", "and above", "and more", "и более", "и выше", "и больше", "или более", "or above"})
_OR_LESS = frozenset({"or less", "or fewer", "и менее", "или меньше", "и меньше"})
_ARTICLES = frozenset({"a", "an", "of"})
_HALVES = (("and", "a", "half"), ("с", "половиной"), ("и", "половина"))
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


def number(tokens: list[Token], index: int) -> tuple[float, int] | None:
    """The amount that begins at a token, and the index after it; None for dates, times and ordinals."""
    if index >= len(tokens):
        return None
    token = tokens[index]
    if not token.numeric:
        value = token.word.number
        return None if value is None else _scaled(tokens, value, index + 1)
    amount = digits(token.text)
    if amount is None:
        return None
    index += 1
    if amount < 1000 and "." not in token.text:
        while index < len(tokens) and _continues(tokens[index - 1], tokens[index]):
            amount = amount * 1000 + float(tokens[index].text)
            index += 1
    if index + 1 < len(tokens) and tokens[index].text == "-" and tokens[index + 1].text in _SUFFIXES:
        index += 2
    return _scaled(tokens, amount, index)


def _continues(last: Token, token: Token) -> bool:
    return len(token.text) == 3 and token.text.isdigit() and token.start == last.end + 1


def _scaled(tokens: list[Token], amount: float, index: int) -> tuple[float, int]:
    amount, index = _with_half(tokens, amount, index)
    if index < len(tokens) and tokens[index].word.scale:
        amount *= tokens[index].word.scale
        index += 1
        if index < len(tokens) and tokens[index].text == "." and index + 1 < len(tokens):
            index += 1
    return amount, index


def _with_half(tokens: list[Token], amount: float, index: int) -> tuple[float, int]:
    """`2 and a half hours`, `2 с половиной часа`."""
    for half in _HALVES:
        if tuple(each.text for each in tokens[index : index + len(half)]) == half:
            return amount + 0.5, index + len(half)
    return amount, index


def digits(text: str) -> float | None:
    """A number as written: `1,240.50`, `1.240,50`, `12 000` (one token each), `3,5`; None if it is no amount."""
    if ":" in text or text.count(".") > 1 and text.count(",") < 1:
        return None
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return float(text) if len(text) <= 12 else None
    whole, rest = text[:last], text[last + 1 :]
    if len(rest) == 3 and whole != "0":
        return float(whole.replace(".", "").replace(",", "") + rest)
    return float(whole.replace(".", "").replace(",", "") + "." + rest)


def _at(tokens: list[Token], first: int) -> tuple[Found, int, int] | None:
    one = number(tokens, first)
    if one is None:
        return None
    low, index = one
    high = low
    begin = first
    currency = tokens[first - 1].word.currency if first and tokens[first - 1].word.currency else ""
    if currency and tokens[first - 1].end <= tokens[first].start:
        begin = first - 1
    unit = None if currency else _unit(tokens, index)
    after = unit.end if unit else index
    second = _second(tokens, after, begin, spoken=unit is not None)
    if second is not None:
        high, index = second[0], second[1]
        unit = _unit(tokens, index) or unit
        after = max(index, unit.end if unit else 0)
    if currency:
        unit = Measured("money", currency, 1, _skip_currency(tokens, after))
    named = _named(tokens, first)
    unit = unit or (None if named or low != int(low) else _count(tokens, index))
    if unit is None or (tokens[first].word.number == 1 and unit.type == "count"):
        return None
    return _result(tokens, begin, unit, (min(low, high) * unit.size, max(low, high) * unit.size), ranged=high != low)


def _named(tokens: list[Token], first: int) -> bool:
    """Whether the number names something: `ticket 4821`, `Re: 4821`, `№ 4821`."""
    near = [each for each in tokens[max(first - 2, 0) : first] if each.text not in {":", ".", "-", "–", "—"}][-1:]
    return bool(near) and ("identifier" in near[0].word.marks or near[0].text in {"#", "№"})


def _skip_currency(tokens: list[Token], index: int) -> int:
    return index + 1 if index < len(tokens) and tokens[index].word.currency else index


def _second(tokens: list[Token], index: int, begin: int, *, spoken: bool) -> tuple[float, int] | None:
    """The far end of a range, and the index after it. `spoken`: the near end had its unit (3 days to 5 days)."""
    if index + 1 >= len(tokens):
        return None
    between = begin and "between" in tokens[begin - 1].word.marks
    if tokens[index].text not in (_BETWEEN if between else _JOINS):
        return None
    start = index + 1
    if tokens[start].word.currency:
        start += 1
    far = number(tokens, start)
    if far is None:
        return None
    if spoken and tokens[index].text in {"or", "или"}:
        return None
    if spoken and (unit := _unit(tokens, far[1])) is None and not tokens[start - 1].word.currency:
        return None
    if spoken and unit is not None and (near := _unit_before(tokens, index)) and near.dimension != _dimension(unit):
        return None
    return far


def _unit_before(tokens: list[Token], index: int):  # type: ignore[no-untyped-def]
    return tokens[index - 1].word.unit


def _dimension(unit: Measured) -> str:
    return {"duration": "time", "percent": "percent"}.get(unit.type, unit.unit)


def _unit(tokens: list[Token], index: int) -> Measured | None:
    business = False
    for place in range(index, min(index + 4, len(tokens))):
        token = tokens[place]
        word = token.word
        if word.currency and not (token.text == "р" and place > index):
            return Measured("money", word.currency, 1, place + 1)
        if word.unit:
            return _measured(word.unit.dimension, word.unit.size, place + 1, business=business)
        if word.marks & _SKIPPED:
            business = business or "business" in word.marks
        elif not (token.text in {"-", "+"} and place == index) and token.text not in _ARTICLES:
            return None
    return None


def _measured(dimension: str, size: float, end: int, *, business: bool) -> Measured:
    if dimension == "time":
        return Measured("duration", "time", size, end, business)
    if dimension == "percent":
        return Measured("percent", "", 1, end)
    return Measured("amount", dimension, size, end)


def _count(tokens: list[Token], index: int) -> Measured | None:
    """The thing counted: the first noun after the number, past one adjective."""
    for place in range(index, min(index + 3, len(tokens))):
        token = tokens[place]
        word = token.word
        if not token.text[0].isalpha() or word.marks & _UNCOUNTED or word.month or word.number is not None:
            return None
        if place == index and (token.text.endswith(("ых", "их")) or "free" in word.marks or word.marks & _SKIPPED):
            continue
        if place == index and word.cases and not word.term:
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
    word = tokens[index].word
    if not word.unit or word.unit.dimension != "time":
        return None
    lead = tokens[index - 1].text if index else ""
    if lead in _EXACT_ONE:
        begin = index - 1
        if tokens[index - 1].text in {"a", "an"} and begin and _rate_lead(tokens[begin - 1]):
            return None
    elif lead in _BARE_LEADS or (lead in _NEXT and word.unit.name == "day") or word.unit.name.startswith("half_"):
        begin = index
    else:
        return None
    count, end = _with_half(tokens, 1.0, index + 1)
    unit = Measured("duration", "time", word.unit.size * count, end)
    return _result(tokens, begin, unit, (unit.size, unit.size), ranged=False)


def _rate_lead(token: Token) -> bool:
    word = token.word
    return bool(word.currency or token.numeric or word.unit or word.number or word.weight == 1)


def _result(
    tokens: list[Token], begin: int, unit: Measured, ends: tuple[float, float], *, ranged: bool
) -> tuple[Found, int, int]:
    kind, role = _put(tokens, begin, unit.end)
    low, high = ends
    if ranged:
        kind = "range"
    elif kind == "upper":
        low = 0.0
    elif kind == "lower":
        high = math.inf
    per, end = _per(tokens, unit.end)
    role = _age(tokens, begin, end, unit) or role or _role_after(tokens, end, unit) or _role_ahead(tokens, begin, unit)
    if role == "before" and not ranged:
        low, high, kind = ends[0], ends[1], "exact"
    value = Value(unit.type, unit.unit, low, high, kind, role, per, "", unit.business)
    return Found(value, tokens[begin].start, tokens[end - 1].end), begin, end - 1


def _put(tokens: list[Token], begin: int, end: int) -> tuple[str, str]:
    """How the value is bounded, by the words just before and after it."""
    kind, role = "exact", ""
    for place in range(begin - 1, max(begin - 4, -1), -1):
        token = tokens[place]
        if token.text in _STOPS or token.numeric:
            break
        marks = token.word.marks
        if kind == "exact":
            kind = next((each for each in ("upper", "lower", "about") if each in marks), kind)
        if token.text in _AFTER and place == begin - 1:
            role = "" if place and tokens[place - 1].word.term == "expire" else "after"
        elif token.text == "за" and kind == "exact":
            kind = "upper"
        elif "every" in marks and place == begin - 1:
            role = "every"
        if not marks & {"stop", "weak", "upper", "lower", "about", "business"}:
            break
    follow = " ".join(token.text for token in tokens[end : end + 2])
    if follow in _OR_MORE or any(each.text == "+" for each in tokens[begin + 1 : begin + 3]):
        kind = "lower"
    elif follow in _OR_LESS or follow.startswith(("maximum", "максимум")):
        kind = "upper"
    return kind, role


def _per(tokens: list[Token], index: int) -> tuple[str, int]:
    """What a rate refers to, and the index after it."""
    if index >= len(tokens):
        return "", index
    token = tokens[index]
    if token.text in {"monthly", "ежемесячно"}:
        return "month", index + 1
    if token.text in {"annually", "yearly", "ежегодно"}:
        return "year", index + 1
    if "per" in token.word.marks and index + 1 < len(tokens):
        base = tokens[index + 1]
        if base.word.unit and token.text != "за":
            return base.word.unit.name, index + 2
        if base.word.unit and base.word.unit.name in {"month", "year", "day", "week", "hour"}:
            return base.word.unit.name, index + 2
        if token.text in {"per", "/", "за"} and base.text[0].isalpha() and "stop" not in base.word.marks:
            return _base(base), index + 2
        if token.text in {"a", "an"} and base.text in {"night", "person", "ride", "trip", "bag"}:
            return base.text, index + 2
    return "", index


_BASES = {
    "человека": "person", "персону": "person", "гостя": "person", "ночь": "night", "сутки": "day", "passenger": "person",
}  # fmt: skip


def _base(token: Token) -> str:
    return _BASES.get(token.text, token.text[:8])


def _role_after(tokens: list[Token], index: int, unit: Measured) -> str:
    """Whether the duration is counted back from an event: `48 hours before arrival`, `за 24 часа до вылета`."""
    if unit.type != "duration":
        return ""
    for token in tokens[index : index + 3]:
        if token.text in _STOPS:
            break
        if "before" in token.word.marks or (token.text == "до" and token.end < tokens[-1].end):
            return "before"
        if token.text in {"notice", "advance"}:
            return "before"
    return ""


def _role_ahead(tokens: list[Token], begin: int, unit: Measured) -> str:
    """`предупредите минимум за 12 часов`, `notify us at least 12 hours`."""
    near = tokens[max(begin - 5, 0) : begin]
    warned = any("before" in token.word.marks and token.text != "before" for token in near)
    return "before" if unit.type == "duration" and warned and near[-1].text in {"за", "least", "minimum"} else ""


def _age(tokens: list[Token], begin: int, end: int, unit: Measured) -> str:
    """Years of somebody's age say whose case it is, not how long something takes."""
    if unit.type != "duration" or unit.size < MONTH_HOURS:
        return ""
    near = tokens[max(begin - 3, 0) : begin]
    follow = tokens[end].text if end < len(tokens) else ""
    aged = any(("customer", "child") in token.word.cases or token.text in {"aged", "age", "возрасте"} for token in near)
    return "age" if aged or follow in {"old", "older", "возраста", "age"} else ""
