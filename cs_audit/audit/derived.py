"""Columns that a few rules ask for, made from what the events and the standard say.

`staffed`: whether anybody is at work, on the schedule of the policy that covers the event. `rated`: whether a rating
is `low`, `middle` or `high`. `done_by`: who on the agents' side did it; and, once all events of a requester are
gathered, `by_manager`: whether that is his account manager.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.limits import opening_hours
from cs_audit.audit.policies import NO_POLICY, Facts, choose
from cs_audit.events import requester_message
from cs_audit.events.columns import RATED

if TYPE_CHECKING:
    from cs_audit.audit.bench import Bench
    from cs_audit.history.columnar import Tickets

DERIVED_FROM = {"rated": ("score", "scale", "asked_at"), "manager": ("account_manager",)}
"""Columns of events that are read for the sake of what is made of them."""
LOW, HIGH = 2, 4
"""Fifths of the scale up to which a rating is low, and from which it is high: 1 and 2, and 4 and 5, of five."""


def derive(tickets: Tickets, bench: Bench, reads: frozenset[str]) -> Tickets:
    """The tickets with the columns that are asked for."""
    made = []
    known = tickets.frame.columns
    if "staffed" in reads and "staffed" not in known:
        made.append(_staffed(tickets, bench))
    if "rated" in reads and {"score", "scale"} <= set(known) and "rated" not in known:
        made.append(tickets.frame.select(rated().alias("rated")).to_series())
    if "manager" in reads and "account_manager" in known:
        made.append(_done_by(tickets.frame))
    if made:
        tickets.frame = tickets.frame.with_columns(made)
    return tickets


def _staffed(tickets: Tickets, bench: Bench) -> pl.Series:
    """Of the requester's messages that a policy covers; of other events it is not known."""
    rows = tickets.rows(requester_message)
    facts = Facts(tickets)
    policy = choose(bench.standard, facts, rows)
    rows, policy = rows[policy != NO_POLICY], policy[policy != NO_POLICY]
    schedule = opening_hours(bench, policy, facts, rows)
    known = np.zeros(tickets.never, np.bool_)
    found = np.zeros(tickets.never, np.bool_)
    known[rows] = True
    for table in np.unique(schedule):
        own = rows[schedule == table]
        found[own] = bench.coordinates.is_open(int(table), tickets.time[own])
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(found)).alias("staffed")).to_series()


def rated() -> pl.Expr:
    """What a score is on its scale (its highest value); null where either is not known."""
    scale, fives = pl.when(pl.col("scale") > 0).then("scale"), pl.col("score") * 5  # 5.6 / 7 is less than 4 / 5
    low, middle, high = (pl.lit(each, pl.Enum(RATED)) for each in RATED)
    lowest, best = fives <= scale * LOW, fives >= scale * HIGH
    return pl.when(lowest).then(low).when(best).then(high).when(best.is_not_null()).then(middle)


def _done_by(events: pl.DataFrame) -> pl.Series:
    """Who did it, else whom the event names as the agent; of what the requester does only the latter."""
    names = [pl.col(name).cast(pl.String) for name in ("author_id", "agent") if name in events.columns]
    agent = names[-1] if "agent" in events.columns else pl.lit(None, pl.String)
    who = pl.when(pl.col("author") == "requester").then(agent).otherwise(pl.coalesce(names) if names else agent)
    return events.select(who.alias("done_by")).to_series()


def by_manager(histories: Tickets) -> pl.Series:
    """Whether it was done by the account manager known by then in any ticket of the requester."""
    manager = Facts(histories).at("account_manager", np.arange(histories.never)).cast(pl.String)
    return (histories.frame["done_by"] == manager).alias("by_manager")
