"""The chain: read, gather whole tickets, judge, count. Nothing in it reads a clock or the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from cs_audit.audit.across import Gathering
from cs_audit.audit.alternatives import Alternative, alternatives
from cs_audit.audit.bench import Bench
from cs_audit.audit.chunk import judge_chunk
from cs_audit.audit.loads import heard
from cs_audit.audit.moments import iso, micros
from cs_audit.audit.spool import Spool, buckets_for
from cs_audit.audit.standard import Standard, Window
from cs_audit.audit.tally import Tally
from cs_audit.errors import HolidayError, NothingToJudge
from cs_audit.schedules import Coordinates, Horizon
from cs_audit.sources.files import Malformed
from cs_audit.sources.ledger import Reject
from cs_audit.worded import joined, worded

if TYPE_CHECKING:
    from cs_audit.audit.chunk import Sink

NEVER, ALWAYS = np.iinfo(np.int64).min, np.iinfo(np.int64).max
_WORKERS = 2
A_FEW = 1_000_000


class Source(Protocol):
    """Where rows come from."""

    name: str
    rejects: list[Reject]

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
    spools: list[Spool] = field(default_factory=list)
    first: int = ALWAYS
    last: int = NEVER
    rows: int = 0

    def take(self, source: Source, folder: Path) -> None:
        """Read a source into a spool; again, slowly, if the fast reader gives up."""
        buckets = buckets_for(sum(each.size for each in self.sources))
        spool = Spool(folder / f"spool-{len(self.spools)}", buckets=buckets)
        self.spools.append(spool)
        for slow in (False, True):
            try:
                for batch in source.batches(slow=slow):
                    self._see(batch)
                    spool.add(batch)
            except Malformed:
                spool.clear()
            else:
                return

    def _see(self, batch: pl.DataFrame) -> None:
        first, last = time_range(batch)
        self.first, self.last = min(self.first, first), max(self.last, last)
        self.rows += batch.height

    def groups(self) -> Iterator[tuple[list[Source], list[Spool]]]:
        """Sources of one group with their spools."""
        for name in dict.fromkeys(source.group for source in self.sources):
            places = [index for index, source in enumerate(self.sources) if source.group == name]
            yield [self.sources[place] for place in places], [self.spools[place] for place in places]


@dataclass(frozen=True)
class Judged:
    """What the chain makes of its sources: the tally, and the instants it was made at."""

    tally: Tally
    bench: Bench
    first: int
    last: int


def audit(
    sources: Sequence[Source],
    standard: Standard,
    window: Window,
    folder: Path,
    sink: Sink | None = None,
    *,
    sensitivity: bool | None = False,
) -> Judged:
    """Judge every ticket of `sources` in `window` by `standard`, spilling to `folder`.

    `sink` takes every verdict and finding, where they are wanted as files. With `sensitivity` the same tickets are
    also judged by other definitions; None leaves that to the number of rows (at most A_FEW).

    Raises:
        NothingToJudge: no row was read, and none rejected.
        AuditError: whatever keeps a source from being read.
    """
    gathered = gather(sources, window, folder)
    bench = make_bench(standard, window, gathered.first, gathered.last)
    wanted = gathered.rows <= A_FEW if sensitivity is None else sensitivity
    others = _others(bench, window, gathered) if wanted else []
    tally = Tally()
    loads, repeated = heard(gathered, standard, folder)
    beyond = Gathering(folder)
    with ThreadPoolExecutor(_WORKERS) as pool:
        pairs = zip(loads, repeated, strict=True)
        for each in pool.map(lambda pair: judge_chunk(pair[0](), bench, sink, others, pair[1]), pairs):
            beyond.take(each.gathered)
            tally += each
    for each in beyond.judged(bench, sink):
        tally += each
    _count_unread(tally, sources)
    return Judged(tally, bench, gathered.first, gathered.last)


def gather(sources: Sequence[Source], window: Window, folder: Path) -> Gathered:
    """Everything in the sources, spilt to `folder`.

    Raises:
        NothingToJudge: no row was read, and none rejected.
    """
    gathered = Gathered(sources)
    for source in sources:
        gathered.take(source, folder)
    if gathered.last == NEVER:
        if not any(source.rejects for source in sources):
            raise NothingToJudge(
                worded("there is no row to judge"), hint=worded("check the file and the period it was exported for")
            )
        gathered.first = gathered.last = micros(window.as_of) if window.as_of else 0
    return gathered


def _others(bench: Bench, window: Window, gathered: Gathered) -> list[Alternative]:
    law = bench.standard
    open_days = {name: replace(each, holidays=(), off={}) for name, each in law.schedules.items()}
    free = replace(law, schedules=open_days)
    return list(alternatives(bench, make_bench(free, window, gathered.first, gathered.last)))


def _count_unread(tally: Tally, sources: Sequence[Source]) -> None:
    """Tickets none of whose rows could be read were asked for, too."""
    rejected = {(source.group, reject.ticket) for source in sources for reject in source.rejects if reject.ticket}
    unread = len(rejected - tally.broken)
    if unread:
        name = "not_judged:rejected_rows"
        tally.tickets[name] = tally.tickets.get(name, 0) + unread


def time_range(batch: pl.DataFrame) -> tuple[int, int]:
    """The first and last instant of a batch, promised times left out; (ALWAYS, NEVER) of none."""
    first, last = ALWAYS, NEVER
    for name, kind in batch.schema.items():
        if kind.is_temporal() and not name.startswith("due_"):
            low, high = batch[name].to_physical().min(), batch[name].to_physical().max()
            if isinstance(low, int) and isinstance(high, int):
                first, last = min(first, low), max(last, high)
    return first, last


def make_bench(standard: Standard, window: Window, first: int, last: int) -> Bench:
    """The bench for events between two instants.

    Raises:
        ConfigError, HolidayError: see `Schedule.timetable`.
    """
    as_of = micros(window.as_of) if window.as_of else last
    names = sorted({"24/7", *(name for policy in standard.policies for name in policy.schedules)})
    first = min(first, as_of)
    try:
        coordinates = _compiled(standard, names, first, as_of)
    except HolidayError as error:
        seen = worded(
            "(the first event is of {first}, the cut-off {last}: is one of these dates wrong?)",
            first=iso(first), last=iso(as_of),
        )  # fmt: skip
        error.hint = joined([error.hint, seen], " ")
        raise
    since = micros(window.since) if window.since else NEVER
    until = micros(window.until) if window.until else ALWAYS
    return Bench(standard, coordinates, names, as_of, since, until, window.by)


def _compiled(standard: Standard, names: list[str], first: int, as_of: int) -> Coordinates:
    """Coordinates for the years of the events, and the year after if its holidays are known."""
    for ahead in (1, 0):
        horizon = Horizon.around(first, as_of, ahead=ahead)
        try:
            return Coordinates([standard.schedules[name].timetable(horizon) for name in names])
        except HolidayError:
            if not ahead:
                raise
    raise AssertionError
