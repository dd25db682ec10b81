"""How the dates of a file are meant: day or month first, and in which zone."""

from __future__ import annotations

from cs_audit.sources.headers import zone_in
from cs_audit.sources.supposed import Desk, quoted
from cs_audit.worded import verbatim, worded


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
        desk.guess.why["date_order"] = worded("{n} dates prove it, 0 contradict", n=max(day, month))
        return
    example, columns = next(text for text in desk.evidence.texts(open_headers[0])), quoted(open_headers)
    text = (
        worded(
            "{day} dates can only be day first and {month} only month first, in {columns}",
            day=day,
            month=month,
            columns=columns,
        )
        if day
        else worded(
            "dates like {example!r} in {columns} can be day first or month first, and none decides it",
            example=example,
            columns=columns,
        )
    )
    desk.guess.ask(text, worded('date_order = "day-first" or date_order = "month-first"'))


def _settle_zone(desk: Desk, headers: dict[str, str], timezone: str | None) -> None:
    naive = {header: text for header in headers.values() if (text := desk.evidence.naive(header)) is not None}
    if not naive:
        return
    said = {zone_in(header) for header in naive}
    if timezone:
        desk.guess.timezone, desk.guess.why["timezone"] = timezone, verbatim("--timezone")
    elif len(said) == 1 and None not in said:
        desk.guess.timezone, desk.guess.why["timezone"] = said.pop(), worded("the header says so")
    else:
        header, text = next(iter(naive.items()))
        desk.guess.ask(
            worded(
                "{text!r} in {column} has no UTC offset, so its hour is unknown", text=text, column=quoted([header])
            ),
            worded('timezone = "Europe/Moscow"'), option="--timezone Europe/Moscow",
        )  # fmt: skip
