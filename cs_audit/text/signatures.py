"""Signatures: who wrote, with which program, and the sign-off before it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cs_audit.text.lexicon import lexicon
from cs_audit.text.lines import Line

_LONGEST = 15
"""A signature takes no more lines than this."""
_WIDEST, _WORDIEST, _SENTENCE = 100, 12, 6
"""Below a sign-off stand names and addresses: no longer lines, in characters, nor of so many words, nor of so many and
a full stop."""
_DELIMITER = re.compile(r"(?:--|—|__|\*\*)\s*")
_POSTSCRIPT = re.compile(r"\s*(?:p\.? ?s\b|з\.? ?ы\b|ps\b)", re.IGNORECASE)


def without_signature(lines: list[Line]) -> list[Line]:
    """The lines without the signature at their end; all of them if nothing else would be left.

    A signature is what a mail program marked as one, what stands below `-- `, a sign-off ("Best regards") with
    the names and addresses below it, or "Sent from my iPhone". A question or a postscript is never part of it.
    """
    unsigned = [line for line in lines if not line.signed]
    kept = unsigned if _has_text(unsigned) else lines
    end = len(kept)
    while (start := _start(kept, end)) is not None:
        end = start
    return kept[:end] if _has_text(kept[:end]) else kept


def _has_text(lines: list[Line]) -> bool:
    return any(not line.blank for line in lines)


def _start(lines: list[Line], end: int) -> int | None:
    """Where the signature begins that the first `end` lines end with, or None."""
    while end and lines[end - 1].blank:
        end -= 1
    if end and _patterns().device.fullmatch(lines[end - 1].head):
        return end - 1
    for start in range(end - 1, max(end - 1 - _LONGEST, -1), -1):
        line = lines[start]
        if "?" in line.text or _POSTSCRIPT.match(line.head) or _patterns().greeting.fullmatch(line.head):
            return None
        if _DELIMITER.fullmatch(line.head or " "):
            return start
        if _closes(line) and not any(_tells(below) for below in lines[start + 1 : end]):
            return start
    return None


class _Patterns(NamedTuple):
    closing: re.Pattern[str]
    greeting: re.Pattern[str]
    device: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = lexicon("quotes")["signatures"]
    closings, partings, greetings, devices = (
        "|".join(words[name]) for name in ("closings", "partings", "greetings", "devices")
    )
    return _Patterns(
        closing=re.compile(rf"\W{{0,4}}(?:(?P<formal>{closings})|{partings})(?P<rest>(?:\W.{{0,60}})?)", re.IGNORECASE),
        greeting=re.compile(rf"\W{{0,4}}(?:{greetings})\b.{{0,40}}", re.IGNORECASE),
        device=re.compile(rf"\W{{0,4}}(?:{devices})", re.IGNORECASE),
    )


def _closes(line: Line) -> bool:
    """Whether a line is a sign-off: it ends with it, or only a name follows."""
    found = _patterns().closing.fullmatch(line.head)
    if not found:
        return False
    name = found["rest"].lstrip(" ,.!;:—–-")
    named = found["formal"] is not None and found["rest"][:1] in ",.!;:—–"
    return named or not any(word[0].islower() for word in name.split())


def _tells(line: Line) -> bool:
    """Whether a line says something, unlike names and addresses."""
    words = len(line.head.split())
    return len(line.text) > _WIDEST or words >= _WORDIEST or (words >= _SENTENCE and line.text.endswith((".", "!")))
