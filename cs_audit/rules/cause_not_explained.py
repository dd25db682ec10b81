"""AN206."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_says, event, requester_says, resolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks

_ANSWERS = (
    agent_says("explanation")
    | agent_says("moved_away")
    | agent_says("answered_elsewhere")
    | event(kind="call", answered=True)
).but(voicemail=True)


@rule("AN206", severity="medium", needs=("messages", "texts"), reads=("labels",), quotes=("asks_why",))
def cause_not_explained(ticket: History) -> Marks:
    """The requester asked why, and the ticket was solved without a reason.

    ## Why it matters
    "It works now" leaves him waiting for the next time.

    ## What counts
    Each question of the requester for the cause after which the ticket was solved or closed, where by the cut-off no
    public message of an agent gave a reason or moved the talk elsewhere, and nobody spoke with him on the phone.

    ## Example
    ```timeline
    Mon 09:00  requester  message  says:asks_why   # found
    Mon 09:20  agent      message
    Mon 09:30  agent      status   solved
    ```
    """
    return ticket.turns(opens=requester_says("asks_why"), closes=_ANSWERS, stops=resolved).starts_of_left()
