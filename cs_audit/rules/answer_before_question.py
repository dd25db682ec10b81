"""DQ103."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, requester_message
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("DQ103", severity="low")
def answer_before_question(ticket: History) -> Marks:
    """An answer is dated before the question it follows.

    ## Why it matters
    The wait would be negative. It is listed and not judged, never set to zero.

    ## What counts
    An agent's public message that the source numbers after the requester's first message and dates before it.
    Sources without a numbering of their own (the column `seq`) cannot show it.

    ## Example
    ```timeline
    Mon 08:10  agent      message  seq:2       # found
    Mon 09:00  requester  message  seq:1
    ```
    """
    return ticket.earlier(agent_reply, than=ticket.first(requester_message), though_listed_later=True)
