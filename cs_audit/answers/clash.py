"""Stage 2: whether two statements contradict each other, how surely, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import mul
from typing import Literal

from cs_audit.answers.cases import PHASES, Lowered, context_terms, doubts
from cs_audit.answers.compare import Difference, differ
from cs_audit.answers.context import EMPTY
from cs_audit.answers.statements import Statement
from cs_audit.answers.values import POLAR, Value

REVIEW = 0.42
"""The least score worth a person's time (tier B)."""
_ALIKE = 0.4
"""The least share of the shorter question's terms that the other one has, where yes or no is the answer."""
SURE = 0.7
"""The least score of tier A."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two statements that cannot both be right for one case.

    `tier` A: same words on both sides and no doubt; B: to be reviewed. `difference` is the reason as a message
    template with fields, `lowered` what cost how much of the score, `same_case` why it is not two cases.
    """

    first: Statement
    second: Statement
    score: float
    tier: Literal["A", "B"]
    slot: str
    difference: Difference
    lowered: tuple[Lowered, ...]
    same_case: Lowered


def clash(a: Statement, b: Statement, same: Lowered | None = None) -> Clash | None:
    """The contradiction between two statements, or None; the same for (b, a) as for (a, b).

    `same` is evidence that the two questions are the same though their words are not: where words alone find no
    clash, the two count as of one topic, at the cost of its factor.
    """
    first, second = (a, b) if a.value <= b.value else (b, a)
    difference = differ(first.value, second.value)
    if difference is None or _agreed(first, second):
        return None
    found = _judged(first, second, difference, *_topic(first, second))
    if found or not same or (first.type in POLAR and not _same_predicate(first, second)):
        return found
    apart = _odd(*(replace(each, asked=EMPTY) for each in (first, second)))  # what they were asked is the same
    return _judged(first, second, difference, 1.0, [same, *apart])


def _judged(
    first: Statement, second: Statement, difference: Difference, topic: float, apart: list[Lowered]
) -> Clash | None:
    score = reduce(mul, (each.factor for each in apart), topic * difference.strength)
    if score < REVIEW:
        return None
    lowered = [*apart, *doubts(first, second)]
    score = reduce(mul, (each.factor for each in lowered[len(apart) :]), score)
    if score < REVIEW:
        return None
    tier: Literal["A", "B"] = "A" if _sure(first, second, score, lowered, difference) else "B"
    shared = _shared(first, second)
    slot = _slot(first, second, shared)
    return Clash(first, second, round(score, 4), tier, slot, difference, tuple(lowered), _same_case(shared))


def _same_case(shared: list[str]) -> Lowered:
    if not shared:
        return Lowered("both answer one question, and neither names another case", (), 1.0)
    return Lowered("both speak of {shared}, and neither names another case", (("shared", " ".join(shared)),), 1.0)


def _agreed(a: Statement, b: Statement) -> bool:
    """Another value of the same type stands in both answers: they agree, and these two speak of something else."""
    if a.type in POLAR or b.type in POLAR or a.type != b.type:
        return False
    mine, theirs = (each.siblings or (each.value,) for each in (a, b))
    return any(_same(one, other) for one in mine for other in theirs)


def _same(one: Value, other: Value) -> bool:
    comparable = (one.type, one.unit, one.role) == (other.type, other.unit, other.role)
    return comparable and one.kind != "free" and differ(one, other) is None


def _topic(a: Statement, b: Statement) -> tuple[float, list[Lowered]]:
    """How far the two speak of the same things (0 to 1), and the nouns that only one of them has."""
    mine, theirs = a.terms, b.terms
    covers = [_cover(a, theirs), _cover(b, mine)]
    shared = mine.keys() & theirs.keys()
    light = a.type == "hours" or a.value.role == "before"  # open, close, notice say enough there
    if not shared or not (light or len(shared) > 1 or any(1 in {mine[term], theirs[term]} for term in shared)):
        return 0.0, []
    if a.type in POLAR and not (_same_predicate(a, b) and _asked_of_it(a, b)):
        return 0.0, []
    apart = _odd(a, b)
    if _asked_apart(a, b):
        apart.append(Lowered("the requesters asked about other things", (), 0.5))
    return sum(covers) / 2, apart


def _odd(a: Statement, b: Statement) -> list[Lowered]:
    """What only one of the two answers speaks of."""
    apart = _apart(a, b, set(a.terms), set(b.terms))
    if not a.said.terms.keys() & b.said.terms.keys() and not _silent(a) and not _silent(b):
        apart.append(Lowered("the answers' own words share nothing", (), 0.6))
    return apart


def _asked_apart(a: Statement, b: Statement) -> bool:
    """Whether the questions share nothing, and the answers speak of what neither asked (`we will reply in 2 hours`)."""
    mine, theirs = ({term for term, weight in each.asked.terms.items() if weight == 1} for each in (a, b))
    common = a.said.terms.keys() & b.said.terms.keys()
    return bool(mine and theirs) and not mine & theirs and not common & (mine | theirs)


