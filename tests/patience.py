"""An end to work on long hostile texts: tests measure no time, but what would take hours must not hang them.

Texts are so long that work linear in their length takes a second or two and quadratic work some hours, so that the
limit says which of the two it is on any machine, however slow or busy.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

LIMIT = 90.0
"""Seconds of CPU time, not of the clock: waiting for a busy machine does not count."""


@contextmanager
def comes_to_an_end() -> Iterator[None]:
    """Fail with the line that was at work when the work inside has taken 90 seconds of CPU time."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        message = f"still at work after {LIMIT:.0f} seconds of CPU time: not linear in the length of the text"
        raise AssertionError(message)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
