"""Every verb of the language means the same in both readings, for any kinds of event."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from audit.desk import frame_of
from history.histories import Event, flat, histories
from history.readings import columnar_reading, offsets, plain_reading
from hypothesis import given
from hypothesis import strategies as st

from cs_audit import events
from cs_audit.events import ANY, EventKind, event
from cs_audit.history import columnar, plain

APART = (
    events.requester_message,
    events.agent_reply,
    events.resolved,
    events.unresolved,
    events.opened,
    events.unknown_author,
    event(kind=("priority", "team", "assignment")),
)
"""Kinds no event is two of."""

KINDS = (
    *APART,
    events.solved_unseen,
    events.resolved_by_hand,
    events.answered_call,
    events.missed_call,
    events.anything,
    events.opened | events.requester_message,
    event(status=ANY),
    event(public=False),
    event(author=("bot", "system"), automatic=True),
    event(answered=ANY, kind="call"),
    event(kind="rating"),
)

kinds = st.sampled_from(KINDS)
apart = st.permutations(APART).map(lambda order: order[:3])
lengths = st.none() | st.sampled_from([0, 1, 1800, 3600, 100_000]).map(lambda each: dt.timedelta(seconds=each))


def agree(tickets: list[list[Event]], verbs: Callable[[Any], Any]) -> None:
    """Both readings of `verbs`, which end in spans or marks, find the same."""
    expected = [
        each
        for ticket, offset in zip(tickets, offsets(tickets), strict=True)
        for each in plain_reading(verbs(plain.Ticket(ticket)), offset)
    ]
    assert columnar_reading(verbs(columnar.Tickets(frame_of(flat(tickets))))) == expected


@given(histories, kinds, kinds)
def test_first_to_first(tickets: list[list[Event]], one: EventKind, other: EventKind) -> None:
    agree(tickets, lambda ticket: ticket.span(ticket.first(one), ticket.first(other)))


@given(histories, kinds, kinds, kinds)
def test_opening_to_settled(tickets: list[list[Event]], one: EventKind, done: EventKind, undone: EventKind) -> None:
    agree(tickets, lambda ticket: ticket.span(ticket.opening(one), ticket.settled(done, undone)))


@given(histories, apart)
def test_turns(tickets: list[list[Event]], three: list[EventKind]) -> None:
    opens, closes, _ = three
    agree(tickets, lambda ticket: ticket.turns(opens=opens, closes=closes))


@given(histories, apart)
def test_turns_that_may_be_left(tickets: list[list[Event]], three: list[EventKind]) -> None:
    opens, closes, stops = three
    agree(tickets, lambda ticket: ticket.turns(opens=opens, closes=closes, stops=stops))


@given(histories, apart, kinds)
def test_first_turn_unless(tickets: list[list[Event]], three: list[EventKind], before: EventKind) -> None:
    agree(tickets, lambda ticket: ticket.turns(*three).first(unless=before, reason="told"))


@given(histories, apart, kinds, kinds)
def test_hidden_after_first(
    tickets: list[list[Event]], three: list[EventKind], before: EventKind, hidden: EventKind
) -> None:
    agree(tickets, lambda ticket: ticket.turns(*three).first(unless=before, reason="a").hidden_by(hidden, "b"))


@given(histories, apart)
def test_marks_of_turns(tickets: list[list[Event]], three: list[EventKind]) -> None:
    agree(tickets, lambda ticket: ticket.turns(*three).starts_of_open())
    agree(tickets, lambda ticket: ticket.turns(*three).unanswered())


@given(histories, apart, lengths)
def test_ends_of_turns(tickets: list[list[Event]], three: list[EventKind], within: dt.timedelta | None) -> None:
    agree(tickets, lambda ticket: ticket.turns(*three).ends(within=within))


@given(histories, apart)
def test_rounds(tickets: list[list[Event]], three: list[EventKind]) -> None:
    agree(tickets, lambda ticket: ticket.rounds(*three).left_for("told"))


@given(histories, apart, st.sampled_from(["team", "author", "channel_detail"]))
def test_stays(tickets: list[list[Event]], three: list[EventKind], column: str) -> None:
    agree(tickets, lambda ticket: ticket.stays(column, *three[:2]))


@given(histories, kinds, kinds, kinds)
def test_lasting(tickets: list[list[Event]], kind: EventKind, done: EventKind, at: EventKind) -> None:
    agree(
        tickets,
        lambda ticket: (
            ticket.lasting(kind, "waited_seconds", done=done, unknown="told").left_for("a").left_for("b", at=at)
        ),
    )


@given(histories, apart, kinds, kinds)
def test_cut(tickets: list[list[Event]], three: list[EventKind], one: EventKind, other: EventKind) -> None:
    agree(tickets, lambda ticket: ticket.turns(*three).first(unless=other, reason="told").cut(one, "cut"))
    agree(tickets, lambda ticket: ticket.turns(*three).left_for("left").cut(one, "cut").cut(other, "again"))


@given(histories, apart, kinds, lengths)
def test_gaps(tickets: list[list[Event]], three: list[EventKind], one: EventKind, length: dt.timedelta | None) -> None:
    opens, closes, stops = three
    more = length or dt.timedelta()
    agree(tickets, lambda ticket: ticket.turns(*three).ended_by(one).longer_than(more))
    agree(
        tickets,
        lambda ticket: (
            ticket.span(ticket.first(one), ticket.first(stops))
            .outside(ticket.turns(opens=opens, closes=closes))
            .outside(ticket.turns(opens=closes, closes=stops, stops=opens))
        ),
    )


@given(histories, apart, kinds, st.integers(1, 3))
def test_spans_that_hold_something_and_their_starts(
    tickets: list[list[Event]], three: list[EventKind], kind: EventKind, number: int
) -> None:
    agree(tickets, lambda ticket: ticket.turns(*three).holding(kind))
    agree(tickets, lambda ticket: ticket.turns(*three[:2]).holding(kind))
    agree(tickets, lambda ticket: ticket.turns(*three).starts_of_left())
    agree(tickets, lambda ticket: ticket.turns(*three).nth(number))


@given(histories, apart, kinds, lengths)
def test_outlast(tickets: list[list[Event]], three: list[EventKind], kind: EventKind, by: dt.timedelta | None) -> None:
    agree(tickets, lambda ticket: ticket.turns(*three[:2]).outlast(kind, by=by or dt.timedelta()))


@given(histories, kinds, kinds, st.booleans())
def test_each_and_earlier(tickets: list[list[Event]], kind: EventKind, than: EventKind, listed: bool) -> None:  # noqa: FBT001
    agree(tickets, lambda ticket: ticket.each(kind))
    agree(tickets, lambda ticket: ticket.earlier(kind, than=ticket.first(than), though_listed_later=listed))


@given(histories, kinds, kinds, kinds)
def test_later_and_both(tickets: list[list[Event]], kind: EventKind, than: EventKind, other: EventKind) -> None:
    agree(tickets, lambda ticket: ticket.later(kind, than=ticket.first(than)))
    agree(tickets, lambda ticket: ticket.each(kind) | ticket.later(other, than=ticket.first(than)))


@given(histories, kinds, kinds)
def test_a_kind_says_the_same_of_a_frame_and_of_an_event(
    tickets: list[list[Event]], kind: EventKind, other: EventKind
) -> None:
    joined = [] if kind.excepted or other.excepted else [kind | other]
    for each in (kind, kind.but(author="bot"), *joined):
        told = frame_of(flat(tickets)).with_columns(told=each.expr)["told"].to_list()
        assert told == [each.matches(one) for one in flat(tickets)]
        assert each.columns <= flat(tickets)[0].keys()
