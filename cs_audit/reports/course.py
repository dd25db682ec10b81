"""The course of a share over weeks, what is left of its error budget, and how much is told of each finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_audit.reports import story
from cs_audit.reports.charts import MARKED, Scale, apart, dodge
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

FULL = 1_000
"""Findings that are told in full; the others are rows."""

DEEP, *_LESS_DEEP = (10, 8), (8, 6), (6, 4)
"""Events and stretches of time told of one finding; what lies between is counted."""

LINES = 6_500
"""Events and stretches told of all findings together, where telling less of each can do it."""

_LABEL = 15


@dataclass(frozen=True)
class Point:
    """A week's share as a place on a chart: `whole`, of `few` waits, `above` or `below` the limits, or `apart`."""

    x: float
    y: float
    week: str
    group: Json
    kind: str


def monday(week: str) -> dt.date:
    """The first day of an ISO week (`2026-W47`)."""
    return dt.date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def points(result: Json, start: float, end: float, y: Scale) -> list[Point]:
    """The weekly shares between two places, as far apart as their weeks."""
    weeks = {name: each for name, each in story.by(result, "week").items() if each["percent"] is not None}
    days = [monday(name).toordinal() for name in weeks]
    x = Scale(min(days, default=0), max(days, default=0), start, end)
    return [
        Point(x.at(day), y.at(each["percent"]), name, each, _kind(result, name, each))
        for day, (name, each) in zip(days, weeks.items(), strict=True)
    ]


def _kind(result: Json, week: str, group: Json) -> str:
    trend = result.get("trend") or {}
    if week in trend.get("not_whole", ()):
        return "apart"
    outside = next((side for side in ("above", "below") if week in trend.get(side, ())), "")
    return outside or ("few" if story.decided(group) < story.FEW else "whole")


def marks(result: Json, y: Scale) -> list[tuple[str, float, float, float]]:
    """The lines across a chart of weekly shares (goal, mean, limits): value, place, and place of the label."""
    limits = (result.get("trend") or {}).get("limits") or {}
    known = {"goal": result["goal"], **{name: limits[name] for name in ("mean", "low", "high") if name in limits}}
    places = [y.at(value) for value in known.values()]
    labels = dodge(places, _LABEL, min(y.start, y.end), max(y.start, y.end))
    return [(name, known[name], at, label) for name, at, label in zip(known, places, labels, strict=True)]


def label(kind: str, value: float, words: Words) -> str:
    """What a line across the chart is, with its value."""
    if kind == "goal":
        return words.say("goal %(goal)s", goal=words.goal(value))
    share = words.percent(value)
    known = {
        "mean": words.say("mean %(share)s", share=share),
        "low": words.say("lower limit %(share)s", share=share),
        "high": words.say("upper limit %(share)s", share=share),
    }
    return known[kind]


def week_labels(points_: Sequence[Point], words: Words) -> list[tuple[float, str]]:
    """The first days of as many weeks as there is room for, each with its place."""
    return apart([(each.x, words.week(each.week)) for each in points_])


def stretch(distribution: Json, limits: Sequence[str]) -> Json:
    """A distribution from where the first waits end to where nearly all are over, and the limits lie inside."""
    whole, known = distribution["channels"][""], distribution["minutes"]
    times = [int(each[:-1]) / 60 for each in limits if each.endswith("s")]
    none = [at for at, n in enumerate(whole["within"]) if n <= 0.01 * whole["n"] and known[at] <= min(times, default=0)]
    most = (at for at, n in enumerate(whole["within"]) if n >= 0.99 * whole["n"] and known[at] >= max(times, default=0))
    first = none[-1] if none else 0
    cut = slice(first, max(next(most, len(known)), first + 1) + 1)
    channels = {name: {**each, "within": each["within"][cut]} for name, each in distribution["channels"].items()}
    return {"minutes": known[cut], "channels": channels}


def minutes(distribution: Json, x: Scale, words: Words) -> list[tuple[float, str]]:
    """The minutes that the axis of waiting times names, with their places."""
    marked = (each for each in MARKED if each in distribution["minutes"])
    return [(x.at(each), words.duration(each * 60) if each else "0") for each in marked]


def places(points_: Sequence[Point]) -> list[tuple[float, float]]:
    """Only where the points lie."""
    return [(each.x, each.y) for each in points_]


