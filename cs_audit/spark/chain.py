"""The chain on a cluster: the steps of `audit.chain`, with Spark in place of spools and threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cs_audit.audit.across import Gathering
from cs_audit.audit.chain import A_FEW, Judged, count_unread, make_bench, others_of
from cs_audit.audit.spool import buckets_for
from cs_audit.audit.tally import Tally
from cs_audit.sources.paths import PACKED
from cs_audit.spark.judging import GATHERED, Court, Group
from cs_audit.spark.pieces import Piece, brought, by_bucket, of_row, only
from cs_audit.spark.session import started
from cs_audit.spark.sources import Source, check, laid_out, pieces_of, settled
from cs_audit.spark.tables import ClusterExport

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from cs_audit.audit.export import Export
    from cs_audit.audit.session import Reader
    from cs_audit.audit.standard import Standard, Window
    from cs_audit.redact.redaction import Redaction
    from cs_audit.sources.files import FileReader

_A_CORE = 2
"""Buckets for each core at least, so that none stands idle while one bucket is judged."""


@contextmanager
def cluster(readers: Sequence[Reader]) -> Iterator[Cluster]:
    """Spark, ready to judge these sources; it stops afterwards if it was not running before.

    Raises:
        UsageError: it reads no such sources, or does not start.
    """
    check(readers)
    with started() as spark:
        made = Cluster(spark)
        try:
            yield made
        finally:
            made.let_go()


@dataclass
class Cluster:
    """A session, the frames it keeps, and into how many buckets tickets are dealt (None: as many as they need)."""

    spark: SparkSession
    buckets: int | None = None
    _kept: list[DataFrame] = field(default_factory=list)

    def audit(
        self,
        readers: Sequence[Reader],
        standard: Standard,
        window: Window,
        folder: Path,
        export: Export | None = None,
        redaction: Redaction | None = None,
        *,
        sensitivity: bool | None = False,
    ) -> Judged:
        """What `audit.chain.audit` makes of the same sources, to the byte.

        Raises:
            NothingToJudge: no row was read, and none rejected.
            AuditError: whatever keeps a source from being read.
        """
        sources = laid_out(self.spark, cast("Sequence[FileReader]", readers))
        buckets = self.buckets or self._enough(sources)
        read = self._keep([frame for each in sources for frame in pieces_of(self.spark, each, buckets)])
        accounts = brought(read, "account")
        gathered = settled(self.spark, sources, (each.value for each in accounts))
        gathered.end(window)
        bench = make_bench(standard, window, gathered.first, gathered.last)
        wanted = gathered.rows <= A_FEW if sensitivity is None else sensitivity
        others = others_of(bench, window, gathered.first, gathered.last) if wanted else []
        kinds = export.wanted if export else frozenset()
        court = Court(bench, others, _groups(sources), buckets, kinds, redaction is not None)
        tally = self._judged(self._told(only(read, "rows"), court), court, folder, export, redaction)
        count_unread(tally, [each.reader for each in sources])
        return Judged(tally.settled(), bench, gathered.first, gathered.last)

    def _enough(self, sources: Sequence[Source]) -> int:
        size = sum(file.size for each in sources for file in each.files)
        return max(buckets_for(size * PACKED), _A_CORE * self.spark.sparkContext.defaultParallelism)

    def _told(self, rows: DataFrame, court: Court) -> DataFrame:
        """The rows, with what repetition says of them where a rule asks."""
        if "automatic" not in court.bench.standard.reads:
            return rows
        prints = self._keep([by_bucket(rows, court.prints, court.buckets)])
        brought(prints)
        found = by_bucket(only(prints, "prints"), court.repeated, court.buckets)
        return rows.union(only(prints, "plain")).union(found)

    def _judged(
        self, rows: DataFrame, court: Court, folder: Path, export: Export | None, redaction: Redaction | None
    ) -> Tally:
        """The tally of all scopes; what is wanted as files goes to `export`."""
        tally, beyond = Tally(), Gathering(folder)
        judged = [self._keep([by_bucket(rows, court.judged, court.buckets)])]
        for each in brought(judged[0], "tally", "topic", "people"):
            self._take(each, tally, beyond, redaction)
        if court.bench.standard.of(*GATHERED):
            histories = only(judged[0], *GATHERED)
            judged.append(self._keep([by_bucket(histories, court.across, court.buckets)]))
            for each in brought(judged[1], "tally"):
                tally += each.value
        for frame in judged if export else ():
            _export(frame, cast("Export", export))
        for own in beyond.judged(court.bench, export):
            tally += own
        return tally

    def _take(self, piece: Piece, tally: Tally, beyond: Gathering, redaction: Redaction | None) -> None:
        if piece.what == "tally":
            tally += piece.value
        elif piece.what == "topic":
            beyond.take({"topic": piece.table})
        elif redaction is not None:
            for kind, names in piece.value.items():
                redaction.see(kind, names)

    def _keep(self, frames: Sequence[DataFrame]) -> DataFrame:
        """Frames as one that is made only once, and kept on the disks of the executors."""
        from pyspark import StorageLevel  # noqa: PLC0415 - only where this engine is asked for

        whole = reduce(lambda one, other: one.union(other), frames).persist(StorageLevel.DISK_ONLY)
        self._kept.append(whole)
        return whole

    def let_go(self) -> None:
        """Nothing that is kept is needed any longer."""
        for each in reversed(self._kept):
            each.unpersist()
        self._kept.clear()


def _groups(sources: Sequence[Source]) -> list[Group]:
    made = []
    for number in dict.fromkeys(each.group for each in sources):
        own = {each.place: each.reader for each in sources if each.group == number}
        sees = frozenset().union(*(each.sees for each in own.values()))
        broken = frozenset(reject.ticket for each in own.values() for reject in each.rejects if reject.ticket)
        made.append(Group(own, sees, broken))
    return made


def _export(frame: DataFrame, export: Export) -> None:
    """Rows for files: those of this machine are brought to it, the others stay until the export is closed."""
    here = export.wanted
    if isinstance(export, ClusterExport):
        export.take(frame)
        here = export.brought
    for row in only(frame, *sorted(here)).toLocalIterator() if here else ():
        piece = of_row(row)
        (export.verdicts if piece.what == "verdicts" else export.findings)(piece.table)
