"""The text of Atlassian's document format: a tree of nodes, whose leaves hold words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = Any

_BLOCKS = ("paragraph", "heading", "listItem", "blockquote", "codeBlock", "rule", "tableRow", "panel", "mediaSingle")


def plain(body: Json) -> str | None:
    """The text of a document (Atlassian's format, or plain text as older interfaces give it)."""
    if body is None or isinstance(body, str):
        return body or None
    lines = "".join(_pieces(body)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip()) or None


def _pieces(node: Json) -> Iterator[str]:
    kind, known = node.get("type"), node.get("attrs") or {}
    if kind == "hardBreak":
        yield "\n"
    yield str(node.get("text") or known.get("text") or known.get("url") or "")
    for each in node.get("content") or []:
        yield from _pieces(each)
    if kind in _BLOCKS:
        yield "\n"
