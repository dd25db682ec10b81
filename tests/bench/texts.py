"""`python -m tests.bench.texts [--messages N ...] [--once]`: what reading texts costs, by whole processes on one core.

For each size three audits of a help desk that talks (see `talk`), from the CSV to audit.json: with every rule that
reads texts; with the other rules alone; and with those on the same file without its column of texts. Printed are
messages a second of wall and of CPU time (other work on the machine tells on the first), peak memory, the growth from
size to size, and what a column of texts costs an audit that does not ask for it.
`--once` leaves the last two out; `--profile` prints where the time of the first size goes instead. In the laws of
`tests/audit/test_text_laws.py` stands the proof that no text is read unless a rule asks.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import platform
import pstats
import subprocess
import sys
import tempfile
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Self

from tests.bench.process import run

CONFIG = """
[sources.desk]
type = "csv"
path = "{path}"
rows = "events"
columns = {{ event = "event", ticket = "ticket", occurred_at = "occurred_at", kind = "kind", author = "author", author_id = "author_id", requester = "requester", agent = "agent", channel = "channel", public = "public", status = "status"{text} }}

[[policies]]
name = "All"
schedule = "24/7"
targets = {{ first_reply = "60m", next_reply = "4h", resolution = "48h", promise_kept = "promised" }}

[policy_facts]
refund_time = "10 days"

[rules]
select = [{rules}]
"""
ASKED = {"growth": 12.0, "messages": 3_000, "megabytes": 1_024}
COLD = "import cs_audit.audit.session, cs_audit.config, cs_audit.reports"


def rules(*, reading: bool) -> list[str]:
    """The names of the rules that read texts, or of all others."""
    from cs_audit.audit.standard import TEXTS  # noqa: PLC0415 - the process that measures must stay small
    from cs_audit.rules import all_rules  # noqa: PLC0415

    return [name for name, rule in all_rules().items() if bool(rule.reads & TEXTS) == reading]


def configured(folder: Path, name: str, log: Path, names: list[str], *, text: bool) -> Path:
    """A configuration in a file."""
    path = folder / f"{name}.toml"
    column = ', text = "text"' if text else ""
    chosen = ", ".join(f'"{each}"' for each in names)
    path.write_text(CONFIG.format(path=log, text=column, rules=chosen), "utf-8")
    return path


def audited(config: Path) -> list[str]:
    """The command of an audit."""
    program = [sys.executable, "-m", "cs_audit", "run", "-c", str(config)]
    return [*program, "-q", "--fail-on", "never", "--no-sensitivity", "-o", str(config.with_suffix(".json"))]


def made(messages: int, folder: Path) -> tuple[Path, str]:
    """A log, and what is said of it; made by a process of its own."""
    log = folder / f"log-{messages}.csv"
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.talk", str(messages), str(log)], capture_output=True, check=True, text=True
    )
    rows, count, words, macros = told.stdout.split()
    size = log.stat().st_size / 1e6
    return (
        log,
        f"{int(count):,} messages in {int(rows):,} rows, {size:.0f} MB, median {words} words, {float(macros):.0%} macros",
    )


def without_texts(log: Path) -> Path:
    """The same log without its column of texts; by a process of its own."""
    path = log.with_name(f"bare-{log.name}")
    code = "import sys, polars as pl; pl.scan_csv(sys.argv[1], infer_schema=False).drop('text').sink_csv(sys.argv[2])"
    subprocess.run([sys.executable, "-c", code, str(log), str(path)], check=True)
    return path


def measure(messages: int, folder: Path, names: dict[bool, list[str]], *, once: bool) -> float:
    """Print the lines of one size; CPU seconds of the audit with all rules that read texts."""
    log, told = made(messages, folder)
    print(told, flush=True)
    wall, cpu, memory = run(audited(configured(folder, "texts", log, names[True], text=True)))
    print(
        f"  all {len(names[True])} rules that read texts: {wall:.1f} s, {cpu:.1f} s CPU, {memory:.0f} MB; "
        f"{messages / wall:,.0f} messages a second, {messages / cpu:,.0f} of CPU"
        f" (asked: {ASKED['messages']:,}, {ASKED['megabytes']:,} MB)",
        flush=True,
    )
    if not once:
        unread = run(audited(configured(folder, "others", log, names[False], text=True)))
        bare = run(audited(configured(folder, "bare", without_texts(log), names[False], text=False)))
        for what, each in (("no such rule", unread), ("no such rule, no texts in the file", bare)):
            print(f"  {what}: {each[0]:.2f} s, {each[1]:.2f} s CPU, {each[2]:.0f} MB")
        print(f"  what texts cost that nobody asks for: {unread[1] / bare[1]:.2f} times the CPU time", flush=True)
    log.unlink()
    return cpu


def profile(messages: int, folder: Path, names: list[str]) -> None:
    """Print where the time of an audit goes, function by function; one worker, so that all of it is seen."""
    from cs_audit.audit import chain  # noqa: PLC0415 - see `rules`
    from cs_audit.audit.session import Order, run_audit  # noqa: PLC0415
    from cs_audit.audit.standard import Window  # noqa: PLC0415
    from cs_audit.config import load_config  # noqa: PLC0415

    log, told = made(messages, folder)
    print(told)
    order = Order(load_config(configured(folder, "texts", log, names, text=True)), Window(), sensitivity=False)
    chain.ThreadPoolExecutor = _Here  # type: ignore[assignment, misc] # a profile sees one thread only
    with cProfile.Profile() as seen:
        run_audit(order)
    pstats.Stats(seen).sort_stats("cumulative").print_stats("cs_audit", 45)
    pstats.Stats(seen).sort_stats("tottime").print_stats(30)


class _Here:
    """An executor that works in the thread of its caller."""

    def __init__(self, _: int) -> None:
        self.map = map

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def main() -> None:
    """Measure every size asked for, and the growth between them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", nargs="+", type=lambda text: int(float(text)), default=[100_000, 1_000_000])
    parser.add_argument("--once", action="store_true", help="only the audits with all rules that read texts")
    parser.add_argument("--profile", action="store_true", help="where the time of the first size goes")
    options = parser.parse_args()
    os.environ["POLARS_MAX_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    listed = subprocess.run([sys.executable, "-c", NAMES], capture_output=True, check=True, text=True)
    names = dict(zip((True, False), (line.split() for line in listed.stdout.splitlines()), strict=True))
    print(f"cs-audit {version('cs-audit')}, polars {version('polars')}, Python {platform.python_version()}, one core")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.profile:
            profile(options.messages[0], folder, names[True])
            return
        print(f"a bare start: {run([sys.executable, '-c', COLD])[1]:.2f} s CPU")
        taken = [measure(size, folder, names, once=options.once) for size in options.messages]
    for (small, before), (large, after) in pairwise(zip(options.messages, taken, strict=True)):
        print(f"growth {small:,} to {large:,}: {after / before:.1f} times the CPU time (asked: {ASKED['growth']:.0f})")


NAMES = """
from tests.bench.texts import rules
print(*rules(reading=True))
print(*rules(reading=False))
"""

if __name__ == "__main__":
    main()
