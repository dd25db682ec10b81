"""HubSpot: the threads of conversations inbox and help desk, each with its stream of messages and changes.

Read: `conversations/v3/conversations/threads` in the order of their ids (a list that only grows at its end), the same
with `archived`, `threads/{id}/messages` oldest first, `messages/{id}/original-content` of what was cut, `inboxes`,
`channels`, `actors/batch/read` (a POST) for names and addresses, and `crm/v3/objects/tickets/batch/read` (a POST) for
the history of the priority of tickets that threads belong to, and for HubSpot's own SLA verdicts. All lists with
`paging.next.after`, pages of 100. Where `account_manager` names a property of contacts, such as `hubspot_owner_id`,
also `crm/v3/objects/contacts/batch/read` (a POST) and `crm/v3/owners`.

A ticket is a thread. The list tells when a thread had its last message and was closed, but not of comments and
assignments, and its filter by time knows messages only. So the whole list is read, and the stream of each thread that
is open, or whose last message, closing or creation is less than two weeks older than the last pull. An inbox stands for
a team.

Traps: an actor's letter is his role (A agent, V visitor, E e-mail, I integration, S system, B bot, L language model).
Messages that failed were not seen. Archived threads are deleted for good after 30 days: those that nobody pulled in
between stay as they were. Limits: per ten seconds and per day, told by `X-HubSpot-RateLimit-*`.

Verified with the vendor's specification (which its licence keeps out of the tests): endpoints, parameters, order of
lists, types of messages and actors, truncation, archiving, histories of values. From the code of clients: 100 messages
a page; the properties of an SLA, the meaning of its states 0 to 4, and that of the thread a ticket began with. From
memory: 100 threads and actors, 50 tickets with history at once, letters of actors but A, A's number being
the user's, header names, the address of a thread.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.hubspot_events import normalise
from cs_audit.sources.helpdesks.hubspot_managers import CONTACTS, OWNERS, owners, with_managers
from cs_audit.sources.helpdesks.hubspot_tickets import SLAS, TICKETS, with_tickets
from cs_audit.sources.helpdesks.lists import chunks, once
from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.web.auth import bearer
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError
from cs_audit.sources.web.limits import LimitHeaders
from cs_audit.sources.web.site import Site
from cs_audit.worded import NOTHING, Worded, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_BASE = "conversations/v3/conversations"
_ACTORS = f"{_BASE}/actors/batch/read"
_A_PAGE, _ACTORS_AT_ONCE = 100, 100
_STILL = dt.timedelta(days=14)
"""How long after its end a thread's stream is read again: the list does not tell of comments and assignments."""
_TIMES = ("createdAt", "closedAt", "latestMessageTimestamp", "latestMessageSentTimestamp",
          "latestMessageReceivedTimestamp")  # fmt: skip


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        searches=frozenset({_ACTORS, TICKETS, CONTACTS}),
        limits=(
            LimitHeaders(
                remaining="x-hubspot-ratelimit-remaining",
                reset="x-hubspot-ratelimit-interval-milliseconds",
                meaning="milliseconds",
            ),
        ),
        trouble=_trouble,
        token_hint=worded("take the token of a private app under Settings, Integrations"),
        permission_hint=worded("the private app needs the scopes conversations.read and tickets"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _trouble(value: Json) -> Worded:
    return worded("sent an error") if isinstance(value, dict) and value.get("status") == "error" else NOTHING


def _credentials(_: HelpdeskSource, secret: Secret) -> Credentials:
    return bearer(secret)


def _listed(client: Client, path: str, **params: Any) -> Iterator[Json]:
    """All entries of a list."""
    return once(_paged(client, path, params))


def _paged(client: Client, path: str, params: Mapping[str, Any]) -> Iterator[list[Json]]:
    after = None
    while True:
        reply = client.get(path, {"limit": _A_PAGE, "after": after, **params}).json
        yield reply["results"]
        after = _next(reply, after)
        if after is None:
            return


def _next(reply: Json, after: str | None) -> str | None:
    """Where the next page begins, None at the end.

    Raises:
        ValueError: it is where this one began.
    """
    found = ((reply.get("paging") or {}).get("next") or {}).get("after")
    if found is not None and found == after:
        raise ValueError("its list leads back to the same page")
    return found


def _records(client: Client, config: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for kind, path in (("inbox", "inboxes"), ("channel", "channels")):
        for each in _listed(client, f"{_BASE}/{path}"):
            yield kind, str(each["id"]), {key: each.get(key) for key in ("id", "name", "type")}
    if config.account_manager:
        yield from (("owner", each["id"], each) for each in owners(_listed(client, OWNERS)))


def _pages(client: Client, config: HelpdeskSource, start: Start) -> Iterator[Page]:
    cursor = start.cursor or {"stage": "threads", "after": None}
    since = start.since - _STILL if start.since else None
    while cursor.get("stage") == "threads":
        asked = {"sort": "id", "limit": _A_PAGE, "after": cursor["after"], "association": "TICKET"}
        reply = client.get(f"{_BASE}/threads", asked).json
        wanted = [each for each in reply["results"] if _ours(each, config) and _may_be_new(each, since)]
        whole = list(client.map(partial(_whole, client), wanted))
        after = _next(reply, cursor["after"])
        cursor = {"stage": "archived"} if after is None else {"stage": "threads", "after": after}
        there = with_tickets(client, [each for each in whole if not isinstance(each, Gone)])
        if config.account_manager:
            there = with_managers(client, config.account_manager, there)
        yield Page(cursor, _with_actors(client, there), [each for each in whole if isinstance(each, Gone)])
    if cursor.get("stage") == "archived":
        archived = _listed(client, f"{_BASE}/threads", sort="id", archived="true")
        yield Page(
            {"stage": "done"}, gone=[Gone(str(each["id"]), "deleted") for each in archived if _ours(each, config)]
        )
    yield Page({"end": True})


def _ours(thread: Json, config: HelpdeskSource) -> bool:
    return not config.projects or str(thread["inboxId"]) in config.projects


def _may_be_new(thread: Json, since: dt.datetime | None) -> bool:
    return since is None or thread["status"] == "OPEN" or max(_times(thread)) >= since


def _times(thread: Json) -> list[dt.datetime]:
    return [iso(thread[key]) for key in _TIMES if thread.get(key)]


def _whole(client: Client, thread: Json) -> Json | Gone:
    """A thread with its stream; it may have been archived since it was listed."""
    path = f"{_BASE}/threads/{thread['id']}/messages"
    try:
        messages = [_uncut(client, path, each) for each in _listed(client, path, sort="createdAt")]
    except NotFoundError:
        return Gone(str(thread["id"]), "deleted")
    return {"thread": thread, "messages": sorted(messages, key=lambda each: (iso(each["createdAt"]), str(each["id"])))}


def _uncut(client: Client, path: str, message: Json) -> Json:
    """A message with all of its text. What only lacks what it quotes is whole."""
    if message.get("truncationStatus") != "TRUNCATED":
        return message
    content = client.get(f"{path}/{message['id']}/original-content").json
    return {**message, "text": content["text"], "richText": content.get("richText")}


def _with_actors(client: Client, whole: Sequence[Json]) -> list[Pulled]:
    """The threads with the people in them, who are asked for together."""
    named = [_actors_of(each) for each in whole]
    asked = chunks(sorted(set().union(*named)), _ACTORS_AT_ONCE)
    replies = client.map(lambda some: client.search(_ACTORS, {"inputs": some}).json["results"], asked)
    keep = ("id", "type", "name", "email")
    known = {str(each["id"]): {key: each.get(key) for key in keep} for reply in replies for each in reply}
    for each, some in zip(whole, named, strict=True):
        each["actors"] = [known[one] for one in sorted(some & known.keys())]
    return [Pulled(str(each["thread"]["id"]), _version(each), each) for each in whole]


def _actors_of(whole: Json) -> set[str]:
    found = {f"A-{each['updatedByUserId']}" for each in whole["priorities"] if each["updatedByUserId"]}
    for message in whole["messages"]:
        senders = [each.get("actorId") for each in message.get("senders") or []]
        found |= {str(each) for each in (message.get("createdBy"), message.get("assignedTo"), *senders) if each}
    return found


def _version(whole: Json) -> str:
    """The time of the last thing that is known of a thread."""
    said = [iso(each[key]) for each in whole["messages"] for key in ("createdAt", "updatedAt") if each.get(key)]
    ranked = [iso(each["timestamp"]) for each in whole["priorities"]]
    return max([*_times(whole["thread"]), *said, *ranked]).isoformat(timespec="milliseconds")


def _capabilities(client: Client, _: HelpdeskSource) -> Iterator[Capability]:
    client.get(f"{_BASE}/threads", {"limit": 1})
    yield Capability(worded("threads"), there=True)
    try:
        client.get("crm/v3/objects/tickets", {"limit": 1})
    except NotPermittedError:
        yield Capability(worded("priorities"), there=False, note=worded("the private app lacks the scope tickets"))
    else:
        yield Capability(worded("priorities"), there=True)


CONNECTOR = Connector(
    type="hubspot",
    title="HubSpot",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "statuses", "resolution", "teams", "agents", "texts"}),
    unseen={
        "status": "a thread is open or closed: stages of tickets, such as waiting for the contact, are not read",
        "priority": "only threads that belong to a ticket have one, and only if the token may read tickets",
        "ratings": "feedback is kept apart from threads",
        "calls": "calls are kept apart from threads",
        "merges": "threads do not tell into which ticket theirs was merged",
        "late": "comments, assignments and priorities of two weeks after a thread's end or later: pull --full at times",
        "sla": "working hours and SLA goals are not in its public API, nor how often a next reply was late; verdicts "
        "are those of the last pull of a thread",
    },
    managers=True,
    reported=tuple(SLAS),
    due=tuple(SLAS),
    capabilities=_capabilities,
)
