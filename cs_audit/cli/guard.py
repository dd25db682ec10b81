"""Errors become messages here, and only here."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path

from cs_audit.cli.app import app
from cs_audit.errors import AuditError
from cs_audit.reports.clean import plain

__all__ = ["guarded", "plain", "show_error"]

INTERRUPTED, BROKEN = 130, 70


def guarded(arguments: list[str]) -> int:
    """Run the program with these arguments; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - a defect: it is told, not thrown at people
        return _crashed(error)


def _run(arguments: list[str]) -> int:
    try:
        return _code(app(arguments, prog_name="cs-audit", standalone_mode=True))
    except SystemExit as stop:
        code = _code(stop.code)
        if code == INTERRUPTED:  # Typer catches Ctrl-C, and says nothing
            print("interrupted", file=sys.stderr)
        return code
    except AuditError as error:
        return show_error(error) if error.exit_code != BROKEN else _crashed(error)


def _code(value: object) -> int:
    return value if isinstance(value, int) else 0


def show_error(error: AuditError) -> int:
    """Say what happened, where, and what to do; the exit code."""
    lines = [f"error[{error.slug}]: {error}"]
    if error.hint:
        lines.append(f"  hint: {error.hint}")
    print(plain("\n".join(lines)), file=sys.stderr)
    return error.exit_code


def _crashed(error: Exception) -> int:
    """A defect: one line for people, the whole story in a file."""
    handle, name = tempfile.mkstemp(prefix="cs-audit-crash-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    message = plain(f"{type(error).__name__}: {error}".splitlines()[0][:200])
    print(
        f"error[internal]: {message}\n  hint: this is a defect of cs-audit; please report it with {Path(name)}",
        file=sys.stderr,
    )
    return BROKEN
