"""Markdown: the same story for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cs_audit.reports import environment
from cs_audit.reports.own import blaming
from cs_audit.reports.words import Words

MOST_BYTES = 900_000
"""A summary of a step in CI is refused as a whole from 1,024 KiB on."""

_CELLS = 20
_KILO = 1_000


def render(audit: Mapping[str, Any], words: Words, *, templates: Path | None = None) -> str:
    """The document; see `reports.render`."""
    with blaming(templates):
        template = environment.markdown(words, templates).get_template("report.md")
        text = template.render(audit=audit, bar=bar)
    return shortened(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", words)


def bar(share: float | None) -> str:
    """A share in per cent as a bar of text."""
    full = 0 if share is None else int(share / 100 * _CELLS)
    return "█" * full + "░" * (_CELLS - full)


def shortened(text: str, words: Words) -> str:
    """The document within MOST_BYTES: the largest sections are left out whole, and say so under their heading."""
    parts = re.split(r"(?m)^(?=## )", text)
    sizes = [len(part.encode()) for part in parts]
    for place in sorted(range(1, len(parts)), key=lambda each: (-sizes[each], each)):
        if sum(len(part.encode()) for part in parts) <= MOST_BYTES:
            break
        told = words.say(
            "This section of %(size)s KB is left out, so that the document stays below %(most)s KB; it is in the HTML.",
            size=-(-sizes[place] // _KILO), most=MOST_BYTES // _KILO,
        )  # fmt: skip
        parts[place] = f"{parts[place].partition(chr(10))[0]}\n\n{told}\n\n"
    return "".join(parts).rstrip() + "\n"
