"""What a piece of text is about, and which case it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cs_audit.answers.lexicon import Word
from cs_audit.answers.tokens import Token
from cs_audit.answers.values import Found, Value

_OPENING, _CLOSING = frozenset("«“"), frozenset("»”")
_KEPT = frozenset(
    {
        "told", "now", "own_case", "my_case", "goodwill", "incident", "instruct", "quote", "hypothetical", "promo", "if", "except", "apology",
        "only", "deadline", "zero_minimum",
    }
)  # fmt: skip
_PLAIN = frozenset({"stop", "negative", "yes", "no", "filler", "able", "need", "wh", "if"})
_MODAL = frozenset({"able", "need"})
_PHASES = {
    "after": "after", "once": "after", "после": "after", "before": "before", "until": "before", "до": "before", "перед": "before",
}  # fmt: skip
_QUANTITIES = frozenset({"amount", "count", "percent", "money"})


@dataclass(frozen=True, slots=True)
class Context:
    """Terms with their weights, (group, value) cases, names, other quantities, and marks."""

    terms: dict[str, float]
    cases: frozenset[tuple[str, str]]
    case_terms: frozenset[str]
    names: frozenset[str]
    quantities: frozenset[Value]
    marks: frozenset[str]
    without: frozenset[str]
    needs: bool = False
    bonds: frozenset[tuple[str, str]] = frozenset()
    subject: str = ""
    focus: str = ""
    modal: bool = True


EMPTY = Context({}, frozenset(), frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


def context(
    line: list[Token], ranges: Iterable[tuple[int, int]], own: Found | None, found: list[Found]
) -> Context:
    """The context of the tokens in `ranges`; `own` is the value it is made for, `found` all of the sentence."""
    terms: dict[str, float] = {}
    cases: set[tuple[str, str]] = set()
    case_terms: set[str] = set()
    names: set[str] = set()
    marks: set[str] = set()
    without: set[str] = set()
    bonds: set[tuple[str, str]] = set()
    quantities: set[Value] = set()
    subject = ""
    for begin, end in ranges:
        quoted = anchored = False
        phase = ""
        lacking = -1
        for index in range(begin, end):
            token = line[index]
            word = token.word
            marks |= word.marks - {"past", "did"} if anchored else word.marks
            if word.term and phase:
                cases.add((phase, word.term))
            if not token.numeric and (index + 1 == end or not line[index + 1].numeric):
                phase = _PHASES.get(token.text, phase)
            anchored = anchored or "since_when" in word.marks
            if own and own.start <= token.start < own.end and own.value.type != "count":
                continue
            if token.text in _OPENING or token.text in _CLOSING:
                quoted = token.text in _OPENING
            if word.term:
                if not terms and word.weight == 1 and not marks & _MODAL:
                    subject = word.term
                if index > begin and _bond(line[index - 1].word, word):
                    bonds.add((line[index - 1].word.term, word.term))
                weight = min(word.weight, 0.5) if anchored and own else word.weight
                terms[word.term] = max(terms.get(word.term, 0.0), weight)
                if index <= lacking:
                    without.add(word.term)
                    lacking = -1
            if word.cases:
                cases.update(word.cases)
                if word.term:
                    case_terms.add(word.term)
            if quoted or _is_name(line, index):
                names.add(word.term or token.text)
            if token.numeric:
                _number(line, index, found, names, marks)
            if token.text in {"без", "without"} and "free" not in word.marks and not word.term:
                lacking = index + 3
        if begin < end:
            stretch = (line[begin].start, line[end - 1].end)
            quantities |= {
                each.value
                for each in found
                if each is not own
                and (each.value.type in _QUANTITIES or each.value.role in {"age", "before", "after"})
                and stretch[0] <= each.start < stretch[1]
            }
            if any(each.value.role == "after" and stretch[0] <= each.start < stretch[1] for each in found):
                cases.add(("phase", "after"))
    if "did" in marks or ("past" in marks and "personal" in marks):
        marks.add("told")
    kept = frozenset(marks & _KEPT)
    return Context(terms, frozenset(cases), frozenset(case_terms), frozenset(names), frozenset(quantities), kept, frozenset(without), "need" in marks, frozenset(bonds), subject)


def _bond(one: Word, other: Word) -> bool:
    """Two neighbouring nouns of which one may narrow the other: one that is no common topic."""
    return one.weight == other.weight == 1 and not (one.known and other.known)


def _is_name(line: list[Token], index: int) -> bool:
    token = line[index]
    word = token.word
    plain = word.known and (word.term or word.cases or word.month or word.currency or word.marks & _PLAIN)
    if not token.capital or plain or len(token.text) < 2:
        return False
    return index > 0 and line[index - 1].text not in ".!?…:\n" and not token.word.unit


def _number(line: list[Token], index: int, found: list[Found], names: set[str], marks: set[str]) -> None:
    """A number that measures nothing is a name (form 1040, level 20) or the number of a ticket."""
    token = line[index]
    if any(one.start <= token.start < one.end for one in found):
        return
    if (index and line[index - 1].text in {"#", "№"}) or (token.text.isdigit() and len(token.text) > 5):
        marks.add("own_case")
    elif token.text.isdigit() and not 1990 <= int(token.text) <= 2039 and not (index == 0 and len(line) > 1 and line[1].text in ".):"):
        names.add("#" + token.text)
