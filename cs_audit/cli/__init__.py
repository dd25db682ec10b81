"""The command line. Only Typer is loaded here; every command loads what it needs when it runs."""

from __future__ import annotations

import os
import sys

_MEMORY = {"_RJEM_MALLOC_CONF": "narenas:2", "POLARS_IDEAL_MORSEL_SIZE": "20000", "OPENBLAS_NUM_THREADS": "1"}
"""Polars keeps what its threads have freed in two places, where it is found again, and works on so many rows at a time;
NumPy needs no threads of its own. Less memory, and no slower.
"""


def _settle() -> None:
    """Settings of libraries that they read when they are loaded; those of the user stay."""
    for name, value in _MEMORY.items():
        os.environ.setdefault(name, value)


def main() -> None:
    """Run `cs-audit`: the one place where errors become messages and exit codes."""
    from cs_audit import __version__  # noqa: PLC0415 - start-up time

    if sys.argv[1:] == ["--version"]:
        print(f"cs-audit {__version__}")
        return
    _settle()
    from cs_audit.cli.guard import guarded  # noqa: PLC0415 - start-up time

    sys.exit(guarded(sys.argv[1:]))
