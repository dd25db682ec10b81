"""Findings: the events that mark rules point at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.bench import Bench
from cs_audit.audit.setting_aside import excluded

if TYPE_CHECKING:
    from cs_audit.audit.policies import Facts
    from cs_audit.history.columnar import Rows, Tickets
    from cs_audit.rules import Rule

_EVIDENCE = ("occurred_at", "kind", "author", "author_id", "channel", "status", "priority")


def find(rule: Rule, tickets: Tickets, bench: Bench, *, blind: bool, broken: Rows) -> Rows:
    """Rows of the events a rule points at, in the window, without those of tickets that cannot be judged."""
    if blind:
        return np.empty(0, np.int64)
    rows: Rows = rule.judge(tickets, **bench.standard.options.get(rule.name, {})).rows
    time = tickets.time[rows]
    inside = (time >= bench.since) & (time < bench.until)
    if len(broken):
        inside &= ~np.isin(tickets.owner[rows], broken)
    return rows[inside]


def left_out(rule: Rule, facts: Facts, rows: Rows, bench: Bench) -> Rows:
    """The rows that no exclusion leaves out: one of all rules, or of this one."""
    for exclusion in bench.standard.exclusions:
        if len(rows) and (not exclusion.rules or rule.name in exclusion.rules):
            rows = rows[~excluded(exclusion, facts)[facts.tickets.owner[rows]]]
    return rows


def excused(rule: Rule, tickets: Tickets, rows: Rows, bench: Bench) -> tuple[Rows, set[tuple[str, str]]]:
    """The rows that no exception excuses, and the exceptions that excused one, as (rule, ticket)."""
    names = [
        each.ticket for each in bench.standard.exemptions if each.rule == rule.name and not bench.expired(each.until)
    ]
    if not names:
        return rows, set()
    ticket = tickets.frame["ticket"][rows]
    hit = ticket.is_in(names)
    return rows[~hit.to_numpy()], {(rule.name, name) for name in ticket.filter(hit)}


def finding_frame(rule: Rule, facts: Facts, rows: Rows) -> pl.DataFrame:
    """Findings with the columns of INTERFACE; `evidence` is the event itself, with the words that say so."""
    frame = facts.tickets.frame
    part = frame[rows]
    evidence = [name for name in _EVIDENCE if name in frame.columns]

    def known(column: str) -> pl.Series:
        series = facts.at(column, rows).cast(pl.String) if column in frame.columns else None
        return pl.repeat(None, len(rows), dtype=pl.String, eager=True) if series is None else series

    told = part.select(
        pl.col("occurred_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        *(pl.col(name).cast(pl.String) for name in evidence if name != "occurred_at"),
        *([_quotes(rule, part)] if rule.quotes and "text" in part.columns else []),
    )
    return pl.DataFrame(
        {
            "rule": pl.repeat(rule.name, len(rows), eager=True),
            "code": pl.repeat(rule.code, len(rows), eager=True),
            "severity": pl.repeat(rule.severity, len(rows), eager=True),
            "ticket": part["ticket"],
            "occurred_at": part["occurred_at"].to_physical(),
            "message": pl.repeat(rule.title, len(rows), eager=True),
            "related": pl.repeat("[]", len(rows), eager=True),
            "evidence": "[" + told.select(pl.struct(pl.all()).struct.json_encode()).to_series() + "]",
            **{name: known(name) for name in ("channel", "team", "agent", "source", "url")},
        }
    )


def _quotes(rule: Rule, part: pl.DataFrame) -> pl.Series:
    """Word for word what each message says of the rule's labels."""
    from cs_audit.text.phrases.classify import says  # noqa: PLC0415 - only for rules that read texts

    rows = part.select(pl.col("author").cast(pl.String), "text").iter_rows()
    quotes = [
        [each.quote for each in says(text or "", author or "") if each.label in rule.quotes] for author, text in rows
    ]
    return pl.Series("quotes", quotes, pl.List(pl.String))
