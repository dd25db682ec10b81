"""The difference of two shares, with its uncertainty."""

from __future__ import annotations

from math import sqrt

Interval = tuple[float, float]


def newcombe(old: float, old_edges: Interval, new: float, new_edges: Interval, correlation: float = 0.0) -> Interval:
    """The 95 % interval of `new - old`, in percentage points, from both shares and their Wilson intervals in per cent.

    The hybrid score interval: the sides of both intervals are added like variances. For two independent samples it is
    method 10 of R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of
    eleven methods", Statistics in Medicine 17 (1998), 873-890. For the same things judged twice it takes their
    `correlation` (see there): method 10 of his "Improved confidence intervals for the difference between binomial
    proportions based on paired data", Statistics in Medicine 17 (1998), 2635-2650.
    """
    difference = new - old
    below = _joint(new - new_edges[0], old_edges[1] - old, correlation)
    above = _joint(new_edges[1] - new, old - old_edges[0], correlation)
    return round(difference - below, 4), round(difference + above, 4)


def correlation(both: int, only_old: int, only_new: int, neither: int) -> float:
    """Phi of the fourfold table of things judged twice, corrected for continuity as in the second paper; 0 if a margin
    of the table is empty.
    """
    margins = (both + only_old) * (only_new + neither) * (both + only_new) * (only_old + neither)
    if not margins:
        return 0.0
    excess, half = both * neither - only_old * only_new, (both + only_old + only_new + neither) / 2
    corrected = excess if excess < 0 else max(excess - half, 0.0)
    return corrected / sqrt(margins)


def excludes_zero(interval: Interval) -> bool:
    """Whether no difference at all lies outside of the interval: the change is significant."""
    return interval[0] > 0 or interval[1] < 0


def _joint(one: float, other: float, correlation: float) -> float:
    return sqrt(max(one * one - 2 * correlation * one * other + other * other, 0.0))
