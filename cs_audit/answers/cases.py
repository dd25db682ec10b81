"""Why two statements may be about two different cases: each reason lowers the score and is named."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from cs_audit.answers.context import Context
from cs_audit.answers.lexicon import lexicon
from cs_audit.answers.statements import Statement
from cs_audit.answers.values import POLAR, Value


class Lowered(NamedTuple):
    """One reason for doubt: a message template with its fields, and the factor it cost."""

    reason: str
    fields: tuple[tuple[str, str], ...]
    factor: float


_MARKS = {
    "own_case": ("one answer speaks of one order or request", 0.25),
    "told": ("one answer tells what happened in one case", 0.3),
    "now": ("one answer speaks of one day", 0.3),
    "goodwill": ("one answer offers amends", 0.3),
    "incident": ("one answer speaks of one fault or outage", 0.3),
    "instruct": ("one answer gives a step to try", 0.3),
    "quote": ("one answer repeats the requester's words", 0.2),
    "hypothetical": ("one answer gives an example", 0.4),
    "promo": ("one answer speaks of a promotion", 0.35),
}
_SUMS = frozenset({"money", "percent", "count", "amount", "date"})
PHASES = frozenset({"before", "on", "after"})
_ASKED = {"my_case": ("a requester asks about one case", 0.3)}


def doubts(a: Statement, b: Statement) -> list[Lowered]:
    """All reasons to doubt that both statements are about the same case, worst first."""
    found = [*_marks(a, b), *_groups(a, b), *_names(a, b), *_quantities(a, b), *_conditions(a, b), *_without(a, b)]
    return sorted(found, key=lambda each: (each.factor, each.reason, each.fields))


def _marks(a: Statement, b: Statement) -> Iterator[Lowered]:
    for mark, (reason, factor) in _MARKS.items():
        if mark in a.said.marks or mark in b.said.marks:
            if mark == "promo" and _same_promo(a, b):
                continue
            yield Lowered(reason, (), 0.6 if mark == "now" and a.type in POLAR else factor)
    for mark, (reason, factor) in _ASKED.items():
        if mark in a.asked.marks or mark in b.asked.marks:
            yield Lowered(reason, (), 0.7 if _general(a) and _general(b) else factor)


def _general(one: Statement) -> bool:
    """Whether it reads as a rule though asked of one case: how long something takes, not how much one got."""
    return one.type not in _SUMS and sum(one.said.terms.values()) >= 1


def _same_promo(a: Statement, b: Statement) -> bool:
    return "promo" in a.said.marks | a.asked.marks and "promo" in b.said.marks | b.asked.marks


def _groups(a: Statement, b: Statement) -> Iterator[Lowered]:
    """Cases named in the answers decide; where an answer names none of a group, its question speaks for it."""
    yield from _phases(a, b)
    groups = {group for each in (a, b) for group, _ in each.said.cases | each.asked.cases}
    for group in sorted(groups - PHASES):
        mine, theirs = (_named(each, group) for each in (a, b))
        if not mine and not theirs:
            continue
        fields = (("group", group), ("a", _shown(mine)), ("b", _shown(theirs)))
        if mine and theirs:
            if not mine & theirs:
                yield Lowered("another {group}: {a} and {b}", fields, 0.12)
            elif mine != theirs:
                yield Lowered("another {group} too: {a} and {b}", fields, 0.6)
            continue
        only = a if mine else b
        own = not only.said.terms or any(name == group for name, _ in only.said.cases)
        yield Lowered(
            "only one answer names a {group}: {a}{b}",
            fields,
            _one_sided(group, own=own, exception=only.type in POLAR and only.value.low < 0),
        )


def _phases(a: Statement, b: Statement) -> Iterator[Lowered]:
    """Before it is sent and after it is sent are two cases."""
    mine, theirs = ({(phase, term) for phase, term in each.said.cases if phase in PHASES} for each in (a, b))
    turned = {term for phase, term in mine if any(term == other and phase != when for when, other in theirs)}
    if turned:
        yield Lowered("before {term} in one answer, not in the other", (("term", min(turned)),), 0.12)


def _one_sided(group: str, *, own: bool, exception: bool) -> float:
    """An answer that names a case is more special; one that denies is an exception."""
    factor: float = lexicon().one_sided.get(group, 0.5)
    if not own:
        return math.sqrt(factor)
    return factor * 0.75 if exception else factor


def _named(one: Statement, group: str) -> frozenset[str]:
    own = frozenset(value for name, value in one.said.cases if name == group)
    return own or frozenset(value for name, value in one.asked.cases if name == group)


def _shown(values: frozenset[str]) -> str:
    return " ".join(sorted(values))


def _names(a: Statement, b: Statement) -> Iterator[Lowered]:
    mine, theirs = (each.said.names or each.asked.names for each in (a, b))
    mine, theirs = (_unshared(mine, b), _unshared(theirs, a))
    fields = (("a", _shown(mine)), ("b", _shown(theirs)))
    if mine and theirs:
        yield Lowered("other names: {a} and {b}", fields, 0.12)
    elif mine or theirs:
        yield Lowered("only one answer names {a}{b}", fields, 0.6)


def _unshared(names: frozenset[str], other: Statement) -> frozenset[str]:
    known = other.said.names | other.asked.names | other.said.terms.keys() | other.asked.terms.keys()
    return frozenset(each for each in names if each not in known and not any(_kin(each, term) for term in known))


def _kin(name: str, term: str) -> bool:
    return len(name) > 3 and len(term) > 3 and (name.startswith(term[:6]) or term.startswith(name[:6]))


def _quantities(a: Statement, b: Statement) -> Iterator[Lowered]:
    """A 5 kg box and a 10 kg box are two cases."""
    for mine in sorted(_all_quantities(a)):
        same = [each for each in _all_quantities(b) if (each.type, each.unit) == (mine.type, mine.unit)]
        if mine.type != a.type and same and mine not in same:
            yield Lowered("for another quantity: {a} and {b}", (("a", mine.words), ("b", min(same).words)), 0.15)
            return
    timed = [any(each.role in {"before", "after"} for each in one.said.quantities) for one in sorted((a, b), key=_sign)]
    if a.type in POLAR and any(timed):
        yield Lowered("an answer says until when", (), 0.4 if timed[0] else 0.55)


def _sign(one: Statement) -> float:
    return one.value.low


def _all_quantities(one: Statement) -> frozenset[Value]:
    return one.said.quantities or one.asked.quantities


def _conditions(a: Statement, b: Statement) -> Iterator[Lowered]:
    both = a.said.marks & b.said.marks
    either = a.said.marks | b.said.marks
    if a.type == "process":
        return
    if "except" in either:
        yield Lowered("an exception in one answer", (), 0.4 if a.type in POLAR else 0.75)
    if "if" in both and a.type in POLAR:
        yield Lowered("a condition in both answers", (), 0.5)
    elif "if" in either - both:
        yield Lowered("a condition in one answer", (), 0.75)
    if "only" in either - both:
        yield Lowered("a restriction in one answer", (), 0.85)


def _without(a: Statement, b: Statement) -> Iterator[Lowered]:
    """With and without something are two cases, unless both speak of being without it."""
    mine, theirs = (each.said.without | each.asked.without for each in (a, b))
    odd = mine ^ theirs
    if not odd or a.type == "need":
        return
    fields = (("a", _shown(mine - theirs)), ("b", _shown(theirs - mine)))
    turned = any(_speaks(one, odd - own) for one, own in ((a, mine), (b, theirs)))
    yield Lowered("without {a}{b} in one answer", fields, 0.2 if turned else 0.4)


def _speaks(one: Statement, terms: frozenset[str]) -> bool:
    return bool(terms & one.said.terms.keys())


def context_terms(one: Context) -> set[str]:
    """Topics that can part two statements: those of weight 1 that are no cases, names aside."""
    return {term for term, weight in one.terms.items() if weight == 1 and term not in one.case_terms}
