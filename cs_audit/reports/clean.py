"""Strangers' text made harmless for each format: it can not run, link, colour, reorder, compute or command anywhere."""

from __future__ import annotations

import json
import re

_PLANES = "".join(f"{chr(0x10000 * plane + 0xFFFE)}{chr(0x10000 * plane + 0xFFFF)}" for plane in range(1, 17))
UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # direction, and other ends of lines
    # not seen, or never a character; tags, that hide text in text
    "\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff"
    f"\ufdd0-\ufdef{_PLANES}\U000e0000-\U000e0fff"
)
"""What of a character class acts without being seen; joiners within words and emoji, and soft hyphens, do no harm."""
_UNSEEN = re.compile(f"[{UNSEEN}\ud800-\udfff]")
_SPACE = re.compile(r"[\t\r\n]+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~$])|^([-+=]|\d+(?=[.)](?:\s|$)))")
_LINKS = re.compile(r"(?i)[@#](?=\w)|/(?=/)|(?<=\bwww)(?=\.)|(?:(?<=\bmailto)|(?<=\bxmpp)|(?<=^:))(?=:)")
_COMMAND = re.compile(r"(?m)^([^\S\n]*):(?=:)|#(?=#(?:vso|teamcity)?\[)")
SIGNS = "=+\\-@＝＋－＠−"
"""What begins a formula, as a character class: full-width forms compute too."""
_FORMULA = re.compile(rf"\s*[{SIGNS}]")
_AFTER_SEMICOLON = re.compile(rf"(;\s*)(?=[{SIGNS}])")
_SIGN = "\N{REPLACEMENT CHARACTER}"
_JOINER = "\u2060"
_SAFE = "\n\u00a0\u202f"
"""Safe though `str.isprintable` says no: line ends and the spaces that hold numbers together."""
_ADDRESS = re.compile(r"https://[^\s<>\"'`\\@/?#]+(?:[/?#][^\s<>\"'`\\]*)?", re.IGNORECASE)


def visible(text: str) -> str:
    """Control, zero-width and bidirectional characters become a visible sign."""
    return _UNSEEN.sub(_SIGN, text)


def line(text: str) -> str:
    """The same on one line."""
    return visible(_SPACE.sub(" ", text))


def plain(text: str) -> str:
    """Lines for a terminal or a log: none of them steers it, or orders a pipeline about (`::error`, `##[group]`)."""
    shown = "".join(each if each in _SAFE or each.isprintable() else _SIGN for each in visible(text))
    return _COMMAND.sub(lambda found: f"{found[1] or ''}{found[0].strip()} ", shown)


def markdown(text: str) -> str:
    """Text that Markdown shows as it is, in a table cell or elsewhere: no markup, link, mention or HTML."""
    unlinked = _LINKS.sub(lambda found: found.group() + _JOINER, line(text))
    tagless = unlinked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(lambda found: found[2] + "\\" if (found[2] or "").isdigit() else "\\" + found[0], tagless)


def cell(value: object) -> object:
    """A CSV cell on one line: text that a spreadsheet would compute gets an apostrophe, also where one that separates
    by semicolons would begin a cell; numbers stay numbers.
    """
    if isinstance(value, str):
        text = _AFTER_SEMICOLON.sub(r"\1'", line(value))
        return "'" + text if _FORMULA.match(text) else text
    return "" if value is None else value


def escaped(text: str) -> str:
    """JSON of the same value in which nothing steers a terminal or a log."""
    told = _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return told.replace("##", "#\\u0023")


def link(url: object) -> str:
    """The address if it is safe to follow, else nothing."""
    return url if isinstance(url, str) and _ADDRESS.fullmatch(url) and not _UNSEEN.search(url) else ""
