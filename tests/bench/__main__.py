"""`python -m tests.bench [PART ...]`: how fast cs-audit is, always against something measured beside it.

Parts: `end-to-end`, `worktime`, `growth`, `reaudit`, `incremental`, `startup`; all of them where none is named. Each run is a whole process
(but for `worktime`); those to be compared run in turn (A, B, A, B, ...), and what is printed are medians and, as
ratios, the medians of what each run cost against its neighbour in turn. `--write FILE` also writes the tables as
Markdown. The rivals are not among what cs-audit needs: `pip install pandas pyarrow workclock timegrid
businesstimedelta business-duration`; one that is not installed is left out.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.bench import end_to_end, growth, incremental, reaudit, startup, worktime
from tests.bench.table import Table

PACKAGES = ("cs-audit", "polars", "numpy", "pandas", "pyarrow", "workclock", "timegrid", "businesstimedelta", "business-duration")  # fmt: skip
PARTS: dict[str, Callable[[argparse.Namespace, Path], Iterator[Table]]] = {
    "end-to-end": end_to_end.tables,
    "worktime": worktime.tables,
    "growth": growth.tables,
    "reaudit": reaudit.tables,
    "incremental": incremental.tables,
    "startup": startup.tables,
}

HEAD = """# How fast cs-audit is

Written by `python -m tests.bench`, which measures everything in turn on one machine: trust the ratios, not the seconds.
The audit is that of `tests/bench/bench.toml`: two rules, three schedules, an HTML report. A wall or CPU time is that of
whole processes, start-up included; memory is the most that a process and its children had at once.
"""


def versions() -> str:
    """Of everything that takes part, and of the machine."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ", ".join([*found, f"Python {platform.python_version()}", platform.system(), f"{cores} cores"])


def size(text: str) -> int:
    """A number like 1000000 or 1e6."""
    return int(float(text))


def options() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    parser.add_argument("--events", nargs="+", type=size, default=[1_000_000, 10_000_000], help="end to end")
    parser.add_argument("--sizes", nargs="+", type=size, default=[100_000, 1_000_000, 10_000_000], help="growth")
    parser.add_argument("--store", type=size, default=1_000_000, help="incremental: events of the store")
    parser.add_argument("--intervals", default=1_000_000, type=int, help="working time")
    parser.add_argument("--rounds", default=5, type=int)
    parser.add_argument("--folder", help="where the logs are made: 50 million events take 12 GB and as much to work in")
    parser.add_argument("--write", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and write."""
    asked = options()
    if asked.folder:
        os.environ["TMPDIR"] = asked.folder
    told = [HEAD, f"{versions()}; medians of {asked.rounds} rounds in turn.\n"]
    print(told[1], flush=True)
    for part in asked.parts or PARTS:
        with tempfile.TemporaryDirectory() as name:
            for table in PARTS[part](asked, Path(name)):
                told.append(str(table))
                print(table, flush=True)
    if asked.write:
        asked.write.write_text("\n".join(told), "utf-8")


if __name__ == "__main__":
    main()
