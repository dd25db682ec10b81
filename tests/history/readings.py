"""What either reading found, in one form: rows of the whole table."""

from typing import Any

from history.histories import Event

from cs_audit.history import columnar, plain


def plain_reading(found: plain.Spans | plain.Marks, offset: int) -> list[Any]:
    """Waits or marks of one ticket, with rows of the whole table."""
    if isinstance(found, plain.Marks):
        return [row + offset for row in found.rows]
    return [
        (each.start + offset, _moved(each.end, offset), _moved(each.left, offset), each.reason) for each in found.found
    ]


def _moved(row: int | None, offset: int) -> int | None:
    return None if row is None else row + offset


def columnar_reading(found: columnar.Spans | columnar.Marks) -> list[Any]:
    """Waits or marks of all tickets."""
    if isinstance(found, columnar.Marks):
        return found.rows.tolist()
    never = found.tickets.never
    rows = zip(found.start.tolist(), found.end.tolist(), found.left.tolist(), found.reason.tolist(), strict=True)
    return [
        (start, None if end == never else end, None if left == never else left, found.reasons[reason])
        for start, end, left, reason in rows
    ]


def offsets(tickets: list[list[Event]]) -> list[int]:
    """The first row of each ticket in the whole table."""
    return [sum(map(len, tickets[:place])) for place in range(len(tickets))]
