"""Which column is the ticket, which are times, and what one row of the file is."""

from __future__ import annotations

from cs_audit.config.toml import toml
from cs_audit.sources.headers import about_ticket, is_length, is_limit
from cs_audit.sources.supposed import Desk, Rows, quoted
from cs_audit.sources.told import meaning_of
from cs_audit.worded import NOTHING, Worded, joined, verbatim, worded

STAGES = ("first_reply_at", "solved_at", "closed_at")
_LONGEST_ID = 80
_LENGTH = worded("a length of time, no moment; it is recomputed here")
_LIMIT = worded("a promised time, not something that happened")


def find_ticket(desk: Desk) -> str | None:
    """Take the column of the ticket's number.

    Two columns that name tickets alike (a key and an internal number) are one; else it is a question.
    """
    fit = [each for each in desk.free("ticket") if _names_things(desk, each)]
    best = desk.best("ticket", fit)
    if not best:
        desk.guess.ask(
            worded(
                "no column holds the ticket's number; the file has {columns}",
                columns=quoted(desk.evidence.columns[:40]),
            ),
            worded('columns.ticket = "the column"'),
            column="ticket",
        )
        return None
    others = [each for each in best[1:] if not desk.evidence.same(best[0], each)]
    if others:
        choices = [best[0], *others]
        desk.guess.ask(
            worded("{choices} could each be the ticket, and they differ", choices=quoted(choices)),
            worded("columns.ticket = {header}", header=toml(best[0])),
            column="ticket",
        )
        return None
    desk.guess.take("ticket", best[0])
    return best[0]


def _names_things(desk: Desk, header: str) -> bool:
    texts = desk.evidence.texts(header)
    short = all(len(text) <= _LONGEST_ID and "\n" not in text for text in texts)
    return bool(texts) and short and not desk.evidence.holds_times(header)


def note_unusable_times(desk: Desk) -> None:
    """Say why columns named like times are none: lengths of time, promised times, bare dates."""
    for header in desk.evidence.columns:
        if desk.evidence.holds_times(header):
            if is_limit(header):
                desk.guess.leave(header, _LIMIT)
        elif _named_time(desk, header) and not is_length(header) and desk.evidence.empty(header):
            desk.guess.leave(header, worded("it is empty, so it shows nothing"))
        elif is_length(header) or (_named_time(desk, header) and desk.evidence.holds_lengths(header)):
            desk.guess.leave(header, _LENGTH)
        elif _named_time(desk, header):
            example = desk.evidence.texts(header)[0][:40]
            desk.guess.leave(
                header, worded("no timestamps with a date and a time of day, for example {example!r}", example=example)
            )


def _named_time(desk: Desk, header: str) -> bool:
    times = ("occurred_at", "created_at", "updated_at", *STAGES)
    return any(header == each for column in times for _, each in desk.found.get(column, ()))


def times_for(desk: Desk, column: str) -> list[str]:
    """Headers that may be `column` by name and hold timestamps."""
    return [each for each in desk.free(column) if desk.evidence.holds_times(each)]


def take_time(desk: Desk, column: str, fit: list[str], *, needed: Worded = NOTHING) -> None:
    """Take the best of `fit` as `column`; ask where two are as good and differ, or where there is none but `needed`."""
    best = desk.best(column, fit) or fit[:1]
    differing = [each for each in best[1:] if not desk.evidence.equal(best[0], each)]
    if differing:
        choices = quoted([best[0], *differing])
        answer = verbatim(f"columns.{column} = {toml(best[0])}")
        desk.guess.ask(
            worded("{choices} could each be {column}, and they differ", choices=choices, column=column),
            answer,
            column=column,
        )
    elif best:
        desk.guess.take(column, best[0])
    elif needed:
        times = [each for each in desk.evidence.columns if desk.evidence.holds_times(each)]
        none = worded("no column holds timestamps with a time of day")
        seen = worded("timestamps are in {columns}", columns=quoted(times)) if times else none
        answer = worded('columns.{column} = "the column"', column=column)
        desk.guess.ask(joined([needed, seen], "; "), answer, column=column)


def tells_roles(desk: Desk) -> str | None:
    """The column whose words say who wrote, as a role."""
    for header in desk.free("author"):
        words = desk.evidence.words(header) or []
        if words and all(meaning_of("author", word) for word in words):
            return header
    return next((each for each in desk.free("author") if _mostly_roles(desk, each)), None)


