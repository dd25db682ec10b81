"""RT104."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import solved_unseen
from cs_audit.rules._exchanges import life, solved_times
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RT104", needs=("statuses",), pauses=("pending",))
def requester_wait(ticket: History) -> Spans:
    """A requester spends too much time waiting, all waits of his ticket taken together.

    ## Why it matters
    Replies can all be quick and the whole still take weeks; this is the time the requester himself counts.

    ## What counts
    The time from the ticket's creation to when it was solved for good, without the time in which it is pending (the
    requester is waited for) or solved. Other pause statuses can be named in the target. A message of the requester
    ends either at once, whatever the status says.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message
    Mon 09:20  agent      status   pending
    Mon 11:00  requester  message
    Mon 11:05  system     status   open
    Mon 11:30  agent      status   solved      # achieved 50m
    ```
    """
    return life(ticket).outside(solved_times(ticket)).hidden_by(solved_unseen, "history_not_available")
