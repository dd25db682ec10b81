"""`cs-audit init`."""

from __future__ import annotations


def init() -> None:
    """Coming."""
