"""Which time an audit looks at: whether it could have seen what another one saw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Json = Mapping[str, Any]
Overlap = Literal["none", "part", "same"]


@dataclass(frozen=True)
class Period:
    """What an audit covers: data from `first` to `last`, of which it judges what lies in [since, until).

    `by` says which moment of a wait decides that; `first` is None where nothing was read.
    """

    first: dt.datetime | None
    last: dt.datetime
    since: dt.datetime | None
    until: dt.datetime | None
    by: str

    @classmethod
    def of(cls, audit: Json) -> Period:
        """The period of an audit."""
        window = audit["window"]
        first, since, until = (_moment(window[name]) for name in ("first_event", "since", "until"))
        return cls(first, moment(window["as_of"]), since, until, window.get("by", "began"))

    def covers(self, *moments: dt.datetime) -> bool:
        """Whether the data hold these moments and the window takes them in."""
        return self.holds(*moments) and self.takes(*moments)

    def holds(self, *moments: dt.datetime) -> bool:
        """Whether the data reach over these moments."""
        return self.first is not None and all(self.first <= each <= self.last for each in moments)

    def takes(self, *moments: dt.datetime) -> bool:
        """Whether the window takes these moments in."""
        return all(
            (self.since is None or self.since <= each) and (self.until is None or each < self.until) for each in moments
        )

    @property
    def stretch(self) -> tuple[dt.datetime, dt.datetime] | None:
        """From when to when anything can be judged."""
        if self.first is None:
            return None
        return max(self.first, self.since or self.first), min(self.last, self.until or self.last)


def overlap(old: Json, new: Json) -> Overlap:
    """Whether two audits look at the same time: `same` if data and window are the same, and only the method differs."""
    if _data(old) == _data(new):
        return "same"
    one, other = Period.of(old).stretch, Period.of(new).stretch
    if one is None or other is None:
        return "none"
    return "part" if max(one[0], other[0]) < min(one[1], other[1]) else "none"


def moment(text: str) -> dt.datetime:
    """An instant of the audit value."""
    return dt.datetime.fromisoformat(text)


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else moment(text)


def _data(audit: Json) -> tuple[Any, ...]:
    window = audit["window"]
    asked = [window.get(name) for name in ("since", "until", "as_of", "first_event", "last_event")]
    return sorted(each["sha256"] for each in audit["inputs"]), asked, window.get("by", "began")
