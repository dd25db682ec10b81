"""Weeks and their hours on the wall clock of the audit's zone, whose arrays `Bench.zone` gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cs_audit.audit import statistics
from cs_audit.audit.moments import local_date
from cs_audit.schedules.zones import DAY, SECOND, local_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench

    Ints = NDArray[np.int64]

HOUR = 3600 * SECOND
_QUARTER = HOUR // 4


def week_hours(times: Ints, zone: tuple[Ints, Ints]) -> Ints:
    """Hour of the week (Monday 00 being 0) of each instant."""
    local = local_times(times, *zone)
    return (local // DAY + 3) % 7 * 24 + local % DAY // HOUR


def weeks(times: Ints, zone: tuple[Ints, Ints]) -> NDArray[np.int32]:
    """Local weeks since the one that holds 1970-01-01, beginning on Monday."""
    return ((local_times(times, *zone) // DAY + 3) // 7).astype("int32")


def trend(shares: Mapping[str, Any], bench: Bench, first: int) -> dict[str, Any]:
    """The course of weekly shares (`percent` by ISO week): which weeks are not `whole` because the audited time begins
    or ends in them, the natural process limits of the others, and the weeks `above` and `below` these.

    The audited time begins with its `first` event or `since`, and ends with the cut-off or `until`. Limits are None
    for too few weeks (see `statistics.process_limits`).
    """
    begins = local_date(max(first, bench.since), bench.standard.timezone)
    ends = local_date(min(bench.until - 1, bench.as_of), bench.standard.timezone)
    days = {week: dt.date.fromisocalendar(int(week[:4]), int(week[6:]), 1) for week in sorted(shares)}
    whole = [week for week, monday in days.items() if begins <= monday and monday + dt.timedelta(6) <= ends]
    values = {week: shares[week]["percent"] for week in whole if shares[week]["percent"] is not None}
    limits = statistics.process_limits(list(values.values()))
    return {
        "not_whole": sorted(days.keys() - set(whole)),
        "weeks": len(values),
        "limits": limits,
        "above": [week for week, share in values.items() if limits and share > limits["high"]],
        "below": [week for week, share in values.items() if limits and share < limits["low"]],
    }


def staffed(bench: Bench, first: int) -> list[float]:
    """For each hour of the week, Monday 00 first, the share of it in per cent in which anybody was at work.

    Over the audited time (see `trend`), by the schedules of all policies together, in quarters of an hour.
    """
    start, stop = max(first, bench.since), min(bench.until, bench.as_of)
    slots = np.arange(start // _QUARTER * _QUARTER, stop, _QUARTER, dtype=np.int64)
    used = {name for policy in bench.standard.policies for name in policy.schedules}
    known = np.clip(slots, bench.coordinates.starts, bench.coordinates.ends - _QUARTER)
    work = np.zeros(len(slots), np.int64)
    for table, name in enumerate(bench.schedules):
        if name in used:
            open_time = bench.coordinates.worked(table, known + _QUARTER) - bench.coordinates.worked(table, known)
            work = np.maximum(work, open_time)
    hours = week_hours(slots, bench.zone)
    opened = np.bincount(hours, work, minlength=168)
    spans = np.bincount(hours, minlength=168) * _QUARTER
    return [round(100 * float(part) / int(span), 1) if span else 0.0 for part, span in zip(opened, spans, strict=True)]
