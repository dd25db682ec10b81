"""What a sentence says can or cannot be, must or need not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cs_audit.answers.segments import Range
from cs_audit.answers.tokens import Token
from cs_audit.answers.values import Value

_BREAKS = frozenset(".,!;:-–—\n") | {"…"}
_CANNOT, _CAN = (Value("ability", "", sign, sign) for sign in (-1.0, 1.0))
_UNNEEDED, _NEEDED = (Value("need", "", sign, sign) for sign in (-1.0, 1.0))
_YOURSELF, _ASSISTED = (Value("process", "", sign, sign) for sign in (1.0, -1.0))
_DEPENDENT = frozenset({"if", "dependent"})
_NOT = frozenset({"not", "не", "never", "cannot", "no", "нет"})
_EMPTY = frozenset({"able", "need", "weak", "negative"})
_PAST = (
    "ал",
    "ил",
    "ел",
    "ыл",
    "ял",
    "ала",
    "ила",
    "ела",
    "яла",
    "ало",
    "ило",
    "али",
    "или",
    "ели",
    "яли",
    "лся",
    "лась",
    "лись",
    "лось",
)
_BY = frozenset({"по", "с", "со", "при", "by", "with", "upon"})
_CHARGES = frozenset({"free", "no_charge_object"})
_NOT_RULES = frozenset({"instruct", "narrator", "elapsed"})
_PLURALS = frozenset({"недели", "модели", "автомобили", "цели", "детали", "медали", "отели", "мили", "мебели"})
_MUST = frozenset({"must", "should", "mustn't", "shouldn't"})
_IMPERATIVE = ("йте", "ите", "йтесь", "итесь", "ьте")


class Proposition(NamedTuple):
    """A segment's proposition: its value, first and last token, the tokens it is about, what exactly is denied.

    `focus` is the verb or noun a `not` stands before (`не переносятся`), "" where the whole is denied; `modal` tells
    can, may, must from a plain report.
    """

    value: Value
    first: int
    last: int
    about: Range
    focus: str = ""
    modal: bool = True


def lead(line: list[Token]) -> int:
    """1 if the sentence begins with a yes, -1 with a no that stands alone (`No, ...`), else 0."""
    for index, token in enumerate(line[:6]):
        marks = token.word.marks
        if "yes" in marks:
            return 1
        if "no" in marks:
            return -1 if index + 1 == len(line) or line[index + 1].text in _BREAKS else 0
        if "filler" not in marks and token.text not in _BREAKS:
            return 0
    return 0


def propositions(line: list[Token], cut: list[Range]) -> list[Proposition]:
    """What the segments say of what can, cannot, must or need not be; questions and narratives say nothing."""
    if not line or line[-1].text == "?":
        return []
    start = 1 if lead(line) < 0 else 0
    found: list[Proposition] = []
    for begin, end in cut:
        part = line[max(begin, start) : end]
        if any(each.word.weight for each in part) and _general(part):
            found += _propositions(part, (max(begin, start), end))
    return found


def _general(part: list[Token]) -> bool:
    """Whether it can be a rule for everybody: no step to try, no condition, no reason, nobody's story."""
    if part[0].word.marks & _DEPENDENT or ("wh" in part[0].word.marks and "able" not in part[0].word.marks):
        return False
    return not any(each.word.marks & _NOT_RULES or _told(each) for each in part)


def _told(token: Token) -> bool:
    text = token.text
    if token.word.known:
        return text.endswith("ли") and token.word.weight > 0 and text not in _PLURALS
    return text.endswith(_PAST) and len(text) > 4


def _propositions(part: list[Token], where: Range) -> Iterator[Proposition]:
    marks = frozenset().union(*(each.word.marks for each in part))
    negative = denied(part)
    needed = bool(marks & {"need", "optional"}) and not (negative and any(each.text in _MUST for each in part))
    modal = needed or bool(marks & {"able", "only"})
    if not modal and not negative and any(each.text.endswith(_IMPERATIVE) for each in part):
        return
    if marks & _CHARGES and (negative or not modal):
        return  # what is charged is a sum, and compared as such
    first, last = where[0], where[1] - 1
    value = _value(needed=needed, denied="optional" in marks or negative if needed else negative)
    yield Proposition(value, first, last, where, _focus(part) if negative and not needed else "", modal or negative)
    if not needed and (modal or negative) and (lacking := _lacking(part, where)):
        yield Proposition(_NEEDED if negative else _UNNEEDED, first, last, lacking)
    if not negative and (bound := _only_by(part, where)):
        yield Proposition(_NEEDED, first, last, bound)
    if "self_service" in marks or ("only" in marks and "assistant" in marks):
        yield Proposition(_YOURSELF if "self_service" in marks and not negative else _ASSISTED, first, last, where)


def _value(*, needed: bool, denied: bool) -> Value:
    if needed:
        return _UNNEEDED if denied else _NEEDED
    return _CANNOT if denied else _CAN


def denied(part: list[Token]) -> bool:
    """Whether the segment denies. Two negations side by side (`not impossible`) affirm, two apart deny twice."""
    places = [
        index for index, each in enumerate(part) if "negative" in each.word.marks and "harmless" not in each.word.marks
    ]
    return bool(places) and not (len(places) == 2 and places[1] == places[0] + 1)


def _focus(part: list[Token]) -> str:
    for index, token in enumerate(part):
        if token.text in _NOT or token.text.endswith(("n't", "cannot")):
            for each in part[index + 1 :]:
                if each.word.marks & _EMPTY:
                    return ""
                if each.word.weight:
                    return each.word.term
    return ""


def _lacking(part: list[Token], where: Range) -> Range | None:
    """What `without X` names: cannot without X means that X is needed."""
    for index, token in enumerate(part):
        if token.text in {"без", "without"} and index + 1 < len(part):
            return where[0] + index + 1, where[0] + min(index + 4, len(part))
    return None


def _only_by(part: list[Token], where: Range) -> Range | None:
    """What `only by X`, `только по X` names: X is needed."""
    for index, token in enumerate(part[:-2]):
        if "only" in token.word.marks and part[index + 1].text in _BY:
            return where[0] + index + 2, where[0] + min(index + 5, len(part))
    return None
