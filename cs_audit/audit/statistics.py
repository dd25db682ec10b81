"""Honest statistics: shares with their uncertainty, quantiles, never an average alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray

_Z = 1.959963984540054

FEWEST_POINTS = 8
"""Below so many points the limits of a process are too loose to tell a signal from chance."""

_XMR = 2.66


def percent(achieved: int, decided: int) -> float | None:
    """The share achieved in per cent, or nothing of nothing."""
    return round(100 * achieved / decided, 4) if decided else None


def wilson(achieved: int, decided: int) -> list[float] | None:
    """The Wilson score interval of the share at 95 %, in per cent (E. B. Wilson, 1927)."""
    if not decided:
        return None
    share, spread = achieved / decided, _Z * _Z / decided
    middle = share + spread / 2
    half = _Z * sqrt(share * (1 - share) / decided + spread / (4 * decided))
    edges = ((middle - half) / (1 + spread), (middle + half) / (1 + spread))
    return [round(100 * min(max(edge, 0.0), 1.0), 4) for edge in edges]


def budget(breached: int, decided: int, goal: float) -> dict[str, int]:
    """The error budget in waits: how many may be late with the goal still met, how many are, how many are left."""
    allowed = int(Fraction(decided) * (100 - Fraction(str(goal))) / 100)
    return {"allowed": allowed, "used": breached, "left": allowed - breached}


def quantile(micros: NDArray[np.int64], share: float) -> float | None:
    """A quantile in seconds of lengths in ascending order, interpolated linearly between neighbours."""
    if not len(micros):
        return None
    place = share * (len(micros) - 1)
    below = int(place)
    low, high = float(micros[below]), float(micros[min(below + 1, len(micros) - 1)])
    return round((low + (high - low) * (place - below)) / 1_000_000, 6)


def longest(micros: NDArray[np.int64]) -> float | None:
    """The last of lengths in ascending order, in seconds."""
    return round(float(micros[-1]) / 1_000_000, 6) if len(micros) else None


def process_limits(values: Sequence[float]) -> dict[str, float] | None:
    """The mean of values in time, their mean moving range, and the natural process limits; None for too few.

    The limits are those of the chart of individual values, mean ± 2.66 moving ranges (D. J. Wheeler, *Understanding
    Variation*, 1993), cut to what a share in per cent can be.
    """
    if len(values) < FEWEST_POINTS:
        return None
    mean = sum(values) / len(values)
    moving = sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    edges = (max(mean - _XMR * moving, 0), min(mean + _XMR * moving, 100))
    names = ("mean", "moving_range", "low", "high")
    return {name: round(value, 4) for name, value in zip(names, (mean, moving, *edges), strict=True)}
