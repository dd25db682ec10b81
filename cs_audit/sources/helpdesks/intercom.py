"""Intercom: conversations searched by the time of their last change, and each one retrieved with all its parts.

Read, with API version 2.16: `conversations/search` (a POST), `conversations/{id}`, `conversations/deleted`,
`calls/search` (a POST, up to 20 conversations at once), `admins`, `teams`, `me`, office hours with their exceptions.

Paging: the search is asked for ascending `updated_at` and re-based on the last time seen, so that a list that moves
loses nothing; where one second fills a page, or the answer is not in the order asked for, it is gone on with by its
`starting_after`. Dates know only `>`, `<` and `=` there, and pages hold at most 150. Deleted conversations come in
numbered pages of 60, which are read until they are older than the last pull, as long as they come in the order of
deletion. Limits: 10,000 requests a minute, counted in windows of 10 s that `X-RateLimit-*` tell of; no Retry-After.

Traps: the first message is the conversation's `source`, not among its parts. Of a conversation with more than 500 parts
only the last 500 are given: it is set aside with that reason, known by `count_conversation_parts`, which counts the
source too. A part's `state` shows changes that have no part of their own. Fin is a bot; its answers are marked
`is_ai_answer`. Intercom's Operator may call itself an admin. What campaigns and bots start is `delivered_as` so.

Verified: endpoints, fields, limits of pages and office hours with the vendor's own specification (2.16), which also
judges every request in the tests; types of parts with its reference of an earlier version; limit headers with its
reference; the order of a search, the search by `>` or `=`, the two parts of a merge, bodies of `open`, `close` and
`assignment`, and addresses of conversations with the code of public clients; what the count of parts counts with the
vendor's answer in a public issue. From memory: hosts of conversations outside the USA, the word of calls that end in
voicemail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import (
    Capability,
    Connector,
    ExpiredCursorError,
    Gone,
    Page,
    Pulled,
    Start,
)
from cs_audit.sources.helpdesks.intercom_events import normalise
from cs_audit.sources.helpdesks.intercom_rules import schedules
from cs_audit.sources.helpdesks.lists import chunks
from cs_audit.sources.helpdesks.moments import asked, epoch
from cs_audit.sources.helpdesks.offers import offered
from cs_audit.sources.helpdesks.steady import in_order, steady
from cs_audit.sources.web.auth import bearer
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError, RejectedError
from cs_audit.sources.web.limits import LimitHeaders
from cs_audit.sources.web.pages import shrinking
from cs_audit.sources.web.site import Site
from cs_audit.worded import NOTHING, Worded, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_SEARCH, _CALLS, _DELETED = "conversations/search", "calls/search", "conversations/deleted"
_A_PAGE, _LEAST, _DELETED_A_PAGE, _CALLS_AT_ONCE = 150, 10, 60, 20
_GONE, _END = {"stage": "deleted"}, {"end": True}
_PHONE = ("phone_call", "phone_switch")


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        searches=frozenset({_SEARCH, _CALLS}),
        headers={"Intercom-Version": "2.16"},
        limits=(LimitHeaders(remaining="x-ratelimit-remaining", reset="x-ratelimit-reset", meaning="epoch"),),
        trouble=_trouble,
        token_hint=worded("take the token of an app in the Developer Hub, and the url of your region"),
        permission_hint=worded(
            "the app must be allowed to read conversations, admins and teams, and calls if there are any"
        ),
        parallel=config.parallel or 8,
        plain_http=config.plain_http,
    )


def _trouble(value: Json) -> Worded:
    """An error with the status of a good answer."""
    return worded("sent a list of errors") if isinstance(value, dict) and value.get("type") == "error.list" else NOTHING


def _credentials(_: HelpdeskSource, secret: Secret) -> Credentials:
    return bearer(secret)


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    app = client.get("me").json["app"]
    yield "app", str(app["id_code"]), {key: app.get(key) for key in ("id_code", "region")}
    for admin in client.get("admins").json["admins"]:
        yield "admin", str(admin["id"]), {key: admin.get(key) for key in ("id", "name", "email")}
    for team in client.get("teams").json["teams"]:
        yield "team", str(team["id"]), {key: team.get(key) for key in ("id", "name")}
    for schedule in _optional(client, "office_hours_schedules"):
        path = f"office_hours_schedules/{schedule['id']}/office_hours_exceptions"
        yield "schedule", str(schedule["id"]), {**schedule, "exceptions": in_order(client.get(path).json["data"])}


def _optional(client: Client, path: str) -> list[Json]:
    """A list that a token may not be allowed to read."""
    try:
        return list(client.get(path).json["data"])
    except (NotFoundError, NotPermittedError):
        return []


def _pages(client: Client, _: HelpdeskSource, start: Start) -> Iterator[Page]:
    since = int(start.since.timestamp()) if start.since else 0
    cursor, size = start.cursor or {"since": since, "after": None}, _A_PAGE
    while "since" in cursor:
        try:
            reply, size = shrinking(partial(_searched, client, cursor), size, _LEAST)
        except RejectedError as error:
            if cursor == start.cursor and cursor["after"]:
                raise ExpiredCursorError from error
            raise
        listed = reply["conversations"]
        whole = list(client.map(partial(_whole, client), listed))
        cursor = _following(cursor, [each["updated_at"] for each in listed], reply["pages"].get("next"))
        yield Page(cursor, _with_calls(client, whole), [each for each in whole if isinstance(each, Gone)])
    if cursor == _GONE:
        yield Page({"stage": "counted"}, gone=list(_deleted(client, since)))
    yield Page(_END, expected=_searched(client, {"since": 0, "after": None}, 1)["total_count"])


def _searched(client: Client, cursor: Json, per_page: int, shrinkable: bool = False) -> Json:  # noqa: FBT001, FBT002 - as `shrinking` calls it
    """Conversations changed at or after a time. Whether `>` means "or at" too, the vendor's pages do not agree."""
    either = [{"field": "updated_at", "operator": each, "value": cursor["since"]} for each in (">", "=")]
    pagination = {"per_page": per_page, **({"starting_after": cursor["after"]} if cursor["after"] else {})}
    body = {
        "query": {"operator": "OR", "value": either},
        "sort": {"field": "updated_at", "order": "ascending"},
        "pagination": pagination,
    }
    return client.search(_SEARCH, body, shrinkable=shrinkable).json


