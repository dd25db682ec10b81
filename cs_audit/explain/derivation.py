"""Why an elapsed time is what it is: the working intervals that were counted, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cs_audit.schedules import Timetable


@dataclass(frozen=True)
class Counted:
    """One stretch of working time that was counted, in microseconds UTC; `skipped` lines stand for that many."""

    begins: int
    ends: int
    skipped: int = 0

    @property
    def length(self) -> int:
        """Microseconds counted."""
        return self.ends - self.begins


def counted(table: Timetable, began: int, ended: int, stood: Sequence[Sequence[int]] = ()) -> list[Counted]:
    """The stretches of working time between two instants, without those in which the clock `stood` still.

    Their lengths add up to the elapsed time.
    """
    runs = [began, *(instant for begins, ends in stood for instant in (begins, ends)), ended]
    return [each for low, high in zip(runs[::2], runs[1::2], strict=True) for each in _open(table, low, high)]


def _open(table: Timetable, began: int, ended: int) -> list[Counted]:
    first = int(np.searchsorted(table.closes, began, side="right"))
    last = int(np.searchsorted(table.opens, ended, side="left"))
    begins = np.maximum(table.opens[first:last], began)
    ends = np.minimum(table.closes[first:last], ended)
    return [Counted(int(low), int(high)) for low, high in zip(begins, ends, strict=True) if low < high]


def shortened(stretches: list[Counted], most: int) -> list[Counted]:
    """At most `most` lines: the first and last stretches, and one line standing for those between."""
    if len(stretches) <= most:
        return stretches
    head, tail = stretches[: most // 2], stretches[len(stretches) - (most - most // 2) + 1 :]
    between = stretches[len(head) : len(stretches) - len(tail)]
    return [*head, Counted(0, sum(each.length for each in between), len(between)), *tail]
