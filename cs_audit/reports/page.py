"""HTML: the whole report in one file that needs no script and asks for nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cs_audit.reports import environment, rows
from cs_audit.reports.own import blaming
from cs_audit.reports.words import Words

_MOST_FIGURES = 100_000


def render(audit: Mapping[str, Any], words: Words, *, templates: Path | None = None) -> str:
    """The page; see `reports.render`."""
    with blaming(templates):
        page = environment.html(words, templates).get_template("report.html")
        return page.render(audit=audit, figures=_figures(audit)) + "\n"


def _figures(audit: Mapping[str, Any]) -> str:
    """The figures as an address that holds their table itself, or nothing if it would make the page heavy."""
    table = rows.render(audit).encode("utf-8", "replace")
    return f"data:text/csv;base64,{base64.b64encode(table).decode()}" if len(table) <= _MOST_FIGURES else ""
