"""The exchange: the wait that both reply rules and their findings look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, requester_message, resolved

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


def exchanges(ticket: History) -> Spans:
    """Every wait from the requester's oldest unanswered message to the next reply by a person.

    A wait is left without an answer where the ticket is solved and no reply follows before the requester
    writes again.
    """
    return ticket.turns(opens=requester_message, closes=agent_reply, stops=resolved)
