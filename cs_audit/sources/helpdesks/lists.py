"""Lists that are read page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

Json = Any
Item = TypeVar("Item")


def once(pages: Iterable[Sequence[Json]], key: str = "id") -> Iterator[Json]:
    """The records of some pages, each once, whatever pushed them on from page to page meanwhile.

    Raises:
        ValueError: a page came before, so that what should stand there would be missing.
    """
    seen: set[Json] = set()
    known: set[frozenset[Json]] = set()
    for page in pages:
        records = {each[key]: each for each in page}
        if records and frozenset(records) in known:
            raise ValueError("a page of its list came twice")
        yield from (each for identity, each in records.items() if identity not in seen)
        known.add(frozenset(records))
        seen |= records.keys()


def chunks(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """The items in their order, at most so many together: for requests that take several ids."""
    return [items[place : place + size] for place in range(0, len(items), size)]
