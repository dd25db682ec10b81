"""FL302."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_message, agent_says
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FL302", severity="low", needs=("messages", "texts"), reads=("labels",))
def handed_over_without_introduction(ticket: History) -> Marks:
    """Another agent takes over without saying who he is.

    ## Why it matters
    The requester knew whom he was talking to. A new voice that does not say so makes him wonder whether anybody knows
    his story.

    ## What counts
    The first public message of each further agent in a ticket, unless he says his name or that he takes over, or signs
    the message.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message  by:olga
    Mon 10:00  requester  message
    Mon 10:20  agent      message  by:ivan                             # found
    Mon 11:20  agent      message  by:petr  says:introduces_himself
    ```
    """
    return ticket.newcomers(agent_message, "author_id", unless=agent_says("introduces_himself"))
