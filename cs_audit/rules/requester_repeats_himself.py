"""CX101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import requester_message, requester_says
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule(
    "CX101",
    severity="medium",
    needs=("messages", "texts"),
    reads=("labels", "stories"),
    quotes=("repeats",),
    scope="requester",
)
def requester_repeats_himself(requester: History) -> Marks:
    """A requester has to tell his story again.

    ## Why it matters
    Having to tell one's story again is what customers name first when asked what annoys them.

    ## What counts
    Every message in which the requester says that he told it already, wrote several times, or has to explain it to
    each agent anew. Also every message that tells again what an earlier one of his told: in another ticket or channel,
    or after another agent took over, and more than ten minutes later. That is read from the words that say something
    and the numbers of orders; what he sends twice at once was sent by mistake.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message
    Mon 10:00  requester  message  says:repeats   # found
    ```
    """
    return requester.each(requester_says("repeats")) | requester.each(requester_message).retold()
