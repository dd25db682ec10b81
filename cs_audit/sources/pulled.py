"""A source that was pulled: its tickets in the store, read as events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cs_audit.errors import SourceError
from cs_audit.events.columns import SCHEMA
from cs_audit.sources.automatic import reason
from cs_audit.sources.helpdesks import connector_of
from cs_audit.sources.helpdesks.pulling import TICKETS
from cs_audit.sources.known import RECORDS, Extent, KnownTickets, Watched, asked_by
from cs_audit.sources.ledger import Input, Reject, Survey
from cs_audit.sources.ordering import order
from cs_audit.store import TICKET, digest, read_store
from cs_audit.worded import worded

if TYPE_CHECKING:
    from cs_audit.config.models import AutomaticTable
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Connector, Event, Records
    from cs_audit.store import Held, Reader

BATCH = 2_000
"""Tickets of one frame."""

Asked = tuple[str, str, str | None]
_STATES = {"ticket": pl.String, "state": pl.String}
_BYTES_A_TICKET = 8_192
_NOT_READ = (KeyError, TypeError, ValueError, IndexError, AttributeError)
"""What normalising raises where a payload is not what the helpdesk promises."""


@dataclass
class PulledReader:
    """One configured helpdesk, as far as it was pulled; the same protocol as a reader of files."""

    name: str
    config: HelpdeskSource
    path: Path
    automatic: AutomaticTable
    inputs: list[Input] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    before: KnownTickets | None = None
    """What of an earlier audit is at hand: tickets that are as they were then are not read again."""
    after: KnownTickets = field(default_factory=KnownTickets)
    """What this audit knows, once all batches are read."""
    held: pl.DataFrame = field(default_factory=lambda: KnownTickets().tickets)
    """The tickets that are not read again."""

    @cached_property
    def connector(self) -> Connector:
        """What its helpdesk declares."""
        return connector_of(self.config.type)

    @property
    def group(self) -> str:
        """A helpdesk's tickets are its own."""
        return self.name

    @property
    def sees(self) -> frozenset[str]:
        """What its history can show."""
        return self.connector.shown(self.config)

    @property
    def unseen(self) -> Mapping[str, str]:
        """What it cannot show, and why."""
        return self.connector.unseen

    @cached_property
    def as_of(self) -> dt.datetime:
        """Up to when it was pulled.

        Raises:
            SourceError: it was never pulled whole.
        """
        with self._store() as store:
            cursor = store.cursor(self.name, TICKETS)
        if cursor is None or cursor.as_of is None:
            raise SourceError(
                worded("has not been pulled yet") if cursor is None else worded("was never pulled to the end"),
                where=f"sources.{self.name}", hint=worded("run `cs-audit pull {name}` first", name=self.name),
            )  # fmt: skip
        return cursor.as_of

    @property
    def size(self) -> int:
        """About how many bytes of text it holds."""
        with self._store() as store:
            return store.counts(self.name).live * _BYTES_A_TICKET

    def _store(self) -> Reader:
        if not self.path.exists():
            raise SourceError(
                worded("there is no store at {path}", path=self.path), where=f"sources.{self.name}",
                hint=worded("run `cs-audit pull {name}` first", name=self.name),
            )  # fmt: skip
        return read_store(self.path)

    def batches(self, *, slow: bool = False) -> Iterator[pl.DataFrame]:
        """All events in the store but those of tickets `held`; tickets that could not be read are put in `rejects`."""
        del slow  # nothing here gives up on the way
        self.inputs.clear()
        self.rejects.clear()
        as_of = self.as_of
        with self._store() as store, store.snapshot():
            survey: Future[Survey] = Future()
            details = {"as_of": as_of.strftime("%Y-%m-%dT%H:%M:%SZ")}
            self.inputs.append(Input(self.name, str(self.path), self.config.type, details, survey))
            states = pl.DataFrame(list(store.states(self.name)), schema=_STATES, orient="row")
            self._recall(states, _record_states(store, self.name))
            kinds = [kind for kind in store.kinds(self.name) if kind != TICKET]
            records = {kind: dict(_records(store, self.name, kind)) for kind in kinds}
            bundles = self._changed(store, states)
            while some := list(islice(bundles, BATCH)):
                asked: list[Asked] = []
                frame = self._frame([event for each in some for event in self._events(each, records, asked)])
                self.after = self.after.read(frame, states, asked)
                yield frame
            if not states.height:
                yield self._frame([])
            survey.set_result(Survey(digest(store)))

    @property
    def basis(self) -> Any:
        """A JSON value of everything configured that decides its events."""
        return [self.config.model_dump(mode="json"), self.automatic.model_dump(mode="json")]

    @property
    def unread(self) -> Extent:
        """See `gathered.Source`."""
        return KnownTickets.extent_of(self.held)

    @property
    def holding(self) -> pl.Series:
        """See `gathered.Source`."""
        return self.held["ticket"]

    def known(self, extent: Extent) -> KnownTickets:
        """See `gathered.Source`."""
        del extent
        return self.after

    def _recall(self, states: pl.DataFrame, records: pl.DataFrame) -> None:
        """Find out which tickets are as they were."""
        before = self.before or KnownTickets()
        self.held = before.holding(states, records)
        self.after = replace(before.only(self.held["ticket"]), records=records)
        self.inputs[-1].rows = int(self.held["rows"].sum())

    def _changed(self, store: Reader, states: pl.DataFrame) -> Iterator[Held]:
        if not self.held.height:
            return store.bundles(self.name)
        changed = states.join(self.held, on="ticket", how="anti", maintain_order="left")["ticket"]
        found = (store.bundle(self.name, ticket) for ticket in changed)
        return (each for each in found if each is not None)

    def _events(self, held: Held, records: Records, asked: list[Asked]) -> list[Event]:
        ticket = held.bundle.ticket
        entry = self.inputs[-1]
        watched = Watched(records)
        try:
            events = list(self.connector.normalise(held.bundle.payload, watched, self.config))
        except _NOT_READ as error:
            problem = f"is not as {self.connector.title} documents it ({type(error).__name__}: {error})"
            self.rejects.append(Reject(str(self.path), 0, ticket, "", "", problem))
            entry.rejected += 1
            return []
        if held.tombstone is not None:
            events.append(_end(held, events))
        entry.rows += len(events)
        asked += asked_by(ticket, watched.asked)
        return [{**event, "ticket": ticket, "row": row} for row, event in enumerate(events)]

    def _frame(self, rows: list[Event]) -> pl.DataFrame:
        schema: dict[str, pl.DataType] = {name: kind for name, kind in SCHEMA.items() if name != "source"}
        schema |= dict.fromkeys((f"reported_{rule}" for rule in self.connector.reported), pl.Boolean())
        schema |= dict.fromkeys((f"due_{rule}" for rule in self.connector.due), pl.Datetime("us", "UTC"))
        frame = pl.DataFrame(rows, schema=schema)
        told = pl.coalesce("automatic_reason", pl.lit("source", SCHEMA["automatic_reason"]))
        known = pl.when(pl.col("automatic")).then(told)
        own = reason([name for name in frame.columns if name not in ("automatic", "author")], self.automatic)
        found = pl.coalesce(known, pl.when(pl.col("kind") == "message").then(own))
        return frame.with_columns(found.alias("automatic_reason")).with_columns(
            automatic=pl.col("automatic").fill_null(value=False) | pl.col("automatic_reason").is_not_null()
        )

    def assemble(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Events of whole tickets in order."""
        return order(rows)


def _record_states(store: Reader, source: str) -> pl.DataFrame:
    held = ((kind, name, state) for kind, name, _, state in store.identities(source) if kind != TICKET)
    return pl.DataFrame(list(held), schema=RECORDS, orient="row")


def _records(store: Reader, source: str, kind: str) -> Iterator[tuple[str, Any]]:
    for record in store.records(source, kind):
        yield record.id, record.payload


def _end(held: Held, events: list[Event]) -> Event:
    """The end of a ticket that the helpdesk gives no more: when it says it went, else after all that is known of it."""
    stone = held.tombstone
    assert stone is not None  # noqa: S101 - the caller looked
    last = max((event["occurred_at"] for event in events), default=stone.fetched_at)
    kind = "merge" if stone.reason == "merged" else "deleted"
    return {"occurred_at": max(_moment(stone.version) or last, last), "kind": kind, "author": "system", "public": False}


def _moment(version: int | str) -> dt.datetime | None:
    """The instant that a version tells, where it is one."""
    try:
        moment = dt.datetime.fromisoformat(str(version))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
