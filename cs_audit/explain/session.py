"""Finding one ticket in the sources and explaining it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from cs_audit.audit.chain import A_FEW, make_bench
from cs_audit.audit.gathered import gather
from cs_audit.audit.loads import heard
from cs_audit.audit.session import cut_off, readers, watched
from cs_audit.config.build import build_standard
from cs_audit.errors import UsageError
from cs_audit.explain.across import across_tickets
from cs_audit.explain.explanation import Json, explain_ticket
from cs_audit.rules import find_rule
from cs_audit.worded import nearest, worded

if TYPE_CHECKING:
    from cs_audit.audit.hearing import Chunk
    from cs_audit.audit.session import Order
    from cs_audit.redact.redaction import Redaction

_NAMES = 20_000


def explain(order: Order, ticket: str, rule: str | None, redaction: Redaction | None = None) -> Json:
    """The explanation of `ticket`, for one rule or for all; with a `redaction` nobody is named in it.

    What rules find that look beyond one ticket takes a judgment of all tickets: of more than A_FEW rows only where such
    a rule is asked for by name.

    Raises:
        UsageError: no source has such a ticket.
        AuditError: whatever keeps a source from being read.
    """
    standard = build_standard(order.config)
    rules = [find_rule(rule)] if rule else list(standard.rules)
    with readers(order, order.needs | {"text"}) as (opened, folder):
        window, sources = cut_off(order.window, opened), watched(opened, redaction)
        gathered = gather(sources, window, folder)
        bench = make_bench(standard, window, gathered.first, gathered.last)
        loads, repeated = heard(gathered, standard, folder)
        names: list[str] = []
        for load, reasons in zip(loads, repeated, strict=True):
            chunk = load()
            if ticket in _tickets(chunk):
                own = chunk.told(reasons).filter(pl.col("ticket") == ticket)
                told = explain_ticket(ticket, chunk, own, bench, rules)
                if any(each.scope != "ticket" for each in rules) and (rule or gathered.rows <= A_FEW):
                    parts = zip(loads, repeated, strict=True)
                    told["findings"] += across_tickets(told, rules, parts, bench, folder)
                return told if redaction is None else _redacted(told, redaction)
            names += list(_tickets(chunk))[: _NAMES - len(names)]
    shown = [each for each in sorted(names) if not redaction or each == redaction.ticket(each)]
    hint = nearest(ticket, shown, worded("check the number; --verdicts lists all tickets"))
    raise UsageError(worded("no source has a ticket {ticket!r}", ticket=ticket), hint=hint)


def _redacted(told: Json, redaction: Redaction) -> Json:
    from cs_audit.redact.values import explained  # noqa: PLC0415 - only where it is asked for

    return explained(told, redaction)


def _tickets(chunk: Chunk) -> Iterator[str]:
    for _, rows in chunk.parts:
        yield from rows["ticket"].unique(maintain_order=True)
