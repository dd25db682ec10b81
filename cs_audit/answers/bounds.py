"""The words around a measured value: how it is bounded, what it bounds, what a rate refers to."""

from __future__ import annotations

from cs_audit.answers.tokens import Token
from cs_audit.answers.values import MONTH_HOURS

_STOPS = frozenset(".;:!?()…\n,")
_AFTER = frozenset({"after", "после", "спустя"})
_PASSED_OVER = frozenset({"stop", "weak", "upper", "lower", "about", "business"})
_OR_MORE = frozenset({"or more", "and above", "and more", "и более", "и выше", "и больше", "или более", "or above"})
_OR_LESS = frozenset({"or less", "or fewer", "и менее", "или меньше", "и меньше"})
_NOTICE = frozenset({"notice", "advance"})
_WARNING = frozenset({"за", "least", "minimum"})
_AGED = frozenset({"aged", "age", "возрасте"})
_OLD = frozenset({"old", "older", "возраста", "age"})
_RATES = {"monthly": "month", "ежемесячно": "month", "annually": "year", "yearly": "year", "ежегодно": "year"}
_BASES = {
    "человека": "person", "персону": "person", "гостя": "person", "passenger": "person", "ночь": "night",
    "сутки": "day",
}  # fmt: skip
_PLAIN_BASES = frozenset({"night", "person", "ride", "trip", "bag"})


def kind_of(tokens: list[Token], begin: int, end: int) -> str:
    """How a value from token `begin` up to `end` is put: exact, upper, lower or about."""
    follow = " ".join(token.text for token in tokens[end : end + 2])
    if follow in _OR_MORE or any(each.text == "+" for each in tokens[begin + 1 : begin + 3]):
        return "lower"
    if follow in _OR_LESS or follow.startswith(("maximum", "максимум")):
        return "upper"
    for token in _ahead(tokens, begin):
        found = next((each for each in ("upper", "lower", "about") if each in token.word.marks), "")
        if found or token.text == "за":
            return found or "upper"
    return "exact"


def _ahead(tokens: list[Token], begin: int) -> list[Token]:
    """The words before a value that may bound it, the nearest first."""
    found = []
    for token in reversed(tokens[max(begin - 3, 0) : begin]):
        if token.text in _STOPS or token.numeric:
            break
        found.append(token)
        if not token.word.marks & _PASSED_OVER:
            break
    return found


def role_of(tokens: list[Token], begin: int, end: int, size: float) -> str:
    """What a duration from token `begin` up to `end` bounds: an age, the time before or after an event, a rhythm.

    `size` is its unit in hours. "" is an ordinary duration.
    """
    lead = tokens[begin - 1] if begin else None
    if size >= MONTH_HOURS and _age(tokens, begin, end):
        return "age"
    if lead and lead.text in _AFTER:
        return "" if begin > 1 and tokens[begin - 2].word.term == "expire" else "after"
    if lead and "every" in lead.word.marks:
        return "every"
    return "before" if _before(tokens, end) or _warned(tokens, begin) else ""


def _age(tokens: list[Token], begin: int, end: int) -> bool:
    """Years of somebody's age say whose case it is, not how long something takes."""
    near = tokens[max(begin - 3, 0) : begin]
    if any(("customer", "child") in token.word.cases or token.text in _AGED for token in near):
        return True
    return end < len(tokens) and tokens[end].text in _OLD


def _before(tokens: list[Token], end: int) -> bool:
    """`48 hours before arrival`, `за 24 часа до вылета`, `2 days notice`."""
    for token in tokens[end : end + 3]:
        if token.text in _STOPS:
            return False
        if "before" in token.word.marks or token.text in _NOTICE or (token.text == "до" and token is not tokens[-1]):
            return True
    return False


def _warned(tokens: list[Token], begin: int) -> bool:
    """`предупредите минимум за 12 часов`, `notify us at least 12 hours`."""
    near = tokens[max(begin - 8, 0) : begin]
    return (
        bool(near)
        and near[-1].text in _WARNING
        and any("before" in token.word.marks and token.text != "before" for token in near)
    )


def rate_of(tokens: list[Token], index: int) -> tuple[str, int]:
    """What a rate refers to (`per month`, `в сутки`, `a night`), and the index after it; "" if it is none."""
    if index < len(tokens) and tokens[index].text in _RATES:
        return _RATES[tokens[index].text], index + 1
    if index + 1 >= len(tokens) or "per" not in tokens[index].word.marks:
        return "", index
    lead, base = tokens[index], tokens[index + 1]
    if base.word.unit:
        return base.word.unit.name, index + 2
    if lead.text in {"per", "/", "за"} and base.text[0].isalpha() and "stop" not in base.word.marks:
        return _BASES.get(base.text, base.text[:8]), index + 2
    if lead.text in {"a", "an"} and base.text in _PLAIN_BASES:
        return base.text, index + 2
    return "", index
