"""HubSpot's conversations as its specification describes them: threads in the order of their ids, archived ones apart,
streams that are newest first unless asked otherwise, texts that are cut, actors who are told in a batch.
"""

import datetime as dt
import re
from typing import Any

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, PEOPLE, TEAMS, Event, Person, Ticket, World, manager_of
from web.web_server import Step

PAGE, MESSAGES, ACTORS = 15, 4, 100
"""Threads and messages of a page, whatever is asked for; actors of a batch."""
BASE = "conversations/v3/conversations"
CHANNELS = {"email": ("1002", "EMAIL"), "chat": ("1000", "LIVE_CHAT"), "web": ("1003", "FORMS"),
            "messenger": ("1007", "WHATSAPP"), "social": ("1001", "FACEBOOK_MESSENGER")}  # fmt: skip
RANKS = {"low": "LOW", "normal": "MEDIUM", "high": "HIGH", "urgent": "URGENT"}
SLAS = {"first_response": dt.timedelta(hours=1), "close": dt.timedelta(days=3)}
_INBOXES = {each.name: str(each.id) for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}
_LIMITS = {"X_HubSpot_RateLimit_Remaining": "180", "X_HubSpot_RateLimit_Interval_Milliseconds": "10000"}


def hubspot(world: World) -> Answer:
    known = {str(each.number): each for each in world.tickets}

    def answer(asked: Asked) -> Step:
        path = asked.path.removeprefix(f"{BASE}/")
        if asked.method == "POST":
            return _posted(asked, known, world.now)
        if path == "inboxes":
            return _paged(
                [{"id": number, "name": name, "type": "HELP_DESK"} for name, number in _INBOXES.items()], asked, 2
            )
        few = {"channels": [{"id": number, "name": name} for number, name in CHANNELS.values()],
               "crm/v3/owners": [_owner(each) for each in AGENTS]}  # fmt: skip
        if path in few:
            return _paged(few[path], asked, 2)
        if path == "threads":
            gone = asked.query.get("archived") == "true"
            listed = [thread(each) for each in world.tickets if each.deleted == gone]
            return _paged(listed, asked, PAGE)
        found = re.fullmatch(r"threads/(\d+)/messages(?:/([0-9a-f]+)/original-content)?", path)
        ticket = known.get(found[1]) if found else None
        if found is None or ticket is None or ticket.deleted:
            return missing()
        return _content(ticket, found[2]) if found[2] else _stream(ticket, asked)

    return answer


def shows(ticket: Ticket) -> list[Event]:
    """Open or closed, and neither ratings nor merges."""
    told = [dict(each) for each in ticket.events if each["kind"] not in ("rating", "merge")]
    for each in told:
        if each["kind"] == "status" and each["status"] != "solved":
            each["status"] = "open"
    return told


def authorised(asked: Asked) -> bool:
    return asked.headers.get("Authorization") == f"Bearer {TOKEN}"


VENDOR = Vendor(
    "hubspot",
    hubspot,
    shows=shows,
    table={"account": "4711", "account_manager": "hubspot_owner_id"},
    authorised=authorised,
)


def _actors(asked: Asked) -> Step:
    inputs = asked.body["inputs"]
    good = asked.path == f"{BASE}/actors/batch/read" and len(inputs) <= ACTORS
    return ok({"status": "COMPLETE", "results": [actor(each) for each in inputs]}) if good else Step(400)


def actor(identity: str) -> dict[str, Any]:
    letter, _, number = identity.partition("-")
    if letter == "S":
        return {"type": "SYSTEM", "id": identity}
    person = PEOPLE[int(number)]
    kind = {"A": "AGENT", "V": "VISITOR"}[letter]
    return {
        "type": kind,
        "id": identity,
        "name": person.name,
        "email": person.email,
        "avatar": "https://x.example/a.png",
    }


