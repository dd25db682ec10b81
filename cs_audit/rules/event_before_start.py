"""DQ101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import anything, opened
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("DQ101", severity="low")
def event_before_start(ticket: History) -> Marks:
    """Something happened in a ticket before it was created.

    ## Why it matters
    A clock was wrong or a column was read wrongly; times of this ticket cannot be trusted.

    ## What counts
    Every event dated before the ticket's creation, where the source says when it was created.

    ## Example
    ```timeline
    Mon 08:59  agent      message              # found
    Mon 09:00  system     other    new
    Mon 09:10  requester  message
    ```
    """
    return ticket.earlier(anything, than=ticket.first(opened))
