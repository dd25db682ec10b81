"""What the judge needs besides the tickets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cs_audit.audit.moments import local_date

if TYPE_CHECKING:
    from cs_audit.audit.standard import Standard
    from cs_audit.schedules import Coordinates


@dataclass(frozen=True)
class Bench:
    """The standard, the coordinates of its schedules, and the cut-offs.

    Instants are microseconds UTC; `since` and `until` bound when a wait began.
    """

    standard: Standard
    coordinates: Coordinates
    schedules: Sequence[str]
    as_of: int
    since: int
    until: int

    def expired(self, until: dt.date) -> bool:
        """Whether an exception's last day had passed at the cut-off, in the audit's zone."""
        return local_date(self.as_of, self.standard.timezone) > until
