"""Reports: views of the audit value, one small file for each format.

Every report is a pure function of the value: it reads no clock, no environment and no ticket, so the same
audit gives the same bytes. What is heavy (templates, catalogues) is loaded when a report is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from cs_audit.worded import worded

__all__ = ["FORMATS", "ahead", "render", "summary"]

FORMATS = {".html": "html", ".md": "md", ".csv": "csv", ".xml": "xml", ".json": "json"}
"""The format that each suffix of an output file asks for."""

_MODULES = {"html": "page", "md": "markdown", "csv": "rows", "xml": "junit", "json": "value"}


def render(
    audit: Mapping[str, Any],
    format: str,  # noqa: A002 - the word users type
    language: str | None = None,
    *,
    templates: Path | None = None,
) -> str:
    """The whole report as text.

    Args:
        audit: the value that `audit.json` holds.
        format: one of the values of `FORMATS`.
        language: of the words, the audit's own unless given.
        templates: a folder whose templates take the place of ours in HTML and Markdown.

    Raises:
        UsageError: an unknown format or language, or a template that fails.
    """
    from cs_audit.errors import UsageError  # noqa: PLC0415 - only for the message

    if format not in _MODULES:
        raise UsageError(
            worded("there is no report format {format!r}", format=format),
            hint=worded("known: {known}", known=", ".join(sorted(_MODULES))),
        )
    more: dict[str, Any] = {"templates": templates} if format in ("html", "md") else {}
    made: str = import_module(f"{__name__}.{_MODULES[format]}").render(audit, _words(audit, language), **more)
    return made


def ahead(formats: Iterable[str]) -> None:
    """Begin to load what reports of these formats need, beside whatever else is done until they are made."""
    from threading import Thread  # noqa: PLC0415 - only where reports are made

    for each in {"html", "md"} & set(formats):
        Thread(target=_load, args=(each,), daemon=True).start()


def _load(form: str) -> None:
    with suppress(Exception):  # whoever makes the report meets it again, and tells
        import_module(f"{__name__}.environment").compile_ahead(form)


def summary(audit: Mapping[str, Any], language: str | None = None) -> str:
    """The result in the terminal's few lines, without colour or control characters."""
    from cs_audit.reports import terminal  # noqa: PLC0415 - loaded when asked for

    return terminal.render(audit, _words(audit, language))


def _words(audit: Mapping[str, Any], language: str | None) -> Any:
    from cs_audit.reports.words import Words  # noqa: PLC0415 - loads Babel

    return Words(language or audit.get("language") or "en", audit["method"]["timezone"])
