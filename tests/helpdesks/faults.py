"""What goes wrong between a helpdesk and a pull, one thing at a time: each turns a good answer into a bad one.

Empty pages with more to come, tickets that come again at the border of pages, and cursors and tokens that expire are the
vendors' own, and in their fakes.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace

from web.web_server import Step

Fault = Callable[[Step], Step]
JSON = (("Content-Type", "application/json"),)


def _status(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Fault:
    return lambda _: Step(status, body, (("Content-Type", "application/json"), *headers))


def _html(_: Step) -> Step:
    return Step(502, b"<html><body>Bad gateway</body></html>", (("Content-Type", "text/html"),))


def _page_of_another(_: Step) -> Step:
    return Step(200, b"<html><body>Please log in</body></html>", (("Content-Type", "text/html"),))


def _shuffled(step: Step) -> Step:
    """Every list of more than one record the other way round: no vendor promises an order of what it does not sort."""
    return replace(step, body=json.dumps(_turned(json.loads(step.body))).encode())


def stale(step: Step, before: Step) -> Step:
    """What was answered before, as by a cache in between: the same page, and the same cursor, once more."""
    return replace(step, body=before.body, headers=before.headers)


def overlapping(step: Step, before: Step) -> Step:
    """Pages that begin with the last record of the page before, since a new one has pushed it on."""
    return replace(step, body=json.dumps(_joined(json.loads(step.body), json.loads(before.body))).encode())


def _joined(value: object, before: object) -> object:
    if isinstance(value, dict) and isinstance(before, dict):
        if value and all(key.isdigit() for key in value) and before:
            listed = [list(before.values())[-1], *value.values()]
            return {str(place): each for place, each in enumerate(listed)}
        return {key: _joined(each, before.get(key)) for key, each in value.items()}
    if isinstance(value, list) and isinstance(before, list) and all(isinstance(each, dict) for each in before):
        return [*before[-1:], *value]
    return value


def _turned(value: object) -> object:
    if isinstance(value, dict):
        return {key: _turned(each) for key, each in value.items()}
    if isinstance(value, list) and all(isinstance(each, dict) and "id" in each for each in value):
        return value[::-1]
    return value


FAULTS: dict[str, Fault] = {
    "429 and 2 seconds": _status(429, b"{}", ("Retry-After", "2")),
    "429 and a date": _status(429, b"{}", ("Retry-After", "Fri, 15 Jan 2027 08:00:05 GMT")),
    "429 and nothing": _status(429, b"{}"),
    "429 and nonsense": _status(429, b"{}", ("Retry-After", "soon")),
    "429 and less than nothing": _status(429, b"{}", ("Retry-After", "-30")),
    "429 and a million years": _status(429, b"{}", ("Retry-After", "31536000000000")),
    "500": _status(500, b'{"error": "oops"}'),
    "502 with HTML": _html,
    "503": _status(503, b"", ("Retry-After", "1")),
    "504": _status(504),
    "a reset in mid-body": lambda step: replace(step, fault="reset"),
    "no connection in time": lambda step: replace(step, fault="unconnected"),
    "a refused connection": lambda step: replace(step, fault="refused"),
    "no answer in time": lambda step: replace(step, fault="silent"),
    "a connection that closes": lambda step: replace(step, fault="closed"),
    "a short body": lambda step: replace(step, length=len(step.body) + 10),
    "no body": lambda step: replace(step, body=b""),
    "bad gzip": lambda step: replace(step, body=b"\x1f\x8b\x08nonsense", headers=(*JSON, ("Content-Encoding", "gzip"))),
    "gzip that ends early": lambda step: replace(
        step, body=gzip.compress(step.body)[:-9], headers=(*JSON, ("Content-Encoding", "gzip"))
    ),
    "half of the JSON": lambda step: replace(step, body=step.body[: len(step.body) // 2]),
    "no JSON at all": lambda step: replace(step, body=b"OK"),
    "200 with HTML": _page_of_another,
    "200 with an error": lambda step: replace(step, body=b'{"error": "database is locked", "errors": ["x"]}'),
    "200 with null": lambda step: replace(step, body=b"null"),
    "401": _status(401, b'{"error": "Unauthorized"}'),
    "403": _status(403, b'{"error": "Forbidden"}'),
    "a redirect to a foreign host": _status(302, b"", ("Location", "https://thief.example/collect")),
    "a redirect to itself": _status(307, b"", ("Location", "/api")),
    "a list the other way round": _shuffled,
}
"""By name. A 404 stands apart: it says, rightly, that a ticket or an optional list is not there."""

WIRED = ("a reset in mid-body", "no answer in time", "a connection that closes", "a short body")
"""Faults of the wire itself."""

PAIRED: dict[str, Callable[[Step, Step], Step]] = {"a page once more": stale, "an overlapping page": overlapping}
"""Faults that take a good answer and the one before it from the same list."""
