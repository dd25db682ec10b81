"""What is measured: the commands, and the files they work on."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.bench.process import ROOT

HERE = Path(__file__).parent
LOG = """
[sources.log]
type = "{type}"
path = "{path}"
columns = {{ ticket = "ticket", occurred_at = "occurred_at", seq = "event_id", kind = "kind", author = "author", channel = "channel", public = "public", status = "status", priority = "priority", team = "team" }}

"""
DESK = """
[sources.desk]
type = "zendesk"
url = "https://desk.example"
user = "audit@desk.example"
token = { env = "DESK_TOKEN" }

"""
Answers = dict[str, dict[str, int]]


def program() -> list[str]:
    """cs-audit as it is installed, else as a module."""
    script = Path(sys.executable).with_name("cs-audit")
    return [str(script)] if script.exists() else [sys.executable, "-m", "cs_audit"]


def make_log(events: int, log: Path, *more: Path) -> int:
    """Write a log of about so many events; how many there are."""
    command = [sys.executable, "-m", "tests.bench.generate", str(events), str(log), *map(str, more)]
    return int(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout.split()[0])


def make_store(events: int, folder: Path) -> None:
    """Put the same log into the store of a helpdesk, as if it had been pulled into this folder."""
    store = folder / ".cs-audit" / "store.db"
    store.parent.mkdir(parents=True)
    _desk(str(events), str(store))


def pull_again(share: float, folder: Path) -> None:
    """Let so large a share of the tickets of a store change."""
    _desk(str(share), str(folder / ".cs-audit" / "store.db"), "again")


def _desk(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.desk", *arguments], capture_output=True, check=True, cwd=ROOT)


def audit(log: Path, report: Path) -> list[str]:
    """The audit by bench.toml of a log, or of the store in a folder."""
    if log.is_dir():
        config, source = log / "cs-audit.toml", DESK
    else:
        config, source = log.with_suffix(f"{log.suffix}.toml"), LOG.format(type=log.suffix[1:], path=log.as_posix())
    if not config.exists():
        config.write_text(source + (HERE / "bench.toml").read_text("utf-8"), "utf-8")
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
