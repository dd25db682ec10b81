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
_END = re.compile(r"[.!?…]+[)»\"”]?\s+(?=[^\sa-zа-яё\d])|\s*\n+\s*|[!?…]+\s+")
LONGEST = 800
"""Longer stretches without a stop (tables, logs) are read in pieces of as many characters."""


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence as it stands, with its offset in `text`."""
    begin, end = bounds(text)
    start = begin
    for match in _END.finditer(text, begin, end):
        yield from _pieces(text, start, match.end())
        start = match.end()
    yield from _pieces(text, start, end)


def bounds(text: str) -> tuple[int, int]:
    """Where the message itself begins and ends: after the greeting, before the farewell."""
    greeting = _GREETING.match(text)
    begin = greeting.end() if greeting else 0
    farewell = None
    for farewell in _FAREWELL.finditer(text, begin):  # noqa: B007 - the last one counts
        pass
    return begin, farewell.start() + 1 if farewell and farewell.start() > begin else len(text)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    if _quoted(text, start):
        return
    while start < end:
        stop = end if end - start <= LONGEST else text.rfind(" ", start + 1, start + LONGEST) + 1 or start + LONGEST
        piece = text[start:stop]
        kept = piece.strip()
        if kept:
            yield start + len(piece) - len(piece.lstrip()), kept
        start = stop


def _quoted(text: str, place: int) -> bool:
    """Whether the line is quoted history."""
    line = text.rfind("\n", max(place - LONGEST, 0), place) + 1
    return text[line : place + 3].lstrip().startswith(">")
