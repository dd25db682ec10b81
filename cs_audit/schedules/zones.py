"""Time zones from the tzdata package only, so that a verdict does not depend on the machine."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from cs_audit.errors import ConfigError
from cs_audit.worded import Worded, worded

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECOND = 1_000_000
"""Microseconds in a second; every instant of cs-audit is whole microseconds since 1970 in UTC."""

DAY = 86_400 * SECOND


@cache
def zone(name: str) -> ZoneInfo:
    """The zone called `name`.

    Raises:
        ConfigError: there is no such zone; the nearest names are offered.
    """
    if name.upper() == "UTC" or not name:
        return ZoneInfo("UTC") if name else zone("UTC")
    try:
        package, _, leaf = ("tzdata.zoneinfo/" + name).rpartition("/")
        with resources.files(package.replace("/", ".")).joinpath(leaf).open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError, ModuleNotFoundError, TypeError):
        raise ConfigError(worded("{name!r} is not a time zone", name=name), hint=_nearest(name)) from None


def zone_names() -> list[str]:
    """Every name the tzdata package knows."""
    return resources.files("tzdata").joinpath("zones").read_text("utf-8").split()


def _nearest(name: str) -> Worded:
    from difflib import get_close_matches  # noqa: PLC0415 - only for the message

    names = {each.lower(): each for each in zone_names()}
    found = get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    return worded("write {name!r}", name=names[found[0]]) if found else worded("write a name like Europe/Moscow")


def offsets(name: str, start: int, end: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The zone's UTC offsets between two instants: where each begins, and the offset, both in microseconds."""
    where = zone(name)

    def offset(instant: int) -> int:
        moment = dt.datetime.fromtimestamp(instant // SECOND, where).utcoffset()
        return int((moment or dt.timedelta()).total_seconds()) * SECOND

    step = DAY
    begins, values = [start], [offset(start)]
    for low in range(start, end, step):
        if offset(low + step) != values[-1]:
            left, right = low, low + step
            while right - left > SECOND:
                middle = (left + right) // 2 // SECOND * SECOND
                left, right = (middle, right) if offset(middle) == values[-1] else (left, middle)
            begins.append(right)
            values.append(offset(right))
    return np.array(begins, np.int64), np.array(values, np.int64)


def local_times(instants: NDArray[np.int64], begins: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Local wall time of each instant, in microseconds since a local 1970."""
    return instants + values[np.searchsorted(begins, instants, side="right") - 1]


def instants_of(walls: NDArray[np.int64], begins: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The instant of each local wall time: the first of two where clocks go back, as if they had not gone forward
    where they leave it out.
    """
    edges = begins.copy()
    edges[1:] += np.maximum(values[1:], values[:-1])
    edges[0] = np.iinfo(np.int64).min
    return walls - values[np.searchsorted(edges, walls, side="right") - 1]
