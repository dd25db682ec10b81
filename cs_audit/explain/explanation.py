"""One ticket explained: its events, and for every rule what started, stopped and counted, down to the minute.

The waits come from the plain reading and the numbers from the judge; that both name the same events is
checked each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit import findings
from cs_audit.audit.chunk import Chunk, Hearing
from cs_audit.audit.judge import Verdicts, judge
from cs_audit.audit.moments import iso, micros, seconds
from cs_audit.audit.result import verdict_row
from cs_audit.audit.standard import CALENDAR
from cs_audit.audit.verdict_rows import verdict_frame
from cs_audit.errors import AuditError
from cs_audit.explain.derivation import counted
from cs_audit.history import plain
from cs_audit.schedules.schedule import EPOCH
from cs_audit.schedules.zones import DAY, local_times

if TYPE_CHECKING:
    from cs_audit.audit.bench import Bench
    from cs_audit.rules import Rule
    from cs_audit.schedules import Timetable

Json = dict[str, Any]

_EVENT = (
    *("kind", "author", "author_id", "channel", "public", "automatic", "automatic_reason", "status", "priority"),
    *("team", "agent", "text", "source", "url"),
)


def explain_ticket(ticket: str, chunk: Chunk, bench: Bench, rules: Sequence[Rule]) -> Json:
    """The explanation of one ticket as a JSON-ready value.

    Raises:
        AuditError: the two readings of a rule differ (a defect).
    """
    hearing = Hearing(chunk, bench, chunk.events())
    events = list(hearing.tickets.frame.iter_rows(named=True))
    return {
        "ticket": ticket,
        "timezone": bench.standard.timezone,
        "as_of": iso(bench.as_of),
        "events": [_event(number, event) for number, event in enumerate(events, 1)],
        "events_after_as_of": hearing.beyond.never,
        "verdicts": [
            each for rule in bench.standard.measures if rule in rules for each in _verdicts(rule, hearing, events)
        ],
        "findings": [each for rule in rules if not rule.measures for each in _findings(rule, hearing)],
    }


def _event(number: int, event: Mapping[str, Any]) -> Json:
    told = {name: event[name] for name in _EVENT if event.get(name) is not None}
    return {"number": number, "occurred_at": iso(micros(event["occurred_at"])), **told}


def _verdicts(rule: Rule, hearing: Hearing, events: list[dict[str, Any]]) -> list[Json]:
    broken = hearing.broken(hearing.tickets)
    verdicts = judge(rule, hearing.tickets, hearing.facts, hearing.bench, blind=hearing.blind(rule), broken=broken)
    rows = verdict_frame(verdicts, hearing.facts, hearing.bench)
    if verdicts.began.any():
        _agree(rule, verdicts, events, hearing.bench)
    return [_verdict(row, index, verdicts, hearing) for index, row in enumerate(rows.iter_rows(named=True))]


def _agree(rule: Rule, verdicts: Verdicts, events: list[dict[str, Any]], bench: Bench) -> None:
    """The plain reading must name the same events as the columnar one."""
    spans = rule.judge(plain.Ticket(events), **bench.standard.options.get(rule.name, {})).found
    never = verdicts.tickets.never
    mine = {(each.start, _first(each.end, each.left, never)) for each in spans}
    theirs = {
        (int(start), int(end))
        for start, end, began in zip(verdicts.start, verdicts.end, verdicts.began, strict=True)
        if began
    }
    if not theirs <= mine:
        raise AuditError(f"the two readings of {rule.name} differ: {sorted(mine)} and {sorted(theirs)}")


def _first(end: int | None, left: int | None, never: int) -> int:
    return never if end is None and left is None else end if end is not None else left or 0


def _verdict(row: Mapping[str, Any], index: int, verdicts: Verdicts, hearing: Hearing) -> Json:
    bench, never = hearing.bench, verdicts.tickets.never
    made = verdict_row(row)
    if not verdicts.began[index]:
        return {**made, "started_by": None, "ended_by": None, "stretches": []}
    table = _table(row, bench)
    ended = bench.as_of if row["ended_at"] is None else row["ended_at"]
    end = int(verdicts.end[index])
    return {
        **made,
        "started_by": int(verdicts.start[index]) + 1,
        "ended_by": None if end == never else end + 1,
        "stretches": _stretches(table, row["began_at"], max(ended, row["began_at"])) if table else [],
    }


def _table(row: Mapping[str, Any], bench: Bench) -> Timetable | None:
    name = CALENDAR if row["clock"] == "calendar" else row["schedule"]
    return None if name is None else bench.coordinates.tables[list(bench.schedules).index(name)]


def _stretches(table: Timetable, began: int, ended: int) -> list[Json]:
    """Working time counted, and between it the days that were skipped, with what is known of them."""
    made: list[Json] = []
    last = began
    for each in counted(table, began, ended):
        made += _skipped(table, last, each.begins)
        made.append({"from": iso(each.begins), "to": iso(each.ends), "seconds": seconds(each.length)})
        last = each.ends
    return [*made, *_skipped(table, last, ended)]


def _skipped(table: Timetable, begins: int, ends: int) -> list[Json]:
    """The local dates wholly between two instants, one line, with the names of holidays among them."""
    first, last = (_local_day(table, each) for each in (begins, ends))
    days = [day for day in range(first, last + 1) if not _open_on(table, day)]
    if not days:
        return []
    told = [{"date": str(EPOCH + dt.timedelta(days=day)), "name": table.notes.get(day) or None} for day in days]
    return [{"skipped": told}]


def _local_day(table: Timetable, instant: int) -> int:
    return int(local_times(np.array([instant], np.int64), table.zone_begins, table.zone_offsets)[0] // DAY)


def _open_on(table: Timetable, day: int) -> bool:
    opens = local_times(table.opens, table.zone_begins, table.zone_offsets)
    closes = local_times(table.closes - 1, table.zone_begins, table.zone_offsets)
    return bool(np.any((opens // DAY <= day) & (closes // DAY >= day)))


def _findings(rule: Rule, hearing: Hearing) -> list[Json]:
    tickets = hearing.beyond if rule.beyond else hearing.tickets
    if not tickets.never:
        return []
    rows = findings.find(rule, tickets, hearing.bench, blind=hearing.blind(rule), broken=hearing.broken(tickets))
    times = tickets.time[rows]
    return [
        {"rule": rule.name, "code": rule.code, "severity": rule.severity, "message": rule.title,
         "occurred_at": iso(int(time)), "event": None if rule.beyond else int(row) + 1}
        for row, time in zip(rows, times, strict=True)
    ]  # fmt: skip


def one_ticket(rows: pl.DataFrame, ticket: str) -> pl.DataFrame:
    """The rows of one ticket."""
    return rows.filter(pl.col("ticket") == ticket)
