"""Omnidesk as its documentation, and code of its clients with the documentation's examples, describe it: lists are
objects with numbers for keys, dates RFC 2822 in the account's zone, pages end at a wall, active chats and merged cases
are hidden unless asked for, answers may be planned for later, three statuses, and a budget of calls in a header.
"""

import base64
import datetime as dt
import re
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, PEOPLE, TEAMS, Event, Ticket, World
from web.web_server import Step

USER = "olga@desk.example"
ZONE = ZoneInfo("Europe/Moscow")
MOST, WALL = 10, 4
"""Entries of a page, whatever is asked for, and pages of a list: 100 and 500 at the vendor."""

_CHANNELS = {"email": "email", "chat": "chat", "web": "web", "messenger": "telegram", "social": "facebook"}
_STATUSES = {"new": "open", "open": "open", "pending": "waiting", "on_hold": "waiting", "solved": "closed"}
_PRIORITIES = {"low": "low", "normal": "normal", "high": "high", "urgent": "critical"}
_OURS = {"open": "open", "waiting": "pending", "closed": "closed"}
_TEAMS = {each.name: each.id for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}


LISTS = {
    "api/staff.json": [{"staff": {"staff_id": each.id, "staff_email": each.email, "staff_full_name": each.name}} for each in AGENTS],
    "api/groups.json": [{"group": {"group_id": each.id, "group_title": each.name, "active": True}} for each in TEAMS],
    "api/labels.json": [{"label": {"label_id": 101, "label_title": "VIP"}}],
}  # fmt: skip


def omnidesk(world: World) -> Answer:
    known = {each.number: each for each in world.tickets}

    def answer(asked: Asked) -> Step:
        if asked.method != "GET":
            return Step(405)
        if asked.path == "api/cases.json":
            return _listed(_cases(world, asked.query), asked)
        if asked.path in LISTS:
            return _listed(LISTS[asked.path], asked)
        if found := re.fullmatch(r"api/users/(\d+)\.json", asked.path):
            return _one_user(int(found[1]))
        found = re.fullmatch(r"api/cases/(\d+)/(messages|changelog)\.json", asked.path)
        ticket = known.get(int(found[1])) if found else None
        return missing() if found is None or ticket is None else _child(ticket, found[2], asked)

    return answer


def _one_user(number: int) -> Step:
    person = PEOPLE.get(number)
    return missing() if person is None else ok({"user": _user(person)}, api_calls_left="900")


def _child(ticket: Ticket, what: str, asked: Asked) -> Step:
    if what == "messages":
        return _listed([{"message": each} for each in _messages(ticket)], asked)
    return ok({"changelog": _log(ticket)}, api_calls_left="900")


def authorised(asked: Asked) -> bool:
    given = asked.headers.get("Authorization", "").removeprefix("Basic ")
    return base64.b64decode(given).decode() == f"{USER}:{TOKEN}"


def shows(ticket: Ticket) -> list[Event]:
    """Three statuses, so that some changes are none; a priority from the beginning; nothing of merges."""
    shown, status = [], "open"
    for event in ticket.events:
        if event["kind"] == "merge":
            continue
        if event["kind"] == "status":
            before, status = status, _STATUSES[event["status"]]
            if before != status:
                shown.append({**event, "status": _OURS[status]})
        else:
            shown.append({**event, "priority": "normal"} if event["kind"] == "other" else event)
    return shown


VENDOR = Vendor("omnidesk", omnidesk, shows, table={"user": USER}, authorised=authorised)


def date(moment: dt.datetime) -> str:
    return format_datetime(moment.astimezone(ZONE))


def _user(person: Any) -> dict[str, Any]:
    return {"user_id": person.id, "user_full_name": person.name, "company_name": "", "type": "email",
            "user_email": person.email, "password": "secret-of-a-user", "language_id": 2}  # fmt: skip


def _listed(rows: list[dict[str, Any]], asked: Asked) -> Step:
    """One page: an object with numbers for keys, of nothing at all an empty array."""
    page, limit = int(asked.query.get("page", "1")), min(int(asked.query.get("limit", "100")), MOST)
    if page > WALL and asked.path == "api/cases.json":
        return Step(400, b'{"error": "page must be from 1 to 500"}')
    if not rows:
        return ok([], api_calls_left="900")
    there = rows[(page - 1) * limit : page * limit]
    return ok({**{str(place): row for place, row in enumerate(there)}, "total_count": len(rows)}, api_calls_left="900")