def _mostly_roles(desk: Desk, header: str) -> bool:
    words = desk.evidence.words(header) or []
    known = sum(bool(meaning_of("author", word)) for word in words)
    return 2 * known >= len(words) > 0 and not any("@" in word for word in words)


def tells_kinds(desk: Desk) -> str | None:
    """The column whose words say what happened."""
    for header in desk.free("kind"):
        words = desk.evidence.words(header) or []
        known = [word for word in words if meaning_of("kind", word)]
        if known and (len(known) == len(words) or desk.rank("kind", header) == 0):
            return header
    return None


def row_shape(desk: Desk, ticket: str) -> Rows | None:
    """What one row is: an event, a state of a ticket, or a ticket; a question where it cannot be told."""
    rows, tickets = desk.evidence.rows_and_tickets(ticket)
    stages = [column for column in STAGES if times_for(desk, column)]
    events = tells_roles(desk) or tells_kinds(desk)
    created, updated = times_for(desk, "created_at"), [*times_for(desk, "updated_at"), *_plain_times(desk)]
    status = desk.free("status")
    desk.guess.why["rows"] = worded("{rows} rows, {tickets} tickets", rows=rows, tickets=tickets)
    if rows == tickets:
        shape = _one_row_each(created=bool(created), stages=bool(stages), events=bool(events))
        return None if shape == "events" and _numbers_rows(desk, ticket, rows) else shape
    if events or (desk.free("author_id") and desk.free("text")):
        return "events"
    if "first_reply_at" in stages and created and times_for(desk, "updated_at"):
        return "tickets"
    if status and updated:
        return "updates"
    desk.guess.ask(
        worded(
            "{rows} rows tell of {tickets} tickets, and nothing says what a row is: no column says who wrote, and "
            "{none}",
            rows=rows,
            tickets=tickets,
            none=worded("none says when the state was so") if status else worded("none holds a state"),
        ),
        worded('rows = "events", rows = "updates" or rows = "tickets"'),
    )
    return None


def _one_row_each(*, created: bool, stages: bool, events: bool) -> Rows:
    return "tickets" if created and (stages or not events) else "events" if events else "tickets"


def _numbers_rows(desk: Desk, ticket: str, rows: int) -> bool:
    """Whether a bare `id` is another one in each of several rows that tell what somebody did; that is a question."""
    if rows < 2 or ticket.strip().lower() not in {"id", "_id", "uuid"}:
        return False
    desk.guess.ask(
        worded(
            "{column} is another one in each of the {rows} rows, so it seems to number the rows and not the "
            "tickets (is this a list of people, or of messages?)",
            column=quoted([ticket]),
            rows=rows,
        ),
        worded(
            'columns.ticket = "the column", or columns.ticket = {header} if each ticket has one row',
            header=toml(ticket),
        ),
        column="ticket",
    )
    return True


def _plain_times(desk: Desk) -> list[str]:
    return [each for each in times_for(desk, "occurred_at") if not about_ticket(each)]


def take_times(desk: Desk, rows: Rows) -> None:
    """Take the times that rows of this shape have."""
    if rows == "tickets":
        take_time(
            desk, "created_at", times_for(desk, "created_at"), needed=worded("no column says when a ticket was created")
        )
        for column in STAGES:
            take_time(desk, column, times_for(desk, column))
        take_time(desk, "updated_at", times_for(desk, "updated_at"))
        return
    if rows == "updates":
        own = desk.best("occurred_at", _plain_times(desk))
        fit = times_for(desk, "updated_at") or own
        take_time(desk, "occurred_at", fit, needed=worded("no column says when a ticket's state was so"))
        for column in ("created_at", "solved_at", "closed_at"):
            take_time(desk, column, times_for(desk, column))
        return
    take_time(desk, "occurred_at", _event_times(desk), needed=worded("no column says when something happened"))


def _event_times(desk: Desk) -> list[str]:
    for column in ("occurred_at", "created_at", "updated_at"):
        fit = [each for each in times_for(desk, column) if not about_ticket(each) or column == "occurred_at"]
        if fit:
            return desk.best(column, fit)
    return times_for(desk, "created_at")
