"""Start-up: what `--version` and `--help` cost, beside a Python that does nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.commands import program
from tests.bench.process import in_turn, median
from tests.bench.table import Table, megabytes

COMMANDS = {
    "python -c pass": ([sys.executable, "-c", "pass"], ""),
    "cs-audit --version": ([*program(), "--version"], "0.25"),
    "cs-audit --help": ([*program(), "--help"], "0.70"),
}
"""What is run, and how much CPU it may take."""
MORE = 4
"""Times as many rounds: these are short."""


def tables(asked: argparse.Namespace, _: Path) -> Iterator[Table]:
    """One table."""
    costs = in_turn({name: command for name, (command, _) in COMMANDS.items()}, MORE * asked.rounds, warm=1)
    medians = {name: median(each) for name, each in costs.items()}
    rows = [
        (name, f"{cost.cpu:.3f}", COMMANDS[name][1], f"{cost.wall:.3f}", megabytes(cost.memory))
        for name, cost in medians.items()
    ]
    yield Table("Start-up", ("", "CPU s", "at most", "wall s", "peak MB"), rows, f"{MORE * asked.rounds} rounds.")
