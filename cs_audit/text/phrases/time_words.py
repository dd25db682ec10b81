"""The words for times in English and Russian: each pattern finds one piece of a deadline and says what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cs_audit.text.phrases.deadlines import (
    Deadline,
    EndOfDay,
    EndOfWeek,
    EndOfWeekday,
    OnDate,
    Within,
    WithinWorkingDays,
)
from cs_audit.text.phrases.lexicon import data

DAY = 86_400


@dataclass(frozen=True)
class DayTime:
    """A time of day without a day; `alone`, it is today's."""

    hour: int
    minute: int
    alone: bool = True


@dataclass(frozen=True)
class Piece:
    """What one pattern found, and its place."""

    start: int
    end: int
    value: Deadline | DayTime


Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], Deadline | DayTime | None]]

_WORKING = r"(?:business|working|work|office)|рабоч\w{2,3}"
_BY = r"(?:no later than|not later than|latest|by|before|until|till|on|for|не позднее|не позже|до конца|до|ко?|во?|на)"
_ABOUT = (
    r"(?:(?:the|next|coming|following|about|approximately|around|roughly|at most|less than|up to|maximum|max|"
    r"ближайш\w{2,3}|следующ\w{2,3}|примерно|максимум|буквально|всего|около|чем через|чем за)\s{1,2}){0,2}"
)
_IN = (
    r"(?:within|inside of|inside|under|no later than|not later than|in less than|in|в течени[еи]|в теч\.?|"
    r"в ближайш\w{2,3}|за|через|спустя|не позднее|не позже|максимум|в пределах)"
)


def pieces(plain: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of deadlines in a stretch of a reading's `plain`."""
    for pattern, value in _readers():
        for found in pattern.finditer(plain, start, end):
            made = value(found)
            if made is not None:
                yield Piece(found.start(), found.end(), made)


@cache
def _readers() -> tuple[Reader, ...]:
    return (
        *_durations(),
        (_pattern(rf"(?:{_BY}\s{{1,2}}){{0,2}}(?P<word>{_any('days')}|{_any('working_days')})"), _day),
        (_pattern(rf"(?:{_BY}\s{{1,2}}){{0,2}}(?P<word>{_any('weeks')})"), _week),
        (_pattern(rf"(?:this|in the)\s(?P<word>{_any('parts')})"), lambda found: _part(found, this=True)),
        (_pattern(rf"(?P<word>{_any('parts')})"), _part),
        *_times_of_day(),
        *_weekdays(),
        *_dates(),
    )


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w-])")


def _any(*tables: str) -> str:
    """A pattern for any of the words of tables, the longest first; a stem ends with `*`."""
    ordered = sorted((word for table in tables for word in data("deadlines")[table]), key=len, reverse=True)
    return "|".join(re.escape(each).replace(r"\*", r"\w{0,4}").replace(r"\ ", r"\s{1,2}") for each in ordered)


def _look_up(table: str, word: str) -> Any:
    words: Mapping[str, Any] = data("deadlines")[table]
    word = " ".join(word.split())
    if word in words:
        return words[word]
    return next(value for key, value in words.items() if key.endswith("*") and word.startswith(key[:-1]))


def _durations() -> Iterator[Reader]:
    number = rf"\d{{1,3}}(?:[.,]5)?|{_any('numbers')}"
    spread = rf"(?:(?:{number})\s?(?:-|–|to|or|до|или)\s?)?(?P<number>{number})"
    unit = rf"(?P<unit>{_any('units')})"
    working = rf"(?P<working>{_WORKING})"
    yield _pattern(rf"{_IN}\s{{1,2}}{_ABOUT}{spread}[\s-]{{0,2}}(?:{working}\s{{1,2}})?{unit}(?:\stime)?"), _duration
    singly = r"(?:в течени[еи]|за|через|в ближайш\w{2,3})\s{1,2}"
    yield _pattern(rf"{singly}{_ABOUT}(?:{working}\s{{1,2}})?{unit}"), _single
    half = r"(?:полчас[аи]?|получаса|half (?:an )?hour|half-hour)"
    yield _pattern(rf"{_IN}\s{{1,2}}{_ABOUT}{half}"), lambda _: Within(1800)
    yield _pattern(rf"(?:the )?next {working} day"), lambda _: WithinWorkingDays(1)
    yield _pattern(r"на следующий рабочий день|в следующий рабочий день"), lambda _: WithinWorkingDays(1)


def _duration(found: re.Match[str]) -> Deadline | None:
    text = found["number"].replace(",", ".")
    number = float(text) if text[0].isdigit() else float(_look_up("numbers", text))
    seconds = _look_up("units", found["unit"])
    if found["working"]:
        if seconds < DAY:
            return Within(round(number * seconds), "working")
        return WithinWorkingDays(max(1, round(number * seconds / DAY))) if seconds == DAY else None
    if text == "the" and seconds == DAY:
        return EndOfDay(0)
    return Within(round(number * seconds)) if number else None


def _single(found: re.Match[str]) -> Deadline | None:
    """A unit without a number is one, if it is in the singular: в течение часа, за день, через неделю."""
    word, seconds = found["unit"], _look_up("units", found["unit"])
    if word not in data("deadlines")["singular"] or found[0].startswith("в ближайшие"):
        return None
    if found["working"]:
        return WithinWorkingDays(1) if seconds == DAY else Within(seconds, "working")
    return EndOfDay(0) if word == "дня" and found[0].startswith("в течени") else Within(seconds)


