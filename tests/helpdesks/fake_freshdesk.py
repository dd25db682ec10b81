"""Freshdesk as its documentation and pullers of it describe it: a list of tickets whose pages end at a wall, without
what was deleted or marked as spam; conversations a few to a page, without the first message; no change log, only the
times in `stats`, which reopening clears; ratings in a list of their own, which leave their ticket as it was.
"""

import base64
import datetime as dt
import re
from typing import Any

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, TEAMS, Event, Ticket, World, manager_of
from web.web_server import Step

TICKETS, CONVERSATIONS, RATINGS = 10, 4, 3
"""Entries of a page, whatever is asked for."""
WALL = 2
"""The last page of a list of tickets; the vendor's is the 300th of up to 100."""
BEST = {0.0: -103, 1.0: 103}
_SOURCES = {"email": 1, "web": 2, "chat": 7, "messenger": 13, "social": 6}
_TEAMS = {each.name: each.id for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}
_PRIORITIES = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
_STATUSES = {"open": 2, "pending": 3, "solved": 4, "on_hold": 7}


def freshdesk(world: World) -> Answer:
    known = {each.number: each for each in world.tickets}
    lists = {
        "api/v2/agents": [_agent(each) for each in AGENTS],
        "api/v2/groups": [{"id": each.id, "name": each.name, "agent_ids": [100]} for each in TEAMS],
        "api/v2/surveys/satisfaction_ratings": [made for each in world.tickets for made in ratings_of(each)],
    }

    def answer(asked: Asked) -> Step:
        if asked.method != "GET":
            return Step(405)
        if asked.path == "api/v2/tickets":
            return _tickets(world, asked)
        if asked.path in lists:
            return paged(lists[asked.path], asked, RATINGS)
        if asked.path in ("api/v2/business_hours", "api/v2/sla_policies"):
            return Step(403, b'{"code": "access_denied", "message": "You are not authorized to perform this action."}')
        found = re.fullmatch(r"api/v2/tickets/(\d+)/conversations", asked.path)
        ticket = known.get(int(found[1])) if found else None
        return missing() if ticket is None or ticket.deleted else paged(conversations_of(ticket), asked, CONVERSATIONS)

    return answer


def authorised(asked: Asked) -> bool:
    given = asked.headers.get("Authorization", "").removeprefix("Basic ")
    return base64.b64decode(given).decode() == f"{TOKEN}:X"


def paged(entries: list[Any], asked: Asked, most: int) -> Step:
    """A page, and a Link header where there is another."""
    page, size = int(asked.query.get("page", "1")), int(asked.query.get("per_page", "30"))
    if not 1 <= size <= 100:
        return Step(400, b'{"description": "Validation failed", "errors": [{"field": "per_page"}]}')
    size = min(size, most)
    more = {"Link": f'<{asked.url}/{asked.path}?page={page + 1}>; rel="next"'} if page * size < len(entries) else {}
    return ok(entries[(page - 1) * size : page * size], X_RateLimit_Total="700", X_RateLimit_Remaining="600", **more)


def _agent(person: Any) -> dict[str, Any]:
    contact = {"active": True, "email": person.email, "name": person.name, "last_login_at": "2026-03-01T00:00:00Z"}
    return {"id": person.id, "available": True, "type": "support_agent", "contact": contact}


def stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def updated(ticket: Ticket) -> dt.datetime:
    """When it was last changed: a rating does not count."""
    return max(each["occurred_at"] for each in ticket.events if each["kind"] != "rating")


def _tickets(world: World, asked: Asked) -> Step:
    query = asked.query
    if int(query.get("page", "1")) > WALL:
        return Step(400, b'{"description": "Validation failed", "errors": [{"field": "page"}]}')
    gone = query.get("filter") == "deleted"
    there = [each for each in world.tickets if each.deleted == gone and query.get("filter") != "spam"]
    if "updated_since" in query:
        since = dt.datetime.fromisoformat(query["updated_since"])
        there = [each for each in there if updated(each) >= since]
    else:
        there = [each for each in there if each.opened_at >= world.now - dt.timedelta(days=30)]
    moment = updated if query.get("order_by") == "updated_at" else lambda each: each.opened_at
    there = sorted(there, key=lambda each: (moment(each), each.number), reverse=query.get("order_type") != "asc")
    return paged([ticket_of(each, query.get("include", "").split(",")) for each in there], asked, TICKETS)


def ticket_of(ticket: Ticket, include: list[str] | tuple[str, ...] = ("stats", "requester", "description")) -> Any:
    state = _replayed(ticket)
    first = ticket.events[1]
    made = {
        "id": ticket.number,
        "subject": ticket.subject,
        "requester_id": ticket.requester.id,
        "responder_id": state["agent"],
        "group_id": state["team"],
        "company_id": None,
        "source": _SOURCES[ticket.channel],
        "status": state["status"],
        "priority": state["priority"],
        "tags": [],
        "custom_fields": {"cf_manager": its_own.name if (its_own := manager_of(ticket.requester)) else None},
        "spam": False,
        "fr_escalated": False,
        "is_escalated": False,
        "due_by": stamp(ticket.opened_at + dt.timedelta(days=3)),
        "fr_due_by": stamp(ticket.opened_at + dt.timedelta(days=1)),
        "created_at": stamp(ticket.opened_at),
        "updated_at": stamp(updated(ticket)),
        **({"deleted": True} if ticket.deleted else {}),
    }
    if "stats" in include:
        made["stats"] = {key: value and stamp(value) for key, value in state["stats"].items()}
    if "requester" in include:
        person = ticket.requester
        made["requester"] = {"id": person.id, "name": person.name, "email": person.email, "phone": None, "mobile": None}
    if "description" in include:
        made |= {"description": f"<div>{first['text']}</div>", "description_text": first["text"], "attachments": []}
    return made