def _silent(one: Statement) -> bool:
    """Whether the answer leaves it to the question to say what it is about (`It takes 5 days`)."""
    return sum(one.said.terms.values()) < 1


def _same_predicate(a: Statement, b: Statement) -> bool:
    """What one answer denies, the other must affirm: `не переносятся` against `переносятся`."""
    no, yes = sorted((a, b), key=lambda each: each.value.low)
    if _silent(no) and no.said is not no.asked:
        return False
    focus = no.said.focus
    if focus and focus not in yes.said.terms and focus not in yes.asked.terms:
        return False
    return yes.said.modal or bool(yes.polar) or yes.said is yes.asked


def _asked_of_it(a: Statement, b: Statement) -> bool:
    """Whether both requesters asked about what one answer affirms and the other denies.

    Talk is full of what is and is not the case; only where both were asked is it an answer to the same question.
    """
    mine, theirs = a.asked.terms.keys(), b.asked.terms.keys()
    if not mine or not theirs:
        return True
    both = mine & theirs
    return bool(a.terms.keys() & b.terms.keys() & both) and len(both) >= _ALIKE * min(len(mine), len(theirs))


def _apart(a: Statement, b: Statement, mine: set[str], theirs: set[str]) -> list[Lowered]:
    """Nouns only one of the two has; those beside a shared noun narrow it (`guarded parking`)."""
    if a.type == "process":
        return []
    odd_a = _nouns(a) - theirs - a.said.names
    odd_b = _nouns(b) - mine - b.said.names
    near_a, near_b = _bonded(a, odd_a, theirs), _bonded(b, odd_b, mine)
    fields = (("a", " ".join(sorted(odd_a))), ("b", " ".join(sorted(odd_b))))
    if near_a and near_b:
        return [Lowered("other words: {a} and {b}", fields, 0.2)]
    if odd_a and odd_b:
        return [Lowered("other words: {a} and {b}", fields, 0.4 if near_a or near_b else 0.55)]
    if near_a or near_b or (a.type == "ability" and _exception(odd_a, a) != _exception(odd_b, b)):
        return [Lowered("only one answer says {a}{b}", fields, 0.5)]
    return []


def _exception(odd: set[str], one: Statement) -> bool:
    """Whether the statement is of something more special: its first noun is not in the other conversation."""
    return one.said.subject in odd


def _nouns(one: Statement) -> set[str]:
    """What can part two statements; of what can or cannot be, verbs too; of a bare answer, what it was asked about."""
    if _silent(one):
        return context_terms(one.asked)
    return set(one.said.terms) - one.said.case_terms if one.type in POLAR else context_terms(one.said)


def _bonded(one: Statement, odd: set[str], shared: set[str]) -> set[str]:
    bonds = one.asked.bonds if _silent(one) else one.said.bonds
    return {each for pair in bonds for each in pair if each in odd and any(other in shared for other in pair)}


def _cover(one: Statement, other: dict[str, float]) -> float:
    """The share of a statement's own words that the other conversation has too; the question's where it has none."""
    own = one.terms if _silent(one) else one.said.terms
    whole = sum(own.values())
    return sum(weight for term, weight in own.items() if term in other) / whole if whole else 0.0


def _shared(a: Statement, b: Statement) -> list[str]:
    mine, theirs = a.terms, b.terms
    both = a.said.terms.keys() & b.said.terms.keys() or mine.keys() & theirs.keys()
    return sorted(both, key=lambda term: (-mine[term], term))[:3]


def _slot(a: Statement, b: Statement, shared: list[str]) -> str:
    if a.slot == b.slot and ":" not in a.slot:
        return a.slot
    cases = {value for group, value in a.said.cases & b.said.cases if group not in PHASES}
    about = shared or sorted({*a.terms, *b.terms})[:3]
    return f"{a.type}: {' '.join(sorted({*about, *cases}))}"


def _sure(a: Statement, b: Statement, score: float, lowered: list[Lowered], difference: Difference) -> bool:
    """Tier A: the same nouns on both sides, no doubt, and values that cannot both be right.

    What can be done or must be is sure only where a requester asked whether: said in passing it is no rule.
    """
    if a.type in POLAR and not (a.polar or b.polar):
        return False
    nouns = [context_terms(each.said) for each in (a, b)]
    same = bool(nouns[0] & nouns[1]) and not (nouns[0] - _words(b)) and not (nouns[1] - _words(a))
    return same and not lowered and difference.strength >= 0.9 and score >= SURE


def _words(one: Statement) -> set[str]:
    return set(one.terms)


def strongest(mine: tuple[Statement, ...], theirs: tuple[Statement, ...]) -> Clash | None:
    """The surest clash between the statements of two answers; None if there is none."""
    found = (clash(one, other) for one in mine for other in theirs)
    ranked = sorted((each for each in found if each), key=lambda each: (each.tier, -each.score, each.first.key))
    return ranked[0] if ranked else None
