"""Zammad as its documentation and its server's source describe it: a search with conditions on the database, 200 a page at
most; articles and history by ticket; a merge that moves articles to the other ticket; a deletion that leaves no trace;
times with milliseconds; own states and priorities of this desk.
"""

import datetime as dt
import re
from typing import Any

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, PEOPLE, TEAMS, Event, Ticket, World
from web.web_server import Step

WALL = 20
"""Tickets of a page here, as if that was the server's most."""
CUSTOMER, AGENT, SYSTEM = 2, 1, 3
_NAMES = {CUSTOMER: "Customer", AGENT: "Agent", SYSTEM: "System"}
_TYPES = {
    "email": "email",
    "chat": "chat",
    "web": "web",
    "messenger": "telegram personal-message",
    "social": "facebook feed post",
}
_STATES = {"new": (1, "new"), "open": (2, "open"), "pending": (3, "pending reminder"), "solved": (4, "closed"),
           "merged": (5, "merged"), "on_hold": (8, "waiting for supplier")}  # fmt: skip
_KINDS = {1: "new", 2: "open", 3: "pending reminder", 4: "closed", 5: "merged", 8: "pending reminder"}
_PRIORITIES = {"low": (1, "1 low"), "normal": (2, "2 normal"), "high": (3, "3 high"), "urgent": (4, "4 urgent")}
_GROUPS = {"Users": 1, **{each.name: each.id for each in TEAMS}}
_AGENTS = {each.name: each.id for each in AGENTS}


def zammad(world: World) -> Answer:
    known = {each.number: each for each in world.alive}
    articles = articles_of(world)

    def of_one(what: str, number: int) -> Any:
        if what == "ticket_articles":
            return next((each for each in articles if each["id"] == number), None)
        if number not in known:
            return None
        if what == "ticket_history":
            return _history(known[number], world)
        return [each for each in articles if each["ticket_id"] == number]

    def answer(asked: Asked) -> Step:
        path = asked.path.removeprefix("api/v1/")
        if asked.method != "GET" or path == asked.path:
            return missing()
        if path == "ticket_states":
            return ok(
                [
                    {"id": number, "name": name, "state_type": _KINDS[number], "active": True}
                    for number, name in _STATES.values()
                ]
            )
        if path == "tickets/search":
            return ok(_found(world, asked.query))
        found = re.fullmatch(r"(ticket_articles/by_ticket|ticket_history|ticket_articles)/(\d+)", path)
        if found is None:
            return Step(403, b'{"error": "Not authorized (user)!"}')
        told = of_one(found[1], int(found[2]))
        return missing() if told is None else ok(told)

    return answer


def shows(ticket: Ticket) -> list[Event]:
    """No ratings; each event of a second some milliseconds after the one before; on hold is pending, solved is closed;
    the group and priority it began with; agents answer web forms by mail; the note that a merge leaves.
    """
    shown: list[Event] = []
    for event in _timed(ticket):
        told = dict(event)
        if event["kind"] == "rating":
            continue
        if event["kind"] == "status":
            told["status"] = {"on_hold": "pending", "solved": "closed"}.get(event["status"], event["status"])
        if event["kind"] == "message" and event["author"] == "agent" and event["public"] and ticket.channel == "web":
            told["channel"] = "email"
        if event["kind"] == "merge":
            shown.append({**told, "kind": "message", "text": "merged"})
        shown.append(told)
        if event["kind"] == "other":
            begun = {key: value for key, value in told.items() if key != "status"}
            shown += [{**begun, "kind": "priority", "priority": "normal"}, {**begun, "kind": "team", "team": "Users"}]
    return shown


def authorised(asked: Asked) -> bool:
    return asked.headers.get("Authorization") == f"Token token={TOKEN}"


VENDOR = Vendor("zammad", zammad, shows=shows, authorised=authorised, tells_deletions=False)


def _timed(ticket: Ticket) -> list[Event]:
    """The log with milliseconds."""
    return [
        {**event, "occurred_at": event["occurred_at"] + dt.timedelta(milliseconds=place)}
        for place, event in enumerate(ticket.events)
    ]


def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _updated(ticket: Ticket, world: World) -> dt.datetime:
    """A ticket is touched by what happens in it, and by tickets that are merged into it."""
    own = [each["occurred_at"] for each in _timed(ticket) if each["kind"] != "rating"]
    return max(own + [each.updated_at for each in world.alive if each.merged_into == ticket.number])


def _found(world: World, query: dict[str, str]) -> list[dict[str, Any]]:
    assert query["condition[ticket.updated_at][operator]"] == "after (absolute)"
    since = query["condition[ticket.updated_at][value]"]
    rows = [each for each in (ticket_of(one, world) for one in world.alive) if each["updated_at"] >= since]
    for column, way in reversed([*zip(query["sort_by"].split(","), query["order_by"].split(","), strict=True)]):
        rows.sort(key=lambda each, column=column: each[column], reverse=way == "desc")
    place = (int(query.get("page", "1")) - 1) * WALL
    return rows[place : place + WALL]


def ticket_of(ticket: Ticket, world: World) -> dict[str, Any]:
    def last(kind: str, column: str, otherwise: str) -> str:
        return next((each[column] for each in reversed(ticket.events) if each["kind"] == kind), otherwise)

    merged = ticket.merged_into is not None
    state = _STATES["merged" if merged else last("status", "status", "new")][1]
    owner = None if merged else last("assignment", "agent", "")
    return {
        "id": ticket.number,
        "number": f"22{ticket.number:03}",
        "title": ticket.subject,
        "state": state,
        "priority": _PRIORITIES[last("priority", "priority", "normal")][1],
        "group": last("team", "team", "Users"),
        "owner": PEOPLE[_AGENTS[owner]].email if owner else "-",
        "customer_id": ticket.requester.id,
        "customer": ticket.requester.email,
        "organization": None,
        "created_by_id": ticket.requester.id,
        "article_count": len([each for each in ticket.events if each["kind"] == "message"]),
        "first_response_diff_in_min": None,
        "close_diff_in_min": None,
        "first_response_escalation_at": None,
        "close_escalation_at": None,
        "created_at": _iso(ticket.opened_at),
        "updated_at": _iso(_updated(ticket, world)),
    }


