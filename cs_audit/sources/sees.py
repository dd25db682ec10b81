"""What the rows of a source can show; a rule that needs more is not judged for its tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cs_audit.config.source_tables import FileSource


_SHOWN = (
    (frozenset({"answered", "waited_seconds"}), "calls"),
    (frozenset({"text"}), "texts"),
    (frozenset({"score"}), "ratings"),
    (frozenset({"asked_at"}), "surveys"),
)
"""Columns of events, and what any of them shows."""


def sees(source: FileSource) -> frozenset[str]:
    """`first_reply`, `messages` (every exchange), `statuses` (every change), `resolution` (at least the last one),
    `teams` and `agents` (who held the ticket when), `calls`, `texts`, `ratings` (given ones), `surveys` (whenever a
    rating was asked for), `managers`.
    """
    columns = source.columns
    seen = {"managers"} if "account_manager" in columns else set()
    if "status" in columns or {"solved_at", "closed_at"} & columns.keys():
        seen |= {"resolution"} | (set() if source.rows == "tickets" else {"statuses"})
    if source.rows == "tickets":
        return frozenset(seen | ({"first_reply"} if "first_reply_at" in columns else set()))
    seen |= {name for column, name in (("team", "teams"), ("agent", "agents")) if column in columns}
    return frozenset(seen | _in_events(source, seen) if source.rows == "events" else seen)


def _in_events(source: FileSource, seen: set[str]) -> set[str]:
    """What rows show that are events."""
    columns = source.columns
    if columns.get("kind") and "status" not in columns:
        seen -= {"resolution", "statuses"}
    shown = {name for names, name in _SHOWN if names & columns.keys()}
    return shown | ({"first_reply", "messages"} if _tells_authors(source) or source.requester == "opener" else set())


def _tells_authors(source: FileSource) -> bool:
    return "author" in source.columns or {"author_id", "requester"} <= source.columns.keys()
