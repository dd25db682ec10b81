"""Intercom as its specification and its users describe it: a search of conversations with cursors that point behind the
last one given, newest first unless asked otherwise, dates that know `>`, `<` and `=` only; all parts of one conversation
at once, but for its first message, which is its source, and none before the last 500; numbered pages of what was
deleted; calls for 20 conversations at a time.
"""

import base64
import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, ok
from helpdesks.world import AGENTS, TEAMS, Event, Person, Ticket, World, manager_of
from web.web_server import Step

PAGE, DELETED_PAGE, CAP, CALLS = 20, 2, 500, 20
"""Conversations of a page and deleted ones, whatever is asked for; parts of a conversation; ids of a search for calls."""
VERSION = "2.16"
OPERATOR = {"type": "bot", "id": "9", "name": "Operator", "email": "operator+acme1234@intercom.io"}
_SOURCES = {
    "email": "email",
    "chat": "conversation",
    "web": "conversation",
    "messenger": "whatsapp",
    "social": "facebook",
}
_STATES = {"pending": "snoozed", "on_hold": "snoozed", "solved": "closed", "open": "open"}
_TYPES = {"snoozed": "snoozed", "closed": "close", "open": "open"}
_PRIORITIES = {"low": "low", "normal": "medium", "high": "high", "urgent": "urgent"}
_TEAMS = {each.name: each.id for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}
_LIMITS = {"X_RateLimit_Limit": "1667", "X_RateLimit_Remaining": "1600", "X_RateLimit_Reset": "1487332520"}


def intercom(world: World) -> Answer:
    known = {str(each.number): each for each in world.tickets}

    def answer(asked: Asked) -> Step:
        version = {name.lower(): value for name, value in asked.headers.items()}.get("intercom-version")
        if version != VERSION:
            return error(400, "intercom_version_invalid")
        if asked.method == "POST":
            return _posted(asked, world)
        if asked.path in _LISTS:
            return ok(_LISTS[asked.path], **_LIMITS)
        if asked.path == "conversations/deleted":
            return _deleted(asked, world)
        found = re.fullmatch(r"conversations/(\d+)", asked.path)
        ticket = known.get(found[1]) if found else None
        return error(404, "not_found") if ticket is None or ticket.deleted else ok(conversation(ticket), **_LIMITS)

    return answer


def shows(ticket: Ticket) -> list[Event]:
    """The present priority instead of its history; snoozed for two statuses; who wrote opens what was not open."""
    ranks = [each["priority"] for each in ticket.events if each["kind"] == "priority"]
    told = [dict(each) for each in ticket.events if each["kind"] != "priority"]
    told[0]["priority"] = ranks[-1] if ranks else None
    channel = "chat" if ticket.channel == "web" else ticket.channel
    for each in told:
        each["channel"] = channel
        if each["kind"] == "status":
            each["status"] = "on_hold" if each["status"] == "pending" else each["status"]
        if each["kind"] == "rating":
            each |= {"score": 5.0 if each["score"] else 1.0, "scale": 5.0}
        if not each["who"] and each["kind"] == "message":
            each |= {"author": "bot", "author_id": "Operator"}
        elif not each["who"]:
            each |= {"author": "requester", "author_id": ticket.requester.label, "automatic": False}
    return told


def authorised(asked: Asked) -> bool:
    return asked.headers.get("Authorization") == f"Bearer {TOKEN}"


VENDOR = Vendor("intercom", intercom, shows=shows, authorised=authorised)


def error(status: int, code: str) -> Step:
    body = {"type": "error.list", "request_id": "b1", "errors": [{"code": code, "message": code}]}
    return Step(status, json.dumps(body).encode())


_LISTS: dict[str, Any] = {
    "me": {"type": "admin", "id": "1", "app": {"type": "app", "id_code": "acme1234", "region": "EU", "name": "Acme"}},
    "admins": {
        "type": "admin.list",
        "admins": [{"type": "admin", "id": str(each.id), "name": each.name, "email": each.email, "away_mode_enabled": False,
                    "team_ids": [501]} for each in AGENTS],
    },
    "teams": {"type": "team.list", "teams": [{"type": "team", "id": str(each.id), "name": each.name} for each in TEAMS]},
    "office_hours_schedules": {"type": "office_hours_schedule.list", "data": [
        {"type": "office_hours_schedule", "id": "123", "name": "Standard Support Hours", "time_zone_name": "America/New_York",
         "time_intervals": [{"start_minute": 540, "end_minute": 1020, "day_of_week": 0},
                            {"start_minute": 1980, "end_minute": 2460, "day_of_week": 1}],
         "twenty_four_seven": False, "created_at": 1717200000, "updated_at": 1717200000}]},
    "office_hours_schedules/123/office_hours_exceptions": {"type": "office_hours_exception.list", "data": [
        {"type": "office_hours_exception", "id": "456", "office_hours_schedule_id": "123", "exception_date": "2026-12-25",
         "exception_type": "closed", "name": "Christmas Day", "time_intervals": None, "recurring_annually": True,
         "created_at": 1717200000, "updated_at": 1717200000}]},
    "calls": {"type": "list", "data": [], "total_count": 0, "pages": {"type": "pages", "page": 1, "total_pages": 0}},
}  # fmt: skip


