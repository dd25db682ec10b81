"""CC102."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, lost_call
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("CC102", severity="high", needs=("calls",), without="no_lost_call")
def call_back_late(ticket: History) -> Spans:
    """A caller reached nobody and waits too long for the call back.

    ## Why it matters
    He hung up, but he still has his problem. The promise behind every voicemail greeting is a call back.

    ## What counts
    From an inbound call that nobody took, or that ended in voicemail, to the next time a person is on the phone with
    the requester or writes to him. Of several lost calls in a row the first counts.

    ## Example
    ```timeline limit=60m
    Mon 09:00  requester  call  inbound
    Mon 09:30  requester  call  inbound voicemail
    Mon 10:30  agent      call  answered             # breached 90m
    ```
    """
    return ticket.turns(opens=lost_call, closes=agent_reply)