def _day(found: re.Match[str]) -> Deadline:
    word = found["word"]
    try:
        return EndOfDay(_look_up("days", word))
    except StopIteration:
        return EndOfDay(_look_up("working_days", word), "working")


def _week(found: re.Match[str]) -> Deadline:
    return EndOfWeek(_look_up("weeks", found["word"]))


def _part(found: re.Match[str], *, this: bool = False) -> DayTime:
    """A part of the day. Alone, only some words mean today: вечером does, утром may be tomorrow's."""
    word = found["word"]
    hour, minute = map(int, _look_up("parts", word).split(":"))
    return DayTime(hour, minute, alone=this or word in data("deadlines")["parts_of_today"])


def _times_of_day() -> Iterator[Reader]:
    hour, minute = r"(?P<hour>[01]?\d|2[0-4])", r"(?P<minute>[0-5]\d)"
    time = rf"{hour}(?:[:.]{minute})?"
    half = r"(?P<half>[ap](?:\.m\.?|m)|утра|дня|вечера|ночи)"
    between = rf"(?:between|from|с)\s\d{{1,2}}(?:[:.]\d\d)?\s?(?:[ap]m)?\s?(?:and|to|till|until|до|по|-)\s{time}"
    by = rf"(?:{_BY}|at|around|около)\s"
    yield _pattern(rf"(?:{by}){{0,2}}{time}\s?{half}"), _clock
    yield _pattern(rf"{between}(?:\s?{half})?"), lambda found: _clock(found, alone=False)
    yield _pattern(rf"{by}{hour}(?P<mark>[:.]){minute}(?:\s?час\w{{0,2}}|\s?ч\.?)?(?:\s{half})?"), _clock
    yield _pattern(rf"{by}{hour}\s?(?:час(?:ов|ам|а|у)?|ч\.?)(?:\s{half})?"), _clock
    yield _pattern(rf"{by}{hour}"), lambda found: _clock(found, alone=False)
    yield _pattern(rf"{by}(?:noon|midday|полудня|полудню)"), lambda _: DayTime(12, 0)
    yield _pattern(rf"{by}(?:midnight|полуночи)"), lambda _: DayTime(23, 59)


def _clock(found: re.Match[str], *, alone: bool = True) -> DayTime | Deadline | None:
    """A time of day. 1 to 6 o'clock without more is in the afternoon: nobody promises calls at night."""
    part = found.groupdict()
    hour, minute = int(part["hour"]), int(part.get("minute") or 0)
    half = (part.get("half") or "").replace(".", "")
    if part.get("mark") == "." and 1 <= minute <= 12 and not half and hour:
        return OnDate(hour, minute)
    small = not half and 1 <= hour <= 6 and part["hour"][0] != "0"
    if (half in {"pm", "дня", "вечера"} and hour < 12) or small:
        hour += 12
    if half in {"am", "ночи"} and hour == 12:
        hour = 0
    return DayTime(23, 59, alone) if hour == 24 else DayTime(hour, minute, alone)


def _weekdays() -> Iterator[Reader]:
    word = rf"(?P<word>{_any('weekdays')})"
    this = r"this|coming|the coming|the|эт\w{1,2}|ближайш\w{2,3}"
    next_ = rf"(?:(?P<next>next|следующ\w{{2,3}}|будущ\w{{2,3}})\s|(?:{this})\s)?"
    yield _pattern(rf"(?:the )?(?:end of\s)?(?:{_BY}\s){{1,2}}(?:the\s)?(?:end of\s)?{next_}{word}"), _weekday
    yield _pattern(rf"(?P<next>next)\s{word}|(?:this|coming)\s(?P<that>{_any('weekdays')})"), _weekday
    full = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    yield _pattern(rf"(?P<word>{full})(?!s)"), _weekday


def _weekday(found: re.Match[str]) -> Deadline:
    part = found.groupdict()
    return EndOfWeekday(_look_up("weekdays", part["word"] or part["that"]), next_week=bool(part.get("next")))


def _dates() -> Iterator[Reader]:
    month, by = rf"(?P<month>{_any('months')})", rf"(?:{_BY}\s(?:the\s)?)?"
    day = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|-?го|-?му)?"
    yield _pattern(rf"{by}{day}\s(?:of\s)?{month}(?:\s\d{{4}})?"), _date
    yield _pattern(rf"{by}{month}\s{day}(?:,?\s\d{{4}})?"), _date
    yield _pattern(rf"{_BY}\s(?:the\s)?(?P<day>[0-3]?\d)(?:st|nd|rd|th|-?го|\sчисл[ау])"), _date
    yield _pattern(rf"{by}\d{{4}}-(?P<number>[01]\d)-(?P<day>[0-3]\d)"), _date
    yield _pattern(rf"{by}(?P<day>[0-3]?\d)[./](?P<number>[01]?\d)[./](?:20)?\d\d"), _date


def _date(found: re.Match[str]) -> Deadline | None:
    part = found.groupdict()
    day = int(part["day"])
    month = int(part["number"]) if part.get("number") else None
    month = _look_up("months", part["month"]) if part.get("month") else month
    fits = 1 <= day <= 31 and (month is None or 1 <= month <= 12)
    slashed = "/" in found[0] and day <= 12  # 03/04/2026 is read differently on two continents
    return OnDate(day, month) if fits and not slashed else None
