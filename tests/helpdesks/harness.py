"""Pulling a generated world from a fake helpdesk on loopback, and auditing what came of it beside the world itself."""

import csv
import datetime as dt
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
from helpdesks.world import Event, Ticket, World
from web.web_server import Seen, Server, Step, Time, good, serving

from cs_audit.config import parse_config
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.rules import all_rules
from cs_audit.sources.helpdesks import connector_of
from cs_audit.sources.helpdesks.pulling import Run, pull
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.retries import Outside, Patience
from cs_audit.sources.web.secret import Secret
from cs_audit.store import dump, open_store, read_store

TOKEN = "marked-token-Hd9Hd9Hd9"  # noqa: S105 - a made-up one, to be looked for
NAME = "desk"


@dataclass
class Asked:
    """One request as a fake sees it: method, path without the leading slash, query, headers and JSON body."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any
    url: str


Answer = Callable[[Asked], Step]


@dataclass(frozen=True)
class Vendor:
    """A fake of one helpdesk.

    Args:
        type: the connector's type.
        answers: makes the fake of a world; it answers like the vendor, with its paging, limits and quirks.
        shows: what of the world's log the vendor's history shows, ticket by ticket; the log itself if all of it.
        table: keys of the source's table besides type, url and token.
        authorised: checks that a request carries the token as the vendor wants it.
        tells_deletions: a ticket that is deleted after it was pulled is known to be gone.
    """

    type: str
    answers: Callable[[World], Answer]
    shows: Callable[[Ticket], list[Event]] = lambda ticket: list(ticket.events)
    table: Mapping[str, Any] = field(default_factory=dict)
    authorised: Callable[[Asked], bool] = lambda asked: TOKEN in asked.headers.get("Authorization", "")
    tells_deletions: bool = True


_UNCONNECTED = {"unconnected": httpx.ConnectTimeout, "refused": httpx.ConnectError}


class Direct(httpx.BaseTransport):
    """The way to a fake without a network: the same client, some times faster."""

    url = "http://127.0.0.1:9"

    def __init__(self, told: Callable[[Seen], Step]) -> None:
        self.told = told

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name.decode(): value.decode() for name, value in request.headers.raw}
        step = self.told(Seen(request.method, request.url.raw_path.decode(), headers, request.read()))
        if step.fault:
            raise _UNCONNECTED[step.fault]("a fault")
        assert step.length is None
        return httpx.Response(step.status, headers=step.headers, stream=httpx.ByteStream(step.body))


@dataclass
class Desk:
    """A fake that is running, the faults planned for its requests by number (from 1 on), and what was asked.

    `before` is the last good answer from the list that is asked, if it was asked before.
    """

    vendor: Vendor
    world: World
    server: "Server | Direct"
    faults: dict[int, Callable[[Step], Step]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    refused: int = 0
    before: Step | None = None

    @property
    def config(self) -> HelpdeskSource:
        table = {"type": self.vendor.type, "url": self.server.url, "token": {"env": "DESK_TOKEN"}, **self.vendor.table}
        return HelpdeskSource.model_validate(table)


@contextmanager
def running(vendor: Vendor, world: World, *, wire: bool = True) -> Iterator[Desk]:
    """The fake on loopback, or without any wire."""
    lock = threading.Lock()
    answer = vendor.answers(world)
    desks: list[Desk] = []
    answers: dict[str, Step] = {}

    def told(seen: Seen) -> Step:
        with lock:
            (desk,) = desks
            asked = _asked(seen, desk.server.url)
            desk.asked.append(asked)
            if not vendor.authorised(asked):
                desk.refused += 1
                return Step(401, b'{"error": "unauthorized"}')
            fault = desk.faults.get(len(desk.asked))
            step = answer(asked)
            desk.before = answers.get(_list_of(asked)) if _goes_on(asked) else None
            answers[_list_of(asked)] = step
            return fault(step) if fault else step

    with serving(told) if wire else nullcontext(Direct(told)) as server:
        desks.append(Desk(vendor, world, server))
        yield desks[0]


def _asked(seen: Seen, url: str) -> Asked:
    parts = urlsplit(seen.path)
    body = json.loads(seen.body) if seen.body else None
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Asked(seen.method, unquote(parts.path.lstrip("/")), query, seen.headers, body, url)


PLACES = ("page", "page[after]", "cursor", "start_time", "after", "offset", "pagination", "nextPageToken", "startAt")


def _list_of(asked: Asked) -> str:
    """What is asked for, whatever the place in it."""
    what = {**asked.query, **(asked.body or {})}
    return json.dumps([asked.path, sorted((key, what[key]) for key in what if key not in PLACES)])


def _goes_on(asked: Asked) -> bool:
    """Whether it is not the first page that is asked for."""
    places = {**asked.query, **(asked.body or {})}
    return any(str(places[key]) not in ("0", "1", "None", "") for key in PLACES if key in places)


def client_of(desk: Desk, monkeypatch: Any, time: Time | None = None, silence: float | None = None) -> Client:
    """A client for the desk's connector that never really waits, but for an answer; there so many seconds, if given."""
    monkeypatch.setenv("DESK_TOKEN", TOKEN)
    declared, config = connector_of(desk.vendor.type), desk.config
    secret = Secret(config.token, where=f"sources.{NAME}.token")
    time = time or Time()
    outside = Outside(now=lambda: time.now, steady=lambda: time.now, sleep=time.sleep, random=lambda: time.share)
    site = declared.site(NAME, config)
    return Client(
        replace(site, read_seconds=silence) if silence else site,
        declared.credentials(config, secret),
        patience=Patience(attempts=6),
        outside=outside,
        transport=desk.server if isinstance(desk.server, Direct) else None,
    )


