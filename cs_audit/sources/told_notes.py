"""What was guessed of a file, in sentences for people."""

from __future__ import annotations

from collections.abc import Sequence

from cs_audit.sources.supposed import Guess, quoted
from cs_audit.sources.tables import Table

SHAPES = {
    "events": "a row is an event",
    "updates": "a row is a ticket's state at that time",
    "tickets": "a row is a ticket",
}
_SHOWN = 12
_DELIMITERS = {"\t": "tab", ",": "','", ";": "';'", "|": "'|'"}


def configured_notes(tables: Sequence[Table], name: str) -> list[str]:
    """Files read by a configured source."""
    return [f"Read {_files(tables)}: as [sources.{name}] says"]


def guessed_notes(tables: Sequence[Table], guess: Guess) -> list[str]:
    """What the file is, which column is what, how its dates are read, and what was left out."""
    counts = guess.why.get("rows", "")
    shape = f'{SHAPES[guess.rows]} ({counts}; rows = "{guess.rows}")' if guess.rows else "what a row is cannot be told"
    lines = [f"Read {_files(tables)}: {shape}"]
    taken = ", ".join(f'"{header}" -> {column}' for column, header in guess.columns.items())
    lines.append(f"  Columns: {taken}")
    lines += [f"  {column}: {guess.why[column]}" for column in guess.values if guess.why.get(column)]
    lines += [f'  "{each["column"]}": {guess.why[f"reported.{rule}"]}' for rule, each in guess.reported.items()]
    lines += _date_lines(guess)
    if guess.missing:
        lines.append(f"  Taken for no value: {quoted(guess.missing)} (missing)")
    return lines + _unused(tables[0], guess)


def overruling(tables: Sequence[Table], name: str) -> str:
    """How to overrule a guess."""
    return f"  To overrule any of it: `cs-audit init {tables[0].path}`, then edit [sources.{name}] in cs-audit.toml"


def _files(tables: Sequence[Table]) -> str:
    first = tables[0]
    details = [_DELIMITERS.get(value, value) for value in first.details.values()]
    more = f" and {len(tables) - 1} more like it" if len(tables) > 1 else ""
    return f"{first.path}{more}" + (f" ({', '.join(details)})" if details else f" ({first.type})")


def _date_lines(guess: Guess) -> list[str]:
    lines = []
    if guess.date_order:
        lines.append(f"  Dates: {guess.date_order.replace('-', ' ')}, {guess.why['date_order']} (date_order)")
    if guess.timezone:
        lines.append(f"  Time zone: {guess.timezone}, for times without one; {guess.why['timezone']} (timezone)")
    elif not guess.questions:
        lines.append("  Time zone: every timestamp tells its own")
    return lines


def _unused(table: Table, guess: Guess) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for header, why in guess.unused.items():
        reasons.setdefault(why, []).append(header)
    lines = [f"  Not used: {quoted(headers)}: {why}" for why, headers in reasons.items()]
    used = {*guess.columns.values(), *guess.unused, *(each["column"] for each in guess.reported.values())}
    others = [each for each in table.columns if each not in used]
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        lines.append(f"  Not used either: {quoted(others[:_SHOWN])}{more}")
    return lines
