"""Holidays by country and by file."""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from schedules.walk import instants, micros

from cs_audit.errors import ConfigError, HolidayError
from cs_audit.schedules import Coordinates, Horizon, Schedule, parse_ranges, parse_week
from cs_audit.schedules.holidays import Calendar, holidays_of

RUSSIA = Path(__file__).parents[2].parent / "shared" / "data" / "working_calendars" / "cis_calendar_days.csv"
HOUR = 3_600_000_000


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days_of(year: int) -> Iterator[dt.date]:
    day = dt.date(year, 1, 1)
    while day.year == year:
        yield day
        day += dt.timedelta(days=1)


def working_days(name: str, year: int) -> set[dt.date]:
    calendar = holidays_of(name, range(year, year + 1))
    return {day for day in days_of(year) if (day.weekday() < 5 and day not in calendar.off) or day in calendar.worked}


def test_none_has_no_holidays_and_every_year() -> None:
    assert holidays_of("None", range(1900, 2900)) == Calendar()


@pytest.mark.parametrize(
    ("year", "days"), [(2019, 247), (2022, 247), (2023, 247), (2024, 248), (2025, 247), (2026, 247)]
)
def test_a_russian_year_has_its_working_days(year: int, days: int) -> None:
    assert len(working_days("RU", year)) == days


@pytest.mark.skipif(not RUSSIA.is_file(), reason=f"the official calendars are not beside the repository ({RUSSIA})")
def test_russian_working_days_are_the_official_ones() -> None:
    with RUSSIA.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["country"] == "ru"]
    kinds = {date(row["date"]): row["type"] for row in rows}
    differ = Counter(
        day.year
        for year in range(2013, 2027)
        for day in days_of(year)
        if (day in working_days_of_year[year]) != (kinds.get(day, _usual(day)) != "day_off")
    )
    assert differ == {2014: 1, 2020: 29, 2021: 7}  # 10 March 2014, and the presidential days off


def _usual(day: dt.date) -> str:
    return "full" if day.weekday() < 5 else "day_off"


class _Years(dict[int, set[dt.date]]):
    def __missing__(self, year: int) -> set[dt.date]:
        self[year] = working_days("RU", year)
        return self[year]


working_days_of_year = _Years()


def office(*holidays: str, zone: str = "Europe/Moscow", **more: object) -> Schedule:
    return Schedule("office", zone, parse_week({"mon-fri": "09:00-18:00"}), holidays, **more)  # type: ignore[arg-type]


SHORT = {date(f"2024-{day}"): parse_ranges("09:00-17:00") for day in ("02-22", "03-07", "05-08", "06-11", "11-02")}


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2024-04-26T17:30", "2024-04-27T09:30"),  # a working Saturday
        ("2024-12-30T10:00", "2025-01-09T10:00"),  # from New Year to after Christmas
        ("2024-05-08T16:30", "2024-05-13T09:30"),  # a short day, then two days off and a weekend
        ("2024-11-02T16:45", "2024-11-05T09:45"),  # a short working Saturday, then Monday off
        ("2024-03-07T17:30", "2024-03-11T10:00"),  # after the short day's closing
    ],
)
def test_sixty_minutes_pass_russian_holidays_and_moved_days(asked: str, due: str) -> None:
    clock = Coordinates([office("RU", short_days=SHORT).timetable(Horizon(2024, 2025))])
    found = clock.due(0, instants(micros(asked, "Europe/Moscow")), HOUR)
    assert found.tolist() == [micros(due, "Europe/Moscow")]


def test_a_moved_saturday_keeps_the_hours_of_the_day_it_pays_for() -> None:
    week = parse_week({"mon": "10:00-12:00", "tue-thu": "09:00-18:00", "fri": "09:00-15:00"})
    clock = Coordinates([Schedule("office", "Europe/Moscow", week, ("RU",)).timetable(Horizon(2024, 2024))])
    saturday, sunday = (micros(f"2024-04-{day}T00:00", "Europe/Moscow") for day in (27, 28))
    before, after = clock.worked(0, instants(saturday, sunday))
    assert after - before == 2 * HOUR  # for Monday 29 April
    opening = clock.next_open(0, instants(saturday))
    assert opening.tolist() == [micros("2024-04-27T10:00", "Europe/Moscow")]


def test_a_year_not_decreed_yet_is_an_error() -> None:
    with pytest.raises(
        HolidayError, match=r"the holidays of RU are known for \d+ to 2027, and this audit needs 2028"
    ) as told:
        office("RU").timetable(Horizon(2027, 2028))
    assert told.value.where == "schedules.office.holidays"
    assert "update the package holidays" in told.value.hint
    assert office("RU").timetable(Horizon(2027, 2027)).notes


def test_countries_whose_days_need_no_decree_are_known_for_later_years() -> None:
    assert date("2028-07-04") in holidays_of("US", range(2028, 2029)).off


def test_a_state_has_its_own_holidays() -> None:
    patriots_day, womens_day = date("2024-04-15"), date("2024-03-08")
    assert patriots_day in holidays_of("US-MA", range(2024, 2025)).off
    assert patriots_day not in holidays_of("US", range(2024, 2025)).off
    assert "Women" in holidays_of("de-BE", range(2024, 2025)).off[womens_day]
    assert womens_day not in holidays_of("DE", range(2024, 2025)).off


def test_massachusetts_holidays_of_2015_are_those_of_boston() -> None:
    known = "01-01 01-19 02-16 04-20 05-25 09-07 10-12 11-11 11-26 12-25"
    assert {date(f"2015-{day}") for day in known.split()} <= set(holidays_of("US-MA", range(2015, 2016)).off)


