"""AN205."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, agent_says, event, requester_says
from cs_audit.rules._exchanges import until_gone
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks

_MENDS = (
    agent_says("apology")
    | agent_says("explanation")
    | agent_says("moved_away")
    | agent_says("answered_elsewhere")
    | event(kind="call", answered=True)
).but(voicemail=True)


@rule("AN205", severity="medium", needs=("messages", "texts"), reads=("labels",), quotes=("complaint",))
def complaint_without_apology_or_explanation(ticket: History) -> Marks:
    """A complaint was answered without an apology or an explanation.

    ## Why it matters
    Who complains wants to hear that it was seen and why it happened; an answer without either makes the next complaint.

    ## What counts
    The requester's first complaint after which people of the team wrote, and none of their messages holds an apology
    or a reason by the cut-off. Where the talk was moved to another channel or to the phone nothing is known, and
    nothing is found.

    ## Example
    ```timeline
    Mon 09:00  requester  message  says:complaint   # found
    Mon 09:20  agent      message
    Mon 09:30  agent      status   solved
    ```
    """
    return (
        until_gone(ticket.turns(opens=requester_says("complaint"), closes=_MENDS)).holding(agent_reply).starts_of_open()
    )
