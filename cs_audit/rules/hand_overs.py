"""FL301."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import deleted, unresolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FL301", severity="low", needs=("agents",))
def hand_overs(ticket: History, *, most: int = 2) -> Marks:
    """A ticket passes through too many hands.

    ## Why it matters
    Each agent has to read the story anew, and often asks for it anew.

    ## What counts
    The event that hands the ticket over once too often: from one agent in charge to another for the third time, or as
    often as `most` says. A ticket that goes back to an earlier agent is handed over, too; the first assignment is not.

    ## Options
    `most = 2` is how many times a ticket may change hands.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:10  agent      assignment  agent:ivan
    Mon 10:00  agent      assignment  agent:olga
    Mon 11:00  agent      assignment  agent:ivan
    Mon 12:00  agent      assignment  agent:petr   # found
    ```
    """
    return ticket.stays("agent", stops=deleted, resumes=unresolved).nth(most + 2)
