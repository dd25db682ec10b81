"""Which policy judges a wait: the first that matches the facts known when it began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.schedules.zones import zone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.standard import Policy, Standard
    from cs_audit.history.columnar import Rows, Tickets

NO_POLICY = -1
STATE = ("organization", "priority", "tags", "team")
"""Facts of the ticket that may change while a wait lasts; the others belong to the event that began it."""


class Facts:
    """Values of a column as known at a row: the last one said, else the first one said later in the ticket.

    Those that are not `carried` are what the row itself says.
    """

    def __init__(self, tickets: Tickets, *, carried: bool = True) -> None:
        self.tickets = tickets
        self._carries = carried
        self._known: dict[str, Rows | None] = {}
        self._changes: dict[str, Rows] = {}

    def changes(self, column: str) -> Rows:
        """The rows at which another value is said than the last one said in the ticket."""
        if column not in self._changes:
            series, owner = self.tickets.frame[column], self.tickets.owner
            said = np.flatnonzero(series.is_not_null().to_numpy()) if series.null_count() else slice(None)
            series, owner = series[said], owner[said]
            codes = (series.cast(pl.Categorical) if series.dtype == pl.String else series).to_physical().to_numpy()
            changed = np.flatnonzero((codes[1:] != codes[:-1]) & (owner[1:] == owner[:-1])) + 1
            self._changes[column] = changed if isinstance(said, slice) else said[changed]
        return self._changes[column]

    def at(self, column: str, rows: Rows) -> pl.Series:
        """The column's values as known at each row."""
        series = self.tickets.frame[column]
        where = self._where(column, series)
        return series[rows] if where is None else series[where[rows]]

    def _where(self, column: str, series: pl.Series) -> Rows | None:
        if column not in self._known:
            self._known[column] = self._carried(series) if self._carries and series.null_count() else None
        return self._known[column]

    def _carried(self, series: pl.Series) -> Rows:
        tickets = self.tickets
        said = series.is_not_null().to_numpy()
        rows = np.arange(tickets.never)
        before = np.maximum.accumulate(np.where(said, rows, -1))
        after = np.minimum.accumulate(np.where(said, rows, tickets.never)[::-1])[::-1]
        first = tickets.starts[tickets.owner]
        after = np.where(after < tickets.stops[tickets.owner], after, rows)
        return np.where(before >= first, before, after)


def choose(standard: Standard, facts: Facts, start: Rows, *, at: Rows | None = None) -> NDArray[np.int16]:
    """For each wait beginning at these rows the index of its policy, or NO_POLICY, as known then or `at` later rows.

    Periods of validity are read at the ticket's first event, in the policy's own zone, so that a ticket keeps
    the version of the promise under which it was opened.
    """
    columns = facts.tickets.frame.columns
    used = {key for policy in standard.policies for key in policy.match if key in columns}
    first = facts.tickets.starts[facts.tickets.owner[start]]
    opened = {"__opened": facts.tickets.frame["occurred_at"][first]}
    now = start if at is None else at
    frame = pl.DataFrame(opened | {key: facts.at(key, now if key in STATE else start) for key in sorted(used)})
    chain = pl.lit(NO_POLICY, pl.Int16)
    for index in reversed(range(len(standard.policies))):
        policy = standard.policies[index]
        chain = pl.when(_matches(policy, used, standard)).then(pl.lit(index, pl.Int16)).otherwise(chain)
    found: NDArray[np.int16] = frame.select(chain.alias("policy")).to_series().to_numpy()
    return np.broadcast_to(found, len(start)) if len(found) != len(start) else found


def _matches(policy: Policy, used: Iterable[str], standard: Standard) -> pl.Expr:
    tests = [among(key, words) if key in used else pl.lit(value=False) for key, words in policy.match.items()]
    return reduce(and_, [*tests, *_in_period(policy, standard)], pl.lit(value=True)).fill_null(value=False)


def among(key: str, words: Sequence[str]) -> pl.Expr:
    """Whether a column's value is one of the words, or, of tags, has one among them."""
    if key == "tags":
        text = pl.col(key).cast(pl.String)
        return reduce(or_, (text.str.contains(f"|{word}|", literal=True) for word in words))
    return reduce(or_, (pl.col(key) == word for word in words))


def _in_period(policy: Policy, standard: Standard) -> list[pl.Expr]:
    where = zone(standard.schedules[policy.schedule].timezone)

    def midnight(day: dt.date) -> pl.Expr:
        return pl.lit(dt.datetime.combine(day, dt.time(), where).astimezone(dt.UTC), pl.Datetime("us", "UTC"))

    tests = []
    if policy.since:
        tests.append(pl.col("__opened") >= midnight(policy.since))
    if policy.until:
        tests.append(pl.col("__opened") < midnight(policy.until + dt.timedelta(days=1)))
    return tests
