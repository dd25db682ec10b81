"""Running a command where only so much memory may be used, the page cache included."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")


class NotHere(Exception):  # noqa: N818 - a fact of the machine
    """No limit can be set on this machine; says why."""


@contextmanager
def limited(mebibytes: int) -> Iterator[list[str]]:
    """What to put before a command: a control group of its own, or a scope of systemd where that is not allowed.

    Raises:
        NotHere: neither can be had.
    """
    try:
        group = _group(mebibytes << 20)
    except OSError as error:
        yield _scope(mebibytes, f"{GROUPS}: {error.strerror}")
        return
    try:
        yield ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh"]
    finally:
        group.rmdir()


def _group(size: int) -> Path:
    first = (GROUPS / "cgroup.controllers").exists()
    group = GROUPS / ("" if first else "memory") / f"cs-audit-bench-{os.getpid()}"
    limit, swap = ("memory.max", "memory.swap.max") if first else ("memory.limit_in_bytes", "memory.swappiness")
    group.mkdir()
    try:
        (group / limit).write_text(str(size))
        if (group / swap).exists():
            (group / swap).write_text("0")
    except OSError:
        group.rmdir()
        raise
    return group


def _scope(mebibytes: int, reason: str) -> list[str]:
    most = [f"--property=MemoryMax={mebibytes}M", "--property=MemorySwapMax=0"]
    scope = ["systemd-run", "--user", "--scope", "--quiet", *most]
    if shutil.which(scope[0]) is None:
        raise NotHere(f"{reason}; no systemd-run")
    tried = subprocess.run([*scope, "true"], capture_output=True, check=False, text=True)
    if tried.returncode:
        raise NotHere(f"{reason}; systemd-run: {tried.stderr.strip()}")
    return scope
