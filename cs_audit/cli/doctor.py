"""`cs-audit doctor`."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cs_audit.cli import options
from cs_audit.errors import UsageError

if TYPE_CHECKING:
    from cs_audit.doctor import Check

_SIGNS = {"good": "ok  ", "note": "note", "bad": "BAD "}
_FORMATS = ("text", "json")


def doctor(
    config: options.ConfigFile = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no helpdesk.")] = False,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",  # noqa: A002
) -> None:
    """Check the configuration, calendars, files, the store and every helpdesk before they are needed."""
    from cs_audit.cli.pull import loaded  # noqa: PLC0415 - start-up time
    from cs_audit.doctor import examine  # noqa: PLC0415 - start-up time

    if format not in _FORMATS:
        raise UsageError(f"{format!r} is no format", where="--format", hint=f"write one of: {', '.join(_FORMATS)}")
    checks = list(examine(loaded(config), dt.datetime.now(dt.UTC), online=not offline))
    if format == "json":
        typer.echo(json.dumps([asdict(each) for each in checks], ensure_ascii=False, indent=1))
    else:
        _show(checks)
    raise typer.Exit(max((each.exit_code for each in checks), default=0))


def _show(checks: list[Check]) -> None:
    from cs_audit.cli.guard import plain  # noqa: PLC0415 - no cycle at import

    for each in checks:
        typer.echo(plain(f"{_SIGNS[each.state]}  {each.what}: {each.told}"))
        if each.hint:
            typer.echo(plain(f"      hint: {each.hint}"))
    bad = sum(each.state == "bad" for each in checks)
    following = "cs-audit doctor, once the hints are followed" if bad else "cs-audit run"
    typer.echo(f"{len(checks)} checks, {bad or 'none'} bad. Next: {following}")
