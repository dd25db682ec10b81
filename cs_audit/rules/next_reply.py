"""RT102."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.rules._exchanges import exchanges
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RT102", severity="medium", needs=("messages",), without="no_requester_message")
def next_reply(ticket: History) -> Spans:
    """A requester waits too long for an answer, in any exchange of the ticket.

    ## Why it matters
    A quick first reply followed by days of silence is the complaint that first-reply figures hide.

    ## What counts
    Every exchange of a ticket, the first one included, each with its own verdict: from the requester's oldest
    unanswered public message to the next public message by an agent. Further messages of the requester do not
    restart the clock. Automatic replies and internal notes do not stop it. Where the ticket is solved and no
    answer follows before the requester writes again, the wait ends there without one.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:40  agent      message              # achieved 40m
    Mon 11:00  requester  message
    Mon 11:30  requester  message
    Mon 12:20  agent      message              # breached 80m
    ```
    """
    return exchanges(ticket)
