"""The event table, and what happens in a ticket, named once.

This is the only place that says what counts as a reply. `cs_audit.events.columns` lists the columns.
"""

from cs_audit.events.columns import (
    AUTHORS,
    CHANNELS,
    KINDS,
    PRIORITIES,
    REASONS,
    SCHEMA,
    STATUSES,
)
from cs_audit.events.kinds import (
    ANY,
    EventKind,
    agent_reply,
    anything,
    event,
    opened,
    requester_message,
    resolved,
    solved_unseen,
    unknown_author,
    unresolved,
)

__all__ = [
    "ANY",
    "AUTHORS",
    "CHANNELS",
    "KINDS",
    "PRIORITIES",
    "REASONS",
    "SCHEMA",
    "STATUSES",
    "EventKind",
    "agent_reply",
    "anything",
    "event",
    "opened",
    "requester_message",
    "resolved",
    "solved_unseen",
    "unknown_author",
    "unresolved",
]
