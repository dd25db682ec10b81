"""AN201."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, automatic_message, requester_message
from cs_audit.rules._exchanges import until_gone
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("AN201", severity="high", needs=("messages",))
def only_automatic_reply(ticket: History) -> Marks:
    """A requester got nothing but automatic messages.

    ## Why it matters
    "We received your message" is not an answer, though many reports count it as one.

    ## What counts
    The requester's oldest unanswered message, where automatic messages followed and no person has answered by the
    cut-off, whether the ticket was solved or not.

    ## Example
    ```timeline
    Mon 09:00  requester  message              # found
    Mon 09:01  system     message  automatic
    Mon 15:00  system     status   closed
    ```
    """
    return (
        until_gone(ticket.turns(opens=requester_message, closes=agent_reply))
        .holding(automatic_message)
        .starts_of_open()
    )
