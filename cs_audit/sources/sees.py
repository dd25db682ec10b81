"""What the rows of a source can show; a rule that needs more is not judged for its tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cs_audit.config.models import FileSource


def sees(source: FileSource) -> frozenset[str]:
    """`first_reply`, `messages` (every exchange), `statuses` (every change), `resolution` (at least the last one),
    `teams` and `agents` (who held the ticket when), `calls`, `texts`, `ratings`, `managers`.
    """
    columns = source.columns
    seen = set()
    if "status" in columns or {"solved_at", "closed_at"} & columns.keys():
        seen |= {"resolution"} | (set() if source.rows == "tickets" else {"statuses"})
    if source.rows == "tickets" and "first_reply_at" in columns:
        seen |= {"first_reply"}
    if source.rows == "events" and (_tells_authors(source) or source.requester == "opener"):
        seen |= {"first_reply", "messages"}
    if source.rows == "events" and columns.get("kind") and "status" not in columns:
        seen -= {"resolution", "statuses"}
    if "team" in columns and source.rows != "tickets":
        seen |= {"teams"}
    if source.rows == "events" and {"answered", "waited_seconds"} & columns.keys():
        seen |= {"calls"}
    if source.rows == "events" and "text" in columns:
        seen |= {"texts"}
    if "agent" in columns and source.rows != "tickets":
        seen |= {"agents"}
    if source.rows == "events" and {"score", "asked_at"} & columns.keys():
        seen |= {"ratings"}
    if "account_manager" in columns:
        seen |= {"managers"}
    return frozenset(seen)


def _tells_authors(source: FileSource) -> bool:
    return "author" in source.columns or {"author_id", "requester"} <= source.columns.keys()
