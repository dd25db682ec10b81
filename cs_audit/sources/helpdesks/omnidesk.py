"""Omnidesk: cases by the time of their last change, and the messages and the log of changes of each.

Read: `cases.json` (with active chats and merged cases, both left out by default), per case `messages.json` (100 a page)
and `changelog.json`, `users/{id}.json` of each requester once a run, and the lists of staff, groups and labels.

Every list is an object with the keys "0", "1" ... and `total_count`, an empty one may be `[]`. A list has 500 pages of
at most 100: it is never paged through, but asked anew from the last time seen, two seconds overlapping, so that neither
the wall nor a case that moves on while it is read loses one. Where one second holds more than a page, that second is
read whole by time of creation and given in order of ids. The list is followed to its very end: a case that changed
again after the run began is needed as it was when it began.

Dates are RFC 2822 with an offset; "-" is none. A message planned for later was written at `created_at` and reaches the
requester at `sent_at`. 500 requests an hour for each active member of staff, at least 1000 for the account; the header
`api_calls_left` counts down, and nothing tells when it is filled up: a large account is pulled over several runs.

Verified in client code with the vendor's own examples: the form of lists, cases, messages, users and the log; `done_by`
of `staff_N`, `rule_N` and `omnidesk`; the log's `status`, `staff`, `group`, `priority`, `fixed_chat` and `rules`; the
ceiling, `show_active_chats`, `show_merged_cases`, instants as whole seconds, `api_calls_left`. From the vendor's page:
limits and basic auth. From a summary of it: names of filters and sorts. From memory: `done_by` of `user_N`, whether the
log has pages (it is read so that both is right), whether bounds are inclusive (either is right), that a rating touches
its case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability, Connector, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.moments import asked, mail
from cs_audit.sources.helpdesks.offers import offered
from cs_audit.sources.helpdesks.omnidesk_events import normalise
from cs_audit.sources.helpdesks.omnidesk_lists import A_PAGE, CASES, changed, listed, of_a_crowd
from cs_audit.sources.web.auth import basic
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

_HISTORY = int(dt.datetime(2000, 1, 1, tzinfo=dt.UTC).timestamp())
_USERS_KEPT = 5_000
_OF_USERS = ("user_id", "user_full_name", "user_email", "user_phone", "user_whatsapp_phone", "company_name")
_LISTS = {"staff": "staff", "group": "groups", "label": "labels"}


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        limits=(LimitHeaders(remaining="api_calls_left"),),
        token_hint=worded("user is the e-mail of the member of staff whose key it is; keys are under Settings, API"),
        permission_hint=worded("the key's owner must see all groups"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(config: HelpdeskSource, secret: Secret) -> Credentials:
    return basic(config.user or "", secret)


def _records(client: Client, _: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    for kind, path in _LISTS.items():
        try:
            for each in listed(client, f"api/{path}.json", kind):
                yield kind, str(each[f"{kind}_id"]), each
        except (NotFoundError, NotPermittedError):  # ids stand for names then
            continue


def _pages(client: Client, _: HelpdeskSource, start: Start) -> Iterator[Page]:
    cursor = start.cursor or {"from": int(start.since.timestamp()) if start.since else _HISTORY, "seen": []}
    users: dict[str, Json] = {}
    while not cursor.get("end"):
        if "after" in cursor:
            cases, cursor = of_a_crowd(client, cursor)
        else:
            cases, cursor = changed(client, cursor)
            if "after" in cursor:  # more than a page of one second: it is read whole instead
                continue
        if cases:
            yield _page(client, cases, {key: value for key, value in cursor.items() if key != "end"}, users)
    yield Page({**cursor, "end": True})


def _page(client: Client, cases: list[Json], cursor: Json, users: dict[str, Json]) -> Page:
    gone = [each for each in cases if each["deleted"] or each.get("spam")]
    there = [each for each in cases if not (each["deleted"] or each.get("spam"))]
    if len(users) > _USERS_KEPT:
        users.clear()
    unknown = sorted({str(each["user_id"]) for each in there} - users.keys())
    users |= dict(zip(unknown, client.map(partial(_user, client), unknown), strict=True))
    buried = [Gone(str(each["case_id"]), "deleted", _version(each)) for each in gone]
    return Page.of(cursor, [*buried, *client.map(partial(_whole, client, users), there)])


def _version(case: Json) -> str:
    return asked(mail(case["updated_at"]))


def _user(client: Client, identity: str) -> Json:
    """A requester, without what is nobody's business: answers may hold his password."""
    user = _found(lambda: client.get(f"api/users/{identity}.json").json["user"])
    return user and {key: user[key] for key in _OF_USERS if user.get(key)}