def articles_of(world: World) -> list[dict[str, Any]]:
    """All articles of the desk; those of a merged ticket stand in the other one."""
    made = []
    for ticket in world.alive:
        first = True
        for event in _timed(ticket):
            if event["kind"] == "message":
                made.append(_article(event, ticket, first=first))
                first = False
            elif event["kind"] == "merge":
                note = {**_article({**event, "text": "merged"}, ticket, first=False), "type": "note", "internal": False}
                made.append({**note, "ticket_id": ticket.number, "id": event["id"] * 10 + 7})
    return made


def _article(event: Event, ticket: Ticket, *, first: bool) -> dict[str, Any]:
    person = PEOPLE.get(event["who"])
    sender = SYSTEM if person is None else CUSTOMER if person.role == "requester" else AGENT
    kind = _TYPES[ticket.channel]
    if sender == AGENT and not event["public"]:
        kind = "note"
    elif kind == "web" and not first:
        kind = "note" if sender == CUSTOMER else "email"
    if sender == SYSTEM:
        kind = "email"
    return {
        "id": event["id"] * 10,
        "ticket_id": ticket.merged_into or ticket.number,
        "type": kind,
        "sender": _NAMES[sender],
        "internal": not event["public"],
        "from": person.name if person else "Desk",
        "to": None,
        "subject": ticket.subject,
        "body": event["text"],
        "content_type": "text/plain",
        "origin_by_id": None,
        "created_by_id": event["who"] or 1,
        "preferences": {},
        "created_at": _iso(event["occurred_at"]),
        "updated_at": _iso(event["occurred_at"]),
    }


def _history(ticket: Ticket, world: World) -> dict[str, Any]:
    entries: list[dict[str, Any]] = []
    now = {"state": (1, "new"), "priority": (2, "2 normal"), "group": (1, "Users"), "owner": (1, "-")}
    for event in _timed(ticket):
        common = {"id": event["id"] * 10, "o_id": ticket.number, "object": "Ticket", "created_by_id": event["who"] or 1,
                  "created_at": _iso(event["occurred_at"])}  # fmt: skip
        if event["kind"] == "other":
            entries.append({**common, "type": "created"})
        elif event["kind"] == "message":
            article = {
                "object": "Ticket::Article",
                "o_id": event["id"] * 10,
                "related_object": "Ticket",
                "related_o_id": ticket.number,
            }
            entries += [
                {**common, **article, "type": "created"},
                {**common, "id": event["id"] * 10 + 1, "type": "notification", "value_to": "x@y"},
            ]
        elif event["kind"] == "merge":
            note = {
                "object": "Ticket::Article",
                "o_id": event["id"] * 10 + 7,
                "related_object": "Ticket",
                "related_o_id": ticket.number,
            }
            entries += [{**common, "type": "merged_into", "id_to": ticket.merged_into, "id_from": ticket.number},
                        {**common, **note, "id": event["id"] * 10 + 1, "type": "created"},
                        _updated_entry(common, now, "state", _STATES["merged"], 2)]  # fmt: skip
        elif event["kind"] != "rating":
            entries.append(_updated_entry(common, now, *_attribute(event), 0))
    for other in world.alive:
        if other.merged_into == ticket.number:
            entries.append({"id": 10**9 + other.number, "o_id": ticket.number, "object": "Ticket", "type": "received_merge", "id_to": ticket.number,
                            "id_from": other.number, "created_by_id": AGENTS[0].id, "created_at": _iso(other.updated_at)})  # fmt: skip
    return {"history": entries, "assets": {"User": _users(ticket), "Ticket": {}}}


def _attribute(event: Event) -> tuple[str, tuple[int, str]]:
    if event["kind"] == "status":
        return "state", _STATES[event["status"]]
    if event["kind"] == "priority":
        return "priority", _PRIORITIES[event["priority"]]
    if event["kind"] == "team":
        return "group", (_GROUPS[event["team"]], event["team"])
    return "owner", (_AGENTS[event["agent"]], event["agent"])


def _updated_entry(
    common: dict[str, Any], now: dict[str, tuple[int, str]], attribute: str, value: tuple[int, str], more: int
) -> dict[str, Any]:
    before, now[attribute] = now[attribute], value
    return {**common, "id": common["id"] + more, "type": "updated", "attribute": attribute, "value_from": before[1], "value_to": value[1],
            "id_from": before[0], "id_to": value[0]}  # fmt: skip


def _users(ticket: Ticket) -> dict[str, Any]:
    ids = {each["who"] for each in ticket.events} | {
        _AGENTS[each["agent"]] for each in ticket.events if each["kind"] == "assignment"
    }
    people = [PEOPLE[each] for each in sorted(ids - {0})]
    made = {str(each.id): {"id": each.id, "firstname": each.name.split()[0], "lastname": each.name.split()[1], "email": each.email, "phone": "",
                           "login": each.email, "last_login": "2026-03-23T08:00:00.000Z", "role_ids": [2]} for each in people}  # fmt: skip
    return made | {"1": {"id": 1, "firstname": "-", "lastname": "", "email": "", "login": "-"}}