def _posted(asked: Asked, world: World) -> Step:
    if asked.path == "conversations/search":
        return _search(asked, world)
    if asked.path == "calls/search":
        ids = asked.body["conversation_ids"]
        return (
            ok({"type": "list", "data": []}) if 0 < len(ids) <= CALLS else error(400, "conversation_id_limit_exceeded")
        )
    return Step(405)


def _search(asked: Asked, world: World) -> Step:
    filters = asked.body["query"]["value"]
    joined = {"AND": all, "OR": any}[asked.body["query"]["operator"]]
    tests = {"=": int.__eq__, ">": int.__gt__, "<": int.__lt__}
    if len(filters) > 15 or any(each["operator"] not in tests for each in filters):
        return error(400, "parameter_invalid")
    page = asked.body.get("pagination", {})
    if page.get("per_page", PAGE) > 150:
        return error(400, "parameter_invalid")
    down = asked.body.get("sort", {}).get("order", "descending") == "descending"
    found = sorted(
        (
            each
            for each in world.alive
            if joined(tests[one["operator"]](getattr_of(each, one["field"]), int(one["value"])) for one in filters)
        ),
        key=_place,
        reverse=down,
    )
    rest, number = found, 1
    if page.get("starting_after"):
        *last, number = json.loads(base64.b64decode(page["starting_after"]))
        rest = [each for each in found if (_place(each) < tuple(last) if down else _place(each) > tuple(last))]
    size = min(page.get("per_page", PAGE), PAGE)
    pages: dict[str, Any] = {"type": "pages", "page": number, "per_page": size, "total_pages": -(-len(found) // size)}
    if len(rest) > size:
        after = json.dumps([*_place(rest[size - 1]), number + 1]).encode()
        pages["next"] = {"per_page": size, "starting_after": base64.b64encode(after).decode()}
    listed = [_without_parts(conversation(each)) for each in rest[:size]]
    return ok(
        {"type": "conversation.list", "pages": pages, "total_count": len(found), "conversations": listed}, **_LIMITS
    )


def getattr_of(ticket: Ticket, field: str) -> int:
    return {"updated_at": _epoch(ticket.updated_at), "created_at": _epoch(ticket.opened_at)}[field]


def _place(ticket: Ticket) -> tuple[int, int]:
    return _epoch(ticket.updated_at), ticket.number


def _without_parts(value: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key != "conversation_parts"}


def _deleted(asked: Asked, world: World) -> Step:
    if int(asked.query.get("per_page", 20)) > 60:
        return error(400, "parameter_invalid")
    gone = sorted(
        (each for each in world.tickets if each.deleted), key=_place, reverse=asked.query.get("order") != "asc"
    )
    number = int(asked.query.get("page", 1))
    listed = gone[(number - 1) * DELETED_PAGE : number * DELETED_PAGE]
    total = -(-len(gone) // DELETED_PAGE)
    following = f"https://api.intercom.io/conversations/deleted?page={number + 1}" if number < total else None
    rows = [{"type": "conversation", "id": str(each.number), "metrics_retained": False, "deleted_at": _epoch(each.updated_at)}
            for each in listed]  # fmt: skip
    pages = {"type": "pages", "page": number, "next": following, "per_page": DELETED_PAGE, "total_pages": total}
    return ok(
        {"type": "conversations.list", "conversations": rows, "total_count": len(gone), "pages": pages}, **_LIMITS
    )


def _epoch(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _contact(person: Person) -> str:
    return f"{person.id:024x}"


def _user(person: Person) -> dict[str, Any]:
    return {"type": "user", "id": _contact(person), "name": person.name, "email": person.email.upper()}


def _admin(person_id: int) -> dict[str, Any]:
    person = next(each for each in AGENTS if each.id == person_id)
    return {"type": "admin", "id": str(person.id), "name": person.name, "email": person.email}


def conversation(ticket: Ticket) -> dict[str, Any]:
    """All of one conversation, as it is retrieved."""
    parts = list(_parts(ticket))
    ranks = [each["priority"] for each in ticket.events if each["kind"] == "priority"]
    first = ticket.events[1]
    state = parts[-1]["state"] if parts else "open"
    return {
        "type": "conversation",
        "id": str(ticket.number),
        "title": None,
        "created_at": _epoch(ticket.opened_at),
        "updated_at": _epoch(ticket.updated_at),
        "waiting_since": None,
        "snoozed_until": None,
        "open": state == "open",
        "state": state,
        "read": False,
        "priority": _PRIORITIES[ranks[-1]] if ranks else "none",
        "admin_assignee_id": 0,
        "team_assignee_id": 0,
        "company": None,
        "tags": {"type": "tag.list", "tags": []},
        "conversation_rating": _rating(ticket),
        "source": {"type": _SOURCES[ticket.channel], "id": str(first["id"]), "delivered_as": "customer_initiated",
                   "subject": ticket.subject, "body": f"<p>{first['text']}</p>", "author": _user(ticket.requester),
                   "attachments": [], "url": None, "redacted": False},
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": _contact(ticket.requester), "external_id": None}]},
        "teammates": None,
        "custom_attributes": {"Account manager": its_own.email} if (its_own := manager_of(ticket.requester)) else {},
        "first_contact_reply": None,
        "sla_applied": None,
        "statistics": {"type": "conversation_statistics", "count_conversation_parts": len(parts) + 1} if ticket.number % 3 else None,
        "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "ai_agent_participated": False,
        "ai_agent": None,
        "conversation_parts": {"type": "conversation_part.list", "conversation_parts": parts[-CAP:], "total_count": len(parts)},
    }  # fmt: skip


def _rating(ticket: Ticket) -> dict[str, Any] | None:
    given = [each for each in ticket.events if each["kind"] == "rating"]
    if not given:
        return (
            None if ticket.number % 2 else {"rating": None, "remark": None, "created_at": None, "contact": {"id": None}}
        )
    at = _epoch(given[-1]["occurred_at"])
    return {"rating": 5 if given[-1]["score"] else 1, "remark": "", "created_at": at, "updated_at": at,
            "contact": {"type": "contact", "id": _contact(ticket.requester), "external_id": None},
            "teammate": {"type": "admin", "id": "100"}}  # fmt: skip


def _parts(ticket: Ticket) -> Iterator[dict[str, Any]]:
    """What follows the source. A reply that closes or opens is one part; one that ends a snooze only shows it in its
    state.
    """
    state, events = "open", list(ticket.events[2:])
    while events:
        event = events.pop(0)
        joined = _joined(event, events)
        status = events.pop(0)["status"] if joined else event.get("status")
        was, state = state, _STATES[status] if status else state
        kind = _part_type(event, joined=joined, was=was, state=state)
        if kind is not None:
            yield _part(event, kind, state, ticket)


def _joined(event: Event, following: list[Event]) -> bool:
    """A message with the change of state it made."""
    if event["kind"] != "message" or not following or following[0]["kind"] != "status":
        return False
    status = following[0]
    if status["occurred_at"] != event["occurred_at"]:
        return False
    return event["author"] == "requester" or (status["status"] == "solved" and event["who"] == status["who"])


def _part_type(event: Event, *, joined: bool, was: str, state: str) -> str | None:
    if event["kind"] == "message":
        reopened = joined and was == "closed"
        return (
            "open"
            if reopened
            else "close"
            if joined and state == "closed"
            else "comment"
            if event["public"]
            else "note"
        )
    if event["kind"] == "status":
        return _TYPES[state]
    return {"priority": "priority_changed", "team": "assignment", "assignment": "assignment",
            "rating": "conversation_rating_changed", "merge": "merged_secondary_conversation"}[event["kind"]]  # fmt: skip


def _part(event: Event, kind: str, state: str, ticket: Ticket) -> dict[str, Any]:
    by_requester = event["author"] == "requester"
    at = _epoch(event["occurred_at"])
    to = ({"type": "team", "id": str(_TEAMS[event["team"]])} if "team" in event else
          {"type": "admin", "id": str(_AGENTS[event["agent"]])} if "agent" in event else None)  # fmt: skip
    mail = ticket.channel == "email" and event["kind"] == "message" and event["public"]
    return {
        "type": "conversation_part",
        "id": str(event["id"]),
        "part_type": kind,
        "body": f"<p>{event['text']}</p>" if event.get("text") else None,
        "created_at": at,
        "updated_at": at,
        "notified_at": at,
        "assigned_to": to,
        "author": _user(ticket.requester) if by_requester else _admin(event["who"]) if event["who"] else OPERATOR,
        "attachments": [],
        "external_id": None,
        "redacted": False,
        "email_message_metadata": {"subject": ticket.subject, "email_address_headers": []} if mail else None,
        "metadata": {},
        "state": state,
        "tags": [],
        "event_details": None,
        "app_package_code": None,
    }
