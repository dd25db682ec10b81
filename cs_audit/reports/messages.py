"""What cs-audit says of its own work (errors, hints, notes) in the reader's language."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal

from cs_audit.reports.catalogues import LOCALES, catalogue
from cs_audit.worded import Worded

MESSAGES = ".messages"
"""The part of a language's catalogue that holds them."""

_QUOTES = {"ru": ("«", "»")}


def in_language(text: str, language: str) -> str:
    """The text in a language; one that is no `Worded` is somebody else's, and stays as it is."""
    if not isinstance(text, Worded) or language == "en":
        return str(text)
    return _Speech(language).vformat(_template(text, language), (), dict(text.fields))


def _template(text: Worded, language: str) -> str:
    """The template in the language: of the messages, else of the reports, which name some of the same things."""
    messages = catalogue(language, MESSAGES)
    if not text.template:
        return ""
    if text.many:
        number = text.fields["n"]
        return messages.ngettext(text.template, text.many, number if isinstance(number, int) else 2)
    found = messages.gettext(text.template)
    return catalogue(language).gettext(text.template) if found == text.template else found


class _Speech(string.Formatter):
    """Fields as the language writes them: quotations, numbers, and sentences within sentences."""

    def __init__(self, language: str) -> None:
        self.language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002 - its base has it
        value = kwargs[str(key)]
        return in_language(value, self.language) if isinstance(value, Worded) else value

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if conversion == "r" and isinstance(value, str):
            opens, closes = _QUOTES[self.language]
            return f"{opens}{repr(value)[1:-1]}{closes}"
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, float | int) and format_spec in (",", ".1f"):
            return format_decimal(round(value, 1), locale=LOCALES[self.language])
        return super().format_field(value, format_spec)
