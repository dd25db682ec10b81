"""What values of the configuration must be, beyond their types; every refusal says what to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from cs_audit.config.durations import Duration, parse_duration
from cs_audit.errors import ConfigError
from cs_audit.schedules.hours import Range, Week, parse_ranges, parse_week
from cs_audit.schedules.zones import zone
from cs_audit.sources.words import is_word_column, meanings_of, word_columns

_RANGES = 'write ranges of hours like ["09:00-13:00", "14:00-18:00"]'


def known_zone(name: str) -> str:
    """A time zone's name."""
    try:
        zone(name)
    except ConfigError as error:
        raise ValueError(f"{error.message}; {error.hint}") from None
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
        raise ValueError(f"{value!r} is no list of hours; {_RANGES}")
    return parse_ranges(value)


def week(value: Any) -> Week:
    """Hours of a week."""
    if not isinstance(value, (str, Mapping)):
        raise ValueError(f'{value!r} is no week; write hours = {{ mon-fri = ["09:00-18:00"] }}, or "24/7"')  # noqa: TRY004
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
        problem = str(error).splitlines()[0] if isinstance(error, re.error) else "it looks around, or back"
        raise ValueError(f"{value!r} is no pattern that can be searched ({problem})") from None
    return value


def one_character(value: str | None) -> str | None:
    """A delimiter."""
    if value is not None and (len(value) != 1 or not value.isascii()):
        raise ValueError(f'{value!r} must be one character, like ";" or "\\t"')
    return value


def meanings(value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """What a source's words mean: columns that hold words, each with words of cs-audit."""
    for column, words in value.items():
        if not is_word_column(column):
            near = get_close_matches(column, word_columns(), n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(word_columns())}"
            raise ValueError(f"values.{column} explains no column of words; {hint}")
        for word, meaning in words.items():
            if meaning not in meanings_of(column):
                known = " ".join(meanings_of(column))
                raise ValueError(f"values.{column}: {word!r} cannot mean {meaning!r}; write one of: {known}")
    return value
