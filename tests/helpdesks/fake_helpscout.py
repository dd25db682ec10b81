"""Help Scout as its documentation and its own client describe it: active conversations only unless asked for all, page
numbers only, no `_embedded` in an empty list, embedded threads cut off, threads newest first, statuses on the messages
they came with, line items for assignments. There are no priorities; a workflow acknowledges. Conversations of the
world are not merged here: what merging does is shown by tests of its own.
"""

import datetime as dt
import re
from typing import Any

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, TEAMS, Event, Person, Ticket, World
from web.web_server import Step

CONVERSATIONS, THREADS, OTHERS = 7, 5, 2
"""Entries of a page, whatever is asked for."""
EMBEDDED = 2
_SOURCES = {"email": "email", "chat": "chat", "web": "web", "messenger": "heymarket", "social": "channel"}
_STATUSES = {"open": "active", "pending": "pending", "on_hold": "pending", "solved": "closed"}
_OURS = {"active": "open", "pending": "pending", "closed": "closed"}
_RATINGS = {1.0: 1, 0.0: 3}
_RANGE = re.compile(r"\(createdAt:\[(\S+) TO \*\]\)")
_TEAMS = {each.name: each for each in TEAMS}
_AGENTS = {each.name: each for each in AGENTS}


def helpscout(world: World) -> Answer:
    known = {each.number: each for each in world.tickets if not each.deleted}

    def answer(asked: Asked) -> Step:
        if asked.method != "GET":
            return Step(405)
        if asked.path == "v2/conversations":
            return _conversations(list(known.values()), asked)
        if asked.path == "v2/users":
            return paged("users", [user_of(each) for each in AGENTS], asked, OTHERS)
        if asked.path == "v2/teams":
            return paged("teams", [{"id": each.id, "name": each.name} for each in TEAMS], asked, OTHERS)
        if asked.path == "v2/reports/happiness/ratings":
            return _report([made for each in known.values() for made in ratings_of(each)], asked)
        found = re.fullmatch(r"v[23]/conversations/(\d+)/threads", asked.path)
        ticket = known.get(int(found[1])) if found else None
        return missing() if ticket is None else paged("threads", threads_of(ticket)[::-1], asked, THREADS)

    return answer


def authorised(asked: Asked) -> bool:
    return asked.headers.get("Authorization") == f"Bearer {TOKEN}"


def stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def paged(key: str, entries: list[Any], asked: Asked, size: int) -> Step:
    """A page of a list in the envelope of all lists."""
    page = int(asked.query.get("page", "1"))
    part = entries[(page - 1) * size : page * size]
    pages = -(-len(entries) // size)
    return ok({
        **({"_embedded": {key: part}} if part else {}),
        "page": {"size": size, "totalElements": len(entries), "totalPages": pages, "number": page},
        "_links": {"self": {"href": f"https://api.helpscout.net/{asked.path}"}},
    }, X_RateLimit_Limit_Minute="400", X_RateLimit_Remaining_Minute="399")  # fmt: skip


def user_of(person: Person) -> dict[str, Any]:
    first, last = person.name.split()
    return {"id": person.id, "firstName": first, "lastName": last, "email": person.email, "role": "user"}


def named(person: Person, kind: str) -> dict[str, Any]:
    first, last = person.name.split()
    return {"id": person.id, "type": kind, "first": first, "last": last, "email": person.email, "photoUrl": "x"}


def _conversations(tickets: list[Ticket], asked: Asked) -> Step:
    """`modifiedSince` counts changes, the query the time of creation; spam is a status of its own."""
    query = asked.query
    status = query.get("status", "active")
    there = [each for each in tickets if status == "all" or conversation_of(each)["status"] == status]
    if "modifiedSince" in query:
        since = dt.datetime.fromisoformat(query["modifiedSince"])
        there = [each for each in there if each.updated_at >= since]
    if "query" in query:
        found = _RANGE.fullmatch(query["query"])
        if not found:
            return Step(400, b'{"message": "Bad request"}')
        since = dt.datetime.fromisoformat(found[1])
        there = [each for each in there if each.opened_at >= since]
    rising = query.get("sortOrder", "desc") == "asc"
    there = sorted(there, key=lambda each: (each.opened_at, each.number), reverse=not rising)
    return paged("conversations", [conversation_of(each) for each in there], asked, CONVERSATIONS)


def conversation_of(ticket: Ticket) -> dict[str, Any]:
    threads = threads_of(ticket)
    closed = [each for each in threads if each["status"] == "closed"]
    return {
        "id": ticket.number,
        "number": 1000 + ticket.number,
        "threads": sum(each["type"] != "lineitem" for each in threads),
        "type": "chat" if ticket.channel == "chat" else "email",
        "status": threads[-1]["status"] if threads[-1]["status"] != "nochange" else "active",
        "state": "published",
        "subject": ticket.subject,
        "mailboxId": 85,
        "createdBy": {"id": ticket.requester.id, "type": "customer", "email": ticket.requester.email},
        "createdAt": stamp(ticket.opened_at),
        "closedAt": closed[-1]["createdAt"] if closed else None,
        "userUpdatedAt": stamp(ticket.updated_at),
        "customerWaitingSince": {"time": stamp(ticket.opened_at), "friendly": f"{id(threads)} hours ago"},
        "source": {"type": _SOURCES[ticket.channel], "via": "customer"},
        "tags": [{"id": 2, "tag": "vip", "color": "#fff"}, {"id": 1, "tag": "new", "color": "#000"}],
        "primaryCustomer": named(ticket.requester, "customer"),
        "_embedded": {"threads": threads[-EMBEDDED:]},
        "_links": {"web": {"href": f"https://secure.helpscout.net/conversation/{ticket.number}"}},
    }


def threads_of(ticket: Ticket) -> list[dict[str, Any]]:
    """Oldest first. A status rides on the message it came with, everything else is a line item."""
    threads: list[dict[str, Any]] = []
    held: dict[str, Any] | None = None
    for event in ticket.events[1:]:
        if event["kind"] == "status":
            threads[-1]["status"] = _STATUSES[event["status"]]
        elif event["kind"] == "message":
            threads.append(_thread(event, ticket, held))
        elif event["kind"] in ("team", "assignment"):
            team = event["kind"] == "team"
            held = _team(event["team"]) if team else named(_AGENTS[event["agent"]], "user")
            threads.append({**_thread(event, ticket, held), "type": "lineitem", "body": None})
    return threads


def _team(name: str) -> dict[str, Any]:
    return {"id": _TEAMS[name].id, "type": "team", "first": name, "last": "", "email": ""}


def _thread(event: Event, ticket: Ticket, held: dict[str, Any] | None) -> dict[str, Any]:
    asks, system = event["author"] == "requester", event["author"] == "system"
    agent = next((each for each in AGENTS if each.id == event["who"]), None)
    machine = {"id": 1, "type": "system_user", "first": "Help", "last": "Scout", "email": ""}
    by = named(ticket.requester, "customer") if asks else named(agent, "user") if agent else machine
    return {
        "id": event["id"],
        "type": "customer" if asks else "message" if event["public"] else "note",
        "status": "nochange",
        "state": "published",
        "action": {"type": "default", "associatedEntities": []},
        "body": event.get("text") and f"<p>{event['text']}</p>",
        "source": {"type": "workflows" if system else _SOURCES[ticket.channel], "via": "customer" if asks else "user"},
        "customer": named(ticket.requester, "customer"),
        "createdBy": by,
        **({"assignedTo": held} if held else {}),
        "createdAt": stamp(event["occurred_at"]),
        "_embedded": {"attachments": []},
    }


def ratings_of(ticket: Ticket) -> list[dict[str, Any]]:
    return [
        {
            "number": 1000 + ticket.number,
            "id": ticket.number,
            "threadid": each["id"],
            "type": "email",
            "ratingId": _RATINGS[each["score"]],
            "ratingCustomerId": ticket.requester.id,
            "ratingComments": "",
            "ratingCreatedAt": stamp(each["occurred_at"]),
        }
        for each in ticket.events
        if each["kind"] == "rating"
    ]


def _report(ratings: list[dict[str, Any]], asked: Asked) -> Step:
    if not {"start", "end", "rating"} <= set(asked.query):
        return Step(400, b'{"message": "Bad request"}')
    page = int(asked.query.get("page", "1"))
    part = ratings[(page - 1) * OTHERS : page * OTHERS]
    return ok({"results": part, "page": page, "count": len(ratings), "pages": -(-len(ratings) // OTHERS)})


def shows(ticket: Ticket) -> list[Event]:
    """All but priorities and merges; `on_hold` is pending, and a change of status belongs to the message before it."""
    told: list[Event] = []
    status, by = "active", ticket.events[0]
    for event in ticket.events:
        by = event if event["kind"] == "message" else by
        if event["kind"] == "status":
            before, status = status, _STATUSES[event["status"]]
            told += [{**by, "id": event["id"], "kind": "status", "status": _OURS[status], "public": False, "text": None,
                      "channel": None}] if status != before else []  # fmt: skip
        elif event["kind"] == "rating":
            told.append({**event, "score": event["score"] * 2, "scale": 2.0, "channel": None})
        elif event["kind"] not in ("priority", "merge"):
            told.append(event if event["kind"] == "message" else {**event, "channel": None})
    return told


VENDOR = Vendor("helpscout", helpscout, shows=shows, authorised=authorised)
