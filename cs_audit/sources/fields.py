"""Columns of a file turned into columns of events, with whatever could not be turned kept in sight."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from cs_audit.events.columns import SCHEMA
from cs_audit.sources.times import TimeColumn, within_reason
from cs_audit.sources.words import BOOLEANS, meanings_of, translated, words_of

RAW = "__raw_"
LEFT = "__left"
TIMES = ("occurred_at", "created_at", "first_reply_at", "solved_at", "closed_at", "updated_at", "asked_at")
WORDS = ("kind", "author", "channel", "status", "priority", "direction", *BOOLEANS)
NAMES = ("author_id", "channel_detail", "team", "agent", "account_manager", "requester", "requester_timezone",
         "organization", "tags")  # fmt: skip
TEXTS = ("ticket", "event", "subject", "text", "url", "headers")
NUMBERS = ("seq", "waited_seconds", "talk_seconds", "score", "scale")
KNOWN = (*TIMES, *WORDS, *NAMES, *TEXTS, *NUMBERS)
"""Every name `columns` may give."""

SOFT = ("author", "channel")
"""Columns whose unknown words have a place of their own, and are no reason to reject a row."""

Rescue = Callable[[str], object]
Check = Callable[[pl.Expr, pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Field:
    """One column of events: its value as an expression over raw text, and what to do with a value left over.

    `check` makes of the value, and of whether the file has one, the value that counts: a step of its own, so that the
    value is read once. `rescue` tries a left-over text once more, slowly; `problem` says why it cannot be read. `typed`
    is a value of the file that is no text, where telling it as `raw` takes time. `native` are the value, and whether
    there is one, as expressions over a column of the file's own type, where that needs no text (see `natively`).
    """

    name: str
    raw: pl.Expr
    value: pl.Expr
    rescue: Rescue
    problem: Callable[[str], str]
    strict: bool = True
    typed: pl.Expr | None = None
    check: Check | None = None
    native: tuple[pl.Expr, pl.Expr] | None = None

    def checked(self, value: pl.Expr, there: pl.Expr) -> pl.Expr:
        """The value that counts."""
        return value if self.check is None else self.check(value, there)

    def there(self, missing: list[str]) -> pl.Expr:
        """Whether the file has a value."""
        return self.raw.pipe(_said, missing) if self.typed is None else self.typed.is_not_null()

    def left(self, missing: list[str]) -> pl.Expr:
        """Whether there was a value and nothing came of it (columns `name` and RAW + name must be at hand)."""
        return (pl.col(self.name).is_null() & pl.col(RAW + self.name).pipe(_said, missing)).fill_null(value=False)


def _said(raw: pl.Expr, missing: list[str]) -> pl.Expr:
    return ~raw.is_in(["", *missing]) if missing else raw != ""


def time_field(name: str, raw: pl.Expr, column: TimeColumn, typed: pl.DataType | None) -> Field:
    """A column of timestamps; `typed` where the file already holds them as such."""
    if typed is not None and typed.is_temporal():
        zoned = getattr(typed, "time_zone", None)
        wall = raw.cast(pl.Datetime("us", zoned))
        value = (
            wall.dt.convert_time_zone("UTC")
            if zoned
            else wall.dt.replace_time_zone(
                column.timezone or "UTC", ambiguous="null", non_existent="null"
            ).dt.convert_time_zone("UTC")
        )
        shown = wall.dt.strftime("%Y-%m-%d %H:%M:%S")
        return Field(name, shown, value, column.value, column.problem, typed=wall, check=_in_time)
    return Field(name, raw, column.read(raw), column.value, column.problem, check=_in_time)


def _in_time(value: pl.Expr, _: pl.Expr) -> pl.Expr:
    return within_reason(value)


def word_field(name: str, raw: pl.Expr, values: dict[str, str]) -> Field:
    """A column of words with fixed meanings. Where nothing is said of `public`, it is, as without the column."""
    words = {word.lower(): meaning for word, meaning in words_of(name, values).items()}
    exact = {word.lower(): meaning for word, meaning in values.items()}

    def rescue(text: str) -> object:
        meaning = {**words, **exact}.get(text.strip().lower())
        return meaning == "true" if meaning and name in BOOLEANS else meaning

    def problem(text: str) -> str:
        near = get_close_matches(text.lower(), words, n=1, cutoff=0.75)
        hint = f" (near {words[near[0]]!r})" if near else ""
        return f"is no known {name}{hint}; say what it means: values.{name} = {{ {text!r} = {meanings_of(name)[0]!r} }}"

    strict, check = name not in SOFT, _CHECKS.get(name)
    return Field(name, raw, translated(raw, name, values), rescue, problem, strict=strict, check=check)


_CHECKS: Mapping[str, Check] = {
    "author": lambda value, _: value.fill_null(pl.lit("unknown", SCHEMA["author"])),
    "channel": lambda value, there: (
        pl.when(value.is_null() & there).then(pl.lit("other", SCHEMA["channel"])).otherwise(value)
    ),
    "public": lambda value, there: pl.when(there).then(value).otherwise(pl.lit(value=True)),
}


def name_field(name: str, raw: pl.Expr, missing: list[str]) -> Field:
    """A column of free names."""
    value: pl.Expr = pl.when(~raw.is_in(["", *missing]) if missing else raw != "").then(raw)
    if name == "tags":
        value = "|" + value.str.replace_all(r"\s*[,;|]\s*", "|") + "|"
    kind = SCHEMA.get(name, pl.String())
    return Field(name, raw, value if kind == pl.String else value.cast(kind), str, str, strict=False)


def number_field(name: str, raw: pl.Expr) -> Field:
    """A column of numbers."""

    def problem(_: str) -> str:
        return "is not a whole number" if name == "seq" else "is not a number"

    return Field(name, raw, raw.cast(SCHEMA[name], strict=False), lambda _: None, problem)


def verdict_field(name: str, raw: pl.Expr, achieved: list[str], breached: list[str]) -> Field:
    """The helpdesk's own verdict: true where its target was achieved, null where it says neither."""
    value = pl.when(raw.is_in(achieved)).then(True).when(raw.is_in(breached)).then(False)  # noqa: FBT003
    return Field(name, raw, value, str, str, strict=False)


def natively(
    name: str, column: pl.Expr, kind: pl.DataType | None, values: Mapping[str, str]
) -> tuple[pl.Expr, pl.Expr] | None:
    """The value of a column of this type, and whether there is one; None where only its text tells."""
    if kind == pl.Boolean and name in BOOLEANS and not values:
        return column, column.is_not_null()
    if kind is not None and kind.is_integer() and name in NUMBERS:
        return column.cast(SCHEMA[name], strict=False), column.is_not_null()
    if kind == pl.Categorical and name in WORDS:
        return translated(column, name, dict(values)), column != ""
    if kind == pl.Categorical and SCHEMA.get(name) == kind and name != "tags":
        return pl.when(column != "").then(column), column != ""
    return None


def part_of(raw: pl.Expr, pattern: str) -> pl.Expr:
    """The first group of `pattern` in the text, or what it matches."""
    return raw.str.extract(pattern, 1 if re.compile(pattern).groups else 0)
