"""Tickets of a running Request Tracker: at each moment it set a due time, the whole chain sets the same."""

import datetime as dt
from typing import Any

import pytest
from audit.desk import bench_of, frame_of, heard, standard_of
from schedules.request_tracker import PATH, YEARS, rt, rt_clock, rt_schedule
from schedules.walk import instants, micros

from cs_audit.audit.standard import Target

pytestmark = pytest.mark.skipif(not PATH.is_file(), reason=f"the tickets are not beside the repository ({PATH})")

HOUR = 3_600_000_000
STATUS = {"new": "new", "open": "open", "stalled": "on_hold", "resolved": "solved", "rejected": "closed"}
TARGETS = {
    "standard": {"next_reply": Target(HOUR)},
    "us": {"next_reply": Target(HOUR)},
    "resolve8h": {"resolution": Target(8 * HOUR)},
    "hold": {"resolution": Target(8 * HOUR, pause=("on_hold",))},
}
Ticket = dict[str, Any]


def events_of(ticket: Ticket, as_of: str) -> list[dict[str, Any]]:
    said = {"public": True, "automatic": False, "kind": "message"}
    rows = [{"at": ticket["created"], "kind": "other", "author": "system", "status": "new"}]
    rows += [{"at": at, "author": "requester", **said} for at in ticket["customer_messages"]]
    rows += [{"at": at, "author": "agent", **said} for at in ticket["public_agent_replies"]]
    rows += [
        {"at": at, "kind": "status", "author": "agent", "status": STATUS[status]}
        for at, _, status in ticket["status_changes"]
    ]
    known = sorted((row for row in rows if row["at"] <= as_of), key=lambda row: row["at"])
    empty = dict.fromkeys(("public", "automatic", "status"))
    return [
        {
            **empty,
            **{name: value for name, value in row.items() if name != "at"},
            "ticket": "T",
            "row": place,
            "seq": None,
            "occurred_at": dt.datetime.fromisoformat(row["at"]),
        }
        for place, row in enumerate(known)
    ]


def due_at(ticket: Ticket, as_of: str) -> int | None:
    """The due instant of the ticket's open wait, as of an instant."""
    office = rt_schedule(ticket["calendar"])
    bench = bench_of(standard_of(TARGETS[ticket["sla"]], office), dt.datetime.fromisoformat(as_of), years=YEARS)
    rows = heard(frame_of(events_of(ticket, as_of)), bench)[0].rows()
    still = [row["due_at"] for row in rows if row["ended_at"] is None and row["began_at"] is not None]
    return next(iter(still), None)


def same(ticket: Ticket, ours: int | None, theirs: int | None) -> bool:
    """Equal, or with no working time between (Request Tracker's is the next opening where ours is the closing)."""
    if ours is None or theirs is None:
        return ours is theirs
    low, high = rt_clock(ticket["calendar"]).worked(0, instants(ours, theirs))
    return bool(low == high)


def pauses_before(ticket: Ticket, at: str) -> int:
    """Pauses that are over: Request Tracker counts each a second too long."""
    over = [when for when, old, _ in ticket["status_changes"] if old == "stalled" and when <= at]
    return len(over)


@pytest.mark.parametrize("kind", ["live_tickets", "pauses"])
def test_every_due_time_request_tracker_ever_set_is_ours(kind: str) -> None:
    tickets = rt()[kind]
    compared = 0
    for ticket in tickets:
        for at, due in ticket["rt_due_history"]:
            theirs = due and micros(due)
            if theirs and kind == "pauses" and ticket["rt_seconds_too_many"]:
                theirs -= pauses_before(ticket, at) * 1_000_000
            assert same(ticket, due_at(ticket, at), theirs), (ticket["key"], at, due)
            compared += 1
    assert compared == sum(len(ticket["rt_due_history"]) for ticket in tickets) > 20


def test_a_ticket_that_an_agent_created_has_no_due_time_in_either() -> None:
    (ticket,) = [each for each in rt()["live_tickets"] if each["key"] == "agent-creates-by-phone"]
    assert ticket["rt_due_history"] == []
    assert due_at(ticket, ticket["created"]) is None
