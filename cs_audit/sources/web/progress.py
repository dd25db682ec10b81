"""What a pull tells while it runs: counts, and waits with their reason. The pure part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from cs_audit.worded import NOTHING, Worded, worded


@dataclass(frozen=True)
class Traffic:
    """What went to and came from one source so far.

    Args:
        requests: requests sent, each attempt counted.
        answers: requests that were answered well.
        received: bytes of good answers, unpacked.
        waited: seconds spent waiting, because of trouble or limits.
    """

    requests: int = 0
    answers: int = 0
    received: int = 0
    waited: float = 0.0


@dataclass(frozen=True)
class State:
    """By how many seconds a helpdesk's clock is ahead of ours, how many requests its limit leaves; None: not told."""

    ahead: float | None = None
    left: float | None = None


@dataclass(frozen=True)
class Notice:
    """One thing to tell: the state of a source, and, if it waits, for how many seconds and why."""

    source: str
    traffic: Traffic
    wait: float = 0.0
    why: Worded = NOTHING


Hook = Callable[[Notice], None]


def silent(notice: Notice) -> None:
    """A hook that tells nobody."""


def sentence(notice: Notice) -> Worded:
    """A notice as one line of a log."""
    traffic = notice.traffic
    line = worded(
        "{source}: {answers} answers to {requests} requests, {received:.1f} MB",
        source=notice.source, answers=traffic.answers, requests=traffic.requests, received=traffic.received / 1e6,
    )  # fmt: skip
    if notice.wait:
        return worded("{line}; waiting {wait:.0f} s: {why}", line=line, wait=notice.wait, why=notice.why)
    return worded("{line}, waited {waited:.0f} s", line=line, waited=traffic.waited) if traffic.waited else line


def every(seconds: float, clock: Callable[[], float], hook: Hook) -> Hook:
    """A hook that passes on at most one notice in so many seconds, the first one after `seconds`.

    Waits that last as long are always passed on: whoever reads the log wants to know why nothing happens.
    """
    lock = Lock()
    last = clock()

    def passing(notice: Notice) -> None:
        nonlocal last
        with lock:
            now = clock()
            if now - last < seconds and notice.wait < seconds:
                return
            last = now
        hook(notice)

    return passing
