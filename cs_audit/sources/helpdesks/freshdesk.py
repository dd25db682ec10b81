"""Freshdesk: tickets by the time of their last change, and the conversations of each.

Read, all GET, API v2, token as the user's name with the password X:

- `tickets?updated_since=&order_by=updated_at&order_type=asc&include=stats,requester,description`, 100 a page, and the
  same list with `filter=deleted` and `filter=spam`: tickets that the list itself leaves out.
- `tickets/{id}/conversations`, 100 a page: replies and notes. The first message is not among them; it is the
  ticket's description.
- `agents`, `groups`, `business_hours`, `sla_policies`, `surveys/satisfaction_ratings`, each where the token may.

Traps. Without `updated_since` the list has 30 days only. Its pages end at the 300th on many accounts: here hardly any
is a second page, since each request asks for what changed since the last row seen, less one second, and leaves out
what it was given before. Only an instant with more than a page of tickets is paged through, again and again until
nothing new comes, because such a list shifts; with more than 30,000 in two seconds the run stops with the helpdesk's
refusal. Each `include` costs more of the minute's credit; the headers tell only what is left, a 429 how long to wait.
A web chat's description repeats its first message. Archived tickets are in no list.

There is no change log. What is known of statuses are the times in `stats`: reopening clears the earlier ones, and
`closed_at` leaves an earlier `resolved_at` alone. Ratings are read whole in each run, since a rating need not touch
its ticket.

Verified: paging, the 300 pages, `updated_since` with the two filters, credit and ratings in the code of two public
pullers; the names and meaning of `stats` and the categories of conversations in code of the server itself that is
public; business hours and SLA targets in copies of the vendor's examples and in a client's tests. From memory: the
numbers of sources, `type` of agents, the business hours of a group.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import compress, count
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.freshdesk_events import normalise
from cs_audit.sources.helpdesks.freshdesk_rules import policies, schedules
from cs_audit.sources.helpdesks.keyset import begin, new, onward
from cs_audit.sources.helpdesks.lists import once
from cs_audit.sources.helpdesks.moments import asked, iso
from cs_audit.sources.helpdesks.offers import offered
from cs_audit.sources.web.auth import basic_user
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError
from cs_audit.sources.web.limits import LimitHeaders
from cs_audit.sources.web.site import Site
from cs_audit.worded import worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_TICKETS = "api/v2/tickets"
_A_PAGE = 100
_HISTORY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LISTS = ("all", "deleted", "spam")
"""The lists of tickets, in the order they are read; what is in the later ones is gone."""


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        limits=(LimitHeaders(remaining="x-ratelimit-remaining"),),
        token_hint=worded("copy the API key from the profile settings of an agent who sees all tickets"),
        permission_hint=worded("the agent whose key it is needs the scope of all tickets"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(_: HelpdeskSource, secret: Secret) -> Credentials:
    return basic_user(secret)


def _listed(client: Client, path: str, **params: Any) -> Iterator[Json]:
    """All entries of a list."""
    return once(_paged(client, path, params))


def _paged(client: Client, path: str, params: Mapping[str, Any]) -> Iterator[list[Json]]:
    """Its pages; the Link header says whether there is another one."""
    for page in count(1):
        reply = client.get(path, {"per_page": _A_PAGE, "page": page, **params})
        yield reply.json
        if "next" not in reply.links:
            return


def _optional(client: Client, path: str, **params: Any) -> list[Json]:
    """A list that the plan or the agent may not have."""
    try:
        return list(_listed(client, path, **params))
    except (NotFoundError, NotPermittedError):
        return []


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for agent in _optional(client, "api/v2/agents"):
        contact = agent["contact"]
        known = {"name": contact.get("name"), "email": contact.get("email"), "type": agent.get("type")}
        yield "agent", str(agent["id"]), known
    for group in _optional(client, "api/v2/groups"):
        yield "group", str(group["id"]), {"name": group["name"], "business_hour_id": group.get("business_hour_id")}
    for hours in _optional(client, "api/v2/business_hours"):
        yield "schedule", str(hours["id"]), hours
    for policy in _optional(client, "api/v2/sla_policies"):
        yield "policy", str(policy["id"]), policy
    ratings: dict[str, dict[int, Json]] = {}
    for rating in _optional(client, "api/v2/surveys/satisfaction_ratings", created_since=asked(_HISTORY)):
        ratings.setdefault(str(rating["ticket_id"]), {})[int(rating["id"])] = rating
    for ticket, given in ratings.items():
        yield "rating", ticket, [given[each] for each in sorted(given)]


def _pages(client: Client, _: HelpdeskSource, start: Start) -> Iterator[Page]:
    at = start.cursor or begin(_LISTS[0], start.since or _HISTORY)
    while at.get("list") in _LISTS:
        rows, more = _read(client, at)
        marks = [(row["id"], _changed(row)) for row in rows]
        fresh = list(compress(rows, new(at, marks)))
        there, at = at["list"], onward(at, marks, start.now, more=more) or _following(at["list"], start)
        if there == "all":
            yield Page.of(at, client.map(partial(_whole, client), fresh))
        else:
            yield Page(at, gone=[Gone(str(row["id"]), "deleted", _changed(row)) for row in fresh])
    yield Page({"end": True})


def _following(name: str, start: Start) -> Json:
    after = _LISTS[_LISTS.index(name) + 1 :]
    return begin(after[0], start.since or _HISTORY) if after else {"list": None}


def _read(client: Client, at: Json) -> tuple[list[Json], bool]:
    """Some tickets, and whether the list goes on."""
    params = {
        "updated_since": at["since"],
        "filter": None if at["list"] == "all" else at["list"],
        "order_by": "updated_at",
        "order_type": "asc",
        "include": "stats,requester,description" if at["list"] == "all" else None,
        "per_page": _A_PAGE,
        "page": at["page"],
    }
    reply = client.get(_TICKETS, params)
    return list(reply.json), "next" in reply.links


def _changed(row: Json) -> str:
    """When a ticket was last changed, in one form, so that it sorts."""
    return asked(iso(row["updated_at"]))


def _whole(client: Client, row: Json) -> Pulled | Gone:
    """A ticket with all its conversations; it may have been deleted since it was listed."""
    try:
        said = list(_listed(client, f"{_TICKETS}/{row['id']}/conversations"))
    except NotFoundError:
        return Gone(str(row["id"]), "deleted", _changed(row))
    by_id = {int(each["id"]): _lasting(each) for each in said}
    payload = {"ticket": _lasting(row), "conversations": [by_id[each] for each in sorted(by_id)]}
    return Pulled(str(row["id"]), _changed(row), payload)


def _lasting(entry: Json) -> Json:
    """Without what is made anew for each answer: the signed addresses of attachments."""
    return {key: value for key, value in entry.items() if key != "attachments"}


def _capabilities(client: Client, _: HelpdeskSource) -> Iterator[Capability]:
    client.get(_TICKETS, {"updated_since": asked(_HISTORY), "per_page": 1})
    yield Capability(worded("tickets"), there=True)
    for name, path, note in (
        (worded("agents"), "api/v2/agents", worded("the key may not list agents: they are told by their ids")),
        (worded("teams"), "api/v2/groups", worded("the key may not list groups: they are told by their ids")),
        (worded("schedules"), "api/v2/business_hours", worded("the key may not read business hours")),
        (worded("policies"), "api/v2/sla_policies", worded("the key may not read SLA policies")),
        (
            worded("ratings"),
            "api/v2/surveys/satisfaction_ratings",
            worded("no satisfaction survey, or the key may not read it"),
        ),
    ):
        yield offered(client, name, path, note, {"per_page": 1})
    yield Capability(worded("statuses"), there=False, note=worded("Freshdesk has no change log in its API"))


CONNECTOR = Connector(
    type="freshdesk",
    title="Freshdesk",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "resolution", "texts", "ratings"}),
    unseen={
        "statuses": "only when a ticket was last solved, closed or put in its present status; earlier ones are not "
        "told, so a wait that an earlier status ended counts on",
        "teams": "only the present group; it stands for the ticket's whole life",
        "agents": "only the present agent; he stands for the ticket's whole life",
        "priority": "only the present one; it stands for the ticket's whole life",
        "surveys": "given ratings are known; whether one was asked for is not",
        "reported": "of its next-reply SLA only breaches are told, never what was kept: it is not read",
        "automatic": "mail that notifications and automations send leaves no trace in the conversations",
        "merge": "a merged ticket looks like a closed one",
        "author": "roles are those of today, and who wrote an outbound first message is not told",
        "archived": "archived tickets are in no list",
        "calls": "calls are in another product",
        "holidays": "business hours are told without their holidays",
    },
    managers=True,
    reported=("first_reply", "resolution"),
    due=("first_reply", "resolution"),
    schedules=schedules,
    policies=policies,
    capabilities=_capabilities,
)
