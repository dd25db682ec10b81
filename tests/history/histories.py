"""Generated tickets: whatever may stand in an event table, with many events of one instant."""

import datetime as dt
from collections.abc import Iterable
from itertools import product
from typing import Any

from hypothesis import strategies as st

from cs_audit.events import AUTHORS, STATUSES

LABELS = (
    "apology",
    "explanation",
    "complaint",
    "asks_why",
    "placeholder",
    "refusal",
    "alternative",
    "moved_away",
    "answered_elsewhere",
    "repeats",
    "rude",
    "dismissive",
)
START = dt.datetime(2024, 3, 4, 8, tzinfo=dt.UTC)
"""A Monday."""

Event = dict[str, Any]


def shape(
    kind: str,
    author: str | None = "agent",
    *,
    public: bool | None = True,
    automatic: bool | None = False,
    status: str | None = None,
    answered: bool | None = None,
    direction: str | None = None,
    voicemail: bool | None = None,
    waited: float | None = None,
    team: str | None = None,
    says: str = "",
) -> Event:
    """An event without its ticket and time."""
    return {
        "kind": kind,
        "author": author,
        "public": public,
        "automatic": automatic,
        "automatic_reason": "phrase" if automatic and author == "agent" else None,
        "status": status,
        "answered": answered,
        "direction": direction,
        "voicemail": voicemail,
        "waited_seconds": waited,
        "team": team,
        **{f"says_{label}": label in says.split() for label in LABELS},
        "asks_phone": "asks_phone" in says,
        "gives_phone": "gives_phone" in says,
    }


ASKED, ANSWERED = shape("message", "requester"), shape("message")
NOTE, MACHINE = shape("message", public=False), shape("message", "system", automatic=True)
CREATED = shape("other", "system", status="new")

_USUAL = [ASKED, ANSWERED, NOTE, MACHINE, CREATED, shape("call", answered=True)] + [
    shape("status", status=status) for status in STATUSES
]
_TEAMS = [shape("team", author, team=team) for author in ("agent", "bot") for team in ("first", "second", None)]
_CALLS = [
    shape("call", "requester", direction="inbound", answered=answered, voicemail=voicemail, waited=waited)
    for answered, voicemail, waited in product((True, False, None), (True, False, None), (None, 0, 12.5, 4000))
]
_UNUSUAL = [
    *(
        shape("message", author, public=public, automatic=automatic)
        for author, public, automatic in product((*AUTHORS, None), (True, False, None), (True, False, None))
    ),
    *(shape("call", author, answered=answered) for author, answered in product(AUTHORS, (True, False, None))),
    *(shape("other", "system", status=status) for status in (*STATUSES, None)),
    *(shape("status", author, status=status) for author, status in product(AUTHORS, (*STATUSES, None))),
    *(shape(kind, "agent") for kind in ("priority", "assignment", "team", "rating", "merge", "deleted")),
    shape("message", team="second"),
    *(shape("message", author, says=label) for author in ("agent", "requester") for label in LABELS),
    shape("message", says="refusal alternative"),
    *(
        shape("message", author, says=f"{verb}_phone")
        for author in ("agent", "requester")
        for verb in ("asks", "gives")
    ),
    shape("message", says="placeholder apology"),
    shape("status", status="solved", team="first"),
    shape("assignment", "bot"),
]
SHAPES = [ASKED, ANSWERED] * 24 + _USUAL * 8 + _TEAMS * 4 + _CALLS + _UNUSUAL
GAPS = [0, 0, 0, 1, 60, 1800, 3599, 3600, 3601, 50_000, 200_000]
"""Seconds since the event before; many are of one instant."""


def _ordered(events: Iterable[Event]) -> list[Event]:
    """By time, the source's number (nothing before any) and row, as sources put them in order."""
    return sorted(
        events, key=lambda each: (each["occurred_at"], each["seq"] is not None, each["seq"] or 0, each["row"])
    )


def _ticket(name: str, drawn: list[tuple[int, int, int]], row: int) -> list[Event]:
    moment = START
    events = []
    for place, (look, gap, seq) in enumerate(drawn):
        moment += dt.timedelta(seconds=GAPS[gap])
        own = {"ticket": name, "row": row + place, "seq": seq if seq >= 0 else None, "occurred_at": moment}
        events.append(own | SHAPES[look])
    return _ordered(events)


def _tickets(drawn: list[list[tuple[int, int, int]]]) -> list[list[Event]]:
    found: list[list[Event]] = []
    for number, each in enumerate(drawn):
        found.append(_ticket(f"T{number}", each, sum(map(len, found))))
    return found


_EVENT = st.tuples(st.integers(0, len(SHAPES) - 1), st.integers(0, len(GAPS) - 1), st.integers(-1, 3))

histories = st.lists(st.lists(_EVENT, min_size=1, max_size=9), min_size=1, max_size=4).map(_tickets)
"""Several tickets in order, each a list of events in order."""


def flat(tickets: Iterable[list[Event]]) -> list[Event]:
    """The events of all tickets, one after the other."""
    return [event for ticket in tickets for event in ticket]
