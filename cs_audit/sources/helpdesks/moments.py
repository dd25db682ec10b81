"""Times as helpdesks write them."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo


def iso(text: str) -> dt.datetime:
    """`2026-03-02T09:00:00Z`, also with fractions, or an offset with or without a colon.

    Raises:
        ValueError: it is none, or has no zone.
    """
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {text}")
    return moment.astimezone(dt.UTC)


def epoch(seconds: float) -> dt.datetime:
    """Seconds since 1970, whole or not."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)


def mail(text: str) -> dt.datetime:
    """`Fri, 13 Aug 2021 12:57:54 +0300` (RFC 2822).

    Raises:
        ValueError: it is none, or has no zone.
    """
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {text}")
    return moment.astimezone(dt.UTC)


def local(text: str, zone: str) -> dt.datetime:
    """`2017-03-01 14:30:49` on the clocks of a zone; of an hour that comes twice, the first."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def asked(moment: dt.datetime) -> str:
    """An instant as queries want it: `2026-03-02T09:00:00Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
