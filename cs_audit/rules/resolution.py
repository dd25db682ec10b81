"""RS102."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import opened, resolved, solved_unseen, unresolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RS102", severity="high", needs=("resolution",))
def resolution(ticket: History) -> Spans:
    """A ticket takes too long to be solved for good.

    ## Why it matters
    The requester came to have something solved; a ticket reopened was not solved yet.

    ## What counts
    From the ticket's creation (its first event, where the source does not say) to the time it was solved and
    stayed so. Solved, then closed by the clockwork days later, counts at solved. A ticket that was reopened and
    is in work at the cut-off is still open.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      status   solved
    Mon 09:40  requester  status   open
    Mon 10:10  agent      status   solved      # breached 70m
    Mon 16:00  system     status   closed
    ```
    """
    done = ticket.span(ticket.opening(opened), ticket.settled(resolved, unresolved))
    return done.hidden_by(solved_unseen, "history_not_available")
