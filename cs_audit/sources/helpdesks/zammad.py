"""Zammad (hosted or self-hosted): tickets by the time of their last change, with articles and history.

Read, below `api/v1`:

- `tickets/search` with a condition on `ticket.updated_at`, ascending. A condition is answered by the database; a
  `query` would be answered by the search index, which is late, or by nothing where there is none. A page has 200 at
  most, in some versions less, so only an empty one is the last.
- `ticket_articles/by_ticket/{id}`: all that was written, with type, sender and `internal`.
- `ticket_history/{id}`: all changes, with the people who made them (`assets`). The vendor's pages on the API do not
  list it; the web client uses it, and an agent may read it for every ticket he sees.
- `ticket_articles/{id}` for articles that a merge moved away: the history of a ticket names its own articles, and what
  else stands in it came from another one.
- `ticket_states`, and, where the token has the permissions `admin.calendar` and `admin.sla`, `calendars` and `slas`.

A note by an agent is no communication, whether internal or not; the helpdesk's own clocks do not count it either. The
first state, group, owner and priority are those before the first change. Times have milliseconds. No limits by default.

Verified: search with conditions, its sorting and ceiling, history, merging and the sign of `*_diff_in_min` (minutes
left, below 0 is a breach) in the server's source; articles, calendars and SLAs in the vendor's documentation. From
memory: that a new article touches its ticket, names of article types for social channels, `is-auto-response`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.keyset import begin, new, onward
from cs_audit.sources.helpdesks.moments import asked, iso
from cs_audit.sources.helpdesks.steady import in_order
from cs_audit.sources.helpdesks.zammad_events import normalise
from cs_audit.sources.helpdesks.zammad_rules import policies, schedules
from cs_audit.sources.web.auth import header
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError
from cs_audit.sources.web.site import Site
from cs_audit.worded import NOTHING, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_A_PAGE = 200
_HISTORY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SEARCH = "api/v1/tickets/search"
_PERSON = ("id", "firstname", "lastname", "email", "phone", "login")
"""What is kept of people; the rest changes with every visit of theirs."""
_OPTIONAL = (("calendar", "calendars"), ("sla", "slas"))


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        token_hint=worded("make a token under Profile, Token Access, with the permission ticket.agent"),
        permission_hint=worded("the token needs the permission ticket.agent, and its user access to all groups"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(_: HelpdeskSource, secret: Secret) -> Credentials:
    return header("Authorization", secret, "Token token=")


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for state in client.get("api/v1/ticket_states", {"expand": "true"}).json:
        yield "state", str(state["id"]), state
    for kind, path in _OPTIONAL:
        for each in _optional(client, path) or []:
            yield kind, str(each["id"]), each


def _optional(client: Client, path: str) -> list[Json] | None:
    try:
        found: list[Json] = client.get(f"api/v1/{path}").json
    except (NotFoundError, NotPermittedError):
        return None
    return found


def _pages(client: Client, _: HelpdeskSource, start: Start) -> Iterator[Page]:
    place = start.cursor or begin("tickets", start.since or _HISTORY)
    while not place.get("end"):
        listed = _listed(client, place)
        marks = [(each["id"], asked(iso(each["updated_at"]))) for each in listed]
        fresh = [each for each, is_new in zip(listed, new(place, marks), strict=True) if is_new]
        whole = list(client.map(partial(_whole, client), fresh))
        following = onward(place, marks, start.now, more=bool(listed))
        place = following or {**place, "end": True}
        if whole:
            yield Page.of({**place, "end": False}, whole)
    yield Page({**place, "end": True})


def _listed(client: Client, place: Json) -> list[Json]:
    params = {
        "condition[ticket.updated_at][operator]": "after (absolute)",
        "condition[ticket.updated_at][value]": place["since"],
        "sort_by": "updated_at,id",
        "order_by": "asc,asc",
        "expand": "true",
        "per_page": _A_PAGE,
        "page": place["page"],
    }
    listed = client.get(_SEARCH, params).json
    if not isinstance(listed, list):
        raise TypeError("a list of tickets was expected")
    return listed


def _whole(client: Client, ticket: Json) -> Pulled | Gone:
    """A ticket with its articles and its history; it may have been deleted since it was listed."""
    number = ticket["id"]
    try:
        articles = client.get(f"api/v1/ticket_articles/by_ticket/{number}").json
        told = client.get(f"api/v1/ticket_history/{number}").json
    except NotFoundError:
        return Gone(str(number), "deleted")
    entries = told["history"]
    own = {each["o_id"] for each in entries if (each["object"], each["type"]) == ("Ticket::Article", "created")}
    moved = sorted(own - {each["id"] for each in articles})
    articles += [each for one in moved for each in _article(client, one)]
    people = {key: {name: each.get(name) for name in _PERSON} for key, each in told["assets"]["User"].items()}
    payload = {"ticket": ticket, "articles": in_order(articles), "history": in_order(entries), "people": people}
    return Pulled(str(number), iso(ticket["updated_at"]).isoformat(timespec="microseconds"), payload)


def _article(client: Client, number: int) -> list[Json]:
    """One article, unless it is gone."""
    try:
        found = client.get(f"api/v1/ticket_articles/{number}").json
    except (NotFoundError, NotPermittedError):
        return []
    if found["id"] != number:
        raise ValueError(f"article {number} was asked for, and {found['id']} came")
    return [found]


def _capabilities(client: Client, _: HelpdeskSource) -> Iterator[Capability]:
    _listed(client, begin("tickets", _HISTORY) | {"page": 100_000})
    yield Capability(worded("tickets"), there=True)
    for name, path, lacking in (
        (worded("schedules"), "calendars", worded("the token lacks the permission admin.calendar")),
        (worded("policies"), "slas", worded("the token lacks the permission admin.sla")),
    ):
        there = _optional(client, path) is not None
        yield Capability(name, there=there, note=NOTHING if there else lacking)


CONNECTOR = Connector(
    type="zammad",
    title="Zammad",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "statuses", "resolution", "teams", "agents", "texts"}),
    unseen={
        "ratings": "Zammad does not ask for any",
        "calls": "the caller log is not tied to tickets; a phone article is what an agent wrote of a call",
        "deletions": "a deleted ticket leaves no trace",
        "reported": "one number stands for late answers and late updates: only first replies and solutions are read",
        "on hold": "all pending states are read as waiting for the requester",
    },
    reported=("first_reply", "resolution"),
    due=("first_reply", "resolution"),
    schedules=schedules,
    policies=policies,
    capabilities=_capabilities,
)
