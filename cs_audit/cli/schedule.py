"""`cs-audit schedule`: a working-time calculator."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cs_audit.cli import options
from cs_audit.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cs_audit.schedules import Schedule

app = typer.Typer(help="Calculate with working time.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="A schedule of the configuration, or 24/7.")]


@app.command()
def show(
    schedule: Name,
    year: Annotated[
        int | None,
        typer.Option(help="The year; default: the one of the newest exception or holiday file."),
    ] = None,
    config: options.ConfigFile = None,
) -> None:
    """Show a schedule's hours, and the days of a year that differ from them."""
    from cs_audit.schedules.words import describe  # noqa: PLC0415 - start-up time

    if year is not None and not 1900 <= year <= 2200:
        raise UsageError(f"{year} is beyond the calendars", where="--year", hint="write a year from 1900 to 2200")
    typer.echo("\n".join(describe(_schedule(schedule, config), year)))
    _next("between", schedule, "START END", config)


@app.command()
def between(
    schedule: Name,
    start: Annotated[str, typer.Argument(help="Like 2026-10-31T09:00, local to the schedule unless it has an offset.")],
    end: Annotated[str, typer.Argument(help="Likewise.")],
    config: options.ConfigFile = None,
) -> None:
    """Working time between two instants, stretch by stretch."""
    from cs_audit.schedules.words import stretches  # noqa: PLC0415 - start-up time

    found = _schedule(schedule, config)
    began, ended = _instant(start, found), _instant(end, found)
    typer.echo("\n".join(stretches(found, began, ended)))
    _next("add", schedule, f"{start} 60m", config)


@app.command()
def add(
    schedule: Name,
    start: Annotated[str, typer.Argument(help="Like 2026-10-31T09:00, local to the schedule unless it has an offset.")],
    duration: Annotated[str, typer.Argument(help="90s 15m 1h30m, or 2wd for working days.")],
    config: options.ConfigFile = None,
) -> None:
    """When so much working time will have passed."""
    from cs_audit.config import parse_duration  # noqa: PLC0415 - start-up time
    from cs_audit.schedules.words import due  # noqa: PLC0415 - start-up time

    found = _schedule(schedule, config)
    try:
        length = parse_duration(duration)
    except ValueError as error:
        raise UsageError(str(error), hint="write it like 90s, 15m, 1h30m or 2wd") from None
    typer.echo(due(found, _instant(start, found), length))
    _next("show", schedule, "", config)


@app.command()
def check(vectors: Annotated[Path, typer.Argument(help="Cases, one JSON object a line.")]) -> None:
    """Compare with working-time answers of other programs; exit 0 only if all agree."""
    differences = list(_differences(vectors))
    for difference in differences:
        if difference is not None:
            typer.echo(str(difference))
    differ = sum(difference is not None for difference in differences)
    typer.echo(f"{len(differences) - differ} agree, {differ} differ")
    raise typer.Exit(1 if differ else 0)


def _next(command: str, schedule: str, more: str, config: Path | None) -> None:
    """Name the command to try next, on stderr."""
    from cs_audit.cli.order import say  # noqa: PLC0415 - start-up time

    options = f"-c {shlex.quote(str(config))}" if config else ""
    parts = ("Next: cs-audit schedule", command, shlex.quote(schedule), more, options)
    say([" ".join(each for each in parts if each)], quiet=False)


def _differences(path: Path) -> Iterator[object]:
    """Each case's difference, or None.

    Raises:
        UsageError: the file cannot be read, holds no case, or one that is none.
    """
    from cs_audit.schedules.check import check as compare  # noqa: PLC0415 - start-up time

    found = False
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            found = True
            try:
                yield from compare([_whole(json.loads(line))])
            except (ValueError, KeyError, TypeError, AttributeError, ConfigError) as error:
                raise UsageError(
                    f"is no case ({_problem(error)})", where=f"{path}, line {number}", hint=_CASE
                ) from None
    if not found:
        raise UsageError("holds no case", where=str(path), hint=_CASE)


_CASE = (
    "a case has id, calendar {tz, weekly}, op, start, end or seconds, expected_...; op is one of: between add sub "
    "next_open prev_close next_close next_opening_edge next_opening_edge_incl is_open"
)


def _problem(error: Exception) -> str:
    return f"unknown or missing: {error.args[0]!r}" if isinstance(error, KeyError) else str(error)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").split("\n")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path), hint="check the path") from None
    except UnicodeDecodeError:
        raise UsageError("cannot be read: it is not UTF-8 text", where=str(path), hint="save it as UTF-8") from None


def _whole(case: dict[str, Any]) -> dict[str, Any]:
    for key in ("id", "calendar", "op", "start"):
        if key not in case:
            raise KeyError(key)
    return case


def _schedule(name: str, config: Path | None) -> Schedule:
    from cs_audit.config import Config, find_config, load_config  # noqa: PLC0415 - start-up time
    from cs_audit.config.build import build_standard  # noqa: PLC0415 - start-up time

    found = config or find_config(Path.cwd())
    schedules = build_standard(load_config(found) if found else Config()).schedules
    if name not in schedules:
        known = ", ".join(schedules)
        raise ConfigError(f"there is no schedule {name!r}", where=str(found or "cs-audit.toml"), hint=f"known: {known}")
    return schedules[name]


def _instant(text: str, schedule: Schedule) -> int:
    from cs_audit.audit.moments import micros  # noqa: PLC0415 - start-up time
    from cs_audit.schedules.zones import zone  # noqa: PLC0415 - start-up time

    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time", hint="write it like 2026-10-31T09:00 or with an offset") from None
    return micros(moment if moment.tzinfo else moment.replace(tzinfo=zone(schedule.timezone)))
