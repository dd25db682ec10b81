"""Which column is the ticket, which are times, and what one row of the file is."""

from __future__ import annotations

from cs_audit.config.toml import toml
from cs_audit.sources.headers import about_ticket, is_length, is_limit, zone_in
from cs_audit.sources.supposed import Desk, Rows, quoted
from cs_audit.sources.told import meaning_of

STAGES = ("first_reply_at", "solved_at", "closed_at")
_LONGEST_ID = 80
_LENGTH = "a length of time, no moment; it is recomputed here"
_LIMIT = "a promised time, not something that happened"


def find_ticket(desk: Desk) -> str | None:
    """Take the column of the ticket's number.

    Two columns that name tickets alike (a key and an internal number) are one; else it is a question.
    """
    fit = [each for each in desk.free("ticket") if _names_things(desk, each)]
    best = desk.best("ticket", fit)
    if not best:
        desk.guess.ask(
            f"no column holds the ticket's number; the file has {quoted(desk.evidence.columns[:40])}",
            'columns.ticket = "the column"',
            column="ticket",
        )
        return None
    others = [each for each in best[1:] if not desk.evidence.same(best[0], each)]
    if others:
        choices = [best[0], *others]
        desk.guess.ask(
            f"{quoted(choices)} could each be the ticket, and they differ",
            f"columns.ticket = {toml(best[0])}",
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
            desk.guess.leave(header, "it is empty, so it shows nothing")
        elif is_length(header) or (_named_time(desk, header) and desk.evidence.holds_lengths(header)):
            desk.guess.leave(header, _LENGTH)
        elif _named_time(desk, header):
            example = desk.evidence.texts(header)[0][:40]
            desk.guess.leave(header, f"no timestamps with a date and a time of day, for example {example!r}")


def _named_time(desk: Desk, header: str) -> bool:
    times = ("occurred_at", "created_at", "updated_at", *STAGES)
    return any(header == each for column in times for _, each in desk.found.get(column, ()))


def times_for(desk: Desk, column: str) -> list[str]:
    """Headers that may be `column` by name and hold timestamps."""
    return [each for each in desk.free(column) if desk.evidence.holds_times(each)]


def take_time(desk: Desk, column: str, fit: list[str], *, needed: str = "") -> None:
    """Take the best of `fit` as `column`; ask where two are as good and differ, or where there is none but `needed`."""
    best = desk.best(column, fit) or fit[:1]
    differing = [each for each in best[1:] if not desk.evidence.equal(best[0], each)]
    if differing:
        choices = quoted([best[0], *differing])
        answer = f"columns.{column} = {toml(best[0])}"
        desk.guess.ask(f"{choices} could each be {column}, and they differ", answer, column=column)
    elif best:
        desk.guess.take(column, best[0])
    elif needed:
        times = [each for each in desk.evidence.columns if desk.evidence.holds_times(each)]
        seen = f"; timestamps are in {quoted(times)}" if times else "; no column holds timestamps with a time of day"
        desk.guess.ask(f"{needed}{seen}", f'columns.{column} = "the column"', column=column)


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
    desk.guess.why["rows"] = f"{rows} rows, {tickets} tickets"
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
        f"{rows} rows tell of {tickets} tickets, and nothing says what a row is: no column says who wrote, and "
        + ("none says when the state was so" if status else "none holds a state"),
        'rows = "events", rows = "updates" or rows = "tickets"',
    )
    return None


def _one_row_each(*, created: bool, stages: bool, events: bool) -> Rows:
    return "tickets" if created and (stages or not events) else "events" if events else "tickets"


def _numbers_rows(desk: Desk, ticket: str, rows: int) -> bool:
    """Whether a bare `id` is another one in each of several rows that tell what somebody did; that is a question."""
    if rows < 2 or ticket.strip().lower() not in {"id", "_id", "uuid"}:
        return False
    desk.guess.ask(
        f"{quoted([ticket])} is another one in each of the {rows} rows, so it seems to number the rows and not the "
        "tickets (is this a list of people, or of messages?)",
        f'columns.ticket = "the column", or columns.ticket = {toml(ticket)} if each ticket has one row',
        column="ticket",
    )
    return True


def _plain_times(desk: Desk) -> list[str]:
    return [each for each in times_for(desk, "occurred_at") if not about_ticket(each)]


def take_times(desk: Desk, rows: Rows) -> None:
    """Take the times that rows of this shape have."""
    if rows == "tickets":
        take_time(desk, "created_at", times_for(desk, "created_at"), needed="no column says when a ticket was created")
        for column in STAGES:
            take_time(desk, column, times_for(desk, column))
        take_time(desk, "updated_at", times_for(desk, "updated_at"))
        return
    if rows == "updates":
        own = desk.best("occurred_at", _plain_times(desk))
        fit = times_for(desk, "updated_at") or own
        take_time(desk, "occurred_at", fit, needed="no column says when a ticket's state was so")
        for column in ("created_at", "solved_at", "closed_at"):
            take_time(desk, column, times_for(desk, column))
        return
    take_time(desk, "occurred_at", _event_times(desk), needed="no column says when something happened")


def _event_times(desk: Desk) -> list[str]:
    for column in ("occurred_at", "created_at", "updated_at"):
        fit = [each for each in times_for(desk, column) if not about_ticket(each) or column == "occurred_at"]
        if fit:
            return desk.best(column, fit)
    return times_for(desk, "created_at")


def settle_dates(desk: Desk, timezone: str | None) -> None:
    """The order of day and month, and the zone of times that tell none; a question where nothing proves them."""
    headers = {column: header for column, header in desk.guess.columns.items() if column.endswith("_at")}
    _settle_zone(desk, headers, timezone)
    open_headers = [each for each in headers.values() if any(form.open_order for form in desk.evidence.forms(each))]
    if not open_headers:
        return
    counts = [desk.evidence.order_counts(each) for each in open_headers]
    day, month = sum(each for each, _ in counts), sum(each for _, each in counts)
    if bool(day) != bool(month):
        desk.guess.date_order = "day-first" if day else "month-first"
        desk.guess.why["date_order"] = f"{max(day, month)} dates prove it, 0 contradict"
        return
    example = next(text for text in desk.evidence.texts(open_headers[0]))
    text = (
        f"{day} dates can only be day first and {month} only month first, in {quoted(open_headers)}"
        if day
        else f"dates like {example!r} in {quoted(open_headers)} can be day first or month first, and none decides it"
    )
    desk.guess.ask(text, 'date_order = "day-first" or date_order = "month-first"')


def _settle_zone(desk: Desk, headers: dict[str, str], timezone: str | None) -> None:
    naive = {header: text for header in headers.values() if (text := desk.evidence.naive(header)) is not None}
    if not naive:
        return
    said = {zone_in(header) for header in naive}
    if timezone:
        desk.guess.timezone, desk.guess.why["timezone"] = timezone, "--timezone"
    elif len(said) == 1 and None not in said:
        desk.guess.timezone, desk.guess.why["timezone"] = said.pop(), "the header says so"
    else:
        header, text = next(iter(naive.items()))
        desk.guess.ask(
            f"{text!r} in {quoted([header])} has no UTC offset, so its hour is unknown",
            'timezone = "Europe/Moscow"', option="--timezone Europe/Moscow",
        )  # fmt: skip
