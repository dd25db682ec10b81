"""Asking again: how often, how long apart.

The loop is tenacity's. stamina, which wraps it, fixes the clock and the sleep and adds its jitter on top of the
backoff; here both are given from outside, and the jitter is full (a random share of the whole backoff).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tenacity import RetryCallState, Retrying

from cs_audit.sources.web.errors import Transient
from cs_audit.sources.web.parallel import nap
from cs_audit.worded import worded

if TYPE_CHECKING:
    from cs_audit.sources.web.gate import Gate

Value = TypeVar("Value")


@dataclass(frozen=True)
class Patience:
    """How long to hope, per request.

    Args:
        attempts: how often one request is sent at most.
        first: the greatest wait after the first attempt, in seconds; it doubles with each.
        longest: the greatest wait between two attempts, if the helpdesk asks for none.
        granted: the greatest wait a helpdesk gets if it asks for one.
        total: the greatest sum of all waits of one request.
    """

    attempts: int = 8
    first: float = 1.0
    longest: float = 60.0
    granted: float = 900.0
    total: float = 3600.0

    def ends(self, state: RetryCallState) -> bool:
        """Whether the attempt just made was the last."""
        return state.attempt_number >= self.attempts or state.idle_for + state.upcoming_sleep > self.total


@dataclass(frozen=True)
class Outside:
    """What is not a function of the arguments: two clocks in seconds, sleep, and a random number in [0, 1)."""

    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = nap
    random: Callable[[], float] = random.random


@dataclass(frozen=True)
class Spent:
    """What the attempts came to: their number, the seconds waited between them, and the last trouble."""

    attempts: int
    waited: float
    last: Transient


def backoff(attempt: int, patience: Patience, share: float) -> float:
    """The seconds to wait after the attempt of this number (from 1): full jitter, `share` of the whole backoff."""
    return share * min(patience.longest, patience.first * 2.0 ** min(attempt - 1, 64))


def wait_after(trouble: Transient, attempt: int, patience: Patience, share: float) -> float:
    """The seconds to wait: what the helpdesk asked for, within reason, else the backoff."""
    if trouble.asked is not None:
        return min(trouble.asked, patience.granted)
    return backoff(attempt, patience, share)


def asks_for_less(trouble: Transient, attempt: int) -> bool:
    """Whether a smaller page is more promising than another attempt: 504, or the time ran out twice."""
    return trouble.status == 504 or (trouble.slow and attempt > 1)


def persist(
    attempt: Callable[[], Value],
    patience: Patience,
    outside: Outside,
    *,
    gate: Gate,
    shrinkable: bool,
    told: Callable[[Transient, float], None],
) -> Value | Spent:
    """The value of the first attempt that succeeds, or what was spent in vain.

    Args:
        attempt: raises Transient to be called again; other errors pass.
        patience: how often and how long.
        outside: the sleep and the chance that are used.
        gate: held shut for all requests where the helpdesk asked it of all.
        shrinkable: stop early where a smaller page is more promising.
        told: is given each trouble and the wait that follows.
    """

    def again(state: RetryCallState) -> bool:
        trouble = _trouble(state)
        return trouble is not None and not (shrinkable and asks_for_less(trouble, state.attempt_number))

    def wait(state: RetryCallState) -> float:
        return wait_after(_sure(state), state.attempt_number, patience, outside.random())

    def before_sleep(state: RetryCallState) -> None:
        if _sure(state).everyone:
            gate.hold(state.upcoming_sleep)
        told(_sure(state), state.upcoming_sleep)

    loop = Retrying(
        sleep=outside.sleep, retry=again, wait=wait, stop=patience.ends, before_sleep=before_sleep, reraise=True
    )
    try:
        return loop(attempt)
    except Transient as error:
        last = error.with_traceback(None)
    return Spent(loop.statistics["attempt_number"], loop.statistics["idle_for"], last)


def _trouble(state: RetryCallState) -> Transient | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Transient) else None


def _sure(state: RetryCallState) -> Transient:
    return _trouble(state) or Transient(worded("unknown trouble"))
