"""Words, numbers and dates in the reader's language: the only place that writes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from cs_audit.errors import UsageError
from cs_audit.reports.catalogues import LOCALES, catalogue
from cs_audit.reports.rounding import rounded, same_side
from cs_audit.reports.vocabulary import english, problem
from cs_audit.schedules.hours import DAYS
from cs_audit.schedules.zones import zone
from cs_audit.worded import worded

PARTS = dict.fromkeys(("slot", "slot type", "term", "case group"), ".terms")
"""Kinds of words whose catalogue is another one: many, and needed only where answers are compared."""

EXCLUDED = "excluded:"
"""What begins the reason of a verdict that an exclusion leaves out; the exclusion's own name follows."""

MINUTE, HOUR = 60, 3600
MINUS = "\N{MINUS SIGN}"
_FINEST = 4


@dataclass(frozen=True)
class Words:
    """One language, and the time zone in which moments are told.

    Raises:
        UsageError: a language there are no words for.
    """

    language: str
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        if self.language not in LOCALES:
            raise UsageError(
                worded("there is no language {language!r}", language=self.language),
                hint=worded("known: {known}", known=", ".join(LOCALES)),
            )

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(LOCALES[self.language])

    @cached_property
    def _zone(self) -> dt.tzinfo:
        return zone(self.timezone)

    def say(self, message: str, **values: object) -> str:
        """The message in this language; numbers among the values are written in its form."""
        return catalogue(self.language).gettext(message) % self._told(values)

    def plural(self, one: str, many: str, n: float, **values: object) -> str:
        """The message in the form that `n` things ask for; parts of a thing take the form of two."""
        return catalogue(self.language).ngettext(one, many, _whole(n)) % self._told({"n": n, **values})

    def form(self, kind: str, one: str, many: str, n: float, **values: object) -> str:
        """The same for words whose form depends on where they stand, which their `kind` says."""
        return catalogue(self.language).npgettext(kind, one, many, _whole(n)) % self._told(values)

    def phrase(self, kind: str, text: str) -> str:
        """A text of a kind, its fields left to be filled."""
        return catalogue(self.language, PARTS.get(kind, "")).pgettext(kind, text) if text else ""

    def name(self, kind: str, value: str | None) -> str:
        """A word of cs-audit's own (a status, a channel, a rule...); others are shown as they are."""
        if kind.startswith("reason") and (value or "").startswith(EXCLUDED):
            return self._excluded(kind, str(value).removeprefix(EXCLUDED))
        known = english(kind, value or "")
        return (value or "") if known is None else catalogue(self.language).pgettext(kind, known)

    def _excluded(self, kind: str, exclusion: str) -> str:
        if kind == "reason explained":
            return self.say("The exclusion of this name in the configuration leaves it out.")
        return self.say("excluded: %(name)s", name=exclusion)

    def prose(self, text: str) -> str:
        """A paragraph of a rule's page."""
        flat = " ".join(text.split())
        return catalogue(self.language).gettext(flat) if flat else ""

    def _told(self, values: dict[str, object]) -> dict[str, object]:
        return {key: self.number(each) if isinstance(each, int | float) else each for key, each in values.items()}

    def number(self, value: float) -> str:
        """A count, its thousands grouped."""
        return str(format_decimal(value, locale=self._locale))

    def percent(self, share: float, *bounds: float) -> str:
        """A share in per cent to one decimal, and more where rounding would carry it onto a bound (0, 100, a goal)."""
        marks = (0, 100, *bounds)
        digits = next((d for d in range(1, _FINEST) if same_side(share, rounded(share, d), marks)), _FINEST)
        return self._percent(rounded(share, digits), "0." + "0" * digits)

    def points(self, difference: float) -> str:
        """A difference of two shares in percentage points, signed; never rounded to none."""
        digits = next((d for d in range(1, _FINEST) if rounded(difference, d)), _FINEST) if difference else 1
        number = format_decimal(abs(rounded(difference, digits)), "0." + "0" * digits, locale=self._locale)
        return (MINUS if difference < 0 else "+" if difference > 0 else "±") + number

    def signed(self, number: int) -> str:
        """A whole number, with a minus sign as wide as a digit where it is below zero."""
        return (MINUS if number < 0 else "") + self.number(abs(number))

    def goal(self, share: float) -> str:
        """A goal in per cent with the decimals it was given."""
        return self._percent(Decimal(str(share)), "0.####")

    def _percent(self, share: Decimal, digits: str) -> str:
        pattern = self._locale.percent_formats[None].pattern.replace("#,##0", digits)
        return str(format_percent(share / 100, pattern, locale=self._locale))

    def interval(self, edges: list[float]) -> str:
        """Both edges of an interval in per cent."""
        low, high = (self._percent(rounded(edge, 1), "0.0") for edge in edges)
        return low.rstrip("% \u00a0") + "–" + high

    def duration(self, seconds: float, *, exact: bool = False) -> str:
        """A length of time, rounded up, so that what is late never reads as in time.

        From an hour on in hours and minutes, unless `exact`; below in minutes and seconds.
        """
        whole = ceil(round(seconds, 3))
        if whole >= HOUR and not exact:
            whole = ceil(whole / MINUTE) * MINUTE
        hours, minutes, rest = whole // HOUR, whole % HOUR // MINUTE, whole % MINUTE
        parts = [self.say("%(hours)s h", hours=hours)] if hours else []
        if minutes or (hours and rest):
            parts.append(self.say("%(minutes)s min", minutes=f"{minutes:02}" if hours else str(minutes)))
        if rest or not parts:
            parts.append(self.say("%(seconds)s s", seconds=f"{rest:02}" if parts else str(rest)))
        return "\u00a0".join(parts).replace(" ", "\u00a0")

    def limit(self, text: str) -> str:
        """A target's limit, from its form in the audit value (`3600s`, `2wd`, `recorded`)."""
        number, days, closing = text.partition("wd")
        if days:
            told = self.plural("%(n)s working day", "%(n)s working days", int(number)).replace(" ", "\u00a0")
            return self.say("%(days)s, to closing time", days=told) if closing else told
        return self.say("the time promised to each ticket") if text == "recorded" else self.duration(float(text[:-1]))

    def date(self, text: str) -> str:
        """A calendar date (`2026-11-21`)."""
        return str(format_date(dt.date.fromisoformat(text[:10]), "medium", locale=self._locale))

    def day_of_year(self, month: int, day: int) -> str:
        """A day of any year (31 December), as far as there is one."""
        try:
            return str(format_date(dt.date(2000, month, day), "d MMMM", locale=self._locale))
        except ValueError:
            return f"{month:02}-{day:02}"

    def weekday_date(self, text: str) -> str:
        """A calendar date with its weekday and without its year."""
        return str(format_date(dt.date.fromisoformat(text), "ccc d MMM", locale=self._locale))

    def moment(self, text: str) -> str:
        """An instant to the minute, as a local date and time of day."""
        return self._moment(text, "d MMM y, HH:mm" if self.language == "en" else "d MMM y 'г'., HH:mm")

    def instant(self, text: str) -> str:
        """An instant to the second, without its year, as events are listed."""
        return self._moment(text, "ccc d MMM, HH:mm:ss")

    def day(self, text: str) -> str:
        """The local day of an instant with its weekday and year."""
        return self._moment(text, "ccc d MMM y")

    def clock(self, text: str) -> str:
        """The local time of day of an instant."""
        return self._moment(text, "HH:mm:ss")

    def stretch(self, begins: str, ends: str) -> str:
        """Two instants of one stretch of time, the day said once where it is the same."""
        first, last = (self._moment(each, "ccc d MMM") for each in (begins, ends))
        until = self._moment(ends, _time(ends))
        return f"{first} {self._moment(begins, _time(begins))}–{until if first == last else last + ' ' + until}"

    def days(self, days: list[str]) -> str:
        """Days of the week, neighbours drawn together."""
        order = list(DAYS)
        places = [order.index(day) for day in days]
        runs: list[list[int]] = []
        for place in places:
            if runs and place == runs[-1][-1] + 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        names = [(self.weekday(run[0]), self.weekday(run[-1])) for run in runs]
        return ", ".join(first if first == last else f"{first}–{last}" for first, last in names)

    def problem(self, text: str) -> str:
        """Why a row could not be read."""
        message, values = problem(text)
        return self.say(message, **values)

    def _moment(self, text: str, pattern: str) -> str:
        moment = dt.datetime.fromisoformat(text).astimezone(self._zone)
        return str(format_datetime(moment, pattern, locale=self._locale))

    def week(self, text: str) -> str:
        """The Monday of an ISO week (`2026-W47`)."""
        year, _, number = text.partition("-W")
        monday = dt.date.fromisocalendar(int(year), int(number), 1)
        return str(format_date(monday, "d MMM y", locale=self._locale))

    def weekday(self, number: int) -> str:
        """The short name of a day, Monday being 0."""
        return str(self._locale.days["stand-alone"]["abbreviated"][number])


def _whole(n: float) -> int:
    return int(n) if float(n).is_integer() else 2


def _time(instant: str) -> str:
    return "HH:mm" if instant.endswith(":00Z") else "HH:mm:ss"
