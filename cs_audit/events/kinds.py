"""Named kinds of event: each line is one definition, readable by a frame and by a person."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

ANY = ...
"""Stands for any value but null."""

Test = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class EventKind:
    """A test on one event: any of `alternatives`, each being columns with their wanted values.

    A wanted value is one value, a tuple of values, or `ANY`. A null passes no test.
    """

    alternatives: tuple[Test, ...]

    @property
    def expr(self) -> pl.Expr:
        """The test as a Polars expression; never null."""
        if () in self.alternatives:
            return pl.lit(value=True)
        return reduce(operator.or_, (_all_of(test) for test in self.alternatives))

    @property
    def columns(self) -> set[str]:
        """The columns the test looks at."""
        return {column for test in self.alternatives for column, _ in test}

    def matches(self, event: Mapping[str, Any]) -> bool:
        """The same test on one event as a mapping."""
        return any(all(_passes(event.get(column), wanted) for column, wanted in test) for test in self.alternatives)

    def __or__(self, other: EventKind) -> EventKind:
        return EventKind(self.alternatives + other.alternatives)


def _all_of(test: Test) -> pl.Expr:
    return reduce(operator.and_, (_is(pl.col(column), wanted) for column, wanted in test)).fill_null(value=False)


def _is(column: pl.Expr, wanted: Any) -> pl.Expr:
    if wanted is ANY:
        return column.is_not_null()
    if isinstance(wanted, bool):
        return column if wanted else ~column
    found: pl.Expr = reduce(
        operator.or_, (column == value for value in (wanted if isinstance(wanted, tuple) else (wanted,)))
    )
    return found


def _passes(value: Any, wanted: Any) -> bool:
    if wanted is ANY:
        return value is not None
    return value in wanted if isinstance(wanted, tuple) else value is not None and bool(value == wanted)


def event(**wanted: Any) -> EventKind:
    """The kind of event whose columns have the `wanted` values."""
    return EventKind((tuple(wanted.items()),))


anything = event()

requester_message = event(kind="message", author="requester", public=True, automatic=False)
"""The requester asks: a message of his that he meant to send. Out-of-office mail starts no clock."""

agent_reply = event(kind="message", author="agent", public=True, automatic=False) | event(
    kind="call", author="agent", answered=True
)
"""A person answers: a message the requester can see and no machine wrote, or a call that connected. In any channel."""

resolved = event(kind="status", status=("solved", "closed"))
"""The ticket is said to be done. Solved, then closed later, is one resolution: the first of the two."""

unresolved = event(kind="status", status=("new", "open", "pending", "on_hold"))
"""The ticket is said to be in work."""

opened = event(kind="other", status="new")
"""The ticket is created, where the source says when."""

solved_unseen = event(kind="other", status=("solved", "closed"))
"""The ticket is known to be done, but the source does not say since when."""

unknown_author = event(kind="message", author="unknown")
"""A message whose author is neither known as requester nor as agent, bot or system."""