def _following(cursor: Json, times: Sequence[int], following: Json) -> Json:
    """Where to go on: at the last time seen. After the page, where it holds one second only or is not as asked for."""
    if not (following or {}).get("starting_after"):
        return _GONE
    in_time = list(times) == sorted(times) and bool(times) and cursor["since"] <= times[0] < times[-1]
    return {"since": times[-1], "after": None} if in_time else {**cursor, "after": following["starting_after"]}


def _whole(client: Client, listed: Json) -> Json | Gone:
    """A conversation with all its parts; it may have been deleted since it was listed."""
    try:
        return steady(client.get(f"conversations/{listed['id']}").json)
    except NotFoundError:
        return Gone(str(listed["id"]), "deleted", asked(epoch(listed["updated_at"])))


def _with_calls(client: Client, found: Sequence[Json | Gone]) -> list[Pulled]:
    whole = [each for each in found if not isinstance(each, Gone)]
    calls: dict[str, list[Json]] = {}
    for call in _called(client, whole):
        calls.setdefault(str(call["conversation_id"]), []).append(call)
    return [
        Pulled(
            str(each["id"]),
            asked(epoch(each["updated_at"])),
            {"conversation": each, "calls": in_order(calls.get(str(each["id"]), []))},
        )
        for each in whole
    ]


def _called(client: Client, whole: Sequence[Json]) -> list[Json]:
    """The calls of some conversations, without what was said. Plans without telephony may refuse."""
    ids = [str(each["id"]) for each in whole]
    try:
        replies = list(client.map(partial(_calls_of, client), chunks(ids, _CALLS_AT_ONCE)))
    except (NotFoundError, NotPermittedError):
        if any((each.get("source") or {}).get("type") in _PHONE for each in whole):
            raise
        return []
    spoken = ("transcript", "transcript_status")
    return [{key: value for key, value in call.items() if key not in spoken} for reply in replies for call in reply]


def _calls_of(client: Client, ids: Sequence[str]) -> Json:
    return client.search(_CALLS, {"conversation_ids": list(ids)}).json["data"]


def _deleted(client: Client, since: int) -> Iterator[Gone]:
    """Conversations deleted since a time. Whether the list is in the order of deletion, its page does not say."""
    for number in count(1):
        reply = client.get(_DELETED, {"page": number, "per_page": _DELETED_A_PAGE, "order": "desc"}).json
        deleted = [(str(each["id"]), each["deleted_at"]) for each in reply["conversations"]]
        yield from (Gone(ticket, "deleted", asked(epoch(at))) for ticket, at in deleted)
        times = [at for _, at in deleted]
        past = bool(times) and times == sorted(times, reverse=True) and times[-1] < since
        if not times or past or number >= reply["pages"]["total_pages"]:
            return


def _capabilities(client: Client, _: HelpdeskSource) -> Iterator[Capability]:
    _searched(client, {"since": 0, "after": None}, 1)
    yield Capability(worded("conversations"), there=True)
    for name, path in ((worded("schedules"), "office_hours_schedules"), (worded("calls"), "calls")):
        yield offered(client, name, path, worded("the plan or the token gives none"))


CONNECTOR = Connector(
    type="intercom",
    title="Intercom",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset(
        {"first_reply", "messages", "statuses", "resolution", "teams", "agents", "calls", "texts", "ratings", "surveys"}
    ),
    unseen={
        "priority": "only that of today is told: it is taken for the whole conversation",
        "status": "snoozed is told, but not what for: it counts as on hold, never as waiting for the requester",
        "channel": "replies are taken to come the way the conversation began, e-mail apart; forms count as chats",
        "ratings": "only the last one of a conversation is told",
        "history": "of more than 500 parts only the last 500 are given: such conversations are set aside",
        "tickets": "back-office and tracker tickets are not conversations and are not read",
        "sla": "which target was hit or missed is not told, nor what an SLA promises",
    },
    managers=True,
    schedules=schedules,
    capabilities=_capabilities,
)
