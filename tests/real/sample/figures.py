"""The expected figures of the samples, by plain arithmetic of the standard library; nothing of cs-audit is used.

Run it to see them: `python tests/real/sample/figures.py`. The tests hold the printed numbers.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
DONE = ("Resolved", "Closed")
AS_OF = dt.datetime(2016, 1, 13)  # noqa: DTZ001 - all times of the city are local ones

Row = dict[str, str]


def rows_of(name: str, delimiter: str = ",") -> list[Row]:
    """The rows of one sample."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def when(text: str, form: str) -> dt.datetime:
    """A local time."""
    return dt.datetime.strptime(text, form)  # noqa: DTZ007 - compared with local times only


def hours(row: Row, end: str) -> float:
    """Calendar hours from `opened_at` to a column."""
    form = "%d/%m/%Y %H:%M"
    return (when(row[end], form) - when(row["opened_at"], form)).total_seconds() / 3600


def working_hours(row: Row) -> float:
    """Hours from opened to closed on Mon-Fri 14:00-23:00, counted minute by minute."""
    form = "%d/%m/%Y %H:%M"
    moment, end, minutes = when(row["opened_at"], form), when(row["closed_at"], form), 0
    while moment < end:
        minutes += moment.weekday() < 5 and 14 <= moment.hour < 23
        moment += dt.timedelta(minutes=1)
    return minutes / 60


def incidents() -> dict[str, Any]:
    """Figures of the incident log, its rows taken in the order of the file."""
    by: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of("incidents.csv"):
        by[row["number"]].append(row)
    states = {
        name: [row["incident_state"] for row in rows if row["incident_state"] != "-100"] for name, rows in by.items()
    }
    back = {name: sum(a in DONE and b not in DONE for a, b in pairwise(all_)) for name, all_ in states.items()}
    last = [rows[-1] for rows in by.values()]
    solved = [hours(row, "resolved_at") for row in last if row["resolved_at"] != "?"]
    third = [row for row in last if row["priority"] == "3 - Moderate"]
    return {
        "incidents": len(by),
        "reopened": (sum(back.values()), sum(each > 0 for each in back.values())),
        "resolved": (len(solved), round(median(solved), 4), sum(each == 0 for each in solved)),
        "closed": (len(last), round(median(hours(row, "closed_at") for row in last), 4)),
        "made": sum(row["made_sla"] == "true" for row in last),
        "moderate": len(third),
        "differ": sorted(row["number"] for row in third if (working_hours(row) <= 62) != (row["made_sla"] == "true")),
    }


def requests() -> dict[str, Any]:
    """Figures of the city's requests."""
    form, counts = "%m/%d/%Y %I:%M:%S %p", Counter()
    for row in rows_of("requests.csv"):
        target = when(row["TARGET_DT"], form) if row["TARGET_DT"] else None
        closed = when(row["CLOSED_DT"], form) if row["CLOSED_DT"] else None
        late = target is not None and (closed or AS_OF) > target
        state = "closed" if closed else "open"
        counts["closed before opened"] += bool(closed and closed < when(row["OPEN_DT"], form))
        counts[
            "no target" if target is None else f"{state}, {'late' if late else 'in time'}, {row['OnTime_Status']}"
        ] += 1
    return dict(sorted(counts.items()))


def forum() -> dict[str, Any]:
    """Figures of the forum: the first answer by another, by its date."""
    threads: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of("forum.csv", ";"):
        threads[row["uid"].partition(".")[0]].append(row)
    form, waits = "%d/%m/%Y %H:%M", {}
    for name, rows in threads.items():
        asked = next(row for row in rows if row["uid"] == name)
        others = [when(row["date_time"], form) for row in rows if row["author"] != asked["author"]]
        if others:
            waits[name] = (min(others) - when(asked["date_time"], form)).total_seconds() / 60
    negative = sorted(name for name, wait in waits.items() if wait < 0)
    return {"questions": len(threads), "answered": len(waits), "median": median(waits.values()), "negative": negative}


if __name__ == "__main__":
    for figures in (incidents, requests, forum):
        print(figures.__name__, figures())  # noqa: T201 - what it is for
