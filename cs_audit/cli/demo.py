"""`cs-audit demo`."""

from __future__ import annotations


def demo() -> None:
    """Coming."""
