"""The arithmetic of the charts: scales, steps, labels that keep apart, shades. Templates draw; this only counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p, sqrt
from typing import Any

Point = tuple[float, float]

MARKED = (0, 1, 5, 15, 30, 60, 120, 240, 480, 960, 1440, 2880, 4320, 7200, 14400, 28800, 57600)
"""Minutes that the axis of waiting times names."""

SHADES = 6
_LETTER, _ROOM = 7.4, 8.0
"""How broad a letter of a label may be, and the room between two labels."""
_GAPS = {"closed": 7.0, "paused": 14.0, "skipped": 54.0}


@dataclass(frozen=True)
class Scale:
    """A straight line from values to places; values outside end at its ends."""

    low: float
    high: float
    start: float
    end: float
    bend: Callable[[float], float] = float

    def at(self, value: float) -> float:
        """The place of a value, to a tenth."""
        low, high = self.bend(self.low), self.bend(self.high)
        share = (self.bend(min(max(value, self.low), self.high)) - low) / ((high - low) or 1)
        return round(self.start + share * (self.end - self.start), 1)


def waiting_scale(minutes: Sequence[int], start: float, end: float) -> Scale:
    """Minutes on an axis that gives the first ones room (logarithmic, with a place for zero)."""
    return Scale(minutes[0], minutes[-1], start, end, log1p)


def staircase(points: Sequence[Point]) -> str:
    """An SVG path that stays level until the next point and then rises."""
    (x, y), rest = points[0], points[1:]
    return f"M{x:g} {y:g}" + "".join(f"H{x:g}V{y:g}" for x, y in rest)


def polyline(points: Sequence[Point]) -> str:
    """An SVG path through the points."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def dodge(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places at least `gap` apart and inside [low, high], in the same order from top to bottom as given."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    made = [0.0] * len(places)
    floor = low
    for index in order:
        made[index] = floor = max(places[index], floor)
        floor += gap
    ceiling = high
    for index in reversed(order):
        made[index] = ceiling = round(min(made[index], ceiling), 1)
        ceiling -= gap
    return made


