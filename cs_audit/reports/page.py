"""HTML: the whole report in one file that needs no script and asks for nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cs_audit.reports import environment
from cs_audit.reports.own import blaming
from cs_audit.reports.words import Words


def render(audit: Mapping[str, Any], words: Words, *, templates: Path | None = None, beside: Sequence[str] = ()) -> str:
    """The page; see `reports.render`."""
    with blaming(templates):
        page = environment.html(words, templates).get_template("report.html")
        return page.render(audit=audit, beside=list(beside)) + "\n"
