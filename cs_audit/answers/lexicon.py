"""What each word means to the comparison of answers, from the data files beside this module.

Patterns are written the same way everywhere: `word`, `begin*` or `two_words`, in lower case with е for ё. A word's
meaning is looked up once and kept, so that reading a text costs one dictionary look-up a word.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import snowballstemmer

_ENGLISH, _RUSSIAN = snowballstemmer.stemmer("english"), snowballstemmer.stemmer("russian")
_STEM = {True: 5, False: 6}
"""Letters of a stem that tell words apart, in Russian and in English."""
_VERB = re.compile(r"(?:ing|ed|ть|ться|ем|им|ете|ите|ает|яет|ует|еет|ют|ят|ется|ится|ются|ятся|ем|ешь|ишь|ла|ло|ли)$")
_ADJECTIVE = ("ый", "ий", "ая", "ое", "ые", "ен", "на", "но", "ны", "ым", "ых", "ой", "мо", "мы", "ема", "ом")
_RUSSIAN_LETTER = re.compile("[а-я]")
_CONSUMING = frozenset({"harmless", "negative", "upper", "lower", "free", "all_day", "optional", "stop", "weak"})


class Unit(NamedTuple):
    """A unit of measure: its name, its dimension, and how many of the dimension's own unit one of it is."""

    name: str
    dimension: str
    size: float


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


class Phrase(NamedTuple):
    """The words after the first one, and what the whole contributes."""

    rest: tuple[str, ...]
    table: str
    value: Any


@dataclass(frozen=True)
class Lexicon:
    """All patterns by their first word, and the version that findings are stamped with."""

    version: str
    exact: Mapping[str, tuple[tuple[str, Any], ...]]
    prefix: Mapping[str, tuple[tuple[str, Any], ...]]
    phrases_exact: Mapping[str, tuple[Phrase, ...]]
    phrases_prefix: Mapping[str, tuple[Phrase, ...]]
    roots: Mapping[str, tuple[str, float]]
    concepts: Mapping[str, Concept]
    one_sided: Mapping[str, float]
    words: dict[str, tuple[Word, tuple[Phrase, ...]]]

    def word(self, text: str) -> tuple[Word, tuple[Phrase, ...]]:
        """The meaning of a lower-case word, and the phrases that may begin with it."""
        found = self.words.get(text)
        if found is None:
            found = self.words[text] = (_meaning(self, text), _phrases(self, text))
        return found


@dataclass(frozen=True)
class Concept:
    """A named slot: statements of `types` that speak of every term in `all` and of none in `none`."""

    name: str
    types: frozenset[str]
    all: frozenset[str]
    none: frozenset[str] = frozenset()


def _meaning(lexicon: Lexicon, text: str) -> Word:
    found = _collect(_entries(lexicon, text))
    if found.known:
        return found
    bare = _without_negation(text)
    inner = _collect(_entries(lexicon, bare)) if bare else found
    if inner.known and inner.term:
        return inner._replace(marks=inner.marks | {"negative"})
    if len(text) < 3:
        return Word()
    root = stem(text)
    if root in lexicon.roots:
        return Word(*lexicon.roots[root], known=True)
    return Word(root[: _STEM[bool(_RUSSIAN_LETTER.search(text))]], 0.5 if _VERB.search(text) else 1.0)


def _without_negation(text: str) -> str:
    for start in ("non-", "non", "не", "un"):
        if text.startswith(start) and len(text) > len(start) + 4:
            return text[len(start) :] if start != "не" or text.endswith(_ADJECTIVE) else ""
    return ""


def _entries(lexicon: Lexicon, text: str) -> Iterator[tuple[str, Any]]:
    yield from lexicon.exact.get(text, ())
    for size in range(len(text), 1, -1):
        yield from lexicon.prefix.get(text[:size], ())


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


def _phrases(lexicon: Lexicon, text: str) -> tuple[Phrase, ...]:
    found = list(lexicon.phrases_exact.get(text, ()))
    for size in range(len(text), 1, -1):
        found += lexicon.phrases_prefix.get(text[:size], ())
    return tuple(sorted(found, key=lambda phrase: -len(phrase.rest)))


