"""What a source knows of its data from the last audit, so that only what changed since is read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import polars as pl

Json = Any
TICKETS = {"ticket": pl.String, "state": pl.String, "first": pl.Int64, "last": pl.Int64, "rows": pl.Int64}
ASKED = {"ticket": pl.String, "kind": pl.String, "id": pl.String}
RECORDS = {"kind": pl.String, "id": pl.String, "state": pl.String}


class Outdated(Exception):  # noqa: N818 - it is caught, never shown
    """What was remembered does not hold after all; everything must be read again."""


@dataclass(frozen=True)
class Extent:
    """The first and last instant of some events (microseconds), and how many rows they came from."""

    first: int = np.iinfo(np.int64).max
    last: int = np.iinfo(np.int64).min
    rows: int = 0

    def __add__(self, other: Extent) -> Extent:
        return Extent(min(self.first, other.first), max(self.last, other.last), self.rows + other.rows)


@dataclass(frozen=True)
class KnownFiles:
    """Files that were read: what stood in the ledger, and the extent of their events."""

    ledger: Json
    extent: Extent


@dataclass(frozen=True)
class KnownTickets:
    """Tickets that were read, as frames: `tickets` with the state and extent of each, `asked` with the records that
    each was read with (without an id: all of a kind), `records` with the state of each record.
    """

    tickets: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TICKETS))
    asked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ASKED))
    records: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RECORDS))

    def holding(self, now: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
        """The tickets that are `now` in the state in which they were read, and whose records are."""
        other = pl.concat([self.records.join(records, on=[*RECORDS], how="anti"),
                           records.join(self.records, on=[*RECORDS], how="anti")])  # fmt: skip
        one = self.asked.drop_nulls("id").join(other, on=["kind", "id"], how="semi")
        every = self.asked.filter(pl.col("id").is_null()).join(other, on="kind", how="semi")
        stale = pl.concat([one["ticket"], every["ticket"]]).unique()
        same = self.tickets.join(now, on=["ticket", "state"], how="semi", maintain_order="left")
        return same.filter(~pl.col("ticket").is_in(stale.implode()))

    def read(self, frame: pl.DataFrame, states: pl.DataFrame, asked: Iterable[tuple[str, str, str | None]]) -> Self:
        """This and the tickets whose events a frame holds."""
        more = extents(frame).join(states, on="ticket", how="left").select(*TICKETS)
        told = pl.DataFrame(list(asked), schema=ASKED, orient="row")
        return replace(self, tickets=pl.concat([self.tickets, more]), asked=pl.concat([self.asked, told]))

    def only(self, tickets: pl.Series) -> Self:
        """This without other tickets and without records."""
        kept = pl.col("ticket").is_in(tickets.implode())
        none = self.records.clear()
        return replace(self, tickets=self.tickets.filter(kept), asked=self.asked.filter(kept), records=none)

    @staticmethod
    def extent_of(tickets: pl.DataFrame) -> Extent:
        """The extent of all these tickets together."""
        if not tickets.height:
            return Extent()
        first, last, rows = tickets.select(pl.min("first"), pl.max("last"), pl.sum("rows")).row(0)
        return Extent(first, last, rows)


Known = KnownFiles | KnownTickets


def extents(frame: pl.DataFrame) -> pl.DataFrame:
    """First and last instant and number of rows by ticket; promised times are no event's."""
    times = [name for name, kind in frame.schema.items() if kind.is_temporal() and not name.startswith("due_")]
    return frame.group_by("ticket", maintain_order=True).agg(
        first=pl.min_horizontal(pl.col(*times).min()).to_physical(),
        last=pl.max_horizontal(pl.col(*times).max()).to_physical(),
        rows=pl.len().cast(pl.Int64),
    )


class Watched(Mapping[str, Mapping[str, Json]]):
    """The records of a source; `asked` takes what is looked up in them, as (kind, id), without an id for all of one."""

    def __init__(self, records: Mapping[str, Mapping[str, Json]]) -> None:
        self._records = records
        self.asked: set[tuple[str, str | None]] = set()

    def __getitem__(self, kind: str) -> Mapping[str, Json]:
        if kind not in self._records:
            self.asked.add((kind, None))
        return _Kind(kind, self._records[kind], self.asked)

    def __iter__(self) -> Iterator[str]:
        raise TypeError("records are looked up by their kind")

    def __len__(self) -> int:
        return len(self._records)


class _Kind(Mapping[str, Json]):
    def __init__(self, kind: str, records: Mapping[str, Json], asked: set[tuple[str, str | None]]) -> None:
        self._kind = kind
        self._records = records
        self._asked = asked

    def __getitem__(self, identity: str) -> Json:
        self._asked.add((self._kind, identity))
        return self._records[identity]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def items(self) -> Any:
        return self._whole.items()

    def values(self) -> Any:
        return self._whole.values()

    @property
    def _whole(self) -> Mapping[str, Json]:
        self._asked.add((self._kind, None))
        return self._records


def asked_by(ticket: str, asked: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str, str | None]]:
    """Rows of `KnownTickets.asked`; who asks for all of a kind asks for each."""
    told = sorted(asked, key=str)
    whole = {kind for kind, identity in told if identity is None}
    yield from ((ticket, kind, identity) for kind, identity in told if identity is None or kind not in whole)
