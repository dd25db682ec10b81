"""CC201."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, missed_call
from cs_audit.rules._exchanges import until_gone
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("CC201", severity="medium", needs=("calls",))
def unanswered_call(ticket: History) -> Marks:
    """A call was not taken, and nobody called back or wrote.

    ## Why it matters
    Who hangs up in a queue has not solved his problem; a missed call without a call-back is a question lost.

    ## What counts
    The first inbound call nobody took after which, as of the cut-off, no agent was on the phone with the requester
    and none wrote to him. Calls that ended in voicemail have a rule of their own.

    ## Example
    ```timeline
    Mon 09:00  requester  call  inbound waited:40      # found
    Mon 11:00  agent      message  internal
    ```
    """
    return until_gone(ticket.turns(opens=missed_call, closes=agent_reply)).starts_of_open()
