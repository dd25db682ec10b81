"""CX202."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, low_rating
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("CX202", severity="medium", needs=("messages", "ratings"), reads=("rated",))
def low_rating_without_follow_up(ticket: History, *, within: dt.timedelta = dt.timedelta(days=2)) -> Marks:
    """A requester gave a low rating, and nobody got back to him.

    ## Why it matters
    He took the trouble to complain a second time. A call on the next day keeps more customers than any average.

    ## What counts
    A rating of at most two fifths of its scale (1 or 2 of 5, "bad" of good and bad) after which no person answers him
    by `within`: no public message, no call. Of several in a row the first.

    ## Options
    `within = "2d"` is the time to get back to him, by the calendar.

    ## Example
    ```timeline within=24h as_of=Fri_12:00
    Mon 09:00  requester  message
    Mon 10:00  agent      message
    Mon 11:00  requester  rating   score:1/5     # found
    ```
    """
    return ticket.turns(opens=low_rating, closes=agent_reply).longer_than(within).starts()
