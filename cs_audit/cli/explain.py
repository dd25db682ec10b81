"""`cs-audit explain`."""

from __future__ import annotations


def explain() -> None:
    """Coming."""
