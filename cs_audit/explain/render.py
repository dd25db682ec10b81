"""An explanation for people: plain text, or a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cs_audit.explain import text
from cs_audit.reports import environment
from cs_audit.reports.words import Words


def render(told: Mapping[str, Any], form: str, language: str) -> str:
    """The explanation as `text` or `html` in a language."""
    words = Words(language, told["timezone"])
    if form == "text":
        return text.as_text(told, words)
    breaches = [
        {**each, "counted": [part for part in each["stretches"] if "from" in part]} for each in told["verdicts"]
    ]
    return environment.html(words).get_template("explain.html").render(told=told, verdicts=breaches, text=text)
