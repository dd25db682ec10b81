"""`cs-audit doctor`."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cs_audit.cli import options
from cs_audit.cli.language import shown
from cs_audit.worded import joined, plural, verbatim, worded

if TYPE_CHECKING:
    from cs_audit.doctor import Check

_SIGNS = {"good": worded("ok"), "note": worded("note"), "bad": worded("BAD")}
_FORMATS = ("text", "json")


def doctor(
    config: options.ConfigFile = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no helpdesk.")] = False,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",  # noqa: A002
) -> None:
    """Check the configuration, calendars, files, the store and every helpdesk before they are needed."""
    from cs_audit.cli.pull import loaded  # noqa: PLC0415 - start-up time
    from cs_audit.doctor import examine  # noqa: PLC0415 - start-up time

    options.demand_one_of(_FORMATS, format, worded("{format!r} is no format", format=format), "--format")
    checks = list(examine(loaded(config), dt.datetime.now(dt.UTC), online=not offline))
    if format == "json":
        typer.echo(json.dumps([asdict(each) for each in checks], ensure_ascii=False, indent=1))
    else:
        _show(checks)
    raise typer.Exit(max((each.exit_code for each in checks), default=0))


def _show(checks: list[Check]) -> None:
    from cs_audit.cli.guard import hinted, plain  # noqa: PLC0415 - no cycle at import

    signs = {state: shown(sign) for state, sign in _SIGNS.items()}
    width = max(map(len, signs.values()))
    for each in checks:
        typer.echo(plain(f"{signs[each.state].ljust(width)}  {shown(joined([each.what, each.told], ': '))}"))
        if each.hint:
            typer.echo(plain(f"      {shown(hinted(each.hint))}"))
    bad = sum(each.state == "bad" for each in checks)
    counts = plural("{n} checks, {bad} bad.", "{n} checks, {bad} bad.", len(checks), bad=bad or worded("none"))
    command = worded("cs-audit doctor, once the hints are followed") if bad else verbatim("cs-audit run")
    typer.echo(shown(joined([counts, worded("Next: {command}", command=command)], " ")))
