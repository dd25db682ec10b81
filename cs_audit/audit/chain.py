"""The chain: read, gather whole tickets, judge, count. Nothing in it reads a clock or the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cs_audit.audit.across import Gathering
from cs_audit.audit.alternatives import Alternative, alternatives
from cs_audit.audit.bench import Bench
from cs_audit.audit.chunk import judge_chunk
from cs_audit.audit.gathered import ALWAYS, NEVER, Source, gather
from cs_audit.audit.loads import heard
from cs_audit.audit.moments import iso, micros
from cs_audit.audit.standard import Standard, Window
from cs_audit.audit.tally import Tally
from cs_audit.errors import HolidayError
from cs_audit.schedules import Coordinates, Horizon
from cs_audit.worded import joined, worded

if TYPE_CHECKING:
    from cs_audit.audit.chunk import Sink
    from cs_audit.audit.kept import Shelf

_WORKERS = 2
A_FEW = 1_000_000


@dataclass(frozen=True)
class Judged:
    """What the chain makes of its sources: the tally, and the instants it was made at."""

    tally: Tally
    bench: Bench
    first: int
    last: int


def audit(
    sources: Sequence[Source],
    standard: Standard,
    window: Window,
    folder: Path,
    sink: Sink | None = None,
    *,
    sensitivity: bool | None = False,
    shelves: Mapping[str, Shelf] | None = None,
) -> Judged:
    """Judge every ticket of `sources` in `window` by `standard`, spilling to `folder`.

    `sink` takes every verdict and finding, where they are wanted as files. With `sensitivity` the same tickets are
    also judged by other definitions; None leaves that to the number of rows (at most A_FEW). Sources with a place in
    `shelves` read only what changed since their events were kept there, and keep them.

    Raises:
        NothingToJudge: no row was read, and none rejected.
        Outdated: what was kept is not what it was.
        AuditError: whatever keeps a source from being read.
    """
    gathered = gather(sources, window, folder, shelves)
    bench = make_bench(standard, window, gathered.first, gathered.last)
    wanted = gathered.rows <= A_FEW if sensitivity is None else sensitivity
    others = others_of(bench, window, gathered.first, gathered.last) if wanted else []
    tally = Tally()
    loads, repeated = heard(gathered, standard, folder)
    beyond = Gathering(folder)
    with ThreadPoolExecutor(_WORKERS) as pool:
        pairs = zip(loads, repeated, strict=True)
        for each in pool.map(lambda pair: judge_chunk(pair[0](), bench, sink, others, pair[1]), pairs):
            beyond.take(each.gathered)
            tally += each
    for each in beyond.judged(bench, sink):
        tally += each
    count_unread(tally, sources)
    gathered.keep()
    return Judged(tally.settled(), bench, gathered.first, gathered.last)


def others_of(bench: Bench, window: Window, first: int, last: int) -> list[Alternative]:
    """The other definitions by which waits between two instants are judged again."""
    law = bench.standard
    open_days = {name: replace(each, holidays=(), off={}) for name, each in law.schedules.items()}
    free = replace(law, schedules=open_days)
    return list(alternatives(bench, make_bench(free, window, first, last)))


def count_unread(tally: Tally, sources: Sequence[Source]) -> None:
    """Tickets none of whose rows could be read were asked for, too."""
    rejected = {(source.group, reject.ticket) for source in sources for reject in source.rejects if reject.ticket}
    unread = len(rejected - tally.broken)
    if unread:
        name = "not_judged:rejected_rows"
        tally.tickets[name] = tally.tickets.get(name, 0) + unread


def make_bench(standard: Standard, window: Window, first: int, last: int) -> Bench:
    """The bench for events between two instants.

    Raises:
        ConfigError, HolidayError: see `Schedule.timetable`.
    """
    as_of = micros(window.as_of) if window.as_of else last
    names = sorted({"24/7", *(name for policy in standard.policies for name in policy.schedules)})
    first = min(first, as_of)
    try:
        coordinates = _compiled(standard, names, first, as_of)
    except HolidayError as error:
        seen = worded(
            "(the first event is of {first}, the cut-off {last}: is one of these dates wrong?)",
            first=iso(first), last=iso(as_of),
        )  # fmt: skip
        error.hint = joined([error.hint, seen], " ")
        raise
    since = micros(window.since) if window.since else NEVER
    until = micros(window.until) if window.until else ALWAYS
    return Bench(standard, coordinates, names, as_of, since, until, window.by)


def _compiled(standard: Standard, names: list[str], first: int, as_of: int) -> Coordinates:
    """Coordinates for the years of the events, and the year after if its holidays are known."""
    for ahead in (1, 0):
        horizon = Horizon.around(first, as_of, ahead=ahead)
        try:
            return Coordinates([standard.schedules[name].timetable(horizon) for name in names])
        except HolidayError:
            if not ahead:
                raise
    raise AssertionError
