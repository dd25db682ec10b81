"""The command line. Only Typer is loaded here; every command loads what it needs when it runs."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `cs-audit`: the one place where errors become messages and exit codes."""
    from cs_audit import __version__  # noqa: PLC0415 - start-up time

    if sys.argv[1:] == ["--version"]:
        print(f"cs-audit {__version__}")
        return
    from cs_audit.cli.guard import guarded  # noqa: PLC0415 - start-up time

    sys.exit(guarded(sys.argv[1:]))
