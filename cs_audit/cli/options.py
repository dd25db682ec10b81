"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cs_audit.cli.language import by_option
from cs_audit.errors import UsageError
from cs_audit.worded import Worded, joined, worded

Files = Annotated[
    list[Path] | None, typer.Argument(help="Files to audit; without any, the sources of the configuration.")
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="The configuration; default: the nearest cs-audit.toml.")
]
Verdicts = Annotated[str | None, typer.Option(metavar="PATH", help="Every verdict: .csv, .jsonl or .parquet.")]
Findings = Annotated[str | None, typer.Option(metavar="PATH", help="Every finding: .csv, .jsonl or .parquet.")]
Since = Annotated[str | None, typer.Option(help="Judge waits that began at or after this date or time.")]
Until = Annotated[str | None, typer.Option(help="Judge waits that began before this date or time.")]
AsOf = Annotated[str | None, typer.Option(help="What happened later is not known; default: the last event.")]
Baseline = Annotated[
    Path | None,
    typer.Option(
        help="An earlier audit.json: tell what changed, and exit 1 only on what got worse: goals newly missed, or "
        "missed by significantly more, and new findings.",
    ),
]
Language = Annotated[str | None, typer.Option(help="en or ru.", callback=by_option)]
Timezone = Annotated[str | None, typer.Option(help="Zone of timestamps that carry none, like Europe/Moscow.")]
Sensitivity = Annotated[
    bool | None,
    typer.Option(
        "--sensitivity/--no-sensitivity",
        help="Show the same results under other definitions; default: up to a million rows.",
        show_default=False,
    ),
]
Cache = Annotated[
    bool | None,
    typer.Option(
        "--cache/--no-cache",
        help="Keep the events that were read beside the store, so that the next audit reads only what changed; "
        "default: those of helpdesks.",
        show_default=False,
    ),
]
Annotations = Annotated[
    str, typer.Option(help="Marks and step summary for GitHub Actions: auto (if it is that), github or never.")
]
Ping = Annotated[
    str | None,
    typer.Option(
        help="Ask for this address after success, or after any end if it has {code}; env:NAME or file:PATH hide it.",
        metavar="URL",
    ),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact",
        help="Call people by pseudonyms; mask e-mail addresses and phone, card and passport numbers. Does not hide "
        "ticket numbers, nor who is named in texts alone.",
    ),
]
ShowText = Annotated[bool, typer.Option("--show-text", help="Show what messages say, not only short quotes.")]
Template = Annotated[
    Path | None, typer.Option(help="A folder of templates that take the place of the report's own.", metavar="DIR")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but complaints.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what was read.")]


def demand_one_of(known: Sequence[str], given: str, problem: Worded, where: str) -> None:
    """Demand that an option is one of its words.

    Raises:
        UsageError: it is not; `problem` says so.
    """
    if given not in known:
        raise UsageError(problem, where=where, hint=worded("write one of: {known}", known=", ".join(known)))


def demand_suffix(known: Sequence[str], path: Path, problem: Worded, where: str) -> None:
    """Demand that a file's name says one of the known forms.

    Raises:
        UsageError: it does not; `problem` says so of what there is instead.
    """
    if path.suffix not in known:
        found = path.suffix or worded("a file without a suffix")
        hint = worded("end the name in one of: {known}", known=" ".join(known))
        raise UsageError(joined([problem, found], " "), where=where, hint=hint)
