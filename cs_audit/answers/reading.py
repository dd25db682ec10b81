"""One sentence, read once: its facts, what it says can or cannot be, and the case it speaks of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cs_audit.answers.clocks import clocks, dates
from cs_audit.answers.contacts import contacts
from cs_audit.answers.context import EMPTY, Context, context
from cs_audit.answers.lexicon import Lexicon
from cs_audit.answers.measures import measures
from cs_audit.answers.money import charges
from cs_audit.answers.propositions import Proposition, lead, propositions
from cs_audit.answers.segments import scope, segments
from cs_audit.answers.tokens import Token, tokens
from cs_audit.answers.values import Found, Value

_CACHE = 1 << 13
_ASKS_IN_LEAD = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said: the value, the characters that say it, and the words it is about."""

    value: Value
    start: int
    end: int
    said: Context


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence's facts, its leading yes (1) or no (-1), and the whole as one context.

    `polar` is 1 for a question to be answered by yes or no, -1 for one that is put with a negation, else 0.
    """

    facts: tuple[Fact, ...]
    lead: int
    whole: Context
    polar: int


NOTHING = Reading((), 0, EMPTY, 0)


def read(text: str, lexicon: Lexicon, *, whole: bool = True) -> Reading:
    """The reading of one sentence, kept for the next time it is met.

    Without `whole`, a sentence that says nothing to compare has a context of marks alone.
    """
    kept = _kept.setdefault(id(lexicon), (lexicon, ({}, {})))[1][whole]
    found = kept.get(text)
    if found is None:
        if len(kept) >= _CACHE:
            kept.clear()
        found = kept[text] = _read(text, lexicon, brief=not whole)
    return found


_kept: dict[int, tuple[Lexicon, tuple[dict[str, Reading], dict[str, Reading]]]] = {}


def _read(text: str, lexicon: Lexicon, *, brief: bool) -> Reading:
    reached = contacts(text) if any(map(str.isdigit, text)) or "@" in text or "www." in text or "://" in text else []
    line = [each for each in tokens(text, lexicon) if not any(one.start <= each.start < one.end for one in reached)]
    found = (
        _values(line)
        if any(
            each.numeric or each.word.number is not None or each.word.unit or each.word.marks & _VALUED for each in line
        )
        else []
    )
    cut = segments(line, found)
    found = charges(line, cut, found)
    facts = [
        Fact(each.value, each.start, each.end, context(line, scope(line, cut, each, found), each, found))
        for each in found
    ]
    proposed = propositions(line, cut)
    if brief and not (facts or reached or proposed):
        return Reading((), lead(line), replace(EMPTY, marks=_marks(line)), _polar(line))
    end = len(line) - (len(line) > 1 and line[-1].text in {".", "!", "?"})
    whole = context(line, [(0, end)], None, found)
    facts += [Fact(each.value, each.start, each.end, whole) for each in reached]
    facts += [_proposed(each, line, found, whole if each.about == (0, end) else None) for each in proposed]
    own = whole.marks & _WHOLE
    if own:
        facts = [replace(each, said=replace(each.said, marks=each.said.marks | own)) for each in facts]
    return Reading(tuple(facts), lead(line), whole, _polar(line))


def _marks(line: list[Token]) -> frozenset[str]:
    return frozenset().union(*(each.word.marks for each in line))


def _proposed(each: Proposition, line: list[Token], found: list[Found], whole: Context | None) -> Fact:
    said = whole or context(line, [each.about], None, found)
    if each.focus or not each.modal:
        said = replace(said, focus=each.focus, modal=each.modal)
    return Fact(each.value, line[each.first].start, line[each.last].end, said)


_WHOLE = frozenset({"own_case", "told"})
_VALUED = frozenset({"free", "paid", "all_day", "clock_word"})


def _values(line: list[Token]) -> list[Found]:
    """Values in the order of the sentence; where two readings overlap, times and dates are the better one."""
    taken = clocks(line) + dates(line)
    found = [each for each, _, _ in measures(line) if not any(_overlap(each, one) for one in taken)]
    return sorted(taken + found, key=lambda each: (each.start, each.end))


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _polar(line: list[Token]) -> int:
    if not line or line[-1].text != "?":
        return 0
    last = max((place for place, each in enumerate(line[:-1]) if each.text in ".!?\n"), default=-1)
    asked = line[last + 1 : -1]
    if any("wh" in each.word.marks for each in asked):
        return 0
    return -1 if any("negative" in each.word.marks and each.text not in {"no", "нет"} for each in asked) else 1
