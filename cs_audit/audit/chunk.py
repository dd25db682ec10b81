"""One chunk of whole tickets, from rows to tally."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from cs_audit import events
from cs_audit.audit import findings
from cs_audit.audit.alternatives import Alternative, counted_again
from cs_audit.audit.bench import Bench
from cs_audit.audit.judge import Verdicts, judge
from cs_audit.audit.outcomes import CODES, NOT_JUDGED, NOTHING_THERE
from cs_audit.audit.policies import Facts
from cs_audit.audit.tally import WORST, Tally, count, first_of, worst_breaches
from cs_audit.audit.verdict_rows import verdict_frame
from cs_audit.audit.weeks import week_hours
from cs_audit.audit.witness import compare
from cs_audit.events.columns import SCHEMA
from cs_audit.history.columnar import Tickets
from cs_audit.sources.shapes import order

if TYPE_CHECKING:
    from cs_audit.audit.chain import Source
    from cs_audit.history.columnar import Rows
    from cs_audit.rules import Rule

CORE = ("seq", "kind", "author", "channel", "public", "automatic", "automatic_reason", "status",
        "direction", "answered", "voicemail", "waited_seconds")  # fmt: skip
SHOWN = ("ticket", "occurred_at", "kind", "author", "author_id", "channel", "public", "automatic", "automatic_reason",
         "status", "priority", "team", "agent")  # fmt: skip


class Sink(Protocol):
    """Takes verdicts and findings on their way to files."""

    def verdicts(self, frame: pl.DataFrame) -> None:
        """Rows of `--verdicts`."""

    def findings(self, frame: pl.DataFrame) -> None:
        """Rows of `--findings`."""


@dataclass(frozen=True)
class Chunk:
    """Rows of whole tickets from the sources of one group; `sees` is what these can show, `broken` are tickets
    with rejected rows, `reads` is what rules ask of texts.
    """

    parts: Sequence[tuple[Source, pl.DataFrame]]
    sees: frozenset[str]
    broken: frozenset[str]
    reads: frozenset[str] = frozenset()

    @property
    def group(self) -> str:
        """The group its sources are of."""
        return self.parts[0][0].group

    @cached_property
    def events(self) -> pl.DataFrame:
        """Events in order, with the columns every rule may look at; texts are read if any rule asks."""
        from cs_audit.audit.texts import read_texts  # noqa: PLC0415 - only where a rule reads texts

        return read_texts(self._assembled, self.reads) if self.reads else self._assembled

    def told(self, repeated: pl.Series | None) -> pl.DataFrame:
        """The events, those that repetition gives away marked automatic."""
        from cs_audit.audit.texts import with_repetition  # noqa: PLC0415 - only where a rule reads texts

        return self.events if repeated is None else with_repetition(self.events, repeated)

    @property
    def _assembled(self) -> pl.DataFrame:
        frames = [
            source.assemble(rows).with_columns(pl.lit(source.name, SCHEMA["source"]).alias("source"))
            for source, rows in self.parts
        ]
        frame = frames[0] if len(frames) == 1 else order(pl.concat(frames, how="diagonal"))
        lacking = [name for name in CORE if name not in frame.columns]
        return frame.with_columns(pl.lit(None, SCHEMA[name]).alias(name) for name in lacking)


@dataclass(frozen=True)
class Hearing:
    """The tickets of a chunk as known at the cut-off, and the events after it."""

    chunk: Chunk
    bench: Bench
    frame: pl.DataFrame

    @cached_property
    def tickets(self) -> Tickets:
        """Events up to the cut-off."""
        return Tickets(self.frame.filter(self._known) if not self._known.all() else self.frame)

    @cached_property
    def beyond(self) -> Tickets:
        """Events after the cut-off."""
        return Tickets(self.frame.filter(~self._known))

    @cached_property
    def _known(self) -> pl.Series:
        return self.frame["occurred_at"].to_physical() <= self.bench.as_of

    @cached_property
    def facts(self) -> Facts:
        """What is known at each event."""
        return Facts(self.tickets)

    def broken(self, tickets: Tickets) -> Rows:
        """Places of tickets with rejected rows."""
        if not self.chunk.broken:
            return np.empty(0, np.int64)
        names = tickets.frame["ticket"][tickets.starts]
        return np.flatnonzero(names.is_in(sorted(self.chunk.broken)).to_numpy())

    def blind(self, rule: Rule) -> bool:
        """Whether the sources cannot show what the rule needs."""
        return not rule.needs <= self.chunk.sees


def judge_chunk(
    chunk: Chunk,
    bench: Bench,
    sink: Sink | None,
    others: Sequence[Alternative] = (),
    repeated: pl.Series | None = None,
) -> Tally:
    """The tally of one chunk, also by `others`; every verdict and finding goes to `sink`.

    `repeated` says of each event whether it is automatic by repetition (see `texts.repetition`).
    """
    tally = Tally()
    if not chunk.parts:
        return tally
    hearing = Hearing(chunk, bench, chunk.told(repeated))
    judged: list[Verdicts] = []
    for rule in bench.standard.measures:
        verdicts = judge(
            rule,
            hearing.tickets,
            hearing.facts,
            bench,
            blind=hearing.blind(rule),
            broken=hearing.broken(hearing.tickets),
        )
        judged.append(verdicts)
        tally += _measured(verdicts, hearing, sink)
    for rule in bench.standard.findings:
        tally += _found(rule, hearing, sink)
    tally += _accounted(hearing, judged)
    tally.sensitivity = {
        (other.name, rule): numbers for other in others for rule, numbers in counted_again(other, hearing).items()
    }
    tally.histories = [_histories(hearing, tally)]
    if chunk.broken:
        tally.broken = {(chunk.group, name) for name in hearing.frame["ticket"].unique() if name in chunk.broken}
    return tally


def _measured(verdicts: Verdicts, hearing: Hearing, sink: Sink | None) -> Tally:
    tally = count(verdicts, hearing.facts, hearing.bench)
    name = verdicts.rule.name
    tally.worst[name] = worst_breaches(verdicts, hearing.facts, hearing.bench)
    column = f"reported_{name}"
    if column in hearing.frame.columns:
        tally.reported[name] = compare(verdicts, column)
    excused = verdicts.reason == CODES["ignored"]
    if excused.any():
        tickets = verdicts.tickets.frame["ticket"][verdicts.start[excused]]
        tally.excused = {(name, ticket) for ticket in tickets}
    if sink is not None:
        sink.verdicts(verdict_frame(verdicts, hearing.facts, hearing.bench))
    return tally


def _found(rule: Rule, hearing: Hearing, sink: Sink | None) -> Tally:
    if hearing.blind(rule):
        return Tally()  # that nothing was found would say that somebody had looked
    tickets = hearing.beyond if rule.beyond else hearing.tickets
    facts = Facts(tickets) if rule.beyond else hearing.facts
    rows = findings.find(rule, tickets, hearing.bench, blind=hearing.blind(rule), broken=hearing.broken(tickets))
    rows = findings.left_out(rule, facts, rows, hearing.bench)
    rows, used = findings.excused(rule, tickets, rows, hearing.bench)
    tally = Tally(found={rule.name: len(rows)}, excused=used)
    if not len(rows):
        return tally
    if sink is not None:
        sink.findings(findings.finding_frame(rule, facts, rows))
    tally.findings[rule.name] = first_of(findings.finding_frame(rule, facts, _earliest(tickets, rows)))
    return tally


def _earliest(tickets: Tickets, rows: Rows) -> Rows:
    """The rows of which the report may show some: the first by time, with all of the last one's instant."""
    if len(rows) <= WORST:
        return rows
    times = tickets.time[rows]
    shown: Rows = rows[times <= np.partition(times, WORST)[WORST]]
    return shown


