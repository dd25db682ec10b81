"""Request Tracker's transactions as events, in the order of their ids: many share a second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.moments import iso, local
from cs_audit.sources.helpdesks.people import names
from cs_audit.text.automatic import why

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_STATUSES = {
    **dict.fromkeys(("new", "approved"), "new"),
    **dict.fromkeys(("pending", "waiting", "waiting for customer", "waiting for requestor"), "pending"),
    **dict.fromkeys(("stalled", "on hold", "suspended"), "on_hold"),
    **dict.fromkeys(("resolved", "solved", "fixed", "answered"), "solved"),
    **dict.fromkeys(
        ("rejected", "closed", "deleted", "cancelled", "canceled", "declined", "denied", "abandoned", "failed"),
        "closed",
    ),
}
"""By the default lifecycle and names that own ones often use; any other status is one of work, `open`."""

_CHANNELS = {"email": "email", "web": "web", "mobile": "web", "rest": "api", "rest2": "api", "api": "api", "cli": "api"}
_CHANGES = ("Set", "Take", "Give", "Steal", "Untake", "Force")
_SYSTEM, _NOBODY = "RT_System", "Nobody"
_NEVER = "1970-01-01 00:00:00"
_NORMAL, _HIGH, _URGENT = 50, 100, 101


@dataclass(frozen=True)
class _Told:
    """What is needed to read the rows of one ticket."""

    ticket: Json
    people: Mapping[str, Json]
    queues: Mapping[str, str]
    parts: Mapping[str, list[Json]]
    base: Mapping[str, Any]

    @property
    def requestors(self) -> dict[str, str]:
        return {str(each["id"]): _address(each) for each in self.ticket["Requestor"]}


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    """The opening with what held then, each message and change, and on the last event the promised times."""
    ticket, rows = payload["ticket"], sorted(payload["rows"], key=lambda row: int(row["id"]))
    parts: dict[str, list[Json]] = {}
    for part in sorted(payload["parts"], key=lambda each: int(each["id"])):
        parts.setdefault(str(part["TransactionId"]), []).append(part)
    told = _Told(ticket, payload["people"], names(records, "queue", "Name"), parts, _base(ticket, config))
    events = [*_opening(rows, told), *(event for row in rows for event in _row(row, told))]
    events[-1] = {**events[-1], **_promised(rows, told)}
    yield from events


def _base(ticket: Json, config: HelpdeskSource) -> dict[str, Any]:
    first: Json = next(iter(ticket["Requestor"]), {})
    return {
        "requester": _address(first) or None,
        "subject": ticket.get("Subject"),
        "url": f"{config.url.rstrip('/')}/Ticket/Display.html?id={ticket['id']}",
        "organization": first.get("Organization") or None,
    }


def _address(person: Json) -> str:
    return str(person.get("EmailAddress") or person.get("Name") or person.get("id") or "").strip().lower()


def _opening(rows: list[Json], told: _Told) -> Iterator[Event]:
    """Its beginning: queue, priority and status as they were before the first change of each."""
    created = next((row for row in rows if row["Type"] == "Create"), None)
    who = _author(created, told) if created else {"author": "system", "author_id": None}
    moment = iso(created["Created"] if created else told.ticket["Created"])
    own = {**told.base, **who, "occurred_at": moment, "public": False, "automatic": False}
    yield {**own, "kind": "other", "status": "new"}
    queue = _before(rows, "Queue", str(told.ticket["Queue"]["id"]))
    yield {**own, "kind": "team", "team": told.queues.get(queue, queue)}
    priority = _before(rows, "Priority", str(told.ticket.get("Priority") or 0))
    if _number(priority):
        yield {**own, "kind": "priority", "priority": _priority(priority)}
    status = _status(_before(rows, "Status", told.ticket["Status"]))
    if status != "new":
        yield {**own, "kind": "status", "status": status}


def _before(rows: list[Json], field: str, now: str) -> str:
    """The value of a field before its first change; its value now if there was none."""
    changes = (row for row in rows if row["Field"] == field and row["Type"] in ("Set", "Status"))
    return next((str(row["OldValue"]) for row in changes), now)


def _author(row: Json, told: _Told) -> dict[str, Any]:
    """Who did it. What Request Tracker does by itself is the system's; its account is not privileged."""
    who, name = str(row["Creator"]["id"]), str(row["Creator"]["Name"])
    if name == _SYSTEM:
        return {"author": "system", "author_id": None, "automatic": True}
    if who in told.requestors:
        return {"author": "requester", "author_id": told.requestors[who], "automatic": False}
    person = told.people.get(who)
    if not person:
        return {"author": "unknown", "author_id": name, "automatic": False}
    if _number(person.get("Privileged")):
        return {"author": "agent", "author_id": _label(person, name), "automatic": False}
    return {"author": "requester", "author_id": _address(person), "automatic": False}


