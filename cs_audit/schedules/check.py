"""Comparing schedules with working-time answers of other programs (`cs-audit schedule check`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cs_audit.schedules.coordinate import Coordinates
from cs_audit.schedules.hours import DAYS, Range, make_range, parse_clock
from cs_audit.schedules.schedule import Horizon, Schedule
from cs_audit.schedules.zones import DAY, SECOND
from cs_audit.worded import Worded, worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_REACHES = (1, 30)
"""Years to look ahead of (and behind) a start: first few, then as many as any sane case needs."""


@dataclass(frozen=True)
class Difference:
    """One case on which the schedule and the other program differ."""

    id: str
    op: str
    start: str
    expected: str
    found: str

    @property
    def told(self) -> Worded:
        """The difference in a sentence."""
        return worded(
            "{id}: {op} from {start}: expected {expected}, found {found}",
            id=self.id, op=self.op, start=self.start, expected=self.expected, found=self.found,
        )  # fmt: skip


def check(cases: Iterable[Mapping[str, Any]]) -> Iterator[Difference | None]:
    """Each case's difference, or None where the two agree.

    A case is `{id, calendar: {tz, weekly, holidays, exceptions}, op, start, end|seconds, expected_...}`; an
    `honest_...` value, where given, is the one compared. Instants agree if no working time lies between
    them and the case is marked `equivalent`.

    Raises:
        KeyError, ValueError: a case that lacks a part or holds an unknown one.
    """
    for case in cases:
        yield _differ(case)


def _differ(case: Mapping[str, Any]) -> Difference | None:
    suffix = {"between": "seconds", "is_open": "open"}.get(case["op"], "end")
    wanted = case.get(f"honest_{suffix}", case.get(f"expected_{suffix}"))
    coordinates, found = _answer(case)
    expected = _micros(wanted) if suffix == "end" else wanted
    if found == expected or (case.get("verdict") == "equivalent" and _same(coordinates, int(found), expected)):
        return None
    shown = _iso(int(found)) if suffix == "end" else str(found)
    return Difference(str(case["id"]), case["op"], case["start"], str(wanted), shown)


def _answer(case: Mapping[str, Any]) -> tuple[Coordinates, float]:
    start = _micros(case["start"])
    for reach in _REACHES:
        coordinates = _coordinates(case["calendar"], start, _micros(case.get("end", case["start"])), reach)
        try:
            found = _ANSWERS[case["op"]](coordinates, start, case)
        except IndexError:
            found = -1
        if found != -1:
            break
    return coordinates, found


def _coordinates(calendar: Mapping[str, Any], start: int, end: int, reach: int) -> Coordinates:
    schedule = Schedule(
        "vector",
        calendar["tz"],
        tuple(_ranges(calendar["weekly"].get(day, ())) for day in DAYS),
        off={dt.date.fromisoformat(day): "" for day in calendar.get("holidays", ())},
        exceptions={
            dt.date.fromisoformat(day): _ranges(ranges) for day, ranges in calendar.get("exceptions", {}).items()
        },
    )
    near = Horizon.around(start, end)
    return Coordinates([schedule.timetable(Horizon(near.first - reach, near.last + reach))])


def _ranges(ranges: Sequence[Sequence[str]]) -> tuple[Range, ...]:
    return tuple(make_range(parse_clock(opens), parse_clock(closes)) for opens, closes in ranges)


def _micros(text: str) -> int:
    moment = dt.datetime.fromisoformat(text)
    since = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (since.days * DAY + since.seconds * SECOND) + since.microseconds


def _iso(instant: int) -> str:
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=instant)).isoformat()


def _same(coordinates: Coordinates, one: int, other: int) -> bool:
    worked = coordinates.worked(0, np.array([one, other], np.int64))
    return bool(worked[0] == worked[1])


def _between(coordinates: Coordinates, start: int, case: Mapping[str, Any]) -> float:
    worked = coordinates.worked(0, np.array([start, _micros(case["end"])], np.int64))
    seconds = int(worked[1] - worked[0]) / SECOND
    return int(seconds) if seconds.is_integer() else seconds


def _moved(direction: str) -> Any:
    def answer(coordinates: Coordinates, start: int, case: Mapping[str, Any]) -> int:
        length = round(case["seconds"] * SECOND)
        forward = (direction == "add") == (length >= 0)
        move = coordinates.due if forward else coordinates.back
        return int(move(0, np.array([start], np.int64), abs(length))[0])

    return answer


def _edge(which: str, side: str, step: int) -> Any:
    def answer(coordinates: Coordinates, start: int, _: Mapping[str, Any]) -> int:
        table = coordinates.tables[0]
        edges = getattr(table, which)[table.opens < table.closes]
        return int(edges[int(np.searchsorted(edges, start, side=side)) + step])  # type: ignore[call-overload]

    return answer


def _previous_close(coordinates: Coordinates, start: int, _: Mapping[str, Any]) -> int:
    """The instant itself while open or just closed, else the last closing."""
    table = coordinates.tables[0]
    at = int(np.searchsorted(table.opens, start, side="left")) - 1
    return min(start, int(table.closes[at])) if at >= 0 else -1


_ANSWERS = {
    "between": _between,
    "add": _moved("add"),
    "sub": _moved("sub"),
    "next_open": lambda each, start, _: int(each.next_open(0, np.array([start], np.int64))[0]),
    "prev_close": _previous_close,
    "next_close": _edge("closes", "right", 0),
    "next_opening_edge": _edge("opens", "right", 0),
    "next_opening_edge_incl": _edge("opens", "left", 0),
    "is_open": lambda each, start, _: bool(each.is_open(0, np.array([start], np.int64))[0]),
}
