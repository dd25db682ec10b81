"""The second witness: the helpdesk's own verdict beside the recomputed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit.outcomes import ACHIEVED, BREACHED

if TYPE_CHECKING:
    from cs_audit.audit.judge import Verdicts

LISTED = 1_000
"""Tickets named on which both judges differ."""


def compare(verdicts: Verdicts, column: str) -> dict[str, Any]:
    """How many tickets both judged alike, how many differently and which, and how many only one judged.

    The helpdesk's verdict is the one on the ticket's last row. Of several waits of a ticket, one that is late decides.
    """
    frame, owners = verdicts.tickets.frame, np.unique(verdicts.owner)
    told = frame[column][verdicts.tickets.stops[owners] - 1]
    late = np.isin(owners, verdicts.owner[verdicts.outcome == BREACHED])
    decided = late | np.isin(owners, verdicts.owner[verdicts.outcome == ACHIEVED])
    ours = decided & ~late
    known = told.is_not_null().to_numpy()
    theirs = told.fill_null(value=False).to_numpy()
    both = decided & known
    differ = both & (ours != theirs)
    names = frame["ticket"][verdicts.tickets.stops[owners[differ]] - 1].unique().sort()
    return {
        "agree": int((both & ~differ).sum()),
        "differ": int(differ.sum()),
        "reported_achieved": int((both & theirs).sum()),
        "recomputed_achieved": int((both & ours).sum()),
        "only_reported": int((~decided & known).sum()),
        "only_recomputed": int((decided & ~known).sum()),
        "tickets": pl.Series(names).head(LISTED).to_list(),
    }


def reported_percent(sums: dict[str, Any]) -> float | None:
    """The helpdesk's own percentage, over the tickets that both judged."""
    judged = sums["agree"] + sums["differ"]
    return float(np.round(100 * sums["reported_achieved"] / judged, 4)) if judged else None
