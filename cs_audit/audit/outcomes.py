"""What can become of a wait, and why one was not judged."""

from __future__ import annotations

OUTCOMES = ("achieved", "breached", "active", "not_judged")
ACHIEVED, BREACHED, ACTIVE, NOT_JUDGED = range(4)

REASONS = (
    "",
    "no_requester_message",
    "agent_wrote_first",
    "closed_without_reply",
    "history_not_available",
    "ended_before_it_began",
    "no_recorded_due",
    "no_policy",
    "no_target",
    "outside_window",
    "rejected_rows",
    "ignored",
    "after_as_of",
    "no_wait",
    "merged",
    "deleted",
    "left_scope",
    "solved_first",
    "abandoned",
    "voicemail",
    "no_recorded_wait",
    "no_agent_reply",
    "no_team",
    "no_call",
    "no_handover",
    "late_before_change",
    "no_promise",
    "no_lost_call",
)
"""Codes of the column `reason`; what each means stands in the report's method."""

CODES = {reason: code for code, reason in enumerate(REASONS)}

_ABSENT = (
    "no_requester_message",
    "no_wait",
    "no_agent_reply",
    "no_team",
    "no_call",
    "no_handover",
    "no_promise",
    "no_lost_call",
)
NOTHING_THERE = tuple(CODES[reason] for reason in _ABSENT)
"""Reasons that say only that a ticket holds nothing of a kind."""
