"""Zendesk Support: incremental ticket export by cursor, and the audits of each ticket.

Read: `incremental/tickets/cursor` (needs an administrator; withholds the last minute; a page may be empty before
`end_of_stream`), `tickets/{id}/audits` (every change and comment, ascending; those of archived tickets come in one
page), `users` of agents, `groups`, business hours, holidays and SLA policies where the plan has them. The export brings
requesters, organizations, `metric_events` and `slas` along with its tickets, so that Zendesk's own verdicts and account
managers (`account_manager`: the key of a user's or organization's field) cost no request.

An audit is one moment: all its events share `created_at`, in the vendor's own order. Its author is a person, -1 the
system; what a trigger or automation does is marked by `via.channel = rule`.

Metric events come by metric and number of the clock: `activate`, `pause`, `fulfill`, `apply_sla` with its target, and
`breach`, which may lie ahead, or be `deleted` since it did not come to it. A clock is broken where a breach that is not
deleted falls into its run, and kept where it was promised a target and is fulfilled. `slas` tell until when.

Verified: types and fields of metric events in the vendor's reference; that the export brings `metric_events` and `slas`
along, and their form, in the code of three public clients and of the vendor's own app. From memory: when breaches are
deleted, that those to come are listed, the words for the events of surveys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.lists import once
from cs_audit.sources.helpdesks.offers import offered
from cs_audit.sources.helpdesks.zendesk_events import normalise
from cs_audit.sources.helpdesks.zendesk_rules import policies, schedules
from cs_audit.sources.helpdesks.zendesk_slas import DUE, REPORTED, settled
from cs_audit.sources.web.auth import basic, bearer
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError
from cs_audit.sources.web.limits import LimitHeaders
from cs_audit.sources.web.pages import shrinking
from cs_audit.sources.web.site import Site
from cs_audit.worded import worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_EXPORT = "api/v2/incremental/tickets/cursor"
_ALONG = "users,organizations,metric_events,slas"
_A_PAGE, _LEAST = 1000, 50
_HISTORY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        limits=(
            LimitHeaders(remaining="ratelimit-remaining", reset="ratelimit-reset"),
            LimitHeaders(
                remaining="zendesk-ratelimit-incremental-exports;remaining",
                reset="zendesk-ratelimit-incremental-exports;resets",
            ),
        ),
        passing=frozenset({409}),
        token_hint=worded(
            "make a token under Apps and integrations, APIs, Zendesk API; its user must be an administrator"
        ),
        permission_hint=worded("the incremental export needs an administrator"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(config: HelpdeskSource, secret: Secret) -> Credentials:
    return basic(f"{config.user}/token", secret) if config.user else bearer(secret)


def _listed(client: Client, path: str, key: str, **params: Any) -> Iterator[Json]:
    """All entries of a list with cursor paging."""
    return once(_paged(client, path, key, params))


def _paged(client: Client, path: str, key: str, params: Mapping[str, Any]) -> Iterator[list[Json]]:
    reply = client.get(path, {"page[size]": 100, **params}).json
    while True:
        yield reply[key]
        following = (reply.get("links") or {}).get("next")
        if not (reply.get("meta") or {}).get("has_more") or not following:
            return
        reply = client.get(following).json


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for role in ("agent", "admin"):
        for user in _listed(client, "api/v2/users", "users", role=role):
            yield "user", str(user["id"]), user
    for group in _listed(client, "api/v2/groups", "groups"):
        yield "group", str(group["id"]), group
    for schedule in _optional(client, "api/v2/business_hours/schedules", "schedules"):
        holidays = _optional(client, f"api/v2/business_hours/schedules/{schedule['id']}/holidays", "holidays")
        yield "schedule", str(schedule["id"]), {**schedule, "holidays": holidays}
    for policy in _optional(client, "api/v2/slas/policies", "sla_policies"):
        yield "policy", str(policy["id"]), policy


def _optional(client: Client, path: str, key: str) -> list[Json]:
    """A list that smaller plans do not have."""
    try:
        return list(client.get(path).json[key])
    except (NotFoundError, NotPermittedError):
        return []


def _pages(client: Client, _: HelpdeskSource, start: Start) -> Iterator[Page]:
    cursor, size = start.cursor, _A_PAGE
    since = int((start.since or _HISTORY).timestamp())
    while True:
        asked = {"cursor": cursor["after"]} if cursor else {"start_time": since}

        def read(per_page: int, shrinkable: bool, asked: Mapping[str, Any] = asked) -> Json:  # noqa: FBT001 - as `shrinking` calls it
            params = {**asked, "per_page": per_page, "include": _ALONG}
            return client.get(_EXPORT, params, shrinkable=shrinkable).json

        reply, size = shrinking(read, size, _LEAST)
        gone = [
            Gone(str(each["id"]), "deleted", each["generated_timestamp"])
            for each in reply["tickets"]
            if each["status"] == "deleted"
        ]
        cursor = {"after": reply["after_cursor"]}
        yield Page.of(cursor, [*gone, *client.map(partial(_whole, client), _brought(reply, start.now))])
        if reply["end_of_stream"]:
            yield Page({"after": reply["after_cursor"], "end": True})
            return


def _brought(reply: Json, now: dt.datetime) -> Iterator[Json]:
    """The tickets of a page that are there, each with what the page brings along with it."""
    users, firms = ({str(each["id"]): each for each in reply.get(kind) or []} for kind in ("users", "organizations"))
    for ticket in reply["tickets"]:
        if ticket["status"] != "deleted":
            firm = firms.get(str(ticket.get("organization_id"))) or {}
            yield {
                "ticket": settled(ticket, now),
                "requester": users.get(str(ticket["requester_id"])),
                "organization_fields": firm.get("organization_fields"),
            }


def _whole(client: Client, brought: Json) -> Pulled | Gone:
    """A ticket with all its audits; it may have been deleted since it was listed."""
    ticket = brought["ticket"]
    try:
        audits = list(_listed(client, f"api/v2/tickets/{ticket['id']}/audits", "audits"))
    except NotFoundError:
        return Gone(str(ticket["id"]), "deleted", ticket["generated_timestamp"])
    in_order = sorted(audits, key=lambda each: int(each["id"]))
    return Pulled(str(ticket["id"]), ticket["generated_timestamp"], {**brought, "audits": in_order})


def _capabilities(client: Client, _: HelpdeskSource) -> Iterator[Capability]:
    client.get(_EXPORT, {"start_time": int(_HISTORY.timestamp()), "per_page": 1})
    yield Capability(worded("tickets"), there=True)
    for name, path, note in (
        (worded("schedules"), "api/v2/business_hours/schedules", worded("the plan has no business hours")),
        (worded("policies"), "api/v2/slas/policies", worded("the plan has no SLA policies")),
    ):
        yield offered(client, name, path, note)


CONNECTOR = Connector(
    type="zendesk",
    title="Zendesk",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset(
        {"first_reply", "messages", "statuses", "resolution", "teams", "agents", "calls", "texts", "ratings", "surveys"}
    ),
    unseen={
        "waited_seconds": "how long a caller waited is not in the ticket",
        "author": "roles are those of today: Zendesk does not tell who was an agent at the time",
        "ratings": "how a survey of the newer kind was answered is not in the ticket",
        "reported": "a breach of Zendesk's own SLA after a ticket's last change is known once the ticket changes "
        "again; plans without SLAs have none",
    },
    managers=True,
    reported=REPORTED,
    due=DUE,
    schedules=schedules,
    policies=policies,
    capabilities=_capabilities,
    withheld=dt.timedelta(minutes=1),
)