def _posted(asked: Asked, known: dict[str, Ticket], now: dt.datetime) -> Step:
    if asked.path == "crm/v3/objects/contacts/batch/read":
        return _contacts(asked)
    return _tickets(asked, known, now) if asked.path.startswith("crm/") else _actors(asked)


def _contacts(asked: Asked) -> Step:
    """Contacts with the properties that are asked for."""
    people = {str(each.id * 7): each for each in PEOPLE.values()}
    results = []
    for each in asked.body["inputs"]:
        owner = manager_of(people[each["id"]])
        told = {"hubspot_owner_id": str(owner.id + 50_000) if owner else None, "email": people[each["id"]].email}
        wanted = {key: value for key, value in told.items() if key in asked.body["properties"]}
        results.append({"id": each["id"], "properties": wanted, "archived": False})
    return ok({"status": "COMPLETE", "results": results}, **_LIMITS) if len(results) <= 100 else Step(400)


def _owner(person: Person) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    return {"id": str(person.id + 50_000), "userId": person.id, "email": person.email, "firstName": first,
            "lastName": last, "type": "PERSON", "archived": False}  # fmt: skip


def _paged(rows: list[Any], asked: Asked, size: int) -> Step:
    size = min(size, int(asked.query.get("limit", size)))
    place = int(asked.query.get("after", 0))
    following = {
        "next": {"after": str(place + size), "link": f"https://api.hubapi.com/{asked.path}?after={place + size}"}
    }
    paging = {"paging": following} if place + size < len(rows) else {}
    return ok({"total": len(rows), "results": rows[place : place + size], **paging}, **_LIMITS)


def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def thread(ticket: Ticket) -> dict[str, Any]:
    statuses = [each for each in ticket.events if each["kind"] == "status"]
    closed = bool(statuses) and statuses[-1]["status"] == "solved"
    said = [each["occurred_at"] for each in ticket.events if each["kind"] == "message" and each["public"]]
    there = {
        "id": str(ticket.number),
        "status": "CLOSED" if closed else "OPEN",
        "createdAt": _iso(ticket.opened_at),
        "latestMessageTimestamp": _iso(max(said)),
        "inboxId": "501",
        "associatedContactId": str(ticket.requester.id * 7),
        "originalChannelId": CHANNELS[ticket.channel][0],
        "originalChannelAccountId": "1",
        "spam": False,
        "archived": ticket.deleted,
    }
    if _ranks(ticket) or ticket.number % 2:
        there["threadAssociations"] = {"associatedTicketId": str(9000 + ticket.number)}
    return {**there, "closedAt": _iso(statuses[-1]["occurred_at"])} if closed else there


def _ranks(ticket: Ticket) -> list[Event]:
    return [each for each in ticket.events if each["kind"] == "priority"]


def _tickets(asked: Asked, known: dict[str, Ticket], now: dt.datetime) -> Step:
    """Tickets with the history of a property, the newest value first."""
    right = asked.path == "crm/v3/objects/tickets/batch/read"
    if not right or len(asked.body["inputs"]) > 50 or asked.body["propertiesWithHistory"] != ["hs_ticket_priority"]:
        return Step(400)
    results = []
    for each in asked.body["inputs"]:
        values = [{"value": RANKS[one["priority"]], "timestamp": _iso(one["occurred_at"]), "sourceType": "CRM_UI",
                   "sourceId": f"userId:{one['who']}", "updatedByUserId": one["who"]}
                  for one in reversed(_ranks(known[str(int(each["id"]) - 9000)]))]  # fmt: skip
        told = properties(known[str(int(each["id"]) - 9000)], now)
        asked_for = {key: value for key, value in told.items() if key in asked.body["properties"]}
        results.append(
            {"id": each["id"], "properties": asked_for, "propertiesWithHistory": {"hs_ticket_priority": values}}
        )
    return ok({"status": "COMPLETE", "results": results}, **_LIMITS)


