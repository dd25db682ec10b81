"""Request Tracker 5: REST 2.0, whole histories by few searches.

Read, each search in order of `id` and gone on with by `id > last` until a page is empty, since for users who are not
superusers Request Tracker drops what they may not see after it cut the pages, and tells no total: a short page is not
the last one.

- `tickets` by TicketSQL: who changed since. Merged tickets are in no such list and their own `LastUpdated` does not
  move when they are merged, so all tickets whose `EffectiveId` is among those found are asked for as well.
- `transactions` by JSON search, for all tickets of a page at once: the types that say something. Comments are asked
  for apart: who lacks the right to see them would else get empty pages in mid-list. Mails that Request Tracker sent
  (EmailRecord) are not asked for: they are notifications, and need a right of their own.
- `attachments` of those that are messages: texts, and the headers that tell the channel and automatic mail.
- `user/ID` of each author who is not the ticket's requestor, and of each owner, once a run. Lists name `Privileged`
  empty for everybody; only this tells agents from requesters.
- `transactions` to the status deleted: no search lists a deleted ticket, and its address still answers.

Dates in TicketSQL are read on the clock of the token's user, so 26 hours more are asked for and left out again; those
in JSON searches are in UTC. Pages have 100 entries at most, whatever is asked for.

Verified on a running Request Tracker 5.0.3 (tests/servers), as a user who may only read, and in its source.
Not verified: other versions; a server with `$UseSQLForACLChecks` off, which hides tickets as it does transactions.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.lists import chunks
from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.helpdesks.rt_events import normalise
from cs_audit.sources.helpdesks.rt_search import API, MOST, OF_TICKETS, found, limit, listed, searched
from cs_audit.sources.web.auth import basic, header
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError
from cs_audit.sources.web.site import Site
from cs_audit.worded import NOTHING, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_A_PAGE = 50
_ANY_ZONE = dt.timedelta(hours=26)
_TICKET = {
    "fields": "id,Subject,Status,Queue,Requestor,Creator,Created,LastUpdated,EffectiveId,SLA,Due,Priority",
    "fields[Queue]": "id,Name",
    "fields[Requestor]": "id,Name,RealName,EmailAddress,Organization",
}
_ROW = {
    "fields": "id,Type,Field,OldValue,NewValue,Created,Creator,ObjectId",
    "fields[Creator]": "id,Name",
}
_PART = {"fields": "id,TransactionId,ContentType,Filename,Headers,Content"}
_TYPES = ["Create", "Correspond", "Status", "Set", "Take", "Give", "Steal", "Untake", "Force", "AddLink"]
_SAID = ("Create", "Correspond", "Comment")
_OWNED = ("Set", "Take", "Give", "Steal", "Untake", "Force")


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        token_hint=worded(
            "make a token under Logged in as, Settings, Auth Tokens; or give user = and his password as token"
        ),
        permission_hint=worded("its user must be privileged, with SeeQueue, ShowTicket and ShowTicketComments"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(config: HelpdeskSource, secret: Secret) -> Credentials:
    return basic(config.user, secret) if config.user else header("Authorization", secret, "token ")


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for queue in found(client, "queues", [], {"fields": "id,Name", "find_disabled_rows": 1}):
        yield "queue", str(queue["id"]), queue


def _pages(client: Client, config: HelpdeskSource, start: Start) -> Iterator[Page]:
    cursor = start.cursor or {"after": 0}
    if "deleted" not in cursor:
        people: dict[str, Json] = {}
        asked = partial(_query, config, start.since)
        for page in listed(client, "tickets", asked, _TICKET, cursor["after"], _A_PAGE):
            changed = [each for each in page if start.since is None or iso(each["LastUpdated"]) >= start.since]
            cursor = {"after": int(page[-1]["id"])}
            yield Page(cursor, _whole(client, changed, people) if changed else ())
    yield from _deletions(client, start.since, cursor)


def _query(config: HelpdeskSource, since: dt.datetime | None, last: int) -> str:
    """TicketSQL; its dates are of the user's clock, wherever that is."""
    parts = [f"id > {last}"]
    if since is not None:
        parts.append(f"LastUpdated >= '{_sql(since - _ANY_ZONE)}'")
    if config.projects:
        parts.append("(" + " OR ".join(f"Queue = '{_quoted(name)}'" for name in config.projects) + ")")
    return " AND ".join(parts)


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")