def _replayed(ticket: Ticket) -> dict[str, Any]:
    """What its events made of it."""
    names = ("agent_responded_at", "requester_responded_at", "first_responded_at", "status_updated_at", "reopened_at",
             "resolved_at", "closed_at", "pending_since")  # fmt: skip
    stats: dict[str, Any] = dict.fromkeys(names)
    stats["status_updated_at"] = ticket.opened_at
    state: dict[str, Any] = {"status": 2, "priority": 2, "team": None, "agent": None, "stats": stats}
    for event in ticket.events:
        at = event["occurred_at"]
        if event["kind"] == "status":
            _turned(state, _STATUSES[event["status"]], at)
        elif event["kind"] == "merge":
            _turned(state, 5, at)
        elif event["kind"] == "message" and event["public"] and event["author"] == "agent":
            stats["agent_responded_at"] = at
            stats["first_responded_at"] = stats["first_responded_at"] or at
        state |= {"priority": _PRIORITIES[event["priority"]]} if event["kind"] == "priority" else {}
        state |= {"team": _TEAMS[event["team"]]} if event["kind"] == "team" else {}
        state |= {"agent": _AGENTS[event["agent"]]} if event["kind"] == "assignment" else {}
    return state


def _turned(state: dict[str, Any], status: int, at: dt.datetime) -> None:
    """A new status: pending is told while it lasts, reopening clears what was resolved and closed."""
    stats, done = state["stats"], (4, 5)
    if status == state["status"]:
        return
    if state["status"] in done and status not in done:
        stats |= {"resolved_at": None, "closed_at": None, "reopened_at": at}
    if status == 4:
        stats["resolved_at"] = at
    if status == 5:
        stats |= {"resolved_at": stats["resolved_at"] or at, "closed_at": at}
    stats |= {"status_updated_at": at, "pending_since": at if status == 3 else None}
    state["status"] = status


def conversations_of(ticket: Ticket) -> list[dict[str, Any]]:
    """All but the first message, and what automations mailed; the note a merge leaves."""
    return [_conversation(each, ticket) for each in ticket.events[2:] if each["kind"] == "merge" or _kept(each)]


def _kept(event: Event) -> bool:
    return event["kind"] == "message" and event["author"] != "system"


def _merge_note(ticket: Ticket) -> str:
    return f"This ticket is closed and merged into ticket {ticket.merged_into}"


def _conversation(event: Event, ticket: Ticket) -> dict[str, Any]:
    incoming = event["author"] == "requester"
    text = event["text"] if event["kind"] == "message" else _merge_note(ticket)
    return {
        "id": event["id"],
        "ticket_id": ticket.number,
        "user_id": event["who"],
        "incoming": incoming,
        "private": not event["public"],
        "source": 0 if event["public"] else 2,
        "category": 1 if incoming else 3 if event["public"] else 2,
        "from_email": None,
        "support_email": None,
        "body": f"<div>{text}</div>",
        "body_text": text,
        "attachments": [{"id": 1, "attachment_url": f"https://elsewhere.example/{id(event)}"}],
        "last_edited_at": None,
        "created_at": stamp(event["occurred_at"]),
        "updated_at": stamp(event["occurred_at"]),
    }


def ratings_of(ticket: Ticket) -> list[dict[str, Any]]:
    return [
        {
            "id": each["id"],
            "survey_id": 1,
            "user_id": ticket.requester.id,
            "agent_id": 100,
            "group_id": None,
            "ticket_id": ticket.number,
            "feedback": None,
            "ratings": {"default_question": BEST[each["score"]]},
            "created_at": stamp(each["occurred_at"]),
            "updated_at": stamp(each["occurred_at"]),
        }
        for each in ticket.events
        if each["kind"] == "rating"
    ]


def shows(ticket: Ticket) -> list[Event]:
    """The messages of people, whose hands it is in now, since when it is done or in its present status, the ratings."""
    opening, *rest = ticket.events
    latest = {key: each[key] for each in rest for key in ("priority", "team", "agent") if each.get(key)}
    said = [each for each in rest if _kept(each)]
    notes = [
        {**each, "kind": "message", "text": _merge_note(ticket), "channel": ticket.channel}
        for each in rest if each["kind"] == "merge"
    ]  # fmt: skip
    rated = [{**each, "score": each["score"] * 6, "scale": 6.0} for each in rest if each["kind"] == "rating"]
    return [{"priority": "normal", **opening, **latest}, *said, *notes, *_stages(ticket), *rated]


def _stages(ticket: Ticket) -> list[Event]:
    """The last change of status, and the closing of a merge. There is no status of a ticket nobody has touched: it is
    open from the beginning.
    """
    statuses = [each for each in ticket.events if each["kind"] == "status"]
    before = ["open", *(each["status"] for each in statuses)]
    changes = [each for each, was in zip(statuses, before, strict=False) if each["status"] != was]
    last = [{**each, "author": "unknown", "author_id": None, "channel": None} for each in changes[-1:]]
    merged = [
        {**each, "kind": "status", "status": "closed", "author": "unknown", "author_id": None, "channel": None}
        for each in ticket.events if each["kind"] == "merge"
    ]  # fmt: skip
    if merged and last and last[0]["status"] != "solved":
        return merged
    return last + merged


VENDOR = Vendor("freshdesk", freshdesk, shows=shows, authorised=authorised)
