"""RT101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, requester_message, resolved_by_hand
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RT101", severity="high", needs=("first_reply",), without="no_requester_message")
def first_reply(ticket: History) -> Spans:
    """A requester waits too long for the first answer from a person.

    ## Why it matters
    The first reply sets the requester's view of the whole case, and it is the promise most contracts make.

    ## What counts
    From the requester's first public message to the next public message (or connected call) by an agent.
    Automatic replies and internal notes do not stop the clock, and no status does unless the target names pause
    statuses. A ticket solved without any answer is late if the limit had passed by then, else it is listed as
    closed without a reply; a bot that solves it does not end the wait. A ticket in which an agent wrote first is
    not judged: nobody was waiting.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:01  system     message  automatic
    Mon 10:05  agent      message              # breached 65m
    ```
    """
    asked = ticket.turns(opens=requester_message, closes=agent_reply, stops=resolved_by_hand)
    return asked.first(unless=agent_reply, reason="agent_wrote_first")
