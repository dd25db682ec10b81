"""The one HTTP client of all helpdesk connectors. It reads, and can do nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from threading import Lock
from typing import Any, Self, TypeVar

import httpx

from cs_audit.errors import AuditError
from cs_audit.sources.web import refusals
from cs_audit.sources.web.auth import Credentials
from cs_audit.sources.web.body import OverCap, parsed
from cs_audit.sources.web.errors import NotPermittedError, TooBigError, Transient, UnreachableError
from cs_audit.sources.web.exchange import Ask, NoConnection, Raw, exchange
from cs_audit.sources.web.gate import Gate
from cs_audit.sources.web.hush import hushed
from cs_audit.sources.web.limits import courtesy_wait, remaining, server_now
from cs_audit.sources.web.parallel import in_parallel
from cs_audit.sources.web.progress import Hook, Notice, State, Traffic, silent
from cs_audit.sources.web.retries import Outside, Patience, persist
from cs_audit.sources.web.site import Site, address, base_address, origin, shown
from cs_audit.worded import NOTHING, Worded, joined, verbatim, worded

_log = logging.getLogger(__name__)
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Reply:
    """A good answer.

    Args:
        json: its value; None if it has no content (204).
        status: 200 to 299.
        headers: by lower-case name; values of a header sent twice are joined by a comma.
        links: addresses of the Link header by relation, such as `next`.
    """

    json: Any = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    links: Mapping[str, str] = field(repr=False)


class Client:
    """Reads one helpdesk. Safe between threads; close it, or use it as a context.

    Args:
        site: what the connector declares.
        credentials: how the secret is shown; None for none.
        patience: how long to hope when there is trouble.
        outside: clocks, sleep and chance.
        told: is given a notice after each answer and before each wait; called by one thread at a time.
        transport: another way to the network, for tests.

    Raises:
        ConfigError: the address is none, or would send the token unencrypted.
    """

    def __init__(
        self,
        site: Site,
        credentials: Credentials | None = None,
        *,
        patience: Patience | None = None,
        outside: Outside | None = None,
        told: Hook = silent,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.site = site
        self._base = base_address(site)
        self._searches = {address(self._base, each, None, "").path for each in site.searches}
        self._credentials = credentials
        self._patience = patience or Patience()
        self._outside = outside or Outside()
        self._told = told
        self._traffic = Traffic()
        self._state = State()
        self._lock = Lock()
        self._gate = Gate(self._outside.steady, self._wait, site.spacing)
        self._http = httpx.Client(
            auth=credentials,
            headers={"Accept": "application/json", "User-Agent": "cs-audit", **site.headers, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(site.read_seconds, connect=site.connect_seconds, pool=None),
            limits=httpx.Limits(max_connections=site.parallel, max_keepalive_connections=site.parallel),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            event_hooks={"request": [self._only_reads]},
            follow_redirects=False,
            transport=transport,
        )

    def get(self, target: str, params: Mapping[str, Any] | None = None, *, shrinkable: bool = False) -> Reply:
        """The answer to GET of a path below the site's address, or of a `next` link of the same origin.

        Args:
            target: the path or link; a query in it is kept.
            params: parameters added to it; None values are left out.
            shrinkable: raise TooBigError early where a smaller page is more promising than another attempt.

        Raises:
            WebError: one of its kinds (see cs_audit.sources.web.errors), exit 4 unless `midway()`.
            ConfigError: the secret cannot be read.
        """
        return self._answer(Ask("GET", address(self._base, target, params, self.site.source)), shrinkable=shrinkable)

    def search(self, path: str, json: Mapping[str, Any], *, shrinkable: bool = False) -> Reply:
        """The answer to a documented search, which is a POST that changes nothing.

        Raises:
            AuditError: the path is none of the site's `searches`.
            WebError: as `get`.
        """
        if path not in self.site.searches:
            raise AuditError(verbatim(f"{path} is not declared as a search"), where=self.site.source)
        ask = Ask("POST", address(self._base, path, None, self.site.source), dict(json))
        return self._answer(ask, shrinkable=shrinkable)

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`function` of each item in their order, with at most `site.parallel` at work; the first failure stops all."""
        return in_parallel(function, items, at_most=self.site.parallel)

    @property
    def traffic(self) -> Traffic:
        """What went to and came from the source so far."""
        return self._traffic

    @property
    def state(self) -> State:
        """What the last answer told of the helpdesk itself."""
        return self._state

    def close(self) -> None:
        """Close the connections."""
        with hushed():
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.site.source})"

    def _answer(self, ask: Ask, *, shrinkable: bool) -> Reply:
        """The answer; in mid-run a refusal is believed when it is said twice, for what is refused may be left out."""
        where = self._place(ask)
        try:
            return self._persisted(ask, where, shrinkable=shrinkable)
        except NotPermittedError:
            if not self._traffic.answers:
                raise
        return self._persisted(ask, where, shrinkable=shrinkable)

    def _persisted(self, ask: Ask, where: str, *, shrinkable: bool) -> Reply:
        once, told = partial(self._once, ask, where), self._trouble
        found = persist(once, self._patience, self._outside, gate=self._gate, shrinkable=shrinkable, told=told)
        if isinstance(found, Reply):
            return found
        raise refusals.gave_up(found, self.site, where, shrinkable=shrinkable)

    def _place(self, ask: Ask) -> str:
        """Source, method and address for messages. It reads the secret, in a frame that no error shows."""
        hidden = self._credentials.hidden() if self._credentials else ()
        return refusals.struck(f"{self.site.source}: {ask.method} {shown(ask.url)}", hidden)

    def _once(self, ask: Ask, where: str) -> Reply:
        self._gate.enter()
        self._count(requests=1)
        most = self.site.most_bytes
        outcome = exchange(self._http, ask, most, self._outside.steady, self.site.answer_seconds)
        if isinstance(outcome, Raw):
            return self._judged(outcome, where)
        if isinstance(outcome, NoConnection):
            raise self._unconnected(outcome, where)
        if isinstance(outcome, OverCap):
            raise TooBigError(
                worded("the answer has more than {most:,} bytes", most=most),
                where=where,
                hint=worded("ask for smaller pages"),
            )
        raise outcome

    def _judged(self, raw: Raw, where: str) -> Reply:
        here = self._outside.now()
        now = server_now(raw.headers, here)
        told = [left for each in self.site.limits if (left := remaining(raw.headers, each)) is not None]
        self._state = State(now - here if "date" in raw.headers else None, min(told, default=None))
        _log.debug("%s: %d, %d bytes", where, raw.status, len(raw.content))
        if not 200 <= raw.status < 300:
            raise refusals.refusal(raw, self.site, self._credentials, where, now)
        value = None if raw.status == 204 else parsed(raw.content, raw.headers.get("content-type", ""))
        if trouble := self.site.trouble(value):
            raise Transient(trouble, status=raw.status)
        self._count(answers=1, received=len(raw.content))
        self._rest(min(courtesy_wait(raw.headers, self.site.limits, now), self._patience.granted))
        return Reply(value, raw.status, raw.headers, raw.links)

    def _rest(self, seconds: float) -> None:
        """Keep within the vendor's limit before it is overrun."""
        if seconds:
            self._gate.hold(seconds)
        self._tell(seconds, worded("the helpdesk's limit is used up") if seconds else NOTHING)

    def _unconnected(self, found: NoConnection, where: str) -> Exception:
        """Fatal at first; trouble that may pass once the helpdesk has been reached."""
        if found.final or not self._traffic.answers:
            return UnreachableError(worded("cannot be reached: {why}", why=found.why), where=where, hint=found.hint)
        return Transient(worded("could not be reached any more: {why}", why=found.why), hint=found.hint)

    def _trouble(self, trouble: Transient, wait: float) -> None:
        self._count(waited=wait)
        self._tell(wait, joined([self.site.called, trouble.reason], " "))

    def _wait(self, seconds: float) -> None:
        self._count(waited=seconds)
        self._outside.sleep(seconds)

    def _count(self, **more: float) -> None:
        with self._lock:
            now = {key: getattr(self._traffic, key) + value for key, value in more.items()}
            self._traffic = replace(self._traffic, **now)

    def _tell(self, wait: float, why: Worded) -> None:
        with self._lock:
            self._told(Notice(self.site.source, self._traffic, wait, why))

    def _only_reads(self, request: httpx.Request) -> None:
        """The last look at what leaves: a read, to the source's own origin."""
        reads = request.method == "GET" or (request.method == "POST" and request.url.path in self._searches)
        if not reads:
            raise AuditError(verbatim(f"{request.method} is not a way to read"), where=self.site.source)
        if origin(request.url) != origin(self._base):
            raise AuditError(verbatim("a request was about to leave its origin"), where=self.site.source)
