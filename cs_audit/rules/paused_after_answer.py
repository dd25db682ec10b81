"""FP101."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import not_pending, pending, requester_message
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FP101", severity="medium", needs=("messages", "statuses"))
def paused_after_answer(ticket: History, *, by: dt.timedelta = dt.timedelta(minutes=5)) -> Marks:
    """A ticket stays pending although the requester has answered.

    ## Why it matters
    Pending stops the clock in most helpdesks because the requester is waited for. Once he has answered, a clock that
    stands still only flatters the figures. No clock of this audit does: a message of the requester ends every pause.

    ## What counts
    The requester's first message while the ticket is pending, if it stays pending for longer than five minutes after
    it, or still is.

    ## Options
    `by = "1h"` allows so much calendar time to change the status.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:10  agent      message
    Mon 09:10  agent      status   pending
    Mon 10:00  requester  message              # found
    Mon 12:00  agent      status   open
    ```
    """
    return ticket.turns(opens=pending, closes=not_pending).outlast(requester_message, by=by)
