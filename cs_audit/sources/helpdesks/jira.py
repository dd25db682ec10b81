"""Jira Service Management Cloud: issues by JQL, and their changes in bulk.

Read: `search/jql` (POST) with comments, SLA cycles, team and satisfaction as fields, `changelog/bulkfetch` (POST) for
all issues of a page, `issue/ID/comment` where the comments inside an issue are not all of them, `field` and `status`.
The changelog inside an issue (`expand=changelog`) is cut off at 40 or 100 entries and never asked for.

The list moves while it is read: issues enter it when they are updated. It is read by their creation, which does not
change, and goes on from the minute of the last one seen; page tokens (they live for 7 days) are needed only where one
minute has more issues than a page. Instants in JQL are milliseconds since 1970: anything else is read on the clock of
the token's user. The search is eventually consistent: the last minute counts as withheld, and each run goes back an
hour. A page may hold fewer issues than asked for, and none while there are more.

Verified in the vendor's specification of the platform (every path that is read), and in the code of public clients (the
field types `sd-sla-field`, `sd-request-feedback` and its date, the property `request.channel.type`, comments inside of
issues with `jsdPublic` and `total`, milliseconds in JQL, changelogs dated by numbers). Not verified against an account:
the names of apps, and that SLA cycles as a field are those of `servicedeskapi/request/KEY/sla`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Page, Pulled, Start
from cs_audit.sources.helpdesks.jira_events import CHANNEL, FIELDS, moment, normalise
from cs_audit.sources.helpdesks.steady import steady
from cs_audit.sources.web.auth import basic, bearer
from cs_audit.sources.web.errors import RejectedError
from cs_audit.sources.web.limits import LimitHeaders
from cs_audit.sources.web.pages import shrinking
from cs_audit.sources.web.site import Site
from cs_audit.worded import NOTHING, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_SEARCH, _CHANGES = "rest/api/3/search/jql", "rest/api/3/changelog/bulkfetch"
_A_PAGE, _LEAST, _CHANGES_A_PAGE, _COMMENTS_A_PAGE = 50, 5, 1000, 100
_MINUTE = 60_000
_MOST_FIELDS = 10
_OWN = (
    *("summary", "description", "status", "priority", "assignee", "reporter", "creator", "created", "updated"),
    *("project", "labels", "comment"),
)


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        searches=frozenset({_SEARCH, _CHANGES}),
        limits=(LimitHeaders(remaining="x-ratelimit-remaining", reset="x-ratelimit-reset", meaning="iso"),),
        token_hint=worded(
            "make a token at id.atlassian.com under Security, and give the e-mail of its account as user ="
        ),
        permission_hint=worded("its account must be an agent with Browse projects in the service projects"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(config: HelpdeskSource, secret: Secret) -> Credentials:
    return basic(config.user, secret) if config.user else bearer(secret)


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for status in client.get("rest/api/3/status").json:
        yield "status", str(status["id"]), status
    yield from _fields(client)


def _fields(client: Client) -> Iterator[tuple[str, str, Json]]:
    """The fields that only Service Management has, by what they mean."""
    for field in client.get("rest/api/3/field").json:
        kind = FIELDS.get(str((field.get("schema") or {}).get("custom")))
        if kind:
            yield kind, str(field["id"]), {"id": field["id"], "name": field["name"]}


def _pages(client: Client, config: HelpdeskSource, start: Start) -> Iterator[Page]:
    place, size = start.cursor or {"created": 0, "seen": [], "token": None}, _A_PAGE
    known = sorted((kind, identity) for kind, identity, _ in _fields(client))
    teams = [identity for kind, identity in known if kind == "team"]
    wanted = [*_OWN, *(identity for _, identity in known)]
    while not place.get("done"):
        reply, size = _searched(client, config, start, place, wanted, size)
        issues = sorted(reply["issues"], key=lambda each: (_created(each), int(each["id"])))
        new = [each for each in issues if each["id"] not in place["seen"] and _is_news(each, start)]
        place = _onward(place, issues, reply.get("nextPageToken"))
        yield Page(place, _whole(client, new, teams))
    yield Page({**place, "end": True})


def _searched(
    client: Client, config: HelpdeskSource, start: Start, place: Json, fields: list[str], size: int
) -> tuple[Json, int]:
    """A page of the list from a place on; a token that is not known any more is done without."""
    asked = {"jql": _jql(config, start, place), "fields": fields, "properties": [CHANNEL]}
    token = {"nextPageToken": place["token"]} if place["token"] else {}

    def read(most: int, shrinkable: bool) -> Json:  # noqa: FBT001 - as `shrinking` calls it
        try:
            return client.search(_SEARCH, {**asked, **token, "maxResults": most}, shrinkable=shrinkable).json
        except RejectedError:
            if not token:
                raise
            return client.search(_SEARCH, {**asked, "maxResults": most}, shrinkable=shrinkable).json

    return shrinking(read, size, _LEAST)


def _jql(config: HelpdeskSource, start: Start, place: Json) -> str:
    names = ", ".join('"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in config.projects)
    limits = [f"project in ({names})" if names else "projectType = service_desk"]
    if start.since is not None:
        limits.append(f"updated >= {_floor(_millis(start.since))}")
    return " AND ".join([*limits, f"created >= {place['created']}"]) + " ORDER BY created ASC, key ASC"


def _millis(instant: dt.datetime) -> int:
    return round(instant.timestamp() * 1000)


def _floor(millis: int) -> int:
    """JQL knows nothing shorter than a minute."""
    return millis // _MINUTE * _MINUTE


def _created(issue: Json) -> int:
    return _millis(moment(issue["fields"]["created"]))


def _is_news(issue: Json, start: Start) -> bool:
    return start.since is None or moment(issue["fields"]["updated"]) >= start.since


def _onward(place: Json, issues: list[Json], token: str | None) -> Json:
    """Where to go on: from the minute of the last issue, or within it by the token."""
    if not token:
        return {**place, "token": None, "done": True}
    last = max((_floor(_created(each)) for each in issues), default=0)
    if last > place["created"]:
        return {"created": last, "seen": [each["id"] for each in issues if _created(each) >= last], "token": None}
    seen = sorted({*place["seen"], *(each["id"] for each in issues)}, key=int)
    return {"created": place["created"], "seen": seen, "token": token}


def _whole(client: Client, issues: list[Json], teams: list[str]) -> list[Pulled]:
    if not issues:
        return []
    changes = _changes(client, [str(each["id"]) for each in issues], teams)
    comments = client.map(partial(_comments, client), issues)
    return [_bundle(issue, changes, said) for issue, said in zip(issues, comments, strict=True)]


def _changes(client: Client, issues: list[str], teams: list[str]) -> dict[str, list[Json]]:
    """All changes of some issues, by the issue."""
    found: dict[str, dict[str, Json]] = {each: {} for each in issues}
    fields = ["status", "assignee", "priority", *teams][:_MOST_FIELDS]
    asked = {"issueIdsOrKeys": issues, "fieldIds": fields, "maxResults": _CHANGES_A_PAGE}
    token, tokens = None, set()
    while True:
        reply = client.search(_CHANGES, {**asked, **({"nextPageToken": token} if token else {})}).json
        for each in reply["issueChangeLogs"]:
            found.setdefault(str(each["issueId"]), {}).update({str(one["id"]): one for one in each["changeHistories"]})
        token = reply.get("nextPageToken")
        if not token:
            return {issue: list(histories.values()) for issue, histories in found.items()}
        if token in tokens:
            raise ValueError("changelogs go round in circles")
        tokens.add(token)


def _comments(client: Client, issue: Json) -> list[Json]:
    """The comments inside an issue where these are all, else by its own list."""
    inside = issue["fields"].get("comment") or {}
    if inside and len(inside["comments"]) == inside["total"]:
        return list(inside["comments"])
    found: dict[str, Json] = {}
    while True:
        asked = {"startAt": len(found), "maxResults": _COMMENTS_A_PAGE, "orderBy": "created"}
        reply = client.get(f"rest/api/3/issue/{issue['id']}/comment", asked).json
        fresh = {str(each["id"]): each for each in reply["comments"]}
        if fresh and fresh.keys() <= found.keys():
            raise ValueError("a page of comments came twice")
        found |= fresh
        if len(found) >= reply["total"] or not fresh:
            return list(found.values())


def _bundle(issue: Json, changes: Mapping[str, list[Json]], comments: list[Json]) -> Pulled:
    fields = {key: value for key, value in issue["fields"].items() if key != "comment"}
    version = moment(fields["updated"]).isoformat(timespec="milliseconds")
    payload = {"issue": {**issue, "fields": fields}, "changes": changes[str(issue["id"])], "comments": comments}
    return Pulled(str(issue["id"]), version, steady(payload))


def _capabilities(client: Client, config: HelpdeskSource) -> Iterator[Capability]:
    found = {kind for kind, _, _ in _fields(client)}
    names = _jql(config, Start(None, None, dt.datetime.now(dt.UTC)), {"created": 0})
    client.search(_SEARCH, {"jql": names, "fields": ["created"], "maxResults": 1})
    yield Capability(worded("tickets"), there=True)
    for kind, name in (("sla", worded("policies")), ("rating", worded("ratings")), ("team", worded("teams"))):
        there = kind in found
        yield Capability(name, there=there, note=NOTHING if there else worded("there is no such field"))


CONNECTOR = Connector(
    type="jira",
    title="Jira Service Management",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "statuses", "resolution", "teams", "agents", "texts", "ratings"}),
    unseen={
        "deleted": "an issue that was deleted is not told of; a comment that was deleted is gone",
        "merge": "merges are not in an issue's history",
        "calls": "Jira knows no calls",
        "channel": "only how a request came in is told, not how each message did",
        "author": "roles are those of today: who raised a request is its requester, whatever else he is; give agents = "
        "where colleagues with Jira accounts are requesters of each other",
        "agent": "agents of the same name are not told apart; that nobody is assigned any more is not shown",
        "schedules": "Jira does not tell its SLA calendars",
        "reported": "only SLAs with first response or resolution in their names are read",
        "surveys": "given ratings are known; whether one was asked for is not",
    },
    reported=("first_reply", "resolution"),
    due=("first_reply", "resolution"),
    capabilities=_capabilities,
    withheld=dt.timedelta(minutes=1),
)
