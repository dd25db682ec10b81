"""What a helpdesk's file declares: where it is read, page by page, and how a ticket becomes events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from cs_audit.worded import NOTHING, Worded

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.web.auth import Credentials
    from cs_audit.sources.web.client import Client
    from cs_audit.sources.web.secret import Secret
    from cs_audit.sources.web.site import Site

Json = Any
Event = dict[str, Any]
"""Values of columns of events; `occurred_at` is an instant with a zone. `ticket`, `row` and `source` are added."""

Records = Mapping[str, Mapping[str, Json]]
"""What is not a ticket (users, groups, schedules ...), by kind and id."""

Version = int | str


class ExpiredCursorError(Exception):
    """The helpdesk no longer knows the cursor of an interrupted run; the run begins anew."""


@dataclass(frozen=True)
class Pulled:
    """One whole ticket as the helpdesk gave it: the ticket and everything that hangs on it.

    `version` grows with each change the helpdesk tells of: a number, or text whose order is that of time.
    """

    ticket: str
    version: Version
    payload: Json


@dataclass(frozen=True)
class Gone:
    """A ticket the helpdesk gives no more. Its `version` is that of its going, or None: the last one known."""

    ticket: str
    reason: Literal["deleted", "merged"]
    version: Version | None = None
    merged_into: str = ""


@dataclass(frozen=True)
class Page:
    """Some tickets, and where to go on: a JSON value from which the next page is asked for, whatever happens between.

    `expected` is the helpdesk's own number of all tickets, where it tells it.
    """

    cursor: Json
    tickets: Sequence[Pulled] = ()
    gone: Sequence[Gone] = ()
    expected: int | None = None

    @classmethod
    def of(cls, cursor: Json, found: Iterable[Pulled | Gone]) -> Self:
        """A page of tickets that are there or gone, as each was found."""
        every = list(found)
        there = [each for each in every if isinstance(each, Pulled)]
        return cls(cursor, there, [each for each in every if isinstance(each, Gone)])


@dataclass(frozen=True)
class Start:
    """From where a run goes on: the cursor of its last page, if it was interrupted, and since when changes are wanted
    (None: since ever). `now` is when the run began.
    """

    cursor: Json | None
    since: dt.datetime | None
    now: dt.datetime


@dataclass(frozen=True)
class Capability:
    """Something a helpdesk can give or not: what for, and why not, in words for people."""

    name: Worded
    there: bool
    note: Worded = NOTHING


@dataclass(frozen=True)
class Connector:
    """One helpdesk.

    Args:
        type: as the configuration writes it.
        title: as people call it.
        site: what it declares of its HTTP side.
        credentials: how the token is shown.
        records: everything that is not a ticket, as (kind, id, value); pulled anew in every run.
        pages: the tickets that changed, in pages. A ticket is given whole or not at all. The last page's cursor leads
            to an empty page. May raise ExpiredCursorError.
        normalise: the events of one ticket, from its payload and the records of its source. Pure: the same payload
            gives the same events. It raises KeyError, TypeError or ValueError for a payload it cannot read.
        sees: what its histories show (see `sources.sees`).
        lacks: what of that the histories of a source that is configured so do not show.
        managers: `account_manager` may name a field of the helpdesk that tells a requester's account manager.
        unseen: what they do not show, and why, for the report.
        reported: targets the helpdesk judges itself: columns `reported_TARGET` on a ticket's last event.
        due: targets whose promised times it tells: columns `due_TARGET` there.
        needs: keys of the source's table that must be given besides url and token.
        schedules: the helpdesk's own working hours as `[schedules]` tables by name, where it tells them.
        policies: its SLA policies as `[[policies]]` tables, where it tells them.
        capabilities: what this account can give, found by asking.
        withheld: how long before the run's beginning the helpdesk withholds what happened.
    """

    type: str
    title: str
    site: Callable[[str, HelpdeskSource], Site]
    credentials: Callable[[HelpdeskSource, Secret], Credentials]
    records: Callable[[Client, HelpdeskSource], Iterator[tuple[str, str, Json]]]
    pages: Callable[[Client, HelpdeskSource, Start], Iterator[Page]]
    normalise: Callable[[Json, Records, HelpdeskSource], Iterable[Event]]
    sees: frozenset[str]
    lacks: Callable[[HelpdeskSource], frozenset[str]] = lambda _: frozenset()
    managers: bool = False
    unseen: Mapping[str, str] = field(default_factory=dict)
    reported: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    schedules: Callable[[Records], Mapping[str, Json]] | None = None
    policies: Callable[[Records], Sequence[Json]] | None = None
    capabilities: Callable[[Client, HelpdeskSource], Iterator[Capability]] | None = None
    withheld: dt.timedelta = dt.timedelta()

    def shown(self, config: HelpdeskSource) -> frozenset[str]:
        """What the histories of a configured source show."""
        named = frozenset({"managers"} if config.account_manager and self.managers else ())
        return (self.sees | named) - self.lacks(config)
