"""What an answer other than 2xx means, in words."""

from __future__ import annotations

from collections.abc import Iterable

import httpx

from cs_audit.sources.web.auth import Credentials
from cs_audit.sources.web.body import excerpt
from cs_audit.sources.web.errors import (
    GaveUpError,
    NotFoundError,
    NotPermittedError,
    RedirectError,
    RejectedError,
    TokenError,
    TooBigError,
    Transient,
    WebError,
)
from cs_audit.sources.web.exchange import Raw
from cs_audit.sources.web.limits import asked_wait
from cs_audit.sources.web.retries import Spent, asks_for_less
from cs_audit.sources.web.secret import MASK
from cs_audit.sources.web.site import Site, shown
from cs_audit.worded import joined, plural, worded

_REQUEST_TIMEOUT, _TOO_MANY = 408, 429


def refusal(raw: Raw, site: Site, credentials: Credentials | None, where: str, now: float) -> Transient | WebError:
    """The error an answer stands for.

    Args:
        raw: the answer, status not 2xx.
        site: whose answer it is.
        credentials: what must not be shown, though the answer may repeat it.
        where: source, method and address, for the message.
        now: the time by the helpdesk's clock, seconds since 1970.
    """
    hidden = credentials.hidden() if credentials else ()
    if raw.status < 400:
        return _redirected(raw, where, hidden)
    said = excerpt(raw.content, hidden)
    said = f" ({said})" if said else ""
    if raw.status in site.passing or raw.status in (_REQUEST_TIMEOUT, _TOO_MANY) or raw.status >= 500:
        asked = asked_wait(raw.headers, site.limits, now)
        return Transient(
            worded("answered {status}{said}", status=raw.status, said=said),
            status=raw.status,
            asked=asked,
            everyone=raw.status == _TOO_MANY or asked is not None,
        )
    return _refused(raw.status, site, where, said)


def _refused(status: int, site: Site, where: str, said: str) -> WebError:
    if status == 401:
        return TokenError(
            worded("the token was refused{said}", said=said), where=where, hint=site.token_hint, status=status
        )
    if status == 403:
        return NotPermittedError(
            worded("the token may not read this{said}", said=said),
            where=where,
            hint=site.permission_hint,
            status=status,
        )
    if status in (404, 410):
        return NotFoundError(
            worded("there is nothing at this address{said}", said=said),
            where=where,
            hint=worded("check the url"),
            status=status,
        )
    hint = worded("the helpdesk's interface may have changed; report it with this message")
    return RejectedError(
        worded("the request was rejected with {status}{said}", status=status, said=said),
        where=where,
        hint=hint,
        status=status,
    )


def gave_up(spent: Spent, site: Site, where: str, *, shrinkable: bool) -> GaveUpError | TooBigError:
    """The error of trouble that did not pass; TooBigError where a smaller page is more promising."""
    last = spent.last
    if shrinkable and asks_for_less(last, spent.attempts):
        told, hint = joined([site.called, last.reason], " "), worded("ask for smaller pages")
        return TooBigError(told, where=where, hint=hint, status=last.status)
    tries = plural("{n} attempt", "{n} attempts", spent.attempts)
    told = worded(
        "gave up after {tries} and {waited:.0f} s of waiting: {who} {reason}",
        tries=tries, waited=spent.waited, who=site.called, reason=last.reason,
    )  # fmt: skip
    if last.asked:
        told = worded("{told} and asked to wait {asked:.0f} s", told=told, asked=last.asked)
    hint = last.hint or worded("run it again later: it goes on where it stopped")
    return GaveUpError(told, where=where, hint=hint, status=last.status)


def _redirected(raw: Raw, where: str, hidden: Iterable[str]) -> RedirectError:
    try:
        place = shown(httpx.URL(raw.headers.get("location", "")))
    except (httpx.InvalidURL, ValueError):
        place = ""
    to = excerpt(struck(place, hidden).encode(), hidden) or worded("nowhere")
    return RedirectError(
        worded("redirects to {to}; redirects are not followed, since the token would go along", to=to),
        where=where,
        hint=worded("if that is the helpdesk's right address, write it as the source's url"),
        status=raw.status,
    )


def struck(text: str, hidden: Iterable[str]) -> str:
    """The text without what must not be shown."""
    for each in sorted(hidden, key=len, reverse=True):
        text = text.replace(each, MASK) if each else text
    return text
