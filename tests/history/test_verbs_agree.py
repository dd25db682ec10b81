"""Every verb of the language means the same in both readings, for any kinds of event."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from audit.desk import frame_of
from history.histories import START, Event, flat, histories
from history.readings import columnar_reading, offsets, plain_reading
from hypothesis import given
from hypothesis import strategies as st

from cs_audit import events
from cs_audit.audit.moments import micros
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
nows = st.none() | st.sampled_from([0, 1800, 300_000]).map(lambda each: START + dt.timedelta(seconds=each))
lengths = st.none() | st.sampled_from([0, 1, 1800, 3600, 100_000]).map(lambda each: dt.timedelta(seconds=each))


def agree(tickets: list[list[Event]], verbs: Callable[[Any], Any], now: dt.datetime | None = None) -> None:
    """Both readings of `verbs`, which end in spans or marks, find the same."""
    expected = [
        each
        for ticket, offset in zip(tickets, offsets(tickets), strict=True)
        for each in plain_reading(verbs(plain.Ticket(ticket, now)), offset)
    ]
    known = None if now is None else micros(now)
    assert columnar_reading(verbs(columnar.Tickets(frame_of(flat(tickets)), now=known))) == expected


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


@given(histories, apart, kinds, lengths, nows)
def test_outlast(
    tickets: list[list[Event]],
    three: list[EventKind],
    kind: EventKind,
    by: dt.timedelta | None,
    now: dt.datetime | None,
) -> None:
    length = by or dt.timedelta()
    agree(tickets, lambda ticket: ticket.turns(*three[:2]).outlast(kind, by=length), now)
    agree(tickets, lambda ticket: ticket.turns(*three).longer_than(length).starts(), now)


@given(histories, apart, kinds, st.sampled_from(["team", "author", "channel_detail"]))
def test_moved(tickets: list[list[Event]], three: list[EventKind], kind: EventKind, column: str) -> None:
    for within in (dt.timedelta(), dt.timedelta(hours=1), dt.timedelta(days=9)):
        agree(tickets, partial(_moved, three, kind, column, within))


def _moved(three: list[EventKind], kind: EventKind, column: str, within: dt.timedelta, ticket: Any) -> Any:
    opens, closes, stops = three
    left = ticket.turns(opens, closes, stops).moved(kind, column, within=within)
    return left | ticket.turns(opens, closes).moved(kind, column, within=within) | ticket.each(stops)


@given(histories, kinds, kinds, st.sampled_from(["team", "author", "channel_detail"]))
def test_newcomers(tickets: list[list[Event]], kind: EventKind, unless: EventKind, column: str) -> None:
    agree(tickets, lambda ticket: ticket.newcomers(kind, column, unless=unless))


STORIES = (
    "My parcel 4583921 with the blue winter coat has not arrived at the pick-up point.",
    "Parcel 4583921, the blue winter coat, still has not arrived at my pick-up point!",
    "How do I change the password of my account?",
    "Тариф «Семейный» списал деньги дважды за один месяц.",
    None,
)


@given(histories, st.data())
def test_retold(tickets: list[list[Event]], data: st.DataObject) -> None:
    for each in flat(tickets):
        each["text"] = data.draw(st.sampled_from(STORIES))
        each["channel"] = data.draw(st.sampled_from(["email", "chat", None]))
    agree(tickets, lambda ticket: ticket.each(events.anything).retold())
    agree(tickets, lambda ticket: ticket.each(events.requester_message) | ticket.each(events.anything).retold())


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
