"""Which messages of one person tell again what he told before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

APART = ("ticket", "channel", "agent")
"""Columns of which one at least must differ: another ticket, another channel, or another agent in charge."""

_SENT_TWICE = dt.timedelta(minutes=10)


def retellings(messages: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """Places of messages that tell again what an earlier one told, each with the place of that one.

    They tell it elsewhere (see `APART`), and more than ten minutes later: what comes sooner was sent twice.
    """
    from cs_audit.answers.alike import told_again  # noqa: PLC0415 - only where a rule compares texts

    for later, earlier in enumerate(told_again([each.get("text") or "" for each in messages])):
        if earlier is not None and _anew(messages[earlier], messages[later]):
            yield later, earlier


def runs(owners: Sequence[int]) -> list[tuple[int, int]]:
    """The places where each run of at least two equal owners begins and ends."""
    if not owners:
        return []
    edges = [place for place, owner in enumerate(owners) if not place or owner != owners[place - 1]]
    pairs = zip(edges, [*edges[1:], len(owners)], strict=True)
    return [(first, last) for first, last in pairs if last - first > 1]


def _anew(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    elsewhere = any(earlier.get(name) != later.get(name) for name in APART)
    return elsewhere and bool(later["occurred_at"] - earlier["occurred_at"] > _SENT_TWICE)
