"""RS103."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import solved_unseen
from cs_audit.rules._exchanges import life, solved_times
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RS103", needs=("statuses",), pauses=("pending", "on_hold"))
def agent_work(ticket: History) -> Spans:
    """A ticket takes the team too much time, waits for others left out.

    ## Why it matters
    It is the part of the whole that the team itself can shorten.

    ## What counts
    The time from the ticket's creation to when it was solved for good, without the time in which it is pending, on
    hold or solved. Other pause statuses can be named in the target. A message of the requester ends each of them at
    once, whatever the status says.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      status   pending
    Mon 10:00  agent      status   open
    Mon 10:10  agent      status   on_hold
    Mon 12:00  agent      status   open
    Mon 12:40  agent      status   solved      # breached 70m
    ```
    """
    return life(ticket).outside(solved_times(ticket)).hidden_by(solved_unseen, "history_not_available")
