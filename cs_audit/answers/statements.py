"""Stage 1: an answer as typed statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cs_audit.answers.context import Context, joined
from cs_audit.answers.lexicon import Concept, Lexicon, lexicon
from cs_audit.answers.money import FREE, PAID
from cs_audit.answers.reading import NOTHING, Fact, Reading
from cs_audit.answers.sentences import sentences
from cs_audit.answers.values import Value
from cs_audit.answers.varied import Reader

_QUESTION = 400
_AMENDS = frozenset({"money", "percent", "count"})
_CHARGES = frozenset({"fee", "penalty"})
_PLAIN = frozenset({"duration", "money", "percent", "hours", "date", "count", "amount"})
_EARLY = 40
_NUMBER = re.compile(r"\d+")
Bare = tuple[str, str, float, float]


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing an answer says.

    `quote` stands in the answer from character `start` to `end`, `sentence` around it from `sentence_start` on.
    `said` is what its own words are about, `asked` what the question was about, `terms` both. `siblings` are all the
    answer's values of its type if there are several; `polar` is 1 if the question was to be answered by yes or no.
    """

    type: str
    value: Value
    sentence: str
    sentence_start: int
    quote: str
    start: int
    end: int
    said: Context
    asked: Context
    terms: dict[str, float]
    siblings: tuple[Value, ...] = ()
    polar: int = 0
    lexicon: Lexicon = field(default_factory=lexicon, repr=False, compare=False)

    @property
    def slot(self) -> str:
        """A concept of the lexicon, else the type and the main words."""
        return slot_of(self.type, self.said, self.asked, self.lexicon)

    @property
    def key(self) -> tuple[object, ...]:
        """An order that does not depend on where the statement was met."""
        return (self.value, self.sentence, self.quote, tuple(sorted(self.asked.terms)))


def statements(question: str, answer: str, words: Lexicon | None = None) -> tuple[Statement, ...]:
    """The statements of `answer`, given to a requester who wrote `question`, in the order they are made.

    Greeting, quoted lines and signature are left out, and so are a number that only repeats the requester's own and
    sums offered with an apology.
    """
    return statements_of(question, answer, Reader(words or lexicon()))


def statements_of(question: str, answer: str, reader: Reader) -> tuple[Statement, ...]:
    """The statements of one answer (see `statements`) among those of the corpus that `reader` reads."""
    readings = [(place, sentence, reader(sentence, whole=False)) for place, sentence in sentences(answer)]
    if not any(reading.facts or reading.lead for _, _, reading in readings):
        return ()
    asked = asked_by(question, reader)
    echoes = _echoes(question, answer, asked, reader.lexicon)
    found: list[Statement] = []
    amends = any("apology" in reading.whole.marks for _, _, reading in readings)
    for place, sentence, reading in readings:
        found += [
            _statement(fact, place, sentence, answer, asked, reader.lexicon)
            for fact in reading.facts
            if _speaks(fact) and _bare(fact.value) not in echoes and not (amends and fact.value.type in _AMENDS)
        ]
        if place <= _EARLY:
            found += _led(reading, asked, place, sentence, reader.lexicon)
    return tuple(_with_siblings(found))


def asked_by(question: str, reader: Reader) -> Reading:
    """A question as one reading: what its sentences say together, the last of them being the one to be answered."""
    parts = [reader(each) for _, each in sentences(question.strip()[-_QUESTION:])]
    if not parts:
        return NOTHING
    facts = tuple(fact for each in parts for fact in each.facts)
    return Reading(facts, parts[-1].lead, joined([each.whole for each in parts]), parts[-1].polar)


def _echoes(question: str, answer: str, asked: Reading, words: Lexicon) -> set[Bare]:
    """The requester's own numbers; where the answer has one of them, even such as a corpus does not read."""
    facts = asked.facts
    if set(_NUMBER.findall(answer)) & set(_NUMBER.findall(question)):
        facts = asked_by(question, Reader(words)).facts
    return {_bare(fact.value) for fact in facts if _numeric(fact.value)}


def _bare(value: Value) -> Bare:
    return (value.type, value.unit, value.low or value.high, value.high)


def _numeric(value: Value) -> bool:
    return value.type in _PLAIN and value.kind not in {"free", "paid"} and value.high > 0


def _speaks(fact: Fact) -> bool:
    """Dates are statements only as deadlines; other dates are somebody's appointment."""
    if fact.value.role == "age":
        return False
    return fact.value.type != "date" or "deadline" in fact.said.marks


def _statement(fact: Fact, place: int, sentence: str, answer: str, asked: Reading, words: Lexicon) -> Statement:
    start, end = place + fact.start, place + fact.end
    return Statement(
        fact.value.type, fact.value, sentence, place, answer[start:end], start, end, fact.said, asked.whole,
        {**asked.whole.terms, **fact.said.terms}, (), asked.polar, words,
    )  # fmt: skip


def _led(reading: Reading, asked: Reading, place: int, sentence: str, words: Lexicon) -> Iterator[Statement]:
    """A leading yes or no says what the question asked."""
    if not reading.lead or asked.polar != 1:
        return
    value = _answered(asked, reading.lead)
    kind = value.type
    quote = sentence.split(maxsplit=1)[0].rstrip(",.!;:")
    yield Statement(
        kind, value, sentence, place, quote, place, place + len(quote), asked.whole,
        asked.whole, asked.whole.terms, (), 0, words,
    )  # fmt: skip


def _answered(asked: Reading, lead: int) -> Value:
    """What yes (1) or no (-1) says: whether something is free, is needed, can be."""
    free = any(fact.value.kind == "free" for fact in asked.facts)
    if free or asked.whole.terms.keys() & _CHARGES:
        return FREE if free == (lead > 0) else PAID
    return Value("need" if asked.whole.needs else "ability", "", float(lead), float(lead))


def _with_siblings(found: list[Statement]) -> Iterator[Statement]:
    values: dict[str, tuple[Value, ...]] = {}
    for kind in {one.type for one in found}:
        values[kind] = tuple(dict.fromkeys(one.value for one in found if one.type == kind))
    for one in found:
        yield replace(one, siblings=values[one.type]) if len(values[one.type]) > 1 else one


def slot_of(kind: str, said: Context, asked: Context, words: Lexicon) -> str:
    """The most specific concept of the statement's own words, else of its question's too, else type and main words."""
    for terms in (said.terms, {**asked.terms, **said.terms}):
        fitting = [each for each in words.concepts.values() if fits(each, kind, terms)]
        if fitting:
            return min(fitting, key=lambda each: (-len(each.all), each.name)).name
    own = said.terms or asked.terms
    main = sorted(own, key=lambda term: (-own[term], term))[:2]
    return f"{kind}: {' '.join(sorted(main))}" if main else kind


def fits(concept: Concept, kind: str, terms: dict[str, float]) -> bool:
    """Whether a statement of type `kind` about `terms` is one of the concept."""
    return kind in concept.types and terms.keys() >= concept.all and not terms.keys() & concept.none
