"""The language rules are written in: histories, spans and marks.

A rule is a function of one `History`. It has two readings of the same verbs: `columnar.Tickets` runs it
over millions of tickets at once, `plain.Ticket` over one ticket as a list. A *moment* is when something
happened, or never; rules hand moments from verb to verb and never look inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import datetime as dt

    from cs_audit.events import EventKind

Fate = Literal["achieved", "breached", "not_judged"]
"""What a wait that was left counts as."""


class Moment(Protocol):
    """When something happened in a history, or never."""


class Marks(Protocol):
    """Events worth pointing at; `a | b` are all of both, each once. Each may name an earlier event it follows from."""

    def __or__(self, other: Marks) -> Marks: ...

    def retold(self) -> Marks:
        """Only the messages that tell again what an earlier one told (see `retellings`); they follow from that one."""


class Spans(Protocol):
    """Waits: each has a start and, once over, an end; it may be left without an answer.

    A wait that was left is late if its limit had passed by then, else not judged, for the reason it was left.
    """

    def first(self, *, unless: EventKind, reason: str) -> Spans:
        """Only the first span of each ticket; not judged for `reason` where an `unless` came before it."""

    def hidden_by(self, kind: EventKind, reason: str) -> Spans:
        """Open spans of a ticket that has a `kind` are not judged, for `reason`: their end exists, unseen."""

    def cut(self, kind: EventKind, reason: str) -> Spans:
        """Spans in which a `kind` happens, or at whose end it does, are left there for `reason`."""

    def outside(self, gaps: Spans) -> Spans:
        """The same spans, whose clock stands still during `gaps`."""

    def ended_by(self, kind: EventKind) -> Spans:
        """Only the spans at the instant of whose end a `kind` happens."""

    def longer_than(self, length: dt.timedelta) -> Spans:
        """Only the spans that took more than `length` of calendar time, or have lasted so long by now."""

    def left_for(self, reason: str, *, at: EventKind | None = None) -> Spans:
        """The reason of the spans that were left, or of those left at an `at`."""

    def when_left(self, late: Fate, timely: Fate) -> Spans:
        """What the spans that were left count as: if their limit had passed by then, and if not."""

    def holding(self, kind: EventKind) -> Spans:
        """Only the spans inside which a `kind` happens."""

    def starts(self) -> Marks:
        """Where the spans began."""

    def moved(self, kind: EventKind, column: str, *, within: dt.timedelta) -> Marks:
        """The first `kind` inside each turn with another value of `column` than the event that began it, from which it
        follows, if it happens later, `within` so much calendar time. Of an event without a value nothing is known.
        """

    def starts_of_left(self) -> Marks:
        """Where the spans began that were left."""

    def starts_of_open(self) -> Marks:
        """Where the spans began that are neither over nor left."""

    def ends(self, *, within: dt.timedelta | None = None) -> Marks:
        """Where the spans ended, or only those that ended `within` so much calendar time."""

    def unanswered(self) -> Marks:
        """Where the spans were left without an answer."""

    def nth(self, number: int) -> Marks:
        """Where the span of this number began in each ticket, the first being 1."""

    def outlast(self, kind: EventKind, *, by: dt.timedelta) -> Marks:
        """The first `kind` inside each span that went on for more than `by` calendar time after it."""


class History(Protocol):
    """Events of one ticket, oldest first; or, where a rule has another scope, of one requester or channel."""

    def first(self, kind: EventKind) -> Moment:
        """The first `kind`."""

    def opening(self, kind: EventKind) -> Moment:
        """The first `kind`, else the first event at all."""

    def settled(self, done: EventKind, undone: EventKind) -> Moment:
        """The first `done` after the last `undone`: when it was done for good, or never."""

    def span(self, start: Moment, end: Moment) -> Spans:
        """The wait from `start` to `end`; none where it never started."""

    def turns(self, opens: EventKind, closes: EventKind, stops: EventKind | None = None) -> Spans:
        """Every wait from the first unanswered `opens` to the next `closes`.

        `stops` ends a wait without answer: the wait is *left* there, if no `closes` follows before the next
        wait; an `opens` after `stops` begins a new wait.
        """

    def rounds(self, kind: EventKind, stops: EventKind, resumes: EventKind) -> Spans:
        """Every wait from one `kind` to the next while the ticket is in work.

        It is in work from its first event; `stops` ends that and leaves the wait, `resumes` begins it again.
        """

    def stays(self, column: str, stops: EventKind, resumes: EventKind) -> Spans:
        """Every stretch in which `column` keeps the value last said, while the ticket is in work (see `rounds`)."""

    def lasting(self, kind: EventKind, seconds: str, *, done: EventKind, unknown: str) -> Spans:
        """Every `kind` as a wait that took as many `seconds` as that column says; left where it is no `done`.

        A `done` without the number is not judged, for the reason `unknown`.
        """

    def promises(self, *, kept_by: EventKind) -> Spans:
        """Every dated promise (column `promised`, a list of deadlines) as a wait to the first `kept_by` after it, which
        is due when the promise says.
        """

    def each(self, kind: EventKind) -> Marks:
        """Every `kind`."""

    def newcomers(self, kind: EventKind, column: str, *, unless: EventKind) -> Marks:
        """The first `kind` of each value of `column` but the very first one, without those that are `unless`."""

    def later(self, kind: EventKind, *, than: Moment) -> Marks:
        """Every `kind` after the event of a moment."""

    def earlier(self, kind: EventKind, *, than: Moment, though_listed_later: bool = False) -> Marks:
        """Every `kind` at an earlier time than a moment; with `though_listed_later`, only those the source
        numbers after it.
        """


__all__ = ["Fate", "History", "Marks", "Moment", "Spans"]
