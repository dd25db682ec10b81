"""Chatwoot as its server's source describes it: open conversations alone unless asked for all, 25 to a page; the last 20
messages unless asked `after` an id, then 100; changes as sentences in the language the account had; no word of a
reopening by the requester outside of API inboxes; ratings in a list of their own; deletions in the audit log alone.
"""

import datetime as dt
import re
from itertools import groupby
from typing import Any

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, PEOPLE, TEAMS, Event, Ticket, World, manager_of
from web.web_server import Step

ACCOUNT = "3"
ROOT = f"api/v1/accounts/{ACCOUNT}"
_INBOXES = {"email": (1, "Channel::Email"), "chat": (2, "Channel::WebWidget"), "web": (3, "Channel::Api"),
            "messenger": (4, "Channel::Whatsapp"), "social": (5, "Channel::FacebookPage")}  # fmt: skip
_STATUS = {"open": "open", "pending": "pending", "on_hold": "snoozed", "solved": "resolved"}
_PRIORITY = {"low": "low", "normal": "medium", "high": "high", "urgent": "urgent"}
_ENGLISH = {
    "resolved": "Conversation was marked resolved by {by}",
    "open": "Conversation was reopened by {by}",
    "pending": "Conversation was marked as pending by {by}",
    "snoozed": "Conversation was snoozed by {by}",
    "incoming": "System reopened the conversation due to a new incoming message.",
    "added": "{by} set the priority to {new}",
    "updated": "{by} changed the priority from {old} to {new}",
    "via": "Assigned to {agent} via {team} by {by}",
}
_RUSSIAN = {
    "resolved": "{by} завершил диалог",
    "open": "{by} открыл заново диалог",
    "pending": "Разговор был помечен как ожидающий {by}",
    "snoozed": "Разговор был помечен как отложенный {by}",
    "incoming": "Система переоткрыла разговор из-за нового входящего сообщения.",
    "added": "{by} установил приоритет на {new}",
    "updated": "{by} изменил приоритет с {old} на {new}",
    "via": "{by} назначил {agent} в {team}",
}
WEEK = [
    {"day_of_week": day, "closed_all_day": day in (0, 6), "open_all_day": False, "open_hour": None if day in (0, 6) else 9,
     "open_minutes": None if day in (0, 6) else 30, "close_hour": None if day in (0, 6) else 18, "close_minutes": None if day in (0, 6) else 0}
    for day in range(7)
]  # fmt: skip


def chatwoot(world: World) -> Answer:
    known = {each.number: each for each in world.alive}
    records = {
        "agents": [{"id": each.id, "name": each.name, "available_name": each.name.split()[0], "email": each.email,
                    "role": "agent", "availability_status": "offline"} for each in AGENTS],
        "teams": [{"id": each.id, "name": each.name, "allow_auto_assign": True} for each in TEAMS],
        "inboxes": {"payload": [_inbox(*each) for each in _INBOXES.values()]},
        "sla_policies": {"payload": []},
        "": {"id": int(ACCOUNT), "name": "Desk", "locale": "ru"},
    }  # fmt: skip

    lists = {
        "conversations/meta": lambda _: {"meta": _counts(world)},
        "conversations": lambda query: {"data": {"meta": _counts(world), "payload": _listed(world, query)}},
        "csat_survey_responses": lambda query: _ratings(world, query),
        "audit_logs": lambda query: _audit(world, query),
    }
    date = world.now.strftime("%a, %d %b %Y %H:%M:%S GMT")

    def answer(asked: Asked) -> Step:
        path = asked.path.removeprefix(ROOT).strip("/")
        if asked.method != "GET" or not asked.path.startswith(ROOT):
            return missing()
        if path in records:
            return ok(records[path], Date=date)
        if path in lists:
            return ok(lists[path](asked.query), Date=date)
        found = re.fullmatch(r"conversations/(\d+)/messages", path)
        ticket = known.get(int(found[1])) if found else None
        return missing() if ticket is None else ok({"meta": {}, "payload": _some(messages_of(ticket), asked.query)})

    return answer


