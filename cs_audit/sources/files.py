"""Reading files: batches of rows in the columns of events, with every row accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from cs_audit.events.columns import SCHEMA
from cs_audit.sources import shapes
from cs_audit.sources.fields import LEFT, RAW, Field
from cs_audit.sources.known_files import Recalling
from cs_audit.sources.ledger import Input, Reject, survey_of
from cs_audit.sources.opening import open_table
from cs_audit.sources.paths import bytes_of, find_paths
from cs_audit.sources.plan import Plan, make_plan
from cs_audit.sources.raw import places, raw_rows, rescued, without_blank
from cs_audit.sources.sees import sees
from cs_audit.sources.tables import BATCH, LAST, ROW, BadRow, Table

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from cs_audit.config.models import AutomaticTable
    from cs_audit.config.source_tables import FileSource


class Malformed(Exception):  # noqa: N818 - it is caught, never shown
    """The fast reader gave up on a file; it must be read again, slowly."""


@dataclass
class FileReader(Recalling):
    """One configured source of files.

    `sees` says what its rows can show: `first_reply`, `messages` (every exchange), `statuses` (every change),
    `resolution` (at least the last). A rule that needs more is not judged for its tickets.
    """

    name: str
    config: FileSource
    folder: Path
    copies: Path
    automatic: AutomaticTable
    needs: frozenset[str]
    timezone: str | None
    hashes: Executor

    def __getstate__(self) -> dict[str, Any]:
        """It travels without its account of what was read."""
        return {**self.__dict__, "hashes": None, "inputs": [], "rejects": []}

    @property
    def group(self) -> str:
        """Sources of one group tell of the same tickets."""
        return self.config.joins or self.name

    @property
    def sees(self) -> frozenset[str]:
        """See the class."""
        return sees(self.config)

    @property
    def unseen(self) -> Mapping[str, str]:
        """What it cannot show, and why: files do not say."""
        return {}

    @property
    def size(self) -> int:
        """About how many bytes of text the files hold."""
        return bytes_of(self.paths())

    def tables(self) -> list[Table]:
        """The files of the source, by name.

        Raises:
            SourceError: no file, or one that cannot be opened.
        """
        options: dict[str, Any] = self.config.model_dump(include={"encoding", "delimiter", "sheet"})
        return [open_table(path, self.config.type, self.copies, **options) for path in self.paths()]

    def paths(self) -> list[Path]:
        """The files that `path` names.

        Raises:
            SourceError: a pattern that matches none.
        """
        return find_paths(self.config.path, self.folder, self.name)

    def batches(self, *, slow: bool = False) -> Iterator[pl.DataFrame]:
        """All rows that could be read, in the order of the files; the others are put in `rejects`.

        Raises:
            Malformed: (only if not `slow`) the fast reader met a row it cannot pass.
            AuditError: see `tables` and `plan.make_plan`.
        """
        self.inputs.clear()
        self.rejects.clear()
        if self.recall(self.hashes):
            return
        offset = 0
        for table in self.tables():
            survey = self.hashes.submit(survey_of, table.path)
            source = Input(self.name, str(table.path), table.type, table.details, survey)
            self.inputs.append(source)
            if not table.columns:
                continue
            plan = make_plan(self.config, self.name, table, self.automatic, self.needs, self.timezone)
            last = offset
            for frame in self.taken(table, plan, offset, slow=slow):
                last = max(last, cast("int", frame["row"].max() or 0))
                yield frame
            offset = last

    def taken(self, table: Table, plan: Plan, offset: int, *, slow: bool = False) -> Iterator[pl.DataFrame]:
        """The rows of one table that could be read, numbered from `offset` on; the last of `inputs` counts them.

        Raises:
            Malformed: see `batches`.
        """
        for frame in self._rows(table, plan, self.inputs[-1], slow=slow):
            yield frame.with_columns((pl.col(ROW) + offset).cast(pl.UInt32).alias("row"), *self._constants(frame)).drop(
                ROW
            )

    def _rows(self, table: Table, plan: Plan, source: Input, *, slow: bool) -> Iterator[pl.DataFrame]:
        """The rows of one table that could be read; those a value of which came to nothing get a second chance."""
        suspects: list[int] = []
        for frame in self._frames(table, plan, slow=slow):
            yield self._kept(frame, suspects, source)
        if suspects:
            raw = without_blank(raw_rows(table, plan.columns, suspects, slow=slow), table, slow=slow)
            source.rows -= len(suspects) - raw.height
            yield self._second_chance(raw, plan, source, table)

    def _constants(self, frame: pl.DataFrame) -> list[pl.Expr]:
        if self.config.rows != "events":
            return []
        defaults = {"kind": self._default_kind, "public": True}
        return [
            pl.lit(value, SCHEMA[name]).alias(name) for name, value in defaults.items() if name not in frame.columns
        ]

    @property
    def _default_kind(self) -> str:
        messages = {"author", "author_id", "text", "event"} & self.config.columns.keys()
        return "message" if messages or "status" not in self.config.columns else "status"

    def _frames(self, table: Table, plan: Plan, *, slow: bool) -> Iterator[pl.DataFrame]:
        if table.lazy is None or slow:
            bad: list[BadRow] = []
            for frame in table.read(plan.columns, bad, BATCH):
                yield plan.apply(frame.lazy(), [ROW]).collect()
            self._reject(self.inputs[-1], [Reject(str(table.path), each.row, "", "", "", each.problem) for each in bad])
            self.inputs[-1].rows += len(bad)
            return
        seen, gaps = table.first_row, False
        try:
            rows = table.natively(plan.columns, plan.native) if table.natively else table.lazy(plan.columns)
            events = plan.apply(rows, [LAST], natively=table.natively is not None)
            for batch in events.collect_batches(chunk_size=BATCH, maintain_order=True):
                gaps = gaps or bool(batch[LAST].any())
                yield batch.drop(LAST).with_row_index(ROW, seen)
                seen += batch.height
        except pl.exceptions.PolarsError as error:
            raise Malformed(str(error)) from None
        if not table.whole(gaps, self.inputs[-1].survey.result().quotes):
            raise Malformed("a row has fewer fields than the header, or an open quote")

    def _kept(self, frame: pl.DataFrame, suspects: list[int], source: Input) -> pl.DataFrame:
        """The rows that were read whole; doubtful ones become suspects."""
        source.rows += frame.height
        doubtful = frame[LEFT] | frame[self._required].is_null() | frame["ticket"].is_null()
        frame = frame.drop(LEFT)
        if not doubtful.any():
            return frame
        suspects += frame.filter(doubtful)[ROW].to_list()
        return frame.filter(~doubtful)

    def _second_chance(self, raw: pl.DataFrame, plan: Plan, source: Input, table: Table) -> pl.DataFrame:
        """Suspect rows read the slow way; those that still cannot be read are rejected, each with its first problem."""
        frame = plan.raw(raw)
        bad = pl.repeat(value=False, n=frame.height, eager=True)
        for each in plan.fields:
            if each.strict:
                frame, failed = rescued(frame, each, list(plan.missing))
                self._reject(source, self._unread(frame.filter(failed & ~bad), each, table))
                bad |= failed
        lost = frame[self._required].is_null() | frame["ticket"].is_null()
        self._reject(source, self._incomplete(frame.filter(lost & ~bad), table))
        good = frame.filter(~(bad | lost))
        return (
            good.lazy()
            .with_columns(plan.automatic)
            .with_columns(automatic=pl.col("automatic_reason").is_not_null())
            .drop(*plan.drop, *(name for name in good.columns if name.startswith(RAW)))
            .collect()
        )

    def _reject(self, source: Input, rejects: list[Reject]) -> None:
        self.rejects += rejects
        source.rejected += len(rejects)

    @property
    def _required(self) -> str:
        return "created_at" if self.config.rows == "tickets" else "occurred_at"

    def _unread(self, rows: pl.DataFrame, each: Field, table: Table) -> list[Reject]:
        column = self.config.columns.get(each.name)
        shown = (column and column.column) or each.name
        return [
            Reject(str(table.path), row, ticket or "", shown, value, each.problem(value))
            for (row, ticket), value in zip(places(rows), rows[RAW + each.name], strict=True)
        ]

    def _incomplete(self, rows: pl.DataFrame, table: Table) -> list[Reject]:
        return [
            Reject(str(table.path), row, ticket or "", "", "", f"has no {self._required if ticket else 'ticket'}")
            for row, ticket in places(rows)
        ]

    @property
    def basis(self) -> Any:
        """A JSON value of everything configured that decides its events."""
        tables = self.config.model_dump(mode="json"), self.automatic.model_dump(mode="json")
        return [*tables, sorted(self.needs), self.timezone]

    def assemble(self, rows: pl.DataFrame) -> pl.DataFrame:
        """See `shapes.assembled`."""
        opener = self.config.requester == "opener"
        return shapes.assembled(rows, self.config.rows, f"sources.{self.name}", opener=opener)
