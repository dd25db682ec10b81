"""UseDesk: tickets by the time of their last change, in windows, and each ticket's comments and changes in one answer.

Read, all by POST with the token in the body: `tickets`, `ticket` for each, `client` of requesters whose address the
ticket does not hold, `users` of each role, `groups`, `channels`.

Times have no zone; `timezone` says whose they are (one client reads those of the cloud as UTC). `tickets` gives 100
rows and pages by `offset`; rows move between pages while they are read, and whether it sorts is not promised: so it is
asked for windows that hold less than a page, in whole minutes of the helpdesk's own clock, both ends included. A minute
that holds more is read again and again until nothing new comes. The windows go on into the future: a ticket that
changes after the run began is found. Errors may come with status 200. 150 requests a minute for one address.

Verified in the vendor's pages: methods, statuses, windows and their form (of `clients`), pages of 100, limit, roles.
In a typed client's code: the names of fields of tickets, comments, changes and their targets `ticket_created`,
`status_id`, `assignee_id`, `message_from_bot`, priorities, types of channels, errors with status 200, `sort`, `order`.
In code that receives its webhooks: the form of times and comments. From memory: the targets `group` and `priority`, who
a comment without `user_id` is from, that the status 10 ends a merged ticket for good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.moments import asked, local
from cs_audit.sources.helpdesks.usedesk_events import normalise
from cs_audit.sources.helpdesks.usedesk_windows import begin, following, horizon
from cs_audit.sources.web.auth import in_body
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError, RejectedError
from cs_audit.sources.web.site import Site
from cs_audit.worded import NOTHING, Worded, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_READS = frozenset({"tickets", "ticket", "client", "users", "groups", "channels"})
_SPACING = 0.4
_ROLES = ("admin", "employee", "support")
_DELETED, _SPAM = 4, 7
_CLIENTS_KEPT = 5_000
_KEPT = {
    "user": ("id", "name", "email", "role"),
    "group": ("id", "name", "timezone", "deleted"),
    "channel": ("channel_id", "channel_name", "channel_type"),
    "comment": ("id", "message", "from", "type", "user_id", "client_id", "is_first", "published_at"),
    "change": ("id", "trigger_id", "user_id", "data", "changed_at", "old_status", "new_status"),
}
"""Of what is stored: the rest is signatures, addresses and passwords of people, and lists without an order."""


def _trouble(reply: Json) -> Worded:
    if not isinstance(reply, dict) or "error" not in reply:
        return NOTHING
    return worded("answered: {error}", error=str(reply["error"])[:200])


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        searches=_READS,
        trouble=_trouble,
        token_hint=worded("take the key of an API channel under Channels"),
        permission_hint=worded("the API channel must be allowed to read tickets"),
        parallel=config.parallel or 2,
        spacing=_SPACING,
        plain_http=config.plain_http,
    )


def _credentials(_: HelpdeskSource, secret: Secret) -> Credentials:
    return in_body("api_token", secret)


def _slim(kind: str, whole: Json) -> Json:
    return {key: whole[key] for key in _KEPT[kind] if key in whole}


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for role in _ROLES:
        for user in client.search("users", {"user_type": role}).json:
            yield "user", str(user["id"]), _slim("user", user)
    for kind, path, identity in (("group", "groups", "id"), ("channel", "channels", "channel_id")):
        for each in _optional(client, path):
            yield kind, str(each[identity]), _slim(kind, each)


def _optional(client: Client, path: str) -> list[Json]:
    """A list that old versions on their owner's server do not have."""
    try:
        return list(client.search(path, {}).json)
    except (NotFoundError, NotPermittedError, RejectedError):
        return []


def _pages(client: Client, config: HelpdeskSource, start: Start) -> Iterator[Page]:
    zone = str(config.timezone)
    until = horizon(start.now, zone)
    cursor = start.cursor or begin(start.since, until, zone)
    addresses: dict[str, Json] = {}
    while not cursor.get("end"):
        rows, cursor = following(client, cursor, until)
        if rows:
            yield _page(client, zone, rows, cursor, addresses)
    yield Page(cursor)


