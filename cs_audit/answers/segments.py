"""A sentence cut into segments, and the segments a value speaks for."""

from __future__ import annotations

from cs_audit.answers.tokens import Token
from cs_audit.answers.values import Found

_STOPS = frozenset(".,;:!?()…\n")
_DASHES = frozenset("–—−")
_TURNS = frozenset(
    {"но", "а", "but", "however", "while", "whereas", "хотя", "зато", "иначе", "otherwise", "though", "although"}
)
_JOINS = frozenset({"and", "or", "и", "или"})
_PREDICATES = frozenset({"negative", "able", "need", "optional"})

Range = tuple[int, int]


def segments(line: list[Token], found: list[Found]) -> list[Range]:
    """Token ranges between stops, dashes and turns; at `and`, `or` only between two values of one dimension."""
    inside = _inside(line, found)
    cuts: list[Range] = []
    start = 0
    for index, token in enumerate(line):
        if index in inside:
            continue
        if token.text in _STOPS or token.text in _DASHES or (token.text == "-" and _spaced(line, index)):
            cuts.append((start, index))
            start = index + 1
        elif token.text in _TURNS:
            cuts.append((start, index))
            start = index
    cuts.append((start, len(line)))
    return _merged(line, [part for each in cuts if each[0] < each[1] for part in _halves(line, each, found, inside)])


def _inside(line: list[Token], found: list[Found]) -> set[int]:
    """Tokens within a value, where a dash or a dot cuts nothing."""
    if not found:
        return set()
    return {index for index, each in enumerate(line) if any(one.start <= each.start < one.end for one in found)}


def _spaced(line: list[Token], index: int) -> bool:
    return 0 < index < len(line) - 1 and line[index].start > line[index - 1].end


def _halves(line: list[Token], part: Range, found: list[Found], inside: set[int]) -> list[Range]:
    held = [one for one in found if line[part[0]].start <= one.start < line[part[1] - 1].end]
    if len(held) < 2 or len({(one.value.type, one.value.unit) for one in held}) == len(held):
        return [part]
    for index in range(part[0] + 1, part[1] - 1):
        if line[index].text in _JOINS and index not in inside and held[0].end <= line[index].start < held[-1].start:
            return [(part[0], index), *_halves(line, (index + 1, part[1]), found, inside)]
    return [part]


def _merged(line: list[Token], parts: list[Range]) -> list[Range]:
    """Segments without a word of their own belong to the one before them."""
    kept: list[Range] = []
    for begin, end in parts:
        if kept and not any(each.word.weight or each.numeric or each.word.cases for each in line[begin:end]):
            marks = frozenset().union(*(each.word.marks for each in line[begin:end]))
            if marks & _PREDICATES and "narrator" not in marks:
                kept[-1] = (kept[-1][0], end)
            continue
        kept.append((begin, end))
    return kept


def scope(line: list[Token], cut: list[Range], one: Found, found: list[Found]) -> list[Range]:
    """The segments a value speaks for: all, unless the sentence has several values of its dimension."""
    rivals = [each for each in found if _rival(each, one)]
    home = _home(line, cut, one)
    if not rivals:
        return _until_turn(line, cut, home)
    first = home
    while first > 0 and not any(_home(line, cut, each) == first - 1 for each in found):
        first -= 1
    own = cut[first : home + 1]
    if any(each.word.weight == 1 for begin, end in own for each in line[begin:end]) or home == 0:
        return own
    return [cut[0], *own] if first else own


def _rival(each: Found, one: Found) -> bool:
    return each is not one and each.value.type == one.value.type and each.value.unit == one.value.unit


def _home(line: list[Token], cut: list[Range], one: Found) -> int:
    return next((place for place, (_, end) in enumerate(cut) if one.start < line[end - 1].end), len(cut) - 1)


def _until_turn(line: list[Token], cut: list[Range], home: int) -> list[Range]:
    """The home segment and its neighbours on this side of a `but`."""
    first = home
    while first > 0 and line[cut[first][0]].text not in _TURNS:
        first -= 1
    last = home + 1
    while last < len(cut) and line[cut[last][0]].text not in _TURNS:
        last += 1
    return cut[first:last]