def _sql(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


def _whole(client: Client, changed: list[Json], people: dict[str, Json]) -> list[Pulled]:
    """Tickets with their histories, and those that were merged into them."""
    tickets = _family(client, changed)
    rows = _histories(client, list(tickets))
    parts = _parts(client, [row["id"] for row in rows if row["Type"] in _SAID])
    _meet(client, tickets, rows, people)
    return [_bundle(each, rows, parts, people) for each in tickets.values()]


def _family(client: Client, changed: list[Json]) -> dict[str, Json]:
    into = " OR ".join(f"EffectiveId = {each['id']}" for each in changed)
    pages = listed(client, "tickets", lambda last: f"id > {last} AND ({into})", _TICKET)
    return {str(each["id"]): each for page in (changed, *pages) for each in page}


def _histories(client: Client, tickets: list[str]) -> list[Json]:
    of = [OF_TICKETS, limit("ObjectId", "IN", tickets)]
    kinds = [limit("Type", "IN", _TYPES)], [limit("Type", "=", "Comment")]
    both = client.map(lambda kind: found(client, "transactions", [*of, *kind], _ROW), kinds)
    return sorted((row for rows in both for row in rows), key=lambda row: int(row["id"]))


def _parts(client: Client, said: list[str]) -> list[Json]:
    """Texts of messages; the headers of a mail in several parts stand on its first, which has no text."""
    kinds = [
        limit("ContentType", "STARTSWITH", "text/"),
        limit("ContentType", "STARTSWITH", "multipart/", entry_aggregator="OR"),
    ]
    parts = client.map(
        lambda some: found(client, "attachments", [limit("TransactionId", "IN", some), *kinds], _PART),
        chunks(said, MOST),
    )
    return [part for some in parts for part in some]


def _meet(client: Client, tickets: Mapping[str, Json], rows: Iterable[Json], people: dict[str, Json]) -> None:
    """Ask who the authors and owners are that are not known yet."""
    new = sorted({who for row in rows for who in _named(row, tickets[str(row["ObjectId"])])} - people.keys())
    people.update(zip(new, client.map(partial(_person, client), new), strict=True))


def _named(row: Json, ticket: Json) -> Iterator[str]:
    """Ids of those a row names, but for an author whom the ticket tells as its requestor."""
    author = str(row["Creator"]["id"])
    if author not in {str(each["id"]) for each in ticket["Requestor"]}:
        yield author
    if row["Type"] in _OWNED and row["Field"] == "Owner":
        yield str(row["NewValue"])


def _person(client: Client, identity: str) -> Json:
    try:
        user = client.get(f"{API}/user/{identity}").json
    except (NotFoundError, NotPermittedError):
        return {}
    return {"Name": user["Name"], "Privileged": user["Privileged"], "RealName": user.get("RealName"),
            "EmailAddress": user.get("EmailAddress")}  # fmt: skip


def _bundle(ticket: Json, rows: list[Json], parts: list[Json], people: Mapping[str, Json]) -> Pulled:
    identity = str(ticket["id"])
    own = [row for row in rows if str(row["ObjectId"]) == identity]
    said = {str(row["id"]) for row in own}
    named = {who for row in own for who in _named(row, ticket)}
    payload = {
        "ticket": ticket,
        "rows": own,
        "parts": [part for part in parts if str(part["TransactionId"]) in said],
        "people": {who: people[who] for who in sorted(named)},
    }
    return Pulled(identity, max(ticket["LastUpdated"], *(row["Created"] for row in own), ""), payload)


def _deletions(client: Client, since: dt.datetime | None, cursor: Json) -> Iterator[Page]:
    """Tickets that are deleted now, by the changes of status that said so."""
    limits = [OF_TICKETS, limit("Type", "=", "Status"), limit("NewValue", "=", "deleted")]
    if since is not None:
        limits.append(limit("Created", ">=", _sql(since)))
    after = cursor.get("deleted", 0)
    for rows in listed(client, "transactions", searched(limits), {"fields": "id,ObjectId"}, after):
        tickets = sorted({str(row["ObjectId"]) for row in rows}, key=int)
        after = int(rows[-1]["id"])
        gone = [each for each in client.map(partial(_gone, client), tickets) if each]
        yield Page({**cursor, "deleted": after}, gone=gone)
    yield Page({**cursor, "deleted": after, "end": True})


def _gone(client: Client, identity: str) -> Gone | None:
    """A deleted ticket, unless it is back or was merged since: then its address answers with another one."""
    try:
        ticket = client.get(f"{API}/ticket/{identity}").json
    except (NotFoundError, NotPermittedError):
        return None
    if str(ticket["id"]) != identity or ticket["Status"] != "deleted":
        return None
    return Gone(identity, "deleted", ticket["LastUpdated"])


def _capabilities(client: Client, _: HelpdeskSource) -> Iterator[Capability]:
    told = client.get(f"{API}/tickets", {"query": "id > 0", "per_page": 1}).json
    hidden = worded("the server has $UseSQLForACLChecks off: a hundred hidden tickets in a row would end a list")
    yield Capability(worded("tickets"), there=True, note=hidden if told["total"] is None else NOTHING)
    limits = json.dumps([OF_TICKETS, limit("Type", "=", "Comment")])
    comments = client.get(f"{API}/transactions", {"query": limits, "per_page": 1}).json["count"]
    lacking = worded("the first comment cannot be seen, or there is none: ShowTicketComments may be missing")
    yield Capability(worded("comments"), there=bool(comments), note=NOTHING if comments else lacking)


CONNECTOR = Connector(
    type="rt",
    title="Request Tracker",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "statuses", "resolution", "teams", "agents", "texts"}),
    unseen={
        "ratings": "Request Tracker asks for none",
        "reported": "due times are told, but not whether Request Tracker takes them for kept",
        "calls": "Request Tracker knows no calls",
        "automatic": "its own mails, such as acknowledgements, are not in the history that is read",
        "pending": "stalled does not say for whom a ticket waits: it is read as on hold",
        "channel": "only mail, web and programs are told apart",
        "author": "roles are those of today; requestors of a ticket are its requesters, whatever else they are",
        "agent": "agents of the same real name are not told apart; that a ticket has no owner any more is not shown",
    },
    due=("first_reply", "resolution"),
    capabilities=_capabilities,
)