def _page(client: Client, zone: str, rows: list[Json], cursor: Json, addresses: dict[str, Json]) -> Page:
    gone = [
        Gone(str(each["id"]), "deleted", _version(each, zone))
        for each in rows
        if int(each["status"]) in (_DELETED, _SPAM)
    ]
    there = [each for each in rows if int(each["status"]) not in (_DELETED, _SPAM)]
    whole = dict(zip((str(each["id"]) for each in there), client.map(partial(_ticket, client), there), strict=True))
    if len(addresses) > _CLIENTS_KEPT:
        addresses.clear()
    nameless = {str(each["ticket"]["client_id"]) for each in whole.values() if each and not _mail(each["ticket"])}
    unknown = sorted(nameless - addresses.keys())
    addresses |= dict(zip(unknown, client.map(partial(_address, client), unknown), strict=True))
    gone += [Gone(str(each["id"]), "deleted", _version(each, zone)) for each in there if whole[str(each["id"])] is None]
    return Page(cursor, [_pulled(each, addresses, zone) for each in whole.values() if each], gone)


def _version(ticket: Json, zone: str) -> str:
    return asked(local(ticket["last_updated_at"], zone))


def _mail(ticket: Json) -> str | None:
    """The requester's address, where the ticket holds one; "0" stands for none."""
    told = str(ticket.get("email") or "")
    return told if "@" in told else None


def _ticket(client: Client, row: Json) -> Json:
    """A ticket with all that hangs on it; None if it is gone since it was listed."""
    try:
        whole = client.search("ticket", {"ticket_id": row["id"]}).json
    except NotFoundError:
        return None
    return {key: whole[key] for key in ("ticket", "tags", "comments", "changes")}  # no answer at all is not gone


def _address(client: Client, identity: str) -> Json:
    """The first address and number of a client; both None if he is gone."""
    try:
        found = client.search("client", {"client_id": int(identity)}).json
    except NotFoundError:
        found = []
    told = (found[0] if found else {}) if isinstance(found, list) else found
    person = told.get("client") or told
    return {key: _first(told.get(f"{key}s") or person.get(f"{key}s") or [], key) for key in ("email", "phone")}


def _first(entries: list[Json], key: str) -> str | None:
    filled = [each for each in entries if isinstance(each, dict) and each.get(key)]
    return min(filled, key=lambda each: int(each.get("id") or 0))[key] if filled else None


def _pulled(whole: Json, addresses: Mapping[str, Json], zone: str) -> Pulled:
    ticket = whole["ticket"]
    requester = {"email": _mail(ticket)} if _mail(ticket) else addresses[str(ticket["client_id"])]
    payload = {
        "ticket": ticket,
        "requester": requester,
        "tags": sorted(str(each) for each in whole["tags"] or []),
        "comments": _by_id("comment", whole["comments"]),
        "changes": _by_id("change", whole["changes"]),
    }
    return Pulled(str(ticket["id"]), _version(ticket, zone), payload)


def _by_id(kind: str, entries: list[Json]) -> list[Json]:
    return [_slim(kind, each) for each in sorted(entries, key=lambda each: int(each["id"]))]


def _capabilities(client: Client, config: HelpdeskSource) -> Iterator[Capability]:
    now = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    client.search("tickets", {"offset": 0, "updated_before": f"{asked(now):.10} 00:00"})
    yield Capability(worded("tickets"), there=True)
    for path, name in (("groups", worded("groups")), ("channels", worded("channels"))):
        try:
            client.search(path, {})
        except (NotFoundError, NotPermittedError, RejectedError):
            yield Capability(name, there=False, note=worded("may not be listed: ids stand for names"))
        else:
            yield Capability(name, there=True)
    yield Capability(
        worded("times"), there=True, note=worded("have no zone and are read as {timezone}", timezone=config.timezone)
    )
    yield Capability(worded("schedules"), there=False, note=worded("UseDesk's API has no working hours"))
    yield Capability(worded("policies"), there=False, note=worded("UseDesk's API has no SLA rules"))


CONNECTOR = Connector(
    type="usedesk",
    title="UseDesk",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "statuses", "resolution", "teams", "agents", "texts"}),
    unseen={
        "ratings": "they are told by webhooks only",
        "calls": "whether a call was answered, by whom and how long it was waited for is not in the API",
        "reported": "its SLA is told as the time left when asked, in a form that is not documented: it is not read",
        "deletions": "a ticket erased for good leaves no trace; deleted tickets and spam count as deleted",
        "merges": "which ticket one was merged into is not told",
        "author": "roles are those of today; comments without an author count as sent by a rule",
        "times": "they have no zone; of an hour that comes twice, the first is meant",
        "schedules": "working hours and SLA rules are not in the API",
    },
    needs=("timezone",),
    capabilities=_capabilities,
)
