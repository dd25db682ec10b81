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
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence as it stands, with its offset in `text`."""
    begin, end = bounds(text)
    hidden = [match.span() for match in _QUOTED.finditer(text)] if ">" in text else []
    start = begin
    for match in _END.finditer(text, begin, end):
        yield from _one(text, start, match.end(), hidden)
        start = match.end()
    yield from _one(text, start, end, hidden)


def bounds(text: str) -> tuple[int, int]:
    """Where the message itself begins and ends: after the greeting, before the farewell."""
    greeting = _GREETING.match(text)
    begin = greeting.end() if greeting else 0
    farewell = None
    for farewell in _FAREWELL.finditer(text, begin):  # noqa: B007 - the last one counts
        pass
    return begin, farewell.start() + 1 if farewell and farewell.start() > begin else len(text)


def _one(text: str, start: int, end: int, hidden: list[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    piece = text[start:end]
    kept = piece.strip()
    place = start + len(piece) - len(piece.lstrip())
    if kept and not any(begin <= place < stop for begin, stop in hidden):
        yield place, kept
