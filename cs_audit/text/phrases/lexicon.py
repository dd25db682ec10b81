"""The lexicons: data files of phrases, read and indexed once, and extended with a user's own phrases."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from cs_audit.errors import ValueRefused
from cs_audit.text.phrases.index import Index, Phrases
from cs_audit.text.phrases.pattern import Lists, Phrase, phrase
from cs_audit.worded import NOTHING, nearest, worded

Extra = Mapping[str, Sequence[str]]
"""A user's own phrases for each label."""

ROLES = ("agent", "requester")
_LABEL_FILES = ("anyone", "agent", "requester")
_OTHER_FILES = ("words", "info", "promises", "deadlines")


@dataclass(frozen=True)
class Label:
    """How a label is read: which phrases say it, and which take it back.

    Args:
        name: the label.
        roles: whose messages can say it.
        says: phrases that are enough.
        bare: phrases that are enough where all else is courtesies.
        alone: phrases that are enough where all else is courtesies and at most `beside` words of content.
        beside: see `alone`.
        covers: phrases that are no content beside the others.
        signs: groups of phrases; phrases of two groups together are enough.
        unless: phrases that take back a phrase they overlap.
        unless_question: the same in a sentence that ends as a question.
        unless_sentence: phrases that take back those in their sentence.
        unless_message: phrases that take back everything.
        statements_only: a question does not say it.
        needs: a label that the message must have before this one.
        yields_to: a label that tells more; where the message has it, this one is not said.
    """

    name: str
    roles: frozenset[str]
    says: Phrases = frozenset()
    bare: Phrases = frozenset()
    alone: Phrases = frozenset()
    beside: int = 0
    covers: Phrases = frozenset()
    signs: tuple[Phrases, ...] = ()
    unless: Phrases = frozenset()
    unless_question: Phrases = frozenset()
    unless_sentence: Phrases = frozenset()
    unless_message: Phrases = frozenset()
    statements_only: bool = False
    needs: str = ""
    yields_to: str = ""

    @cached_property
    def positive(self) -> Phrases:
        """The phrases that can say it."""
        return self.says.union(self.bare, self.alone, *self.signs)

    @property
    def others(self) -> Phrases:
        """The phrases that matter where one of `positive` is found."""
        return self.covers.union(self.unless, self.unless_question, self.unless_sentence, self.unless_message)


@dataclass(frozen=True)
class Lexicon:
    """All labels, ready for reading. Phrases of `courtesies` and `stop_words` are no content.

    `saying` has, for each role, the phrases that can say something, each with the places of its labels; `own` finds
    those of a user.
    """

    labels: tuple[Label, ...]
    courtesies: Phrases
    stop_words: frozenset[str]
    saying: Mapping[str, Mapping[Phrase, tuple[int, ...]]]
    own: Index | None

    @property
    def names(self) -> tuple[str, ...]:
        """The labels a message can have."""
        return tuple(dict.fromkeys(each.name for each in self.labels))

    def anchors(self, role: str) -> list[str]:
        """One of these stands in the joined words of every message of `role` that has a label."""
        own = (each for each in self.labels if role in each.roles and not each.needs)
        return sorted({anchor for label in own for each in label.positive for anchor in each.anchors})


def _saying(labels: Sequence[Label], role: str) -> dict[Phrase, tuple[int, ...]]:
    found: dict[Phrase, tuple[int, ...]] = {}
    for place, label in enumerate(labels):
        for each in label.positive if role in label.roles else ():
            found[each] = (*found.get(each, ()), place)
    return found


def lexicon(extra: Extra | None = None) -> Lexicon:
    """The lexicon, with a user's own phrases.

    Raises:
        ValueError: there is no such label, or a phrase is not written in the phrase language.
    """
    return _lexicon(tuple((label, tuple(phrases)) for label, phrases in (extra or {}).items()))


