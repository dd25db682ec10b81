"""Request Tracker's searches: in the order of ids, gone on with by `id > last` until a page is empty.

For users who are not superusers Request Tracker drops what they may not see after it cut the pages, and tells no total:
a short page is not the last one. Pages have 100 entries at most, whatever is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cs_audit.sources.web.pages import shrinking

if TYPE_CHECKING:
    from cs_audit.sources.web.client import Client

Json = Any
Limit = dict[str, Any]
"""One condition of a JSON search."""

API, MOST = "REST/2.0", 100
_LEAST = 5


def limit(field: str, operator: str, value: Any, **more: str) -> Limit:
    """A condition; those of one field are joined by AND, or as `entry_aggregator` says."""
    return {"field": field, "operator": operator, "value": value, **more}


OF_TICKETS = limit("ObjectType", "=", "RT::Ticket")


def searched(limits: Sequence[Limit]) -> Callable[[int], str]:
    """The query of a JSON search after an id."""
    return lambda last: json.dumps([*limits, limit("id", ">", last)], separators=(",", ":"))


def listed(
    client: Client, path: str, asked: Callable[[int], str], shown: Mapping[str, Any], after: int = 0, size: int = MOST
) -> Iterator[list[Json]]:
    """What a search finds, a page at a time.

    Args:
        client: of the source.
        path: what is searched.
        asked: its query after an id.
        shown: which fields are wanted.
        after: the last id that is known already.
        size: entries of a page to begin with.

    Raises:
        ValueError: the answer does not go on after that id.
    """
    while True:

        def read(per_page: int, shrinkable: bool, last: int = after) -> Json:  # noqa: FBT001 - as `shrinking` calls it
            params = {"query": asked(last), "orderby": "id", "order": "ASC", "per_page": per_page, **shown}
            return client.get(f"{API}/{path}", params, shrinkable=shrinkable).json

        reply, size = shrinking(read, size, _LEAST)
        found = sorted(reply["items"], key=lambda each: int(each["id"]))
        if not found:
            return
        if int(found[0]["id"]) <= after:
            raise ValueError(f"{path} after {after} begins with {found[0]['id']}")
        after = int(found[-1]["id"])
        yield found


def found(client: Client, path: str, limits: Sequence[Limit], shown: Mapping[str, Any]) -> list[Json]:
    """All that a JSON search finds."""
    return [each for page in listed(client, path, searched(limits), shown) for each in page]
