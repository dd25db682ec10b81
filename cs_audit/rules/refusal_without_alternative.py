"""AN207."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_says
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("AN207", severity="low", needs=("messages", "texts"), reads=("labels",), quotes=("refusal",))
def refusal_without_alternative(ticket: History) -> Marks:
    """An agent refuses and offers no other way.

    ## Why it matters
    A no ends the conversation; a no with another way goes on helping.

    ## What counts
    Every public message of an agent that refuses what was asked and names no alternative in the same message.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message  says:refusal                     # found
    Mon 10:00  requester  message
    Mon 10:20  agent      message  says:refusal says:alternative
    ```
    """
    return ticket.each(agent_says("refusal").but(says_alternative=True))
