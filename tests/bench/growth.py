"""Growth: the same audit of more and more events, and whether it lives within little memory."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from tests.bench.commands import audit, make_log
from tests.bench.limit import NotHere, limited
from tests.bench.process import Cost, Failed, in_turn, median, ratio, run
from tests.bench.table import Table, megabytes, number, seconds

LIMIT = 512
ASKED = "x: times the row above. Asked for from 1 to 10 million: at most 10 times the time, twice the memory."
HEAD = ("events", "CSV MB", "wall s", "CPU s", "peak MB", "x wall", "x CPU", "x memory", f"within {LIMIT} MiB: wall s")


def tables(asked: argparse.Namespace, folder: Path) -> Iterator[Table]:
    """One table of all sizes."""
    logs = {}
    for size in asked.sizes:
        log = folder / f"log-{size}.csv"
        logs[log] = make_log(size, log)
    commands = {str(log): audit(log, log.with_suffix(".html")) for log in logs}
    measured = list(in_turn(commands, asked.rounds, warm=1).values())
    within, note = _within(list(commands.values()))
    rows = [
        (f"{events:,}", f"{log.stat().st_size / 1e6:,.0f}", *_cells(costs), *grown, lives)
        for (log, events), costs, grown, lives in zip(logs.items(), measured, _growth(measured), within, strict=True)
    ]
    yield Table("Growth", HEAD, rows, f"{ASKED} {note}")


def _cells(costs: list[Cost]) -> tuple[str, ...]:
    cost = median(costs)
    return seconds(cost.wall), seconds(cost.cpu), megabytes(cost.memory)


def _growth(measured: list[list[Cost]]) -> Iterator[tuple[str, ...]]:
    yield ("", "", "")
    for before, after in pairwise(measured):
        yield tuple(number(each) for each in ratio(after, before))


def _within(commands: list[list[str]]) -> tuple[list[str], str]:
    """What one run of each takes within the limit; and how it was limited, or why not."""
    try:
        with limited(LIMIT) as before:
            return [_lives([*before, *each]) for each in commands], f"Within {LIMIT} MiB: one run each."
    except NotHere as why:
        return [""] * len(commands), f"No memory limit on this machine: {why}."


def _lives(command: list[str]) -> str:
    try:
        return seconds(run(command).wall)
    except Failed as failed:
        return "killed" if failed.status < 0 else f"ended with {failed.status}"
