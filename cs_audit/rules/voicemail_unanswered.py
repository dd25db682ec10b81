"""CC202."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, voicemail
from cs_audit.rules._exchanges import until_gone
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("CC202", severity="high", needs=("calls",))
def voicemail_unanswered(ticket: History) -> Marks:
    """A requester left a voicemail, and nobody called back or wrote.

    ## Why it matters
    He did what the announcement asked of him, and still nobody came back to him.

    ## What counts
    The first voicemail after which, as of the cut-off, no agent was on the phone with the requester and none wrote to
    him.

    ## Example
    ```timeline
    Mon 09:00  requester  call  inbound voicemail      # found
    Mon 11:00  agent      call
    ```
    """
    return until_gone(ticket.turns(opens=voicemail, closes=agent_reply)).starts_of_open()
