"""`cs-audit pull`."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from cs_audit.cli import options
from cs_audit.cli.language import shown
from cs_audit.errors import UsageError
from cs_audit.worded import Worded, joined, plural, worded

if TYPE_CHECKING:
    from pathlib import Path

    from cs_audit.config import Config
    from cs_audit.sources.helpdesks.pulling import Run
    from cs_audit.sources.helpdesks.session import Outcome
    from cs_audit.sources.web.progress import Hook

Sources = Annotated[list[str] | None, typer.Argument(help="Names of helpdesks in the configuration; default: all.")]
_A_LINE = 30.0


def pull(
    sources: Sources = None,
    config: options.ConfigFile = None,
    full: Annotated[bool, typer.Option("--full", help="Everything anew, not only what changed.")] = False,
    since: Annotated[str | None, typer.Option(help="On the first pull: only what changed since this date.")] = None,
    ping: options.Ping = None,
    quiet: options.Quiet = False,
) -> None:
    """Bring changed tickets of helpdesks into the local store; safe to kill and to run again."""
    from cs_audit.cli.order import instant  # noqa: PLC0415 - start-up time
    from cs_audit.cli.pinging import pinging  # noqa: PLC0415 - start-up time
    from cs_audit.sources.helpdesks.session import pull_all  # noqa: PLC0415 - start-up time

    with pinging(ping):
        found = loaded(config)
        begin = instant(since, "--since", found.audit.timezone)
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        outcome = pull_all(found, sources or (), now, full=full, since=begin, heard=_heard(quiet=quiet))
        _tell(outcome, f" -c {shlex.quote(str(config))}" if config else "", quiet=quiet)
        raise typer.Exit(outcome.exit_code)


def _tell(outcome: Outcome, options: str, *, quiet: bool) -> None:
    from cs_audit.cli.guard import show_error  # noqa: PLC0415 - no cycle at import
    from cs_audit.cli.order import say  # noqa: PLC0415 - start-up time

    say([_line(each) for each in outcome.runs], quiet=quiet)
    for error in outcome.errors:
        show_error(error)
    if not outcome.errors:
        say([worded("Next: {command}", command=f"cs-audit run{options}")], quiet=quiet)


def loaded(path: Path | None) -> Config:
    """The configuration, which must be there.

    Raises:
        UsageError, ConfigError: it is not, or says something wrong.
    """
    from cs_audit.cli.order import read_config  # noqa: PLC0415 - start-up time

    return read_config(found_config(path))


def found_config(path: Path | None) -> Path:
    """The configuration's file.

    Raises:
        UsageError: there is none here or above.
    """
    from pathlib import Path  # noqa: PLC0415 - start-up time

    from cs_audit.config import find_config  # noqa: PLC0415 - start-up time

    found = path or find_config(Path.cwd())
    if not found:
        hint = worded("give its path with -c, or make one with `cs-audit init`")
        raise UsageError(worded("no cs-audit.toml was found here or above"), hint=hint)
    return found


def _line(run: Run) -> Worded:
    parts = [
        plural("{n} tickets read", "{n} tickets read", run.given),
        plural("{n} new or changed", "{n} new or changed", run.changed),
        *([plural("{n} gone", "{n} gone", run.gone)] if run.gone else []),
        worded("up to {as_of:%Y-%m-%d %H:%M} UTC", as_of=run.as_of),
    ]
    return joined([run.source, joined(parts)], ": ")


def _heard(*, quiet: bool) -> Hook:
    """On a terminal one line that is written over, else a line every half minute."""
    from cs_audit.sources.web.progress import every, sentence, silent  # noqa: PLC0415 - start-up time

    if quiet:
        return silent
    if sys.stderr.isatty():
        return every(0.2, time.monotonic, lambda notice: _over(_plain(shown(sentence(notice)))))
    return every(_A_LINE, time.monotonic, lambda notice: print(_plain(shown(sentence(notice))), file=sys.stderr))


def _over(line: str) -> None:
    """Write over the line before."""
    print(f"\r\x1b[2K{line}", end="", file=sys.stderr, flush=True)


def _plain(text: str) -> str:
    from cs_audit.cli.guard import plain  # noqa: PLC0415 - no cycle at import

    return plain(text)
