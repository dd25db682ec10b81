"""Chunks of tickets to be judged, each loaded when its turn comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from cs_audit.audit.hearing import Chunk
from cs_audit.audit.spool import Spool, same_parts
from cs_audit.audit.standard import Reading, Standard

if TYPE_CHECKING:
    from cs_audit.audit.gathered import Gathered, Source


def heard(
    gathered: Gathered, standard: Standard, folder: Path
) -> tuple[list[Callable[[], Chunk]], list[pl.Series | None]]:
    """A way to load each chunk, so that only those being judged are in memory, and what `texts.repetition` says of it.

    Where that is asked, texts are read for it first, and their plain words kept in `folder`.
    """
    if "automatic" not in standard.reads:
        loads = list(_chunks(gathered, standard.reading, None))
        return loads, [None] * len(loads)
    from cs_audit.audit.texts import repetition  # noqa: PLC0415 - only where a rule reads texts

    loads = list(_chunks(gathered, standard.reading, folder))
    return loads, repetition(load() for load in loads)


def _chunks(gathered: Gathered, reading: Reading, folder: Path | None) -> Iterator[Callable[[], Chunk]]:
    for group, (sources, spools) in enumerate(gathered.groups()):
        broken = frozenset(reject.ticket for source in sources for reject in source.rejects if reject.ticket)
        sees = frozenset().union(*(source.sees for source in sources))
        for number in same_parts(spools):
            pairs = list(zip(sources, spools, strict=True))
            plain = folder / f"plain-{group}-{number}.arrow" if folder else None
            whole = Chunk((), sees, broken, reading, plain, sources[0].group, gathered.kept(sources[0], number))
            yield partial(_load, pairs, number, whole)


def _load(
    pairs: Sequence[tuple[Source, Spool]],
    number: int,
    whole: Chunk,
) -> Chunk:
    parts = [(source, rows) for source, spool in pairs if (rows := spool.part(number)) is not None and rows.height]
    return replace(whole, parts=parts)
