"""UseDesk as its documentation and code of its clients describe it: every read is a POST with the token in its body,
times without a zone, numbers now as text and now as numbers, small pages by offset, windows in whole minutes with both
ends in them, errors with status 200, and a ticket's comments and changes in one answer.
"""

import datetime as dt
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, PEOPLE, TEAMS, Event, Ticket, World
from web.web_server import Step

ZONE = ZoneInfo("Europe/Moscow")
MOST = 10
"""Rows of a page: 100 at the vendor."""

CHANNELS = {
    "email": (1, "email"),
    "chat": (2, "chat"),
    "web": (3, "api"),
    "messenger": (4, "whatsapp"),
    "social": (5, "vk"),
}
STATUSES = {"open": 1, "solved": 2, "closed": 3, "on_hold": 5, "pending": 6, "new": 8}
PRIORITIES = {"low": "low", "normal": "medium", "high": "urgent", "urgent": "extreme"}
DELETED, MERGED = 4, 10
_TEAMS = {each.name: each.id for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}


def usedesk(world: World) -> Answer:
    known = {each.number: each for each in world.tickets}

    def answer(asked: Asked) -> Step:
        if asked.method != "POST":
            return ok({"error": "Method not allowed", "code": 405})
        body = asked.body
        if asked.path == "tickets":
            return ok(_rows(world, body))
        if asked.path == "ticket":
            ticket = known.get(int(body["ticket_id"]))
            return missing() if ticket is None else ok(whole(ticket))
        if asked.path == "client":
            return _client(int(body["client_id"]))
        lists = {"users": lambda: _users(body.get("user_type", "employee")), "groups": _groups, "channels": _channels}
        return ok(lists[asked.path]()) if asked.path in lists else missing()

    return answer


def authorised(asked: Asked) -> bool:
    return (
        isinstance(asked.body, dict) and asked.body.get("api_token") == TOKEN and "Authorization" not in asked.headers
    )


def shows(ticket: Ticket) -> list[Event]:
    """No ratings; forms on web pages write through its API; a priority from the beginning."""
    shown = []
    for event in ticket.events:
        if event["kind"] == "rating":
            continue
        told = {**event, "channel": "api"} if event["channel"] == "web" else event
        shown.append({**told, "priority": "normal"} if event["kind"] == "other" else told)
    return shown


VENDOR = Vendor("usedesk", usedesk, shows, table={"timezone": str(ZONE)}, authorised=authorised)


