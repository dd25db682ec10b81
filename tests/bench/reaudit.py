"""The same events audited again with other targets and hours, against the first audit, which read them from the file."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.bench.commands import audit, make_log
from tests.bench.process import Cost, median, ratio, run
from tests.bench.table import Table, megabytes, number, seconds

OTHERS = {'"60m"': '"45m"', '"4h"': '"3h"', "09:00-13:00": "08:00-13:00", "08:00-20:00": "09:00-19:00"}
"""What is written otherwise in bench.toml the second time."""
HEAD = ("", "wall s", "CPU s", "peak MB", "wall / first", "CPU / first")
FIRST, AGAIN = "first audit", "again, with other targets and hours"


def tables(asked: argparse.Namespace, folder: Path) -> Iterator[Table]:
    """One table."""
    log = folder / "log.csv"
    events = make_log(max(asked.events), log)
    first = [*audit(log, folder / "first.html"), "--cache"]
    config = log.with_suffix(".csv.toml")
    text = config.read_text("utf-8")
    for before, after in OTHERS.items():
        assert before in text
        text = text.replace(before, after)
    other = config.with_name("other.toml")
    other.write_text(text, "utf-8")
    again = [str(other) if each == str(config) else each for each in first]
    rounds = [_round(folder, first, again) for _ in range(asked.rounds)]
    costs = {name: [each[place] for each in rounds] for place, name in enumerate((FIRST, AGAIN))}
    rows = [_cells(name, costs) for name in costs]
    yield Table(
        f"The same {events:,} events again (CSV, `--cache`)", HEAD, rows, "Asked for: at most 0.4 of the first audit."
    )


def _round(folder: Path, first: list[str], again: list[str]) -> tuple[Cost, Cost]:
    shutil.rmtree(folder / ".cs-audit", ignore_errors=True)
    return run(first), run(again)


def _cells(name: str, costs: dict[str, list[Cost]]) -> tuple[str, ...]:
    cost, times = median(costs[name]), ratio(costs[name], costs[FIRST])
    return name, seconds(cost.wall), seconds(cost.cpu), megabytes(cost.memory), number(times.wall), number(times.cpu)
