"""One run of a connector into the store: page by page, whole tickets and the cursor behind them in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cs_audit.errors import SourceError, UsageError
from cs_audit.sources.helpdesks.connector import Connector, ExpiredCursorError, Gone, Page, Start
from cs_audit.sources.web.errors import WebError
from cs_audit.store import Bundle, Progress, Record, Store, Tombstone
from cs_audit.worded import verbatim, worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.client import Client
    from cs_audit.store import Cursor, Version

OVERLAP = dt.timedelta(hours=1)
"""How far before the last run changes are asked for again: clocks differ, and lists move while they are read."""

TICKETS, RECORDS = "tickets", "records"
_NEVER_SEEN = ""


class AnswerError(SourceError):
    """A helpdesk's answer cannot be read; the run is incomplete (exit 3)."""

    exit_code = 3
    slug = "answer"


@dataclass(frozen=True)
class Run:
    """What one run brought: tickets given, those among them that were news, tickets gone, and the cut-off."""

    source: str
    given: int
    changed: int
    gone: int
    as_of: dt.datetime


def pull(
    name: str,
    connector: Connector,
    config: HelpdeskSource,
    client: Client,
    store: Store,
    *,
    now: dt.datetime,
    full: bool = False,
    since: dt.datetime | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Run:
    """Bring what changed into the store; an interrupted run is gone on with.

    `told` hears how many tickets were given so far.

    Raises:
        UsageError: `since` lies after the end of the last run, so that changes would be lost.
        WebError, StoreError: see there. What was stored before stays, and the next run goes on from it.
    """
    with _understood(name, connector):
        _records(name, connector, config, client, store, now)
    cursor = store.begin(name, TICKETS, started_at=now, full=full)
    _demand_no_gap(cursor, since, name)
    with _understood(name, connector), _begun():
        try:
            counted = _tickets(name, connector, config, client, store, cursor, since, told)
        except ExpiredCursorError:
            cursor = store.begin(name, TICKETS, started_at=now, restart=True)
            counted = _tickets(name, connector, config, client, store, cursor, since, told)
    as_of = cursor.started_at - connector.withheld
    store.finish(name, TICKETS, as_of=as_of)
    return Run(name, *counted, as_of)


@contextmanager
def _understood(name: str, connector: Connector) -> Iterator[None]:
    """An answer of another form than documented ends the run; what was stored stays."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise AnswerError(
            worded(
                "{title} answered with something else than it documents ({kind}: {error})",
                title=connector.title,
                kind=type(error).__name__,
                error=verbatim(error),
            ),
            where=f"sources.{name}",
            hint=worded(
                "run it again: it goes on where it stopped; if it stays, report it with the version of the helpdesk"
            ),
        ) from error


@contextmanager
def _begun() -> Iterator[None]:
    """What goes wrong from now on leaves an incomplete run behind, not none."""
    try:
        yield
    except WebError as error:
        raise error.midway() from None


def _records(
    name: str, connector: Connector, config: HelpdeskSource, client: Client, store: Store, now: dt.datetime
) -> None:
    """Records are few: they are brought whole, in one page."""
    store.begin(name, RECORDS, started_at=now, full=True, restart=True)
    records = [
        Record(kind, identity, _NEVER_SEEN, now, payload)
        for kind, identity, payload in connector.records(client, config)
    ]
    store.put_page(name, RECORDS, cursor={"end": True}, records=records)
    store.finish(name, RECORDS, as_of=now)


def _tickets(
    name: str,
    connector: Connector,
    config: HelpdeskSource,
    client: Client,
    store: Store,
    cursor: Cursor,
    since: dt.datetime | None,
    told: Callable[[int], None],
) -> tuple[int, int, int]:
    progress = Progress(f"{name}: {TICKETS}", cursor.value)
    start = Start(cursor.value, since or cursor.since(OVERLAP), cursor.started_at)
    given = changed = gone = 0
    before: Page | None = None
    place = cursor.value
    for number, page in enumerate(connector.pages(client, config, start)):
        if before is not None:
            refs = _refs(before)
            progress.turn(before.cursor if refs else {"empty": number}, refs)
        before = page
        if place is None or not progress.came(_refs(page)):
            place = page.cursor  # else the page that should be here is still owed
        changed += _put(name, page, place, store, cursor.started_at)
        given += len(page.tickets)
        gone += len(page.gone)
        told(given)
    return given, changed, gone


def _refs(page: Page) -> list[tuple[str, Version]]:
    """What a page brought: also what went is progress."""
    there = [(each.ticket, str(each.version)) for each in page.tickets]
    return [*there, *((each.ticket, f"gone {each.version}") for each in page.gone)]


def _put(name: str, page: Page, place: Any, store: Store, now: dt.datetime) -> int:
    written = store.put_page(
        name,
        TICKETS,
        cursor=place,
        bundles=[Bundle(each.ticket, each.version, now, each.payload) for each in page.tickets],
        tombstones=[
            Tombstone(each.ticket, each.reason, _version(name, each, store), now, each.merged_into)
            for each in page.gone
        ],
    )
    if page.expected is not None:
        store.expected(name, TICKETS, page.expected)
    return written.changed


def _version(name: str, gone: Gone, store: Store) -> Version:
    if gone.version is not None:
        return gone.version
    held = store.bundle(name, gone.ticket)
    return held.bundle.version if held else _NEVER_SEEN


def _demand_no_gap(cursor: Cursor, since: dt.datetime | None, name: str) -> None:
    if since is not None and cursor.as_of is not None and since > cursor.as_of:
        raise UsageError(
            worded("what changed between {as_of:%Y-%m-%d %H:%M} UTC and then would be missing", as_of=cursor.as_of),
            where=f"--since, {name}",
            hint=worded("leave --since out: a pull goes on from the last one"),
        )
