"""FL203."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.rules._exchanges import exchanges
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FL203", severity="medium", needs=("messages",))
def unanswered(ticket: History) -> Marks:
    """The requester is still waiting for an answer at the cut-off.

    ## Why it matters
    Reports on answered tickets forget exactly these, and they are the worst.

    ## What counts
    The requester's oldest message after which no agent wrote and the ticket was not solved, as of the audit's
    cut-off.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:20  agent      message
    Mon 11:00  requester  message              # found
    Mon 11:05  agent      message  internal
    ```
    """
    return exchanges(ticket).starts_of_open()
