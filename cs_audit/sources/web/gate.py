"""The gate all requests to one source pass: shut while the helpdesk asked everybody to wait."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Gate:
    """Lets requests pass one `spacing` apart, and none while it is held shut. Safe between threads.

    Args:
        clock: steady seconds.
        sleep: waits so many seconds.
        spacing: seconds between two requests, for vendors with a fixed rate.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None], spacing: float = 0.0) -> None:
        self._clock = clock
        self._sleep = sleep
        self._spacing = spacing
        self._opens = clock()
        self._lock = Lock()

    def enter(self) -> None:
        """Return when a request may be sent."""
        while (wait := self._turn()) > 0:
            self._sleep(wait)

    def hold(self, seconds: float) -> None:
        """Let nobody pass for so many seconds from now."""
        with self._lock:
            self._opens = max(self._opens, self._clock() + seconds)

    def _turn(self) -> float:
        """0 if the caller may pass, which takes the turn; else the seconds until it may try again."""
        with self._lock:
            now = self._clock()
            if now < self._opens:
                return self._opens - now
            self._opens = now + self._spacing
            return 0.0
