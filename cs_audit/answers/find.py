"""Stage 3: the contradictions of a whole corpus of replies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import comb, prod
from typing import Literal, NamedTuple

import polars as pl

from cs_audit.answers.blocks import meetings
from cs_audit.answers.cases import Lowered
from cs_audit.answers.clash import REVIEW, Clash, clash
from cs_audit.answers.compare import Difference
from cs_audit.answers.evidence import telling_words
from cs_audit.answers.lexicon import Lexicon, lexicon
from cs_audit.answers.meaning import Encoder, same_questions
from cs_audit.answers.signatures import Signatures, signatures
from cs_audit.answers.spoken import Side, Spoken, side_of, spoken_by
from cs_audit.answers.values import alike

_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One question that got two answers: one finding for a slot and two values.

    `kind` is `contradiction`, or `change` where one value was no longer said when the other one began: a new policy,
    not a contradiction. `tier` A is sure and may fail a run, B is to be reviewed. `first` is the side said more
    often (the majority, unless `majority` is False: a tie).
    """

    slot: str
    type: str
    kind: Literal["contradiction", "change"]
    tier: Literal["A", "B"]
    score: float
    first: Side
    second: Side
    majority: bool
    difference: Difference
    lowered: tuple[Lowered, ...]
    same_case: Lowered
    version: str


def contradictions(
    frame: pl.DataFrame,
    *,
    words: Lexicon | None = None,
    ignore_values: Iterable[str] = (),
    same: Encoder | None = None,
) -> list[Contradiction]:
    """All contradictions among public replies, the surest and most often met first.

    `frame` has a row for each reply by a person: `ticket`, `occurred_at` (a time), `channel`, `agent`, `question`
    (what the requester wrote before it) and `text` (plain text). `words` is a lexicon with a user's own concepts and
    qualifiers, `ignore_values` are normalised values (`14 days`) never to be reported, `same` tells by meaning which
    questions are the same where words do not (see `meaning`). Greetings, names, ticket numbers and the order of rows
    change nothing.
    """
    return contradictions_of(signatures(frame, words or lexicon()), ignore_values=ignore_values, same=same)


def contradictions_of(
    found: Signatures, *, ignore_values: Iterable[str] = (), same: Encoder | None = None
) -> list[Contradiction]:
    """The contradictions among replies that are read already; see `contradictions`."""
    groups: dict[tuple[object, ...], list[Met]] = {}
    for met in _clashes(found, frozenset(ignore_values), same):
        values = (alike(found.statements[place].value) for place in met.places)
        groups.setdefault((met.clash.slot, *values), []).append(met)
    ordered = [groups[key] for key in sorted(groups)]
    spoken = spoken_by([[{met.places[side] for met in group} for side in (0, 1)] for group in ordered], found)
    results = (_contradiction(group, said, found) for group, said in zip(ordered, spoken, strict=True))
    kept = [each for each in results if each is not None]
    return sorted(
        kept, key=lambda each: (each.kind != "contradiction", each.tier, -_least(each), -each.score, each.slot)
    )


class Met(NamedTuple):
    """A clash, and its two signatures in the order of their values."""

    clash: Clash
    places: tuple[int, int]


def _clashes(found: Signatures, ignored: frozenset[str], same: Encoder | None) -> Iterator[Met]:
    statements = found.statements
    joined = same_questions(found, same) if same else {}
    for one, other in meetings(found, sorted(joined)):
        each = clash(statements[one], statements[other], joined.get((one, other)))
        if each and not (ignored and {each.first.value.words, each.second.value.words} & ignored):
            turned = alike(statements[one].value) > alike(statements[other].value)
            yield Met(each, (other, one) if turned else (one, other))


def _least(each: Contradiction) -> int:
    return min(each.first.conversations, each.second.conversations)


def _contradiction(group: list[Met], spoken: Spoken, found: Signatures) -> Contradiction | None:
    if spoken.conversations < 2:
        return None
    best = min(group, key=lambda met: (met.clash.tier, -met.clash.score, met.places))
    each = best.clash
    telling = telling_words(spoken.pairs, found)
    score = each.score * prod(one.factor for one in telling)
    if score < REVIEW:
        return None
    sides = [side_of(place, said, found) for place, said in zip(best.places, spoken.sides, strict=True)]
    sure = each.tier == "A" and not telling and max(spoken.agents, spoken.channels) >= 2
    first, second = sorted(sides, key=lambda side: (-side.conversations, side.value))
    return Contradiction(
        each.slot, each.first.type, "change" if _changed(first, second) else "contradiction", "A" if sure else "B",
        round(score, 4), first, second, first.conversations > second.conversations, each.difference,
        (*each.lowered, *telling), each.same_case, found.reader.lexicon.version,
    )  # fmt: skip


def _changed(one: Side, other: Side) -> bool:
    """One value stopped before the other began, so often that chance hardly does it (2 / C(n+m, n) <= 0.05)."""
    apart = one.last_at < other.first_at or other.last_at < one.first_at
    count = one.conversations + other.conversations
    return apart and 2 / comb(count, one.conversations) <= _CHANCE
