"""Findings: the events that mark rules point at, and what is claimed of many tickets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit.bench import Bench
from cs_audit.audit.moments import micros
from cs_audit.audit.setting_aside import excluded

if TYPE_CHECKING:
    from cs_audit.answers.claims import Claim
    from cs_audit.audit.policies import Facts
    from cs_audit.history.columnar import Marks, Rows, Tickets
    from cs_audit.rules import Rule

COLUMNS = (
    *("rule", "code", "severity", "ticket", "occurred_at", "message", "related", "evidence"),
    *("channel", "team", "agent", "source", "url"),
)
_EVIDENCE = ("occurred_at", "kind", "author", "author_id", "channel", "status", "priority")
_KNOWN = ("channel", "team", "agent", "source", "url")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def find(rule: Rule, tickets: Tickets, bench: Bench, *, blind: bool, broken: Rows) -> Marks:
    """The events a rule points at, in the window, without those of tickets that cannot be judged."""
    if blind:
        return tickets.no_marks
    marks: Marks = rule.judge(tickets, **bench.standard.options.get(rule.name, {}))
    time = tickets.time[marks.rows]
    inside = (time >= bench.since) & (time < bench.until)
    if len(broken):
        inside &= ~np.isin(tickets.owner[marks.rows], broken)
    return marks.taken(inside)


def left_out(rule: Rule, facts: Facts, marks: Marks, bench: Bench) -> Marks:
    """The marks that no exclusion leaves out: one of all rules, or of this one."""
    for exclusion in bench.standard.exclusions:
        if len(marks.rows) and (not exclusion.rules or rule.name in exclusion.rules):
            marks = marks.taken(~excluded(exclusion, facts)[facts.tickets.owner[marks.rows]])
    return marks


def excused(rule: Rule, tickets: Tickets, marks: Marks, bench: Bench) -> tuple[Marks, set[tuple[str, str]]]:
    """The marks that no exception excuses, and the exceptions that excused one (see `Exemption.key`)."""
    holding = {each.ticket: each.key for each in bench.exemptions(rule.name) if each.ticket}
    if not holding:
        return marks, set()
    ticket = tickets.frame["ticket"][marks.rows]
    hit = ticket.is_in(list(holding))
    return marks.taken(~hit.to_numpy()), {holding[name] for name in ticket.filter(hit)}


def excused_claims(rule: Rule, claims: Sequence[Claim], bench: Bench) -> tuple[list[Claim], set[tuple[str, str]]]:
    """The claims that no exception excuses: for their ticket, or for what they say; and the exceptions used."""
    kept, used = [], set()
    for claim in claims:
        hit = next((each for each in bench.exemptions(rule.name) if each.excuses(claim)), None)
        if hit is None:
            kept.append(claim)
        else:
            used.add(hit.key)
    return kept, used


def finding_frame(rule: Rule, facts: Facts, marks: Marks, phrases: Mapping[str, Any]) -> pl.DataFrame:
    """Findings with the columns of INTERFACE. `evidence` is the event itself with the words that say so, before it
    the event it follows from; `related` is the ticket of that one, where it is another.
    """
    frame, rows = facts.tickets.frame, marks.rows
    part = frame[rows]
    told = _event(part, [_quotes(rule, part, phrases)] if rule.quotes and "text" in part.columns else [])
    evidence, related = "[" + told + "]", pl.repeat("[]", len(rows), eager=True)
    if marks.causes is not None:
        cause = frame[np.maximum(marks.causes, 0)]
        known = pl.Series(marks.causes >= 0)
        other = known & (cause["ticket"] != part["ticket"])
        evidence = pl.select(
            pl.when(known).then("[" + _event(cause, []) + "," + told + "]").otherwise(evidence)
        ).to_series()
        names = pl.Series([json.dumps([each], ensure_ascii=False) for each in cause["ticket"]], dtype=pl.String)
        related = pl.select(pl.when(other).then(names).otherwise(related)).to_series()
    return pl.DataFrame(
        {
            **_heads(rule, len(rows)),
            "ticket": part["ticket"],
            "occurred_at": part["occurred_at"].to_physical(),
            "message": pl.repeat(rule.title, len(rows), eager=True),
            "related": related,
            "evidence": evidence,
            **{name: _known(facts, name, rows) for name in _KNOWN},
        }
    )  # fmt: skip


def _heads(rule: Rule, number: int) -> dict[str, pl.Series]:
    said = {"rule": rule.name, "code": rule.code, "severity": str(rule.severity)}
    return {name: pl.repeat(value, number, eager=True) for name, value in said.items()}


def _known(facts: Facts, column: str, rows: Rows) -> pl.Series:
    series = facts.at(column, rows).cast(pl.String) if column in facts.tickets.frame.columns else None
    return pl.repeat(None, len(rows), dtype=pl.String, eager=True) if series is None else series


def _event(part: pl.DataFrame, more: Sequence[pl.Series]) -> pl.Series:
    """Each event as JSON."""
    shown = [name for name in _EVIDENCE if name in part.columns]
    told = part.select(
        pl.col("occurred_at").dt.strftime(_TIME),
        *(pl.col(name).cast(pl.String) for name in shown if name != "occurred_at"),
        *more,
    )
    return told.select(pl.struct(pl.all()).struct.json_encode()).to_series()


def _quotes(rule: Rule, part: pl.DataFrame, phrases: Mapping[str, Any]) -> pl.Series:
    """Word for word what each message says of the rule's labels."""
    from cs_audit.text.phrases.classify import says  # noqa: PLC0415 - only for rules that read texts

    rows = part.select(pl.col("author").cast(pl.String), "text").iter_rows()
    quotes = [
        [each.quote for each in says(text or "", author or "", phrases) if each.label in rule.quotes]
        for author, text in rows
    ]
    return pl.Series("quotes", quotes, pl.List(pl.String))


def claim_frame(rule: Rule, claims: Sequence[Claim], frame: pl.DataFrame) -> pl.DataFrame:
    """Claims as findings; `frame` has the answers they are about, with their team, source and url."""
    shown = {each.ticket for each in claims}
    answers = frame.filter(pl.col("ticket").is_in(list(shown))).iter_rows(named=True)
    about = {(row["ticket"], row["occurred_at"]): row for row in answers}
    rows = [
        {
            "rule": rule.name,
            "code": rule.code,
            "severity": each.severity,
            "ticket": each.ticket,
            "occurred_at": micros(each.occurred_at),
            "message": each.message,
            "related": json.dumps(each.related, ensure_ascii=False),
            "evidence": json.dumps(each.evidence, ensure_ascii=False),
            "channel": each.channel,
            "agent": each.agent,
            **{name: about[each.ticket, each.occurred_at][name] for name in ("team", "source", "url")},
        }
        for each in claims
    ]
    kinds = {name: pl.Int64() if name == "occurred_at" else pl.String() for name in COLUMNS}
    return pl.DataFrame(rows, schema=kinds)


def within(claims: Sequence[Claim], bench: Bench) -> list[Claim]:
    """The claims that answers in the window show, whenever they were first given."""
    return [each for each in claims if micros(each.last_at) >= bench.since and micros(each.first_at) < bench.until]
