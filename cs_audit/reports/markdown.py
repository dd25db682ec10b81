"""Markdown: the same story for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cs_audit.reports import environment
from cs_audit.reports.words import Words

_CELLS = 20


def render(audit: Mapping[str, Any], words: Words) -> str:
    """The document."""
    text = environment.markdown(words).get_template("report.md").render(audit=audit, bar=bar)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def bar(share: float | None) -> str:
    """A share in per cent as a bar of text."""
    full = 0 if share is None else int(share / 100 * _CELLS)
    return "█" * full + "░" * (_CELLS - full)