def _accounted(hearing: Hearing, judged: Sequence[Verdicts]) -> Tally:
    """Every ticket once: judged by some rule, or with the reason of the first rule that did not judge it.

    That there was nothing for a rule to judge is the reason only if no rule has a better one.
    """
    tickets = hearing.tickets
    number = len(tickets.starts)
    done = np.zeros(number, np.bool_)
    reason = np.zeros(number, np.uint8)
    for verdicts in judged:
        done[verdicts.owner[verdicts.outcome != NOT_JUDGED]] = True
        unset = (reason[verdicts.owner] == 0) | (verdicts.began & np.isin(reason[verdicts.owner], NOTHING_THERE))
        reason[verdicts.owner[unset]] = verdicts.reason[unset]
    reason[reason == 0] = CODES["no_target"]
    codes, numbers = np.unique(reason[~done], return_counts=True)
    counts = {hearing.bench.standard.reasons[code]: int(n) for code, n in zip(codes, numbers, strict=True)}
    late = hearing.frame["ticket"].n_unique() - number if hearing.beyond.never else 0
    if late:
        counts["after_as_of"] = late
    asked = tickets.time[tickets.mask(events.requester_message)]
    asked = asked[(asked >= hearing.bench.since) & (asked < hearing.bench.until)]
    demand = np.bincount(week_hours(asked, hearing.bench.zone), minlength=168)
    automatic = tickets.frame.filter(pl.col("automatic") & (pl.col("kind") == "message"))
    reasons = automatic.group_by(pl.col("automatic_reason").cast(pl.String)).len().iter_rows()
    return Tally(
        tickets={"judged": int(done.sum()), **{f"not_judged:{name}": n for name, n in counts.items()}},
        events={"events": tickets.never, "beyond": hearing.beyond.never, "automatic": automatic.height,
                **{f"automatic:{name}": n for name, n in reasons}},
        hours={"demand": np.stack([demand, np.zeros(168, np.int64)])},
    )  # fmt: skip


def _histories(hearing: Hearing, tally: Tally) -> pl.DataFrame:
    """The events of the tickets that may be shown."""
    names = [frame["ticket"] for frame in (*tally.worst.values(), *tally.findings.values())]
    shown = pl.concat(names).unique() if names else pl.Series("ticket", [], pl.String)
    columns = [name for name in SHOWN if name in hearing.frame.columns]
    return hearing.frame.filter(pl.col("ticket").is_in(shown.implode())).select(columns)