@cache
def vocabulary() -> frozenset[str]:
    """The words the lexicon knows in full; these are no names."""
    words = lexicon()
    phrases = (*words.courtesies, *(each for label in words.labels for each in (*label.positive, *label.others)))
    return words.stop_words.union(*(anchor.split() for each in phrases for anchor in each.anchors))


@cache
def index() -> Index:
    """All bundled phrases of what messages say, ask for, give and promise."""
    words = lexicon()
    labels = (each for label in words.labels for each in (*label.positive, *label.others))
    info, promises = data("info"), data("promises")
    kinds = (each.get(part, ()) for each in info["kinds"].values() for part in ("nouns", "asked", "given"))
    rest = (info["asking"], info["not_asking"], *(promises[each] for each in ("call", "message", "do")))
    hedges = (flat(promises["conditions"]), flat(promises["hedges"]))
    return Index(
        (*words.courtesies, *labels, *(each for part in (*kinds, *rest, *hedges) for each in phrases_of(part)))
    )


def versions() -> dict[str, str]:
    """The version of every data file, by its name."""
    return {name: str(data(name)["version"]) for name in (*_LABEL_FILES, *_OTHER_FILES)}


@cache
def data(name: str) -> dict[str, Any]:
    """One data file as it stands."""
    return tomllib.loads(files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8"))


@cache
def lists() -> Lists:
    """The named lists that phrases may refer to."""
    return {name: flat(value) for name, value in data("words")["lists"].items()}


def flat(value: Sequence[str] | Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Phrases, given as a list or as a list for each language."""
    if isinstance(value, Mapping):
        return tuple(each for part in value.values() for each in part)
    return tuple(value)


@lru_cache(maxsize=32)
def _lexicon(extra: tuple[tuple[str, tuple[str, ...]], ...]) -> Lexicon:
    tables = {
        name: dict(table)
        for file in _LABEL_FILES
        for name, table in data(file).items()
        if isinstance(table, Mapping) and "roles" in table
    }
    for name, phrases in extra:
        _extend(tables, name, phrases)
    labels = tuple(_label(name, table) for name, table in tables.items())
    stop_words = frozenset(word for line in flat(data("words")["stop_words"]) for word in line.split())
    courtesies = frozenset(phrases_of(data("words")["courtesies"]))
    saying = {role: _saying(labels, role) for role in ROLES}
    own = [each for _, phrases in extra for each in phrases_of(phrases)]
    return Lexicon(labels, courtesies, stop_words, saying, Index(own) if own else None)


def _extend(tables: dict[str, dict[str, Any]], name: str, phrases: tuple[str, ...]) -> None:
    if name not in tables:
        raise ValueRefused(worded("there is no label {name!r}", name=name), nearest(name, tables, NOTHING))
    section = next((each for each in ("says", "bare", "alone") if each in tables[name]), "says")
    tables[name][section] = (*flat(tables[name].get(section, ())), *phrases)


def _label(name: str, table: Mapping[str, Any]) -> Label:
    def section(key: str) -> Phrases:
        return frozenset(phrases_of(table.get(key, ())))

    return Label(
        table.get("label", name),
        frozenset(table["roles"]),
        says=section("says"),
        bare=section("bare"),
        alone=section("alone"),
        beside=table.get("beside", 0),
        covers=section("covers"),
        signs=tuple(frozenset(phrases_of(group)) for group in table.get("signs", {}).values()),
        unless=section("unless"),
        unless_question=section("unless_question"),
        unless_sentence=section("unless_sentence"),
        unless_message=section("unless_message"),
        statements_only=table.get("statements_only", False),
        needs=table.get("needs", ""),
        yields_to=table.get("yields_to", ""),
    )


def phrases_of(value: Sequence[str] | Mapping[str, Sequence[str]]) -> tuple[Phrase, ...]:
    """The phrases of a list in a data file."""
    return tuple(map(_phrase, flat(value)))


@cache
def _phrase(source: str) -> Phrase:
    return phrase(source, lists())
