"""Bad inputs as values: how to make one, what to run, and what must be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sources.runner import run

EVENTS = """ticket,occurred_at,author,text
T-1,2026-01-13T09:30:00Z,customer,Hello
T-1,2026-01-13T09:50:00Z,agent,Hi
T-2,2026-01-13T10:00:00Z,customer,Hello
T-2,2026-01-13T10:20:00Z,agent,Hi
"""
CONFIG = """
[sources.desk]
type = "csv"
path = "desk.csv"
columns = { ticket = "ticket", occurred_at = "occurred_at", author = "author", text = "text" }

[schedules.office]
timezone = "Europe/Moscow"
hours = { mon-fri = ["09:00-18:00"] }

[[policies]]
name = "Standard"
schedule = "office"
[policies.targets]
first_reply = "60m"
"""
RUN = ("run", "-o", "out.json")


@dataclass(frozen=True)
class Case:
    """A bad input: how to make it, what to run, and what must be said."""

    name: str
    code: int
    says: tuple[str, ...]
    make: Callable[[], object]
    arguments: tuple[str, ...] = RUN


def put(name: str, content: str | bytes) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)


def file(
    name: str, code: int, content: str | bytes, *says: str, path: str = "bad.csv", more: tuple[str, ...] = ()
) -> Case:
    """A bad file named on the command line."""
    return Case(name, code, says, lambda: put(path, content), ("run", path, "-o", "out.json", *more))


def config(name: str, old: str, new: str, *says: str, code: int = 2) -> Case:
    """A good configuration with one thing wrong: `old` replaced by `new`, or `new` added."""

    def make() -> None:
        if old not in CONFIG:
            raise AssertionError(old)
        put("desk.csv", EVENTS)
        put("cs-audit.toml", CONFIG.replace(old, new, 1) if old else CONFIG + "\n" + new + "\n")

    return Case(name, code, says, make)


def options(name: str, code: int, arguments: tuple[str, ...], *says: str) -> Case:
    """A good configuration with bad options."""

    def make() -> None:
        put("desk.csv", EVENTS)
        put("cs-audit.toml", CONFIG)

    return Case(name, code, says, make, arguments)


def check(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """Run the case: its exit code, its words, and neither a traceback nor a defect."""
    case.make()
    ran = run(capsys, *case.arguments)
    for never in ("Traceback", "error[internal]", "Input should"):
        assert never not in ran.err, ran.err
    missing = [each for each in case.says if each not in ran.err]
    assert (ran.code, missing) == (case.code, []), ran.err
