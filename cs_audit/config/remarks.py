"""What a configuration says that may not be what was meant."""

from __future__ import annotations

from cs_audit.config.models import Config
from cs_audit.worded import Worded, worded

DAY = 86_400
_ALMOST = (DAY - 60, DAY - 1)


def remarks(config: Config) -> list[Worded]:
    """Sentences about schedules that close for the last minute or second of a day."""
    return [
        worded(
            "schedules.{name}: hours end at 23:59, so the last minute of the day is closed; write 24:00 if it is not",
            name=name,
        )
        for name, table in config.schedules.items()
        if any(end in _ALMOST for ranges in table.hours for _, end in ranges)
    ]
