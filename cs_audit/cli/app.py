"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from cs_audit import __version__
from cs_audit.cli import compare, demo, doctor, explain, init, pull, report, rules, run, schedule

app = typer.Typer(
    help="The support audit you can argue with: SLA verdicts recomputed from raw messages, each explained.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"cs-audit {__version__}")
        raise typer.Exit


@app.callback()
def cs_audit(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The support audit you can argue with: SLA verdicts recomputed from raw messages, each explained."""


app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("pull")(pull.pull)
app.command("run")(run.run)
app.command("doctor")(doctor.doctor)
app.command("explain")(explain.explain)
app.command("report")(report.report)
app.command("compare")(compare.compare)
app.command("rules")(rules.rules)
app.add_typer(schedule.app, name="schedule")
