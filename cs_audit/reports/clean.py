"""Strangers' text made harmless for each format: it can not run, link, colour, reorder or compute anywhere."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_SPACE = re.compile(r"[\t\r\n]+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~$])|^([-+=]|\d+(?=[.)](?:\s|$)))")
_LINKS = re.compile(r"(?i)[@#](?=\w)|:(?=//)|(?<=\bwww)(?=\.)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # full-width forms compute too
_JOINER = "\u2060"


def visible(text: str) -> str:
    """Control, zero-width and bidirectional characters become a visible sign."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def line(text: str) -> str:
    """The same on one line."""
    return visible(_SPACE.sub(" ", text))


def markdown(text: str) -> str:
    """Text that Markdown shows as it is, in a table cell or elsewhere: no markup, link, mention or HTML."""
    unlinked = _LINKS.sub(lambda found: found.group() + _JOINER, line(text))
    plain = unlinked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(lambda found: found[2] + "\\" if (found[2] or "").isdigit() else "\\" + found[0], plain)


def cell(value: object) -> object:
    """A CSV cell: text that a spreadsheet would compute gets an apostrophe, numbers stay numbers."""
    if isinstance(value, str):
        return "'" + value if value.startswith(_FORMULA) else value
    return "" if value is None else value


def link(url: object) -> str:
    """The address if it is safe to follow, else nothing."""
    text = url if isinstance(url, str) else ""
    return text if text.lower().startswith("https://") and not re.search(r"[\s<>\"'`\\\x00-\x20]", text) else ""
