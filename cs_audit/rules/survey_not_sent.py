"""CX201."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import resolved, survey, unresolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("CX201", severity="low", needs=("statuses", "surveys"), reads=("surveys",))
def survey_not_sent(ticket: History, *, within: dt.timedelta = dt.timedelta(days=3)) -> Marks:
    """A ticket was solved, and nobody asked the requester how he liked it.

    ## Why it matters
    Where only some are asked, the satisfaction score is chosen, not measured.

    ## What counts
    The event that solved a ticket for good, if by `within` after it nobody had asked for a rating: no rating was
    offered or given, before or after, and no message asks for one.

    ## Options
    `within = "3d"` is how long after solving a survey is still in time.

    ## Example
    ```timeline within=24h as_of=Wed_12:00
    Mon 09:00  requester  message
    Mon 10:00  agent      status  solved       # found
    ```
    """
    return ticket.span(ticket.settled(resolved, unresolved), ticket.first(survey)).longer_than(within).starts()
