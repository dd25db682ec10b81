"""UseDesk's list of tickets, read in windows of its own clock, each smaller than a page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from cs_audit.sources.web.client import Client

Json = Any

A_PAGE = 100
_HISTORY = dt.datetime(2010, 1, 1)  # noqa: DTZ001 - the helpdesk's clock has no zone
_MINUTE, _HOUR, _AHEAD = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
_FORM = "%Y-%m-%d %H:%M"


def horizon(now: dt.datetime, zone: str) -> dt.datetime:
    """Up to where the windows go: beyond now, so that a ticket that moves on while the list is read is not lost."""
    return _clock(now, zone) + _AHEAD


def begin(since: dt.datetime | None, until: dt.datetime, zone: str) -> Json:
    """The first window: all there is. An hour more, for the one that comes twice."""
    first = _clock(since, zone) - _HOUR if since else _HISTORY
    return {"from": first.strftime(_FORM), "span": (until - first) // _MINUTE, "seen": []}


def following(client: Client, cursor: Json, until: dt.datetime) -> tuple[list[Json], Json]:
    """The rows of the next window that were not given yet, and where to go on; a window that holds more than a page
    is tried again half as long.
    """
    first = dt.datetime.strptime(cursor["from"], _FORM)  # noqa: DTZ007 - the helpdesk's clock has no zone
    if first >= until:
        return [], {**cursor, "end": True}
    if "after" in cursor:
        return _of_a_crowd(client, cursor, first)
    span = cursor["span"]
    last = min(first + span * _MINUTE, until)
    rows = _listed(client, first, last, 0)
    if len(rows) >= A_PAGE or (rows and _listed(client, first, last, 1)):
        return [], {**cursor, "span": span // 2} if span > 1 else {**cursor, "after": 0}
    wider = span * 2 if 3 * len(rows) < A_PAGE else span
    return _fresh(rows, cursor), {"from": last.strftime(_FORM), "span": wider, "seen": _again(rows, last)}


def _of_a_crowd(client: Client, cursor: Json, first: dt.datetime) -> tuple[list[Json], Json]:
    """A page of a minute that holds more than one, in order of ids."""
    last = first + _MINUTE
    crowd = _crowd(client, first, last)
    left = [each for each in _fresh(crowd, cursor) if int(each["id"]) > cursor["after"]]
    if len(left) > A_PAGE:
        return left[:A_PAGE], {**cursor, "after": int(left[A_PAGE - 1]["id"])}
    return left, {"from": last.strftime(_FORM), "span": 1, "seen": _again(crowd, last)}


def _crowd(client: Client, first: dt.datetime, last: dt.datetime) -> list[Json]:
    """All rows of a minute, by id: its pages are read until they bring nothing new, for rows move between them."""
    held: dict[int, Json] = {}
    while True:
        known, offset = len(held), 0
        before: list[Json] = []
        while (rows := _listed(client, first, last, offset)) and rows != before:
            held |= {int(each["id"]): each for each in rows}
            before, offset = rows, offset + 1
        if len(held) == known:
            return [held[each] for each in sorted(held)]


def _listed(client: Client, first: dt.datetime, last: dt.datetime, offset: int) -> list[Json]:
    window = {"updated_after": first.strftime(_FORM), "updated_before": last.strftime(_FORM)}
    return list(client.search("tickets", {**window, "sort": "id", "order": "asc", "offset": offset}).json)


def _known(row: Json) -> list[Json]:
    return [int(row["id"]), row["last_updated_at"]]


def _fresh(rows: list[Json], cursor: Json) -> list[Json]:
    return [each for each in rows if _known(each) not in cursor["seen"]]


def _again(rows: list[Json], last: dt.datetime) -> list[Json]:
    """What the next window will give once more."""
    return sorted(_known(each) for each in rows if each["last_updated_at"] >= last.strftime(_FORM))


def _clock(moment: dt.datetime, zone: str) -> dt.datetime:
    """What the helpdesk's clock shows, in whole minutes."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0, fold=0)
