"""Files named on the command line as sources: as the configuration reads them, or as their columns and values show.

A guess is made where only one reading is likely, and every part of it is said. Where two readings are equally
likely and verdicts hang on them, it is refused with the question and its answer.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_audit.errors import GuessError, NothingToJudge, SourceError
from cs_audit.sources import date_guess, shape_guess, word_guess
from cs_audit.sources.evidence import Evidence, look, missing_marks
from cs_audit.sources.opening import SUFFIXES, file_type, open_table
from cs_audit.sources.supposed import Desk, Guess
from cs_audit.sources.tables import Table
from cs_audit.sources.told_notes import configured_notes, guessed_notes, overruling
from cs_audit.worded import Worded, joined, verbatim, worded

if TYPE_CHECKING:
    from cs_audit.config import Config
    from cs_audit.config.source_tables import FileSource


@dataclass(frozen=True)
class Supposed:
    """Files of one header: their guess, or the configured source that fits them."""

    name: str
    tables: Sequence[Table]
    guess: Guess | None
    configured: FileSource | None = None

    @property
    def type(self) -> str:
        """The type of the files."""
        return self.tables[0].type


def sources_for(
    files: Sequence[Path], config: Config, timezone: str | None
) -> tuple[dict[str, FileSource], list[Worded]]:
    """A source for each kind of file, and what was taken for what, as sentences.

    A configured source of the file's type whose columns the file has reads it; any other file is guessed.

    Raises:
        UsageError: a file of a type that cs-audit does not read.
        SourceError: a file that cannot be opened.
        GuessError: two readings are equally likely; with the question and its answer.
        NothingToJudge: no file has a row.
    """
    sources: dict[str, FileSource] = {}
    notes: list[Worded] = []
    for each in suppose(files, config, timezone):
        if each.configured is None and each.guess is not None:
            _demand_answers(each)
        paths = [_from_folder(table.path, config.folder) for table in each.tables]
        sources[each.name] = source_of(each, paths)
        if each.guess is None:
            notes += configured_notes(each.tables, each.name)
        else:
            notes += [*guessed_notes(each.tables, each.guess), overruling(each.tables, each.name)]
    return sources, notes


def suppose(files: Sequence[Path], config: Config, timezone: str | None) -> list[Supposed]:
    """What is supposed of the files, gathered by their headers; open questions are left in the guesses.

    Raises:
        UsageError, SourceError, NothingToJudge: see `sources_for`.
    """
    with tempfile.TemporaryDirectory(prefix="cs-audit-guess-") as name:
        groups = _groups([open_table(path, file_type(path), Path(name)) for path in _expanded(files)])
        found: list[Supposed] = []
        for tables in groups:
            found.append(_supposed(tables, config, timezone, [each.name for each in found]))
        if not any(_rows_in(each) for each in found):
            listed = ", ".join(str(path) for path in files)
            raise NothingToJudge(
                worded("there is no row below the header"),
                where=listed,
                hint=worded("check the file and the period it was exported for"),
            )
        return [each for each in found if _rows_in(each)]


def _rows_in(supposed: Supposed) -> bool:
    return supposed.configured is not None or supposed.guess is not None


def _expanded(files: Sequence[Path]) -> list[Path]:
    """The files, patterns expanded where the shell has not done it."""
    import glob  # noqa: PLC0415 - only here

    found: list[Path] = []
    for path in files:
        if path.is_dir():
            raise SourceError(
                worded("is a folder"),
                where=str(path),
                hint=worded("name the files in it, like '{path}/*.csv'", path=path),
            )
        pattern = glob.has_magic(str(path)) and not path.exists()
        matches = [Path(each) for each in sorted(glob.glob(str(path)))] if pattern else [path]  # noqa: PTH207
        if not matches:
            raise SourceError(worded("no file matches"), where=str(path), hint=worded("check the pattern"))
        found += matches
    return list(dict.fromkeys(found))


def _groups(tables: Sequence[Table]) -> list[list[Table]]:
    groups: dict[Any, list[Table]] = {}
    for table in tables:
        groups.setdefault((table.type, tuple(table.columns)), []).append(table)
    return list(groups.values())


def _supposed(tables: list[Table], config: Config, timezone: str | None, taken: Sequence[str]) -> Supposed:
    fitting = _configured(tables[0], config)
    if fitting is not None:
        name, source = fitting
        return Supposed(_free_name(name, taken), tables, None, source)
    name = _free_name(_stem(tables[0].path), taken)
    evidence = look(tables) if tables[0].columns else None
    if evidence is None or evidence.all_columns_empty:
        return Supposed(name, tables, None)
    return Supposed(name, tables, guess(evidence, timezone))


def guess(evidence: Evidence, timezone: str | None = None) -> Guess:
    """The most likely reading of files with these values, and the questions that only the user can answer."""
    desk = Desk.of(evidence)
    shape_guess.note_unusable_times(desk)
    ticket = shape_guess.find_ticket(desk)
    desk.guess.rows = shape_guess.row_shape(desk, ticket) if ticket else None
    if desk.guess.rows:
        shape_guess.take_times(desk, desk.guess.rows)
        word_guess.take_words(desk, desk.guess.rows)
        date_guess.settle_dates(desk, timezone)
        desk.guess.missing = missing_marks(evidence, list(desk.guess.columns.values()))
    return desk.guess


def _configured(table: Table, config: Config) -> tuple[str, FileSource] | None:
    """The configured source for such a file: of its type, and with columns that it all has; the most telling one.

    Raises:
        GuessError: two sources fit alike and read it differently.
    """
    fitting = [
        (name, source)
        for name, source in config.files.items()
        if source.type == table.type
        and {each.column for each in source.columns.values() if each.column} <= set(table.columns)
    ]
    most = max((len(source.columns) for _, source in fitting), default=0)
    best = [(name, source) for name, source in fitting if len(source.columns) == most]
    if len({source.model_dump_json(exclude={"path"}) for _, source in best}) > 1:
        names = reduce(_both, (verbatim(f"[sources.{name}]") for name, _ in best))
        raise GuessError(
            worded("{names} could each read this file, and they differ", names=names), where=str(table.path),
            hint=worded("run without FILE, with the file in the path of one of them"),
        )  # fmt: skip
    return best[0] if best else None


def _both(one: Worded, other: Worded) -> Worded:
    return worded("{one} and {other}", one=one, other=other)


def _demand_answers(each: Supposed) -> None:
    questions = each.guess.questions if each.guess else []
    if not questions:
        return
    first, *others = questions
    text, more = first.text, joined([other.text for other in others], "; ")
    file = each.tables[0].path
    raise GuessError(
        worded("{text} (and {n} more: {more})", text=text, n=len(others), more=more) if others else text,
        where=", ".join(str(table.path) for table in each.tables[:3]),
        hint=worded(
            "say it: {answer} (`cs-audit init {file}` writes a configuration to put it in)",
            answer=first.answer,
            file=file,
        ),
    )


def source_of(each: Supposed, paths: Sequence[str]) -> FileSource:
    """The source that the configuration would give for this guess."""
    from cs_audit.config.source_tables import FileSource  # noqa: PLC0415 - pydantic loads late

    if each.configured is not None:
        return each.configured.model_copy(update={"path": list(paths)})
    return FileSource.model_validate({"type": each.type, "path": list(paths), **settings(each.guess or Guess())})


def settings(found: Guess) -> dict[str, Any]:
    """The keys of a source that say what was guessed."""
    keys = {
        "rows": found.rows,
        "timezone": found.timezone,
        "date_order": found.date_order,
        "missing": found.missing,
        "columns": found.columns,
        "values": {column: words for column, words in found.values.items() if words},
        "reported": found.reported,
    }
    return {key: value for key, value in keys.items() if value}


def _stem(path: Path) -> str:
    name = path.name
    while Path(name).suffix.lower() in (".gz", *SUFFIXES):
        name = Path(name).stem
    return name or "file"


def _free_name(name: str, taken: Sequence[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _from_folder(path: Path, folder: Path) -> str:
    """The path as the configuration in `folder` would write it."""
    if path.is_absolute() or folder == Path():
        return str(path)
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # another drive
        return str(path.absolute())