def apart(labels: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Those labels, each in the middle over its place, that do not lie on the one before; the last one stays."""
    kept: list[tuple[float, str]] = []
    for place_, text in reversed(labels):
        if not kept or place_ + half(text) <= kept[-1][0] - half(kept[-1][1]):
            kept.append((place_, text))
    return kept[::-1]


def half(text: str) -> float:
    """Half of the room that a label takes at most, with the space beside it."""
    return (len(text) * _LETTER + _ROOM) / 2


def shade(value: float, most: float) -> int:
    """Which of the shades 0 (nothing) to 5 a value has; the root lets small values be told apart."""
    if value <= 0 or most <= 0:
        return 0
    return min(SHADES - 1, 1 + int(sqrt(value / most) * (SHADES - 1.001)))


def lines(distribution: Mapping[str, Any], x: Scale, y: Scale, gap: float) -> list[dict[str, Any]]:
    """One staircase for each channel of a distribution of waits, with the place of its label."""
    known = [(name, each) for name, each in sorted(distribution["channels"].items()) if each["n"]]
    made = []
    for name, each in known:
        shares = [100 * within / each["n"] for within in each["within"]]
        points = [(x.at(minute), y.at(share)) for minute, share in zip(distribution["minutes"], shares, strict=True)]
        made.append(
            {"channel": name, "n": each["n"], "shares": shares, "path": staircase(points), "end": points[-1][1]}
        )
    places = dodge([each["end"] for each in made], gap, min(y.start, y.end), max(y.start, y.end))
    return [{**each, "label": place} for each, place in zip(made, places, strict=True)]


@dataclass(frozen=True)
class Piece:
    """A part of a ticket's band: time counted, a gap in which it was closed or the clock paused, or time skipped."""

    kind: str
    begins: dt.datetime
    ends: dt.datetime
    seconds: float
    x: float
    width: float


def band(breach: Mapping[str, Any], as_of: str, width: float) -> list[Piece]:
    """A breach's wait as pieces whose widths follow the time counted; all other time is kept narrow."""
    plain = _plain_pieces(breach, _moment(breach["began_at"]), _moment(breach["ended_at"] or as_of))
    fixed = sum(_GAPS.get(kind, 0) for kind, *_ in plain)
    total = sum(seconds for kind, _, _, seconds in plain if kind == "counted") or 1
    made, x = [], 0.0
    for kind, begins, ends, seconds in plain:
        own = _GAPS.get(kind, max(width - fixed, 0) * seconds / total)
        made.append(Piece(kind, begins, ends, seconds, round(x, 1), round(own, 1)))
        x += own
    return made


def _plain_pieces(
    breach: Mapping[str, Any], began: dt.datetime, ended: dt.datetime
) -> list[tuple[str, dt.datetime, dt.datetime, float]]:
    made: list[tuple[str, dt.datetime, dt.datetime, float]] = []
    pauses = [(_moment(each["from"]), _moment(each["to"])) for each in breach.get("paused", ())]

    def gap(low: dt.datetime, high: dt.datetime) -> tuple[str, dt.datetime, dt.datetime, float]:
        paused = any(begins < high and ends > low for begins, ends in pauses)
        return "paused" if paused else "closed", low, high, 0

    reached, skipped = began, 0.0
    for each in breach["counted"]:
        if "skipped" in each:
            skipped = each["seconds"]
            continue
        begins, ends = _moment(each["from"]), _moment(each["to"])
        if skipped:
            made.append(("skipped", reached, begins, skipped))
        elif begins > reached:
            made.append(gap(reached, begins))
        made.append(("counted", begins, ends, each["seconds"]))
        reached, skipped = ends, 0.0
    return [*made, gap(reached, ended)] if ended > reached else made


def place(pieces: Sequence[Piece], instant: str | None) -> float | None:
    """Where an instant lies on the band, or nothing outside it."""
    moment = _moment(instant) if instant else None
    for piece in pieces if moment else ():
        if moment and piece.begins <= moment <= piece.ends:
            span = (piece.ends - piece.begins).total_seconds() or 1
            return round(piece.x + piece.width * (moment - piece.begins).total_seconds() / span, 1)
    return None


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def blocks(pieces: Sequence[Piece], kind: str, level: int) -> str:
    """An SVG path along the pieces of one kind, to be drawn as broad as they are high."""
    return _strokes([(round(each.x), round(max(each.width, 1))) for each in pieces if each.kind == kind], level)


def _strokes(parts: Iterable[tuple[int, int]], level: int) -> str:
    """Level strokes from a place so far; those of no length are dots."""
    path, pen = "", 0
    for x, length in parts:
        path += (f"m{x - pen} 0" if path else f"M{x} {level}") + (f"h{length}" if length else "z")
        pen = x + length
    return path


def days(events: Sequence[Mapping[str, Any]], width: float) -> list[Piece]:
    """A ticket's events from the first to the last as one piece of calendar time."""
    first, last = _moment(events[0]["occurred_at"]), _moment(events[-1]["occurred_at"])
    return [Piece("calendar", first, last, (last - first).total_seconds(), 0, width)]


def marks(pieces: Sequence[Piece], events: Sequence[Mapping[str, Any]], level: int) -> list[tuple[str, str]]:
    """The events that lie on a band: for each kind of writer (o other, a agent, r requester) an SVG path of dots.

    What people wrote comes last, and so on top; what lies at one place is drawn once.
    """
    places: dict[str, dict[int, None]] = {"o": {}, "a": {}, "r": {}}
    for event in events:
        at = place(pieces, event["occurred_at"])
        sign = {"requester": "r", "agent": "a"}.get(str(event.get("author")), "o")
        if at is not None:
            places["o" if event.get("automatic") else sign][round(at)] = None
    seen: set[int] = set()
    made = []
    for sign in ("r", "a", "o"):
        found = sorted(places[sign].keys() - seen)
        seen |= places[sign].keys()
        made.append((sign, _strokes([(at, 0) for at in found], level)))
    return [each for each in reversed(made) if each[1]]


def side(at: float, width: float) -> str:
    """Which end of a label (s start, e end) to fix so that it stays inside; nothing if it may stand in the middle."""
    return "s" if at < width / 5 else "e" if at > width * 4 / 5 else ""


def share_shade(late: int, all_of_them: int, few: int) -> int:
    """The shade of a share of late waits; none for fewer than `few` waits."""
    return 0 if all_of_them < few or not late else min(SHADES - 1, 1 + int(late / all_of_them * (SHADES - 1)))
