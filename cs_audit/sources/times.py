"""Timestamps in text: which form a column has, proven from its values, and its conversion to UTC.

A form is found by its shape, never by trying parsers until one fits. Day-first and month-first dates look
the same; only a value like 29/2/2016 decides, so a column without one is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from cs_audit.errors import GuessError
from cs_audit.schedules.zones import zone
from cs_audit.worded import worded

if TYPE_CHECKING:
    from collections.abc import Iterable

Order = Literal["day-first", "month-first", "year-first"]

_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?P<rest>[a-z]*)"
_SHAPE = re.compile(
    r"(?P<weekday>[a-z]{3}, ?)?"
    r"(?:(?P<year1>\d{4})(?P<sep1>[-/.])\d{1,2}(?P=sep1)\d{1,2}"
    r"|(?P<a>\d{1,2})(?P<sep2>[-/.])(?P<b>\d{1,2})(?P=sep2)(?P<year2>\d{4}|\d{2})"
    r"|\d{1,2}(?P<sep3>[-/ ])" + _MONTH + r"(?P=sep3)(?P<year3>\d{4}|\d{2})"
    r"|" + _MONTH.replace("month", "month2").replace("rest", "rest2") + r" \d{1,2}(?P<comma>,?) (?P<year4>\d{4}))"
    r"(?P<join>T|,? )(?P<hour>\d{1,2}):\d{2}(?P<second>:\d{2})?(?P<fraction>[.]\d+)?"
    r"(?P<gap> ?)(?P<half>[ap]m)?(?P<space> ?)(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(\d{10})(\d{3})?(\.\d+)?")
FIRST_YEAR, LAST_YEAR = 1970, 2100
_EARLIEST, _LATEST = (
    pl.lit(dt.datetime(year, 1, 1, tzinfo=dt.UTC), pl.Datetime("us", "UTC")) for year in (FIRST_YEAR, LAST_YEAR + 1)
)
EPOCH_SECONDS, EPOCH_MILLIS = "epoch", "epoch-ms"
_SHORT_ZONE = "%z00"
_OFFSET_WIDTHS = {"%:z": 6, "%#z": 5}
"""How many characters an offset takes, with a colon and without."""
_OFFSETS = {
    f"{sign}{minutes // 60:02}{colon}{minutes % 60:02}": dt.timedelta(minutes=minutes if sign == "+" else -minutes)
    for sign in "+-"
    for colon in ("", ":")
    for minutes in range(0, 18 * 60 + 1, 15)
}
"""Every offset that clocks are set by, and how far it is ahead of UTC."""


@dataclass(frozen=True)
class Form:
    """One way of writing a timestamp: a strptime format, whether it carries its zone, and its date order if open."""

    format: str
    zoned: bool
    open_order: bool = False

    def ordered(self, order: Order | None) -> Form:
        """The form with its date order decided."""
        if not self.open_order or order is None:
            return self
        first, second = ("%d", "%m") if order == "day-first" else ("%m", "%d")
        return Form(self.format.replace("%1", first).replace("%2", second), self.zoned)


def form_of(text: str) -> Form | None:
    """The form of one value, or None if it is no timestamp with a date and a time of day."""
    if epoch := _EPOCH.fullmatch(text):
        return Form(EPOCH_MILLIS if epoch[2] else EPOCH_SECONDS, zoned=True)
    found = _SHAPE.fullmatch(text)
    if not found:
        return None
    part = found.groupdict()
    clock = ("%I" if part["half"] else "%H") + ":%M" + (":%S" if part["second"] else "")
    clock += ("%.f" if part["fraction"] else "") + (part["gap"] if part["half"] else "")
    clock += "%p" if part["half"] else ""
    gap = part["space"] if part["half"] else part["gap"] + part["space"]
    weekday = "%a, " if part["weekday"] else ""
    return Form(
        weekday + _date_format(part) + part["join"] + clock + gap + _zone_format(part["zone"]),
        zoned=bool(part["zone"]),
        open_order=bool(part["sep2"]),
    )


def _date_format(part: dict[str, str]) -> str:
    if part["year1"]:
        return part["sep1"].join(("%Y", "%m", "%d"))
    if part["sep2"]:
        return part["sep2"].join(("%1", "%2", _year(part["year2"])))
    if part["sep3"]:
        return part["sep3"].join(("%d", "%B" if part["rest"] else "%b", _year(part["year3"])))
    return ("%B" if part["rest2"] else "%b") + " %d" + part["comma"] + " %Y"


def _year(text: str) -> str:
    return "%Y" if len(text) == 4 else "%y"


def _zone_format(text: str | None) -> str:
    if not text:
        return ""
    if text[0] not in "+-":
        return text
    return {3: _SHORT_ZONE, 5: "%#z", 6: "%:z"}[len(text)]


@dataclass(frozen=True)
class TimeColumn:
    """How one column of timestamps is read: its forms, most frequent first, and the zone of values without one."""

    forms: tuple[Form, ...]
    timezone: str | None
    order: Order | None

    def read(self, raw: pl.Expr) -> pl.Expr:
        """Text to instants in UTC, of whatever year; null where no form fits or the local time is ambiguous or none."""
        return pl.coalesce([self._read(raw, form) for form in self.forms])

    def _read(self, raw: pl.Expr, form: Form) -> pl.Expr:
        """Like `_parse`, in a third of the time where an offset follows the wall time; null where that is unusual."""
        width = _OFFSET_WIDTHS.get(form.format[-3:])
        if width is None:
            return _parse(raw, form, self.timezone)
        wall = raw.str.head(-width).str.to_datetime(form.format[:-3], time_unit="us", strict=False, cache=False)
        offset = raw.str.tail(width).cast(pl.Enum(list(_OFFSETS)), strict=False).to_physical()
        ahead = pl.lit(pl.Series(list(_OFFSETS.values()), dtype=pl.Duration("us"))).gather(offset)
        return (wall - ahead).dt.replace_time_zone("UTC")

    def value(self, text: str) -> dt.datetime | None:
        """One value in UTC by any form there is (for values whose form the sample did not show)."""
        form = form_of(text.strip())
        if form is None or (not form.zoned and not self.timezone) or (form.open_order and not self.order):
            return None
        frame = pl.DataFrame({"raw": [text.strip()]})
        found = frame.select(within_reason(_parse(pl.col("raw"), form.ordered(self.order), self.timezone))).item()
        return found if isinstance(found, dt.datetime) else None

    def problem(self, text: str) -> str:
        """Why a value cannot be read, with both readings of an ambiguous local time."""
        form = form_of(text.strip())
        if form is None:
            return "is not a timestamp with a date and a time of day"
        if not form.zoned and not self.timezone:
            return "has no UTC offset, and no timezone is set"
        if not form.zoned:
            naive = TimeColumn(self.forms, "UTC", self.order).value(text)
            if naive:
                return _wall_problem(naive.replace(tzinfo=None), str(self.timezone))
        return f"is an impossible date or time, or outside the years {FIRST_YEAR} to {LAST_YEAR}"


def within_reason(times: pl.Expr) -> pl.Expr:
    """Times in years that calendars are made for; null in place of others, such as 0001 or 9999."""
    return pl.when(times.is_between(_EARLIEST, _LATEST, closed="left")).then(times)


def _wall_problem(naive: dt.datetime, timezone: str) -> str:
    readings = [naive.replace(tzinfo=zone(timezone), fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
    shown = " or ".join(f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in readings)
    if readings[0].astimezone(zone(timezone)).replace(tzinfo=None) != naive:
        return f"does not exist in {timezone}: clocks were put forward over it"
    return f"is ambiguous in {timezone}: it happened twice, at {shown}"


def _parse(raw: pl.Expr, form: Form, timezone: str | None) -> pl.Expr:
    if form.format in (EPOCH_SECONDS, EPOCH_MILLIS):
        scale = 1_000_000 if form.format == EPOCH_SECONDS else 1_000
        micros = (raw.cast(pl.Float64, strict=False) * scale).round().cast(pl.Int64)
        return pl.from_epoch(micros, "us").dt.replace_time_zone("UTC")
    if form.format.endswith(_SHORT_ZONE):
        return _parse(raw + "00", Form(form.format.removesuffix("00"), form.zoned), timezone)
    if form.format.endswith(("%z", *_OFFSET_WIDTHS)):
        zoned = form.format.replace("%:z", "%z").replace("%#z", "%z")
        return raw.str.to_datetime(zoned, time_unit="us", strict=False, cache=False).dt.convert_time_zone("UTC")
    naive = raw.str.to_datetime(form.format, time_unit="us", strict=False, cache=False)
    where = "UTC" if form.zoned else timezone or "UTC"
    if where == "UTC":
        return naive.dt.replace_time_zone("UTC")
    return naive.dt.replace_time_zone(where, ambiguous="null", non_existent="null").dt.convert_time_zone("UTC")


def detect(
    values: Iterable[str], *, timezone: str | None, order: Order | None, where: str
) -> tuple[tuple[Form, ...], bool]:
    """The forms among `values`, most frequent first, and whether their date order is still open.

    Raises:
        GuessError: no value is a timestamp, or some lack a UTC offset and no timezone is set.
    """
    texts = [text.strip() for text in values]
    shapes = Counter(form for form in map(form_of, texts) if form)
    if not shapes:
        none = worded("holds no timestamps with a date and a time of day")
        raise GuessError(
            worded("{none}, for example {example!r}", none=none, example=texts[0]) if texts else none,
            where=where,
            hint=worded("map the column that says when it happened; a duration or a bare date is no timestamp"),
        )
    naive = next((text for text in texts if (form := form_of(text)) and not form.zoned), None)
    if naive is not None and timezone is None:
        raise GuessError(
            worded("{naive!r} has no UTC offset, so its hour is unknown", naive=naive),
            where=where,
            hint=worded(
                'give the zone these times were written in: timezone = "Europe/Moscow" for the source, or --timezone'
            ),
        )
    forms = tuple(form.ordered(order) for form, _ in shapes.most_common())
    return forms, any(form.open_order for form in forms)


def decide_order(day_proofs: int, month_proofs: int, example: str, where: str) -> Order:
    """Day-first or month-first, by the number of values that can only be one of them.

    Raises:
        GuessError: none proves it, or they contradict each other.
    """
    hint = worded('say which it is: date_order = "day-first" or date_order = "month-first"')
    if day_proofs and month_proofs:
        raise GuessError(
            worded(
                "{day} dates can only be day first and {month} only month first", day=day_proofs, month=month_proofs
            ),
            where=where,
            hint=hint,
        )
    if not day_proofs and not month_proofs:
        raise GuessError(
            worded(
                "dates like {example!r} can be day first or month first, and no date of the column decides it",
                example=example,
            ),
            where=where,
            hint=hint,
        )
    return "day-first" if day_proofs else "month-first"


def order_proofs(raw: pl.Expr) -> list[pl.Expr]:
    """Counts of values whose first or second number passes 12."""
    numbers = raw.str.strip_chars().str.extract_groups(r"^(\d{1,2})[-/.](\d{1,2})[-/.]\d")
    first, second = (numbers.struct.field(name).cast(pl.UInt8, strict=False) for name in ("1", "2"))
    return [(first > 12).sum().alias("day"), (second > 12).sum().alias("month")]
