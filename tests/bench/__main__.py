"""`python -m tests.bench [EVENTS ...]`: the audit against a bare scan of the same columns, side by side.

Each run is a whole process, started in turn (scan, audit, scan, audit, ...); printed are medians, the ratio
of each pair's wall and CPU time, and the peak memory. The scan parses the same columns, timestamps included,
with the same library, and sums them, so that nothing can be skipped.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from tests.bench.process import run

HERE = Path(__file__).parent
ROUNDS = 5
SCAN = """
import sys, polars as pl
text = ["ticket", "kind", "author", "channel", "public", "status", "priority", "team"]
names = pl.read_csv(sys.argv[1], n_rows=0).columns
scan = pl.scan_csv(sys.argv[1], schema=dict.fromkeys(names, pl.String))
time = pl.col("occurred_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us").dt.epoch("s").sum()
lengths = (pl.col(each).str.len_bytes().cast(pl.Int64).sum() for each in text)
print(scan.select(time, pl.col("event_id").cast(pl.Int64).sum(), *lengths).collect(engine="streaming").row(0))
"""


def measure(events: int, folder: Path) -> float:
    """Print one line of the table; the audit's median wall time."""
    log = folder / f"log-{events}.csv"
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.generate", str(events), str(log)], capture_output=True, check=True
    )
    number = int(made.stdout.split()[0])
    config = folder / "bench.toml"
    config.write_text((HERE / "bench.toml").read_text().replace("FILE", str(log)))
    scan = [sys.executable, "-c", SCAN, str(log)]
    audit = [sys.executable, "-m", "cs_audit", "run", "-c", str(config), "-q", "-o", str(folder / "report.html")]
    run(scan), run(audit)
    pairs = [(run(scan), run(audit)) for _ in range(ROUNDS)]
    wall, cpu, memory = (statistics.median(each[1][place] for each in pairs) for place in range(3))
    bare = [statistics.median(each[0][place] for each in pairs) for place in range(3)]
    ratios = [statistics.median(each[1][place] / each[0][place] for each in pairs) for place in range(2)]
    size = log.stat().st_size / 1e6
    print(
        f"{number:>11,} events {size:>7.0f} MB | scan {bare[0]:.2f} s, {bare[1]:.2f} s CPU, {bare[2]:.0f} MB"
        f" | audit {wall:.2f} s, {cpu:.2f} s CPU, {memory:.0f} MB | ratio {ratios[0]:.2f} wall, {ratios[1]:.2f} CPU",
        flush=True,
    )
    log.unlink()
    return wall


def main() -> None:
    """Measure every size asked for, and the growth between them."""
    sizes = [int(float(each)) for each in sys.argv[1:]] or [1_000_000, 10_000_000]
    print(f"cs-audit {version('cs-audit')}, polars {version('polars')}, numpy {version('numpy')}, "
          f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {ROUNDS} pairs")  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        walls = [measure(size, Path(name)) for size in sizes]
    for (small, before), (large, after) in pairwise(zip(sizes, walls, strict=True)):
        print(f"growth {small:,} to {large:,}: {after / before:.2f} times the time")


if __name__ == "__main__":
    main()
