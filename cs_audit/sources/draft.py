"""A first cs-audit.toml: what was guessed, each line with its reason, and what is still to be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cs_audit.config.defaults import HOURS, TARGETS
from cs_audit.config.toml import comment, key, toml
from cs_audit.rules import find_rule
from cs_audit.sources.guess import Supposed, settings, source_of
from cs_audit.sources.sees import sees
from cs_audit.sources.supposed import Guess
from cs_audit.sources.told_notes import SHAPES
from cs_audit.worded import NOTHING, Worded, worded

TO_ANSWER = "# TO ANSWER:"
_OPEN = "?"
_HOURS = ", ".join(f"{days} = {toml(hours)}" for days, hours in HOURS.items())

Tell = Callable[[Worded], str]
"""Writes a sentence in the reader's language."""


def draft(
    found: Sequence[tuple[Supposed, list[str]]], timezone: str | None, language: str = "en", tell: Tell = str
) -> str:
    """The configuration as text; `found` are the supposed sources with their paths, none for a template to fill in.

    An open question stands at its place as a comment. Where a column is missing for it, the column is `?`, so that
    nothing is audited before it is answered. Comments are told by `tell`.
    """
    zone = toml(
        timezone or next((each.guess.timezone for each, _ in found if each.guess and each.guess.timezone), "UTC")
    )
    sources = "".join(_source(each, paths, tell) for each, paths in found) or tell(_no_source())
    targets = "\n".join(_targets([each for each, _ in found], tell))
    return "".join(
        [tell(_head(zone, language)), sources, tell(_schedule(zone)), tell(_policy(targets)), tell(_exceptions())]
    )


def _head(zone: str, language: str) -> Worded:
    return worded(
        """# The configuration of cs-audit, written by `cs-audit init`. It was guessed: read it and correct it.
# The README describes every key. Try it with `cs-audit run`.

[audit]
title = "Support audit"
language = {language}  # en | ru
timezone = {timezone}  # how reports print times
goal = 90  # per cent in time, unless a target says otherwise
# as_of = 2026-10-31T23:59:59+03:00  # what happened later is not known; default: the last event of the files
""",
        timezone=zone, language=toml(language),
    )  # fmt: skip


def _no_source() -> Worded:
    return worded(
        """
# [sources.desk]
# type = "csv"  # csv jsonl parquet xlsx
# path = ["export/*.csv"]  # relative to this file; .gz too
# rows = "events"  # events (a row is a message or a change) | updates (a ticket's state at that time) | tickets
# timezone = "Europe/Moscow"  # for timestamps that tell none
# date_order = "day-first"  # day-first | month-first | year-first; default: proven from the column
# columns = {{ ticket = "Ticket ID", occurred_at = "Created", author = "Role", text = "Body" }}
# values.author = {{ "Customer" = "requester", "Operator" = "agent" }}
# `cs-audit init FILE` fills this in from a file.
"""
    )


def _schedule(zone: str) -> Worded:
    return worded(
        """
[schedules.office]
timezone = {timezone}  # of the working hours
hours = {{ {hours} }}  # assumed; several ranges a day, 22:00-06:00 and "24/7" are possible
# holidays = ["RU"]  # a country or country-region like DE-BE, or a .csv or .ics file beside this one
# short_days = {{ hours = "09:00-17:00", dates = [2026-04-30, 2026-05-08] }}
# [schedules.office.exceptions]  # a date here replaces the whole day
# 2026-12-31 = ["09:00-13:00"]
# 2027-01-05 = []
""",
        timezone=zone, hours=_HOURS,
    )  # fmt: skip


def _policy(targets: str) -> Worded:
    return worded(
        """
[[policies]]  # the first one that matches a ticket judges it; put special ones above
name = "Default"
schedule = "office"
# match = {{ priority = ["urgent", "high"] }}
[policies.targets]  # assumed; 90s 15m 1h30m are working time, 2wd is the same time two working days later
{targets}
""",
        targets=targets,
    )


def _exceptions() -> Worded:
    return worded(
        """
# [automatic]  # what is not a person, besides what the source itself flags
# author_ids = ["bot-7"]
# text = ["your request has been received"]

# [[ignore]]  # an exception with a reason and an end
# rule = "first_reply"
# ticket = "T-123"
# reason = "power cut"
# until = 2026-12-31
"""
    )


def _source(each: Supposed, paths: Sequence[str], tell: Tell) -> str:
    return "\n" + "\n".join(_source_lines(each, each.guess or Guess(), paths, tell)) + "\n"


def _source_lines(each: Supposed, guess: Guess, paths: Sequence[str], tell: Tell) -> Iterator[str]:
    place = f"sources.{key(each.name)}"
    yield f"[{place}]"
    yield f"type = {toml(each.type)}"
    pattern = tell(worded('a pattern like "export/*.csv" reads files to come, too'))
    yield f"path = {toml(list(paths))}  # {pattern}"
    if guess.rows:
        shape = f"{tell(SHAPES[guess.rows])} ({tell(guess.why['rows'])})"
        yield f"rows = {toml(guess.rows)}  # {shape}; events | updates | tickets"
    for name in ("timezone", "date_order", "missing"):
        if value := settings(guess).get(name):
            yield f"{name} = {toml(value)}" + (f"  # {tell(guess.why[name])}" if name in guess.why else "")
    for name, value in each.tables[0].details.items():
        yield f"# {name} = {toml(value)}  # {tell(worded('found so'))}"
    for question in guess.questions:
        yield f"{TO_ANSWER} {comment(tell(question.text))}"
        yield f"#   {comment(tell(question.toml))}"
    yield from _column_lines(place, guess, tell)
    yield from _value_lines(place, guess, tell)


def _column_lines(place: str, guess: Guess, tell: Tell) -> Iterator[str]:
    yield f"\n[{place}.columns]"
    asked = dict.fromkeys((each.column for each in guess.questions if each.column), _OPEN)
    for column, header in {**guess.columns, **asked}.items():
        open_yet = header == _OPEN and column in asked
        why = TO_ANSWER.removeprefix("# ") if open_yet else tell(guess.why.get(column, NOTHING))
        yield f"{column} = {toml(header)}" + (f"  # {comment(why)}" if why else "")
    for header, why in guess.unused.items():
        unused = worded("not used: {column}, {why}", column=comment(toml(header)), why=why)
        yield f"# {comment(tell(unused))}"


def _value_lines(place: str, guess: Guess, tell: Tell) -> Iterator[str]:
    for column, words in guess.values.items():
        if words:
            yield f"\n[{place}.values.{column}]"
            yield from (f"{key(word)} = {toml(meaning)}" for word, meaning in words.items())
    for rule, words in guess.reported.items():
        yield f"\n[{place}.reported.{rule}]  # {tell(guess.why[f'reported.{rule}'])}"
        yield from (f"{name} = {toml(value)}" for name, value in words.items())


def _targets(found: Sequence[Supposed], tell: Tell) -> Iterator[str]:
    """A line for each target; commented out where no source could show what it needs."""
    seen = frozenset().union(*(sees(source_of(each, [])) for each in found if each.guess and each.guess.rows))
    for rule, limit in TARGETS.items():
        line = f"{rule} = {toml(limit)}"
        hidden = found and not find_rule(rule).needs <= seen
        yield f"# {line}  # {tell(worded('these files do not show it'))}" if hidden else line
