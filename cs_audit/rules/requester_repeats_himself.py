"""CX101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import requester_says
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("CX101", severity="medium", needs=("messages", "texts"), reads=("labels",), quotes=("repeats",))
def requester_repeats_himself(ticket: History) -> Marks:
    """The requester says that he has told it all before.

    ## Why it matters
    Having to tell one's story again is what customers name first when asked what annoys them.

    ## What counts
    Every message in which the requester says that he told it already, wrote several times, or has to explain it to
    each agent anew.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message
    Mon 10:00  requester  message  says:repeats   # found
    ```
    """
    return ticket.each(requester_says("repeats"))
