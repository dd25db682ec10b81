"""What a piece of text is about, and which case it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs_audit.answers.lexicon import Word
from cs_audit.answers.tokens import Token
from cs_audit.answers.values import Found, Value

_OPENING, _QUOTES = frozenset("«“"), frozenset("«“»”")
_TOLD = frozenset({"past", "did"})
_DAY, _ON = frozenset({"день", "day"}), frozenset({"в", "on", "the"})
_LACKING = frozenset({"без", "without"})
_TIMED = frozenset({"age", "before", "after"})
_KEPT = frozenset(
    {
        "told", "now", "own_case", "my_case", "goodwill", "incident", "instruct", "quote", "hypothetical", "promo",
        "if", "except", "apology", "only", "deadline", "zero_minimum",
    }
)  # fmt: skip
_PLAIN = frozenset({"stop", "negative", "yes", "no", "filler", "able", "need", "wh", "if"})
_OWN_PERFECT = frozenset({"we've", "i've"})
_MODAL = frozenset({"able", "need"})
_PHASES = {
    "after": "after", "once": "after", "после": "after",
    "before": "before", "until": "before", "до": "before", "перед": "before",
}  # fmt: skip
_QUANTITIES = frozenset({"amount", "count", "percent", "money"})


@dataclass(frozen=True, slots=True)
class Context:
    """What a stretch of text is about, and the case it speaks of.

    `terms` are its topics and their weights, `cases` its (group, value) pairs and `case_terms` the topics that are
    such; `names` are names and numbers of things, `quantities` the other values said with it, `marks` what kind of
    speech it is, `without` what is said to be lacking. `bonds` are neighbouring nouns, `subject` the noun it begins
    with; `focus` is what a `not` stands before, `modal` tells can, may, must from a report, `needs` is need.
    """

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


def context(line: list[Token], ranges: Iterable[tuple[int, int]], own: Found | None, found: list[Found]) -> Context:
    """The context of the tokens in `ranges`; `own` is the value it is made for, `found` all of the sentence."""
    gathered = _Gathered(line, own, found)
    for begin, end in ranges:
        gathered.stretch(begin, end)
    marks = gathered.marks
    if "did" in marks or ("past" in marks and "personal" in marks):
        marks.add("told")
    return Context(
        gathered.terms,
        frozenset(gathered.cases),
        frozenset(gathered.case_terms),
        frozenset(gathered.names),
        frozenset(gathered.quantities),
        frozenset(marks & _KEPT),
        frozenset(gathered.without),
        "need" in marks,
        frozenset(gathered.bonds),
        gathered.subject,
    )


def joined(parts: Sequence[Context]) -> Context:
    """The context of several sentences together, as of one text."""
    if len(parts) == 1:
        return parts[0]
    terms: dict[str, float] = {}
    for each in parts:
        for term, weight in each.terms.items():
            terms[term] = max(terms.get(term, 0.0), weight)
    return Context(
        terms,
        frozenset().union(*(each.cases for each in parts)),
        frozenset().union(*(each.case_terms for each in parts)),
        frozenset().union(*(each.names for each in parts)),
        frozenset().union(*(each.quantities for each in parts)),
        frozenset().union(*(each.marks for each in parts)),
        frozenset().union(*(each.without for each in parts)),
        any(each.needs for each in parts),
        frozenset().union(*(each.bonds for each in parts)),
        next((each.subject for each in parts if each.terms), ""),
    )


class _Gathered:
    """What the stretches of one context have given so far, and where the reading of the present one stands."""

    def __init__(self, line: list[Token], own: Found | None, found: list[Found]) -> None:
        self.line, self.own, self.found = line, own, found
        self.terms: dict[str, float] = {}
        self.cases: set[tuple[str, str]] = set()
        self.case_terms: set[str] = set()
        self.names: set[str] = set()
        self.marks: set[str] = set()
        self.without: set[str] = set()
        self.bonds: set[tuple[str, str]] = set()
        self.quantities: set[Value] = set()
        self.subject = ""

    def stretch(self, begin: int, end: int) -> None:
        """Take in the tokens from `begin` up to `end`."""
        if begin >= end:
            return
        self.quoted = self.anchored = False
        self.phase, self.lacking = "", -1
        own = self.own if self.own and self.own.value.type != "count" else None
        for index in range(begin, end):
            token = self.line[index]
            self._marks(token, index, end)
            if own is None or not own.start <= token.start < own.end:
                self._words(token, index, begin)
        self._quantities(self.line[begin].start, self.line[end - 1].end)

    def _marks(self, token: Token, index: int, end: int) -> None:
        """Marks, the phase (before, on, after) of what follows, and whether it only says since when."""
        word = token.word
        if word.marks:
            self.marks |= word.marks - _TOLD if self.anchored else word.marks
            self.anchored = self.anchored or "since_when" in word.marks
        if word.term and self.phase:
            self.cases.add((self.phase, word.term))
        following = self.line[index + 1] if index + 1 < end else None
        if token.text in _PHASES and not (following and following.numeric):
            self.phase = _PHASES[token.text]
        elif token.text in _DAY and index and self.line[index - 1].text in _ON:
            self.phase = "on"
        elif token.text in _OWN_PERFECT and following and following.text.endswith("ed"):
            self.marks.add("told")

    def _words(self, token: Token, index: int, begin: int) -> None:
        word = token.word
        if token.text in _QUOTES:
            self.quoted = token.text in _OPENING
        if word.term:
            self._term(word, index, begin)
        if word.cases:
            self.cases.update(word.cases)
            if word.term:
                self.case_terms.add(word.term)
        if (self.quoted and token.text not in _QUOTES) or (token.capital and _is_name(self.line, index)):
            self.names.add(word.term or token.text)
        if token.numeric:
            _number(self.line, index, self.found, self.names, self.marks)
        elif token.text in _LACKING and "free" not in word.marks and not word.term:
            self.lacking = index + 3

    def _term(self, word: Word, index: int, begin: int) -> None:
        if not self.terms and word.weight == 1 and not self.marks & _MODAL:
            self.subject = word.term
        if index > begin and _bond(self.line[index - 1].word, word):
            self.bonds.add((self.line[index - 1].word.term, word.term))
        weight = min(word.weight, 0.5) if self.anchored and self.own else word.weight
        self.terms[word.term] = max(self.terms.get(word.term, 0.0), weight)
        if index <= self.lacking and word.weight == 1:
            self.without.add(word.term)
            self.lacking = -1

    def _quantities(self, start: int, end: int) -> None:
        """The other values said here: of what size, at what age, how long before."""
        for each in self.found:
            if start <= each.start < end:
                value = each.value
                if each is not self.own and (value.type in _QUANTITIES or value.role in _TIMED):
                    self.quantities.add(value)
                if value.role == "after":
                    self.cases.add(("phase", "after"))


def _bond(one: Word, other: Word) -> bool:
    """Two neighbouring nouns of which one may narrow the other: one that is no common topic."""
    return one.weight == other.weight == 1 and not (one.known and other.known)


def _is_name(line: list[Token], index: int) -> bool:
    token = line[index]
    word = token.word
    plain = word.known and (word.term or word.cases or word.month or word.currency or word.marks & _PLAIN)
    if plain or len(token.text) < 2:
        return False
    return index > 0 and line[index - 1].text not in ".!?…:\n" and not token.word.unit


def _number(line: list[Token], index: int, found: list[Found], names: set[str], marks: set[str]) -> None:
    """A number that measures nothing is a name (form 1040, level 20) or the number of a ticket."""
    token = line[index]
    if any(one.start <= token.start < one.end for one in found):
        return
    if (index and line[index - 1].text in {"#", "№"}) or (token.text.isdigit() and len(token.text) > 5):
        marks.add("own_case")
    elif (
        token.text.isdigit()
        and not 1990 <= int(token.text) <= 2039
        and not (index == 0 and len(line) > 1 and line[1].text in ".):")
    ):
        names.add("#" + token.text)
