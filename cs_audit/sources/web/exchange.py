"""One request and its answer. Whatever goes wrong comes back as a value of our own, free of the request."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from cs_audit.errors import AuditError
from cs_audit.sources.web.body import OverCap, unpacked
from cs_audit.sources.web.errors import Transient, WebError
from cs_audit.sources.web.hush import hushed
from cs_audit.worded import Worded, reason_of, verbatim, worded

_ERROR_BYTES = 64 * 1024
"""How much of a refusal is read: its first lines are shown, the rest is of no use."""


@dataclass(frozen=True)
class Ask:
    """A request without its secret. Its text form shows no address, whose query may hold one."""

    method: str
    url: httpx.URL = field(repr=False)
    json: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Raw:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    links: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class NoConnection:
    """Why there is no connection; `final` if asking again is of no use."""

    why: Worded
    hint: Worded
    final: bool


Outcome = Raw | NoConnection | Transient | OverCap | AuditError


def exchange(http: httpx.Client, ask: Ask, most: int, clock: Callable[[], float], seconds: float) -> Outcome:
    """Send a request and read its answer: at most `most` bytes, for at most `seconds`. Raises nothing of httpx."""
    try:
        with hushed():
            return _sent(http, ask, most, clock, seconds)
    except (Transient, OverCap, WebError, AuditError) as error:
        found: Outcome = error
    except httpx.ConnectError as error:
        found = _no_connection(error)
    except httpx.TransportError as error:
        found = _broken(error)
    except Exception as error:  # noqa: BLE001 - its text and frames may hold the secret, so it must not travel on
        found = AuditError(verbatim(f"a request could not be made ({type(error).__name__})"))
    return _bare(found)


def _sent(http: httpx.Client, ask: Ask, most: int, clock: Callable[[], float], seconds: float) -> Raw:
    began = clock()
    with http.stream(ask.method, ask.url, json=ask.json) as response:
        chunks = _within(response.iter_raw(), clock, began + seconds)
        encoding = response.headers.get("content-encoding", "")
        good = response.is_success
        content = b"".join(unpacked(chunks, encoding, most)) if good else _first(unpacked(chunks, encoding, most))
        links = {rel: each["url"] for rel, each in response.links.items() if rel and "url" in each}
        return Raw(response.status_code, dict(response.headers), links, content)


def _within(chunks: Iterator[bytes], clock: Callable[[], float], end: float) -> Iterator[bytes]:
    for chunk in chunks:
        if clock() > end:
            raise Transient(worded("took too long to send its answer"), slow=True)
        yield chunk


def _first(chunks: Iterator[bytes]) -> bytes:
    """The beginning of a refusal's body, or as much as can be read of it: the status is what counts."""
    found = b""
    try:
        for chunk in chunks:
            found += chunk
            if len(found) >= _ERROR_BYTES:
                break
    except (Transient, OverCap, httpx.TransportError):
        return found
    return found


def _broken(error: httpx.TransportError) -> Transient:
    if isinstance(error, httpx.ConnectTimeout):
        return Transient(
            worded("did not accept a connection in time"), hint=worded("check the address, the network and the proxy")
        )
    if isinstance(error, httpx.TimeoutException):
        return Transient(worded("did not answer in time"), slow=True)
    if isinstance(error, httpx.RemoteProtocolError):
        return Transient(worded("closed the connection before its answer was complete"))
    if isinstance(error, httpx.NetworkError):
        return Transient(worded("broke the connection"))
    return Transient(
        worded("could not be asked ({kind})", kind=type(error).__name__), hint=worded("check the proxy settings")
    )


def _no_connection(error: httpx.ConnectError) -> NoConnection:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = worded("if it is signed by your organisation, name its authority's file in SSL_CERT_FILE")
            return NoConnection(
                worded("its certificate is not trusted ({why})", why=cause.verify_message),
                hint,
                final=True,
            )
        if isinstance(cause, ssl.SSLError):
            return NoConnection(worded("it speaks no TLS there"), worded("check the scheme and the port"), final=True)
        if isinstance(cause, socket.gaierror):
            return NoConnection(
                worded("there is no such host"), worded("check the address for a slip, and the network"), final=False
            )
        if isinstance(cause, ConnectionRefusedError):
            return NoConnection(
                worded("the connection was refused"), worded("check the port, and that the server runs"), final=False
            )
    refused = next((each for each in causes if isinstance(each, OSError) and each.strerror), None)
    told = reason_of(refused) if refused else worded("no connection")
    return NoConnection(told, worded("check the network and the proxy"), final=False)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _bare(found: Outcome) -> Outcome:
    """Without the frames and the errors that led here."""
    if isinstance(found, BaseException):
        found.__traceback__ = found.__context__ = found.__cause__ = None
    return found
