"""Amounts as they are written: digits with separators, words, thousands, halves."""

from __future__ import annotations

from cs_audit.answers.tokens import Token

_SUFFIXES = frozenset({"х", "ти", "ть", "и", "мя", "ми"})
_HALVES = (("and", "a", "half"), ("с", "половиной"), ("и", "половина"))


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
    amount, index = with_half(tokens, amount, index)
    if index < len(tokens) and tokens[index].word.scale:
        amount *= tokens[index].word.scale
        index += 1
        if index < len(tokens) and tokens[index].text == "." and index + 1 < len(tokens):
            index += 1
    return amount, index


def with_half(tokens: list[Token], amount: float, index: int) -> tuple[float, int]:
    """`2 and a half hours`, `2 с половиной часа`."""
    for half in _HALVES:
        if tuple(each.text for each in tokens[index : index + len(half)]) == half:
            return amount + 0.5, index + len(half)
    return amount, index


def digits(text: str) -> float | None:
    """A number as written: `1,240.50`, `1.240,50`, `12 000` (one token each), `3,5`; None if it is no amount."""
    if ":" in text or (text.count(".") > 1 and text.count(",") < 1):
        return None
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return float(text) if len(text) <= 12 else None
    whole, rest = text[:last], text[last + 1 :]
    if len(rest) == 3 and whole != "0":
        return float(whole.replace(".", "").replace(",", "") + rest)
    return float(whole.replace(".", "").replace(",", "") + "." + rest)