def pulled(desk: Desk, path: Path, monkeypatch: Any, **options: Any) -> Run:
    """One run of the connector into the store at `path`, as of the world's end."""
    now, silence = options.pop("now", desk.world.now), options.pop("silence", None)
    with client_of(desk, monkeypatch, silence=silence) as client, open_store(path, since=now) as store:
        return pull(NAME, connector_of(desk.vendor.type), desk.config, client, store, now=now, **options)


def content_of(path: Path, desk: Desk) -> list[bytes]:
    """Everything that was pulled into a store, in order; where its runs stand is left out, and the fake's address."""
    here = desk.server.url.encode()
    with read_store(path) as store:
        return [line.replace(here, b"") for line in dump(store) if b'"stream"' not in line]


STANDARD = {
    "audit": {"timezone": "Europe/Moscow"},
    "schedules": {"office": {"timezone": "Europe/Moscow", "hours": {"mon-fri": ["09:00-18:00"]}, "holidays": ["RU"]}},
    "policies": [
        {"name": "Urgent", "match": {"priority": ["urgent"]}, "schedule": "office",
         "targets": {"first_reply": "15m", "next_reply": "1h", "resolution": "1wd"}},
        {"name": "All", "schedule": "office", "targets": {
            "first_reply": "60m", "next_reply": "4h", "periodic_update": "8h", "requester_wait": "16h",
            "agent_work": "16h", "first_resolution": "2wd", "resolution": "3wd", "ownership": "8h"}},
    ],
}  # fmt: skip

COLUMNS = ("ticket", "seq", "occurred_at", "kind", "author", "author_id", "channel", "public", "automatic", "status",
           "priority", "team", "agent", "requester", "text", "score", "scale")  # fmt: skip


def as_csv(desk: Desk, path: Path) -> None:
    """The world's log as far as the vendor shows it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for ticket in desk.world.alive:
            for seq, event in enumerate(desk.vendor.shows(ticket)):
                shown = {**event, "occurred_at": event["occurred_at"].isoformat(), "seq": seq}
                writer.writerow({**shown, "ticket": ticket.number, "requester": ticket.requester.label})


def csv_source(path: Path) -> dict[str, Any]:
    """The configuration of that file."""
    return {"type": "csv", "path": [str(path)], "rows": "events", "columns": {name: name for name in COLUMNS}}


def verdicts(sources: dict[str, Any], folder: Path, as_of: dt.datetime) -> list[dict[str, Any]]:
    """Every verdict on some sources, without what must differ: source and url."""
    from audit.desk import Drawer  # noqa: PLC0415 - tests of the audit know more

    from cs_audit.audit.chain import audit  # noqa: PLC0415
    from cs_audit.audit.session import Order, readers  # noqa: PLC0415
    from cs_audit.audit.standard import Window  # noqa: PLC0415
    from cs_audit.config.build import build_standard  # noqa: PLC0415

    rules = {"rules": {"select": ["RT", "RS", "FL202", "FL203"]}}
    config = parse_config({**STANDARD, **rules, "sources": sources, "store": {"path": "store.db"}}, folder=folder)
    window = Window(as_of=as_of)
    drawer = Drawer()
    order = Order(config, window)
    with readers(order, order.needs) as (found, place):
        judged = audit(found, build_standard(config), window, place, drawer)
        rejects = [str(each) for source in found for each in source.rejects]
    assert not rejects
    assert judged.tally.tickets
    return drawer.rows("source", "url") + drawer.marks("source", "url", "evidence")


def audited(sources: dict[str, Any], folder: Path, *, cache: bool | None = None) -> str:
    """The whole result of an audit, without addresses, which differ from server to server."""
    from cs_audit.audit.session import Order, run_audit  # noqa: PLC0415
    from cs_audit.audit.standard import Window  # noqa: PLC0415

    config = parse_config({**STANDARD, "sources": sources, "store": {"path": "store.db"}}, folder=folder)
    made = run_audit(Order(config, Window(), cache=cache))
    return re.sub(r"127\.0\.0\.1:\d+", "", json.dumps(made))


def seen(vendor: Vendor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of rules that need no more than the vendor's history shows."""
    sees, rules = connector_of(vendor.type).sees, all_rules()
    return [each for each in rows if rules[each["rule"]].needs <= sees]


def ok(value: Any, **headers: str) -> Step:
    """A good answer."""
    return good(value, **headers)


def missing() -> Step:
    return Step(404, b'{"error": "not found"}')
