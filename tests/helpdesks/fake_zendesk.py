"""Zendesk as its documentation and users describe it: an export that withholds the last minute, has empty pages before
its end and repeats tickets at page borders; audits ten to a page, those of archived tickets all at once; no business
hours on this plan. What its SLA says is in `fake_zendesk_slas`.
"""

import base64
import datetime as dt
import re
from itertools import groupby
from typing import Any

from helpdesks.fake_zendesk_slas import metric_events, slas
from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, TEAMS, Event, Ticket, World, manager_of
from web.web_server import Step

USER = "audit@desk.example"
EXPORT, AUDITS = 20, 10
"""Tickets and audits of a page, whatever is asked for."""
_VIA = {"email": "email", "chat": "chat", "web": "web", "messenger": "whatsapp", "social": "facebook"}
_TEAMS = {each.name: each.id for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}


def zendesk(world: World) -> Answer:
    known = {each.number: each for each in world.tickets}

    def answer(asked: Asked) -> Step:
        if asked.method != "GET":
            return Step(405)
        if asked.path == "api/v2/users":
            return ok({"users": [_user(each) for each in AGENTS] if asked.query["role"] == "agent" else [], "meta": {"has_more": False}})  # fmt: skip
        if asked.path == "api/v2/groups":
            return ok({"groups": [{"id": each.id, "name": each.name} for each in TEAMS], "meta": {"has_more": False}})
        if asked.path == "api/v2/incremental/tickets/cursor":
            return _export(world, asked)
        found = re.fullmatch(r"api/v2/tickets/(\d+)/audits", asked.path)
        ticket = known.get(int(found[1])) if found else None
        return missing() if ticket is None or ticket.deleted else _audits(ticket, asked)

    return answer


def authorised(asked: Asked) -> bool:
    given = asked.headers.get("Authorization", "").removeprefix("Basic ")
    return base64.b64decode(given).decode() == f"{USER}/token:{TOKEN}"


VENDOR = Vendor("zendesk", zendesk, table={"user": USER}, authorised=authorised)


def _user(person: Any) -> dict[str, Any]:
    role, its_own = "agent" if person.role == "agent" else "end-user", manager_of(person)
    fields = {"manager": its_own.email if its_own else None}
    return {"id": person.id, "name": person.name, "email": person.email, "role": role, "user_fields": fields}


def _stamp(ticket: Ticket) -> int:
    return int(ticket.updated_at.timestamp())


def _export(world: World, asked: Asked) -> Step:
    """Pages of the tickets by the time of their last change; each but the first begins with the last one's last ticket,
    and before the last one comes an empty one.
    """
    withheld = int((world.now - dt.timedelta(minutes=1)).timestamp())
    ordered = sorted((each for each in world.tickets if _stamp(each) <= withheld), key=lambda each: (_stamp(each), each.number))  # fmt: skip
    if "cursor" in asked.query:
        start, place, empty = map(int, base64.b64decode(asked.query["cursor"]).decode().split(":"))
    else:
        start, place, empty = int(asked.query["start_time"]), 0, 0
    listed = [each for each in ordered if _stamp(each) >= start]
    size = min(int(asked.query.get("per_page", EXPORT)), EXPORT)
    if not empty and place and place + size >= len(listed):
        return ok(_page([], f"{start}:{place}:1", end=False))
    page = listed[max(place - 1, 0) : place + size]
    after = min(place + size, len(listed))
    told = _page(page, f"{start}:{after}:{empty}", end=after >= len(listed))
    brought = asked.query.get("include", "").split(",")
    for told_of, ticket in zip(told["tickets"], page, strict=True):
        told_of.update({} if ticket.deleted else _along(ticket, brought, world.now))
    return ok(told if "users" in brought else {**told, "users": None})


def _along(ticket: Ticket, brought: list[str], now: dt.datetime) -> dict[str, Any]:
    """What an export brings along with a ticket; names it does not know are no error."""
    known = {"metric_events": lambda: metric_events(ticket), "slas": lambda: slas(ticket, now)}
    return {name: known[name]() for name in brought if name in known}


def _page(tickets: list[Ticket], cursor: str, *, end: bool) -> dict[str, Any]:
    people = {each.requester.id: _user(each.requester) for each in tickets}
    return {
        "tickets": [_ticket(each) for each in tickets],
        "users": list(people.values()),
        "after_cursor": base64.b64encode(cursor.encode()).decode(),
        "after_url": "https://elsewhere.example/next",
        "end_of_stream": end,
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.number,
        "subject": ticket.subject,
        "requester_id": ticket.requester.id,
        "status": "deleted" if ticket.deleted else "open",
        "organization_id": None,
        "tags": ["closed_by_merge"] if ticket.merged_into else [],
        "created_at": _iso(ticket.opened_at),
        "updated_at": _iso(ticket.updated_at),
        "generated_timestamp": _stamp(ticket),
    }


def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _audits(ticket: Ticket, asked: Asked) -> Step:
    updates = groupby(ticket.events, key=lambda each: (each["occurred_at"], each["who"]))
    audits = [_audit(list(events), ticket) for _, events in updates]
    if ticket.number % 7 == 0:  # archived
        return ok({"audits": audits, "count": len(audits), "next_page": None})
    place = int(asked.query.get("page[after]", "0"))
    after = place + AUDITS
    more = after < len(audits)
    following = f"{asked.url}/{asked.path}?page%5Bafter%5D={after}&page%5Bsize%5D=100"
    return ok({"audits": audits[place:after], "meta": {"has_more": more, "after_cursor": str(after)},
               "links": {"next": following if more else None}})  # fmt: skip


def _audit(events: list[Event], ticket: Ticket) -> dict[str, Any]:
    who = events[0]["who"]
    via = {"channel": _VIA[ticket.channel], "source": {}} if who else {"channel": "rule", "source": {"rel": "trigger"}}
    return {
        "id": events[0]["id"],
        "ticket_id": ticket.number,
        "created_at": _iso(events[0]["occurred_at"]),
        "author_id": who or -1,
        "via": via,
        "events": [made for each in events for made in _events(each, via)],
    }


def _events(event: Event, via: dict[str, Any]) -> list[dict[str, Any]]:
    own = {"id": event["id"] * 10}
    kind = event["kind"]
    if kind == "other":
        return [{**own, "type": "Create", "field_name": "status", "value": "new"},
                {**own, "type": "Create", "field_name": "type", "value": "question"}]  # fmt: skip
    if kind == "message":
        body = {"body": event["text"], "html_body": f"<p>{event['text']}</p>", "plain_body": event["text"]}
        return [{**own, "type": "Comment", "author_id": event["who"] or -1, "public": event["public"], **body, "via": via},
                {**own, "type": "Notification", "subject": "x", "body": "x", "recipients": [1]}]  # fmt: skip
    value = {
        "status": lambda: ("status", event["status"].replace("on_hold", "hold")),
        "priority": lambda: ("priority", event["priority"]),
        "team": lambda: ("group_id", str(_TEAMS[event["team"]])),
        "assignment": lambda: ("assignee_id", str(_AGENTS[event["agent"]])),
        "rating": lambda: ("satisfaction_score", "good" if event["score"] else "bad"),
        "merge": lambda: ("tags", ["closed_by_merge"]),
    }[kind]()
    return [{**own, "type": "Change", "field_name": value[0], "value": value[1], "previous_value": None}]
