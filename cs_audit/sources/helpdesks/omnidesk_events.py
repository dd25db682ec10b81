"""Omnidesk's cases as events: what was said and what was changed, put together by time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.moments import mail
from cs_audit.sources.helpdesks.people import address, names

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_CHANNELS = {
    "email": "email",
    "web": "web",
    "call": "phone",
    "chat": "chat",
    **dict.fromkeys(("telegram", "viber", "whatsapp", "wa_chat", "skype", "line"), "messenger"),
    **dict.fromkeys(("slack", "mattermost", "avito"), "messenger"),
    **dict.fromkeys(("facebook", "fb_chat", "vkontakte", "vk", "odnoklassniki", "instagram", "twitter"), "social"),
}  # fmt: skip
_STATUSES = {"open": "open", "waiting": "pending", "closed": "closed"}
_PRIORITIES = {"low": "low", "normal": "normal", "high": "high", "critical": "urgent"}
_SCORES = {"low": 0.0, "middle": 0.5, "high": 1.0}
_NONE = (None, "", 0, "0", "-")
_OPENING, _SAID, _CHANGED = range(3)
"""What stands first in one second: a reply comes before the status it sets."""


@dataclass(frozen=True)
class _Case:
    """A case, and who is who in it."""

    case: Json
    requester: str
    staff: Mapping[str, str]
    groups: Mapping[str, str]

    def person(self, identity: object) -> str:
        return self.staff.get(str(identity), str(identity))

    @property
    def channel(self) -> dict[str, Any]:
        told = str(self.case["channel"])
        return {"channel": _CHANNELS.get(told, "other"), "channel_detail": told}

    def agent(self, identity: object) -> dict[str, Any]:
        return {**self.channel, "author": "agent", "author_id": self.person(identity), "automatic": False}

    def user(self, identity: object) -> dict[str, Any]:
        own = str(identity) == str(self.case["user_id"])
        return {
            **self.channel,
            "author": "requester",
            "author_id": self.requester if own else str(identity),
            "automatic": False,
        }


_SYSTEM = {"author": "system", "author_id": None, "automatic": True, "channel": None}


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    case, user = payload["case"], payload["user"] or {}
    phone = user.get("user_phone") or user.get("user_whatsapp_phone")
    told = _Case(
        case,
        address({"email": user.get("user_email"), "phone": phone}, case["user_id"]),
        names(records, "staff", "staff_full_name", "staff_email"),
        names(records, "group", "group_title", "group_name"),
    )
    base = {
        "requester": told.requester,
        "subject": case.get("subject") or None,
        "url": f"{config.url.rstrip('/')}/staff/cases/record/{case['case_number']}",
        "organization": user.get("company_name") or None,
        "tags": _tags(case.get("labels") or [], names(records, "label", "label_title")),
    }
    log = _oldest_first(payload["changelog"])
    made = [_opening(told, payload["messages"], log), *_messages(told, payload["messages"]), *_changes(told, log)]
    for _, _, event in sorted(made, key=itemgetter(0, 1)):
        yield {**base, **event}


Placed = tuple[dt.datetime, int, dict[str, Any]]


def _oldest_first(log: list[Json]) -> list[Json]:
    """The log by time; what shares a second keeps the vendor's order, whichever way round the log comes."""
    timed = [(mail(each["created_at"]), each) for each in log]
    if timed and timed[0][0] > timed[-1][0]:
        timed.reverse()
    return [each for _, each in sorted(timed, key=itemgetter(0))]


def _opening(told: _Case, messages: list[Json], log: list[Json]) -> Placed:
    """The case is there, with what it had before the log's first change of it."""
    moment = mail(told.case["created_at"])
    first: Json = min(messages, key=lambda each: (mail(each["created_at"]), each["message_id"]), default={})
    by_staff = first.get("user_id") in _NONE and first.get("staff_id") not in _NONE
    author = told.agent(first["staff_id"]) if by_staff else told.user(told.case["user_id"])
    state = {
        "priority": _PRIORITIES.get(str(_before("priority", told.case["priority"], log))),
        "team": _named(told.groups, _before("group", told.case["group_id"], log)),
        "agent": _named(told.staff, _before("staff", told.case["staff_id"], log)),
    }
    return moment, _OPENING, {
        "occurred_at": moment, "kind": "other", "status": "new", "public": False, **author,
        **{key: value for key, value in state.items() if value is not None},
    }  # fmt: skip


def _before(field: str, now: Json, log: list[Json]) -> Json:
    """What a field held at first: the old value of its first change, else what it holds now."""
    return next((each.get("old_value") for each in log if each["event"] == field), now)


def _named(known: Mapping[str, str], identity: Json) -> str | None:
    return None if identity in _NONE else known.get(str(identity), str(identity))


def _messages(told: _Case, messages: list[Json]) -> Iterator[Placed]:
    rated = False
    for each in messages:
        sent = each.get("sent_at")
        moment = mail(each["created_at"] if sent in _NONE else sent)
        own = {"occurred_at": moment, **_author(told, each)}
        text = each.get("content_html") or each.get("content")
        score = _SCORES.get(str(each.get("rating")))
        rated = rated or score is not None
        if text or score is None or each.get("attachments"):
            yield moment, _SAID, {**own, "kind": "message", "public": not each["note"], "text": text or None}
        if score is not None:
            yield moment, _SAID, _rating(told, moment, score)
    score = _SCORES.get(str(told.case.get("rating")))
    if score is not None and not rated:
        closed = told.case.get("closed_at")
        moment = mail(told.case["updated_at"] if closed in _NONE else closed)
        yield moment, _CHANGED, _rating(told, moment, score)


def _rating(told: _Case, moment: dt.datetime, score: float) -> dict[str, Any]:
    by = told.user(told.case["user_id"])
    return {"occurred_at": moment, **by, "kind": "rating", "public": False, "score": score, "scale": 1.0}


def _author(told: _Case, message: Json) -> dict[str, Any]:
    """Who wrote it: what a rule sends is the system's, in whoever's name it goes out."""
    if message.get("sent_via_rule"):
        return _SYSTEM
    if message["user_id"] not in _NONE:
        return told.user(message["user_id"])
    return _SYSTEM if message["staff_id"] in _NONE else told.agent(message["staff_id"])


def _changes(told: _Case, log: list[Json]) -> Iterator[Placed]:
    for each in log:
        value, moment = each.get("value"), mail(each["created_at"])
        made = None if value in _NONE else _changed(told, each["event"], str(value))
        if made:
            own = {"occurred_at": moment, "public": False, **_doer(told, str(each["done_by"]))}
            yield moment, _CHANGED, {**own, **made}


def _doer(told: _Case, who: str) -> dict[str, Any]:
    role, _, identity = who.partition("_")
    if role == "staff":
        return told.agent(identity)
    return told.user(identity) if role == "user" else _SYSTEM


def _changed(told: _Case, field: str, value: str) -> Event | None:
    """What a new value of a field means; None of what says nothing of the service."""
    if field == "status":
        return {"kind": "status", "status": _STATUSES[value]} if value in _STATUSES else None
    if field == "priority":
        return {"kind": "priority", "priority": _PRIORITIES[value]} if value in _PRIORITIES else None
    if field == "group":
        return {"kind": "team", "team": told.groups.get(value, value)}
    if field in ("staff", "fixed_chat"):
        return {"kind": "assignment", "agent": told.person(value)}
    return None


def _tags(labels: list[Json], known: Mapping[str, str]) -> str | None:
    return "|".join(["", *(known.get(str(each), str(each)) for each in labels), ""]) if labels else None
