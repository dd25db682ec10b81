"""Named kinds of event: each line is one definition, readable by a frame and by a person."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

ANY = ...
"""Stands for any value but null."""

Test = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class EventKind:
    """A test on one event: any of `alternatives`, each being columns with their wanted values, and none of `excepted`.

    A wanted value is one value, a tuple of values, or `ANY`. A null passes no test.
    """

    alternatives: tuple[Test, ...]
    excepted: tuple[Test, ...] = ()

    @property
    def expr(self) -> pl.Expr:
        """The test as a Polars expression; never null."""
        wanted = _any_of(self.alternatives)
        return wanted & ~_any_of(self.excepted) if self.excepted else wanted

    @property
    def columns(self) -> set[str]:
        """The columns the test looks at."""
        return {column for test in self.alternatives + self.excepted for column, _ in test}

    def matches(self, event: Mapping[str, Any]) -> bool:
        """The same test on one event as a mapping."""
        return _matches_any(self.alternatives, event) and not _matches_any(self.excepted, event)

    def __or__(self, other: EventKind) -> EventKind:
        if self.excepted or other.excepted:
            raise ValueError("name the exception after the alternatives: (one | other).but(...)")
        return EventKind(self.alternatives + other.alternatives)

    def but(self, **unwanted: Any) -> EventKind:
        """These events without those that have the `unwanted` values."""
        return EventKind(self.alternatives, (*self.excepted, tuple(unwanted.items())))


def _any_of(tests: tuple[Test, ...]) -> pl.Expr:
    if () in tests or not tests:
        return pl.lit(value=bool(tests))
    return reduce(operator.or_, (_all_of(test) for test in tests))


def _matches_any(tests: tuple[Test, ...], event: Mapping[str, Any]) -> bool:
    return any(all(_passes(event.get(column), wanted) for column, wanted in test) for test in tests)


def _all_of(test: Test) -> pl.Expr:
    return reduce(operator.and_, (_is(pl.col(column), wanted) for column, wanted in test)).fill_null(value=False)


def _is(column: pl.Expr, wanted: Any) -> pl.Expr:
    if wanted is ANY:
        return column.is_not_null()
    if isinstance(wanted, bool):
        return column if wanted else ~column
    found: pl.Expr = reduce(
        operator.or_, (column == value for value in (wanted if isinstance(wanted, tuple) else (wanted,)))
    )
    return found


def _passes(value: Any, wanted: Any) -> bool:
    if wanted is ANY:
        return value is not None
    return value in wanted if isinstance(wanted, tuple) else value is not None and bool(value == wanted)


def event(**wanted: Any) -> EventKind:
    """The kind of event whose columns have the `wanted` values."""
    return EventKind((tuple(wanted.items()),))


anything = event()
nothing = EventKind(())

requester_message = event(kind="message", author="requester", public=True, automatic=False)
"""The requester asks: a message of his that he meant to send. Out-of-office mail starts no clock."""

agent_message = event(kind="message", author="agent", public=True, automatic=False)
"""A person writes what the requester can see."""

agent_reply = (
    agent_message
    | event(kind="call", author="agent", answered=True)
    | event(kind="call", direction="inbound", answered=True)
).but(kind="call", voicemail=True)
"""A person answers: a message the requester can see and no machine wrote, or a call that connected, whoever called.
In any channel."""

resolved = event(kind="status", status=("solved", "closed"))
"""The ticket is said to be done. Solved, then closed later, is one resolution: the first of the two."""

resolved_by_hand = resolved.but(author="bot")
"""The ticket is said to be done by anyone but a bot."""

unresolved = event(kind="status", status=("new", "open", "pending", "on_hold"))
"""The ticket is said to be in work."""

reopened_by_requester = event(kind="status", status=("new", "open", "pending", "on_hold"), author="requester")
"""The requester himself puts the ticket back to work."""

pending = event(kind="status", status="pending")
"""The ticket is said to wait for the requester."""

not_pending = event(kind="status", status=("new", "open", "on_hold", "solved", "closed"))
"""The ticket is said not to wait for the requester."""

opened = event(kind="other", status="new")
"""The ticket is created, where the source says when."""

solved_unseen = event(kind="other", status=("solved", "closed"))
"""The ticket is known to be done, but the source does not say since when."""

machine_by_its_words = event(kind="message", automatic_reason=("phrase", "burst", "clockwork"))
"""A message set aside for what it says or how often it was sent, not because the source marks it."""

automatic_message = event(kind="message", author=("agent", "bot", "system"), public=True, automatic=True)
"""A machine writes what the requester can see."""


def agent_says(label: str) -> EventKind:
    """A person of the agents' side writes what has this label (see `cs_audit.text.phrases`)."""
    return event(kind="message", author="agent", public=True, automatic=False, **{f"says_{label}": True})


def requester_says(label: str) -> EventKind:
    """The requester writes what has this label."""
    return event(kind="message", author="requester", public=True, automatic=False, **{f"says_{label}": True})


INFORMATION = (
    *("order_number", "ticket_number", "tracking_number", "phone", "email", "name", "address", "postcode"),
    *("screenshot", "photo", "receipt", "birth_date", "serial_number", "account_number", "tax_id", "passport"),
    *("purchase_date", "model", "version", "log"),
)
"""Kinds of information that agents ask for and requesters give (see `cs_audit.text.phrases.asks`)."""


def agent_asks_for(kind: str) -> EventKind:
    """An agent asks the requester for information of this kind."""
    return event(kind="message", author="agent", public=True, automatic=False, **{f"asks_{kind}": True})


def requester_gives(kind: str) -> EventKind:
    """The requester gives information of this kind."""
    return event(kind="message", author="requester", public=True, automatic=False, **{f"gives_{kind}": True})


low_rating = event(kind="rating", rated="low")
"""The requester is not satisfied: a score of at most two fifths of its scale."""

survey = event(kind="rating") | event(kind="message", public=True, says_asks_survey=True)
"""The requester is asked how he liked it, or says so."""

unstaffed_message = event(kind="message", author="requester", public=True, automatic=False, staffed=False)
"""The requester asks when nobody is at work."""

managed = event(account_manager=ANY)
"""Something happens with a requester who has an account manager of his own."""

said = event(kind=("message", "call"))
"""Something is said, by anybody, seen by anybody."""

manager_contact = event(kind="message", author="agent", public=True, automatic=False, by_manager=True) | event(
    kind="call", answered=True, by_manager=True
)
"""The account manager writes to his requester or is on the phone with him."""

ai_answer = event(kind="message", public=True, automatic_reason="ai_agent")
"""An AI agent answers the requester in full; no person does."""

unknown_author = event(kind="message", author="unknown")
"""A message whose author is neither known as requester nor as agent, bot or system."""

inbound_call = event(kind="call", direction="inbound")
"""The requester calls."""

answered_call = event(kind="call", direction="inbound", answered=True).but(voicemail=True)
"""A person took the requester's call."""

missed_call = event(kind="call", direction="inbound", answered=False).but(voicemail=True)
"""The requester called and nobody took the call."""

voicemail = event(kind="call", direction="inbound", voicemail=True)
"""The requester called, nobody took the call, and he left a message."""

lost_call = event(kind="call", direction="inbound", answered=False) | voicemail
"""The requester called and reached nobody."""

handed_to_people = event(kind=("assignment", "team"), author="bot")
"""A bot hands the requester over to people."""

merged = event(kind="merge")
"""The ticket ends here: it goes on in another one."""

deleted = event(kind="deleted")
"""The ticket, or some of what was said in it, was deleted."""
