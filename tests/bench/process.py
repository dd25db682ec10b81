"""What whole processes cost: one, or several in turn."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE") / 1e6 if hasattr(os, "sysconf") else 0.0
PAUSE = 0.05
"""Seconds between two looks at the memory of a process and its children."""


class Cost(NamedTuple):
    """Wall seconds; CPU seconds (user and system) of a process and its children; peak megabytes of all together."""

    wall: float
    cpu: float
    memory: float


class Failed(Exception):  # noqa: N818 - what happened to a process, which may be what was to be seen
    """A process ended badly; `status` is its exit status, negative for the signal that killed it."""

    def __init__(self, command: Sequence[str], status: int, told: str) -> None:
        super().__init__(f"{' '.join(command[:4])} ended with {status}: {told}")
        self.status = status


def run(command: Sequence[str]) -> Cost:
    """The cost of one whole process; an audit that finds something ends with 1.

    The system counts the memory of whoever starts it as its own: keep that small.

    Raises:
        Failed: the process ended with more than 1, or was killed.
    """
    start = time.perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told, cwd=ROOT)
        seen, over = [0.0], threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, seen, over))
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        over.set()
        watch.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            told.seek(0)
            raise Failed(command, process.returncode, told.read().decode(errors="replace")[-2000:])
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(usage.ru_maxrss * 1024 / 1e6, seen[0]))


def _watch(pid: int, seen: list[float], over: threading.Event) -> None:
    """Note the most memory that a process with children had; of one alone the system keeps the peak itself."""
    while not over.wait(PAUSE):
        family = _family(pid)
        if len(family) > 1:
            seen[0] = max(seen[0], sum(map(_resident, family)))


def _family(pid: int) -> list[int]:
    """The process and all who descend from it, where the system tells."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, task.read_text("ascii").split())
            except OSError:  # ended meanwhile
                continue
    return found


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE
    except (OSError, IndexError):  # ended meanwhile
        return 0.0


def in_turn(commands: Mapping[str, Sequence[str]], rounds: int, *, warm: int = 0) -> dict[str, list[Cost]]:
    """The costs of several processes, run in turn (A, B, A, B, ...), so that a busy minute strikes all alike.

    The first rounds, as many as `warm`, only bring the files into memory.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(warm + rounds):
        for name, command in commands.items():
            costs[name].append(run(command))
    return {name: each[warm:] for name, each in costs.items()}


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(statistics.median(each) for each in zip(*costs, strict=True)))


def ratio(costs: Sequence[Cost], base: Sequence[Cost]) -> Cost:
    """The median of how many times as much each run cost as its neighbour in turn."""
    return median([Cost(*(a / b for a, b in zip(*pair, strict=True))) for pair in zip(costs, base, strict=True)])
