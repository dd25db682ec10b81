"""Audits that come again: of a helpdesk's store in which some tickets changed since the last one.

In each round a store that was never audited is audited, some of its tickets change, and it is audited again; the page
must be that of an audit of the changed store from scratch, byte for byte.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.bench.commands import audit, make_store, pull_again
from tests.bench.process import Cost, median, ratio, run
from tests.bench.table import Table, megabytes, number, seconds

SHARE = 0.01
HEAD = ("", "wall s", "CPU s", "peak MB", "wall / first", "CPU / first", "same bytes")
FIRST, SECOND, SCRATCH = "first audit", "second audit", "second audit, from scratch"
ASKED = "Asked for: the second audit at least 5 times as fast as the first."


def tables(asked: argparse.Namespace, folder: Path) -> Iterator[Table]:
    """One table."""
    before, after, desk = folder / "before", folder / "after", folder / "desk"
    make_store(asked.store, before)
    shutil.copytree(before, after)
    pull_again(SHARE, after)
    rounds = [_round(before, after, desk) for _ in range(asked.rounds)]
    costs = {name: [each[0][name] for each in rounds] for name in (FIRST, SECOND, SCRATCH)}
    same = "yes" if all(each[1] for each in rounds) else "**NO**"
    rows = [(*_cells(name, costs), same if name == SECOND else "") for name in costs]
    yield Table(f"A store of {asked.store:,} events, {SHARE:.0%} of its tickets changed", HEAD, rows, ASKED)


def _round(before: Path, after: Path, desk: Path) -> tuple[dict[str, Cost], bool]:
    """What the three audits cost, and whether the last two wrote the same."""
    costs, pages = {}, {}
    for name in (FIRST, SECOND, SCRATCH):
        if name == SECOND:
            pull_again(SHARE, desk)
        else:
            shutil.rmtree(desk, ignore_errors=True)
            shutil.copytree(before if name == FIRST else after, desk)
        page = desk / "report.html"
        costs[name] = run(audit(desk, page))
        pages[name] = page.read_bytes()
    return costs, pages[SECOND] == pages[SCRATCH]


def _cells(name: str, costs: dict[str, list[Cost]]) -> tuple[str, ...]:
    cost, times = median(costs[name]), ratio(costs[name], costs[FIRST])
    return name, seconds(cost.wall), seconds(cost.cpu), megabytes(cost.memory), number(times.wall), number(times.cpu)
