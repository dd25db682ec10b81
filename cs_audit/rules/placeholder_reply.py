"""AN202."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, agent_says
from cs_audit.rules._exchanges import until_gone
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("AN202", severity="medium", needs=("messages", "texts"), reads=("labels",), quotes=("placeholder",))
def placeholder_reply(ticket: History) -> Marks:
    """An agent stopped the clock with an empty message, and no answer followed.

    ## Why it matters
    "We are on it" makes the first-reply figure and helps nobody.

    ## What counts
    A public message of an agent that says no more than that somebody will see to it, where no other message of a person
    followed by the cut-off.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message  says:placeholder   # found
    Mon 15:00  agent      status   solved
    ```
    """
    return until_gone(
        ticket.turns(opens=agent_says("placeholder"), closes=agent_reply.but(says_placeholder=True))
    ).starts_of_open()
