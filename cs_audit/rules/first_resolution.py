"""RS101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import opened, resolved, solved_unseen
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RS101", needs=("statuses",))
def first_resolution(ticket: History) -> Spans:
    """A ticket takes too long to be solved for the first time.

    ## Why it matters
    It is the moment the team believed the work was done, and the start of any argument about reopening.

    ## What counts
    From the ticket's creation (its first event, where the source does not say) to the first time it is solved
    or closed.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:50  agent      status   solved      # achieved 50m
    Mon 12:00  requester  status   open
    Mon 12:30  agent      status   solved
    ```
    """
    done = ticket.span(ticket.opening(opened), ticket.first(resolved))
    return done.hidden_by(solved_unseen, "history_not_available")
