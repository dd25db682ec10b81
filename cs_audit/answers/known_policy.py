"""Replies that contradict a declared policy fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import reduce

import polars as pl

from cs_audit.answers.cases import Lowered, doubts
from cs_audit.answers.compare import Difference, differ
from cs_audit.answers.context import EMPTY
from cs_audit.answers.lexicon import Concept, Lexicon, lexicon
from cs_audit.answers.reading import read
from cs_audit.answers.signatures import Signatures, signatures
from cs_audit.answers.spoken import Side, side_of, spoken_by
from cs_audit.answers.statements import Statement, fits
from cs_audit.answers.values import Value
from cs_audit.errors import ConfigError
from cs_audit.worded import Worded, verbatim, worded

_LEAST = 0.42
_YES = {"yes": 1.0, "true": 1.0, "allowed": 1.0, "no": -1.0, "false": -1.0, "not allowed": -1.0}


class PolicyFactError(ConfigError):
    """A declared policy fact names no concept, or its value cannot be read."""

    slug = "policy-fact"


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that replies gave in place of the declared one, and who gave it, how often and when."""

    concept: str
    declared: Value
    given: Side
    score: float
    difference: Difference
    lowered: tuple[Lowered, ...]
    version: str


def violations(frame: pl.DataFrame, facts: Mapping[str, str], *, words: Lexicon | None = None) -> list[Violation]:
    """Statements of `frame` (see `contradictions`) that clash with a declared fact, by concept, most often first.

    `facts` maps a concept to its value in words: `{"refund_time": "10 days", "support_phone": "8 800 555-00-00"}`;
    for concepts of what can or must be, `yes` or `no`.

    Raises:
        PolicyFactError: a concept is not in the lexicon, or a value cannot be read as one of its types.
    """
    return violations_of(signatures(frame, words or lexicon()), facts)


def violations_of(found: Signatures, facts: Mapping[str, str]) -> list[Violation]:
    """The violations among replies that are read already; see `violations`."""
    words = found.reader.lexicon
    declared = {name: declare(name, text, words) for name, text in sorted(facts.items())}
    results = [
        each for name, value in declared.items() for each in _violations(words.concepts[name], value, found, words)
    ]
    return sorted(results, key=lambda each: (each.concept, -each.given.conversations, each.given.value))


def declare(name: str, text: str, words: Lexicon) -> Value:
    """The value a declared fact stands for; see `violations`."""
    concept = words.concepts.get(name)
    where = f"policy_facts.{name}"
    if concept is None:
        near = ", ".join(get_close_matches(name, words.concepts, 3)) or ", ".join(sorted(words.concepts))
        raise PolicyFactError(
            worded("no concept is called {name!r}", name=name),
            where=where,
            hint=worded("did you mean: {near}?", near=near),
        )
    polar = sorted(concept.types & {"ability", "need", "process"})
    if polar and text.strip().lower() in _YES:
        sign = _YES[text.strip().lower()]
        return Value(polar[0], "", sign, sign)
    values = [fact.value for fact in read(text.strip(), words).facts if fact.value.type in concept.types]
    if not values:
        kinds = reduce(_either, map(verbatim, sorted(concept.types)))
        raise PolicyFactError(
            worded("{text!r} is no {kinds}", text=text, kinds=kinds),
            where=where,
            hint=worded("write it as an agent would: 10 days, 500 rubles"),
        )
    return values[0]


def _either(one: Worded, other: Worded) -> Worded:
    return worded("{one} or {other}", one=one, other=other)


def _violations(concept: Concept, declared: Value, found: Signatures, words: Lexicon) -> Iterator[Violation]:
    given: dict[Value, list[int]] = {}
    for index, each in enumerate(found.statements):
        if _speaks_of(concept, each) and _breaks(each.value, declared) and _score(each) >= _LEAST:
            given.setdefault(each.value, []).append(index)
    values = sorted(given)
    spoken = spoken_by([[set(given[value])] for value in values], found)
    for value, said in zip(values, spoken, strict=True):
        best = max(given[value], key=lambda index: (_score(found.statements[index]), -index))
        difference = _breaks(value, declared)
        if difference is not None:
            statement = found.statements[best]
            yield Violation(
                concept.name, declared, side_of(best, said.sides[0], found), _score(statement), difference,
                tuple(doubts(statement, _bare(statement))), words.version,
            )  # fmt: skip


def _speaks_of(concept: Concept, each: Statement) -> bool:
    terms = each.said.terms or each.asked.terms
    return fits(concept, each.type, terms) or fits(concept, each.type, {**each.asked.terms, **each.said.terms})


def _bare(each: Statement) -> Statement:
    """The declared rule, as a statement without any case of its own."""
    return replace(each, said=replace(EMPTY, terms=each.said.terms), asked=EMPTY)


def _score(each: Statement) -> float:
    score = 1.0
    for doubt in doubts(each, _bare(each)):
        score *= doubt.factor
    return round(score, 4)


def _breaks(given: Value, declared: Value) -> Difference | None:
    """Like `differ`, but a promise that goes beyond the declared end breaks it however little."""
    found = differ(given, declared)
    if found is None and given.type == declared.type == "duration" and given.role == declared.role:
        ends = [each._replace(low=0.0, kind="upper") for each in (given, declared)]
        longer = given.kind != "lower" and given.high > declared.high
        found = differ(*ends) if longer or given.kind == "upper" else None
    return found
