"""RS102."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import reopened_by_requester, requester_message, solved_unseen
from cs_audit.rules._exchanges import life, solved_times
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RS102", severity="high", needs=("resolution",))
def resolution(ticket: History, *, quick: dt.timedelta = dt.timedelta(), gaps_count: bool = False) -> Spans:
    """A ticket takes too long to be solved for good.

    ## Why it matters
    The requester came to have something solved; a ticket reopened was not solved yet.

    ## What counts
    From the ticket's creation (its first event, where the source does not say) to the time it was solved and
    stayed so. Solved, then closed by the clockwork days later, counts at solved. A ticket that was reopened and
    is in work at the cut-off is still open. Where the requester came back with a new message, the time from solving
    to that message does not count; where the agents' side reopened the ticket, it does.

    ## Options
    `quick = "10m"` counts the gap also where the requester came back within so much calendar time.
    `gaps_count = true` counts every gap.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      status   solved
    Mon 09:40  requester  message
    Mon 09:40  system     status   open
    Mon 10:10  agent      status   solved      # achieved 50m
    Mon 16:00  system     status   closed
    ```
    """
    done = life(ticket).hidden_by(solved_unseen, "history_not_available")
    if gaps_count:
        return done
    return done.outside(solved_times(ticket).ended_by(requester_message | reopened_by_requester).longer_than(quick))
