"""DQ105."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit import events
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("DQ105", severity="low", needs=("messages",), reads=("automatic",))
def unmarked_automatic(ticket: History) -> Marks:
    """A message was written by a machine, and the source does not say so.

    ## Why it matters
    Counted as an answer it would flatter every reply figure. Each message set aside is listed, so that nobody has to
    trust the list of phrases.

    ## What counts
    Every message with phrases of acknowledgements and absences, and every text that one author sent to many tickets
    within a minute, or always so soon after the same kind of event that no person does. While this rule is selected,
    such messages start and stop no clock; without it texts are not read for it.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:01  agent      message  automatic phrase    # found
    Mon 09:20  agent      message
    ```
    """
    return ticket.each(events.machine_by_its_words)
