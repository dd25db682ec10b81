"""When requesters write and whether anybody is at work then: how many by channel, and how long they waited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit import statistics
from cs_audit.events import agent_reply, requester_message

if TYPE_CHECKING:
    from cs_audit.audit.bench import Bench
    from cs_audit.history.columnar import Tickets

Json = dict[str, Any]


def demand(tickets: Tickets, bench: Bench) -> pl.DataFrame | None:
    """A row for each message of a requester that a policy covers: its `channel`, whether anybody was at work
    (`staffed`), whether it `began` a wait for an answer, and how long that lasted by the calendar (`waited`,
    microseconds; null while it lasts). None where nobody asked.
    """
    if "staffed" not in tickets.frame.columns:
        return None
    rows = tickets.rows(requester_message)
    rows = rows[(tickets.time[rows] >= bench.since) & (tickets.time[rows] < bench.until)]
    spans = tickets.turns(opens=requester_message, closes=agent_reply)
    lasted = np.append(tickets.time, tickets.time[-1:])[spans.end] - tickets.time[spans.start]
    waits = pl.DataFrame({"row": spans.start, "waited": lasted, "over": spans.end < tickets.never})
    waits = waits.select("row", began=pl.lit(value=True), waited=pl.when("over").then("waited"))
    told = tickets.frame[rows].select(pl.col("channel").cast(pl.String), "staffed", row=pl.Series(rows))
    known = told.join(waits, on="row", how="left", maintain_order="left").drop("row")
    return known.filter(pl.col("staffed").is_not_null())


def coverage(parts: list[pl.DataFrame]) -> list[Json]:
    """For each channel, by name, the messages written while people were at work, and those written while nobody was."""
    if not parts:
        return []
    whole = pl.concat(parts).with_columns(pl.col("channel").fill_null(""))
    return [
        {"channel": name or None, "staffed": _side(own, staffed=True), "unstaffed": _side(own, staffed=False),
         "percent_unstaffed": statistics.percent(own.filter(~pl.col("staffed")).height, own.height)}
        for (name,), own in sorted(whole.partition_by("channel", as_dict=True, maintain_order=True).items())
    ]  # fmt: skip


def _side(own: pl.DataFrame, *, staffed: bool) -> Json:
    rows = own.filter(pl.col("staffed") == staffed)
    waits = rows.filter("began")
    elapsed = waits["waited"].drop_nulls().sort().to_numpy()
    return {
        "messages": rows.height,
        "waits": waits.height,
        "unanswered": waits["waited"].null_count(),
        "p50_seconds": statistics.quantile(elapsed, 0.5),
        "p90_seconds": statistics.quantile(elapsed, 0.9),
    }
