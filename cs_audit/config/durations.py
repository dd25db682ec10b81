"""Durations as people write them: `90s 15m 1h30m 2d 3wd`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from cs_audit.errors import ValueRefused
from cs_audit.worded import NOTHING, worded

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(wd|[smhd])")


@dataclass(frozen=True)
class Duration:
    """A length of time: seconds, or whole working days."""

    seconds: float = 0
    working_days: int = 0
    has_days: bool = False

    @property
    def delta(self) -> dt.timedelta:
        """The seconds as a time difference."""
        return dt.timedelta(seconds=self.seconds)

    @property
    def micros(self) -> int:
        """The seconds in microseconds."""
        return round(self.seconds * 1_000_000)


def parse_duration(text: str) -> Duration:
    """The duration that `text` says.

    Raises:
        ValueRefused: no unit, an unknown one, or working days mixed with others.
    """
    parts = _PART.findall(text.strip().lower())
    if not parts or "".join(number + unit for number, unit in parts) != re.sub(r"\s+", "", text.lower()):
        bare = re.fullmatch(r"\s*\d+\s*", text)
        hint = worded("write '{number}m' or '{number}h'", number=text.strip()) if bare else NOTHING
        raise ValueRefused(worded("{text!r} is not a duration like 90s, 15m, 1h30m, 2d or 3wd", text=text), hint)
    if any(unit == "wd" for _, unit in parts):
        if len(parts) > 1 or "." in parts[0][0]:
            raise ValueRefused(worded("{text!r}: working days stand alone and whole, like 2wd", text=text))
        return Duration(working_days=int(parts[0][0]))
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return Duration(seconds=seconds, has_days=any(unit == "d" for _, unit in parts))
