"""What rules that look beyond one ticket find of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_audit.audit.across import Gathering, to_gather
from cs_audit.audit.hearing import Chunk, Hearing
from cs_audit.audit.moments import iso

if TYPE_CHECKING:
    import polars as pl

    from cs_audit.audit.bench import Bench
    from cs_audit.rules import Rule

Json = dict[str, Any]


@dataclass
class _Findings:
    """A sink that keeps the findings about one ticket."""

    ticket: str
    rows: list[Json] = field(default_factory=list)

    def verdicts(self, frame: pl.DataFrame) -> None:
        """None are made here."""

    def findings(self, frame: pl.DataFrame) -> None:
        """Keep those that stand on the ticket, or name it."""
        for row in frame.iter_rows(named=True):
            if self.ticket in (row["ticket"], *json.loads(row["related"])):
                self.rows.append(row)


def across_tickets(
    told: Mapping[str, Any],
    rules: Sequence[Rule],
    loads: Iterable[tuple[Callable[[], Chunk], pl.Series | None]],
    bench: Bench,
    folder: Path,
) -> list[Json]:
    """The findings of rules of other scopes that are about the ticket of an explanation `told` so far.

    Each names the `event` of the ticket it stands on, if it stands on one of its own.
    """
    wanted = replace(bench, standard=replace(bench.standard, rules=tuple(rules)))
    beyond = Gathering(folder)
    for load, reasons in loads:
        chunk = load()
        if chunk.parts:
            beyond.take(to_gather(Hearing(chunk, wanted, chunk.told(reasons))))
    kept = _Findings(told["ticket"])
    for _ in beyond.judged(wanted, kept):
        pass
    return [_finding(row, told) for row in kept.rows]


def _finding(row: Mapping[str, Any], told: Mapping[str, Any]) -> Json:
    at = iso(row["occurred_at"])
    own = row["ticket"] == told["ticket"]
    event = next((each["number"] for each in told["events"] if own and each["occurred_at"] == at), None)
    names = ("rule", "code", "severity", "ticket", "message")
    return {
        **{name: row[name] for name in names},
        "occurred_at": at,
        "event": event,
        "related": json.loads(row["related"]),
        "evidence": json.loads(row["evidence"]),
    }
