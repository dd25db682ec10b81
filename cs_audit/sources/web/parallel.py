"""Several requests at once, at most so many, with the results in the order asked."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from itertools import islice
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_stopped: ContextVar[Event | None] = ContextVar("stopped", default=None)


class Stopped(Exception):  # noqa: N818 - not an error: another request of the same round failed
    """The round this request belongs to is over."""


def nap(seconds: float) -> None:
    """Sleep; wake up with Stopped if the round that this thread works for is over."""
    stopped = _stopped.get()
    if stopped is None:
        time.sleep(seconds)
    elif stopped.wait(seconds):
        raise Stopped


def in_parallel(function: Callable[[Item], Result], items: Iterable[Item], *, at_most: int) -> Iterator[Result]:
    """`function` of each item, in the order of the items, with at most `at_most` at work.

    Items are taken as results are, so an endless iterable is fine. The first failure stops the rest: what has not
    begun never begins, what waits between attempts wakes up, what is under way is let finish.

    Raises:
        Exception: whatever `function` raised first, in the order of the items among those that failed.
    """
    stopped = Event()
    source = iter(items)

    def work(item: Item) -> Result:
        _stopped.set(stopped)
        return function(item)

    pool = ThreadPoolExecutor(max_workers=at_most, thread_name_prefix="cs-audit")
    waiting: deque[Future[Result]] = deque()
    try:
        waiting.extend(pool.submit(work, item) for item in islice(source, at_most))
        while waiting:
            _raise_early(waiting)
            yield waiting.popleft().result()
            _raise_early(waiting)
            waiting.extend(pool.submit(work, item) for item in islice(source, 1))
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _raise_early(waiting: Iterable[Future[Result]]) -> None:
    """Raise the first failure there is by now, though earlier items may still be under way."""
    for each in waiting:
        if each.done() and not each.cancelled():
            each.result()
