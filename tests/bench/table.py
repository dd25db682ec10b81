"""What was measured, as Markdown tables that also read well in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tabulate import tabulate


@dataclass(frozen=True)
class Table:
    """Rows under a head, all in words, and what is to be said of them."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def __str__(self) -> str:
        align = ["left", *["right"] * (len(self.head) - 1)]
        text = tabulate(self.rows, self.head, tablefmt="pipe", colalign=align, disable_numparse=True)
        return f"### {self.title}\n\n{text}\n" + (f"\n{self.note}\n" if self.note else "")


def number(value: float) -> str:
    """Three digits at least, none after the point from a hundred on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def seconds(value: float) -> str:
    return number(value)


def megabytes(value: float) -> str:
    return f"{value:,.0f}"
