"""Finding one ticket in the sources and explaining it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from cs_audit.audit.chain import make_bench, time_range
from cs_audit.audit.chunk import Chunk
from cs_audit.audit.session import readers
from cs_audit.config.build import build_standard
from cs_audit.errors import UsageError
from cs_audit.explain.explanation import Json, explain_ticket, one_ticket
from cs_audit.rules import find_rule
from cs_audit.sources.files import Malformed

if TYPE_CHECKING:
    from cs_audit.audit.session import Order
    from cs_audit.sources.files import FileReader


def explain(order: Order, ticket: str, rule: str | None) -> Json:
    """The explanation of `ticket`, for one rule or for all.

    Raises:
        UsageError: no source has such a ticket.
        AuditError: whatever keeps a source from being read.
    """
    standard = build_standard(order.config)
    rules = [find_rule(rule)] if rule else list(standard.rules)
    with readers(order, order.needs | {"text"}) as (sources, _):
        gathered = _Gathered(ticket)
        found = [(source, gathered.take(source)) for source in sources]
        parts = [(source, rows) for source, rows in found if rows.height]
        if not parts:
            raise UsageError(f"no source has a ticket {ticket!r}", hint=gathered.hint)
        group = parts[0][0].group
        own = [(source, rows) for source, rows in parts if source.group == group]
        sees = frozenset().union(*(source.sees for source, _ in own))
        broken = frozenset(each.ticket for source, _ in own for each in source.rejects if each.ticket)
        bench = make_bench(standard, order.window, gathered.first, gathered.last)
        return explain_ticket(ticket, Chunk(own, sees, broken), bench, rules)


class _Gathered:
    """The rows of one ticket, and what the default cut-off and a hint need of the others."""

    def __init__(self, ticket: str) -> None:
        self.ticket = ticket
        self.first, self.last = 0, 0
        self._seen = False
        self._names: set[str] = set()

    def take(self, source: FileReader) -> pl.DataFrame:
        """The ticket's rows in a source."""
        for slow in (False, True):
            try:
                return pl.concat([self._look(batch) for batch in source.batches(slow=slow)] or [_NOTHING])
            except Malformed:
                continue
        return _NOTHING

    def _look(self, batch: pl.DataFrame) -> pl.DataFrame:
        first, last = time_range(batch)
        self.first = min(self.first, first) if self._seen else first
        self.last = max(self.last, last) if self._seen else last
        self._seen = True
        if len(self._names) < 20_000:
            self._names.update(batch["ticket"].unique().head(20_000))
        return one_ticket(batch, self.ticket)

    @property
    def hint(self) -> str:
        """The nearest ticket there is."""
        near = get_close_matches(self.ticket, sorted(self._names), n=1)
        return f"did you mean {near[0]!r}?" if near else "check the number; --verdicts lists all tickets"


_NOTHING = pl.DataFrame(schema={"ticket": pl.String})
