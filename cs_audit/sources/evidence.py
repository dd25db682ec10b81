"""What a file's values show: timestamps, lengths of time, words, how many rows a ticket has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from cs_audit.sources.plan import order_counts
from cs_audit.sources.tables import BATCH, Table
from cs_audit.sources.times import Form, form_of
from cs_audit.sources.told import MISSING, is_missing, is_number

SAMPLE = 2_000
"""Rows from the top that are looked at closely."""

MOST_ROWS = 1_000_000
"""Rows in which words and tickets are counted."""

_FEW = 50
MOST_WORDS = 60
"""A column with more different values than this holds names or texts, not words with a fixed meaning."""

_LENGTH = re.compile(
    r"-?\d+:\d{2}(:\d{2})?(\.\d+)?|-?\d+([.,]\d+)?|"
    r"(\d+\s*(days?|d|hours?|h|min(utes)?|m|s(ec(onds)?)?|дн\.?|ч\.?|мин\.?)[ ,]*)+"
    r"(\d+:\d{2}(:\d{2})?)?|P\d*D?(T[\dHMS.]+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Evidence:
    """Files of one header, looked at: `tables` must not be empty, and `sample` holds the first rows of the first."""

    tables: Sequence[Table]
    sample: pl.DataFrame
    _words: dict[str, list[str] | None] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The names in the header."""
        return self.tables[0].columns

    def texts(self, column: str) -> list[str]:
        """The values of a column in the sample that are not missing; of rows further down, if it has none."""
        return _present(self.sample[column]) or self._later.get(column, [])

    @cached_property
    def _later(self) -> dict[str, list[str]]:
        """Some values of the columns in which the sample has none."""
        found: dict[str, list[str]] = {each: [] for each in self.columns if not _present(self.sample[each])}
        for frame in _frames(self.tables, list(found)) if found else ():
            for column in found:
                values = frame[column].drop_nulls()
                found[column] += _present(values.filter(values.cast(pl.String) != "").head(_FEW))
        return found

    def blanks(self, column: str) -> int:
        """Rows of the sample in which the column has no value."""
        return self.sample.height - len(_present(self.sample[column]))

    def typed(self, column: str) -> bool:
        """Whether the file itself says that the column holds timestamps."""
        return isinstance(self.sample.schema[column], pl.Datetime)

    def naive(self, column: str) -> str | None:
        """A timestamp of the column that does not tell its zone."""
        kind = self.sample.schema[column]
        if isinstance(kind, pl.Datetime):
            return None if kind.time_zone else str(next(iter(self.texts(column)), "")) or None
        return next((text for text in self.texts(column) if (form := form_of(text)) and not form.zoned), None)

    def forms(self, column: str) -> list[Form]:
        """The form of every timestamp of the sample."""
        return [form for text in self.texts(column) if (form := form_of(text))]

    def holds_times(self, column: str) -> bool:
        """Whether at least half of the values are timestamps with a date and a time of day."""
        if self.typed(column):
            return True
        texts = self.texts(column)
        return bool(texts) and 2 * len(self.forms(column)) >= len(texts)

    def holds_lengths(self, column: str) -> bool:
        """Whether the values are lengths of time or bare numbers."""
        texts = self.texts(column)
        return bool(texts) and all(_LENGTH.fullmatch(text) for text in texts) and not self.forms(column)

    def empty(self, column: str) -> bool:
        """Whether the column has no value."""
        return not self.texts(column)

    def words(self, column: str) -> list[str] | None:
        """All values of the column, most frequent first; None where they are too many to be words."""
        if column not in self._words:
            self._words[column] = _most_frequent(self.tables, column)
        return self._words[column]

    def numbers_only(self, column: str) -> bool:
        """Whether every value is a bare number."""
        texts = self.texts(column)
        return bool(texts) and all(is_number(text) for text in texts)

    def same(self, one: str, other: str) -> bool:
        """Whether two columns part the rows of the sample alike."""
        pairs = self.sample.select(pl.col(one).alias("one"), pl.col(other).alias("other")).unique()
        return pairs.height == pairs["one"].n_unique() == pairs["other"].n_unique()

    def equal(self, one: str, other: str) -> bool:
        """Whether two columns of the sample hold the same values."""
        return self.sample[one].equals(self.sample[other])

    def order_counts(self, column: str) -> tuple[int, int]:
        """Dates of all files that can only be day first, and only month first."""
        counts = [order_counts(pl.col(column), column, table) for table in self.tables]
        return sum(day for day, _ in counts), sum(month for _, month in counts)

    def rows_and_tickets(self, column: str) -> tuple[int, int]:
        """How many rows there are, and how many different values of the ticket column."""
        seen: set[str] = set()
        rows = 0
        for frame in _frames(self.tables, [column]):
            values = frame[column].drop_nulls().cast(pl.String)
            values = values.filter(values != "")
            rows += values.len()
            seen.update(values.unique())
        return rows, len(seen)

    @cached_property
    def all_columns_empty(self) -> bool:
        """Whether there is no row."""
        return self.sample.height == 0


def _present(values: pl.Series) -> list[str]:
    kept = values.cast(pl.String) if values.dtype != pl.String else values
    return [text.strip() for text in kept.drop_nulls() if text.strip() and not is_missing(text)]


def look(tables: Sequence[Table]) -> Evidence:
    """The evidence of files with one header."""
    first = next((table for table in tables if table.sample(table.columns, 1).height), tables[0])
    return Evidence(tables, first.sample(first.columns, SAMPLE))


def _most_frequent(tables: Sequence[Table], column: str) -> list[str] | None:
    counts: dict[str, int] = {}
    for frame in _frames(tables, [column]):
        for text, count in frame[column].drop_nulls().cast(pl.String).str.strip_chars().value_counts().iter_rows():
            counts[text] = counts.get(text, 0) + count
        if len(counts) > 2 * MOST_WORDS:
            return None
    kept = [text for text in sorted(counts, key=lambda text: (-counts[text], text)) if text and not is_missing(text)]
    return kept if len(kept) <= MOST_WORDS else None


def _frames(tables: Iterable[Table], columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The columns of all files in batches, up to `MOST_ROWS` rows; quickly where the files are sound."""
    left = MOST_ROWS
    for table in tables:
        for frame in _quick(table, columns) or _slow(table, columns):
            yield frame.head(left)
            left -= frame.height
            if left <= 0:
                return


def _quick(table: Table, columns: Sequence[str]) -> list[pl.DataFrame] | None:
    if table.lazy is None:
        return None
    lazy: Callable[[Sequence[str]], pl.LazyFrame] = table.lazy
    try:
        return [lazy(columns).head(MOST_ROWS).select(columns).collect(engine="streaming")]
    except pl.exceptions.PolarsError:
        return None


def _slow(table: Table, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    yield from table.read(columns, [], BATCH)


def missing_marks(evidence: Evidence, columns: Sequence[str]) -> list[str]:
    """The values of these columns that say that there is none, as the files write them."""
    names = list(dict.fromkeys(each for each in columns if not evidence.typed(each)))
    marks: set[str] = set()
    for frame in _frames(evidence.tables, names):
        for name in names:
            values = frame[name].cast(pl.String)
            marks.update(values.filter(values.str.to_lowercase().is_in(list(MISSING))).unique())
    return sorted(marks)