def properties(ticket: Ticket, now: dt.datetime) -> dict[str, str | None]:
    """What the vendor's SLA says of a ticket: an hour for the first response and three days to close, by the wall clock.
    Some tickets began by hand, and not with a thread.
    """
    answers = [
        each["occurred_at"]
        for each in ticket.events
        if each["kind"] == "message" and each["public"] and each["author"] == "agent"
    ]
    closed = thread(ticket).get("closedAt")
    done = {
        "first_response": min(answers, default=None),
        "close": dt.datetime.fromisoformat(closed) if closed else None,
    }
    told: dict[str, str | None] = {
        "hs_conversations_originating_thread_id": str(ticket.number) if ticket.number % 5 else None
    }
    for name, limit in SLAS.items():
        due = ticket.opened_at + limit
        told[f"hs_time_to_{name}_sla_at"] = due.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        told[f"hs_time_to_{name}_sla_status"] = _state(done[name], due, now)
    return told


def _state(done: dt.datetime | None, due: dt.datetime, now: dt.datetime) -> str:
    """0 active, 1 overdue, 2 due soon, 3 completed on time, 4 completed late."""
    if done is not None:
        return "3" if done <= due else "4"
    return "1" if now > due else "2" if now > due - dt.timedelta(minutes=30) else "0"


def _stream(ticket: Ticket, asked: Asked) -> Step:
    told = [each for each in ticket.events if each["kind"] in ("message", "status", "team", "assignment")]
    changes = [entry(each, ticket) for each in told]
    if asked.query.get("sort", "-createdAt") == "-createdAt":
        changes.reverse()
    return _paged(changes, asked, MESSAGES)


def _content(ticket: Ticket, identity: str) -> Step:
    texts = {f"{each['id']:016x}": each["text"] for each in ticket.events if each.get("text")}
    return ok({"text": texts[identity], "richText": f"<p>{texts[identity]}</p>"})


def entry(event: Event, ticket: Ticket) -> dict[str, Any]:
    """One entry of a thread's stream."""
    who = f"{'V' if event['author'] == 'requester' else 'A'}-{event['who']}" if event["who"] else "S-hubspot"
    shape: dict[str, Any] = {
        "id": f"{event['id']:016x}",
        "conversationsThreadId": str(ticket.number),
        "createdAt": _iso(event["occurred_at"]),
        "createdBy": who,
        "client": {"clientType": "HUBSPOT" if event["who"] else "SYSTEM"},
        "senders": [{"actorId": who}],
        "recipients": [],
        "archived": False,
    }
    if event["kind"] == "message":
        return {**shape, **_said(event, ticket)}
    return {**shape, "senders": [], **{
        "status": lambda: {"type": "THREAD_STATUS_CHANGE", "newStatus": "CLOSED" if event["status"] == "solved" else "OPEN"},
        "team": lambda: {"type": "THREAD_INBOX_CHANGE", "fromInboxId": "500", "toInboxId": _INBOXES[event["team"]]},
        "assignment": lambda: {"type": "ASSIGNMENT", "assignedFrom": None, "assignedTo": f"A-{_AGENTS[event['agent']]}"},
    }[event["kind"]]()}  # fmt: skip


def _said(event: Event, ticket: Ticket) -> dict[str, Any]:
    text = {"text": event["text"], "richText": f"<p>{event['text']}</p>", "attachments": []}
    if not event["public"]:
        return {"type": "COMMENT", **text}
    cut = event["id"] % 5 == 0
    short = {"text": event["text"][:5], "richText": None} if cut else {}
    return {"type": "MESSAGE", **text, **short, "truncationStatus": "TRUNCATED" if cut else "NOT_TRUNCATED",
            "direction": "INCOMING" if event["author"] == "requester" else "OUTGOING", "subject": ticket.subject,
            "channelId": CHANNELS[ticket.channel][0], "channelAccountId": "1", "status": {"statusType": "SENT"}}  # fmt: skip
