"""Rules that look beyond one ticket: the same events, gathered again by requester or by channel, or what agents
answered, judged once all tickets are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from polars.selectors import categorical

from cs_audit.audit import findings
from cs_audit.audit.derived import by_manager
from cs_audit.audit.listed import found_list
from cs_audit.audit.policies import Facts
from cs_audit.audit.setting_aside import excluded
from cs_audit.audit.spool import Spool, same_parts
from cs_audit.audit.tally import Tally, found
from cs_audit.events import managed, said
from cs_audit.history.columnar import Tickets

if TYPE_CHECKING:
    from cs_audit.audit.bench import Bench
    from cs_audit.audit.chunk import Sink
    from cs_audit.audit.hearing import Hearing
    from cs_audit.rules import Rule
    from cs_audit.rules.rule import Scope

KEY, _PLACE = "__key", "__place"
_CARRIED = ("requester", "agent", "team", "url", "account_manager")
"""What is known of the ticket at each event, which events of other tickets must not say."""
_LEFT = ("subject", "tags", "promised", "organization", "requester_timezone", "channel_detail")
ROWS_HELD = 250_000
"""Rows in memory before they go to disk: these carry texts."""
SCOPES: tuple[Scope, ...] = ("requester", "channel", "topic")


def to_gather(hearing: Hearing) -> dict[str, pl.DataFrame]:
    """What rules of other scopes want of a chunk's tickets: events with their `__key`, by scope.

    Tickets with rejected rows, and those that an exclusion leaves out of all rules, take no part.
    """
    made = {}
    for scope in SCOPES:
        rules = hearing.bench.standard.of(scope)
        if any(not hearing.blind(rule) for rule in rules):
            made[scope] = _gathered(scope, hearing)
    return {scope: frame for scope, frame in made.items() if frame.height}


def _gathered(scope: Scope, hearing: Hearing) -> pl.DataFrame:
    """Events of the tickets that take part: what was said, and what names an account manager."""
    tickets, facts = hearing.tickets, hearing.facts
    rows = np.flatnonzero(_taking_part(hearing)[tickets.owner] & tickets.mask(said | managed))
    carried = [facts.at(name, rows).alias(name) for name in _CARRIED if name in tickets.frame.columns]
    frame = tickets.frame.drop(_LEFT, strict=False)[rows].with_columns(carried)
    frame = frame.with_columns(categorical().cast(pl.String))
    if scope == "topic":
        from cs_audit.audit.replies import replies  # noqa: PLC0415 - only where answers are compared

        return replies(frame)
    if scope == "channel":
        frame = frame.filter(pl.col("channel").is_not_null()).drop("text", "done_by", strict=False)
        return frame.with_columns(pl.col("channel").cast(pl.String).alias(KEY), pl.int_range(pl.len()).alias(_PLACE))
    alone = pl.concat_str(pl.lit("\0"), "ticket")
    name = pl.coalesce("requester", alone) if "requester" in frame.columns else alone
    return frame.with_columns(name.alias(KEY), pl.int_range(pl.len()).alias(_PLACE))


def _taking_part(hearing: Hearing) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    part = np.ones(len(hearing.tickets.starts), np.bool_)
    part[hearing.broken(hearing.tickets)] = False
    for exclusion in hearing.bench.standard.exclusions:
        if not exclusion.rules:
            part &= ~excluded(exclusion, hearing.facts)
    return part


@dataclass
class Gathering:
    """Events on their way to the rules of other scopes, spilt to `folder` where they are many.

    Sources may know different columns: those of a scope have a spool for each set of columns.
    """

    folder: Path
    spools: dict[str, dict[tuple[str, ...], Spool]] = field(default_factory=dict)
    answers: list[pl.DataFrame] = field(default_factory=list)

    def take(self, frames: dict[str, pl.DataFrame]) -> None:
        """What one chunk gave; chunks must come in one order."""
        for scope, frame in frames.items():
            if scope == "topic":
                self.answers.append(frame)
                continue
            spools, columns = self.spools.setdefault(scope, {}), tuple(frame.columns)
            if columns not in spools:
                spools[columns] = Spool(self.folder / f"by-{scope}-{len(spools)}", ROWS_HELD, key=KEY)
            spools[columns].add(frame)

    def judged(self, bench: Bench, sink: Sink | None) -> Iterator[Tally]:
        """The tallies of all rules of other scopes."""
        for scope in [each for each in SCOPES if each in self.spools]:
            spools = list(self.spools.pop(scope).values())
            for number in same_parts(spools):
                parts = [part for each in spools if (part := each.part(number)) is not None]
                if parts:
                    histories = histories_of(pl.concat(parts, how="diagonal"), bench)
                    yield judge_histories(bench.standard.of(scope), histories, bench, sink)
        if self.answers:
            from cs_audit.audit.topics import judge_answers  # noqa: PLC0415 - only where answers are compared

            yield judge_answers(self._answered(), bench, sink)

    def _answered(self) -> pl.DataFrame:
        """All answers, which are not kept here any longer."""
        frames, self.answers = self.answers, []
        return pl.concat(frames, how="diagonal")


def histories_of(events: pl.DataFrame, bench: Bench) -> Tickets:
    """Gathered events as histories, each in the order of time; of one instant, ticket by ticket."""
    ordered = events.sort(KEY, "occurred_at", "source", "ticket", _PLACE, maintain_order=True)
    histories = Tickets(ordered, by=KEY, now=bench.as_of)
    if "done_by" in ordered.columns:
        histories.frame = ordered.with_columns(by_manager(histories))
    return histories


def judge_histories(rules: tuple[Rule, ...], histories: Tickets, bench: Bench, sink: Sink | None) -> Tally:
    """The findings of mark rules on gathered histories."""
    tally = Tally()
    facts = Facts(histories, carried=False)
    for rule in rules:
        marks = findings.find(rule, histories, bench, blind=False, broken=np.empty(0, np.int64))
        marks, used = findings.excused(rule, histories, marks, bench)
        frame = findings.finding_frame(rule, facts, marks, bench.standard.wording.phrases)
        tally += found(rule, frame, used)
        tally += Tally(listed={rule.name: found_list(marks)})
        if sink is not None and frame.height:
            sink.findings(frame)
    return tally
