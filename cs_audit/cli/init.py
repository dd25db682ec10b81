"""`cs-audit init`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cs_audit.cli import options
from cs_audit.cli.language import language, shown
from cs_audit.errors import UsageError
from cs_audit.worded import Worded, reason_of, verbatim, worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cs_audit.sources.guess import Supposed

TARGET = Path("cs-audit.toml")

Examples = Annotated[list[Path] | None, typer.Argument(help="Files to look at; without any, a template to fill in.")]

Helpdesk = Annotated[str | None, typer.Option("--from", help="Add the hours and SLA policies of a pulled helpdesk.")]


def init(
    files: Examples = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite cs-audit.toml.")] = False,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print it instead of writing it.")] = False,
    timezone: options.Timezone = None,
    source: Annotated[
        str | None, typer.Option("--from", help="Add the hours and SLA policies of a pulled helpdesk.")
    ] = None,
    config: options.ConfigFile = None,
) -> None:
    """Look at files and write a commented cs-audit.toml for them; or add a helpdesk's own hours and policies to it."""
    if source is not None:
        _add(source, config, stdout=stdout)
        return
    from cs_audit.cli.order import check_zone, say  # noqa: PLC0415 - start-up time
    from cs_audit.sources.draft import draft  # noqa: PLC0415 - start-up time

    check_zone(timezone)
    if not (force or stdout):
        _demand_free()
    found = _supposed(files or (), timezone)
    drawn = [(each, [str(table.path) for table in each.tables]) for each in found]
    text = draft(drawn, timezone, language(), shown)
    say(_notes(found), quiet=False)
    if stdout:
        typer.echo(text, nl=False)
        named = "".join(f" {shlex.quote(str(each))}" for each in files or ())
        say([worded("Next: `cs-audit init{named}` writes this to {path}", named=named, path=TARGET)], quiet=False)
        return
    _write(text)
    say(_next(found), quiet=False)


def _add(source: str, path: Path | None, *, stdout: bool) -> None:
    """Put what a helpdesk tells at the end of the configuration; what is there by the same name stays."""
    from cs_audit.cli.order import read_config, say  # noqa: PLC0415 - start-up time
    from cs_audit.cli.pull import found_config  # noqa: PLC0415 - start-up time
    from cs_audit.sources.helpdesks.drafting import from_helpdesk  # noqa: PLC0415 - start-up time

    place = found_config(path)
    text = from_helpdesk(read_config(place), source, shown)
    if stdout:
        typer.echo(text, nl=False)
        return
    if not text:
        say([worded("{path} has all of them already", path=place)], quiet=False)
        return
    with place.open("a", encoding="utf-8", newline="\n") as file:
        file.write("\n" + text)
    read_config(place)
    say([worded("Added to {path}. Next: read it, then cs-audit run", path=place)], quiet=False)


def _demand_free() -> None:
    if TARGET.exists():
        raise UsageError(
            worded("is there already"),
            where=str(TARGET),
            hint=worded("overwrite it with --force, or look first with --stdout"),
        )


def _supposed(files: Sequence[Path], timezone: str | None) -> list[Supposed]:
    from cs_audit.config import Config  # noqa: PLC0415 - start-up time
    from cs_audit.sources.guess import suppose  # noqa: PLC0415 - start-up time

    return suppose(files, Config(), timezone) if files else []


def _notes(found: Sequence[Supposed]) -> list[Worded]:
    from cs_audit.sources.told_notes import guessed_notes  # noqa: PLC0415 - start-up time

    notes = []
    for each in found:
        if each.guess:
            notes += guessed_notes(each.tables, each.guess)
            notes += [
                worded("  To answer: {text}: {answer}", text=question.text, answer=question.answer)
                for question in each.guess.questions
            ]
    return notes


def _write(text: str) -> None:
    """The whole file or none.

    Raises:
        UsageError: it cannot be written here.
    """
    part = TARGET.with_name(f".{TARGET.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(TARGET)
    except OSError as error:
        raise UsageError(
            worded("cannot be written: {why}", why=reason_of(error)),
            where=str(TARGET),
            hint=worded("try another folder"),
        ) from None


def _next(found: Sequence[Supposed]) -> list[Worded]:
    questions = sum(len(each.guess.questions) for each in found if each.guess)
    if questions:
        following = worded("answer what is marked TO ANSWER in it ({n}), then `cs-audit run`", n=questions)
    elif not found:
        following = worded("fill in [sources] (or `cs-audit init FILE --force`), then `cs-audit run`")
    else:
        following = verbatim("`cs-audit run`")
    return [worded("Wrote {path}. Next: {following}", path=TARGET, following=following)]
