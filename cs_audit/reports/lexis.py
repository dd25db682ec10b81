"""The words by which answers were compared, as readers see them: slots, topics and cases.

Their names stand in the lexicons; here they are only read, so that a report needs nothing that compares.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cs_audit.reports.words import Words

TYPES = {
    "duration": "how long", "money": "how much", "percent": "what share", "hours": "when", "date": "by which date",
    "count": "how many", "amount": "how much", "ability": "whether it can be done", "need": "whether it is required",
    "process": "who does it", "phone": "phone number", "email": "e-mail address", "url": "link",
}  # fmt: skip
"""What a value of each type answers; a slot that is no concept begins with its type."""

_STEM = {True: 5, False: 6}
"""Letters that a comparison keeps of an unknown word, in Russian and in English, as far as it is cut."""


@cache
def _table(name: str) -> Mapping[str, Any]:
    path = Path(__file__).parents[1] / "answers" / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@cache
def concepts() -> frozenset[str]:
    """Names of slots."""
    return frozenset(_table("concepts")["concepts"])


@cache
def groups() -> frozenset[str]:
    """Names of what parts one customer's case from another's."""
    return frozenset({*_table("qualifiers")["groups"], "place"})


@cache
def terms() -> frozenset[str]:
    """Names of topics, and of the values of cases."""
    cases = (name for values in _table("qualifiers")["groups"].values() for name in values)
    return frozenset({*_table("terms")["topics"], *cases, *_table("places")["places"]})


def english(name: str) -> str:
    """A name of the lexicon in plain words."""
    return name.replace("_", " ")


def slot(name: str, words: Words) -> str:
    """What was asked: a concept, or the type of the value with the words it is about."""
    if name in concepts():
        return words.phrase("slot", english(name))
    kind, _, about = name.partition(":")
    if kind not in TYPES:
        return english(name)
    told = words.phrase("slot type", TYPES[kind])
    return f"{told}: {listed(about, words)}" if about else told


def listed(names: str, words: Words) -> str:
    """Terms (`delivery refund`, `place=moscow`) in the reader's language; what is cut to a stem ends in an ellipsis."""
    return ", ".join(_term(each, words) for each in names.split())


def group(name: str, words: Words) -> str:
    """What kind of case it is."""
    return words.phrase("case group", english(name)) if name in groups() else english(name)


def _term(name: str, words: Words) -> str:
    if "=" in name:
        kind, _, value = name.partition("=")
        return f"{group(kind, words)}: {_term(value, words)}"
    if name in terms():
        return words.phrase("term", english(name))
    russian = any("а" <= each <= "я" for each in name)
    return f"{name}…" if len(name) >= _STEM[russian] else name
