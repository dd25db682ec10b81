"""Which signatures meet: those that share a topic, the most often said first, so that work grows with the text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, islice, zip_longest

from cs_audit.answers.signatures import Signatures
from cs_audit.answers.statements import Statement
from cs_audit.answers.values import POLAR, Value
from cs_audit.answers.varied import LEADING, MANY

CAP = 40
"""The most signatures of one block that meet each other: of each value the one said most often, then the next."""
_RAREST = 3

Block = tuple[str, ...]


def meetings(found: Signatures, others: Iterable[tuple[int, int]] = ()) -> Iterator[tuple[int, int]]:
    """Pairs of signatures that may contradict each other, each once, in a fixed order; then those of `others`."""
    own = personal(found)
    blocks: dict[Block, list[int]] = defaultdict(list)
    terms = [_terms(each) for each in found.statements]
    common = Counter(term for each in terms for term in each)
    for index, each in enumerate(found.statements):
        if index not in own:
            for block in _blocks(each, terms[index], common):
                blocks[block].append(index)
    met: set[tuple[int, int]] = set()
    for block in sorted(each for each, members in blocks.items() if len(members) > 1):
        for pair in _pairs(blocks[block], found):
            if pair not in met:
                met.add(pair)
                yield pair
    yield from (pair for pair in others if pair not in met)


def personal(found: Signatures) -> set[int]:
    """Signatures of frames that are filled with ever other values: sums and dates of single orders, not rules.

    A frame is a statement without its value. It is personal if it has more than six values and none of them leads.
    """
    frames: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, each in enumerate(found.statements):
        if each.type not in POLAR:
            frames[_frame(each)].append(index)
    return {
        index
        for members in frames.values()
        if len({found.statements[index].value for index in members}) > MANY
        and max(found.counts[index] for index in members) < LEADING * sum(found.counts[index] for index in members)
        for index in members
    }


def _frame(each: Statement) -> tuple[object, ...]:
    terms = each.said.terms or each.asked.terms
    return (each.type, each.value.unit, tuple(sorted(terms)), each.said.cases, each.said.names)


def _terms(each: Statement) -> list[str]:
    own = [term for term, weight in each.said.terms.items() if weight == 1]
    return own or [term for term, weight in each.asked.terms.items() if weight == 1] or list(each.terms)


def kind_of(each: Statement) -> str:
    """Statements of one kind may contradict each other: money and percentages are both charges."""
    return "charge" if each.type in {"money", "percent"} else each.type


def _blocks(each: Statement, terms: list[str], common: Counter[str]) -> Iterator[Block]:
    kind = kind_of(each)
    rarest = sorted(terms, key=lambda term: (common[term], term))[:_RAREST]
    yield from ((kind, term) for term in rarest)
    yield from ((kind, *sorted(two)) for two in combinations(rarest, 2))


def _pairs(block: list[int], found: Signatures) -> Iterator[tuple[int, int]]:
    statements = found.statements
    by_value: dict[Value, list[int]] = defaultdict(list)
    for index in sorted(block, key=lambda index: (-found.counts[index], index)):
        by_value[statements[index].value].append(index)
    if statements[block[0]].type in POLAR:
        no = [each for value, members in by_value.items() if value.low < 0 for each in members][: CAP // 2]
        yes = [each for value, members in by_value.items() if value.low > 0 for each in members][: CAP // 2]
        yield from ((min(one, other), max(one, other)) for one in no for other in yes)
        return
    turns = (each for turn in zip_longest(*by_value.values()) for each in turn if each is not None)
    for one, other in combinations(islice(turns, CAP), 2):
        if statements[one].value != statements[other].value:
            yield (min(one, other), max(one, other))
