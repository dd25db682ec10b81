"""`cs-audit schedule`: a working-time calculator."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cs_audit.cli import options
from cs_audit.cli.language import shown
from cs_audit.errors import ConfigError, UsageError
from cs_audit.worded import Worded, reason_of, said, worded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cs_audit.schedules import Schedule
    from cs_audit.schedules.check import Difference

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
        raise UsageError(
            worded("{year} is beyond the calendars", year=year),
            where="--year",
            hint=worded("write a year from 1900 to 2200"),
        )
    _print(describe(_schedule(schedule, config), year))
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
    _print(stretches(found, began, ended))
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
        raise UsageError(said(error), hint=worded("write it like 90s, 15m, 1h30m or 2wd")) from None
    typer.echo(due(found, _instant(start, found), length))
    _next("show", schedule, "", config)


@app.command()
def check(vectors: Annotated[Path, typer.Argument(help="Cases, one JSON object a line.")]) -> None:
    """Compare with working-time answers of other programs; exit 0 only if all agree."""
    differences = list(_differences(vectors))
    for difference in differences:
        if difference is not None:
            _print([difference.told])
    differ = sum(difference is not None for difference in differences)
    _print([worded("{agree} agree, {differ} differ", agree=len(differences) - differ, differ=differ)])
    raise typer.Exit(1 if differ else 0)


def _print(lines: Sequence[Worded]) -> None:
    typer.echo("\n".join(map(shown, lines)))


def _next(command: str, schedule: str, more: str, config: Path | None) -> None:
    """Name the command to try next, on stderr."""
    from cs_audit.cli.order import say  # noqa: PLC0415 - start-up time

    options = f"-c {shlex.quote(str(config))}" if config else ""
    parts = ("cs-audit schedule", command, shlex.quote(schedule), more, options)
    say([worded("Next: {command}", command=" ".join(each for each in parts if each))], quiet=False)


def _differences(path: Path) -> Iterator[Difference | None]:
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
                    worded("is no case ({problem})", problem=_problem(error)),
                    where=worded("{path}, line {number}", path=path, number=number),
                    hint=_CASE,
                ) from None
    if not found:
        raise UsageError(worded("holds no case"), where=str(path), hint=_CASE)


_CASE = worded(
    "a case has id, calendar {{tz, weekly}}, op, start, end or seconds, expected_...; op is one of: between add sub "
    "next_open prev_close next_close next_opening_edge next_opening_edge_incl is_open"
)


def _problem(error: Exception) -> Worded:
    if isinstance(error, KeyError):
        return worded("unknown or missing: {name!r}", name=error.args[0])
    return error.told if isinstance(error, ConfigError) else said(error)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").split("\n")
    except OSError as error:
        raise UsageError(
            worded("cannot be read: {why}", why=reason_of(error)), where=str(path), hint=worded("check the path")
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            worded("cannot be read: it is not UTF-8 text"), where=str(path), hint=worded("save it as UTF-8")
        ) from None


def _whole(case: dict[str, Any]) -> dict[str, Any]:
    for key in ("id", "calendar", "op", "start"):
        if key not in case:
            raise KeyError(key)
    return case


def _schedule(name: str, config: Path | None) -> Schedule:
    from cs_audit.cli.order import read_config  # noqa: PLC0415 - start-up time
    from cs_audit.config import Config, find_config  # noqa: PLC0415 - start-up time
    from cs_audit.config.build import build_standard  # noqa: PLC0415 - start-up time

    found = config or find_config(Path.cwd())
    schedules = build_standard(read_config(found) if found else Config()).schedules
    if name not in schedules:
        known = ", ".join(schedules)
        raise ConfigError(
            worded("there is no schedule {name!r}", name=name),
            where=str(found or "cs-audit.toml"),
            hint=worded("known: {known}", known=known),
        )
    return schedules[name]


def _instant(text: str, schedule: Schedule) -> int:
    from cs_audit.audit.moments import micros  # noqa: PLC0415 - start-up time
    from cs_audit.schedules.zones import zone  # noqa: PLC0415 - start-up time

    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            worded("{text!r} is no time", text=text), hint=worded("write it like 2026-10-31T09:00 or with an offset")
        ) from None
    return micros(moment if moment.tzinfo else moment.replace(tzinfo=zone(schedule.timezone)))
