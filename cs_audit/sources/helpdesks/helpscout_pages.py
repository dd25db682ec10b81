"""Help Scout's and FreeScout's conversations in pages, each with its threads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import compress, count
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.helpscout_events import merged
from cs_audit.sources.helpdesks.keyset import begin, new, onward
from cs_audit.sources.helpdesks.lists import once
from cs_audit.sources.helpdesks.moments import asked, iso
from cs_audit.sources.helpdesks.steady import steady
from cs_audit.sources.web.errors import NotFoundError

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.client import Client

Json = Any

HISTORY = dt.datetime(2005, 1, 1, tzinfo=dt.UTC)
"""Before anything there is to read."""

_LISTS = {False: ("all", "spam"), True: ("all", "spam", "deleted")}
"""The lists of conversations in the order they are read, of Help Scout and of FreeScout; later ones are of what is
gone."""


def free(config: HelpdeskSource) -> bool:
    """Whether it is FreeScout."""
    return config.account == "freescout"


def listed(client: Client, path: str, key: str, **params: Any) -> Iterator[Json]:
    """All entries of a list."""
    return once(_paged(client, path, key, params))


def _paged(client: Client, path: str, key: str, params: Mapping[str, Any]) -> Iterator[list[Json]]:
    for page in count(1):
        reply = client.get(path, {**params, "page": page}).json
        yield _entries(reply, key)
        if not _more(reply):
            return


def _entries(reply: Json, key: str) -> list[Json]:
    """The entries of a page: an empty one has none at all, but always says which page it is, and of how many."""
    page = reply["page"]
    return list(reply["_embedded"][key]) if page["totalElements"] and page["number"] <= page["totalPages"] else []


def _more(reply: Json) -> bool:
    return bool(reply["page"]["number"] < reply["page"]["totalPages"])


def pages(client: Client, config: HelpdeskSource, start: Start) -> Iterator[Page]:
    lists = _LISTS[free(config)]
    at = start.cursor or begin(lists[0], HISTORY)
    while at.get("list") in lists:
        reply = client.get(*(_free_list if free(config) else _list)(config, at, start)).json
        rows = _entries(reply, "conversations")
        marks = [(row["id"], asked(iso(row["createdAt"]))) for row in rows]
        fresh = list(compress(rows, new(at, marks)))
        there = at["list"]
        at = onward(at, marks, start.now, more=_more(reply)) or _following(lists, there)
        lost = [Gone(str(row["id"]), "deleted") for row in fresh if there != "all" or row["state"] == "deleted"]
        alive = [row for row in fresh if there == "all" and row["state"] == "published"]
        whole = list(client.map(partial(_whole, client, config), alive))
        lost += [each for ticket in whole if isinstance(ticket, Pulled) for each in _merged(ticket)]
        yield Page.of(at, [*whole, *lost])
    yield Page({"end": True})


def _following(lists: tuple[str, ...], name: str) -> Json:
    after = lists[lists.index(name) + 1 :]
    return begin(after[0], HISTORY) if after else {"list": None}


def _list(config: HelpdeskSource, at: Json, start: Start) -> tuple[str, dict[str, Any]]:
    return "v2/conversations", {
        "status": at["list"],
        "modifiedSince": start.since and asked(start.since),
        "query": f"(createdAt:[{at['since']} TO *])",
        "mailbox": ",".join(config.projects) or None,
        "sortField": "createdAt",
        "sortOrder": "asc",
        "page": at["page"],
    }


def _free_list(config: HelpdeskSource, at: Json, start: Start) -> tuple[str, dict[str, Any]]:
    return "api/conversations", {
        "status": "spam" if at["list"] == "spam" else "active,pending,closed",
        "state": "deleted" if at["list"] == "deleted" else "published",
        "updatedSince": start.since and asked(start.since),
        "createdSince": at["since"],
        "mailboxId": ",".join(config.projects) or None,
        "embed": "threads,tags" if at["list"] == "all" else None,
        "sortField": "createdAt",
        "sortOrder": "asc",
        "pageSize": 100,
        "page": at["page"],
    }


def _whole(client: Client, config: HelpdeskSource, row: Json) -> Pulled | Gone:
    """A conversation with all its threads; it may have been deleted since it was listed."""
    try:
        threads = row["_embedded"]["threads"] if free(config) else _threads(client, row["id"])
    except NotFoundError:
        return Gone(str(row["id"]), "deleted")
    by_id = {each["id"]: _lasting(each) for each in threads}
    tags = row.get("tags") or (row.get("_embedded") or {}).get("tags") or []
    payload = steady({"conversation": {**_lasting(row), "tags": tags}, "threads": list(by_id.values())})
    return Pulled(str(row["id"]), _version(payload), payload)


def _threads(client: Client, identity: int) -> list[Json]:
    try:
        return list(listed(client, f"v3/conversations/{identity}/threads", "threads"))
    except NotFoundError:
        return list(listed(client, f"v2/conversations/{identity}/threads", "threads"))


def _lasting(entry: Json) -> Json:
    """Without what is made anew for each answer: links, attachments, and how long ago something was."""
    return {key: value for key, value in entry.items() if key not in ("_links", "_embedded", "customerWaitingSince")}


def _version(payload: Json) -> str:
    """The latest time that is told: conversations do not say when they were modified."""
    conversation = payload["conversation"]
    own = [conversation.get(key) for key in ("createdAt", "closedAt", "userUpdatedAt", "updatedAt")]
    return max(asked(iso(each)) for each in (*own, *(thread["createdAt"] for thread in payload["threads"])) if each)


def _merged(ticket: Pulled) -> Iterator[Gone]:
    for identity in merged(ticket.payload):
        yield Gone(identity, "merged", merged_into=ticket.ticket)
