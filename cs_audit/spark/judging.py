"""Whole tickets judged on an executor, a bucket at a time, by the functions that judge on one machine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import polars as pl

from cs_audit.audit.across import KEY, SCOPES, histories_of, judge_histories
from cs_audit.audit.alternatives import Alternative
from cs_audit.audit.bench import Bench
from cs_audit.audit.chunk import judge_chunk
from cs_audit.audit.hearing import Chunk
from cs_audit.audit.texts import prints_of, reasons_of
from cs_audit.redact.watching import Watched
from cs_audit.spark.pieces import Piece, dealt, of_table, of_value
from cs_audit.text import repeated

if TYPE_CHECKING:
    from cs_audit.audit.gathered import Source
    from cs_audit.audit.session import Reader
    from cs_audit.redact.redaction import Redaction
    from cs_audit.rules.rule import Scope

GATHERED: tuple[Scope, ...] = ("requester", "channel")
"""Scopes whose histories are put together on the executors; all answers meet on the driver."""
_CHUNK = "__chunk"


@dataclass(frozen=True)
class Group:
    """Sources that tell of the same tickets, by their place among all; what they can show, and which of their tickets
    have rejected rows.
    """

    sources: Mapping[int, Reader]
    sees: frozenset[str]
    broken: frozenset[str]


@dataclass
class Kept:
    """A sink of verdicts and findings that keeps what is wanted, and everyone whom the sources name."""

    wanted: frozenset[str]
    frames: list[tuple[str, pl.DataFrame]] = field(default_factory=list)
    people: dict[str, set[str]] = field(default_factory=dict)

    def verdicts(self, frame: pl.DataFrame) -> None:
        """Rows of `--verdicts`."""
        self._keep("verdicts", frame)

    def findings(self, frame: pl.DataFrame) -> None:
        """Rows of `--findings`."""
        self._keep("findings", frame)

    def see(self, kind: str, names: Iterable[str | None]) -> None:
        """Names of a kind, as a redaction sees them."""
        self.people.setdefault(kind, set()).update(each for each in names if each)

    def _keep(self, kind: str, frame: pl.DataFrame) -> None:
        if kind in self.wanted and frame.height:
            self.frames.append((kind, frame))

    def pieces(self, group: int, bucket: int) -> Iterator[Piece]:
        """All of it, for the driver."""
        for place, (kind, frame) in enumerate(self.frames):
            yield of_table(kind, frame, group=group, bucket=bucket, at=place)
        if self.people:
            yield of_value("people", self.people, group=group, bucket=bucket)


@dataclass(frozen=True)
class Court:
    """What executors judge by. `wanted` are the kinds of rows that are written to files; with `redacts` everyone whom
    the sources name is told to the driver.
    """

    bench: Bench
    others: Sequence[Alternative]
    groups: Sequence[Group]
    buckets: int
    wanted: frozenset[str]
    redacts: bool

    def prints(self, pieces: list[Piece]) -> Iterator[Piece]:
        """What tells repetition among a bucket's events, dealt by text, and their plain words for its judging."""
        group, bucket = pieces[0].group, pieces[0].bucket
        with tempfile.TemporaryDirectory(prefix="cs-audit-") as folder:
            plain = Path(folder) / "plain.arrow"
            told, _ = prints_of(replace(self._chunk(pieces), plain=plain))
            if plain.exists():
                yield Piece("plain", group, bucket, 0, plain.read_bytes())
        if told is not None:
            chunk = group * self.buckets + bucket
            told = told.with_columns(pl.lit(chunk, pl.Int64).alias(_CHUNK))
            yield from dealt("prints", told, "print", self.buckets, at=chunk)

    def repeated(self, pieces: list[Piece]) -> Iterator[Piece]:
        """The events that repetition gives away, sent back to the buckets they are in."""
        told = pl.concat(each.table for each in pieces)
        told = told.with_columns(pl.col("row").alias("own"), pl.int_range(pl.len()).alias("row"))
        found = told.select(_CHUNK, row="own", reason=repeated.reasons(told)).drop_nulls()
        for (chunk,), part in found.partition_by(_CHUNK, as_dict=True, include_key=False).items():
            group, bucket = divmod(cast("int", chunk), self.buckets)
            yield of_table("repeated", part, group=group, bucket=bucket)

    def judged(self, pieces: list[Piece]) -> Iterator[Piece]:
        """The tally of a bucket, its verdicts and findings, and its events for the rules of other scopes."""
        group, bucket = pieces[0].group, pieces[0].bucket
        sink = Kept(self.wanted)
        with tempfile.TemporaryDirectory(prefix="cs-audit-") as folder:
            chunk = self._chunk(pieces, sink)
            for each in pieces:
                if each.what == "plain":
                    chunk = replace(chunk, plain=Path(folder) / "plain.arrow")
                    cast("Path", chunk.plain).write_bytes(each.blob)
            tally = judge_chunk(chunk, self.bench, sink, self.others, _reasons(chunk, pieces))
        gathered, tally.gathered = tally.gathered, {}
        yield of_value("tally", tally, group=group, bucket=bucket)
        yield from sink.pieces(group, bucket)
        at = group * self.buckets + bucket
        for scope, frame in gathered.items():
            if scope in GATHERED:
                yield from dealt(scope, frame, KEY, self.buckets, group=SCOPES.index(scope), at=at)
            else:
                yield of_table(scope, frame, group=group, bucket=bucket)

    def across(self, pieces: list[Piece]) -> Iterator[Piece]:
        """The tally and findings of a bucket of histories of other scopes."""
        group, bucket = pieces[0].group, pieces[0].bucket
        sink = Kept(self.wanted)
        histories = histories_of(pl.concat((each.table for each in pieces), how="diagonal"), self.bench)
        rules = self.bench.standard.of(SCOPES[group])
        yield of_value("tally", judge_histories(rules, histories, self.bench, sink), group=group, bucket=bucket)
        yield from sink.pieces(len(self.groups) + group, bucket)

    def _chunk(self, pieces: list[Piece], names: Kept | None = None) -> Chunk:
        """The tickets of a bucket; each source's rows in their order, however they came here."""
        group = self.groups[pieces[0].group]
        parts: list[tuple[Source, pl.DataFrame]] = []
        for place, reader in group.sources.items():
            tables = [each.table for each in pieces if each.what == "rows" and each.at == place]
            if tables:
                source = Watched(reader, cast("Redaction", names)) if self.redacts and names else reader
                parts.append((cast("Source", source), pl.concat(tables).sort("row")))
        name = next(iter(group.sources.values())).group
        return Chunk(parts, group.sees, group.broken, self.bench.standard.reading, group=name)


def _reasons(chunk: Chunk, pieces: list[Piece]) -> pl.Series | None:
    """Why each event of a chunk is automatic by repetition."""
    found = [each.table for each in pieces if each.what == "repeated"]
    return reasons_of(pl.concat(found), 0, chunk.events.height) if found else None
