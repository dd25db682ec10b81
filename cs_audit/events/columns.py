"""The columns of the event table, and their words."""

from __future__ import annotations

import polars as pl

KINDS = ("message", "status", "priority", "assignment", "team", "call", "rating", "merge", "deleted", "other")
AUTHORS = ("requester", "agent", "bot", "system", "unknown")
CHANNELS = ("email", "chat", "web", "phone", "social", "messenger", "api", "other")
STATUSES = ("new", "open", "pending", "on_hold", "solved", "closed")
DIRECTIONS = ("inbound", "outbound")
PRIORITIES = ("low", "normal", "high", "urgent")
RATED = ("low", "middle", "high")
REASONS = ("source", "author", "author_id", "subject", "header", "text", "phrase", "burst", "clockwork", "ai_agent")
"""Why a message is automatic: the source says so, its author is a bot or the system, the configuration's lists, its
phrases, that the same text went out again and again, or that an AI agent answered."""

SCHEMA: dict[str, pl.DataType] = {
    "ticket": pl.String(),
    "row": pl.UInt32(),
    "seq": pl.Int64(),
    "occurred_at": pl.Datetime("us", "UTC"),
    "kind": pl.Enum(KINDS),
    "author": pl.Enum(AUTHORS),
    "author_id": pl.Categorical(),
    "channel": pl.Enum(CHANNELS),
    "channel_detail": pl.Categorical(),
    "public": pl.Boolean(),
    "automatic": pl.Boolean(),
    "automatic_reason": pl.Enum(REASONS),
    "status": pl.Enum(STATUSES),
    "priority": pl.Enum(PRIORITIES),
    "team": pl.Categorical(),
    "agent": pl.Categorical(),
    "requester": pl.Categorical(),
    "requester_timezone": pl.Categorical(),
    "organization": pl.Categorical(),
    "account_manager": pl.Categorical(),
    "tags": pl.Categorical(),
    "subject": pl.String(),
    "text": pl.String(),
    "source": pl.Categorical(),
    "url": pl.String(),
    "direction": pl.Enum(DIRECTIONS),
    "answered": pl.Boolean(),
    "waited_seconds": pl.Float64(),
    "talk_seconds": pl.Float64(),
    "voicemail": pl.Boolean(),
    "score": pl.Float64(),
    "scale": pl.Float64(),
    "asked_at": pl.Datetime("us", "UTC"),
}
"""Every column an event may have. `row` is the place in the source, the last word on the order of one instant;
`seq` is the source's own numbering, null where it has none. `tags` are joined with `|` and framed by it."""
