"""RT105."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, handed_to_people, resolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RT105", severity="medium", needs=("messages",), without="no_handover")
def handover_reply(ticket: History) -> Spans:
    """A requester whom a bot handed over waits too long for a person.

    ## Why it matters
    Where a bot answers first, the team can be held to the time since it was asked; the requester's own wait is
    `first_reply`. A report that shows only one of the two hides the bot or blames the team for it.

    ## What counts
    From an assignment or change of team made by a bot to the next public message (or connected call) by an agent.

    ## Example
    ```timeline
    Mon 09:00  requester  message
    Mon 09:01  bot        message
    Mon 09:30  bot        assignment
    Mon 10:05  agent      message              # achieved 35m
    ```
    """
    return ticket.turns(opens=handed_to_people, closes=agent_reply, stops=resolved)
