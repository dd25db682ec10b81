"""HTML: the whole report in one file that needs no script and asks for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cs_audit.reports import environment
from cs_audit.reports.words import Words


def render(audit: Mapping[str, Any], words: Words) -> str:
    """The page."""
    return environment.html(words).get_template("report.html").render(audit=audit) + "\n"
