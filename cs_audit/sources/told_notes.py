"""What was guessed of a file, in sentences for people."""

from __future__ import annotations

from collections.abc import Sequence

from cs_audit.sources.supposed import Guess, quoted
from cs_audit.sources.tables import Table
from cs_audit.worded import Worded, joined, worded

SHAPES = {
    "events": worded("a row is an event"),
    "updates": worded("a row is a ticket's state at that time"),
    "tickets": worded("a row is a ticket"),
}
_SHOWN = 12
_ORDERS = {"day-first": worded("day first"), "month-first": worded("month first")}
_DELIMITERS = {"\t": worded("tab"), ",": "','", ";": "';'", "|": "'|'"}


def configured_notes(tables: Sequence[Table], name: str) -> list[Worded]:
    """Files read by a configured source."""
    return [worded("Read {files}: as [sources.{name}] says", files=_files(tables), name=name)]


def guessed_notes(tables: Sequence[Table], guess: Guess) -> list[Worded]:
    """What the file is, which column is what, how its dates are read, and what was left out."""
    counts = guess.why.get("rows", "")
    shape = worded("what a row is cannot be told")
    if guess.rows:
        rows = f'rows = "{guess.rows}"'
        shape = worded("{shape} ({counts}; {rows})", shape=SHAPES[guess.rows], counts=counts, rows=rows)
    lines = [worded("Read {files}: {shape}", files=_files(tables), shape=shape)]
    taken = ", ".join(f'"{header}" -> {column}' for column, header in guess.columns.items())
    lines.append(worded("  Columns: {taken}", taken=taken))
    lines += [joined([f"  {column}", guess.why[column]], ": ") for column in guess.values if guess.why.get(column)]
    lines += [
        joined([f'  "{each["column"]}"', guess.why[f"reported.{rule}"]], ": ") for rule, each in guess.reported.items()
    ]
    lines += _date_lines(guess)
    if guess.missing:
        lines.append(worded("  Taken for no value: {words} (missing)", words=quoted(guess.missing)))
    return lines + _unused(tables[0], guess)


def overruling(tables: Sequence[Table], name: str) -> Worded:
    """How to overrule a guess."""
    return worded(
        "  To overrule any of it: `cs-audit init {path}`, then edit [sources.{name}] in cs-audit.toml",
        path=tables[0].path, name=name,
    )  # fmt: skip


def _files(tables: Sequence[Table]) -> Worded:
    first = tables[0]
    details = joined([_DELIMITERS.get(value, value) for value in first.details.values()] or [first.type])
    if len(tables) == 1:
        return worded("{path} ({details})", path=first.path, details=details)
    return worded("{path} and {more} more like it ({details})", path=first.path, more=len(tables) - 1, details=details)


def _date_lines(guess: Guess) -> list[Worded]:
    lines = []
    if guess.date_order:
        order = _ORDERS[guess.date_order]
        lines.append(worded("  Dates: {order}, {why} (date_order)", order=order, why=guess.why["date_order"]))
    if guess.timezone:
        zone = worded("  Time zone: {zone}, for times without one", zone=guess.timezone)
        lines.append(worded("{zone}; {why} (timezone)", zone=zone, why=guess.why["timezone"]))
    elif not guess.questions:
        lines.append(worded("  Time zone: every timestamp tells its own"))
    return lines


def _unused(table: Table, guess: Guess) -> list[Worded]:
    reasons: dict[Worded, list[str]] = {}
    for header, why in guess.unused.items():
        reasons.setdefault(why, []).append(header)
    lines = [
        worded("  Not used: {columns}: {why}", columns=quoted(headers), why=why) for why, headers in reasons.items()
    ]
    used = {*guess.columns.values(), *guess.unused, *(each["column"] for each in guess.reported.values())}
    others = [each for each in table.columns if each not in used]
    if others:
        columns, more = quoted(others[:_SHOWN]), len(others) - _SHOWN
        either = worded("  Not used either: {columns}", columns=columns)
        lines.append(worded("{either} and {more} more", either=either, more=more) if more > 0 else either)
    return lines
