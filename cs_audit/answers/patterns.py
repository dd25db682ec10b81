"""The data files beside this module: patterns of words, and what each contributes to the meaning of a text.

Patterns are written the same way everywhere: `word`, `begin*` or `two_words`, in lower case with е for ё.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]  # it has no type hints
from snowballstemmer.russian_stemmer import RussianStemmer  # type: ignore[import-untyped]  # it has no type hints

_RUSSIAN_LETTER = re.compile("[а-я]")

Row = tuple[str, str, Any]
"""A pattern, the table it stands in, and its value there."""


class Unit(NamedTuple):
    """A unit of measure: its name, its dimension, and how many of the dimension's own unit one of it is."""

    name: str
    dimension: str
    size: float


class Phrase(NamedTuple):
    """The words after the first one, and what the whole contributes."""

    rest: tuple[str, ...]
    table: str
    value: Any


class Patterns(NamedTuple):
    """All patterns by their first word: whole words, beginnings of words, and phrases that begin with either."""

    exact: Mapping[str, tuple[tuple[str, Any], ...]]
    prefix: Mapping[str, tuple[tuple[str, Any], ...]]
    phrases_exact: Mapping[str, tuple[Phrase, ...]]
    phrases_prefix: Mapping[str, tuple[Phrase, ...]]

    def entries(self, word: str) -> Iterator[tuple[str, Any]]:
        """What patterns of one word give for it, the longest pattern first."""
        yield from self.exact.get(word, ())
        for size in range(len(word), 1, -1):
            yield from self.prefix.get(word[:size], ())

    def phrases(self, word: str) -> tuple[Phrase, ...]:
        """The phrases that may begin with the word, the longest first."""
        found = list(self.phrases_exact.get(word, ()))
        for size in range(len(word), 1, -1):
            found += self.phrases_prefix.get(word[:size], ())
        return tuple(sorted(found, key=lambda phrase: -len(phrase.rest)))


def data(name: str) -> dict[str, Any]:
    """One of the data files."""
    return tomllib.loads(resources.files("cs_audit.answers").joinpath("data", f"{name}.toml").read_text("utf-8"))


def rows_of(
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


def indexed(rows: Iterable[Row]) -> Patterns:
    """The rows by their first word."""
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
    places = (exact, prefix, phrases_exact, phrases_prefix)
    return Patterns(*({key: tuple(each) for key, each in sorted(place.items())} for place in places))


def roots_of(rows: Iterable[Row]) -> dict[str, tuple[str, float]]:
    """Topics by stem, for forms the patterns do not foresee."""
    single = (
        (pattern.removesuffix("*"), value) for pattern, table, value in rows if table == "topics" and "_" not in pattern
    )
    found: dict[str, tuple[str, float]] = {}
    for pattern, value in single:
        if len(pattern) > 3:
            found.setdefault(stem(pattern), value)
    return found


def russian(word: str) -> bool:
    """Whether a word is written in Russian letters."""
    return _RUSSIAN_LETTER.search(word) is not None


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The Snowball stem, Russian or English by its letters.

    A stemmer holds the word it works on, so each call has its own; the pure Python ones are asked for by name, lest
    another stemmer that happens to be installed answers.
    """
    return str((RussianStemmer if russian(word) else EnglishStemmer)().stemWord(word))
