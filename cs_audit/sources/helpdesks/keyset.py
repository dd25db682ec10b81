"""Reading a list that moves while it is read: not by its pages, but from the last time seen on.

Such a list is sorted by a time, ascending, and can be asked for what is not older than some time. Each request goes on
one second before the last time seen and leaves out what it was given before, so nothing depends on page numbers. Only
within an instant of more entries than a page they are needed; there the pages are read again until nothing new comes,
since entries that leave push others from a page not yet read to one that was.

A place in such a list is a JSON value: the name of the list, since when it is asked, the page, what was seen since
then, and whether the pages are to be read again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cs_audit.sources.helpdesks.moments import asked, iso

Json = Any

Mark = tuple[int | str, str]
"""An entry: its id and its time, in the form of `asked`."""

_SECOND = dt.timedelta(seconds=1)


def begin(name: str, since: dt.datetime) -> Json:
    """The first place of a list."""
    return {"list": name, "since": asked(since), "page": 1, "seen": [], "again": False}


def new(place: Json, marks: Sequence[Mark]) -> list[bool]:
    """Which entries of a page were not given before."""
    seen = {tuple(each) for each in place["seen"]}
    return [each not in seen for each in marks]


def onward(place: Json, marks: Sequence[Mark], now: dt.datetime, *, more: bool) -> Json | None:
    """Where to go on after a page, None at the end: no more pages, or entries that are newer than the run."""
    fresh = any(new(place, marks))
    last = max((time for _, time in marks), default=place["since"])
    since = asked(iso(last) - _SECOND)
    seen = sorted({*(tuple(each) for each in place["seen"]), *marks}, key=lambda each: (each[1], str(each[0])))
    known = [list(each) for each in seen]
    again = place["again"] or (place["page"] > 1 and fresh)
    if more and since <= place["since"]:
        return {**place, "page": place["page"] + 1, "seen": known, "again": again}
    if again:
        return {**place, "page": 1, "seen": known, "again": False}
    if more and iso(last) <= now:
        recent = [each for each in known if each[1] >= since]
        return {**place, "since": since, "page": 1, "seen": recent, "again": False}
    return None
