"""Quoted history: what mail programs repeat of earlier messages below, above and between the lines of an answer."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cs_audit.text.lexicon import lexicon
from cs_audit.text.lines import REACH, Line

_WRAPPED = 4
"""An attribution takes no more lines than this."""
_BLOCK = 14
"""A block of mail headers takes no more lines than this."""
_ENDS = (":", "---", ">")
_RULE = re.compile(r"[\s_*=—-]+")
_CLOCK_OR_ADDRESS = re.compile(r"\d[:.]\d\d|@")


def without_quotes(lines: list[Line]) -> list[Line]:
    """The lines their author wrote: answers between quoted lines stay, a forwarded message stays.

    `>` lines and what announces them go. Below Outlook's block of headers, a line like "Original Message",
    or an attribution whose quotation is not marked, everything goes.
    """
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        if lines[at].depth:
            at += 1
        elif taken := _forwarded(lines, at):
            kept += lines[at : at + taken]
            at += taken
        elif _begins_history(lines, at):
            return _without_rules(kept)
        elif taken := _attribution(lines, at):
            if not _quoted_next(lines, at + taken):
                return _without_rules(kept)
            at += taken
        else:
            kept.append(lines[at])
            at += 1
    return kept


def _without_rules(kept: list[Line]) -> list[Line]:
    """Without the horizontal rule that stood above the history."""
    while kept and _RULE.fullmatch(kept[-1].head or " "):
        kept.pop()
    return kept


def _quoted_next(lines: list[Line], at: int) -> bool:
    while at < len(lines) and lines[at].blank and not lines[at].depth:
        at += 1
    return at < len(lines) and lines[at].depth > 0


class _Patterns(NamedTuple):
    begins: re.Pattern[str]
    wrote: re.Pattern[str]
    address: re.Pattern[str]
    label: re.Pattern[str]
    history: re.Pattern[str]
    forwarded: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = lexicon("quotes")
    said = words["attribution"]
    either = "|".join
    months, days = either(said["months"]), either(said["weekdays"])
    date = rf"\d{{1,4}}[./-]\d|\d{{1,2}}(?:st|nd|rd|th)?\.?[ -](?:{months})|(?:{months})\w*\.?,? \d"
    roles = either(rf"(?P<{role}>{either(names)})" for role, names in words["headers"].items())
    of = words["dividers"]
    return _Patterns(
        begins=_compiled(
            rf"\W{{0,8}}(?:(?:{either(said['first_words'])})\s.{{0,80}}?\d|(?:(?:{days})\w*\.?,? ?)?(?:{date}))"
        ),
        wrote=_compiled(rf".*\b(?:{either(said['verbs'])}) ?(?::|-{{3,}}) ?"),
        address=_compiled(r".*@[^\s@]+[>)\]] ?:?"),
        label=_compiled(rf"[\s*_]{{0,6}}(?:{roles})[\s*_]{{0,3}}:"),
        history=_compiled(rf"[\s_*=#-]{{2,}}(?:{either(of['history'])})[\s_*=:#-]*"),
        forwarded=_compiled(rf"[\s_*=-]*(?:{either(of['forwarded'])})[\s_*=:-]*"),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _attribution(lines: list[Line], at: int) -> int:
    """How many lines from `at` on announce a quotation ("On ... wrote:"), or 0.

    Without a time of day or an address it only is one if a marked quotation follows: people write so too.
    """
    patterns = _patterns()
    begins = patterns.begins.match(lines[at].head)
    text = ""
    for taken, line in enumerate(lines[at : at + _WRAPPED], 1):
        if line.depth or line.blank:
            return 0
        text = f"{text} {line.head}".strip()
        if len(text) > REACH:
            return 0
        wrote = text.endswith(_ENDS) and patterns.wrote.fullmatch(text)
        named = wrote or (begins and text.endswith(_ENDS) and patterns.address.fullmatch(text))
        if named and _quoted_next(lines, at + taken):
            return taken
        if begins and named and not text.endswith(">") and _CLOCK_OR_ADDRESS.search(text):
            return taken
        if not begins:
            return 0
    return 0


def _begins_history(lines: list[Line], at: int) -> bool:
    return bool(_patterns().history.fullmatch(lines[at].head)) or _header_block(lines, at) > 0


def _forwarded(lines: list[Line], at: int) -> int:
    """How many lines from `at` on say that a message was forwarded, with the headers below; 0 if none."""
    if not _patterns().forwarded.fullmatch(lines[at].head):
        return 0
    after = at + 1
    while after < len(lines) and lines[after].blank:
        after += 1
    return after - at + _header_block(lines, after)


def _header_block(lines: list[Line], at: int) -> int:
    """How many lines from `at` on are the headers of an earlier message ("From: ... Sent: ..."), or 0.

    A form may have a line "From: Moscow" too: mail headers say when it was sent, or hold an address or a subject.
    """
    found = _labels(lines, at)
    if not found or found[0][1] not in {"from", "sent", "date", "subject"}:
        return 0
    roles = {role for _, role in found if role != "other"}
    last = found[-1][0] + 1
    addressed = any("@" in line.head for line in lines[at:last])
    named = len(roles) >= 3 and (addressed or bool(roles & {"sent", "subject"}))
    dated = len(roles) >= 2 and addressed and bool(roles & {"sent", "date"})
    return last - at if named or dated else 0


def _labels(lines: list[Line], at: int) -> list[tuple[int, str]]:
    """The labelled lines of a block from `at` on, each with its role; a value may go on in two more lines."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines[at : at + _BLOCK], at):
        label = _patterns().label.match(line.head)
        if label and label.lastgroup:
            found.append((number, label.lastgroup))
        elif not found or line.blank or number - found[-1][0] > 2:
            break
    return found
