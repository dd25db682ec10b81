"""Jira Service Management Cloud as its specification and its users tell: a search whose pages are smaller than asked
for and sometimes empty, tokens instead of page numbers, minutes in JQL, times in the offset of the token's user,
comments inside issues that are cut off, changelogs in bulk dated by numbers; no merges, no trace of the deleted.
"""

import base64
import datetime as dt
import json
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, PEOPLE, TEAMS, Event, Ticket, World
from web.web_server import Step

USER = "audit@desk.example"
A_PAGE, HISTORIES, INSIDE, COMMENTS = 12, 25, 3, 2
"""Issues of a page, histories of a page, comments inside an issue, comments of a page, at most."""
ZONE = dt.timezone(dt.timedelta(hours=3))
TEAM, RATING, RATED, FIRST, SOLVED = (f"customfield_{number}" for number in (10001, 10017, 10018, 10030, 10031))
CUSTOM = "com.atlassian.servicedesk:"
FIELDS = [
    {"id": "summary", "name": "Summary", "schema": {"type": "string", "system": "summary"}},
    {"id": "thumbnail", "name": "Images"},
    {"id": TEAM, "name": "Team", "schema": {"type": "team", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team"}},
    {"id": RATING, "name": "Satisfaction", "schema": {"type": "sd-feedback", "custom": f"{CUSTOM}sd-request-feedback"}},
    {"id": RATED, "name": "Satisfaction date", "schema": {"type": "datetime", "custom": f"{CUSTOM}sd-request-feedback-date"}},
    {"id": FIRST, "name": "Time to first response", "schema": {"type": "sd-servicelevelagreement", "custom": f"{CUSTOM}sd-sla-field"}},
    {"id": SOLVED, "name": "Time to resolution", "schema": {"type": "sd-servicelevelagreement", "custom": f"{CUSTOM}sd-sla-field"}},
]  # fmt: skip
STATUSES = {"new": ("New", "new"), "open": ("Waiting for support", "indeterminate"), "pending": ("Waiting for customer", "indeterminate"),
            "on_hold": ("Pending", "indeterminate"), "solved": ("Resolved", "done")}  # fmt: skip
_NUMBERS = {name: str(number) for number, name in enumerate(STATUSES, 1)}
_PRIORITIES = {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Highest"}
_WAYS = {"email": "email", "web": "portal", "chat": "slack", "messenger": "msteams", "social": "api"}
_SHOWN = {"email": "email", "web": "web", "chat": "messenger", "messenger": "messenger", "social": "api"}
_TEAMS = {each.name: each.id for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}


def shows(ticket: Ticket) -> list[Event]:
    """What an issue shows: its priority from the beginning, how it came in, stars; not that it was merged."""
    opening = {key: value for key, value in ticket.events[0].items() if key not in ("kind", "status")}
    shown: list[Event] = []
    for place, event in enumerate(ticket.events):
        if event["kind"] != "merge":
            stars = {"score": 5.0 if event["score"] else 1.0, "scale": 5.0} if event["kind"] == "rating" else {}
            shown.append({**event, **stars, "channel": _SHOWN[ticket.channel] if place == 1 else None})
        if place == 0:
            shown.append({**opening, "channel": None, "kind": "priority", "priority": "normal"})
    return shown


def jira(world: World) -> Answer:
    known = {each.number: each for each in world.alive}

    def answer(asked: Asked) -> Step:
        path = asked.path.removeprefix("rest/api/3/")
        if asked.method == "GET" and path == "field":
            return ok(FIELDS)
        if asked.method == "GET" and path == "status":
            return ok([{"id": _NUMBERS[name], "name": told[0], "statusCategory": {"key": told[1]}} for name, told in STATUSES.items()])  # fmt: skip
        if asked.method == "POST" and path == "search/jql":
            return _search(list(known.values()), asked)
        if asked.method == "POST" and path == "changelog/bulkfetch":
            return _bulk([known[int(each)] for each in asked.body["issueIdsOrKeys"] if int(each) in known], asked)
        found = re.fullmatch(r"issue/(\d+)/comment", path)
        ticket = known.get(int(found[1])) if found and asked.method == "GET" else None
        return missing() if ticket is None else _comments(ticket, asked)

    return answer


def authorised(asked: Asked) -> bool:
    given = asked.headers.get("Authorization", "").removeprefix("Basic ")
    return base64.b64decode(given).decode() == f"{USER}:{TOKEN}"


VENDOR = Vendor("jira", jira, shows=shows, table={"user": USER}, authorised=authorised, tells_deletions=False)


def _time(moment: dt.datetime) -> str:
    """In the offset of the token's user, without a colon."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.") + "000+0300"


def _millis(moment: dt.datetime) -> int:
    return int(moment.timestamp()) * 1000


def _person(identity: int) -> dict[str, Any]:
    if not identity:
        return {
            "accountId": "557058:automation",
            "displayName": "Automation for Jira",
            "accountType": "app",
            "active": True,
        }
    person = PEOPLE[identity]
    kind = "atlassian" if person.role == "agent" else "customer"
    return {
        "accountId": f"{identity}",
        "displayName": person.name,
        "accountType": kind,
        "active": True,
        "emailAddress": person.email,
    }


def _document(text: str) -> dict[str, Any]:
    """Atlassian's document format, each word in a node of its own."""
    words = [{"type": "text", "text": word} for word in re.split(r"(?<= )", text)]
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": words}]}


_JQL = re.compile(
    r"(?:projectType = service_desk|project in \(([^)]*)\))(?: AND updated >= (\d+))? AND created >= (\d+)"
    r" ORDER BY created ASC, key ASC"
)  # fmt: skip


def _search(tickets: list[Ticket], asked: Asked) -> Step:
    found = _JQL.fullmatch(asked.body["jql"])
    if not found:
        return Step(400, b'{"errorMessages":["Unbounded JQL queries are not allowed here."],"errors":{}}')
    updated, created = int(found[2] or 0) // 60_000, int(found[3]) // 60_000
    fitting = [
        each for each in sorted(tickets, key=lambda each: (each.opened_at, each.number))
        if _millis(each.updated_at) // 60_000 >= updated and _millis(each.opened_at) // 60_000 >= created
        and (found[1] is None or '"SUP"' in found[1])
    ]  # fmt: skip
    place, empty = _unpacked(asked.body.get("nextPageToken"))
    size = min(asked.body.get("maxResults", 50), A_PAGE)
    if place and not empty:
        return ok({"issues": [], "nextPageToken": _token(place, 1)})
    page, after = fitting[place : place + size], place + size
    told = {"issues": [_issue(each, asked.body["fields"], asked.body.get("properties", [])) for each in page]}
    return ok({**told, **({"nextPageToken": _token(after, 0)} if after < len(fitting) else {})})


def _token(place: int, empty: int) -> str:
    return base64.b64encode(json.dumps([place, empty]).encode()).decode()


def _unpacked(token: str | None) -> tuple[int, int]:
    place, empty = json.loads(base64.b64decode(token)) if token else (0, 1)
    return place, empty


def _issue(ticket: Ticket, fields: list[str], properties: list[str]) -> dict[str, Any]:
    changes = [item for each in _histories(ticket) for item in each["items"]]

    def now(field: str) -> Any:
        return next((item for item in reversed(changes) if item["fieldId"] == field), None)

    status, agent, team = now("status"), now("assignee"), now(TEAM)
    said, rating = _said(ticket), next((each for each in ticket.events if each["kind"] == "rating"), None)
    whole = {
        "summary": ticket.subject,
        "description": _document(ticket.events[1]["text"]),
        "status": {"id": status["to"], "name": status["toString"]} if status else {"id": "1", "name": "New"},
        "priority": {"id": "3", "name": (now("priority") or {"toString": "Medium"})["toString"]},
        "assignee": _person(int(agent["to"])) if agent else None,
        "reporter": _person(ticket.requester.id),
        "creator": _person(ticket.requester.id),
        "created": _time(ticket.opened_at),
        "updated": _time(ticket.updated_at),
        "project": {"key": "SUP"},
        "labels": [],
        "comment": {"comments": said[:INSIDE], "total": len(said), "maxResults": INSIDE, "startAt": 0},
        TEAM: {"id": team["to"], "name": team["toString"]} if team else None,
        RATING: {"rating": 5 if rating["score"] else 1} if rating else None,
        RATED: _time(rating["occurred_at"]) if rating else None,
        FIRST: _sla("Time to first response", ticket),
    }
    shown = {name: whole.get(name) for name in fields}
    told = {name: {"value": _WAYS[ticket.channel]} for name in properties if name == "request.channel.type"}
    return {"id": str(ticket.number), "key": f"SUP-{ticket.number}", "fields": shown, "properties": told}


def _sla(name: str, ticket: Ticket) -> dict[str, Any]:
    begun = ticket.opened_at
    reply = next((each for each in ticket.events if each["author"] == "agent" and each["public"]), None)
    times = {"startTime": {"epochMillis": _millis(begun)}, "breachTime": {"epochMillis": _millis(begun) + 3_600_000}}
    if reply is None:
        return {
            "id": "1",
            "name": name,
            "completedCycles": [],
            "ongoingCycle": {**times, "breached": False, "paused": False},
        }
    late = reply["occurred_at"] > begun + dt.timedelta(hours=1)
    cycle = {**times, "stopTime": {"epochMillis": _millis(reply["occurred_at"])}, "breached": late}
    return {"id": "1", "name": name, "completedCycles": [cycle]}


def _said(ticket: Ticket) -> list[dict[str, Any]]:
    return [
        {"id": str(each["id"]), "author": _person(each["who"]), "body": _document(each["text"]), "jsdPublic": each["public"],
         "created": _time(each["occurred_at"]), "updated": _time(each["occurred_at"])}
        for each in ticket.events[2:] if each["kind"] == "message"
    ]  # fmt: skip


def _comments(ticket: Ticket, asked: Asked) -> Step:
    said, start = _said(ticket), int(asked.query.get("startAt", "0"))
    size = min(int(asked.query.get("maxResults", "100")), COMMENTS)
    return ok({"comments": said[start : start + size], "startAt": start, "maxResults": size, "total": len(said)})


def _histories(ticket: Ticket) -> list[dict[str, Any]]:
    """What one person changes in one moment is one history of several items."""
    held = {"status": ("1", "New"), "assignee": (None, None), "priority": ("3", "Medium"), TEAM: (None, None)}
    made = []
    changes = [each for each in ticket.events if each["kind"] in ("status", "assignment", "priority", "team")]
    for (moment, who), events in groupby(changes, key=lambda each: (each["occurred_at"], each["who"])):
        several = list(events)
        items = [item for each in several for item in _items(each, held)]
        made.append({"id": str(several[0]["id"]), "author": _person(who), "created": _millis(moment), "items": items})
    return made


def _items(event: Event, held: dict[str, tuple[str | None, str | None]]) -> Iterator[dict[str, Any]]:
    field, value = {
        "status": lambda: ("status", (_NUMBERS[event["status"]], STATUSES[event["status"]][0])),
        "assignment": lambda: ("assignee", (str(_AGENTS[event["agent"]]), event["agent"])),
        "priority": lambda: ("priority", ("9", _PRIORITIES[event["priority"]])),
        "team": lambda: (TEAM, (str(_TEAMS[event["team"]]), event["team"])),
    }[event["kind"]]()
    before, held[field] = held[field], value
    yield {"field": "Team" if field == TEAM else field, "fieldId": field, "fieldtype": "jira",
           "from": before[0], "fromString": before[1], "to": value[0], "toString": value[1]}  # fmt: skip


def _bulk(tickets: list[Ticket], asked: Asked) -> Step:
    """Histories of all issues from the oldest on, so that a page ends in the middle of many; only of the fields asked."""
    fields = asked.body.get("fieldIds")
    every = sorted(
        ((each["created"], ticket.number, each) for ticket in tickets for each in _histories(ticket)),
        key=lambda one: one[:2],
    )
    fitting = [
        (number, each)
        for _, number, each in every
        if not fields or any(item["fieldId"] in fields for item in each["items"])
    ]
    place, _ = _unpacked(asked.body.get("nextPageToken"))
    size = min(asked.body.get("maxResults", 1000), HISTORIES)
    page: dict[int, list[Any]] = {}
    for number, each in fitting[place : place + size]:
        page.setdefault(number, []).append(each)
    told = [{"issueId": str(number), "changeHistories": histories} for number, histories in page.items()]
    more = place + size < len(fitting)
    return ok({"issueChangeLogs": told, "nextPageToken": _token(place + size, 1) if more else None})
