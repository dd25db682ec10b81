"""AN203."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_says
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("AN203", severity="medium", needs=("messages", "texts"), reads=("labels",), quotes=("dismissive",))
def dismissive_reply(ticket: History) -> Marks:
    """An agent brushes the requester off.

    ## Why it matters
    Being told that it is one's own fault, or to read the rules, loses customers faster than a late answer.

    ## What counts
    Every public message of an agent with words that turn the requester away: not our problem, read the rules, your own
    fault, just wait, the case is closed. Quoted words and automatic messages do not count.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message  says:dismissive   # found
    ```
    """
    return ticket.each(agent_says("dismissive"))
