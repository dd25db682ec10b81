"""Paging through Chatwoot: all conversations, or those that changed, each with all its messages."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.moments import epoch
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError, RejectedError, TokenError, TooBigError

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.client import Client

Json = Any

A_LIST = 25
"""Conversations, or ratings, of a page."""

_MESSAGES = 100
_MARGIN = dt.timedelta(minutes=1)
_ALL = {"status": "all", "assignee_type": "all"}
_PASSING = frozenset(
    ("messages", "last_non_activity_message", "unread_count", "can_reply", "availability_status", "thumbnail",
     "agent_last_seen_at", "assignee_last_seen_at", "contact_last_seen_at")
)  # fmt: skip
"""What changes without the conversation, or is told elsewhere."""
_REFUSED = (NotFoundError, NotPermittedError, TokenError, RejectedError)


def root_of(config: HelpdeskSource) -> str:
    """Where everything of the configured account is."""
    return f"api/v1/accounts/{config.account}"


def optional(ask: Callable[[], list[Json]]) -> list[Json] | None:
    """A list that not every edition has, nor every token may read: None if it is refused, and again."""
    try:
        return ask()
    except _REFUSED:
        pass
    try:
        return ask()
    except _REFUSED:
        return None


def pages(client: Client, config: HelpdeskSource, start: Start) -> Iterator[Page]:
    """The tickets that changed, or all; cursors tell a page of the list, or the last id of a list that stands still."""
    root, place, since = root_of(config), start.cursor or {}, start.since
    snapshot = None if since is None or "page" in place else _changed(client, root, since, start.now)
    told = None
    for page in _walk(client, root, place) if snapshot is None else _slices(client, root, place, *snapshot):
        told = page
        yield page
    end = {**(told.cursor if told else place), "end": True}
    if gone := [] if since is None or "deleted" in place else _deleted(client, root, since):
        yield Page({**end, "deleted": len(gone)}, gone=gone)
    yield Page(end, expected=end.get("least"))


def _walk(client: Client, root: str, place: Mapping[str, int]) -> Iterator[Page]:
    """The whole list, newest conversation first. `total` is how many there were at the last page, `least` at least."""
    page, total, least = place.get("page", 0), place.get("total", 0), place.get("least")
    while True:
        params = {**_ALL, "sort_by": "created_at_desc", "page": page + 1}
        data = client.get(f"{root}/conversations", params).json["data"]
        before, total = total, data["meta"]["all_count"]
        if total < before and page:
            page = max(page - math.ceil((before - total) / A_LIST), 0)
            continue
        if not data["payload"]:
            return
        page, least = page + 1, total if least is None else min(least, total)
        cursor = {"page": page, "total": total, "least": least}
        yield Page.of(cursor, client.map(partial(_whole, client, root), data["payload"]))


def _changed(client: Client, root: str, since: dt.datetime, now: dt.datetime) -> tuple[list[Json], int] | None:
    """All conversations that changed since then, in order of their ids, and the number of all there are; None if the
    server cannot tell, or not in one answer.
    """
    meta = client.get(f"{root}/conversations/meta", {"status": "all"})
    date = meta.headers.get("date")
    # both by the clock here, unless the run was begun long ago: a clock that is wrong here must not narrow the window
    back = max(now, parsedate_to_datetime(date) if date else now) - since + _MARGIN
    try:
        asked = {**_ALL, "updated_within": math.ceil(back.total_seconds())}
        listed = client.get(f"{root}/conversations", asked, shrinkable=True).json["data"]["payload"]
    except TooBigError:
        return None
    if any(each.get("updated_at") is None for each in listed):
        return None
    return sorted(listed, key=lambda each: int(each["id"])), meta.json["meta"]["all_count"]


def _slices(client: Client, root: str, place: Mapping[str, int], listed: list[Json], total: int) -> Iterator[Page]:
    """A list that stands still, some at a time."""
    left = [each for each in listed if each["id"] > place.get("after", -1)]
    for begin in range(0, len(left), A_LIST):
        part = left[begin : begin + A_LIST]
        cursor = {"after": part[-1]["id"], "least": total}
        yield Page.of(cursor, client.map(partial(_whole, client, root), part))


def _whole(client: Client, root: str, conversation: Json) -> Pulled | Gone:
    """A conversation with all its messages; it may have been deleted since it was listed."""
    ticket = str(conversation["id"])
    try:
        messages = list(_messages(client, f"{root}/conversations/{ticket}/messages"))
    except NotFoundError:
        return Gone(ticket, "deleted")
    changed = conversation.get("updated_at") or conversation["last_activity_at"]
    payload = {"conversation": steady(conversation), "messages": steady(sorted(messages, key=lambda one: one["id"]))}
    return Pulled(ticket, _version(changed), payload)


def _messages(client: Client, path: str) -> Iterator[Json]:
    after = 0
    while True:
        listed = client.get(path, {"after": after}).json["payload"]
        yield from listed
        if len(listed) < _MESSAGES:
            return
        before, after = after, max(each["id"] for each in listed)
        if after <= before:
            raise ValueError(f"messages after {before} end with {after}")


def _deleted(client: Client, root: str, since: dt.datetime) -> list[Gone]:
    """Conversations that were deleted since then, where there is an audit log; it begins with the newest entry."""
    found: dict[str, Gone] = {}
    page = 1
    while True:
        entries = optional(lambda page=page: client.get(f"{root}/audit_logs", {"page": page}).json["audit_logs"])  # type: ignore[misc] # the page is bound at once
        recent = [each for each in entries or [] if epoch(each["created_at"]) >= since]
        for each in recent:
            number = (each.get("audited_changes") or {}).get("display_id")
            if (each["auditable_type"], each["action"]) == ("Conversation", "destroy") and number is not None:
                found[str(number)] = Gone(str(number), "deleted", _version(each["created_at"]))
        if not entries or len(recent) < len(entries):
            return list(found.values())
        page += 1


def _version(moment: float) -> str:
    return epoch(moment).isoformat(timespec="microseconds")


def steady(value: Json) -> Json:
    """A value without what passes."""
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items() if key not in _PASSING}
    return [steady(each) for each in value] if isinstance(value, list) else value
