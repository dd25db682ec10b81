"""The program run in this process, as a user runs it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cs_audit.cli.guard import guarded

DATA = Path(__file__).parent / "vendors"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def columns(self) -> dict[str, str]:
        """Which column was taken for what, as stderr says."""
        line = next(line for line in self.err.splitlines() if line.strip().startswith("Columns: "))
        return {column: header for header, column in re.findall(r'"(.+?)" -> (\w+)(?:, |$)', line)}


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """Run `cs-audit` with these arguments."""
    capsys.readouterr()
    code = guarded([str(each) for each in arguments])
    said = capsys.readouterr()
    return Ran(code, said.out, said.err)


@dataclass(frozen=True)
class Audit:
    """An audit of files: what was said, the result, and every verdict."""

    ran: Ran
    result: dict[str, Any]
    verdicts: list[dict[str, str]]

    def spans(self, rule: str) -> list[tuple[str, str, str, str]]:
        """Ticket, beginning, end and outcome of each wait of a rule."""
        rows = [each for each in self.verdicts if each["rule"] == rule and each["began_at"]]
        return sorted((each["ticket"], each["began_at"], each["ended_at"], each["outcome"]) for each in rows)

    @property
    def judged(self) -> list[tuple[str, ...]]:
        """Everything that must not change with the way a file is written."""
        return sorted(
            tuple(value for key, value in each.items() if key != "source") for each in self.verdicts if each["began_at"]
        )


def audit(capsys: pytest.CaptureFixture[str], folder: Path, files: Sequence[object], *more: object) -> Audit:
    """`cs-audit run FILES...`, with its result."""
    result, verdicts = folder / "audit.json", folder / "verdicts.csv"
    ran = run(capsys, "run", *files, "-o", result, "--verdicts", verdicts, *more)
    if not result.exists():
        raise AssertionError(f"no report: {ran.err}")
    with verdicts.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Audit(ran, json.loads(result.read_text("utf-8")), rows)
