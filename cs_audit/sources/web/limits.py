"""How long a helpdesk asks to wait: Retry-After and the limit headers of vendors. Pure."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")

Meaning = Literal["seconds", "milliseconds", "epoch", "epoch-ms", "iso"]


@dataclass(frozen=True)
class LimitHeaders:
    """The headers by which a vendor tells its limit.

    A name like `zendesk-ratelimit-tickets-index;resets` is one part of a header that reads
    `total=100; remaining=99; resets=41`. Header names are lower case.

    Args:
        remaining: how many requests are left in this window.
        reset: when the window ends; without it only a 429 tells when to go on.
        meaning: what `reset` holds: a time to wait, or an instant.
        wait: the vendor's own Retry-After, in seconds.
        reserve: how many requests are left to others; at that number the client waits for the reset.
    """

    remaining: str = ""
    reset: str = ""
    meaning: Meaning = "seconds"
    wait: str = ""
    reserve: int = 0


def http_date(text: str) -> float | None:
    """Seconds since 1970 of an HTTP date (RFC 9110 section 5.6.7, all three forms), None if it is none."""
    try:
        found = parsedate_to_datetime(text)
        # asctime has no zone and an HTTP date is always in UTC
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def retry_after(text: str, now: float) -> float | None:
    """The seconds that a Retry-After header asks to wait at `now` (seconds since 1970).

    None where it asks for no wait that is to be had: negative, zero, past, or no number and no date.
    """
    seconds = _number(text)
    if seconds is None:
        date = http_date(text.strip()) if len(text) < 64 else None
        seconds = None if date is None else date - now
    return seconds if seconds is not None and seconds > 0 else None


def asked_wait(headers: Mapping[str, str], limits: Sequence[LimitHeaders], now: float) -> float | None:
    """The seconds to wait after a refusal: Retry-After, the vendor's own, or the end of the used-up window."""
    own = [retry_after(_part(headers, each.wait), now) for each in limits if each.wait]
    waits = [retry_after(headers.get("retry-after", ""), now), *own]
    told = [each for each in waits if each is not None]
    resets = [until for each in limits if (until := until_reset(headers, each, now)) is not None]
    return told[0] if told else max(resets, default=None)


def courtesy_wait(headers: Mapping[str, str], limits: Sequence[LimitHeaders], now: float) -> float:
    """The seconds to wait after an answer because no request is left in the window; 0 if some are."""
    used_up = [each for each in limits if (left := remaining(headers, each)) is not None and left <= each.reserve]
    return max((until_reset(headers, each, now) or 0.0 for each in used_up), default=0.0)


def remaining(headers: Mapping[str, str], limit: LimitHeaders) -> float | None:
    """How many requests are left, None if the answer does not say."""
    return _number(_part(headers, limit.remaining)) if limit.remaining else None


def until_reset(headers: Mapping[str, str], limit: LimitHeaders, now: float) -> float | None:
    """The seconds until the window ends, None if the answer does not say or it has ended."""
    text = _part(headers, limit.reset) if limit.reset else ""
    number = _iso(text) if limit.meaning == "iso" else _number(text)
    if number is None:
        return None
    scaled = number / 1000 if limit.meaning in ("milliseconds", "epoch-ms") else number
    seconds = scaled if limit.meaning in ("seconds", "milliseconds") else scaled - now
    return seconds if seconds > 0 else None


def server_now(headers: Mapping[str, str], otherwise: float) -> float:
    """The time by the helpdesk's own clock, else `otherwise`, so that a wrong clock here changes no wait."""
    date = http_date(headers.get("date", ""))
    return otherwise if date is None else date


def _part(headers: Mapping[str, str], name: str) -> str:
    header, _, part = name.partition(";")
    value = headers.get(header, "")
    if not part:
        return value
    pairs = (each.partition("=") for each in value.split(";"))
    return next((text for key, _, text in pairs if key.strip() == part), "")


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(text.strip())
    number = float(found[0]) if found else math.nan
    return number if math.isfinite(number) else None


def _iso(text: str) -> float | None:
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()
