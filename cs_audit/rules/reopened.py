"""FL201."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import resolved, unresolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FL201", severity="low", needs=("statuses",))
def reopened(ticket: History, *, within: dt.timedelta | None = None) -> Marks:
    """A ticket comes back to work after it was solved.

    ## Why it matters
    Reopening says that the answer did not hold, or that the ticket was solved to stop a clock.

    ## What counts
    Every change of a solved or closed ticket to any other status.

    ## Options
    `within = "7d"` counts only what came back within so much calendar time of being solved.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message
    Mon 09:20  agent      status   solved
    Mon 11:00  requester  message
    Mon 11:00  system     status   open        # found
    ```
    """
    return ticket.turns(opens=resolved, closes=unresolved).ends(within=within)
