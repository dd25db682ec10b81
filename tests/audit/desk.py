"""What tests of the chain stand on: a source that holds its rows, a standard of one policy, a bench, a sink."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from cs_audit.audit.bench import Bench
from cs_audit.audit.chunk import judge_chunk
from cs_audit.audit.hearing import Chunk, Hearing
from cs_audit.audit.moments import micros
from cs_audit.audit.standard import CALENDAR, Policy, Standard, Target
from cs_audit.audit.tally import Tally
from cs_audit.events import RATED, SCHEMA
from cs_audit.rules import all_rules
from cs_audit.schedules import Coordinates, Horizon, Schedule
from cs_audit.sources import shapes
from cs_audit.sources.files import Malformed
from cs_audit.sources.ledger import Reject

SEES = frozenset(
    {"first_reply", "messages", "statuses", "resolution", "teams", "agents"}
    | {"calls", "texts", "ratings", "surveys", "managers"}
)
NEVER, ALWAYS = -(2**63), 2**63 - 1
MEASURES = tuple(name for name, rule in all_rules().items() if rule.measures)
YEARS = Horizon(2023, 2025)


def frame_of(rows: Sequence[Mapping[str, Any]], **more: pl.DataType) -> pl.DataFrame:
    """Events as a frame, with the columns that any of them has; `more` are columns beside those of events."""
    names = dict.fromkeys(name for row in rows for name in row)
    kinds = {
        **SCHEMA,
        **{name: pl.Boolean() for name in names if name.startswith(("says_", "asks_", "gives_", "by_", "staffed"))},
        "rated": pl.Enum(RATED),
        "promised": pl.List(pl.String()),
        **more,
    }
    return pl.DataFrame(
        {name: pl.Series(name, [row.get(name) for row in rows], kinds[name], strict=False) for name in names}
    )


@dataclass
class Desk:
    """A source whose rows are events at hand."""

    rows: pl.DataFrame
    name: str = "desk"
    group: str = "desk"
    sees: frozenset[str] = SEES
    rejects: list[Reject] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)
    unseen: Mapping[str, str] = field(default_factory=dict)
    batch: int = 1000
    size: int = 0
    breaks: bool = False
    """Whether the fast reader gives up after its first batch."""

    def batches(self, *, slow: bool = False) -> Iterator[pl.DataFrame]:
        for frame in self.rows.iter_slices(self.batch):
            yield frame
            if self.breaks and not slow:
                raise Malformed

    def assemble(self, rows: pl.DataFrame) -> pl.DataFrame:
        return shapes.from_events(rows)


@dataclass
class Drawer:
    """A sink that keeps what it is given."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    found: list[pl.DataFrame] = field(default_factory=list)

    def verdicts(self, frame: pl.DataFrame) -> None:
        self.frames.append(frame)

    def findings(self, frame: pl.DataFrame) -> None:
        self.found.append(frame)

    def rows(self, *without: str) -> list[dict[str, Any]]:
        """All verdicts in a fixed order, without some columns."""
        return _sorted(self.frames, without)

    def marks(self, *without: str) -> list[dict[str, Any]]:
        """All findings in a fixed order, without some columns."""
        return _sorted(self.found, without)


def _sorted(frames: Iterable[pl.DataFrame], without: Sequence[str]) -> list[dict[str, Any]]:
    rows = [row for frame in frames for row in frame.drop(without, strict=False).iter_rows(named=True)]
    return sorted(rows, key=repr)


def standard_of(
    targets: Mapping[str, Target], *schedules: Schedule, policies: Sequence[Policy] = (), **more: Any
) -> Standard:
    """A standard with all rules; its one policy has these targets on the first schedule, unless some are given."""
    known = {each.name: each for each in (Schedule(CALENDAR), *schedules)}
    own = Policy("Standard", schedule=schedules[0].name if schedules else CALENDAR, targets=targets)
    rules = more.pop("rules", tuple(all_rules().values()))
    return Standard(policies=tuple(policies) or (own,), schedules=known, rules=rules, **more)


def all_targets(limit: dt.timedelta) -> dict[str, Target]:
    """The same limit for every span rule."""
    return {name: Target(round(limit.total_seconds() * 1_000_000)) for name in MEASURES}


@dataclass(frozen=True)
class _Same:
    """A schedule that equals another of the same content."""

    schedule: Schedule = field(compare=False)
    content: str


@cache
def _coordinates(schedules: tuple[_Same, ...], years: Horizon) -> Coordinates:
    return Coordinates([each.schedule.timetable(years) for each in schedules])


def bench_of(
    standard: Standard,
    as_of: dt.datetime,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    years: Horizon = YEARS,
) -> Bench:
    """A bench for `standard`; coordinates of one set of schedules are made once."""
    names = sorted({CALENDAR, *(name for policy in standard.policies for name in policy.schedules)})
    schedules = [standard.schedules[name] for name in names]
    coordinates = _coordinates(tuple(_Same(each, repr(each)) for each in schedules), years)
    edges = [micros(since) if since else NEVER, micros(until) if until else ALWAYS]
    return Bench(standard, coordinates, names, micros(as_of), *edges)


def chunk_of(rows: pl.DataFrame, *, sees: frozenset[str] = SEES, broken: Iterable[str] = ()) -> Chunk:
    """A chunk of one source."""
    return Chunk([(Desk(rows), rows)], sees, frozenset(broken))


def hearing_of(rows: pl.DataFrame, bench: Bench) -> Hearing:
    """The tickets of `rows` as `judge_chunk` sees them."""
    chunk = chunk_of(rows)
    return Hearing(chunk, bench, chunk.events)


def heard(rows: pl.DataFrame, bench: Bench, **more: Any) -> tuple[Drawer, Tally]:
    """Everything the judge says of `rows`."""
    drawer = Drawer()
    return drawer, judge_chunk(chunk_of(rows, **more), bench, drawer)