def _found(read: Callable[[], Json]) -> Json:
    try:
        return read()
    except NotFoundError:
        return None


def _whole(client: Client, users: Mapping[str, Json], case: Json) -> Pulled | Gone:
    """A case with its messages and its log; it may have been deleted for good since it was listed."""
    path = f"api/cases/{case['case_id']}"
    messages = _found(lambda: list(listed(client, f"{path}/messages.json", "message", order="asc")))
    log = None if messages is None else _found(lambda: _log(client, f"{path}/changelog.json"))
    if messages is None or log is None:
        return Gone(str(case["case_id"]), "deleted", _version(case))
    own = {each["message_id"]: each for each in messages}
    return Pulled(
        str(case["case_id"]),
        _version(case),
        {
            "case": case,
            "user": users[str(case["user_id"])],
            "messages": [own[each] for each in sorted(own)],
            "changelog": log,
        },
    )


def _log(client: Client, path: str) -> list[Json]:
    """The log of changes, whether it comes in pages or whole whatever page is asked for.

    A page that is the one before may be all there is, or an old answer kept on the way: that is not given twice.
    """
    log: list[Json] = []
    before: list[Json] | None = None
    for page in count(1):
        asked_for = {"limit": A_PAGE, "page": page}
        entries = client.get(path, asked_for).json["changelog"]
        if entries == before:
            entries = client.get(path, asked_for).json["changelog"]
        if entries == before:
            break
        log += entries
        if len(entries) < A_PAGE:
            break
        before = entries
    return log


def _capabilities(client: Client, _: HelpdeskSource) -> Iterator[Capability]:
    client.get(CASES, {"limit": 1, "page": 1})
    yield Capability(worded("tickets"), there=True)
    lacking = worded("may not be listed: ids stand for names")
    for name, path in (
        (worded("names of staff"), "staff"),
        (worded("names of group"), "groups"),
        (worded("names of label"), "labels"),
    ):
        yield offered(client, name, f"api/{path}.json", lacking, {"limit": 1, "page": 1})
    yield Capability(worded("schedules"), there=False, note=worded("Omnidesk's API has no working hours"))
    yield Capability(worded("policies"), there=False, note=worded("Omnidesk's API has no SLA rules"))


CONNECTOR = Connector(
    type="omnidesk",
    title="Omnidesk",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=_pages,
    normalise=normalise,
    sees=frozenset({"first_reply", "messages", "statuses", "resolution", "teams", "agents", "texts", "ratings"}),
    unseen={
        "calls": "whether a call was answered, by whom and how long it was waited for is not in the API",
        "on_hold": "there are three statuses: waiting is waiting for the requester, closed is both solved and closed",
        "merges": "the API does not tell that a case was merged into another; it stays a ticket of its own",
        "deletions": "a case deleted for good leaves no trace; one in the bin or in spam counts as deleted",
        "asked_at": "when a rating was asked for is not told, nor when it was given unless it stands in a message",
        "ai_agent": "answers of bots are not marked, unless a rule sent them",
        "schedules": "working hours and SLA rules are not in the API",
        "reported": "SLA breaches are counted by staff, but not told of single cases",
    },
    needs=("user",),
    capabilities=_capabilities,
)
