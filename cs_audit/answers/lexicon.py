"""What each word means to the comparison of answers.

A word's meaning is looked up once and kept, so that reading a text costs one dictionary look-up a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

from cs_audit.answers.patterns import Patterns, Phrase, Unit, data, indexed, roots_of, rows_of, russian, stem

_KEPT = 1 << 17
_STEM = {True: 5, False: 6}
"""Letters of a stem that tell words apart, in Russian and in English."""
_VERB = (
    "ing", "ed", "ьте", "йте", "ть", "ться", "ем", "им", "ете", "ите", "ает", "яет", "ует", "еет", "ют", "ят", "ется",
    "ится", "ются", "ятся", "ешь", "ишь", "ла", "ло", "ли",
)  # fmt: skip
_EMPTYING = frozenset(
    {
        "stop", "weak", "verbs", "negative", "harmless", "able", "need", "optional", "yes", "no", "filler", "wh", "if",
        "only", "upper", "lower", "about", "between", "before", "every", "per", "deadline", "free", "paid", "narrator",
        "dependent", "since_when", "business", "plain", "am", "pm", "past", "did", "now", "except", "all_day",
        "clock_word", "personal", "countable",
    }
)  # fmt: skip
"""Marks of words that are no topics."""
_NO_MEASURE = (None, 0.0, None, "", 0, True)
_ADJECTIVE = ("ый", "ий", "ая", "ое", "ые", "ен", "на", "но", "ны", "ым", "ых", "ой", "мо", "мы", "ема", "ом")
_CONSUMING = frozenset({"harmless", "negative", "upper", "lower", "free", "all_day", "optional", "stop", "weak"})

Table = Mapping[str, Mapping[str, str]]


class Word(NamedTuple):
    """What a word, or a phrase that begins with it, contributes.

    `term` is what it is about ("" for nothing), `weight` how much that decides (1 a topic, 0.5 a verb, 0 nothing);
    `marks` names its functions (negative, upper, stop ...), `cases` the (group, value) pairs that part one
    customer's case from another's.
    """

    term: str = ""
    weight: float = 0.0
    marks: frozenset[str] = frozenset()
    cases: tuple[tuple[str, str], ...] = ()
    number: float | None = None
    scale: float = 0.0
    unit: Unit | None = None
    currency: str = ""
    month: int = 0
    known: bool = False


@dataclass(frozen=True)
class Concept:
    """A named slot: statements of `types` that speak of every term in `all` and of none in `none`."""

    name: str
    types: frozenset[str]
    all: frozenset[str]
    none: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lexicon:
    """The patterns, and the version that findings are stamped with.

    `roots` are topics by stem, `one_sided` what it costs that only one answer names a case of a group.
    """

    version: str
    patterns: Patterns
    roots: Mapping[str, tuple[str, float]]
    concepts: Mapping[str, Concept]
    one_sided: Mapping[str, float]
    words: dict[str, tuple[Word, tuple[Phrase, ...]]] = field(default_factory=dict, repr=False, compare=False)

    def word(self, text: str) -> tuple[Word, tuple[Phrase, ...]]:
        """The meaning of a lower-case word, and the phrases that may begin with it."""
        found = self.words.get(text)
        if found is None:
            if len(self.words) >= _KEPT:
                self.words.clear()
            found = self.words[text] = (_meaning(self, text), self.patterns.phrases(text))
        return found


def _meaning(lexicon: Lexicon, text: str) -> Word:
    found = _collect(lexicon.patterns.entries(text))
    if found.known and (found.term or found.cases or found.marks & _EMPTYING or found[4:] != _NO_MEASURE):
        return found
    return _unknown(lexicon, text)._replace(marks=found.marks) if found.known else _unknown(lexicon, text)


def _unknown(lexicon: Lexicon, text: str) -> Word:
    """A word the lexicon says nothing of: what its bare or stemmed form means, else its own stem as a topic."""
    bare = _without_negation(text)
    inner = _collect(lexicon.patterns.entries(bare)) if bare else Word()
    if inner.known and inner.term:
        return inner._replace(marks=inner.marks | {"negative"})
    if len(text) < 3:
        return Word()
    root = stem(text)
    if root in lexicon.roots:
        return Word(*lexicon.roots[root], known=True)
    return Word(root[: _STEM[russian(text)]], 0.5 if text.endswith(_VERB) else 1.0)


def _without_negation(text: str) -> str:
    for start in ("non-", "non", "не", "un"):
        if text.startswith(start) and len(text) > len(start) + 4:
            return text[len(start) :] if start != "не" or text.endswith(_ADJECTIVE) else ""
    return ""


def _collect(entries: Iterable[tuple[str, Any]]) -> Word:
    word = Word()
    for entry in entries:
        word = extend(word, *entry)
    if word.marks & {"stop", "weak"} and not (word.cases and word.term):
        return word._replace(term="", weight=0.0)
    if word.cases and not word.term and not word.marks & {"stop", "weak", "verbs"}:
        return word._replace(term=word.cases[0][1], weight=1.0)
    return word


def extend(word: Word, table: str, value: Any) -> Word:
    """`word` with one more meaning; the first (longest) pattern of a table decides."""
    if table == "marks":
        return word._replace(marks=word.marks | {value}, known=True)
    if table == "topics":
        return word if word.term else word._replace(term=value[0], weight=value[1], known=True)
    if table == "cases":
        if any(group == value[0] for group, _ in word.cases):
            return word
        return word._replace(cases=(*word.cases, value), known=True)
    if table == "number":
        return word if word.number is not None else word._replace(number=value, known=True)
    kept = getattr(word, table)
    return word if kept else word._replace(**{table: value}, known=True)


def consumes(phrase: Phrase) -> bool:
    """Whether the words of the phrase mean nothing on their own."""
    return phrase.table == "topics" or (phrase.table == "marks" and phrase.value in _CONSUMING)


def _concepts(rows: Table, topics: Iterable[str], words: Lexicon) -> dict[str, Concept]:
    """Concepts with their words as terms: a topic's name stands for itself, any other word for what it means."""
    known = frozenset(topics)

    def terms(text: str) -> frozenset[str]:
        return frozenset(each if each in known else words.word(each)[0].term or each for each in text.split())

    return {
        name: Concept(name, frozenset(row["types"].split()), terms(row["all"]), terms(row.get("none", "")))
        for name, row in rows.items()
    }


