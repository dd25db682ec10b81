"""Whether two texts ask or tell the same thing, as far as words can tell: a helper, never a verdict."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import fsum, sqrt
from typing import TYPE_CHECKING, NamedTuple

from cs_audit.answers.lexicon import Lexicon, lexicon
from cs_audit.answers.patterns import data, stem
from cs_audit.answers.sentences import bounds
from cs_audit.answers.tokens import Token, tokens

if TYPE_CHECKING:
    from cs_audit.answers.meaning import Encoder

_SIZES = (3, 4)

AGAIN = 0.7
"""How alike two texts of one requester must be to tell the same story."""
FEWEST = 4
"""The fewest words and numbers that say something in a story; all but one of as many must be shared."""
COMPARED = 200
"""The most earlier texts of a requester that a text is compared with: the latest ones."""
_LONGEST, _MEANT = 4_000, 1_000
_SAME_NUMBER, _OTHER_NUMBER, _OTHER_NAME = 1.25, 0.5, 0.7
_FAIRLY = 0.4
"""How alike words must be for the meaning to count."""
_STOPS = frozenset(".!?:…\n")
_NUMBER = re.compile(r"(?<![\w+.,-])(?:[^\W\d_]{1,5}-?)?\d{5,15}(?![\w.,]\d|\w)")
"""Numbers of orders, invoices, accounts: five digits or more, letters before them or not."""


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


def told_again(texts: Sequence[str], words: Lexicon | None = None, same: Encoder | None = None) -> list[int | None]:
    """For each text of one requester, in time order, the index of the earlier text that tells the same story, or None.

    Greeting, signature, courtesies and words about writing are left out. What remains, words and numbers of orders,
    must be four or more on both sides, share three, and be alike by `AGAIN`, where each counts the less the more of
    his other stories have it. A number in common raises the likeness by a quarter, different numbers halve it,
    different names lower it. Of several earlier texts the most alike is given, of equals the first; the latest 200
    earlier ones are looked at. `same` lets the meaning of two texts count as much as their words, where these are
    fairly alike.
    """
    words = words or lexicon()
    found: list[int | None] = []
    usual: Counter[str] = Counter()
    latest: deque[tuple[int, _Story]] = deque(maxlen=COMPARED)
    for index, text in enumerate(texts):
        story = _story(text, words)
        likeness, earlier = max(((_alike(story, other, usual, same), -at) for at, other in latest), default=(0.0, 0))
        found.append(-earlier if likeness >= AGAIN else None)
        if found[-1] is None:
            usual.update(story.words.keys())
        latest.append((index, story))
    return found


class _Story(NamedTuple):
    """The text itself; the weights of its words and numbers that say something, which are numbers, which names."""

    text: str
    words: dict[str, float]
    numbers: frozenset[str]
    names: frozenset[str]


def _story(text: str, words: Lexicon) -> _Story:
    begin, end = bounds(text)
    text = text[begin : min(end, begin + _LONGEST)]
    line = tokens(text, words)
    told = [each for each in _content(line) if each.word.term and stem(each.text) not in _empty()]
    numbers = frozenset(_NUMBER.findall(text.lower()))
    weights = {each.word.term: each.word.weight for each in told}
    return _Story(text, weights | dict.fromkeys(numbers, 1.0), numbers, frozenset(_names(line)) & weights.keys())


def _names(line: list[Token]) -> Iterator[str]:
    """Words with a capital letter within a sentence, unless the lexicon knows them."""
    for before, each in pairwise(line):
        if each.capital and not each.word.known and before.text not in _STOPS:
            yield each.word.term


@cache
def _empty() -> frozenset[str]:
    return frozenset(stem(each.replace("ё", "е")) for each in data("stories")["empty"].split())


def _alike(one: _Story, other: _Story, usual: Counter[str], same: Encoder | None) -> float:
    """The cosine of the two, each word's weight divided by the number of earlier stories that have it."""
    shared = one.words.keys() & other.words.keys()
    if len(shared) < FEWEST - 1 or min(len(one.words), len(other.words)) < FEWEST:
        return 0.0
    sizes = [_dot(each, each, each.words, usual) for each in (one, other)]
    likeness = _dot(one, other, shared, usual) / sqrt(sizes[0] * sizes[1])
    if same and likeness >= _FAIRLY:
        likeness = max(likeness, (likeness + same.likeness(one.text[:_MEANT], other.text[:_MEANT])) / 2)
    return min(likeness * _case(one, other, usual), 1.0)


def _case(one: _Story, other: _Story, usual: Counter[str]) -> float:
    """What numbers of orders and names say for or against the same story."""
    factor = _OTHER_NAME if one.names and other.names and one.names.isdisjoint(other.names) else 1.0
    if one.numbers and other.numbers:
        if any(usual[each] < 2 for each in one.numbers & other.numbers):
            factor *= _SAME_NUMBER
        elif one.numbers.isdisjoint(other.numbers):
            factor *= _OTHER_NUMBER
    return factor


def _dot(one: _Story, other: _Story, terms: Iterable[str], usual: Counter[str]) -> float:
    return fsum(one.words[term] * other.words[term] / max(usual[term], 1) ** 2 for term in terms)
