"""Tickets on their way to the judge: the rows of a chunk as events, and as much of them as is known at the cut-off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.bench import Bench
from cs_audit.audit.derived import derive
from cs_audit.audit.policies import Facts
from cs_audit.audit.standard import Reading
from cs_audit.events.columns import SCHEMA
from cs_audit.history.columnar import Tickets
from cs_audit.sources.ordering import order

if TYPE_CHECKING:
    from cs_audit.audit.gathered import Source
    from cs_audit.history.columnar import Rows
    from cs_audit.rules import Rule

PRINTED = ("__print", "__letters", "__delay")
"""Columns of kept events that tell repetition (see `repeated.prints`)."""

Fresh = Callable[[], pl.DataFrame | None]

CORE = ("seq", "kind", "author", "channel", "public", "automatic", "automatic_reason", "status",
        "direction", "answered", "voicemail", "waited_seconds")  # fmt: skip


@dataclass(frozen=True)
class Chunk:
    """Rows of whole tickets from the sources of one group; `sees` is what these can show, `broken` are tickets
    with rejected rows, `reading` what rules ask of texts, `plain` a file that keeps its plain words once they are read,
    `kept` what puts the events of an earlier audit beside those that are fresh.
    """

    parts: Sequence[tuple[Source, pl.DataFrame]]
    sees: frozenset[str]
    broken: frozenset[str]
    reading: Reading = field(default_factory=Reading)
    plain: Path | None = None
    group: str = ""
    kept: Callable[[Fresh], pl.DataFrame] | None = None

    @cached_property
    def events(self) -> pl.DataFrame:
        """Events in order, with the columns every rule may look at; texts are read if any rule asks."""
        if self.kept is not None:
            frame = self.kept(self._read_whole)
            return _with_core(frame) if frame.height else frame
        if not self.reading.wanted:
            return self._assembled
        from cs_audit.audit.texts import read_texts  # noqa: PLC0415 - only where a rule reads texts

        plain = pl.read_ipc(self.plain) if self.plain and self.plain.exists() else None
        return read_texts(self._assembled, self.reading, plain)

    def told(self, repeated: pl.Series | None) -> pl.DataFrame:
        """The events, those that repetition gives away marked automatic."""
        events = self.events.drop(PRINTED, strict=False)
        if repeated is None:
            return events
        from cs_audit.audit.texts import with_repetition  # noqa: PLC0415 - only where a rule reads texts

        return with_repetition(events, repeated)

    def _read_whole(self) -> pl.DataFrame | None:
        """The events as they are kept: with all that may be asked of their texts, without what nothing is said of."""
        if not self.parts:
            return None
        frame = self._assembled
        if self.reading.wanted:
            from cs_audit.audit.texts import read_whole  # noqa: PLC0415 - only where a rule reads texts

            frame = read_whole(frame, self.reading)
        return frame.drop(name for name in CORE if frame[name].null_count() == frame.height)

    @property
    def _assembled(self) -> pl.DataFrame:
        frames = [
            source.assemble(rows).with_columns(pl.lit(source.name, SCHEMA["source"]).alias("source"))
            for source, rows in self.parts
        ]
        frame = frames[0] if len(frames) == 1 else order(pl.concat(frames, how="diagonal"))
        return _with_core(frame)


def _with_core(frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [name for name in CORE if name not in frame.columns]
    return frame.with_columns(pl.lit(None, SCHEMA[name]).alias(name) for name in lacking)


@dataclass(frozen=True)
class Hearing:
    """The tickets of a chunk as known at the cut-off, and the events after it."""

    chunk: Chunk
    bench: Bench
    frame: pl.DataFrame

    @cached_property
    def tickets(self) -> Tickets:
        """Events up to the cut-off, with the columns rules ask for."""
        frame = self.frame.filter(self._known) if not self._known.all() else self.frame
        return derive(Tickets(frame, now=self.bench.as_of), self.bench, self.bench.standard.reads)

    @cached_property
    def beyond(self) -> Tickets:
        """Events after the cut-off."""
        return Tickets(self.frame.filter(~self._known))

    @cached_property
    def _known(self) -> pl.Series:
        return self.frame["occurred_at"].to_physical() <= self.bench.as_of

    @cached_property
    def facts(self) -> Facts:
        """What is known at each event."""
        return Facts(self.tickets)

    def rows_of(self, names: pl.Series) -> Rows:
        """The rows of all events of some tickets."""
        tickets = self.tickets if self.tickets.never == self.frame.height else Tickets(self.frame)
        among = tickets.frame["ticket"][tickets.starts].is_in(names.implode()).fill_null(value=False).to_numpy()
        return np.flatnonzero(among[tickets.owner])

    def broken(self, tickets: Tickets) -> Rows:
        """Places of tickets with rejected rows."""
        if not self.chunk.broken:
            return np.empty(0, np.int64)
        names = tickets.frame["ticket"][tickets.starts]
        return np.flatnonzero(names.is_in(sorted(self.chunk.broken)).to_numpy())

    def blind(self, rule: Rule) -> bool:
        """Whether the sources cannot show what the rule needs."""
        return not rule.needs <= self.chunk.sees