def time(moment: dt.datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _users(kind: str) -> list[dict[str, Any]]:
    """One is an administrator; their groups hang on them, as the documentation shows."""
    there = AGENTS[:1] if kind == "admin" else AGENTS[1:] if kind == "employee" else ()
    return [
        {"id": str(each.id), "name": each.name, "email": each.email, "position": "", "role": kind, "phone": None,
         "groups": [{"id": str(team.id), "name": team.name, "deleted": "0", "deleted_at": "0000-00-00 00:00:00"} for team in TEAMS]}
        for each in there
    ]  # fmt: skip


def _groups() -> list[dict[str, Any]]:
    return [
        {"id": each.id, "name": each.name, "timezone": "Europe/Moscow", "custom_working_time": 0, "users": []}
        for each in TEAMS
    ]


def _channels() -> list[dict[str, Any]]:
    return [
        {"channel_id": number, "channel_name": name, "channel_type": kind} for name, (number, kind) in CHANNELS.items()
    ]


def _client(number: int) -> Step:
    person = PEOPLE.get(number)
    if person is None:
        return missing()
    emails = [
        {"id": 7, "email": person.email, "client_id": number},
        {"id": 9, "email": "second@example.org", "client_id": number},
    ]
    return ok(
        [{"client": {"id": number, "name": person.name, "note": "a secret note"}, "emails": emails, "phones": []}]
    )


def _rows(world: World, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Newest first unless asked otherwise; `offset` counts pages."""
    after, before = body.get("updated_after", "0"), body.get("updated_before", "9")
    there = [each for each in world.tickets if after <= time(each.updated_at) <= f"{before}:00"]
    key = (lambda each: each.number) if body.get("sort") == "id" else lambda each: each.updated_at
    there.sort(key=key, reverse=body.get("order", "desc") == "desc")
    offset = int(body.get("offset", 0))
    return [_row(each) for each in there[offset * MOST : (offset + 1) * MOST]]


def _row(ticket: Ticket) -> dict[str, Any]:
    told = whole(ticket)["ticket"]
    return {**{key: told[key] for key in ("id", "priority", "subject", "client_id", "client_name", "assignee_id",
                                          "channel_id", "group", "last_updated_at", "type")},
            "created_at": told["published_at"], "channel_email": None, "ticket_fields": [], "tags": [],
            "status": told["status_id"], "last_comment": "...", "remind_at": None}  # fmt: skip


def whole(ticket: Ticket) -> dict[str, Any]:
    held: dict[str, Any] = {"status_id": STATUSES["new"], "priority": "medium", "assignee_id": None, "group": "0"}
    changes = _changes(ticket, held)
    if ticket.deleted:
        held["status_id"] = DELETED
    return {
        "ticket": {
            "id": ticket.number if ticket.number % 2 else str(ticket.number),
            "subject": ticket.subject,
            "client_id": ticket.requester.id,
            "client_name": ticket.requester.name,
            **held,
            "channel_id": CHANNELS[ticket.channel][0],
            "last_updated_at": time(ticket.updated_at),
            "type": "question",
            "email": ticket.requester.email if ticket.channel in ("email", "web") else "0",
            "published_at": time(ticket.opened_at),
            "company_id": 153561,
            "additional_id": "",
        },
        "tags": ["vip", "a"] if ticket.number % 9 == 0 else [],
        "changes": changes,
        "custom_fields": [
            {"id": 2, "ticket_field_id": 54, "value": "x"},
            {"id": 1, "ticket_field_id": 55, "value": "y"},
        ],
        "comments": [_comment(each, ticket) for each in ticket.events if each["kind"] == "message"],
    }


def _comment(event: Event, ticket: Ticket) -> dict[str, Any]:
    by_client = event["author"] == "requester"
    side = "client" if by_client else "trigger" if event["who"] == 0 and event["id"] % 2 else "user"
    return {
        "id": str(event["id"]),
        "message": event["text"],
        "from": side,
        "type": "public" if event["public"] else "private",
        "user_id": event["who"] or None if not by_client else None,
        "client_id": ticket.requester.id if by_client else None,
        "ticket_id": ticket.number,
        "is_first": 0,
        "delivered": 0,
        "published_at": time(event["occurred_at"]),
        "files": [],
        "user": None if by_client else {"my_signature": "a secret signature", "token": None},
    }


def _changes(ticket: Ticket, held: dict[str, Any]) -> list[dict[str, Any]]:
    """What one person did in one second is one change with several targets; `held` becomes what the ticket is now."""
    changes = []
    for (moment, who), events in groupby(ticket.events, key=lambda each: (each["occurred_at"], each["who"])):
        there, before = list(events), held["status_id"]
        data = [made for each in there for made in _targets(each, held)]
        agent = who if any(each["author"] == "agent" for each in there) else None
        changes.append({
            "id": there[0]["id"], "trigger_id": 77 if who == 0 else None, "user_id": agent, "ticket_id": ticket.number,
            "data": data, "changed_at": time(moment), "old_status": before, "new_status": held["status_id"],
            "company_id": 153561,
        })  # fmt: skip
    return changes


def _targets(event: Event, held: dict[str, Any]) -> list[dict[str, Any]]:
    kind = event["kind"]
    plain = {
        "other": lambda: [{"target": "ticket_created", "value": 1}, {"target": "sla_first_reply_time", "value": 60, "sla_id": 3}],
        "message": lambda: [{"target": "message_from_client"} if event["author"] == "requester"
                            else {"target": "comment_from_agent", "value": event["id"]}],
    }  # fmt: skip
    if kind in plain:
        return plain[kind]()
    field = {
        "status": lambda: ("status_id", "status_id", STATUSES[event["status"]]),
        "merge": lambda: ("status_id", "status_id", MERGED),
        "priority": lambda: ("priority", "priority", PRIORITIES[event["priority"]]),
        "team": lambda: ("group", "group", _TEAMS[event["team"]]),
        "assignment": lambda: ("assignee_id", "assignee_id", _AGENTS[event["agent"]]),
    }.get(kind)
    if field is None:
        return []
    target, key, value = field()
    old, held[key] = held[key], value
    return [{"target": target, "value": value, "old_value": old}]