def consumes(phrase: Phrase) -> bool:
    """Whether the words of the phrase mean nothing on their own."""
    return phrase.table == "topics" or (phrase.table == "marks" and phrase.value in _CONSUMING)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The Snowball stem, Russian or English by its letters."""
    return str((_RUSSIAN if _RUSSIAN_LETTER.search(word) else _ENGLISH).stemWord(word))


def _data(name: str) -> dict[str, Any]:
    text = resources.files("cs_audit.answers").joinpath("data", name).read_text("utf-8")
    return tomllib.loads(text)


def _rows(
    grammar: Mapping[str, Any], topics: Mapping[str, Any], groups: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, Any]]:
    """Every pattern with its table and value."""
    plain = (("marks", "marks"), ("numbers", "number"), ("scales", "scale"), ("currencies", "currency"))
    for section, table in (*plain, ("months", "month")):
        for key, words in grammar[section].items():
            number = table in {"number", "scale", "month"}
            value = (int(key) if table == "month" else float(key)) if number else key
            yield from ((pattern, table, value) for pattern in words.split())
    for section in ("adjectives", "clock"):
        for key, words in grammar[section].items():
            yield from ((pattern, "marks", key) for pattern in words.split())
    for name, (dimension, size, words) in grammar["units"].items():
        yield from ((pattern, "unit", Unit(name, dimension, float(size))) for pattern in words.split())
    light = frozenset(topics["light"].split())
    for name, words in topics["topics"].items():
        yield from ((pattern, "topics", (name, 0.5 if name in light else 1.0)) for pattern in words.split())
    for group, values in groups.items():
        for name, words in values.items():
            yield from ((pattern, "cases", (group, name)) for pattern in words.split())


def _index(rows: Iterable[tuple[str, str, Any]]) -> tuple[dict[str, Any], ...]:
    exact: dict[str, list[Any]] = {}
    prefix: dict[str, list[Any]] = {}
    phrases_exact: dict[str, list[Any]] = {}
    phrases_prefix: dict[str, list[Any]] = {}
    for pattern, table, value in rows:
        head, *rest = pattern.replace("ё", "е").split("_")
        if rest:
            place = phrases_prefix if head.endswith("*") else phrases_exact
            place.setdefault(head.removesuffix("*"), []).append(Phrase(tuple(rest), table, value))
        else:
            (prefix if head.endswith("*") else exact).setdefault(head.removesuffix("*"), []).append((table, value))
    return tuple(
        {key: tuple(each) for key, each in sorted(place.items())}
        for place in (exact, prefix, phrases_exact, phrases_prefix)
    )


def _roots(rows: Iterable[tuple[str, str, Any]]) -> dict[str, tuple[str, float]]:
    """Topics by stem, for forms the patterns do not foresee."""
    single = ((pattern.removesuffix("*"), value) for pattern, table, value in rows if table == "topics" and "_" not in pattern)
    found: dict[str, tuple[str, float]] = {}
    for pattern, value in single:
        if len(pattern) > 4:
            found.setdefault(stem(pattern), value)
    return found


def _concepts(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Concept]:
    return {
        name: Concept(name, *(frozenset(row.get(key, "").split()) for key in ("types", "all", "none")))
        for name, row in rows.items()
    }


@lru_cache(maxsize=8)
def _built(concepts: str, qualifiers: str) -> Lexicon:
    grammar, terms, cases, places, slots = (
        _data(f"{name}.toml") for name in ("grammar", "terms", "qualifiers", "places", "concepts")
    )
    groups = {**cases["groups"], "place": places["places"], **tomllib.loads(qualifiers)}
    extra = tomllib.loads(concepts)
    version = "+".join(dict.fromkeys(each["version"] for each in (grammar, terms, cases, places, slots)))
    rows = list(_rows(grammar, terms, groups))
    return Lexicon(version, *_index(rows), _roots(rows), {**_concepts(extra), **_concepts(slots["concepts"])}, cases["one_sided"], {})


def lexicon(
    concepts: Mapping[str, Mapping[str, str]] | None = None, qualifiers: Mapping[str, Mapping[str, str]] | None = None
) -> Lexicon:
    """The bundled lexicon, with a user's own concepts and groups of qualifiers added.

    `concepts` maps a name to `types` and `all` (and `none`), each words apart by spaces; `qualifiers` maps a group
    to its values and their patterns: `{"club": {"blue": "blue* голуб*"}}`.
    """
    return _built(_toml(concepts or {}), _toml(qualifiers or {}))


def _toml(tables: Mapping[str, Mapping[str, str]]) -> str:
    quoted = (
        f'["{name}"]\n' + "".join(f'"{key}" = "{value}"\n' for key, value in rows.items())
        for name, rows in sorted(tables.items())
    )
    return "\n".join(quoted)
