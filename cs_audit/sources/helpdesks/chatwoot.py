"""Chatwoot (cloud or self-hosted): conversations with all their messages, the account's people and hours.

Read, below `api/v1/accounts/{account}`:

- `conversations?status=all&sort_by=created_at_desc`, 25 a page, for a whole pull. New conversations push the list down
  (repeats, harmless); a deleted one pulls it up, so where the total fell since the last page, pages are read again.
- `conversations?updated_within=SECONDS` for what changed: one answer without pages, so nothing can shift. Every message
  touches its conversation's `updated_at`. Servers too old for it are known by answers without `updated_at`; they, and
  answers that are too large, are read like a whole pull. The seconds count back from the later of the run's beginning
  and the server's clock.
- `conversations/{id}/messages?after=ID`, 100 at a time in order of id; without `after` it would be the last 20 alone.
- `agents`, `teams`, `inboxes` (hours; one interval a day, no holidays), the account's language, all
  `csat_survey_responses` (25 a page: the only place that tells when a rating was given), `sla_policies` and, for
  deletions since the last pull, `audit_logs`; the last two are of the enterprise edition, for administrators.

An administrator's right that the token lacks is refused with 401, like a wrong token: optional lists are asked for
twice, then taken as not there. No limit headers; 3,000 requests a minute by default, 429 above.

A change of status, priority, team or agent is an `activity`: text in the account's language (see `chatwoot_words`).
What has no activity: the reopening by an incoming message (done here as the server does it), automatic assignment, and
everything in a language not known here. A deleted conversation leaves no trace but in the audit log. Conversations are
never merged.

Verified: paths, parameters and fields against the vendor's specification; paging, order, `updated_within`, touching,
reopening, texts of activities, SLA and audit fields in the server's source. From memory: that no version gives
`updated_at` without knowing `updated_within`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.chatwoot_events import normalise
from cs_audit.sources.helpdesks.chatwoot_pages import A_LIST, optional, pages, root_of, steady
from cs_audit.sources.helpdesks.chatwoot_rules import policies, schedules
from cs_audit.sources.helpdesks.chatwoot_words import LANGUAGES
from cs_audit.sources.helpdesks.connector import Capability, Connector
from cs_audit.sources.web.auth import header
from cs_audit.sources.web.site import Site
from cs_audit.worded import NOTHING, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret

Json = Any

_RATING = ("id", "rating", "feedback_message", "conversation_id", "message_id", "created_at")
_INBOX = ("id", "name", "channel_type", "timezone", "working_hours_enabled", "working_hours")
"""Inboxes also tell passwords of mail servers and keys of channels; those are not kept."""


def _site(name: str, config: HelpdeskSource) -> Site:
    return Site(
        source=name,
        url=config.url,
        token_hint=worded("copy the access token of an administrator from the profile settings"),
        permission_hint=worded("the token's user must be a member of the account, best an administrator"),
        parallel=config.parallel or 4,
        plain_http=config.plain_http,
    )


def _credentials(_: HelpdeskSource, secret: Secret) -> Credentials:
    return header("api_access_token", secret)


def _records(client: Client, config: HelpdeskSource) -> Iterator[tuple[str, str, Json]]:
    root = root_of(config)
    for kind in ("agent", "team"):
        for each in client.get(f"{root}/{kind}s").json:
            yield kind, str(each["id"]), steady(each)
    for inbox in client.get(f"{root}/inboxes").json["payload"]:
        yield "inbox", str(inbox["id"]), {key: inbox.get(key) for key in _INBOX}
    account = client.get(root).json
    yield "account", str(account["id"]), {"locale": account.get("locale")}
    for policy in optional(lambda: client.get(f"{root}/sla_policies").json["payload"]) or []:
        yield "policy", str(policy["id"]), policy
    for rating in optional(lambda: list(_ratings(client, root))) or []:
        yield "rating", str(rating["id"]), rating


def _ratings(client: Client, root: str) -> Iterator[Json]:
    """All ratings, oldest first: new ones come last and shift nothing."""
    page = 1
    while True:
        listed = client.get(f"{root}/csat_survey_responses", {"sort": "created_at", "page": page}).json
        for each in listed:
            yield {key: each.get(key) for key in _RATING}
        if len(listed) < A_LIST:
            return
        page += 1


def _capabilities(client: Client, config: HelpdeskSource) -> Iterator[Capability]:
    root = root_of(config)
    client.get(f"{root}/conversations/meta", {"status": "all"})
    yield Capability(worded("tickets"), there=True)
    language = str(client.get(root).json.get("locale") or "en")
    known = language in LANGUAGES
    note = (
        NOTHING if known else worded("activities are written in {language!r}, which cannot be read", language=language)
    )
    yield Capability(worded("statuses"), there=known, note=note)
    for name, path, lacking in (
        (worded("ratings"), "csat_survey_responses", worded("the token's user is no administrator")),
        (worded("policies"), "sla_policies", worded("only the enterprise edition has SLA policies")),
        (worded("deletions"), "audit_logs", worded("only the enterprise edition has an audit log, for administrators")),
    ):
        there = optional(lambda path=path: client.get(f"{root}/{path}").json) is not None  # type: ignore[misc] # bound at once
        yield Capability(name, there=there, note=NOTHING if there else lacking)


CONNECTOR = Connector(
    type="chatwoot",
    title="Chatwoot",
    site=_site,
    credentials=_credentials,
    records=_records,
    pages=pages,
    normalise=normalise,
    sees=frozenset(
        {"first_reply", "messages", "statuses", "resolution", "teams", "agents", "calls", "texts", "ratings", "surveys"}
    ),
    unseen={
        "merges": "conversations cannot be merged",
        "deletions": "without the audit log of the enterprise edition a deleted conversation is not noticed",
        "automatic assignment": "it leaves no activity; the agent is known from the next change or answer",
        "statuses": f"they are texts in the account's language; read in {', '.join(sorted(LANGUAGES))}",
        "SLA verdicts": "those the helpdesk gives later do not touch the conversation and come with its next change",
    },
    managers=True,
    reported=("first_reply", "next_reply", "resolution"),
    due=("first_reply", "resolution"),
    needs=("account",),
    schedules=schedules,
    policies=policies,
    capabilities=_capabilities,
)
