"""Named sets of holidays, and files of them, as dates; a year without data is an error, never a guess."""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from cs_audit.errors import ConfigError, HolidayError
from cs_audit.worded import worded

_MADE_UP = "has_substituted_holidays"


@dataclass(frozen=True)
class Calendar:
    """Dates that are off, with their names, and weekend days officially worked, with the date whose hours they keep."""

    off: dict[dt.date, str] = field(default_factory=dict)
    worked: dict[dt.date, dt.date] = field(default_factory=dict)

    def __or__(self, other: Calendar) -> Calendar:
        return Calendar(self.off | other.off, self.worked | other.worked)


def holidays_of(name: str, years: range, where: str = "holidays", folder: Path = Path()) -> Calendar:
    """The calendar called `name` for `years`: `none`, `RU`, `US-MA`, or a .csv or .ics file beside the config.

    Countries come from the `holidays` package. Where a country decrees working weekend days year by
    year (Russia, China, ...), the last decreed year is the last year covered.

    Raises:
        ConfigError: no such country or file.
        HolidayError: a year is not covered.
    """
    if name.lower() == "none":
        return Calendar()
    if name.lower().endswith((".csv", ".ics")):
        return _of_file(folder / name, years, where)
    return _of_country(name, years, where)


def _of_country(name: str, years: range, where: str) -> Calendar:
    import holidays  # noqa: PLC0415 - heavy

    country, _, subdivision = name.partition("-")
    try:
        found = holidays.country_holidays(country.upper(), subdiv=subdivision or None, years=list(years))
    except (NotImplementedError, KeyError) as error:
        raise ConfigError(
            worded("no holidays are known for {name!r} ({error})", name=name, error=str(error)[:120]),
            where=where,
            hint=worded(
                "write a country code like RU, a country and region like US-MA or DE-BE, a .csv or .ics file, or none"
            ),
        ) from None
    last = found.end_year
    if getattr(found, _MADE_UP, False):
        last = max(getattr(found, "special_public_holidays", {}), default=last)
    _demand_years(years, found.start_year, last, name, where)
    return Calendar({day: str(title) for day, title in sorted(found.items())}, _make_up_days(found, years))


def _demand_years(years: range, first: int, last: int, name: str, where: str) -> None:
    missing = [year for year in years if not first <= year <= last]
    if missing:
        raise HolidayError(
            worded(
                "the holidays of {name} are known for {first} to {last}, and this audit needs {year}",
                name=name,
                first=first,
                last=last,
                year=missing[0],
            ),
            where=where,
            hint=worded(
                "update the package holidays, or list that year's days in a .csv file or in [schedules.*.exceptions]"
            ),
        )


def _make_up_days(found: object, years: range) -> dict[dt.date, dt.date]:
    """Weekend days worked instead of another day, each with the day off it pays for (else its Friday)."""
    pays_for: dict[dt.date, dt.date] = {}
    special = getattr(found, "special_public_holidays", {})
    for year in years:
        for entry in special.get(year, ()):
            numbers = entry if isinstance(entry, tuple) and all(isinstance(part, int) for part in entry) else ()
            if len(numbers) >= 4:
                source_year = numbers[4] if len(numbers) > 4 else year
                pays_for[dt.date(source_year, numbers[2], numbers[3])] = dt.date(year, numbers[0], numbers[1])
    worked = sorted(getattr(found, "weekend_workdays", ()))
    return {day: pays_for.get(day, day - dt.timedelta(days=max(day.weekday() - 4, 0))) for day in worked}


def _of_file(path: Path, years: range, where: str) -> Calendar:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            worded("the holiday file {path} cannot be read ({kind})", path=path, kind=type(error).__name__),
            where=where,
            hint=worded("check the path; it is taken relative to the configuration file"),
        ) from None
    off = dict(sorted((_of_ics(text, path) if path.suffix.lower() == ".ics" else _of_csv(text, path)).items()))
    if not off:
        raise ConfigError(
            worded("the holiday file {path} holds no date", path=path),
            where=where,
            hint=worded("put YYYY-MM-DD,name on each line"),
        )
    covered = [day.year for day in off]
    _demand_years(years, min(covered), max(covered), path.name, where)
    gap = sorted(set(years) - set(covered))
    if gap:
        _demand_years(range(gap[0], gap[0] + 1), min(covered), gap[0] - 1, path.name, where)
    return Calendar(off)


def _of_csv(text: str, path: Path) -> dict[dt.date, str]:
    off: dict[dt.date, str] = {}
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        if not row or not row[0].strip() or (number == 1 and not row[0][:1].isdigit()):
            continue
        try:
            off[dt.date.fromisoformat(row[0].strip())] = row[1].strip() if len(row) > 1 else ""
        except ValueError:
            raise ConfigError(
                worded("{value!r} is not a date", value=row[0]),
                where=worded("{path}, row {row}", path=path, row=number),
                hint=worded("write dates as YYYY-MM-DD"),
            ) from None
    return off


def _of_ics(text: str, path: Path) -> dict[dt.date, str]:
    """All-day events of an iCalendar file (RFC 5545: DTEND is the first day that is no longer off)."""
    off: dict[dt.date, str] = {}
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for block in re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", unfolded, re.DOTALL):
        keys: dict[str, str] = dict(re.findall(r"^(DTSTART|DTEND|SUMMARY)[^:\n]*:([^\r\n]*)", block, re.MULTILINE))
        begins = keys.get("DTSTART", "")
        start, end = _all_day(begins, path), _all_day(keys.get("DTEND", begins), path)
        if start is None or end is None:
            continue
        for step in range(max((end - start).days, 1)):
            off[start + dt.timedelta(days=step)] = keys.get("SUMMARY", "")
    return off


def _all_day(value: str, path: Path) -> dt.date | None:
    """The date of an all-day event's edge; None where it has a time of day."""
    day, _, clock = value.strip().partition("T")
    try:
        date = dt.datetime.strptime(day, "%Y%m%d").date() if len(day) == len("YYYYMMDD") else None  # noqa: DTZ007
    except ValueError:
        date = None
    if date is None:
        raise ConfigError(
            worded("{value!r} is not the date of an event", value=value),
            where=str(path),
            hint=worded("give every VEVENT a DTSTART like 20260501"),
        )
    return date if clock.rstrip("Z") in ("", "000000") else None
