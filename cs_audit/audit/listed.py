"""Which waits are late and which events were found, by ticket and time alone: what comparing two audits needs of
those that are not kept whole. Where they are many, the latest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit.judge import period_instants
from cs_audit.audit.moments import isos, seconds
from cs_audit.history.columnar import Marks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.judge import Verdicts

LISTED = 20_000
"""Late waits, and findings, of each rule that are listed."""


def late_list(verdicts: Verdicts, late: NDArray[np.int64], over: NDArray[np.int64], bench: Bench) -> pl.DataFrame:
    """Late waits of one chunk, by their places among the verdicts and the microseconds they are over; `due_at` only
    where it decides to which period a wait belongs.
    """
    times = {"began_at": verdicts.tickets.time[verdicts.start[late]]}
    if bench.period_by == "due":
        times["due_at"] = period_instants(verdicts, bench)[late]
    keep = _latest(times["began_at"])
    frame = pl.DataFrame({name: each[keep] for name, each in {**times, "over": over}.items()})
    return frame.insert_column(0, verdicts.tickets.frame["ticket"][verdicts.start[late][keep]])


def found_list(marks: Marks) -> pl.DataFrame:
    """Findings of one chunk."""
    times = marks.tickets.time[marks.rows]
    keep = _latest(times)
    return pl.DataFrame({"ticket": marks.tickets.frame["ticket"][marks.rows[keep]], "occurred_at": times[keep]})


def latest(rows: pl.DataFrame) -> pl.DataFrame:
    """The latest LISTED rows; of one instant, those whose tickets come first."""
    if rows.height <= LISTED:
        return rows
    kept = rows.filter(_latest(rows[:, 1].to_numpy()))
    return kept if kept.height == LISTED else ordered(kept).head(LISTED)


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the latest first."""
    return rows.sort(rows.columns[1], "ticket", *rows.columns[2:], descending=[True, *[False] * (rows.width - 1)])


def as_json(rows: pl.DataFrame) -> dict[str, list[Any]]:
    """The columns of a list, latest first."""
    rows = ordered(rows)
    told: dict[str, list[Any]] = {name: isos(rows[name].to_numpy()) for name in rows.columns[1:] if name != "over"}
    if "over" in rows.columns:
        told["over_seconds"] = [seconds(each) for each in rows["over"].to_list()]
    return {"ticket": rows["ticket"].to_list(), **told}


def _latest(moments: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which are among the latest LISTED, with all of the earliest one's instant."""
    if len(moments) <= LISTED:
        return np.ones(len(moments), np.bool_)
    enough: NDArray[np.bool_] = moments >= np.partition(moments, -LISTED)[-LISTED]
    return enough
