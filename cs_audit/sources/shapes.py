"""Rows of whole tickets turned into events: messages as they are, state snapshots by their differences, and
tickets by their timestamps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from cs_audit.errors import ConfigError
from cs_audit.events.columns import SCHEMA
from cs_audit.sources.ordering import order
from cs_audit.worded import worded

STATES = {"priority": "priority", "team": "team", "agent": "assignment", "status": "status"}
"""Columns of a state snapshot, with the kind of event a change of each makes, in the order of one instant."""

STAGES = {"solved_at": "solved", "closed_at": "closed"}


def assembled(rows: pl.DataFrame, kind: str, where: str, *, opener: bool) -> pl.DataFrame:
    """Events of whole tickets from rows that are `events`, `updates` or `tickets`.

    Raises:
        ConfigError: see `from_tickets`.
    """
    if kind == "tickets":
        return from_tickets(rows, where)
    return from_updates(rows) if kind == "updates" else from_events(rows, opener=opener)


def from_events(rows: pl.DataFrame, *, opener: bool = False) -> pl.DataFrame:
    """Rows that are events; those that share a ticket and an `event` id are one event in several rows."""
    if "event" in rows.columns:
        rows = _joined(rows)
    if opener:
        rows = _authors_by_opener(rows)
    elif "author" not in rows.columns and {"author_id", "requester"} <= set(rows.columns):
        rows = rows.with_columns(_author(pl.col("author_id") == pl.col("requester")))
    return order(rows)


def _joined(rows: pl.DataFrame) -> pl.DataFrame:
    alone = rows.filter(pl.col("event").is_null())
    named = rows.filter(pl.col("event").is_not_null()).sort("row")
    rest = [name for name in rows.columns if name not in ("ticket", "event")]
    how = {
        "automatic": pl.col("automatic").any(),
        "automatic_reason": pl.col("automatic_reason").drop_nulls().first(),
        "text": pl.col("text").drop_nulls().str.join("\n"),
    }
    whole = named.group_by("ticket", "event", maintain_order=True).agg(
        how[name].alias(name) if name in how else pl.col(name).first() for name in rest
    )
    return pl.concat([alone, whole.select(rows.columns)]).drop("event")


def _authors_by_opener(rows: pl.DataFrame) -> pl.DataFrame:
    """The person who wrote first, in the source's own order, is the requester; everyone else is an agent.

    A row without a number stands before the numbered ones. What the requester wrote later and the source dates
    before that first post has a wrong date, so it is kept as `other` and begins no wait.
    """
    if "seq" in rows.columns:
        rows = rows.with_columns(pl.col("seq").fill_null(-1))
    keys = [*(["seq"] if "seq" in rows.columns else []), "row"]
    opener, opening = (pl.col(name).first().over("ticket", order_by=keys) for name in ("author_id", "occurred_at"))
    misdated = ((pl.col("author_id") == opener) & (pl.col("occurred_at") < opening)).fill_null(value=False)
    kind = pl.when(misdated).then(pl.lit("other", SCHEMA["kind"])).otherwise("kind")
    return rows.with_columns(_author(pl.col("author_id") == opener), kind.alias("kind"))


def _author(is_requester: pl.Expr) -> pl.Expr:
    kind = SCHEMA["author"]
    return (
        pl.when(is_requester)
        .then(pl.lit("requester", kind))
        .when(is_requester.is_not_null())
        .then(pl.lit("agent", kind))
        .otherwise(pl.lit("unknown", kind))
        .alias("author")
    )


def from_updates(rows: pl.DataFrame) -> pl.DataFrame:
    """Snapshots of a ticket's state; each difference from the one before is an event.

    A missing value is no change. The first snapshot gives the first values. `created_at` dates the opening; a
    `solved_at` or `closed_at` dates the last change into that state, in place of the snapshot that shows it.
    """
    rows = _succession(rows).with_row_index(_PLACE, 1)
    states = [name for name in STATES if name in rows.columns]
    rows = rows.with_columns(pl.col(name).forward_fill().over("ticket").alias(name) for name in states)
    plain = rows.drop([name for name in ("created_at", *STAGES) if name in rows.columns])
    pieces = [_opened(rows)] if "created_at" in rows.columns else []
    for name in states:
        before = pl.col(name).shift().over("ticket")
        changed = pl.col(name).is_not_null() & pl.col(name).ne_missing(before)
        pieces.append(plain.filter(changed).with_columns(_kind(STATES[name])))
    events = pl.concat(pieces, how="diagonal")
    for name, status in STAGES.items():
        if name in rows.columns:
            events = _dated(events, rows, name, status)
    return events.sort("ticket", _PLACE, maintain_order=True).drop(_PLACE)


_PLACE = "__place"
_FEW_STEPS_BACK = 0.01


def _succession(rows: pl.DataFrame) -> pl.DataFrame:
    """Snapshots of each ticket in the order they were made.

    That is the source's numbering, where it has one. Else it is the order of the rows if these follow the clock but
    for one step in a hundred (an export in order, whose clock slipped), and the order of the clock if not.
    """
    if "seq" in rows.columns:
        return rows.sort("ticket", "seq", "occurred_at", "row", maintain_order=True)
    listed = rows.sort("ticket", "row", maintain_order=True)
    same = pl.col("ticket") == pl.col("ticket").shift()
    back = same & (pl.col("occurred_at") < pl.col("occurred_at").shift())
    steps, steps_back = listed.select(same.sum().alias("steps"), back.sum().alias("back")).row(0)
    return listed if steps_back <= _FEW_STEPS_BACK * steps else order(rows)


def _kind(kind: str) -> pl.Expr:
    return pl.lit(kind, SCHEMA["kind"]).alias("kind")


def _opened(rows: pl.DataFrame) -> pl.DataFrame:
    """One `opened` event a ticket, at its `created_at`, with the facts of its first row."""
    first = rows.filter(pl.col("created_at").is_not_null()).unique("ticket", keep="first", maintain_order=True)
    return first.with_columns(
        _kind("other"),
        pl.lit("new", SCHEMA["status"]).alias("status"),
        pl.lit(0, pl.UInt32).alias(_PLACE),
        occurred_at=pl.col("created_at"),
    ).drop([name for name in ("created_at", *STAGES) if name in rows.columns])


def _dated(events: pl.DataFrame, rows: pl.DataFrame, name: str, status: str) -> pl.DataFrame:
    """Events with the last change into `status` dated by the column `name` of the ticket's last row."""
    known = rows.unique("ticket", keep="last", maintain_order=True).filter(pl.col(name).is_not_null())
    into = (pl.col("kind") == "status") & (pl.col("status") == status)
    events = events.join(known.select("ticket", name), on="ticket", how="left", maintain_order="left")
    last = into & (pl.when(into).then(_PLACE).max().over("ticket") == pl.col(_PLACE))
    return events.with_columns(
        occurred_at=pl.when(last & pl.col(name).is_not_null()).then(pl.col(name)).otherwise(pl.col("occurred_at"))
    ).drop(name)