@pytest.mark.parametrize("name", ["XX", "US-XX", "Russia", "DE BE"])
def test_an_unknown_country_is_an_error_with_a_hint(name: str) -> None:
    with pytest.raises(ConfigError, match=f"no holidays are known for {name!r}") as told:
        holidays_of(name, range(2024, 2025), "schedules.office.holidays")
    assert "US-MA" in told.value.hint
    assert told.value.where == "schedules.office.holidays"


# files


def written(folder: Path, name: str, text: str) -> Calendar:
    (folder / name).write_text(text, "utf-8")
    return holidays_of(name, range(2024, 2025), folder=folder)


def test_a_csv_file_gives_dates_and_names(tmp_path: Path) -> None:
    found = written(
        tmp_path, "days.csv", "\ufeffdate,name\n2024-05-02,Founder's day\n\n2024-05-03\n 2024-05-01 , First \n"
    )
    assert found.off == {
        date("2024-05-01"): "First",
        date("2024-05-02"): "Founder's day",
        date("2024-05-03"): "",
    }
    assert found.worked == {}


def test_a_csv_file_needs_no_header(tmp_path: Path) -> None:
    assert set(written(tmp_path, "days.CSV", "2024-05-02,x\n").off) == {date("2024-05-02")}


@pytest.mark.parametrize("bad", ["2024-02-30", "03.05.2024", "May 3"])
def test_a_bad_date_in_a_csv_file_is_named_with_its_row(tmp_path: Path, bad: str) -> None:
    with pytest.raises(ConfigError, match=f"{bad!r} is not a date") as told:
        written(tmp_path, "days.csv", f"date,name\n2024-05-02,x\n{bad},y\n")
    assert told.value.where.endswith("days.csv, row 3")


def test_a_csv_file_without_dates_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no date"):
        written(tmp_path, "days.csv", "date,name\n")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as told:
        holidays_of("nowhere.ics", range(2024, 2025), folder=tmp_path)
    assert "relative to the configuration file" in told.value.hint


@pytest.mark.parametrize("years", [range(2023, 2025), range(2024, 2028), range(2024, 2027)])
def test_years_a_file_does_not_cover_are_an_error(tmp_path: Path, years: range) -> None:
    (tmp_path / "days.csv").write_text("2024-05-02,x\n2026-05-02,y\n", "utf-8")
    with pytest.raises(HolidayError, match="and this audit needs"):
        holidays_of("days.csv", years, folder=tmp_path)


def test_a_gap_between_a_files_years_is_named(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("2024-05-02,x\n2026-05-02,y\n", "utf-8")
    with pytest.raises(HolidayError, match="this audit needs 2025"):
        holidays_of("days.csv", range(2024, 2027), folder=tmp_path)


def calendar(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


def test_the_end_of_an_all_day_event_is_no_longer_off(tmp_path: Path) -> None:
    text = calendar("DTSTART;VALUE=DATE:20240502\r\nDTEND;VALUE=DATE:20240504\r\nSUMMARY:Works outing")
    assert written(tmp_path, "days.ics", text).off == {
        date("2024-05-02"): "Works outing",
        date("2024-05-03"): "Works outing",
    }


def test_an_all_day_event_without_an_end_is_one_day(tmp_path: Path) -> None:
    text = calendar("SUMMARY:May day\r\nDTSTART;VALUE=DATE:20240501", "DTSTART:20240509\r\nDTEND:20240509")
    assert written(tmp_path, "days.ics", text).off == {date("2024-05-01"): "May day", date("2024-05-09"): ""}


def test_folded_lines_are_one_line(tmp_path: Path) -> None:
    text = calendar("DTSTART;VALUE=DATE:2024\r\n 0501\r\nSUMMARY:A long\r\n  name")
    assert written(tmp_path, "days.ics", text).off == {date("2024-05-01"): "A long name"}


def test_a_meeting_is_no_holiday(tmp_path: Path) -> None:
    meeting = "DTSTART:20240503T090000Z\r\nDTEND:20240503T100000Z\r\nSUMMARY:Retrospective"
    found = written(tmp_path, "days.ics", calendar("DTSTART;VALUE=DATE:20240501", meeting))
    assert set(found.off) == {date("2024-05-01")}


def test_an_event_from_midnight_to_midnight_is_all_day(tmp_path: Path) -> None:
    text = calendar("DTSTART:20240502T000000\r\nDTEND:20240504T000000\r\nSUMMARY:Closed")
    assert set(written(tmp_path, "days.ics", text).off) == {date("2024-05-02"), date("2024-05-03")}


@pytest.mark.parametrize("event", ["SUMMARY:When?", "DTSTART;VALUE=DATE:2024", "DTSTART;VALUE=DATE:20240231"])
def test_an_event_whose_date_cannot_be_read_is_an_error(tmp_path: Path, event: str) -> None:
    with pytest.raises(ConfigError, match="date"):
        written(tmp_path, "days.ics", calendar("DTSTART;VALUE=DATE:20240501", event))


def test_a_file_closes_the_schedule(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("2024-05-02,x\n", "utf-8")
    clock = Coordinates([office("days.csv", "none", zone="UTC", folder=tmp_path).timetable(Horizon(2024, 2024))])
    assert clock.next_open(0, instants(micros("2024-05-02T10:00Z"))).tolist() == [micros("2024-05-03T09:00Z")]
