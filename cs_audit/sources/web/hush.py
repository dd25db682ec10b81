"""Keeps the HTTP library's own log lines away: they show addresses with their queries, and headers of answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ours: ContextVar[bool] = ContextVar("ours", default=False)
_NOISY = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks")


def _not_ours(_: logging.LogRecord) -> bool:
    return not _ours.get()


for _name in _NOISY:
    logging.getLogger(_name).addFilter(_not_ours)


@contextmanager
def hushed() -> Iterator[None]:
    """Within, these loggers are silent in this thread; other users of the library keep theirs."""
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)
