"""What is measured: the commands, and the files they work on."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.bench.process import ROOT

HERE = Path(__file__).parent
Answers = dict[str, dict[str, int]]


def program() -> list[str]:
    """cs-audit as it is installed, else as a module."""
    script = Path(sys.executable).with_name("cs-audit")
    return [str(script)] if script.exists() else [sys.executable, "-m", "cs_audit"]


def make_log(events: int, log: Path, *more: Path) -> int:
    """Write a log of about so many events; how many there are."""
    command = [sys.executable, "-m", "tests.bench.generate", str(events), str(log), *map(str, more)]
    return int(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout.split()[0])


def audit(log: Path, report: Path) -> list[str]:
    """The audit of a log by bench.toml."""
    config = log.with_suffix(f"{log.suffix}.toml")
    if not config.exists():
        text = (HERE / "bench.toml").read_text("utf-8").replace("FILE", log.as_posix())
        config.write_text(text.replace('"csv"', f'"{log.suffix[1:]}"'), "utf-8")
    quiet = ["-q", "--fail-on", "never", "--no-sensitivity"]
    return [*program(), "run", "-c", str(config), *quiet, "-o", str(report)]


def rival(name: str, log: Path, *more: str) -> list[str]:
    """A rival at work on a log."""
    return [sys.executable, "-m", f"tests.bench.rivals.{name}", str(log), *more]


def missing(*modules: str) -> list[str]:
    """Those of the modules that are not installed."""
    return [each for each in modules if find_spec(each) is None]


def answers(report: Path) -> Answers:
    """For each rule the judged, achieved and breached waits, in all, by team and by channel, from an audit.json."""
    found = {}
    for result in json.loads(report.read_text("utf-8"))["results"]:
        if result["policy"] is None:
            by = result["by"]
            groups = {f" {key}": each for part in ("team", "channel") for key, each in by[part].items()}
            found[result["rule"]] = _numbers({"": result} | groups)
    return found


def _numbers(groups: dict[str, dict[str, int]]) -> dict[str, int]:
    words = ("achieved", "breached", "judged")
    return {word + of: each[word] for of, each in groups.items() for word in words if each[word]}
