"""`python -m tests.bench.rivals.plain FILE.csv REPORT.html bisects|walks`: the auditor one writes by hand.

A dictionary for each event, a list for each ticket, the rules as loops over it. Working time is looked up by a search
among the edges of the calendar, or the days of each wait are walked.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.calendars import Calendar
from tests.bench.job import ACHIEVED, ACTIVE, BREACHED, NOT_JUDGED, PROMISES, RULES, report

Event = dict[str, Any]
Between = Callable[[Calendar, int, int], int]
Wait = tuple[int, int | None, int | None]
"""When it began, was answered, was left."""
Waits = Callable[[list[Event]], Iterator[tuple[str, Wait]]]
"""All waits of a ticket, each with its rule."""
DONE = ("solved", "closed")


def bisects(calendar: Calendar, start: int, end: int) -> int:
    """Seconds worked between two instants, each looked up."""
    return calendar.bisected(end) - calendar.bisected(start)


def read(path: str) -> tuple[dict[str, list[Event]], int]:
    """The tickets, each with its events in order, and the last instant of all."""
    tickets, last = defaultdict(list), 0
    with Path(path).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            event: Event = dict(row)
            event["occurred_at"] = dt.datetime.fromisoformat(event["occurred_at"])
            event["at"] = int(event["occurred_at"].timestamp())
            event["public"] = event["public"] == "true"
            event["number"] = int(event["event_id"])
            tickets[event["ticket"]].append(event)
            last = max(last, event["at"])
    for events in tickets.values():
        events.sort(key=lambda event: (event["at"], event["number"]))
    return tickets, last


def by_hand(events: list[Event]) -> Iterator[tuple[str, Wait]]:
    """As one would write the rules."""
    if not agent_wrote_first(events):
        for wait in islice(exchanges(events, bots_end=False), 1):
            yield "first_reply", wait
    for wait in exchanges(events, bots_end=True):
        yield "next_reply", wait


def exchanges(events: list[Event], *, bots_end: bool) -> Iterator[Wait]:
    """The waits of a ticket."""
    asked: int | None = None
    left: int | None = None
    for event in events:
        said = event["kind"] == "message" and event["public"]
        if said and event["author"] == "requester" and (asked is None or left is not None):
            if asked is not None:
                yield asked, None, left
            asked, left = event["at"], None
        elif asked is None:
            continue
        elif said and event["author"] == "agent":
            yield asked, event["at"], None
            asked = left = None
        elif event["status"] in DONE and left is None and (bots_end or event["author"] != "bot"):
            left = event["at"]
    if asked is not None:
        yield asked, None, left


def agent_wrote_first(events: list[Event]) -> bool:
    """Whether an agent wrote to the requester before he asked."""
    said = (event["author"] for event in events if event["kind"] == "message" and event["public"])
    return next((author for author in said if author in ("agent", "requester")), "") == "agent"


def outcome(worked: Between, wait: Wait, promise: tuple[Calendar, int], now: int) -> int:
    """What became of a wait."""
    asked, answered, left = wait
    calendar, limit = promise
    end = answered if answered is not None else left if left is not None else now
    if worked(calendar, asked, end) > limit:
        return BREACHED
    return ACHIEVED if answered is not None else ACTIVE if left is None else NOT_JUDGED


def audit(path: str, waits: Waits, worked: Between) -> Counter[tuple[str, str, str, int]]:
    """The waits of a log, counted."""
    counts: Counter[tuple[str, str, str, int]] = Counter()
    tickets, now = read(path)
    for events in tickets.values():
        team, channel = events[0]["team"], events[0]["channel"]
        calendar, *limits = PROMISES[team]
        for rule, wait in waits(events):
            promise = calendar, limits[RULES.index(rule)]
            counts[rule, team, channel, outcome(worked, wait, promise, now)] += 1
    return counts


CLOCKS: dict[str, Between] = {"bisects": bisects, "walks": Calendar.walked}

if __name__ == "__main__":
    report(audit(sys.argv[1], by_hand, CLOCKS[sys.argv[3]]), Path(sys.argv[2]))
