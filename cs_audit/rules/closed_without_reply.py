"""FL202."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply
from cs_audit.rules._exchanges import exchanges
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FL202", severity="medium", needs=("first_reply", "resolution"))
def closed_without_reply(ticket: History) -> Marks:
    """A ticket is solved or closed and no person ever answered it.

    ## Why it matters
    Many helpdesks count such a ticket as answered in time.

    ## What counts
    The requester wrote, the ticket was solved, and no agent's public message followed the requester's first one
    before the requester wrote again. An automatic reply is no answer.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:01  system     message  automatic
    Mon 15:00  agent      status   solved      # found
    ```
    """
    return exchanges(ticket).first(unless=agent_reply, reason="agent_wrote_first").unanswered()
