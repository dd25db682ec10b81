"""End to end: a whole audit against a bare scan of the columns it uses, and against others who do the same job.

The others are a script with pandas and numpy, and auditors in plain Python that take one ticket after another: with
rules written by hand, or with cs-audit's rules in their plain reading; they look working time up, or walk days. Those
work on fewer events; what they take is scaled up. Each must find the numbers that cs-audit finds, in all, by team and
by channel.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.commands import Answers, answers, audit, make_log, missing, rival
from tests.bench.process import Cost, in_turn, median, ratio, run
from tests.bench.table import Table, megabytes, number, seconds

SCAN, OURS, WHOLE = "bare scan (floor)", "cs-audit", "bare scan, also of the texts"
PLAIN = {
    "Python by hand, bisects": ("plain", "bisects", 1_000_000),
    "Python by hand, walks days": ("plain", "walks", 100_000),
    "plain reading, bisects": ("reading", "bisects", 100_000),
    "plain reading, walks days": ("reading", "walks", 100_000),
}
"""Auditors in plain Python: how they judge and reckon working time, and how many events they get at most."""
HEAD = ("", "events", "wall s", "CPU s", "peak MB", "wall / scan", "CPU / scan", "wall / cs-audit", "same numbers")

ASKED = {
    ".csv": "Asked for at 10 million events: at most 3 times the scan and 600 MB; 10 times as fast as what bisects, 60 times "
    "as what walks days. Where there are fewer events, the columns with / reckon with as many times more as in the others.",
    ".parquet": "Asked for at 10 million events: at most 4 times the scan and 600 MB.",
}


@dataclass(frozen=True)
class Contest:
    """The commands of one file, by name: on how many events each works, and where it leaves its answers.

    `expected` are cs-audit's answers on a log of so many events.
    """

    events: int
    commands: dict[str, list[str]]
    sizes: dict[str, int] = field(default_factory=dict)
    told: dict[str, Path] = field(default_factory=dict)
    expected: dict[int, Answers] = field(default_factory=dict)

    def enter(self, name: str, events: int, command: list[str], page: Path) -> None:
        """A rival enters."""
        self.commands[name], self.sizes[name] = command, events
        self.told[name] = page.with_suffix(".json")

    def agrees(self, name: str) -> str:
        """Whether a rival found the same numbers."""
        if name not in self.told:
            return ""
        found = json.loads(self.told[name].read_text("utf-8"))
        return "agree" if found == self.expected[self.sizes[name]] else "**DIFFER**"

    def rows(self, costs: dict[str, list[Cost]]) -> Iterator[tuple[str, ...]]:
        """The table's."""
        for name, each in costs.items():
            scale = self.events / self.sizes[name]
            here, cost = [Cost(cost.wall * scale, cost.cpu * scale, cost.memory) for cost in each], median(each)
            floor, ours = ratio(here, costs[SCAN]), ratio(here, costs[OURS])
            yield (
                name, f"{self.sizes[name]:,}", seconds(cost.wall), seconds(cost.cpu), megabytes(cost.memory),
                number(floor.wall), number(floor.cpu), number(ours.wall), self.agrees(name),
            )  # fmt: skip


def expect(log: Path) -> Answers:
    """What cs-audit finds in a log."""
    report = log.with_suffix(".audit.json")
    run(audit(log, report))
    return answers(report)


def contest(log: Path, events: int, expected: Answers) -> Contest:
    """A scan, an audit and the script with pandas."""
    commands = {SCAN: rival("scan", log), OURS: audit(log, log.with_suffix(".html"))}
    made = Contest(events, commands, dict.fromkeys(commands, events), expected={events: expected})
    if log.suffix == ".parquet":
        commands[WHOLE] = rival("scan", log, "text")
        made.sizes[WHOLE] = events
    needed = missing("pandas", *(["pyarrow"] if log.suffix == ".parquet" else []))
    if needed:
        print(f"pandas + numpy left out: {', '.join(needed)} not installed", flush=True)
        return made
    page = log.with_suffix(".pandas.html")
    made.enter("pandas + numpy", events, rival("pandas_numpy", log, str(page)), page)
    return made


def in_plain_python(made: Contest, whole: Path) -> None:
    """Let the auditors in plain Python take part, on the whole log or one small enough for them."""
    logs = {most: _small_enough(made, whole, most) for most in {most for _, _, most in PLAIN.values()}}
    for name, (module, clock, most) in PLAIN.items():
        log, events = logs[most]
        page = whole.with_suffix(f".{module}.{clock}.html")
        made.enter(name, events, rival(module, log, str(page), clock), page)


def _small_enough(made: Contest, whole: Path, most: int) -> tuple[Path, int]:
    if made.events <= 1.1 * most:
        return whole, made.events
    log = whole.with_name(f"{most}.csv")
    events = make_log(most, log)
    made.expected[events] = expect(log)
    return log, events


def tables(asked: argparse.Namespace, folder: Path) -> Iterator[Table]:
    """For each size a table of the CSV and one of the Parquet file."""
    for size in asked.events:
        yield from measure(size, folder, asked.rounds)


def measure(size: int, folder: Path, rounds: int) -> Iterator[Table]:
    """The tables of one size."""
    logs = folder / "log.csv", folder / "log.parquet"
    events = make_log(size, *logs)
    for log in logs:
        made = contest(log, events, expect(log))
        if log.suffix == ".csv":
            in_plain_python(made, log)
        costs = in_turn(made.commands, rounds, warm=1)
        title = f"End to end: {events:,} events, {log.stat().st_size / 1e6:,.0f} MB of {log.suffix[1:]}"
        yield Table(title, HEAD, list(made.rows(costs)), ASKED[log.suffix])
        log.unlink()
