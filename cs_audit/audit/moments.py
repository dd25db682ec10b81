"""Instants as microseconds, as ISO text and as local dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.schedules.zones import SECOND, zone

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def micros(moment: dt.datetime) -> int:
    """Microseconds since 1970 in UTC, exactly."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def moment_of(instant: int) -> dt.datetime:
    """The instant in UTC."""
    return EPOCH + dt.timedelta(microseconds=instant)


def iso(instant: int) -> str:
    """`2026-10-31T20:59:59Z`, with decimals only where there are any."""
    text = moment_of(instant).isoformat()[:19]
    fraction = f".{instant % SECOND:06}".rstrip("0") if instant % SECOND else ""
    return f"{text}{fraction}Z"


def isos(instants: NDArray[np.int64]) -> list[str]:
    """`iso` of many."""
    if (instants % SECOND).any():
        return [iso(each) for each in instants.tolist()]
    return [f"{each}Z" for each in np.datetime_as_string(instants.astype("M8[us]"), "s").tolist()]


def seconds(length: int) -> float | int:
    """Microseconds as seconds; whole where they are whole."""
    return length // SECOND if length % SECOND == 0 else length / SECOND


def local_date(instant: int, timezone: str) -> dt.date:
    """The date on the wall in `timezone`."""
    return moment_of(instant).astimezone(zone(timezone)).date()
