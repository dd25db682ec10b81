"""Omnidesk's lists: walls, seconds with more cases than a page, and lists that move while they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.lists import once
from cs_audit.sources.helpdesks.moments import mail

if TYPE_CHECKING:
    from cs_audit.sources.web.client import Client

Json = Any

CASES = "api/cases.json"
A_PAGE, CEILING = 100, 500
"""Entries of a page, and pages of a list."""

_WHOLE = {"show_active_chats": "true", "show_merged_cases": "true"}
_OVERLAP, _CROWDED = 1, 3
"""Seconds asked for again behind the last one seen, and of a window that is read whole."""


def listed(client: Client, path: str, key: str, **params: Any) -> Iterator[Json]:
    """All entries of a list whose order stands."""
    return once(_paged(client, path, key, params), f"{key}_id")


def _paged(client: Client, path: str, key: str, params: Mapping[str, Any]) -> Iterator[list[Json]]:
    taken = 0
    for page in count(1):
        rows, total = _rows(client.get(path, {"limit": A_PAGE, "page": page, **params}).json, key)
        yield rows
        taken += len(rows)
        if not rows or (taken >= total and len(rows) < A_PAGE):
            return


def changed(client: Client, cursor: Json) -> tuple[list[Json], Json]:
    """The cases of the next page that were not given yet, and where to go on."""
    since, seen = cursor["from"], {tuple(each) for each in cursor["seen"]}
    rows, total = _cases(client, from_updated_time=since, sort="updated_at_asc", page=1)
    last = max((_second(each["updated_at"]) for each in rows), default=since)
    fresh = [each for each in rows if _known(each) not in seen]
    onward = {
        "from": last - _OVERLAP,
        "seen": sorted(_known(each) for each in rows if _known(each)[1] >= last - _OVERLAP),
    }
    if len(rows) >= total:
        return fresh, {**onward, "end": True}
    if last - _OVERLAP <= since:
        return [], {**cursor, "after": 0}
    return fresh, onward


def of_a_crowd(client: Client, cursor: Json) -> tuple[list[Json], Json]:
    """A page of the seconds that hold more than one, in order of ids."""
    crowd = sorted(_crowd(client, cursor["from"]), key=lambda each: int(each["case_id"]))
    seen = {tuple(each) for each in cursor["seen"]}
    left = [each for each in crowd if each["case_id"] > cursor["after"] and _known(each) not in seen]
    if len(left) > A_PAGE:
        return left[:A_PAGE], {**cursor, "after": left[A_PAGE - 1]["case_id"]}
    return left, {"from": cursor["from"] + _CROWDED - _OVERLAP, "seen": []}


def _crowd(client: Client, since: int) -> Iterable[Json]:
    """All cases last changed within a few seconds, by time of creation; begun anew if some of them change meanwhile.

    Raises:
        ValueError: more of them were created in one second than the list has room for, or it ends too soon.
    """
    held: dict[int, Json] = {}
    created, page, taken, expected = None, 1, 0, None
    while True:
        rows, total = _cases(
            client, from_updated_time=since, to_updated_time=since + _CROWDED, from_time=created,
            sort="created_at_asc", page=page,
        )  # fmt: skip
        if expected is not None and total != expected:
            created, page, taken, expected = None, 1, 0, None
            continue
        held |= {each["case_id"]: each for each in rows}
        taken, page, expected = taken + len(rows), page + 1, total
        if taken >= total:
            return held.values()
        if not rows:
            raise ValueError(f"{total} cases of a second are counted and {taken} listed")
        if page > CEILING:
            newest = max(_second(each["created_at"]) for each in rows) - _OVERLAP
            if created is not None and newest <= created:
                raise ValueError("more cases of one second than the list shows")
            created, page, taken, expected = newest, 1, 0, None


def _cases(client: Client, **params: Any) -> tuple[list[Json], int]:
    return _rows(client.get(CASES, {**_WHOLE, "limit": A_PAGE, **params}).json, "case")


def _rows(reply: Json, key: str) -> tuple[list[Json], int]:
    """The entries of a list that is an object with numbers for keys, and how many there are in all."""
    if reply == []:
        return [], 0
    numbers = sorted((each for each in reply if each.isdigit()), key=int)
    return [reply[each][key] for each in numbers], int(reply["total_count"])


def _second(text: str) -> int:
    return int(mail(text).timestamp())


def _known(case: Json) -> tuple[int, int]:
    return case["case_id"], _second(case["updated_at"])
