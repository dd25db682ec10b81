"""Errors become messages here, and only here."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path

from cs_audit.cli.app import app
from cs_audit.cli.language import begin, shown
from cs_audit.errors import AuditError
from cs_audit.reports.clean import plain
from cs_audit.worded import Worded, worded

__all__ = ["guarded", "hinted", "plain", "show_error"]

INTERRUPTED, BROKEN = 130, 70


class _Warnings(logging.Handler):
    """What is warned of on the way, on stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it: a sentence in the language chosen, or whatever else it is."""
        told = shown(record.msg) if isinstance(record.msg, Worded) else record.getMessage()
        print(plain(told), file=sys.stderr)


_WARNINGS = _Warnings(logging.WARNING)


def guarded(arguments: list[str]) -> int:
    """Run the program with these arguments; the exit code."""
    begin()
    logging.getLogger("cs_audit").addHandler(_WARNINGS)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return _interrupted()
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
            _interrupted()
        return code
    except AuditError as error:
        return show_error(error) if error.exit_code != BROKEN else _crashed(error)


def _interrupted() -> int:
    print(shown(worded("interrupted")), file=sys.stderr)
    return INTERRUPTED


def _code(value: object) -> int:
    return value if isinstance(value, int) else 0


def show_error(error: AuditError) -> int:
    """Say what happened, where, and what to do; the exit code."""
    lines = [f"error[{error.slug}]: {shown(error.told)}"]
    if error.hint:
        lines.append(f"  {shown(hinted(error.hint))}")
    print(plain("\n".join(lines)), file=sys.stderr)
    return error.exit_code


def hinted(hint: Worded) -> Worded:
    """What to do, called so."""
    return worded("hint: {hint}", hint=hint)


def _crashed(error: Exception) -> int:
    """A defect: one line for people, the whole story in a file."""
    handle, name = tempfile.mkstemp(prefix="cs-audit-crash-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    message = plain(f"{type(error).__name__}: {error}".splitlines()[0][:200])
    hint = hinted(worded("this is a defect of cs-audit; please report it with {path}", path=Path(name)))
    print(f"error[internal]: {message}\n  {shown(hint)}", file=sys.stderr)
    return BROKEN
