"""Verdicts as rows: whom each is charged to, and the columns of `--verdicts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.judge import Verdicts, due_instants
from cs_audit.audit.limits import UNLIMITED
from cs_audit.audit.outcomes import OUTCOMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.policies import Facts
    from cs_audit.history.columnar import Rows


def dimensions(verdicts: Verdicts, facts: Facts) -> dict[str, pl.Series]:
    """Channel, team and agent of each verdict.

    The channel is that of the event that began the wait; the team the one in charge when it ended, or when it began
    where the rule charges it so. The agent is the one the event that ended the wait names in charge, else its author;
    of a wait not ended by an agent, the one in charge.
    """
    tickets = verdicts.tickets
    columns = tickets.frame.columns
    start, end = verdicts.start, verdicts.end
    over = end < tickets.never
    last = np.where(over, end, tickets.stops[tickets.owner[start]] - 1)
    made = {"channel": facts.at("channel", start)} if "channel" in columns else {}
    if "team" in columns:
        made["team"] = facts.at("team", start if verdicts.rule.charged_at_start else last)
    if "agent" in columns or "author_id" in columns:
        made["agent"] = _agent(tickets.frame, facts, last, over)
    return made


def _agent(frame: pl.DataFrame, facts: Facts, last: Rows, over: NDArray[np.bool_]) -> pl.Series:
    names = [name for name in ("agent", "author_id") if name in frame.columns]
    ended = frame.select("author", *names)[last].select("author", who=pl.coalesce(names))
    who = ended.select(pl.when((pl.col("author") == "agent") & pl.Series(over)).then("who")).to_series()
    if "agent" not in frame.columns:
        return who
    return pl.select(pl.coalesce(who, facts.at("agent", last))).to_series()


def verdict_frame(verdicts: Verdicts, facts: Facts, bench: Bench, places: Rows | None = None) -> pl.DataFrame:
    """Verdicts with the columns of INTERFACE, instants and lengths in microseconds."""
    some = verdicts if places is None else verdicts.taken(places)
    tickets, number = some.tickets, len(some.start)
    names = [*(policy.name for policy in bench.standard.policies), None]
    policy = some.policy.astype(np.int64)
    shown = dimensions(some, facts)
    over = some.end < tickets.never
    given = some.began & (some.policy >= 0)
    due, limit = due_instants(some, bench), some.limit
    columns = tickets.frame.columns
    return pl.DataFrame(
        {
            "rule": pl.repeat(some.rule.name, number, eager=True),
            "code": pl.repeat(some.rule.code, number, eager=True),
            "ticket": tickets.frame["ticket"][some.start],
            "began_at": _known(tickets.time[some.start], some.began),
            "ended_at": _known(some.until, some.began & over),
            "due_at": _known(due, given & (due < UNLIMITED) & (due >= 0)),
            "elapsed_seconds": _known(some.elapsed, some.began),
            "limit_seconds": _known(limit, given & (limit < UNLIMITED)),
            "clock": pl.Series(_clocks(some, bench), dtype=pl.String)[policy + 1],
            "outcome": pl.Series(OUTCOMES)[some.outcome],
            "reason": pl.Series([reason or None for reason in bench.standard.reasons])[some.reason],
            "policy": pl.Series(names, dtype=pl.String)[policy % len(names)],
            "schedule": _known_names(bench, some.schedule, given),
            **{name: _text(shown.get(name), number) for name in ("channel", "team", "agent")},
            "priority": _text(facts.at("priority", some.start) if "priority" in columns else None, number),
            "source": _text(tickets.frame["source"][some.start] if "source" in columns else None, number),
            "url": _text(facts.at("url", some.start) if "url" in columns else None, number),
            "paused_seconds": _known(some.stood, some.began),
            "otherwise": pl.select(
                pl.when(pl.Series(some.otherwise != some.outcome)).then(pl.Series(OUTCOMES)[some.otherwise])
            ).to_series(),
        }
    )


def _clocks(verdicts: Verdicts, bench: Bench) -> list[str | None]:
    """The clock of no policy, then of each policy."""
    targets = [policy.targets.get(verdicts.rule.name) for policy in bench.standard.policies]
    return [None, *(target.clock if target else None for target in targets)]


def _known(values: NDArray[np.int64], known: NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()


def _known_names(bench: Bench, schedule: NDArray[np.int64], known: NDArray[np.bool_]) -> pl.Series:
    names = pl.Series(list(bench.schedules), dtype=pl.String)[schedule]
    return pl.select(pl.when(pl.Series(known)).then(names)).to_series()


def _text(series: pl.Series | None, number: int) -> pl.Series:
    return pl.repeat(None, number, dtype=pl.String, eager=True) if series is None else series.cast(pl.String)