def _cases(world: World, query: dict[str, str]) -> list[dict[str, Any]]:
    def within(moment: dt.datetime, name: str) -> bool:
        second = int(moment.timestamp())
        begin, end = query.get(f"from_{name}"), query.get(f"to_{name}")
        return (begin is None or second >= int(begin)) and (end is None or second <= int(end))

    hidden = [
        each.number for each in world.tickets
        if (each.merged_into and query.get("show_merged_cases") != "true")
        or (each.channel == "chat" and query.get("show_active_chats") != "true" and case(each)["status"] == "open")
    ]  # fmt: skip
    there = [
        each for each in world.tickets
        if each.number not in hidden and within(each.updated_at, "updated_time") and within(each.opened_at, "time")
    ]  # fmt: skip
    field, _, way = query.get("sort", "updated_at_desc").rpartition("_")
    key = {"updated_at": lambda each: each.updated_at, "created_at": lambda each: each.opened_at}[field]
    return [{"case": case(each)} for each in sorted(there, key=key, reverse=way == "desc")]


def case(ticket: Ticket) -> dict[str, Any]:
    held: dict[str, Any] = {
        "status": "open",
        "priority": "normal",
        "group_id": 0,
        "staff_id": 0,
        "rating": None,
        "closed": None,
    }
    for event in ticket.events:
        if event["kind"] == "status":
            held["status"] = _STATUSES[event["status"]]
            held["closed"] = event["occurred_at"] if held["status"] == "closed" else None
        elif event["kind"] == "priority":
            held["priority"] = _PRIORITIES[event["priority"]]
        elif event["kind"] == "team":
            held["group_id"] = _TEAMS[event["team"]]
        elif event["kind"] == "assignment":
            held["staff_id"] = _AGENTS[event["agent"]]
        elif event["kind"] == "rating":
            held["rating"] = "high" if event["score"] else "low"
    closed = held.pop("closed")
    rating = {"rating": held.pop("rating"), "rating_comment": "", "rated_staff_id": held["staff_id"]}
    return {
        "case_id": ticket.number,
        "case_number": f"664-{245650 + ticket.number}",
        "subject": ticket.subject,
        "user_id": ticket.requester.id,
        **held,
        "channel": _CHANNELS[ticket.channel],
        "recipient": "support@desk.example",
        "deleted": ticket.deleted,
        "spam": False,
        "created_at": date(ticket.opened_at),
        "updated_at": date(ticket.updated_at),
        "closed_at": date(closed) if closed else "-",
        "closing_speed": int((closed - ticket.opened_at).total_seconds() // 60) if closed else "-",
        "language_id": 2,
        "custom_fields": {"cf_25": "some text"},
        "labels": [101] if ticket.number % 9 == 0 else [],
        **(rating if rating["rating"] else {}),
    }


def _messages(ticket: Ticket) -> list[dict[str, Any]]:
    """By the time they were written; some answers were written a while before they went out."""
    made = [_message(each) for each in ticket.events if each["kind"] in ("message", "rating")]
    return [told for _, told in sorted(made, key=lambda each: each[0])]


def _message(event: Event) -> tuple[dt.datetime, dict[str, Any]]:
    by_agent = event["author"] == "agent"
    planned = by_agent and event["public"] and event["id"] % 3 == 0
    written = event["occurred_at"] - dt.timedelta(seconds=1 if planned else 0)
    text = event.get("text", "")
    told = {
        "message_id": event["id"],
        "user_id": event["who"] if event["author"] == "requester" else 0,
        "staff_id": event["who"] if by_agent else 0,
        "content": text if event["id"] % 2 else "",
        "content_html": "" if event["id"] % 2 or not text else f"<p>{text}</p>",
        "attachments": [],
        "note": by_agent and not event["public"],
        "sent_via_rule": event["who"] == 0,
        "created_at": date(written),
        **({"sent_at": date(event["occurred_at"])} if by_agent else {}),
        **({"rating": "high" if event["score"] else "low", "rating_comment": "", "rated_staff_id": 100}
           if event["kind"] == "rating" else {}),
    }  # fmt: skip
    return written, told


def _log(ticket: Ticket) -> list[dict[str, Any]]:
    """Every change with the old value and the new one; what rules did stands beside it."""
    held: dict[str, str] = {"status": "open", "priority": "normal", "group": "0", "staff": "0"}
    log = []
    for event in ticket.events:
        change = {
            "status": lambda one: ("status", _STATUSES[one["status"]]),
            "priority": lambda one: ("priority", _PRIORITIES[one["priority"]]),
            "team": lambda one: ("group", str(_TEAMS[one["team"]])),
            "assignment": lambda one: ("staff", str(_AGENTS[one["agent"]])),
        }.get(event["kind"])
        if change is None:
            continue
        field, value = change(event)
        who = f"staff_{event['who']}" if event["who"] else "rule_1332"
        own = {"created_at": date(event["occurred_at"]), "done_by": who}
        if not event["who"]:
            log.append({**own, "event": "rules", "old_value": "Open again (ID - 1332)"})
        if held[field] != value:
            log.append({**own, "event": field, "old_value": held[field], "value": value})
        held[field] = value
    return log
