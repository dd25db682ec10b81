"""`python -m tests.bench.pull [--tickets N]`: how many requests, how much time and memory a first and a second pull take.

A generated desk is served on loopback by the fake Zendesk of tests/helpdesks, with the vendor's largest pages; the pull is
the program itself in a process of its own. The least possible number of requests is one for each ticket's audits, one for
each page of the export, and the lists of agents, groups and plans.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from helpdesks import fake_zendesk  # noqa: E402 - the folder of tests must be known first
from helpdesks.commands import command, configuration  # noqa: E402
from helpdesks.harness import running  # noqa: E402
from helpdesks.world import world  # noqa: E402

PAGE = 1000
LISTS = 5
"""Agents, administrators, groups, business hours, SLA policies."""


def timed(config: Path) -> tuple[float, float]:
    """Seconds, and the largest memory of any child so far in MB."""
    told, environment = command(config)
    began = time.monotonic()
    subprocess.run([*told, "-q"], env=environment, check=True)
    return time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    number = parser.parse_args().tickets
    fake_zendesk.EXPORT, fake_zendesk.AUDITS = PAGE, 100
    desk_world = world(1, number, events=6)
    alive = len(desk_world.alive)
    least = alive + -(-number // PAGE) + LISTS
    with tempfile.TemporaryDirectory() as name, running(fake_zendesk.VENDOR, desk_world) as desk:
        config = configuration(desk, Path(name))
        first, memory = timed(config)
        asked = len(desk.asked)
        second, _ = timed(config)
        size = (Path(name) / ".cs-audit" / "store.db").stat().st_size / 1e6
    print(
        f"{number} tickets, {alive} of them there: {asked} requests, least possible {least}: {100 * asked / least - 100:.1f} % more"
    )
    print(
        f"first pull {first:.1f} s, {memory:.0f} MB of memory, store {size:.1f} MB; second pull {len(desk.asked) - asked} requests, {second:.1f} s"
    )


if __name__ == "__main__":
    main()
