"""An answer without its greeting, quoted lines and signature, cut into sentences with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

_GREETING = re.compile(
    r"\s*(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|здравствуйте|приветствую|привет"
    r"|добрый (?:день|вечер)|доброе утро|доброго времени суток|уважаем\w{1,4})\b(?!-)[^,.!?:\n\d]{0,40}[,.!\n]+\s*",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"\n-- ?\n|(?:^|[\n.!?,]) ?[ \n]?(?:(?:best|kind|warm|with best|with kind) (?:regards|wishes)|regards,|sincerely"
    r"|yours (?:truly|faithfully)|с уважением|всего доброго|с наилучшими пожеланиями|хорошего дня"
    r"|have a (?:nice|great|good) day)",
    re.IGNORECASE,
)
_WISHES = (
    "--", "regards", "wishes", "sincerely", "yours", "уважением", "всего доброго", "пожеланиями", "хорошего дня",
    " day",
)  # fmt: skip
"""One of these stands in every farewell."""
_STOP = r"[.!?…]+[)»\"”]?\s+(?=[^\sa-zа-яё\d])|[!?…]+\s+"
_END, _END_OF_LINE = re.compile(_STOP), re.compile(rf"{_STOP}|\s*\n+\s*")
LONGEST = 800
"""Longer stretches without a stop (tables, logs) are read in pieces of as many characters."""


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence as it stands, with its offset in `text`."""
    begin, end = bounds(text)
    start, quotes = begin, ">" in text
    ends = _END_OF_LINE if "\n" in text else _END
    for stop in (*(match.end() for match in ends.finditer(text, begin, end)), end):
        if not (quotes and _quoted(text, start)):
            yield from _pieces(text, start, stop)
        start = stop


def bounds(text: str) -> tuple[int, int]:
    """Where the message itself begins and ends: after the greeting, before the farewell."""
    greeting = _GREETING.match(text)
    begin = greeting.end() if greeting else 0
    low, farewell = text.lower(), None
    if any(wish in low for wish in _WISHES):
        for farewell in _FAREWELL.finditer(text, begin):  # noqa: B007 - the last one counts
            pass
    return begin, farewell.start() + 1 if farewell and farewell.start() > begin else len(text)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    while start < end:
        stop = end if end - start <= LONGEST else text.rfind(" ", start + 1, start + LONGEST) + 1 or start + LONGEST
        piece = text[start:stop].lstrip()
        if piece:
            yield stop - len(piece), piece.rstrip()
        start = stop


def _quoted(text: str, place: int) -> bool:
    """Whether the line is quoted history."""
    line = text.rfind("\n", max(place - LONGEST, 0), place) + 1
    return text[line : place + 3].lstrip().startswith(">")
