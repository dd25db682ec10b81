"""A wait taken apart: working time counted, closed days skipped, and pauses, each with what is known of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cs_audit.audit.moments import iso, seconds
from cs_audit.explain.derivation import counted
from cs_audit.schedules.schedule import EPOCH
from cs_audit.schedules.zones import DAY, local_times

if TYPE_CHECKING:
    from cs_audit.schedules import Timetable

Json = dict[str, Any]


@dataclass(frozen=True)
class Pause:
    """A stretch in which a clock stood still (instants), the number of the event that stopped it, and its status."""

    begins: int
    ends: int
    event: int
    status: str | None


def stretches(table: Timetable, began: int, ended: int, pauses: Sequence[Pause] = ()) -> list[Json]:
    """Between two instants, in order: `{from, to, seconds}` counted, `{skipped: [{date, name}]}` closed days, and
    `{paused: {from, to, seconds, event, status}}`, `seconds` being the working time it took out.
    """
    made: list[Json] = []
    last = began
    for each in pauses:
        made += _running(table, last, each.begins)
        made.append({"paused": _pause(table, each)})
        last = each.ends
    return [*made, *_running(table, last, ended)]


def _pause(table: Timetable, pause: Pause) -> Json:
    took = sum(each.length for each in counted(table, pause.begins, pause.ends))
    told = {"event": pause.event, "status": pause.status}
    return {"from": iso(pause.begins), "to": iso(pause.ends), "seconds": seconds(took), **told}


def _running(table: Timetable, began: int, ended: int) -> list[Json]:
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