def shows(ticket: Ticket) -> list[Event]:
    """No merges; ratings from 1 to 5, asked for when it is solved; what is not mail, chat or social comes by the API."""
    shown = []
    for event in ticket.events:
        if event["kind"] == "merge":
            continue
        told = {**event, "channel": "api" if event["channel"] == "web" else event["channel"]}
        if event["kind"] == "rating":
            told |= {"score": 5.0 if event["score"] else 1.0, "scale": 5.0}
        shown.append(told)
        if event is _survey(ticket):
            shown.append({**event, "kind": "rating", "status": None, "scale": 5.0, "author": "system", "author_id": None,
                          "automatic": True, "channel": None})  # fmt: skip
    return shown


def authorised(asked: Asked) -> bool:
    return asked.headers.get("api_access_token") == TOKEN


VENDOR = Vendor("chatwoot", chatwoot, shows=shows, table={"account": ACCOUNT}, authorised=authorised)


def _survey(ticket: Ticket) -> Event | None:
    """The event after which a rated ticket's requester was asked."""
    if not any(each["kind"] == "rating" for each in ticket.events):
        return None
    return [each for each in ticket.events if each.get("status") == "solved"][-1]


def _inbox(number: int, channel: str) -> dict[str, Any]:
    return {"id": number, "name": channel.removeprefix("Channel::"), "channel_type": channel, "timezone": "Europe/Moscow",
            "working_hours_enabled": number < 3, "working_hours": WEEK, "imap_password": "not-to-be-kept"}  # fmt: skip


def _counts(world: World) -> dict[str, int]:
    return {"mine_count": 0, "assigned_count": 0, "unassigned_count": 0, "all_count": len(world.alive)}


def _at(event: Event) -> int:
    return int(event["occurred_at"].timestamp())


def _updated(ticket: Ticket) -> float:
    return max(_at(each) for each in ticket.events if each["kind"] != "merge") + 0.123456


def _listed(world: World, query: dict[str, str]) -> list[dict[str, Any]]:
    every = [conversation_of(each) for each in world.alive]
    status = query.get("status", "open")
    chosen = [each for each in every if status in ("all", each["status"])]
    by, _, way = query.get("sort_by", "last_activity_at_desc").rpartition("_")
    if by not in ("created_at", "last_activity_at"):
        by, way = "last_activity_at", "desc"
    chosen.sort(key=lambda each: each[by], reverse=way == "desc")
    if "updated_within" in query:
        return [each for each in chosen if each["updated_at"] > world.now.timestamp() - int(query["updated_within"])]
    place = (int(query.get("page", "1")) - 1) * 25
    return chosen[place : place + 25]


def conversation_of(ticket: Ticket) -> dict[str, Any]:
    inbox, channel = _INBOXES[ticket.channel]
    messages = messages_of(ticket)
    status = next((each["status"] for each in reversed(ticket.events) if each["kind"] == "status"), "open")
    person = ticket.requester
    return {
        "id": ticket.number,
        "account_id": int(ACCOUNT),
        "inbox_id": inbox,
        "status": _STATUS[status],
        "muted": False,
        "can_reply": True,
        "created_at": _at(ticket.events[0]),
        "updated_at": _updated(ticket),
        "last_activity_at": messages[-1]["created_at"],
        "first_reply_created_at": 0,
        "waiting_since": 0,
        "snoozed_until": None,
        "labels": [],
        "additional_attributes": {"mail_subject": ticket.subject} if ticket.channel == "email" else {},
        "messages": messages[-1:],
        "meta": {
            "sender": {"id": person.id, "name": person.name, "email": person.email, "phone_number": None, "additional_attributes": {},
                       "custom_attributes": {"manager": its_own.name} if (its_own := manager_of(person)) else {}},
            "channel": channel,
        },
    }  # fmt: skip


def messages_of(ticket: Ticket) -> list[dict[str, Any]]:
    """All messages of a conversation, oldest first."""
    words = _RUSSIAN if ticket.number % 2 else _ENGLISH
    made: list[dict[str, Any]] = []
    status, priority = "open", None
    for _, update in groupby(
        ticket.events, key=lambda each: (each["occurred_at"], each["who"], each["kind"] in ("team", "assignment"))
    ):
        events = list(update)
        if events[0]["kind"] == "team":
            by, team, agent = PEOPLE[events[0]["who"]].name, events[0]["team"], events[1]["agent"]
            made.append(_activity(events[0], ticket, words["via"].format(by=by, team=team, agent=agent)))
            continue
        for event in events:
            if event["kind"] == "message":
                made.append(_message(event, ticket))
            elif event["kind"] == "status":
                made += _status(event, ticket, words, status)
                status = event["status"]
            elif event["kind"] == "priority":
                new = _PRIORITY[event["priority"]]
                text = words["updated" if priority else "added"].format(by=_name(event), old=priority, new=new)
                made.append(_activity(event, ticket, text))
                priority = new
            if event is _survey(ticket):
                made.append({**_blank(event, ticket, 3), "id": event["id"] * 10 + 5, "content_type": "input_csat",
                             "content": "Please rate the conversation"})  # fmt: skip
    return made


