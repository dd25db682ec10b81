"""Counting verdicts: small frames that add up across chunks, and the worst few kept whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from cs_audit.audit.bench import Bench
from cs_audit.audit.calls import added, count_calls
from cs_audit.audit.counting import by_key, by_outcome
from cs_audit.audit.judge import Verdicts, period_instants, stood
from cs_audit.audit.limits import UNLIMITED
from cs_audit.audit.listed import LISTED, latest
from cs_audit.audit.outcomes import BREACHED, NOT_JUDGED
from cs_audit.audit.verdict_rows import dimensions, verdict_frame
from cs_audit.audit.weeks import week_hours, weeks
from cs_audit.events import ai_answer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.policies import Facts
    from cs_audit.rules import Rule

DIMENSIONS = ("channel", "team", "agent", "week")
_STRETCHES = pl.List(pl.List(pl.Int64))
SHOWN = ("ticket", "occurred_at", "kind", "author", "author_id", "channel", "public", "automatic", "automatic_reason",
         "status", "priority", "team", "agent")  # fmt: skip
"""Columns of events that reports show."""
WORST = 100
"""Breaches of each rule, and findings of each rule, kept whole for the report."""
MORE = 1_000
"""Breaches of each rule beyond these of which the ticket and the time over the limit are kept."""


@dataclass
class Tally:
    """Counts of one chunk; `a + b` counts both, and once all are counted they are `settled`.

    `counts`: rule, policy, outcome, reason, the outcome it would have had otherwise, n. `groups`: rule, dimension,
    key, outcome, n. `lengths`: for each rule the channel, policy and elapsed time of the waits that are over and
    judged. `worst`: breaches as reports show them; `late`: these and MORE, see `late_waits`; `listed`: late waits and
    findings by ticket and time, see `listed`. `hours`: for each rule
    (and "demand", the requesters' messages) week-hour by 0 = judged, 1 = breached.
    `sensitivity`: for each other definition and rule the number of waits by outcome. `broken`: the tickets, by group
    of sources, that have rejected rows beside those that were read. `graded`: the findings of each rule by severity.
    `by_ai`: by rule the waits an AI agent answered first. `demand`: see `coverage.demand`; `ratings`: see
    `ratings.rate`. `gathered`: events on their way to the rules of other scopes; it does not add up.
    """

    counts: list[pl.DataFrame] = field(default_factory=list)
    groups: list[pl.DataFrame] = field(default_factory=list)
    lengths: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    hours: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    worst: dict[str, pl.DataFrame] = field(default_factory=dict)
    late: dict[str, pl.DataFrame] = field(default_factory=dict)
    listed: dict[str, pl.DataFrame] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    graded: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: dict[str, pl.DataFrame] = field(default_factory=dict)
    histories: list[pl.DataFrame] = field(default_factory=list)
    tickets: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    reported: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, dict[str, int]] = field(default_factory=dict)
    sensitivity: dict[tuple[str, str], NDArray[np.int64]] = field(default_factory=dict)
    excused: set[tuple[str, str]] = field(default_factory=set)
    broken: set[tuple[str, str]] = field(default_factory=set)
    by_ai: dict[str, int] = field(default_factory=dict)
    demand: list[pl.DataFrame] = field(default_factory=list)
    ratings: list[pl.DataFrame] = field(default_factory=list)
    gathered: dict[str, pl.DataFrame] = field(default_factory=dict)

    def __iadd__(self, other: Tally) -> Self:
        self.counts += other.counts
        self.groups += other.groups
        for name, frames in other.lengths.items():
            self.lengths.setdefault(name, []).extend(frames)
        _add_arrays(self.hours, other.hours)
        _add_arrays(self.sensitivity, other.sensitivity)
        for name, calls in other.calls.items():
            self.calls[name] = added(self.calls.get(name), calls)
        for name in ("found", "graded", "tickets", "events", "by_ai"):
            _add_numbers(getattr(self, name), getattr(other, name))
        for of, (best, number) in BEST.items():
            mine: dict[str, pl.DataFrame] = getattr(self, of)
            for name, rows in getattr(other, of).items():
                both = pl.concat([mine[name], rows]) if name in mine else rows
                mine[name] = best(both) if both.height > ROOM * number else both
        self.histories += other.histories
        self.demand += other.demand
        self.ratings += other.ratings
        for name, sums in other.reported.items():
            self.reported[name] = _added(self.reported.get(name), sums)
        self.excused |= other.excused
        self.broken |= other.broken
        return self

    def settled(self) -> Self:
        """This, of `worst`, `late`, `listed` and `findings` no more than wanted, in order."""
        for of, (best, _) in BEST.items():
            setattr(self, of, {name: best(rows) for name, rows in getattr(self, of).items()})
        return self


def _add_numbers(mine: dict[Any, int], theirs: dict[Any, int]) -> None:
    for name, number in theirs.items():
        mine[name] = mine.get(name, 0) + number


def _add_arrays(mine: dict[Any, NDArray[np.int64]], theirs: dict[Any, NDArray[np.int64]]) -> None:
    for name, numbers in theirs.items():
        mine[name] = mine[name] + numbers if name in mine else numbers


def _added(mine: dict[str, Any] | None, theirs: dict[str, Any]) -> dict[str, Any]:
    return theirs if mine is None else {key: mine[key] + value for key, value in theirs.items()}


def worst_of(rows: pl.DataFrame, number: int = WORST) -> pl.DataFrame:
    """The worst breaches first: by time over the limit, then by ticket and start."""
    return rows.sort(["over", "ticket", "began_at"], descending=[True, False, False], maintain_order=True).head(number)


def first_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Findings by severity (a rule has one, or high and low), time and ticket, and as the source has them."""
    return rows.sort("severity", "occurred_at", "ticket", maintain_order=True).head(WORST)


ROOM = 8
"""So many times the rows that are wanted may come together before they are cut to these."""
BEST: Mapping[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], int]] = {
    "worst": (worst_of, WORST),
    "late": (partial(worst_of, number=WORST + MORE), WORST + MORE),
    "listed": (latest, LISTED),
    "findings": (first_of, WORST),
}


