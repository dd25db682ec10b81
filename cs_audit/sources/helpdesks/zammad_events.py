"""Zammad's tickets as events: articles, and a history of one entry for each changed attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.helpdesks.people import address

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_CHANNELS = (
    ("email", "email"), ("phone", "phone"), ("web", "web"), ("chat", "chat"), ("sms", "messenger"),
    ("telegram", "messenger"), ("whatsapp", "messenger"), ("twitter", "social"), ("facebook", "social"),
)  # fmt: skip
"""Channels by the beginning of an article's type."""
_STATUSES = {"new": "new", "open": "open", "pending reminder": "pending", "pending action": "pending",
             "closed": "closed", "removed": "closed"}  # fmt: skip
_PRIORITIES = ("low", "normal", "high", "urgent")
_NOBODY = ("", "-")
_SYSTEM_ID = 1
_SYSTEM: Mapping[str, Any] = {"author": "system", "author_id": None, "channel": None, "automatic": True}
_KINDS = {"state": ("status", "status"), "priority": ("priority", "priority"), "group": ("team", "team"),
          "owner": ("assignment", "agent")}  # fmt: skip
_CLOCKS = {"first_reply": "first_response", "resolution": "close"}


@dataclass(frozen=True)
class _Told:
    """One ticket while it is told: what holds of all its events, and who is who."""

    ticket: Json
    base: Mapping[str, Any]
    people: Mapping[str, Json]
    customers: frozenset[Any]
    states: Mapping[str, str]

    def by(self, person: Json) -> dict[str, Any]:
        """Who did it: 1 is the system, those who write as customers are requesters, all others agents."""
        if person in (_SYSTEM_ID, None):
            return dict(_SYSTEM)
        if person in self.customers:
            return {"author": "requester", "author_id": self.requester(person)}
        return {"author": "agent", "author_id": self.name(person)}

    def requester(self, person: Json) -> str:
        if person == self.ticket["customer_id"]:
            return str(self.base["requester"])
        return address(self.people.get(str(person)), person)

    def name(self, person: Json) -> str:
        known = self.people.get(str(person)) or {}
        full = " ".join(str(known[key]).strip() for key in ("firstname", "lastname") if known.get(key))
        return full or str(known.get("login") or person)


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    ticket, history = payload["ticket"], payload["history"]
    entries = [each for each in history if each["object"] == "Ticket"]
    articles = _own(payload["articles"], history)
    told = _told(payload, articles, records, config)
    events = [*_opened(told, entries)]
    found = [event for each in entries if (event := _entry(each, told)) is not None]
    found += [_article(each, told) for each in articles]
    events += sorted(found, key=lambda each: each["occurred_at"])
    yield from events[:-1]
    yield {**events[-1], **_verdicts(ticket)}


def _own(articles: list[Json], history: list[Json]) -> list[Json]:
    """The articles written in this ticket: those a merge brought are not in its history."""
    born = {each["o_id"] for each in history if (each["object"], each["type"]) == ("Ticket::Article", "created")}
    merged = any(each["type"] == "received_merge" for each in history)
    return [each for each in articles if each["id"] in born] if merged else articles


def _told(payload: Json, articles: list[Json], records: Records, config: HelpdeskSource) -> _Told:
    ticket, people = payload["ticket"], payload["people"]
    customer = ticket["customer_id"]
    writers = {each.get("origin_by_id") or each["created_by_id"] for each in articles if each["sender"] == "Customer"}
    base = {
        "requester": address(people.get(str(customer)), ticket.get("customer") or customer),
        "subject": ticket.get("title"),
        "organization": ticket.get("organization") or None,
        "url": f"{config.url.rstrip('/')}/#ticket/zoom/{ticket['id']}",
        "channel": _channel(articles[0]["type"]) if articles else None,
        "channel_detail": articles[0]["type"] if articles else None,
        "public": False,
        "automatic": False,
    }
    states = {str(each["name"]): str(each.get("state_type")) for each in records.get("state", {}).values()}
    return _Told(ticket, base, people, frozenset({customer, *writers} - {_SYSTEM_ID}), states)


def _channel(kind: str) -> str:
    return next((channel for start, channel in _CHANNELS if kind.startswith(start)), "other")


def _opened(told: _Told, entries: list[Json]) -> Iterator[Event]:
    """Its beginning, and what it had from the beginning: the values before the first changes."""
    moment = iso(told.ticket["created_at"])
    own = {**told.base, "occurred_at": moment, **told.by(told.ticket["created_by_id"])}
    yield {**own, "kind": "other", "status": "new"}
    for attribute in _KINDS:
        first = next((each.get("value_from") for each in entries if each.get("attribute") == attribute), None)
        made = _changed(attribute, told.ticket.get(attribute) if first is None else first, None, told)
        if made is not None and made.get("status") != "new":
            yield {**own, **made}


def _entry(entry: Json, told: _Told) -> Event | None:
    own = {**told.base, "occurred_at": iso(entry["created_at"]), **told.by(entry["created_by_id"])}
    if entry["type"] == "merged_into":
        return {**own, "kind": "merge"}
    if entry["type"] != "updated":
        return None
    made = _changed(entry.get("attribute"), entry.get("value_to"), entry.get("id_to"), told)
    return None if made is None else {**own, **made}


def _changed(attribute: Json, value: Json, identity: Json, told: _Told) -> Event | None:
    """What a new value of an attribute means; None of what says nothing of the service."""
    if attribute not in _KINDS or str(value or "").strip() in _NOBODY:
        return None
    kind, column = _KINDS[attribute]
    meant: str | None = str(value).strip()
    if attribute == "state":
        meant = _STATUSES.get(told.states.get(str(value), str(value)))
    elif attribute == "priority":
        meant = next((each for each in _PRIORITIES if str(value).lower().split()[-1] == each), None)
    elif attribute == "owner":
        meant = told.name(identity if identity is not None else _owner(str(meant), told))
    return None if meant is None else {"kind": kind, column: meant}


def _owner(text: str, told: _Told) -> Json:
    """The id of an owner told by his login, his address or his full name."""
    for key, each in told.people.items():
        if text in (each.get("login"), each.get("email"), told.name(key)):
            return key
    return text


def _article(article: Json, told: _Told) -> Event:
    """An article. A note of an agent's is not communication, and `internal` ones reach no requester."""
    kind, sender = article["type"], article["sender"]
    writer = article.get("origin_by_id") or article["created_by_id"]
    channel = {} if kind == "note" else {"channel": _channel(kind), "channel_detail": kind}
    who: Mapping[str, Any] = {"author": "agent", "author_id": told.name(writer)}
    if sender == "System" or writer == _SYSTEM_ID:
        who = _SYSTEM
    elif sender == "Customer":
        automatic = bool((article.get("preferences") or {}).get("is-auto-response"))
        who = {"author": "requester", "author_id": told.requester(writer), "automatic": automatic}
    seen = not article["internal"] and (kind != "note" or sender == "Customer")
    own = {**told.base, **channel, "occurred_at": iso(article["created_at"]), **who}
    return {**own, "kind": "message", "public": seen, "text": article.get("body")}


def _verdicts(ticket: Json) -> dict[str, Any]:
    """The helpdesk's own SLA: minutes left when it was done, and until when it was due."""
    made: dict[str, Any] = {}
    for rule, clock in _CLOCKS.items():
        left, due = ticket.get(f"{clock}_diff_in_min"), ticket.get(f"{clock}_escalation_at")
        if left is not None:
            made[f"reported_{rule}"] = left >= 0
        if due:
            made[f"due_{rule}"] = iso(due)
    return made
