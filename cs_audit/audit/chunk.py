"""One chunk of whole tickets, from rows to tally."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl
from polars.selectors import categorical

from cs_audit import events
from cs_audit.audit import findings
from cs_audit.audit.across import to_gather
from cs_audit.audit.alternatives import Alternative, counted_again
from cs_audit.audit.bench import Bench
from cs_audit.audit.coverage import demand
from cs_audit.audit.hearing import Chunk, Hearing
from cs_audit.audit.judge import Verdicts, judge
from cs_audit.audit.listed import found_list, late_list
from cs_audit.audit.outcomes import CODES, NOT_JUDGED, NOTHING_THERE
from cs_audit.audit.policies import Facts
from cs_audit.audit.ratings import rate
from cs_audit.audit.tally import SHOWN, WORST, Tally, count, found, late_waits, lateness, worst_breaches
from cs_audit.audit.verdict_rows import verdict_frame
from cs_audit.audit.weeks import week_hours
from cs_audit.audit.witness import compare

if TYPE_CHECKING:
    from cs_audit.history.columnar import Marks
    from cs_audit.rules import Rule


class Sink(Protocol):
    """Takes verdicts and findings on their way to files."""

    def verdicts(self, frame: pl.DataFrame) -> None:
        """Rows of `--verdicts`."""

    def findings(self, frame: pl.DataFrame) -> None:
        """Rows of `--findings`."""


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
    told = chunk.told(repeated) if chunk.parts or chunk.kept else None
    if told is None or not told.height:
        return tally
    hearing = Hearing(chunk, bench, told)
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
    for rule in bench.standard.of("ticket"):
        tally += _found(rule, hearing, sink)
    tally.gathered = to_gather(hearing)
    tally.demand = [each for each in [demand(hearing.tickets, bench)] if each is not None]
    tally.ratings = [each for each in [rate(judged, hearing.facts)] if each is not None]
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
    places, over = lateness(verdicts)
    tally.listed[name] = late_list(verdicts, places, over, hearing.bench)
    late = late_waits(verdicts, places, over)
    tally.late[name] = late.drop("place")
    tally.worst[name] = worst_breaches(late, verdicts, hearing.facts, hearing.bench)
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
    bench, phrases = hearing.bench, hearing.bench.standard.wording.phrases
    marks = findings.find(rule, tickets, bench, blind=False, broken=hearing.broken(tickets))
    marks = findings.left_out(rule, facts, marks, bench)
    marks, used = findings.excused(rule, tickets, marks, bench)
    number = len(marks.rows)
    if sink is not None and number:
        sink.findings(findings.finding_frame(rule, facts, marks, phrases))
    tally = found(rule, findings.finding_frame(rule, facts, _earliest(marks), phrases), used)
    tally.listed = {rule.name: found_list(marks)}
    tally.found, tally.graded = {rule.name: number}, {(rule.name, rule.severity): number}
    return tally


def _earliest(marks: Marks) -> Marks:
    """The marks of which the report may show some: the first by time, with all of the last one's instant."""
    if len(marks.rows) <= WORST:
        return marks
    times = marks.tickets.time[marks.rows]
    return marks.taken(times <= np.partition(times, WORST)[WORST])


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
    automatic = tickets.frame["automatic_reason"].filter(
        tickets.frame["automatic"] & (tickets.frame["kind"] == "message")
    )
    reasons = automatic.cast(pl.String).value_counts(name="n").iter_rows()
    return Tally(
        tickets={"judged": int(done.sum()), **{f"not_judged:{name}": n for name, n in counts.items()}},
        events={"events": tickets.never, "beyond": hearing.beyond.never, "automatic": len(automatic),
                **{f"automatic:{name}": n for name, n in reasons}},
        hours={"demand": np.stack([demand, np.zeros(168, np.int64)])},
    )  # fmt: skip


def _histories(hearing: Hearing, tally: Tally) -> pl.DataFrame:
    """The events of the tickets that may be shown."""
    names = [frame["ticket"] for frame in (*tally.worst.values(), *tally.findings.values())]
    shown = pl.concat(names).unique() if names else pl.Series("ticket", [], pl.String)
    columns = [name for name in SHOWN if name in hearing.frame.columns]
    said = hearing.bench.standard.shows_texts and "text" in hearing.frame.columns
    events = hearing.frame[hearing.rows_of(shown)].select(*columns, *(["text"] if said else []))
    events = events.with_columns(categorical().cast(pl.String), group=pl.lit(hearing.chunk.group))
    if not said:
        return events
    from cs_audit.audit.shown import shortened  # noqa: PLC0415 - only where texts are shown

    return shortened(events, plain=bool(hearing.chunk.reading.wanted))
