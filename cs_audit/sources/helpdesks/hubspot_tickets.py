"""What HubSpot's tickets tell of their threads: which priority they had when, and HubSpot's own verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.lists import chunks
from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.web.errors import NotPermittedError

if TYPE_CHECKING:
    from cs_audit.sources.web.client import Client

Json = Any

TICKETS = "crm/v3/objects/tickets/batch/read"
SLAS = {"first_reply": "hs_time_to_first_response_sla", "resolution": "hs_time_to_close_sla"}

_AT_ONCE = 50
_PRIORITY, _ORIGIN = "hs_ticket_priority", "hs_conversations_originating_thread_id"
_OWN = tuple(f"{name}_{part}" for name in SLAS.values() for part in ("status", "at"))
_KEPT = {"1": False, "3": True, "4": False}
"""Of the states of an SLA: overdue, completed on time, completed late. 0 is active, 2 is due soon."""


def with_tickets(client: Client, whole: Sequence[Json]) -> Sequence[Json]:
    """The threads with what their tickets tell, where the token may read tickets."""
    of = [str((each["thread"].get("threadAssociations") or {}).get("associatedTicketId") or "") for each in whole]
    try:
        replies = list(client.map(partial(_read, client), chunks(sorted({*of} - {""}), _AT_ONCE)))
    except NotPermittedError:
        replies = []
    known = {str(each["id"]): each for reply in replies for each in reply}
    for each, ticket in zip(whole, of, strict=True):
        each["priorities"] = _priorities(known.get(ticket))
        each["slas"] = _slas(known.get(ticket), str(each["thread"]["id"]))
    return whole


def _read(client: Client, ids: Sequence[str]) -> Json:
    asked = {
        "inputs": [{"id": each} for each in ids],
        "properties": [_PRIORITY, _ORIGIN, *_OWN],
        "propertiesWithHistory": [_PRIORITY],
    }
    return client.search(TICKETS, asked).json["results"]


def _priorities(ticket: Json | None) -> list[Json]:
    values = ticket["propertiesWithHistory"][_PRIORITY] if ticket else []
    slim = [{key: each.get(key) for key in ("value", "timestamp", "updatedByUserId")} for each in values]
    return sorted(slim, key=lambda each: iso(each["timestamp"]))


def _slas(ticket: Json | None, thread: str) -> Json:
    """A ticket may have several threads: its SLA is that of the one it began with."""
    told = (ticket or {}).get("properties") or {}
    return {key: told[key] for key in _OWN if told.get(key)} if str(told.get(_ORIGIN)) == thread else {}


def verdicts(slas: Mapping[str, str]) -> dict[str, Any]:
    """The columns `reported_TARGET` and `due_TARGET` of a thread, as far as its ticket tells them."""
    made: dict[str, Any] = {}
    for target, name in SLAS.items():
        if f"{name}_status" in slas:
            made[f"reported_{target}"] = _KEPT.get(slas[f"{name}_status"])
        if f"{name}_at" in slas:
            made[f"due_{target}"] = iso(slas[f"{name}_at"])
    return made
