"""Working time alone: nanoseconds an interval, and wrong answers.

All peers are asked in one process, in turn, for the same intervals (the slow ones for the first of them only), and
their answers are compared with a walk over the days of the calendar. Wrong is what is off by more than a second.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.commands import missing
from tests.bench.process import ROOT
from tests.bench.table import Table, number

if TYPE_CHECKING:
    from tests.bench.calendars import Calendar
    from tests.bench.peers import Answer, Intervals

HEAD = ("", "intervals", "ns an interval", "/ cs-audit", "wrong", "wrong across a change of clocks")
OURS = "cs-audit"
ASKED = "Asked for: 20 times as fast as workclock, 10,000 times as businesstimedelta."
CHECKED, ACROSS = 20_000, 200
"""Most answers that are checked; intervals across a change of clocks."""


def tables(asked: argparse.Namespace, _: Path) -> Iterator[Table]:
    """A table for each calendar, measured in a process of its own."""
    program = [sys.executable, "-m", "tests.bench.worktime", str(asked.intervals), str(asked.rounds)]
    told = subprocess.run(program, stdout=subprocess.PIPE, check=True, cwd=ROOT, text=True)
    for line in told.stdout.splitlines():
        yield Table(**json.loads(line))


def measured(calendar: Calendar, intervals: Intervals, rounds: int) -> Table:
    """The table of one calendar."""
    from tests.bench.peers import PEERS, Refused  # noqa: PLC0415 - the process that measures others stays small

    wrong: dict[str, tuple[str, str]] = {}
    answers: dict[str, tuple[Answer, int]] = {}
    left_out: list[str] = []
    for name, (make, most, modules) in PEERS.items():
        lacking = missing(*modules)
        if lacking:
            left_out.append(f"{name} left out: {', '.join(lacking)} not installed.")
            continue
        try:
            answers[name] = make(calendar, intervals), min(most, len(intervals.start))
        except Refused as why:
            left_out.append(f"{name} left out: {why}.")
            continue
        across = intervals.across(calendar, ACROSS)
        wrong[name] = errors(calendar, intervals, *answers[name]), errors(calendar, across, make(calendar, across), ACROSS)  # fmt: skip
    costs = timed(answers, rounds)
    rows = [(name, f"{answers[name][1]:,}", *_speed(costs, name), *wrong[name]) for name in answers]
    return Table(f"Working time: {calendar.name}", HEAD, rows, " ".join([ASKED, *left_out]))


def errors(calendar: Calendar, intervals: Intervals, answer: Answer, most: int) -> str:
    """How many of the first answers are wrong."""
    import numpy as np  # noqa: PLC0415 - see `measured`

    pairs = intervals.few[: min(most, CHECKED)]
    if not pairs:
        return "-"
    found = np.asarray(answer(len(pairs)))
    found = found / np.timedelta64(1, "s") if found.dtype.kind == "m" else found
    wrong = sum(
        not abs(each - calendar.walked(start, end)) <= 1 for each, (start, end) in zip(found, pairs, strict=True)
    )
    return f"{wrong:,} of {len(pairs):,}"


def timed(answers: dict[str, tuple[Answer, int]], rounds: int) -> dict[str, list[float]]:
    """Nanoseconds an interval, for each peer in turn."""
    costs: dict[str, list[float]] = {name: [] for name in answers}
    for _ in range(rounds):
        for name, (answer, most) in answers.items():
            start = time.perf_counter()
            answer(most)
            costs[name].append((time.perf_counter() - start) / most * 1e9)
    return costs


def _speed(costs: dict[str, list[float]], name: str) -> tuple[str, str]:
    times = statistics.median(one / other for one, other in zip(costs[name], costs[OURS], strict=True))
    return f"{statistics.median(costs[name]):,.0f}", number(times)


def main() -> None:
    """Print each table as a line of JSON."""
    from tests.bench.calendars import CALENDARS  # noqa: PLC0415 - see `measured`
    from tests.bench.peers import Intervals  # noqa: PLC0415

    warnings.simplefilter("ignore")
    intervals = Intervals.made(int(sys.argv[1]))
    for calendar in CALENDARS:
        plain = replace(calendar, worked=frozenset())  # no peer knows weekend days that are worked
        print(json.dumps(asdict(measured(plain, intervals, int(sys.argv[2])))), flush=True)


if __name__ == "__main__":
    main()
