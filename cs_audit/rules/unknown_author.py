"""DQ104."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit import events
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("DQ104", severity="low", needs=("messages",))
def unknown_author(ticket: History) -> Marks:
    """A message's author is neither known as requester nor as agent, bot or system.

    ## Why it matters
    Such a message starts and stops no clock; if it was an answer, the ticket is judged wrongly.

    ## What counts
    Every message whose author's role the source does not give, or gives in a word that `values.author` does
    not explain.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:10  unknown    message              # found
    ```
    """
    return ticket.each(events.unknown_author)
