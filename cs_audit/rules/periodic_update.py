"""RT103."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, resolved, unresolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RT103", severity="medium", needs=("messages", "statuses"), without="no_agent_reply")
def periodic_update(ticket: History) -> Spans:
    """A requester hears nothing for too long while his ticket is in work.

    ## Why it matters
    A ticket may take days; silence for days is what people complain about, even where no question is open.

    ## What counts
    From each public message (or connected call) by an agent to the next one, while the ticket is neither solved nor
    closed. A wait that solving ends is late if the limit had passed by then; else no update was due, and it is not
    judged. With `pause = ["pending"]` in the target the clock stands still while the requester is waited for.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message
    Mon 10:00  agent      message              # achieved 40m
    Mon 11:30  agent      message              # breached 90m
    Mon 11:30  agent      status   solved      # not_judged solved_first
    ```
    """
    return ticket.rounds(agent_reply, stops=resolved, resumes=unresolved).left_for("solved_first")
