"""The same tickets under other definitions: each a labelled re-run of the same judge.

What a definition changes is either the standard, what says to which period a wait belongs, or how events are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.judge import Verdicts, judge
from cs_audit.audit.outcomes import ACTIVE, BREACHED, NOT_JUDGED
from cs_audit.audit.policies import Facts
from cs_audit.events import resolved, unresolved
from cs_audit.events.columns import SCHEMA
from cs_audit.history.columnar import Tickets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.hearing import Hearing
    from cs_audit.audit.standard import Standard, Target

DAY = 86_400_000_000
ALTERNATIVES = (
    "calendar_time",
    "no_holidays",
    "pauses_ignored",
    "pauses_by_status",
    "automatic_counts",
    "ai_answers_count",
    "first_solving_counts",
    "gaps_count",
    "open_left_out",
    "by_opening",
    "by_due",
)
"""Names of the definitions, in the order they are shown."""


@dataclass(frozen=True)
class Alternative:
    """One other definition."""

    name: str
    bench: Bench
    reread: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    over_only: bool = False


def alternatives(bench: Bench, without_holidays: Bench) -> Iterator[Alternative]:
    """The definitions, for an audit on `bench`; `without_holidays` is the same one with no day off."""
    law = bench.standard
    laws: Mapping[str, Standard] = {
        "calendar_time": _targets(law, _round_the_clock),
        "pauses_ignored": _targets(law, lambda target: replace(target, pause=())),
        "pauses_by_status": replace(law, pauses_by_status_alone=True),
        "gaps_count": replace(law, options={**law.options, "resolution": _gaps(law)}),
    }
    for name in ALTERNATIVES:
        if name in laws:
            yield Alternative(name, replace(bench, standard=laws[name]))
    yield Alternative("no_holidays", without_holidays)
    yield Alternative("automatic_counts", bench, reread=machines_as_agents)
    if law.ai_agents:
        yield Alternative("ai_answers_count", bench, reread=ai_agents_as_agents)
    yield Alternative("first_solving_counts", bench, reread=never_reopened)
    yield Alternative("open_left_out", bench, over_only=True)
    yield Alternative("by_opening", replace(bench, period_by="opened"))
    yield Alternative("by_due", replace(bench, period_by="due"))


def _targets(law: Standard, change: Callable[[Target], Target]) -> Standard:
    policies = (
        replace(each, targets={rule: change(target) for rule, target in each.targets.items()}) for each in law.policies
    )
    return replace(law, policies=tuple(policies))


def _round_the_clock(target: Target) -> Target:
    if target.recorded:
        return target
    return replace(target, clock="calendar", micros=target.micros + target.working_days * DAY, working_days=0)


def _gaps(law: Standard) -> Mapping[str, object]:
    return {**law.options.get("resolution", {}), "gaps_count": True}


def machines_as_agents(events: pl.DataFrame) -> pl.DataFrame:
    """Events in which any public message that is not the requester's counts as an agent's, written by hand or not."""
    theirs = (pl.col("kind") == "message") & (pl.col("author") != "requester")
    agent = pl.lit("agent", SCHEMA["author"])
    return events.with_columns(
        author=pl.when(theirs).then(agent).otherwise("author"),
        automatic=pl.when(theirs).then(pl.lit(value=False)).otherwise("automatic"),
    )


def ai_agents_as_agents(events: pl.DataFrame) -> pl.DataFrame:
    """Events in which an AI agent's answer counts as a person's."""
    theirs = (pl.col("automatic_reason") == "ai_agent").fill_null(value=False)
    agent = pl.lit("agent", SCHEMA["author"])
    return events.with_columns(
        author=pl.when(theirs).then(agent).otherwise("author"),
        automatic=pl.when(theirs).then(pl.lit(value=False)).otherwise("automatic"),
    )


def never_reopened(events: pl.DataFrame) -> pl.DataFrame:
    """Events without any change of status after the first solving."""
    tickets = Tickets(events)
    after = tickets.last(resolved, np.arange(tickets.never)) >= tickets.starts[tickets.owner]
    again = after & (tickets.mask(unresolved) | tickets.mask(resolved))
    return events.filter(~pl.Series(again))


def counted_again(alternative: Alternative, hearing: Hearing) -> dict[str, NDArray[np.int64]]:
    """For each rule how many waits have each outcome under another definition."""
    tickets, facts = hearing.tickets, hearing.facts
    if alternative.reread is not None:
        tickets = Tickets(alternative.reread(tickets.frame), now=hearing.bench.as_of)
        facts = Facts(tickets)
    broken = hearing.broken(tickets)
    found = {}
    for rule in alternative.bench.standard.measures:
        blind = hearing.blind(rule)
        verdicts = judge(rule, tickets, facts, alternative.bench, blind=blind, broken=broken)
        found[rule.name] = np.bincount(_outcomes(verdicts, over_only=alternative.over_only), minlength=NOT_JUDGED + 1)
    return found


def _outcomes(verdicts: Verdicts, *, over_only: bool) -> NDArray[np.uint8]:
    if not over_only:
        return verdicts.outcome
    forgotten = (verdicts.outcome == BREACHED) & (verdicts.end == verdicts.tickets.never)
    return np.where(forgotten, np.uint8(ACTIVE), verdicts.outcome)
