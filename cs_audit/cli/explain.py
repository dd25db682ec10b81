"""`cs-audit explain`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cs_audit.cli import options
from cs_audit.cli.language import language as spoken
from cs_audit.reports import clean
from cs_audit.worded import worded

_FORMATS = ("text", "json", "html")


def explain(
    ticket: Annotated[str, typer.Argument(help="The ticket's number, as the source writes it.")],
    rule: Annotated[str | None, typer.Argument(help="Only this rule: a name or code.")] = None,
    file: Annotated[
        list[Path] | None, typer.Option(help="Files to look in, instead of the configured sources.")
    ] = None,
    config: options.ConfigFile = None,
    format: Annotated[str, typer.Option(help="text, json or html.")] = "text",  # noqa: A002
    as_of: options.AsOf = None,
    timezone: options.Timezone = None,
    language: options.Language = None,
    redact: options.Redact = False,
) -> None:
    """Show one ticket's timeline, and how each clock was counted, minute by minute."""
    options.demand_one_of(_FORMATS, format, worded("{format!r} is no format", format=format), "--format")
    from cs_audit.cli.order import make_order, say  # noqa: PLC0415 - start-up time
    from cs_audit.cli.redacting import redaction  # noqa: PLC0415
    from cs_audit.explain.session import explain as tell  # noqa: PLC0415 - start-up time

    order = make_order(file, config, as_of=as_of, timezone=timezone, language=language, quiet=True, redact=redact)
    told = tell(order, ticket, rule, redaction(order.config.folder, wanted=redact))
    if format == "json":
        typer.echo(clean.escaped(json.dumps(told, ensure_ascii=False, indent=1)))
        return
    from cs_audit.explain.render import render  # noqa: PLC0415 - start-up time

    sys.stdout.write(render(told, format, spoken() if format == "text" else order.config.audit.language))
    if format == "text" and (shown := [*told["verdicts"], *told["findings"]]):
        say([worded("Next: {command}", command=f"cs-audit rules {shown[0]['code']}")], quiet=False)