def _label(person: Json, otherwise: str) -> str:
    return str(person.get("RealName") or person.get("Name") or otherwise).strip()


def _row(row: Json, told: _Told) -> Iterator[Event]:
    own = {**told.base, **_author(row, told), "occurred_at": iso(row["Created"])}
    kind, field, value = row["Type"], row["Field"], str(row["NewValue"])
    if kind in ("Create", "Correspond", "Comment"):
        yield from _message(row, own, told)
    elif kind == "Status":
        yield {**own, "kind": "status", "public": False, "status": _status(value)}
    elif kind in _CHANGES:
        changed = _changed(field, value, told)
        if changed:
            yield {**own, "public": False, **changed}
    elif kind == "AddLink" and field == "MergedInto" and not value.endswith(f"/ticket/{told.ticket['id']}"):
        yield {**own, "kind": "merge", "public": False}


def _changed(field: str, value: str, told: _Told) -> Event | None:
    if field == "Queue":
        return {"kind": "team", "team": told.queues.get(value, value)}
    if field == "Priority":
        return {"kind": "priority", "priority": _priority(value)}
    owner = told.people.get(value) or {}
    if field == "Owner" and owner.get("Name") != _NOBODY:
        return {"kind": "assignment", "agent": _label(owner, value)}
    return None


def _message(row: Json, own: Event, told: _Told) -> Iterator[Event]:
    """A ticket may be created without a word."""
    parts = told.parts.get(str(row["id"]), [])
    if row["Type"] == "Create" and not parts:
        return
    headers = next((str(part["Headers"]) for part in parts), "")
    word = _header(headers, "x-rt-interface")
    made = {
        **own,
        "kind": "message",
        "public": row["Type"] != "Comment",
        "channel": _CHANNELS.get(word.lower(), "other") if word else None,
        "channel_detail": word or None,
        "text": _text(parts),
    }
    if why(headers, None, None):
        made |= {"automatic": True, "automatic_reason": "header"}
    yield made


def _header(headers: str, name: str) -> str:
    pairs = (line.partition(":") for line in headers.splitlines())
    return next((value.strip() for key, _, value in pairs if key.strip().lower() == name), "")


def _text(parts: list[Json]) -> str | None:
    """The plain text of a message, else its HTML; files have a name."""
    said = [part for part in parts if str(part["ContentType"]).startswith("text/") and not part.get("Filename")]
    said.sort(key=lambda part: part["ContentType"] != "text/plain")
    return str(said[0]["Content"]) if said else None


def _status(word: str) -> str:
    return _STATUSES.get(word.strip().lower(), "open")


def _priority(value: str) -> str:
    """A number; the vendor's words for it are Low from 0, Medium from 50 and High from 100."""
    number = _number(value)
    return "urgent" if number >= _URGENT else "high" if number >= _HIGH else "normal" if number >= _NORMAL else "low"


def _number(value: Json) -> int:
    return int(value or 0)


def _promised(rows: list[Json], told: _Told) -> dict[str, dt.datetime]:
    """The due times that Request Tracker set. It has one field for both: the time to answer by, which an answer clears
    or replaces in the same second and a question sets, and the time to resolve by, which stands after an answer.

    A ticket that nobody answered does not show which one its due time is.
    """
    first_reply, resolution, due, answered, asked = _NEVER, _NEVER, _NEVER, "", ""
    for row in rows:
        moment = row["Created"]
        if row["Type"] == "Correspond" and _author(row, told)["author"] == "agent":
            answered, resolution = answered or moment, due
        elif row["Type"] == "Correspond":
            asked = moment
        elif row["Type"] == "Set" and row["Field"] == "Due":
            first_reply = row["OldValue"] if moment == answered and first_reply == _NEVER else first_reply
            due = row["NewValue"]
            resolution = due if answered and moment != asked else resolution
    found = {"due_first_reply": first_reply, "due_resolution": resolution}
    return {name: local(text, "UTC") for name, text in found.items() if text != _NEVER}
