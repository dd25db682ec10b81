"""What a person wrote in one message: HTML, quoted history and signature taken away."""

from __future__ import annotations

from functools import cache

import polars as pl

from cs_audit.text.html import html_lines, looks_like_html, shown
from cs_audit.text.lexicon import lexicon, version
from cs_audit.text.lines import FOREIGN, Line, joined, text_lines
from cs_audit.text.quotes import without_quotes
from cs_audit.text.signatures import without_signature

_ROUNDS = 8


def plain_text(body: str, *, html: bool | None = None, signature: bool = False) -> str:
    """The plain text of a message as its author wrote it.

    Args:
        body: one body of a message, decoded; of a mail with several, the plain one where there is one.
        html: whether it is HTML; None looks at it.
        signature: keep sign-off and signature.

    Returns:
        Lines without quoted history, at most one blank line between them. Where a message is nothing but
        quotation or signature, that is what it says, and it stays: the result is empty only if there is no
        text at all. Plain text of plain text is the same text.
    """
    is_html = looks_like_html(body) if html is None else html
    lines = html_lines(body) if is_html else text_lines(body)
    text = _settled(_cleaned(lines, signature=signature), signature=signature)
    return text if html is False else shown(text)


def plain_texts(bodies: pl.Series, *, html: bool | None = None, signature: bool = False) -> pl.Series:
    """The plain text of each message of a column; the same answers as `plain_text`, most of them without its work."""
    needing = bodies.unique().drop_nulls()
    needing = needing.filter(needing.str.contains(_suspicious()))
    cleaned = [plain_text(body, html=html, signature=signature) for body in needing]
    return bodies.replace(needing, pl.Series(cleaned, dtype=pl.String))


@cache
def _suspicious() -> str:
    """What every text has that is HTML, or has quotations, a signature or white space to fold."""
    words = lexicon("quotes")
    signed = [*words["signatures"]["closings"], *words["signatures"]["partings"], "sent ", "get outlook", "отправлено"]
    said = signed + words["dividers"]["history"]
    signs = rf"[<>:—\x1c-\x1f{FOREIGN}]|[-_*]{{2}}|\s\n|\s$|^\s|\n\n\n"
    return f"(?i){signs}|{'|'.join(said)}"


def lexicon_version() -> str:
    """The version of the words that mark quotations and signatures."""
    return version("quotes")


def _settled(text: str, *, signature: bool) -> str:
    """The text once nothing more can be taken away: lines that were apart may say something new side by side."""
    for _ in range(_ROUNDS):
        again = _cleaned(text_lines(text), signature=signature)
        if again == text:
            break
        text = again
    return text


def _cleaned(lines: list[Line], *, signature: bool) -> str:
    own = _unless_empty(without_quotes(lines)) or _unquoted(lines)
    return joined(own if signature else without_signature(own))


def _unquoted(lines: list[Line]) -> list[Line]:
    """The text of a message that is one quotation, at whatever depth."""
    flat = [line._replace(depth=0) for line in lines]
    return _unless_empty(without_quotes(flat)) or flat


def _unless_empty(lines: list[Line]) -> list[Line]:
    return lines if any(not line.blank for line in lines) else []
