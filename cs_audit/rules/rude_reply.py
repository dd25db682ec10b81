"""AN204."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_says
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("AN204", severity="high", needs=("messages", "texts"), reads=("labels",), quotes=("rude",))
def rude_reply(ticket: History) -> Marks:
    """An agent is rude to a requester.

    ## Why it matters
    One such message is one too many, and the person who wrote it should hear of it before the public does.

    ## What counts
    Every public message of an agent with rude or insulting words of his own. What he quotes does not count.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message  says:rude   # found
    ```
    """
    return ticket.each(agent_says("rude"))
