"""What an answer other than 2xx means, in words."""

from __future__ import annotations

from collections.abc import Iterable

import httpx

from cs_audit.sources.web.auth import Credentials
from cs_audit.sources.web.body import excerpt
from cs_audit.sources.web.errors import (
    NotFoundError,
    NotPermittedError,
    RedirectError,
    RejectedError,
    TokenError,
    Transient,
    WebError,
)
from cs_audit.sources.web.exchange import Raw
from cs_audit.sources.web.limits import asked_wait
from cs_audit.sources.web.secret import MASK
from cs_audit.sources.web.site import Site, shown

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
            f"answered {raw.status}{said}",
            status=raw.status,
            asked=asked,
            everyone=raw.status == _TOO_MANY or asked is not None,
        )
    return _refused(raw.status, site, where, said)


def _refused(status: int, site: Site, where: str, said: str) -> WebError:
    if status == 401:
        return TokenError(f"the token was refused{said}", where=where, hint=site.token_hint, status=status)
    if status == 403:
        return NotPermittedError(
            f"the token may not read this{said}", where=where, hint=site.permission_hint, status=status
        )
    if status in (404, 410):
        return NotFoundError(
            f"there is nothing at this address{said}", where=where, hint="check the url", status=status
        )
    hint = "the helpdesk's interface may have changed; report it with this message"
    return RejectedError(f"the request was rejected with {status}{said}", where=where, hint=hint, status=status)


def _redirected(raw: Raw, where: str, hidden: Iterable[str]) -> RedirectError:
    try:
        place = shown(httpx.URL(raw.headers.get("location", "")))
    except (httpx.InvalidURL, ValueError):
        place = ""
    to = excerpt(struck(place, hidden).encode(), hidden) or "nowhere"
    return RedirectError(
        f"redirects to {to}; redirects are not followed, since the token would go along",
        where=where,
        hint="if that is the helpdesk's right address, write it as the source's url",
        status=raw.status,
    )


def struck(text: str, hidden: Iterable[str]) -> str:
    """The text without what must not be shown."""
    for each in sorted(hidden, key=len, reverse=True):
        text = text.replace(each, MASK) if each else text
    return text
