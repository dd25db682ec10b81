"""Waits that several rules look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, deleted, merged, opened, requester_message, resolved, unresolved

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


def exchanges(ticket: History) -> Spans:
    """Every wait from the requester's oldest unanswered message to the next reply by a person.

    A wait is left without an answer where the ticket is solved and no reply follows before the requester
    writes again, and where it is merged into another one or deleted.
    """
    return until_gone(ticket.turns(opens=requester_message, closes=agent_reply, stops=resolved))


def until_gone(spans: Spans) -> Spans:
    """Waits that end without an answer where their ticket is merged into another or deleted."""
    return spans.cut(deleted, "deleted").cut(merged, "merged")


def life(ticket: History) -> Spans:
    """From the ticket's creation (its first event, where the source does not say) to when it was solved for good."""
    return ticket.span(ticket.opening(opened), ticket.settled(resolved, unresolved))


def solved_times(ticket: History) -> Spans:
    """Every stretch in which the ticket is solved and the requester has not written since."""
    return ticket.turns(opens=resolved, closes=unresolved | requester_message)
