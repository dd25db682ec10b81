"""The people of a source, known while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from cs_audit.redact.redaction import PEOPLE, Redaction

if TYPE_CHECKING:
    from cs_audit.audit.session import Reader

SEEN = {**dict.fromkeys(PEOPLE, "person"), "organization": "organization"}
"""Columns of events whose names are known afterwards, with their kind."""


class Watched:
    """A source as it is, but everyone it names is made known to a redaction."""

    def __init__(self, source: Reader, redaction: Redaction) -> None:
        self._source = source
        self._redaction = redaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def assemble(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Events of whole tickets from their rows."""
        events = self._source.assemble(rows)
        for column, kind in SEEN.items():
            if column in events.columns:
                self._redaction.see(kind, events[column].cast(pl.String).unique())
        return events
