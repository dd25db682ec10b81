"""`cs-audit schedule`: a working-time calculator."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cs_audit.cli import options
from cs_audit.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from cs_audit.schedules import Schedule

app = typer.Typer(help="Calculate with working time.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="A schedule of the configuration, or 24/7.")]


@app.command()
def show(
    schedule: Name,
    year: Annotated[
        int | None, typer.Option(help="The year; default: the one of the newest exception or holiday file.")
    ] = None,
    config: options.ConfigFile = None,
) -> None:
    """Show a schedule's hours, and the days of a year that differ from them."""
    from cs_audit.schedules.words import describe  # noqa: PLC0415 - start-up time

    typer.echo("\n".join(describe(_schedule(schedule, config), year)))


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


@app.command()
def check(vectors: Annotated[Path, typer.Argument(help="Cases, one JSON object a line.")]) -> None:
    """Compare with working-time answers of other programs; exit 0 only if all agree."""
    from cs_audit.schedules.check import check as compare  # noqa: PLC0415 - start-up time

    agree = differ = 0
    for difference in compare(_cases(vectors)):
        if difference is None:
            agree += 1
        else:
            differ += 1
            typer.echo(str(difference))
    typer.echo(f"{agree} agree, {differ} differ")
    raise typer.Exit(1 if differ else 0)


def _cases(path: Path) -> Any:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read ({type(error).__name__})", where=str(path), hint="check the path") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _whole(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(
                    f"is no case ({error})",
                    where=f"{path}, line {number}",
                    hint="see INTERFACE: id, calendar, op, start, end or seconds, expected_...",
                ) from None


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
