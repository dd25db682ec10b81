"""What values of the configuration must be, beyond their types; every refusal says what to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cs_audit.config.durations import Duration, parse_duration
from cs_audit.errors import ConfigError, ValueRefused
from cs_audit.schedules.hours import Range, Week, parse_ranges, parse_week
from cs_audit.schedules.zones import zone
from cs_audit.sources.words import is_word_column, meanings_of, word_columns
from cs_audit.worded import nearest, verbatim, worded

_RANGES = worded('write ranges of hours like ["09:00-13:00", "14:00-18:00"]')


def known_zone(name: str) -> str:
    """A time zone's name."""
    try:
        zone(name)
    except ConfigError as error:
        raise ValueRefused(error.message, error.hint) from None
    return name


def listed(value: Any) -> Any:
    """One text as a list of it."""
    return [value] if isinstance(value, str) else value


def duration(value: Any) -> Any:
    """A length of time."""
    return value if isinstance(value, Duration) else parse_duration(str(value))


def as_text(value: Any) -> Any:
    """A table with texts for values: `true` is `"true"`."""
    if not isinstance(value, dict):
        return value
    return {key: str(word).lower() if isinstance(word, bool) else str(word) for key, word in value.items()}


def ranges(value: Any) -> tuple[Range, ...]:
    """Hours of one day."""
    if not isinstance(value, str) and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        raise ValueRefused(worded("{value!r} is no list of hours", value=value), _RANGES)
    return parse_ranges(value)


def week(value: Any) -> Week:
    """Hours of a week."""
    if not isinstance(value, (str, Mapping)):
        hint = worded('write hours = {{ mon-fri = ["09:00-18:00"] }}, or "24/7"')
        raise ValueRefused(worded("{value!r} is no week", value=value), hint)
    for hours in value.values() if isinstance(value, Mapping) else ():
        ranges(hours)
    return parse_week(value)


def pattern(value: str | None) -> str | None:
    """A regular expression that reads in linear time."""
    if value is None:
        return None
    import polars as pl  # noqa: PLC0415 - only where a pattern is given

    try:
        re.compile(value)
        pl.select(pl.lit("").str.contains(value))
    except (re.error, pl.exceptions.PolarsError) as error:
        wrong = isinstance(error, re.error)
        problem = verbatim(str(error).splitlines()[0]) if wrong else worded("it looks around, or back")
        raise ValueRefused(
            worded("{value!r} is no pattern that can be searched ({problem})", value=value, problem=problem)
        ) from None
    return value


def one_character(value: str | None) -> str | None:
    """A delimiter."""
    if value is not None and (len(value) != 1 or not value.isascii()):
        raise ValueRefused(worded('{value!r} must be one character, like ";" or "\\t"', value=value))
    return value


def meanings(value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """What a source's words mean: columns that hold words, each with words of cs-audit."""
    for column, words in value.items():
        if not is_word_column(column):
            hint = nearest(
                column, word_columns(), worded("known: {known}", known=", ".join(word_columns())), cutoff=0.5
            )
            raise ValueRefused(worded("values.{column} explains no column of words", column=column), hint)
        for word, meaning in words.items():
            if meaning not in meanings_of(column):
                known = " ".join(meanings_of(column))
                raise ValueRefused(
                    worded(
                        "values.{column}: {word!r} cannot mean {meaning!r}", column=column, word=word, meaning=meaning
                    ),
                    worded("write one of: {known}", known=known),
                )
    return value
