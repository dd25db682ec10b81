"""Help Scout: conversations by the time they were created, and the threads of each; FreeScout with `account =
"freescout"`.

Read, all GET, at `https://api.helpscout.net`:

- `v2/conversations?status=all&modifiedSince=&query=(createdAt:[... TO *])&sortField=createdAt&sortOrder=asc`, and the
  same with `status=spam`, whose conversations are gone. `projects` limits it to mailboxes, by their ids.
- `v3/conversations/{id}/threads`: messages, notes, and the line items that are its change log. v3 tells AI agents
  apart (`system_user`), which v2 calls users; where there is no v3, v2 is read.
- `v2/users`, `v2/teams`, `v2/reports/happiness/ratings`, each where the token may.

The token is a ready access token. Help Scout gives it for an app's id and secret by a POST to `v2/oauth2/token`, which
a client that only reads does not send; it holds for two days, so `token = { command = ... }` is the way to a fresh one.

Traps. The list has active conversations only unless asked for all. It does not say when a conversation was modified
and its pages move, so it is read by the time of creation, which stays (see `keyset`). Threads embedded in it are cut
off without a word, so each conversation is asked for its own, newest first. A list without entries has no `_embedded`.
A thread's `status` is "nochange" or the present one: changes are told by differences, and whoever wrote the thread made
them. Drafts and replies held back for review were never sent; a scheduled reply counts when it was to be sent. A
merged conversation is given no more, its threads are in the other one, whose line item names it. A 429 tells its wait
in a header of its own. There are no schedules and no SLA policies, no priorities, and no trace of a deleted
conversation.

FreeScout (its paid module "API & Webhooks", key in a header) has the same shape with other words: `updatedSince`,
`createdSince`, `pageSize`, `firstName`; threads embedded whole; deleted conversations by `state=deleted`; no teams and
no ratings.

Verified: in the vendor's documentation v3 threads, limits, default status, changelog, the ratings report (its v1 page)
and the older page on threads; in the vendor's own PHP client the filters, the envelope and the payloads; in notes of
two public pullers that embedded threads are cut off; FreeScout's parameters, key and payloads in its documentation.
From memory: that `query` and `modifiedSince` combine, the name `originalConversation` in a merge's line item, the names
in the v2 ratings report, that FreeScout embeds all threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector
from cs_audit.sources.helpdesks.helpscout_events import normalise, person
from cs_audit.sources.helpdesks.helpscout_pages import HISTORY, free, listed, pages
from cs_audit.sources.helpdesks.moments import asked
from cs_audit.sources.helpdesks.offers import offered
from cs_audit.sources.web.auth import bearer, header
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

_RATINGS = "v2/reports/happiness/ratings"


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        limits=(LimitHeaders(remaining="x-ratelimit-remaining-minute", wait="x-ratelimit-retry-after"),),
        token_hint=worded(
            "get a new access token: it holds for two days; of FreeScout, copy the key under Manage, API & Webhooks"
        ),
        permission_hint=worded("the app's user must see all mailboxes"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(config: HelpdeskSource, secret: Secret) -> Credentials:
    return header("X-FreeScout-API-Key", secret) if free(config) else bearer(secret)


def _records(client: Client, config: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    root = "api" if free(config) else "v2"
    for kind in ("user", "team") if not free(config) else ("user",):
        try:
            for each in listed(client, f"{root}/{kind}s", f"{kind}s"):
                yield kind, str(each["id"]), {"name": each.get("name") or person(each), "email": each.get("email")}
        except (NotFoundError, NotPermittedError):
            continue
    ratings: dict[str, list[Json]] = {}
    for each in () if free(config) else _ratings(client):
        ratings.setdefault(str(each.get("conversationId") or each["id"]), []).append(each)
    for conversation, given in ratings.items():
        once = {(each["ratingCreatedAt"], each["threadid"]): each for each in given}  # new ones push the pages along
        yield "rating", conversation, [once[key] for key in sorted(once)]


def _ratings(client: Client) -> Iterator[Json]:
    """All ratings that the report gives, if the plan has reports."""
    for page in count(1):
        asking = {"start": asked(HISTORY), "end": "2099-12-31T00:00:00Z", "rating": "all", "page": page}
        try:
            reply = client.get(_RATINGS, asking).json
        except (NotFoundError, NotPermittedError):
            return
        if reply["page"] != page:
            raise ValueError(f"page {page} of the ratings was asked for, and {reply['page']} came")
        yield from reply["results"]
        if page >= reply["pages"]:
            return


def _capabilities(client: Client, config: HelpdeskSource) -> Iterator[Capability]:
    root = "api" if free(config) else "v2"
    client.get(f"{root}/conversations", {"page": 1})
    yield Capability(worded("tickets"), there=True)
    for name, path, note in (
        (
            worded("agents"),
            f"{root}/users",
            worded("the token may not list users: they are told by what threads say of them"),
        ),
        (worded("teams"), f"{root}/teams", worded("there are no teams, or the token may not list them")),
        (
            worded("ratings"),
            f"{_RATINGS}?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&rating=all",
            worded("no reports on this plan"),
        ),
    ):
        yield offered(client, name, path, note)


CONNECTOR = Connector(
    type="helpscout",
    title="Help Scout",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "statuses", "resolution", "teams", "agents", "texts", "ratings"}),
    lacks=lambda config: frozenset({"ratings"} if free(config) else ()),
    unseen={
        "deleted": "a conversation that was deleted later is not told of (FreeScout tells)",
        "priority": "there are no priorities",
        "on_hold": "there is no other waiting than pending",
        "statuses": "a change belongs to whoever wrote the message it came with",
        "teams": "a team holds a conversation until another one gets it",
        "reported": "neither SLAs nor verdicts on them are in its API",
        "surveys": "given ratings are known; whether one was asked for is not",
        "automatic": "the mailbox's automatic reply leaves no thread",
        "calls": "phone conversations are notes of them, without times",
        "author": "roles are those of today",
    },
    capabilities=_capabilities,
)
