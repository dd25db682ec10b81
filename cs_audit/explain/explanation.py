"""One ticket explained: its events, and for every rule what started, stopped and counted, down to the minute.

The waits come from the plain reading and the numbers from the judge; that both name the same events is
checked each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cs_audit.audit import findings
from cs_audit.audit.changes import Changes, changes_of
from cs_audit.audit.hearing import Chunk, Hearing
from cs_audit.audit.judge import Verdicts, judge, stood
from cs_audit.audit.moments import iso, micros
from cs_audit.audit.outcomes import CODES
from cs_audit.audit.result import verdict_row
from cs_audit.audit.standard import CALENDAR
from cs_audit.audit.verdict_rows import verdict_frame
from cs_audit.errors import AuditError
from cs_audit.explain.stretches import Pause, stretches
from cs_audit.history import plain
from cs_audit.worded import verbatim

if TYPE_CHECKING:
    import polars as pl

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.standard import Policy
    from cs_audit.rules import Rule
    from cs_audit.schedules import Timetable

Json = dict[str, Any]

_EVENT = (
    *("kind", "author", "author_id", "channel", "public", "automatic", "automatic_reason", "status", "priority"),
    *("team", "agent", "text", "source", "url"),
)


def explain_ticket(ticket: str, chunk: Chunk, own: pl.DataFrame, bench: Bench, rules: Sequence[Rule]) -> Json:
    """The explanation of one ticket of a chunk, from its `own` events, as a JSON-ready value.

    Raises:
        AuditError: the two readings of a rule differ (a defect).
    """
    hearing = Hearing(chunk, bench, own)
    events = list(hearing.tickets.frame.iter_rows(named=True))
    return {
        "ticket": ticket,
        "timezone": bench.standard.timezone,
        "as_of": iso(bench.as_of),
        "events": [_event(number, event) for number, event in enumerate(events, 1)],
        "events_after_as_of": hearing.beyond.never,
        "verdicts": [
            each for rule in bench.standard.measures if rule in rules for each in _verdicts(rule, hearing, events)
        ],
        "findings": [
            each for rule in rules if not rule.measures and rule.scope == "ticket" for each in _findings(rule, hearing)
        ],
    }


def _event(number: int, event: Mapping[str, Any]) -> Json:
    told = {name: event[name] for name in _EVENT if event.get(name) is not None}
    return {"number": number, "occurred_at": iso(micros(event["occurred_at"])), **told}


def _verdicts(rule: Rule, hearing: Hearing, events: list[dict[str, Any]]) -> list[Json]:
    broken = hearing.broken(hearing.tickets)
    verdicts = judge(rule, hearing.tickets, hearing.facts, hearing.bench, blind=hearing.blind(rule), broken=broken)
    rows = verdict_frame(verdicts, hearing.facts, hearing.bench)
    if verdicts.began.any():
        _agree(rule, verdicts, events, hearing.bench)
    changes = changes_of(rule, hearing.tickets, hearing.facts, hearing.bench)
    return [_verdict(row, index, verdicts, hearing, changes) for index, row in enumerate(rows.iter_rows(named=True))]


def _agree(rule: Rule, verdicts: Verdicts, events: list[dict[str, Any]], bench: Bench) -> None:
    """The plain reading must name the same events as the columnar one."""
    spans = rule.judge(plain.Ticket(events), **bench.standard.options.get(rule.name, {})).found
    never = verdicts.tickets.never
    mine = {(each.start, never if each.stop is None else each.stop) for each in spans}
    rows = zip(verdicts.start, verdicts.end, verdicts.began & (verdicts.reason != CODES["left_scope"]), strict=True)
    theirs = {(int(start), int(end)) for start, end, both in rows if both}
    if not theirs <= mine:
        raise AuditError(verbatim(f"the two readings of {rule.name} differ: {sorted(mine)} and {sorted(theirs)}"))


def _verdict(row: Mapping[str, Any], index: int, verdicts: Verdicts, hearing: Hearing, changes: Changes) -> Json:
    bench, never = hearing.bench, verdicts.tickets.never
    made = verdict_row(row)
    if not verdicts.began[index]:
        return {**made, "started_by": None, "ended_by": None, "changes": [], "stretches": []}
    table = _table(row, bench)
    ended = bench.as_of if row["ended_at"] is None else row["ended_at"]
    start, end = int(verdicts.start[index]), int(verdicts.end[index])
    return {
        **made,
        "started_by": start + 1,
        "ended_by": None if end == never else end + 1,
        "changes": _changed(changes, start, end, verdicts.rule, bench),
        "stretches": stretches(table, row["began_at"], max(ended, row["began_at"]), _pauses(verdicts, index))
        if table
        else [],
    }


def _changed(changes: Changes, start: int, end: int, rule: Rule, bench: Bench) -> list[Json]:
    """Each passing of the wait to another policy: the event that caused it, and the policies with their limits."""
    policies = [*bench.standard.policies, None]
    rows = zip(changes.started, changes.row, changes.before, changes.after, strict=True)
    return [
        {"event": int(row) + 1, "before": _promise(policies[before], rule), "after": _promise(policies[after], rule)}
        for began, row, before, after in rows
        if began == start and row <= end
    ]


def _promise(policy: Policy | None, rule: Rule) -> Json:
    target = policy.targets.get(rule.name) if policy else None
    return {"policy": policy.name if policy else None, "limit": str(target) if target else None}


def _pauses(verdicts: Verdicts, index: int) -> list[Pause]:
    """When the clock of a wait stood still, with the event that stopped it."""
    status = verdicts.tickets.frame["status"]
    return [Pause(begins, ends, row + 1, status[row]) for begins, ends, row in stood(verdicts, index)]


def _table(row: Mapping[str, Any], bench: Bench) -> Timetable | None:
    name = CALENDAR if row["clock"] == "calendar" else row["schedule"]
    return None if name is None else bench.coordinates.tables[list(bench.schedules).index(name)]


def _findings(rule: Rule, hearing: Hearing) -> list[Json]:
    tickets = hearing.beyond if rule.beyond else hearing.tickets
    if not tickets.never:
        return []
    blind, broken = hearing.blind(rule), hearing.broken(tickets)
    rows = findings.find(rule, tickets, hearing.bench, blind=blind, broken=broken).rows
    times = tickets.time[rows]
    return [
        {"rule": rule.name, "code": rule.code, "severity": rule.severity, "message": rule.title,
         "occurred_at": iso(int(time)), "event": None if rule.beyond else int(row) + 1, "evidence": []}
        for row, time in zip(rows, times, strict=True)
    ]  # fmt: skip
