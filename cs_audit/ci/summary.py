"""GitHub Actions: the Markdown report on the page of the run (the job summary)."""

from __future__ import annotations

from pathlib import Path

from cs_audit.worded import NOTHING, Worded, reason_of, worded

MOST = 1024 * 1024
"""Bytes of one step's summary that GitHub takes; a longer one is refused whole."""


def append(text: str, path: Path) -> Worded:
    """Add the text to the step's summary as UTF-8; what kept it from being added, or nothing."""
    data = (text if text.endswith("\n") else text + "\n").encode("utf-8", errors="replace")
    try:
        size = path.stat().st_size if path.exists() else 0
        if size + len(data) > MOST:
            return worded(
                "the step summary would have {size:,} bytes, and GitHub takes {most:,}",
                size=size + len(data), most=MOST,
            )  # fmt: skip
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        return worded("the step summary cannot be written: {why}", why=reason_of(error))
    return NOTHING