Frozen = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@lru_cache(maxsize=8)
def _built(concepts: Frozen, qualifiers: Frozen) -> Lexicon:
    grammar, terms, cases, places, slots = map(data, ("grammar", "terms", "qualifiers", "places", "concepts"))
    extra = {name: dict(values) for name, values in qualifiers}
    groups = {**cases["groups"], "place": places["places"], **extra}
    rows = list(rows_of(grammar, terms, groups))
    version = "+".join(
        dict.fromkeys(each["version"] for each in (grammar, terms, cases, places, slots, data("stories")))
    )
    plain = Lexicon(version, indexed(rows), roots_of(rows), {}, cases["one_sided"])
    named = {**slots["concepts"], **{name: dict(row) for name, row in concepts}}
    return replace(plain, concepts=_concepts(named, terms["topics"], plain))


def lexicon(concepts: Table | None = None, qualifiers: Table | None = None) -> Lexicon:
    """The bundled lexicon, with a user's own concepts and groups of qualifiers added.

    `concepts` maps a name to `types` and `all` (and `none`), each words apart by spaces, in any form; `qualifiers` maps
    a group to its values and their patterns: `{"club": {"blue": "blue* голуб*"}}`.
    """
    return _built(_frozen(concepts), _frozen(qualifiers)) if concepts or qualifiers else _bundled()


@cache
def _bundled() -> Lexicon:
    return _built((), ())


def _frozen(table: Table | None) -> Frozen:
    return tuple((name, tuple(sorted(row.items()))) for name, row in sorted((table or {}).items()))
