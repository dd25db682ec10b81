"""Counting verdicts: small frames that add up across chunks, and the worst few kept whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from cs_audit.audit.bench import Bench
from cs_audit.audit.judge import Verdicts
from cs_audit.audit.limits import UNLIMITED
from cs_audit.audit.outcomes import BREACHED, NOT_JUDGED, OUTCOMES, REASONS
from cs_audit.audit.weeks import week_hours, weeks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.policies import Facts
    from cs_audit.history.columnar import Rows

DIMENSIONS = ("channel", "team", "agent", "week")
WORST = 100
"""Breaches of each rule, and findings of each rule, kept whole for the report."""


@dataclass
class Tally:
    """Counts of one chunk; `a + b` counts both.

    `counts`: rule, policy, outcome, reason, n. `groups`: rule, dimension, key, outcome, n. `lengths`: for
    each rule the channel, policy and elapsed time of the waits that are over and judged. `hours`: for each
    rule (and "demand", the requesters' messages) week-hour by 0 = judged, 1 = breached. `broken`: the tickets,
    by group of sources, that have rejected rows beside those that were read.
    """

    counts: list[pl.DataFrame] = field(default_factory=list)
    groups: list[pl.DataFrame] = field(default_factory=list)
    lengths: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    hours: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    worst: dict[str, pl.DataFrame] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    findings: dict[str, pl.DataFrame] = field(default_factory=dict)
    histories: list[pl.DataFrame] = field(default_factory=list)
    tickets: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    reported: dict[str, dict[str, Any]] = field(default_factory=dict)
    excused: set[tuple[str, str]] = field(default_factory=set)
    broken: set[tuple[str, str]] = field(default_factory=set)

    def __iadd__(self, other: Tally) -> Self:
        self.counts += other.counts
        self.groups += other.groups
        for name, frames in other.lengths.items():
            self.lengths.setdefault(name, []).extend(frames)
        for name, grid in other.hours.items():
            self.hours[name] = self.hours[name] + grid if name in self.hours else grid
        for mine, theirs in ((self.found, other.found), (self.tickets, other.tickets), (self.events, other.events)):
            for name, number in theirs.items():
                mine[name] = mine.get(name, 0) + number
        for name, rows in other.worst.items():
            self.worst[name] = worst_of(_both(self.worst.get(name), rows))
        for name, rows in other.findings.items():
            self.findings[name] = first_of(_both(self.findings.get(name), rows))
        self.histories += other.histories
        for name, sums in other.reported.items():
            self.reported[name] = _added(self.reported.get(name), sums)
        self.excused |= other.excused
        self.broken |= other.broken
        return self


def _added(mine: dict[str, Any] | None, theirs: dict[str, Any]) -> dict[str, Any]:
    return theirs if mine is None else {key: mine[key] + value for key, value in theirs.items()}


def _both(mine: pl.DataFrame | None, theirs: pl.DataFrame) -> pl.DataFrame:
    return theirs if mine is None else pl.concat([mine, theirs])


def worst_of(rows: pl.DataFrame) -> pl.DataFrame:
    """The worst breaches first: by time over the limit, then by ticket and start."""
    return rows.sort(["over", "ticket", "began_at"], descending=[True, False, False], maintain_order=True).head(WORST)


def first_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Findings in the order of their time and ticket, and of the source within both."""
    return rows.sort("occurred_at", "ticket", maintain_order=True).head(WORST)


def dimensions(verdicts: Verdicts, facts: Facts, rows: Rows | None = None) -> dict[str, pl.Series]:
    """Channel, team and agent of each verdict, or of those at `rows`.

    The channel is that of the event that began the wait; the team the one in charge when it ended. The agent is
    the one the event that ended the wait names in charge, else its author; of a wait not ended by an agent, the one
    in charge.
    """
    tickets = verdicts.tickets
    columns = tickets.frame.columns
    start, end = (verdicts.start, verdicts.end) if rows is None else (verdicts.start[rows], verdicts.end[rows])
    over = end < tickets.never
    last = np.where(over, end, tickets.stops[tickets.owner[start]] - 1)
    made = {"channel": facts.at("channel", start)} if "channel" in columns else {}
    if "team" in columns:
        made["team"] = facts.at("team", last)
    if "agent" in columns or "author_id" in columns:
        made["agent"] = _agent(tickets.frame, facts, last, over)
    return made


def _agent(frame: pl.DataFrame, facts: Facts, last: Rows, over: NDArray[np.bool_]) -> pl.Series:
    names = [name for name in ("agent", "author_id") if name in frame.columns]
    ended = frame.select("author", *names)[last].select("author", who=pl.coalesce(names))
    who = ended.select(pl.when((pl.col("author") == "agent") & pl.Series(over)).then("who")).to_series()
    if "agent" not in frame.columns:
        return who
    return pl.select(pl.coalesce(who, facts.at("agent", last))).to_series()


def count(verdicts: Verdicts, facts: Facts, zone: Any) -> Tally:
    """The tally of one rule's verdicts in one chunk."""
    name = verdicts.rule.name
    times = verdicts.tickets.time[verdicts.start]
    frame = pl.DataFrame(
        {
            "policy": verdicts.policy,
            "outcome": verdicts.outcome,
            "reason": verdicts.reason,
            **dimensions(verdicts, facts),
            "week": weeks(times, zone),
        }
    )
    tally = Tally(counts=[_counted(frame, name)], groups=_grouped(frame, name))
    decided = verdicts.outcome != NOT_JUDGED
    over = decided & (verdicts.end < verdicts.tickets.never)
    lengths = pl.DataFrame({"policy": verdicts.policy[over], "elapsed": verdicts.elapsed[over]})
    if "channel" in frame.columns:
        lengths = lengths.with_columns(frame["channel"].filter(pl.Series(over)).alias("channel"))
    tally.lengths[name] = [lengths]
    hours = week_hours(times[decided], zone)
    late = (verdicts.outcome == BREACHED)[decided]
    tally.hours[name] = np.stack([np.bincount(hours, minlength=168), np.bincount(hours[late], minlength=168)])
    return tally


def _counted(frame: pl.DataFrame, rule: str) -> pl.DataFrame:
    return frame.group_by("policy", "outcome", "reason").agg(n=pl.len().cast(pl.Int64)).with_columns(rule=pl.lit(rule))


def _grouped(frame: pl.DataFrame, rule: str) -> list[pl.DataFrame]:
    judged = frame.filter(pl.col("outcome") != NOT_JUDGED)
    return [
        judged.group_by(pl.col(name).alias("key"), "outcome")
        .agg(n=pl.len().cast(pl.Int64))
        .with_columns(pl.col("key").cast(pl.String), rule=pl.lit(rule), dimension=pl.lit(name))
        for name in DIMENSIONS
        if name in frame.columns
    ]


def worst_breaches(verdicts: Verdicts, facts: Facts, bench: Bench) -> pl.DataFrame:
    """The worst breaches of one chunk, with the microseconds they are `over`."""
    late = np.flatnonzero(verdicts.outcome == BREACHED)
    time = np.append(verdicts.tickets.time, bench.as_of)
    limited = verdicts.limit[late] < UNLIMITED
    over = np.where(
        limited, verdicts.elapsed[late] - verdicts.limit[late], time[verdicts.end[late]] - verdicts.due[late]
    )
    if len(late) > WORST:
        least = np.partition(over, len(late) - WORST)[len(late) - WORST]
        late, over = late[over >= least], over[over >= least]
    return worst_of(verdict_frame(verdicts, facts, bench, late).with_columns(over=pl.Series(over)))


def verdict_frame(verdicts: Verdicts, facts: Facts, bench: Bench, places: Rows | None = None) -> pl.DataFrame:
    """Verdicts with the columns of INTERFACE, instants and lengths in microseconds."""
    rows = np.arange(len(verdicts.start)) if places is None else places
    tickets = verdicts.tickets
    names = [*(policy.name for policy in bench.standard.policies), None]
    shown = dimensions(verdicts, facts, rows)
    start, end, began = verdicts.start[rows], verdicts.end[rows], verdicts.began[rows]
    over = end < tickets.never
    given = began & (verdicts.policy[rows] >= 0)
    time = np.append(tickets.time, 0)
    due = _due(verdicts, bench, rows)
    limit = verdicts.limit[rows]
    columns = tickets.frame.columns
    return pl.DataFrame(
        {
            "rule": pl.repeat(verdicts.rule.name, len(rows), eager=True),
            "code": pl.repeat(verdicts.rule.code, len(rows), eager=True),
            "ticket": tickets.frame["ticket"][start],
            "began_at": _known(time[start], began),
            "ended_at": _known(time[end], began & over),
            "due_at": _known(due, given & (due < UNLIMITED) & (due >= 0)),
            "elapsed_seconds": _known(verdicts.elapsed[rows], began),
            "limit_seconds": _known(limit, given & (limit < UNLIMITED)),
            "clock": pl.Series(_clocks(verdicts, bench), dtype=pl.String)[verdicts.policy[rows].astype(np.int64) + 1],
            "outcome": pl.Series(OUTCOMES)[verdicts.outcome[rows]],
            "reason": pl.Series([reason or None for reason in REASONS])[verdicts.reason[rows]],
            "policy": pl.Series(names, dtype=pl.String)[verdicts.policy[rows].astype(np.int64) % len(names)],
            "schedule": _known_names(bench, verdicts.schedule[rows], given),
            **{name: _text(shown.get(name), len(rows)) for name in ("channel", "team", "agent")},
            "priority": _text(facts.at("priority", start) if "priority" in columns else None, len(rows)),
            "source": _text(tickets.frame["source"][start] if "source" in columns else None, len(rows)),
            "url": _text(facts.at("url", start) if "url" in columns else None, len(rows)),
        }
    )


def _clocks(verdicts: Verdicts, bench: Bench) -> list[str | None]:
    """The clock of no policy, then of each policy."""
    targets = [policy.targets.get(verdicts.rule.name) for policy in bench.standard.policies]
    return [None, *(target.clock if target else None for target in targets)]


def _known(values: NDArray[np.int64], known: NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()


def _known_names(bench: Bench, schedule: NDArray[np.int64], known: NDArray[np.bool_]) -> pl.Series:
    names = pl.Series(list(bench.schedules), dtype=pl.String)[schedule]
    return pl.select(pl.when(pl.Series(known)).then(names)).to_series()


def _text(series: pl.Series | None, number: int) -> pl.Series:
    return pl.repeat(None, number, dtype=pl.String, eager=True) if series is None else series.cast(pl.String)


def _due(verdicts: Verdicts, bench: Bench, rows: Rows) -> NDArray[np.int64]:
    """When each wait was due: the promised date, else the instant at which its limit is used up."""
    due = verdicts.due[rows].copy()
    limit, schedule = verdicts.limit[rows], verdicts.schedule[rows]
    counted = (due == UNLIMITED) & (limit < UNLIMITED)
    start = verdicts.tickets.time[verdicts.start[rows]]
    for index in np.unique(schedule[counted]):
        some = counted & (schedule == index)
        due[some] = bench.coordinates.due(int(index), start[some], limit[some])
    return due
