"""Whether two requesters ask the same thing, as far as words can tell: a helper, never a verdict."""

from __future__ import annotations

from collections import Counter
from math import sqrt

from cs_audit.answers.lexicon import Lexicon, lexicon
from cs_audit.answers.tokens import Token, tokens

_SIZES = (3, 4)


def same_question(a: str, b: str, words: Lexicon | None = None) -> float:
    """How alike two questions are, 0 to 1: half by topics, half by runs of letters of the words that say something."""
    words = words or lexicon()
    one, other = (_content(tokens(text, words)) for text in (a, b))
    return (_cosine(_topics(one), _topics(other)) + _cosine(_grams(one), _grams(other))) / 2


def _content(line: list[Token]) -> list[Token]:
    return [each for each in line if each.text[0].isalpha() and "stop" not in each.word.marks]


def _topics(line: list[Token]) -> Counter[str]:
    return Counter(each.word.term or each.text[:5] for each in line)


def _grams(line: list[Token]) -> Counter[str]:
    padded = (f" {each.text} " for each in line)
    return Counter(text[at : at + size] for text in padded for size in _SIZES for at in range(len(text) - size + 1))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[key] for key, count in one.items() if key in other)
    norm = sqrt(sum(each * each for each in one.values()) * sum(each * each for each in other.values()))
    return shared / norm if norm else 0.0
