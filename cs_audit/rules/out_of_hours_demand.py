"""CV101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import unstaffed_message
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("CV101", severity="low", needs=("messages",), reads=("staffed",))
def out_of_hours_demand(ticket: History) -> Marks:
    """A requester writes when nobody is at work.

    ## Why it matters
    His waiting begins at once, the clock of the policy only in the morning. Where many write so, the working hours are
    the question, not the agents.

    ## What counts
    Every message of a requester outside the opening hours of the schedule that covers it. The report shows for each
    channel how many of all messages these are, and how long their authors waited.

    ## Example
    ```timeline
    Mon 09:00  requester  message  unstaffed    # found
    Mon 12:00  requester  message
    Mon 12:30  agent      message
    ```
    """
    return ticket.each(unstaffed_message)
