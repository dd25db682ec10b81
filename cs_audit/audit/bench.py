"""What the judge needs besides the tickets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cs_audit.audit.moments import local_date
from cs_audit.schedules.zones import offsets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cs_audit.audit.standard import Exemption, PeriodBy, Standard
    from cs_audit.schedules import Coordinates


@dataclass(frozen=True)
class Bench:
    """The standard, the coordinates of its schedules, and the cut-offs.

    Instants are microseconds UTC; `since` and `until` bound when a wait began, was due, or its ticket was opened.
    """

    standard: Standard
    coordinates: Coordinates
    schedules: Sequence[str]
    as_of: int
    since: int
    until: int
    period_by: PeriodBy = "began"

    @cached_property
    def zone(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The UTC offsets of the audit's zone, for the years compiled (see `zones.offsets`)."""
        return offsets(self.standard.timezone, self.coordinates.starts, self.coordinates.ends)

    def exemptions(self, rule: str) -> list[Exemption]:
        """The exceptions from a rule that hold at the cut-off."""
        return [each for each in self.standard.exemptions if each.rule == rule and not self.expired(each.until)]

    def expired(self, until: dt.date) -> bool:
        """Whether an exception's last day had passed at the cut-off, in the audit's zone."""
        return local_date(self.as_of, self.standard.timezone) > until
