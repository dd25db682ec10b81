"""Weeks and their hours on the wall clock of the audit's zone, whose arrays `Bench.zone` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.schedules.zones import DAY, SECOND, local_times

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

HOUR = 3600 * SECOND


def week_hours(times: Ints, zone: tuple[Ints, Ints]) -> Ints:
    """Hour of the week (Monday 00 being 0) of each instant."""
    local = local_times(times, *zone)
    return (local // DAY + 3) % 7 * 24 + local % DAY // HOUR


def weeks(times: Ints, zone: tuple[Ints, Ints]) -> NDArray[np.int32]:
    """Local weeks since the one that holds 1970-01-01, beginning on Monday."""
    return ((local_times(times, *zone) // DAY + 3) // 7).astype("int32")
