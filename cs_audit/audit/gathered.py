"""Everything read: the rows of each source, gathered into buckets of whole tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import polars as pl

from cs_audit.audit.moments import micros
from cs_audit.audit.spool import Spool, buckets_for
from cs_audit.audit.standard import Window
from cs_audit.errors import NothingToJudge
from cs_audit.sources.files import Malformed
from cs_audit.sources.known import Extent, Known
from cs_audit.sources.ledger import Reject
from cs_audit.worded import worded

if TYPE_CHECKING:
    from cs_audit.audit.hearing import Fresh
    from cs_audit.audit.kept import Shelf

NEVER, ALWAYS = np.iinfo(np.int64).min, np.iinfo(np.int64).max


class Source(Protocol):
    """Where rows come from."""

    name: str
    rejects: list[Reject]
    before: Any

    @property
    def unread(self) -> Extent:
        """The extent of what was kept and not read again."""

    @property
    def holding(self) -> pl.Series | None:
        """The tickets that were kept and not read again; None stands for all that were."""

    def known(self, extent: Extent) -> Known:
        """What to remember, once everything is read; `extent` is that of all its events."""

    @property
    def group(self) -> str:
        """Sources of one group tell of the same tickets."""

    @property
    def sees(self) -> frozenset[str]:
        """What its history can show."""

    @property
    def size(self) -> int:
        """About how many bytes of text it holds."""

    def batches(self, *, slow: bool = False) -> Iterator[pl.DataFrame]:
        """Its rows, in any order."""

    def assemble(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Events of whole tickets from their rows."""


@dataclass
class Gathered:
    """Everything read: a spool for each source, and the first and last instant in it."""

    sources: Sequence[Source]
    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    spools: list[Spool] = field(default_factory=list)
    extents: list[Extent] = field(default_factory=list)
    first: int = ALWAYS
    last: int = NEVER
    rows: int = 0

    def take(self, source: Source, folder: Path) -> None:
        """Read a source into a spool; again, slowly, if the fast reader gives up."""
        shelf = self.shelves.get(source.name)
        buckets = buckets_for(sum(each.size for each in self.sources))
        if shelf is not None:
            source.before = shelf.known
            buckets = shelf.buckets or buckets
        spool = Spool(folder / f"spool-{len(self.spools)}", buckets=buckets)
        self.spools.append(spool)
        extent = self._read(source, spool)
        if shelf is not None:
            extent += source.unread
            spool.spill()
        self.extents.append(extent)
        self.first, self.last = min(self.first, extent.first), max(self.last, extent.last)
        self.rows += extent.rows

    def _read(self, source: Source, spool: Spool) -> Extent:
        for slow in (False, True):
            extent = Extent()
            try:
                for batch in source.batches(slow=slow):
                    extent += Extent(*time_range(batch), batch.height)
                    spool.add(batch)
            except Malformed:
                spool.clear()
            else:
                return extent
        raise AssertionError

    def kept(self, source: Source, number: int) -> Callable[[Fresh], pl.DataFrame] | None:
        """What puts kept events of a bucket beside the fresh ones; None where none are kept."""
        shelf = self.shelves.get(source.name)
        return None if shelf is None else partial(shelf.bucket, number, source.holding)

    def keep(self) -> None:
        """Keep the events for the next audit.

        Raises:
            Outdated: see `Shelf.commit`.
        """
        for source, spool, extent in zip(self.sources, self.spools, self.extents, strict=True):
            if source.name in self.shelves:
                self.shelves[source.name].commit(len(spool.parts), source.known(extent), extent)

    def end(self, window: Window) -> None:
        """Nothing more is read.

        Raises:
            NothingToJudge: no row was read, and none rejected.
        """
        if self.last != NEVER:
            return
        if not any(source.rejects for source in self.sources):
            raise NothingToJudge(
                worded("there is no row to judge"), hint=worded("check the file and the period it was exported for")
            )
        self.first = self.last = micros(window.as_of) if window.as_of else 0

    def groups(self) -> Iterator[tuple[list[Source], list[Spool]]]:
        """Sources of one group with their spools."""
        for name in dict.fromkeys(source.group for source in self.sources):
            places = [index for index, source in enumerate(self.sources) if source.group == name]
            yield [self.sources[place] for place in places], [self.spools[place] for place in places]


def gather(
    sources: Sequence[Source], window: Window, folder: Path, shelves: Mapping[str, Shelf] | None = None
) -> Gathered:
    """Everything in the sources, spilt to `folder`, but for what `shelves` hold of them.

    Raises:
        NothingToJudge: no row was read, and none rejected.
    """
    gathered = Gathered(sources, shelves or {})
    try:
        for source in sources:
            gathered.take(source, folder)
    except BaseException:
        for spool in gathered.spools:
            spool.clear()  # nothing is written any more when the folder goes
        raise
    gathered.end(window)
    return gathered


def time_range(batch: pl.DataFrame) -> tuple[int, int]:
    """The first and last instant of a batch, promised times left out; (ALWAYS, NEVER) of none."""
    first, last = ALWAYS, NEVER
    for name, kind in batch.schema.items():
        if kind.is_temporal() and not name.startswith("due_"):
            low, high = batch[name].to_physical().min(), batch[name].to_physical().max()
            if isinstance(low, int) and isinstance(high, int):
                first, last = min(first, low), max(last, high)
    return first, last
