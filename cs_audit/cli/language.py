"""The language in which people are spoken to in the terminal: the one place that chooses it.

It is what `--language` asks for, else what the configuration or a finished audit says, else that of the environment.
Results, reports and other data never depend on the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import typer

SPOKEN = ("en", "ru")


@dataclass
class _Choice:
    option: str = ""
    document: str = ""


_choice = _Choice()


def begin() -> None:
    """Nothing has been said yet."""
    _choice.option = _choice.document = ""


def by_option(context: typer.Context, parameter: typer.CallbackParam, value: str | None) -> str | None:
    """Hear what `--language` asks for, if it was given."""
    source = context.get_parameter_source(parameter.name or "")
    if value and value in SPOKEN and source is not None and source.name == "COMMANDLINE":
        _choice.option = value
    return value


def by_document(said: object) -> None:
    """Hear the language that a configuration or a finished audit says."""
    if isinstance(said, str) and said in SPOKEN:
        _choice.document = said


def language() -> str:
    """The language chosen."""
    return _choice.option or _choice.document or of_environment(os.environ)


def of_environment(variables: Mapping[str, str]) -> str:
    """The language of a locale: Russian where it is that, else English."""
    locale = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := variables.get(name))), "")
    return "ru" if locale.lower().startswith("ru") else "en"


def shown(text: str) -> str:
    """The text in the language chosen; English takes no catalogue."""
    chosen = language()
    if chosen == "en":
        return str(text)
    from cs_audit.reports.messages import in_language  # noqa: PLC0415 - loads Babel

    return in_language(text, chosen)