def steps(left: Sequence[tuple[str, int]], x: Scale, y: Scale) -> list[tuple[float, float]]:
    """What is left of a budget as places, one for each week."""
    return [(x.at(place), y.at(each)) for place, (_, each) in enumerate(left, 1)]


def lowest(result: Json) -> int:
    """Where the axis of weekly shares may begin: a multiple of ten below all of them."""
    limits = (result.get("trend") or {}).get("limits")
    edges = [result["goal"], *([limits["low"]] if limits else [])]
    shares = [each["percent"] for each in story.by(result, "week").values() if each["percent"] is not None]
    return max(0, int(min([*shares, *edges]) // 10) * 10 - 10)


def budget(result: Json) -> list[tuple[str, int]]:
    """What is left of the error budget of the whole period after each week, in waits; below zero it is overdrawn."""
    left, made = (result.get("budget") or {}).get("allowed", 0), []
    for week, group in story.by(result, "week").items():
        left -= group["breached"]
        made.append((week, left))
    return made


def spent(result: Json) -> str | None:
    """The week in which the error budget of the whole period was overdrawn, if it was."""
    return next((week for week, left in budget(result) if left < 0), None)


def in_full(audit: Json) -> dict[str, int]:
    """How many findings of each rule are told in full, so that FULL are in all and no rule takes another's place."""
    rules = [each["rule"] for each in (*story.wholes(audit), *audit["method"]["rules"])]
    numbers = {rule: len(story.breaches(audit, rule)) for rule in rules}
    for each in audit["findings"]:
        numbers[each["rule"]] = numbers.get(each["rule"], 0) + 1
    most = max(numbers.values(), default=0)
    while sum(min(each, most) for each in numbers.values()) > FULL:
        most -= 1
    return {rule: min(number, most) for rule, number in numbers.items()}


def depth(audit: Json, full: Mapping[str, int]) -> tuple[int, int]:
    """How many events and stretches are told of each finding, by how many there are of all."""
    late = [each for rule, most in full.items() for _, each in story.breaches(audit, rule)[:most]]
    rules = [[each for each in audit["findings"] if each["rule"] == rule] for rule in full]
    found = [each for rows, most in zip(rules, full.values(), strict=True) for each in rows[:most]]
    sizes = [(len(story.history(audit, each)), len(each.get("counted", ()))) for each in (*late, *found)]
    for most in (DEEP, *_LESS_DEEP):
        if sum(min(events, most[0]) + min(stretches, most[1]) for events, stretches in sizes) <= LINES:
            return most
    return _LESS_DEEP[-1]


def late_rows(audit: Json, rule: str, shown: Sequence[tuple[str, Json]]) -> list[tuple[str, float]]:
    """Tickets that are late beyond those told in full, with the seconds over the limit, the worst first."""
    more = (audit.get("late") or {}).get(rule, {"ticket": (), "over_seconds": ()})
    rest = zip(more["ticket"], more["over_seconds"], strict=True)
    return [*((each["ticket"], each["over_seconds"]) for _, each in shown), *rest]


def told(events: Sequence[Json], finding: Json, most: int = DEEP[0]) -> list[Json]:
    """The events of a ticket that are told: the first, the last, those of the finding; `skipped` stands for others."""
    if len(events) <= most:
        return list(events)
    times = {str(finding[name]) for name in ("began_at", "ended_at", "occurred_at") if finding.get(name)}
    half = most // 2 - 1
    keep = {*range(half), *range(len(events) - half, len(events))}
    for moment in sorted(times):
        keep |= set([place for place, event in enumerate(events) if event["occurred_at"] == moment][:2])
    made: list[Json] = []
    reached = 0
    for place in sorted(keep):
        if place > reached:
            made.append({"skipped": place - reached})
        made.append(events[place])
        reached = place + 1
    return made


def shortened(stretches: Sequence[Json], most: int = DEEP[1]) -> list[Json]:
    """The stretches counted as far as they are told; the others are one line with their sum, so that all add up."""
    if len(stretches) <= most:
        return list(stretches)
    head, tail = stretches[: most // 2], stretches[len(stretches) - most // 2 + 1 :]
    between = stretches[len(head) : len(stretches) - len(tail)]
    skipped = sum(each.get("skipped", 1) for each in between)
    return [*head, {"skipped": skipped, "seconds": sum(each["seconds"] for each in between)}, *tail]
