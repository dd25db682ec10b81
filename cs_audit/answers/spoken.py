"""Who said the two values of each clash, how often, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from cs_audit.answers.signatures import Signatures
from cs_audit.answers.statements import Statement
from cs_audit.answers.values import Value

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One of two values: a statement of it word for word, who said it, how often, and when.

    `ticket`, `occurred_at`, `channel` and `agent` are those of the quote; `conversations`, `agents` and `channels`
    count all that said the value, from `first_at` to `last_at`; `tickets` are the first five of them.
    """

    value: Value
    statement: Statement
    ticket: str
    occurred_at: dt.datetime
    channel: str
    agent: str
    conversations: int
    agents: int
    channels: int
    first_at: dt.datetime
    last_at: dt.datetime
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Counts of a whole group; for each side its rows aggregated (`sides`) and its distinct question-reply pairs."""

    conversations: int
    agents: int
    channels: int
    sides: tuple[dict[str, Any], ...]
    pairs: tuple[list[int], ...]


def spoken_by(groups: Sequence[Sequence[set[int]]], found: Signatures) -> list[Spoken]:
    """For each group of sides (sets of signatures) who said them; sides of a group may be one or two."""
    rows = [
        (group, side, each)
        for group, sides in enumerate(groups)
        for side, members in enumerate(sides)
        for each in sorted(members)
    ]
    if not rows:
        return []
    roles = pl.DataFrame(rows, schema={"group": pl.UInt32, "side": pl.UInt32, "signature": pl.UInt32}, orient="row")
    long = roles.join(found.said, on="signature").join(found.rows, on="pair").sort("occurred_at", "ticket", "pair")
    whole = long.group_by("group").agg(_counts()).sort("group")
    ends = (pl.col("occurred_at").min().alias("first_at"), pl.col("occurred_at").max().alias("last_at"))
    tickets = pl.col("ticket").cast(pl.String).unique(maintain_order=True).head(EXAMPLES).alias("tickets")
    sides = long.group_by("group", "side").agg(
        *_counts(), *ends, tickets, pl.col("pair").unique().sort().alias("pairs")
    )
    by_place = {(row["group"], row["side"]): row for row in sides.iter_rows(named=True)}
    return [
        _spoken(row, [by_place[row["group"], side] for side in range(len(groups[row["group"]]))])
        for row in whole.iter_rows(named=True)
    ]


def _spoken(row: Mapping[str, Any], sides: list[dict[str, Any]]) -> Spoken:
    pairs = tuple(side["pairs"] for side in sides)
    return Spoken(row["conversations"], row["agents"], row["channels"], tuple(sides), pairs)


def _counts() -> list[pl.Expr]:
    names = {"ticket": "conversations", "agent": "agents", "channel": "channels"}
    return [pl.col(column).drop_nulls().n_unique().alias(name) for column, name in names.items()]


def side_of(index: int, spoken: Mapping[str, Any], found: Signatures) -> Side:
    """A side, quoted by the signature `index` in the conversation that first used just these words."""
    row = found.rows.filter(pl.col("pair") == found.pairs[index]).sort("occurred_at", "ticket").row(0, named=True)
    statement = found.statements[index]
    counted = {name: spoken[name] for name in ("conversations", "agents", "channels", "first_at", "last_at")}
    return Side(
        value=statement.value,
        statement=statement,
        ticket=str(row["ticket"]),
        occurred_at=row["occurred_at"],
        channel=row["channel"] or "",
        agent=row["agent"] or "",
        tickets=tuple(spoken["tickets"]),
        **counted,
    )
