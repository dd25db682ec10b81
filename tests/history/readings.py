"""What either reading found, in one form: rows of the whole table."""

from collections.abc import Iterable
from typing import Any

from history.histories import Event

from cs_audit.history import columnar, plain


def plain_reading(found: plain.Spans | plain.Marks, offset: int) -> list[Any]:
    """Waits or marks of one ticket, with rows of the whole table."""
    if isinstance(found, plain.Marks):
        return [(row + offset, _moved(found.causes.get(row), offset)) for row in found.rows]
    gaps = _merged((gap.start + offset, _stop(gap, found.ticket) + offset) for gap in found.gaps)
    return [
        (
            *(each.start + offset, _moved(each.end, offset), _moved(each.left, offset), each.reason),
            *((each.lasting and round(each.lasting.total_seconds() * 1_000_000)) or None, found.fates),
            [gap for gap in gaps if each.start + offset < gap[1]],
        )
        for each in found.found
    ]


def _stop(gap: plain.Span, ticket: plain.Ticket) -> int:
    return len(ticket.events) if gap.stop is None else gap.stop


def _merged(gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted({gap for gap in gaps if gap[0] < gap[1]})


def _moved(row: int | None, offset: int) -> int | None:
    return None if row is None else row + offset


def columnar_reading(found: columnar.Spans | columnar.Marks) -> list[Any]:
    """Waits or marks of all tickets."""
    if isinstance(found, columnar.Marks):
        causes = [-1] * len(found.rows) if found.causes is None else found.causes.tolist()
        return [(row, None if cause < 0 else cause) for row, cause in zip(found.rows.tolist(), causes, strict=True)]
    never = found.tickets.never
    lasting = [None] * len(found.start) if found.lasting is None else [each or None for each in found.lasting.tolist()]
    fields = (found.start.tolist(), found.end.tolist(), found.left.tolist(), found.reason.tolist(), lasting)
    return [
        (
            *(start, None if end == never else end, None if left == never else left, found.reasons[reason]),
            *(length, found.fates),
            _gaps_of(found, start),
        )
        for start, end, left, reason, length in zip(*fields, strict=True)
    ]


def _gaps_of(found: columnar.Spans, start: int) -> list[tuple[int, int]]:
    """The gaps of a wait's ticket that are not over when it begins."""
    tickets = found.tickets
    ours = tickets.owner[start]
    stop = int(tickets.stops[ours])
    gaps = (
        (a, min(b, stop)) for begins, ends in found.gaps for a, b in zip(begins.tolist(), ends.tolist(), strict=True)
    )
    return _merged(gap for gap in gaps if tickets.owner[gap[0]] == ours and start < gap[1])


def offsets(tickets: list[list[Event]]) -> list[int]:
    """The first row of each ticket in the whole table."""
    return [sum(map(len, tickets[:place])) for place in range(len(tickets))]