def from_tickets(rows: pl.DataFrame, where: str = "") -> pl.DataFrame:
    """One row a ticket with its timestamps: the request, the first reply, solving and closing.

    A ticket said to be solved without a time is marked so (`solved_unseen`); one said to be in work has not
    been solved for good, whatever its timestamps say. Of several rows of a ticket the last `updated_at` counts.

    Raises:
        ConfigError: a ticket has several rows and nothing says which is the last.
    """
    rows = _latest(rows, where)
    plain = rows.drop(
        [name for name in ("first_reply_at", "created_at", "updated_at", *STAGES) if name in rows.columns]
    )
    message = _event("message", author="requester", public=True, automatic=False, status=None)
    pieces = [
        plain.with_columns(occurred_at=rows["created_at"], **_event("other", status="new"), seq=pl.lit(0, pl.Int64)),
        plain.with_columns(occurred_at=rows["created_at"], **message, seq=pl.lit(1, pl.Int64)),
    ]
    if "first_reply_at" in rows.columns:
        reply = _event("message", author="agent", public=True, automatic=False, status=None)
        pieces.append(plain.with_columns(occurred_at=rows["first_reply_at"], **reply, seq=pl.lit(2, pl.Int64)))
    pieces = [piece.select(_columns(plain)) for piece in pieces]
    return order(pl.concat([*pieces, *_stages(rows, plain)]).filter(pl.col("occurred_at").is_not_null()))


def _stages(rows: pl.DataFrame, plain: pl.DataFrame) -> list[pl.DataFrame]:
    done = rows["status"].is_in(["solved", "closed"]) if "status" in rows.columns else None
    pieces, dated = [], pl.repeat(value=False, n=rows.height, eager=True)
    for seq, (name, status) in enumerate(STAGES.items(), 3):
        if name in rows.columns:
            times = (
                rows[name] if done is None else rows.select(pl.when(done.fill_null(value=True)).then(name)).to_series()
            )
            dated = dated | times.is_not_null()
            stage = _event("status", status=status)
            pieces.append(plain.with_columns(occurred_at=times, **stage, seq=pl.lit(seq, pl.Int64)))
    if done is not None:
        unseen = done.fill_null(value=False) & ~dated
        times = rows.select(pl.when(unseen).then("created_at")).to_series()
        pieces.append(plain.with_columns(_kind("other"), occurred_at=times, seq=pl.lit(9, pl.Int64), **_NOBODY))
    return [piece.select(_columns(plain)) for piece in pieces]


_NOBODY: Mapping[str, pl.Expr] = {
    "author": pl.lit("system", SCHEMA["author"]),
    "public": pl.lit(value=False),
    "automatic": pl.lit(value=False),
}


def _event(kind: str, **facts: Any) -> dict[str, pl.Expr]:
    given = {name: pl.lit(value, SCHEMA[name]) for name, value in facts.items()}
    return {**_NOBODY, **given, "kind": pl.lit(kind, SCHEMA["kind"])}


def _columns(plain: pl.DataFrame) -> list[str]:
    extra = ["occurred_at", "kind", "author", "public", "automatic", "seq", "status"]
    return [*(name for name in plain.columns if name not in extra), *extra]


def _latest(rows: pl.DataFrame, where: str) -> pl.DataFrame:
    if "updated_at" in rows.columns:
        return rows.sort("ticket", "updated_at", "row", maintain_order=True).unique(
            "ticket", keep="last", maintain_order=True
        )
    twice = rows.filter(pl.col("ticket").is_duplicated())
    if twice.height:
        raise ConfigError(
            worded("ticket {ticket} has several rows, and nothing says which is the last", ticket=twice["ticket"][0]),
            where=where,
            hint=worded('map updated_at, or read the rows as states with rows = "updates"'),
        )
    return rows
