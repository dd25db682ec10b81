"""Numbers that are others each time: of orders, of single sums. They say what happened to one requester, and no rule.

Sentences that differ by such numbers alone are read once for all of them, so that the work grows with what is said,
not with how often it is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import polars as pl

from cs_audit.answers.lexicon import Lexicon
from cs_audit.answers.reading import Fact, Reading, read
from cs_audit.answers.sentences import sentences
from cs_audit.answers.values import POLAR, Value

MANY, LEADING = 6, 0.3
"""A value varies if there are more than so many of it, and none makes up so large a share."""

_NUMBER = r"\d+(?:[.,:]\d+)*"
_FIND = re.compile(_NUMBER)
_DIGIT = re.compile(r"\d")
_BLANK = "0"
_AT_ONCE = 20_000
_KEPT = 1 << 12
_OWN_CASE = frozenset({"own_case"})

Usual = tuple[str | None, ...]


@dataclass(frozen=True)
class Reader:
    """Reads the sentences of one corpus.

    `usual` has, by the sentence with a blank for each number, the value met most often of each number that varies,
    None for each that does not.
    """

    lexicon: Lexicon
    usual: Mapping[str, Usual] = field(default_factory=dict)
    kept: dict[str, Reading | None] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, sentence: str, *, whole: bool = True) -> Reading:
        """The reading of a sentence (see `read`), without the values that its varying numbers make."""
        usual = self.usual.get(_FIND.sub(_BLANK, sentence)) if self.usual and _DIGIT.search(sentence) else None
        filled = self._filled(sentence, usual) if usual else None
        return filled or read(sentence, self.lexicon, whole=whole)

    def _filled(self, sentence: str, usual: Usual) -> Reading | None:
        """What the sentence says with the usual numbers, at the places where this one says it."""
        numbers = [match.span() for match in _FIND.finditer(sentence)]
        varying = [(*span, value) for span, value in zip(numbers, usual, strict=True) if value is not None]
        typical, spans, end = "", [], 0
        for start, stop, value in varying:
            typical += sentence[end:start] + value
            spans.append((len(typical) - len(value), len(typical)))
            end = stop
        reading = self._shared(typical + sentence[end:], spans)
        if reading is None or not reading.facts:
            return reading
        shifts = [
            (span[0], stop - start - len(value)) for span, (start, stop, value) in zip(spans, varying, strict=True)
        ]
        return replace(reading, facts=tuple(_moved(each, shifts) for each in reading.facts))

    def _shared(self, typical: str, varying: list[tuple[int, int]]) -> Reading | None:
        if typical not in self.kept:
            if len(self.kept) >= _KEPT:
                self.kept.clear()
            self.kept[typical] = _without(typical, varying, self.lexicon)
        return self.kept[typical]


def _moved(fact: Fact, shifts: list[tuple[int, int]]) -> Fact:
    start, end = (place + sum(by for begin, by in shifts if begin < place) for place in (fact.start, fact.end))
    return replace(fact, start=start, end=end)


def _without(typical: str, varying: list[tuple[int, int]], lexicon: Lexicon) -> Reading | None:
    """The reading of a sentence without the values of its varying numbers; where one measures nothing, it is the
    number of an order, and the sentence speaks of one case.

    None where such a value is all that is said: `5 days` may be a rule, of what was asked.
    """
    reading = read(typical, lexicon)
    dropped = [each for each in reading.facts if each.value.type not in POLAR and _touches(each, varying)]
    if any(sum(each.said.terms.values()) < 1 for each in dropped):
        return None
    values = frozenset(each.value for each in dropped)
    named = not reading.whole.names.isdisjoint("#" + typical[start:stop] for start, stop in varying)
    own = _OWN_CASE if named else frozenset[str]()
    return replace(reading, facts=tuple(_changed(each, values, own) for each in reading.facts if each not in dropped))


def _changed(fact: Fact, values: frozenset[Value], own: frozenset[str]) -> Fact:
    said = fact.said
    return replace(fact, said=replace(said, quantities=said.quantities - values, marks=said.marks | own))


def _touches(fact: Fact, spans: list[tuple[int, int]]) -> bool:
    return any(fact.start < stop and start < fact.end for start, stop in spans)


def reader(texts: Iterable[str], lexicon: Lexicon) -> Reader:
    """The reader of a corpus: `texts` are all that is read there, with every repetition, in any order."""
    counted = [_counted(part) for part in _parts(texts)]
    return Reader(lexicon, _usual(*map(pl.concat, zip(*counted, strict=True))) if counted else {})


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    found = (sentence for text in texts for _, sentence in sentences(text) if _DIGIT.search(sentence))
    while part := list(islice(found, _AT_ONCE)):
        yield part


def _counted(part: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How often each number of each sentence, its numbers blank, had which value; and the sentences, by `blank`."""
    said = pl.DataFrame({"said": part}).select(
        pl.col("said").str.replace_all(_NUMBER, _BLANK), number=pl.col("said").str.extract_all(_NUMBER)
    )
    said = said.with_columns(blank=pl.col("said").hash(0), slot=pl.int_ranges(pl.col("number").list.len()))
    slots = said.drop("said").explode("number", "slot").with_columns(pl.col("slot").cast(pl.UInt16))
    return slots.group_by("blank", "slot", "number").agg(pl.len()), said.select("blank", "said").unique()


def _usual(counted: pl.DataFrame, said: pl.DataFrame) -> dict[str, Usual]:
    met = counted.group_by("blank", "slot", "number").agg(pl.col("len").sum())
    most = met.sort(pl.col("len"), "number", descending=[True, False])
    varies = (pl.len() > MANY) & (pl.col("len").first() < LEADING * pl.col("len").sum())
    slots = most.group_by("blank", "slot", maintain_order=True).agg(varies=varies, number=pl.col("number").first())
    value = pl.when("varies").then("number")
    found = slots.sort("blank", "slot").group_by("blank", maintain_order=True).agg(value, pl.col("varies").any())
    named = found.filter("varies").join(said.unique(), on="blank").sort("said")
    return {text: tuple(values) for text, values in named.select("said", "number").iter_rows()}