def _name(event: Event) -> str:
    return PEOPLE[event["who"]].name if event["who"] else "Automation System"


def _status(event: Event, ticket: Ticket, words: dict[str, str], before: str) -> list[dict[str, Any]]:
    """A change of status has a sentence, but not the reopening of what was resolved or snoozed by a message from the
    requester; only API inboxes tell that.
    """
    if event["who"] or before == "pending":
        return [_activity(event, ticket, words[_STATUS[event["status"]]].format(by=_name(event)))]
    return [_activity(event, ticket, words["incoming"])] if ticket.channel == "web" else []


def _blank(event: Event, ticket: Ticket, kind: int) -> dict[str, Any]:
    return {"id": event["id"] * 10, "conversation_id": ticket.number, "message_type": kind, "content_type": "text", "content": None,
            "status": "sent", "private": False, "source_id": None, "content_attributes": {}, "created_at": _at(event)}  # fmt: skip


def _activity(event: Event, ticket: Ticket, text: str) -> dict[str, Any]:
    return {**_blank(event, ticket, 2), "content": text}


def _message(event: Event, ticket: Ticket) -> dict[str, Any]:
    if not event["who"]:
        return {**_blank(event, ticket, 3), "content": event["text"]}
    person = PEOPLE[event["who"]]
    kind = "contact" if person.role == "requester" else "user"
    sender = {"id": person.id, "name": person.name, "type": kind, "thumbnail": ""}
    written = {"content": event["text"], "private": not event["public"], "sender": sender}
    return {**_blank(event, ticket, 0 if kind == "contact" else 1), **written}


def _some(messages: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    after, before = (int(query[key]) if query.get(key) else None for key in ("after", "before"))
    if after is not None and before is not None:
        return [each for each in messages if after <= each["id"] < before][:1000]
    if after is not None:
        return [each for each in messages if each["id"] > after][:100]
    return [each for each in messages if before is None or each["id"] < before][-20:]


def _ratings(world: World, query: dict[str, str]) -> list[dict[str, Any]]:
    """25 to a page; without `sort` in no order."""
    found = [
        {"id": event["id"], "rating": 5 if event["score"] else 1, "feedback_message": None, "account_id": int(ACCOUNT),
         "message_id": (_survey(ticket) or event)["id"] * 10 + 5, "conversation_id": ticket.number,
         "contact": {"id": ticket.requester.id}, "created_at": _at(event)}
        for ticket in world.alive for event in ticket.events if event["kind"] == "rating"
    ]  # fmt: skip
    if "sort" in query:
        found.sort(key=lambda each: each[query["sort"].lstrip("-")], reverse=query["sort"].startswith("-"))
    place = (int(query.get("page", "1")) - 1) * 25
    return found[place : place + 25]


def _audit(world: World, query: dict[str, str]) -> dict[str, Any]:
    """Newest first, 15 to a page: deletions among everything else."""
    logins = [
        {"id": number, "auditable_type": "User", "action": "sign_in", "audited_changes": None,
         "created_at": int((world.now - dt.timedelta(days=number)).timestamp())}
        for number in range(40)
    ]  # fmt: skip
    deletions = [
        {"id": 1000 + each.number, "auditable_id": 77_000 + each.number, "auditable_type": "Conversation", "action": "destroy",
         "audited_changes": {"id": 77_000 + each.number, "display_id": each.number}, "created_at": _at(each.events[-1]) + 60}
        for each in world.tickets if each.deleted
    ]  # fmt: skip
    entries = sorted(logins + deletions, key=lambda each: -each["created_at"])
    place = (int(query.get("page", "1")) - 1) * 15
    return {"per_page": 15, "total_entries": len(entries), "audit_logs": entries[place : place + 15]}
