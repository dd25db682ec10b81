"""A message as lines, each with its level of quoting: what all steps to plain text work on."""

from __future__ import annotations

import re
from typing import NamedTuple

REACH = 300
"""How much of a line patterns look at, in characters: what mail programs write is shorter, and time stays linear."""

_INVISIBLE, _WIDE = r"\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff", r"\u00a0\u2007\u202f"
FOREIGN = rf"\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029{_INVISIBLE}{_WIDE}"
"""Characters that text is freed from: other line ends than newline, what nobody sees, and other spaces."""

_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
_SPACES = re.compile(f"[{_WIDE}]")
_MARKS = re.compile(r"[ \t]{0,3}>[> \t]*")


class Line(NamedTuple):
    """One line: its text without quotation marks, how often it is quoted, and if it was marked as a signature."""

    text: str
    depth: int = 0
    signed: bool = False

    @property
    def blank(self) -> bool:
        """Whether it has no text."""
        return not self.text.strip()

    @property
    def head(self) -> str:
        """The part that patterns look at."""
        return self.text[:REACH]


def text_lines(body: str) -> list[Line]:
    """The lines of a plain text; `>` at their beginning is quoting, unless it closes an address of the line before."""
    lines: list[Line] = []
    for text in readable(body).splitlines():
        before = lines[-1] if lines else None
        lines.append(Line(text.rstrip()) if before and not before.depth and _open(before.text) else marked(text))
    return lines


def marked(text: str, depth: int = 0, *, signed: bool = False) -> Line:
    """A line whose `>` marks are counted, on top of `depth` levels known otherwise."""
    found = _MARKS.match(text)
    if not found:
        return Line(text.rstrip(), depth, signed)
    return Line(text[found.end() :].rstrip(), depth + found[0].count(">"), signed)


def readable(body: str) -> str:
    """The text without invisible characters and with one kind of space."""
    return body if body.isascii() else _SPACES.sub(" ", _UNSEEN.sub("", body))


def joined(lines: list[Line]) -> str:
    """The lines as text: no blank line at either end, never two in a row."""
    texts = [line.text for line in lines]
    kept = [text for number, text in enumerate(texts) if text.strip() or (number and texts[number - 1].strip())]
    return "\n".join(kept).strip("\n")


def _open(text: str) -> bool:
    """Whether an address was begun with `<` and not closed: "See <https://example.com" goes on in the next line."""
    start = text.rfind("<")
    return start > text.rfind(">") and "//" in text[start : start + 12]
