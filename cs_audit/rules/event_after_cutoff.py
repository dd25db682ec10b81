"""DQ102."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import anything
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("DQ102", severity="low", beyond=True)
def event_after_cutoff(ticket: History) -> Marks:
    """Something is dated after the audit's cut-off.

    ## Why it matters
    Either the audit looks back (`--as-of`) and this had not happened yet, or a clock is wrong and the event lies in
    the future. In both cases no verdict takes it into account.

    ## What counts
    Every event dated after the cut-off.

    ## Example
    With the cut-off at Mon 12:00:
    ```timeline as_of=Mon 12:00
    Mon 09:00  requester  message
    Mon 13:00  agent      message              # found
    ```
    """
    return ticket.each(anything)