def found(rule: Rule, frame: pl.DataFrame, excused: set[tuple[str, str]]) -> Tally:
    """The tally of a rule's findings (see `findings.finding_frame`), with the exceptions that excused others."""
    grades = frame["severity"].value_counts(name="n").iter_rows()
    return Tally(
        found={rule.name: frame.height},
        graded={(rule.name, severity): n for severity, n in grades},
        findings={rule.name: first_of(frame)} if frame.height else {},
        excused=excused,
    )


def count(verdicts: Verdicts, facts: Facts, bench: Bench) -> Tally:
    """The tally of one rule's verdicts in one chunk."""
    name, zone = verdicts.rule.name, bench.zone
    times = verdicts.tickets.time[verdicts.start]
    week = pl.Series("week", weeks(period_instants(verdicts, bench), zone))
    keys = [*(each.alias(of) for of, each in dimensions(verdicts, facts).items()), week]
    decided = verdicts.outcome != NOT_JUDGED
    groups = [_grouped(each, verdicts, decided) for each in keys]
    tally = Tally(counts=[by_outcome(verdicts).with_columns(rule=pl.lit(name))], groups=groups)
    over = decided & (verdicts.end < verdicts.tickets.never)
    lengths = pl.DataFrame({"policy": verdicts.policy[over], "elapsed": verdicts.elapsed[over]})
    if keys[0].name == "channel":
        lengths = lengths.with_columns(keys[0].filter(pl.Series(over)))
    tally.lengths[name] = [lengths]
    answered = _answered_by_ai(verdicts)
    if answered:
        tally.by_ai[name] = answered
    if "calls" in verdicts.rule.needs:
        tally.calls[name] = count_calls(verdicts)
    hours = week_hours(times[decided], zone)
    late = (verdicts.outcome == BREACHED)[decided]
    tally.hours[name] = np.stack([np.bincount(hours, minlength=168), np.bincount(hours[late], minlength=168)])
    return tally


def _answered_by_ai(verdicts: Verdicts) -> int:
    """Waits judged in which an AI agent answered before any person did."""
    tickets = verdicts.tickets
    if not tickets.mask(ai_answer).any():
        return 0
    at = tickets.next_after(ai_answer, verdicts.start)
    return int(((at < verdicts.end) & (verdicts.outcome != NOT_JUDGED)).sum())


def _grouped(key: pl.Series, verdicts: Verdicts, decided: NDArray[np.bool_]) -> pl.DataFrame:
    counted = by_key(key.filter(pl.Series(decided)), verdicts.outcome[decided])
    return counted.with_columns(rule=pl.lit(verdicts.rule.name), dimension=pl.lit(key.name))


def lateness(verdicts: Verdicts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the breaches among the verdicts, and the microseconds they are over."""
    late = np.flatnonzero(verdicts.outcome == BREACHED)
    limited = verdicts.limit[late] < UNLIMITED
    over = np.where(limited, verdicts.elapsed[late] - verdicts.limit[late], verdicts.until[late] - verdicts.due[late])
    return late, over


def late_waits(verdicts: Verdicts, late: NDArray[np.int64], over: NDArray[np.int64]) -> pl.DataFrame:
    """The worst breaches of one chunk: their `place` among the verdicts, `ticket`, `began_at`, and the microseconds
    they are `over`.
    """
    kept = WORST + MORE
    if len(late) > kept:
        enough = over >= np.partition(over, len(late) - kept)[len(late) - kept]
        late, over = late[enough], over[enough]
    tickets, start = verdicts.tickets, verdicts.start[late]
    told = {"ticket": tickets.frame["ticket"][start], "began_at": tickets.time[start], "over": over}
    return worst_of(pl.DataFrame({"place": late, **told}), kept)


def worst_breaches(late: pl.DataFrame, verdicts: Verdicts, facts: Facts, bench: Bench) -> pl.DataFrame:
    """The worst of `late_waits` whole, with the times their clocks `stood` still."""
    shown = late.head(WORST)
    places = shown["place"].to_numpy()
    still = [
        [[begins, ends] for begins, ends, _ in stood(verdicts, place)] if took else []
        for place, took in zip(places.tolist(), verdicts.stood[places].tolist(), strict=True)
    ]
    frame = verdict_frame(verdicts, facts, bench, places)
    return frame.with_columns(over=shown["over"], stood=pl.Series(still, dtype=_STRETCHES))
