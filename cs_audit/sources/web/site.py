"""One helpdesk as a place to read from: what a connector declares about it, and its addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import httpx

from cs_audit.errors import AuditError, ConfigError
from cs_audit.sources.web.errors import ForeignLinkError
from cs_audit.sources.web.limits import LimitHeaders
from cs_audit.worded import NOTHING, Worded, verbatim, worded

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PORTS = {"https": 443, "http": 80}
_TOKEN = worded("check the token and that it has not expired")
_CALLED = worded("the helpdesk")
_PERMISSION = worded("give the token's user the right to read this")


def no_trouble(_: Any) -> Worded:
    """For vendors whose errors have the status of errors."""
    return NOTHING


@dataclass(frozen=True)
class Site:
    """What a connector declares about its helpdesk.

    Args:
        source: the source's name in the configuration, for messages.
        url: the address all paths are relative to, https (http on this machine, or with `plain_http`).
        searches: paths of documented searches and reads that are POST, exactly as given to `search`.
        headers: sent with every request, such as an API version. No secrets.
        limits: the vendor's limit headers.
        passing: statuses that pass by themselves besides 408, 429 and 5xx.
        trouble: the reason why an answer with status 200 is an error that should pass, or "".
        token_hint: what to do if the token is refused.
        permission_hint: which permission the token needs.
        parallel: how many requests are under way at most.
        spacing: seconds between two requests, for vendors with a fixed rate.
        most_bytes: the largest answer, unpacked.
        connect_seconds: the longest wait for a connection.
        read_seconds: the longest silence in an answer.
        answer_seconds: the longest time for a whole answer.
        plain_http: allow http to other machines: the token travels in the open.
        called: what it is, for messages.
    """

    source: str
    url: str
    searches: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    limits: tuple[LimitHeaders, ...] = ()
    passing: frozenset[int] = frozenset()
    trouble: Callable[[Any], Worded] = no_trouble
    token_hint: Worded = _TOKEN
    permission_hint: Worded = _PERMISSION
    parallel: int = 4
    spacing: float = 0.0
    most_bytes: int = 64 * 1024 * 1024
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    answer_seconds: float = 300.0
    plain_http: bool = False
    called: Worded = _CALLED


def base_address(site: Site) -> httpx.URL:
    """The site's address, checked, without a slash at its end.

    Raises:
        ConfigError: it is no address, holds a secret or a query, or would send the token unencrypted.
    """
    key = f"sources.{site.source}.url"
    try:
        url = httpx.URL(site.url)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in _PORTS or not url.host:
        raise ConfigError(
            worded("is no web address"), where=key, hint=worded('write it like url = "https://example.com"')
        )
    if url.userinfo or url.query or url.fragment:
        raise ConfigError(
            worded("must be the bare address, without a user, a query or a #"),
            where=key,
            hint=worded("the secret goes to token = ..."),
        )
    if url.scheme == "http" and not site.plain_http and url.host not in _LOOPBACK:
        raise ConfigError(
            worded("would send the token unencrypted"),
            where=key,
            hint=worded("write https://, or plain_http = true if you must"),
        )
    return url.copy_with(path=url.path.rstrip("/") or "/")


def address(base: httpx.URL, target: str, params: Mapping[str, Any] | None, source: str) -> httpx.URL:
    """The full address of a path below `base`, or of a link of the same origin, with more parameters.

    Raises:
        ForeignLinkError: the link leads to another scheme, host or port.
    """
    try:
        url = httpx.URL(target)
    except (httpx.InvalidURL, ValueError):
        raise AuditError(verbatim("a connector asked for an address that is none"), where=source) from None
    if url.scheme or url.host:
        if origin(url) != origin(base):
            raise ForeignLinkError(
                worded(
                    "a link leads from {origin} to {origin2}; it was not followed",
                    origin=origin(base),
                    origin2=origin(url),
                ),
                where=source,
                hint=worded("if the helpdesk has moved, change the source's url to its new address"),
            )
    else:
        joined = f"{base.raw_path.decode().rstrip('/')}/{target.lstrip('/')}"
        url = base.copy_with(raw_path=joined.encode())
    given = {key: value for key, value in (params or {}).items() if value is not None}
    url = url.copy_merge_params(given) if given else url
    return url.copy_with(fragment=None) if url.fragment else url


def origin(url: httpx.URL) -> str:
    """Scheme, host and port; an address that names a user counts as another origin."""
    port = url.port or _PORTS.get(url.scheme, 0)
    user = "***@" if url.userinfo else ""
    return f"{url.scheme}://{user}{url.host}:{port}"


def shown(url: httpx.URL) -> str:
    """An address for messages: no user, no query."""
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))
