"""Pulls with one fault each: at every place nothing is lost and nothing doubled, at once or after one more run.

Faults of the wire happen on a real socket; the others are handed straight to the client.

`FAULTS=all pytest tests/helpdesks/disturbed` tries every fault at each of the first 60 requests of every connector, and
prints what came of it; otherwise a seeded tenth.
"""

import os
import random
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from helpdesks.faults import FAULTS, PAIRED, WIRED
from helpdesks.harness import Desk, content_of, pulled, running
from helpdesks.vendors import VENDORS
from helpdesks.world import World, world
from web.web_server import Step

from cs_audit.errors import SourceError

REQUESTS = 60
TICKETS = {"zendesk": 40, "intercom": 48, "chatwoot": 54, "hubspot": 16, "jira": 20, "usedesk": 20, "rt": 20}
"""So many that a pull takes these requests, and not many more; else 24."""
SHARE = 1.0 if os.environ.get("FAULTS") == "all" else 0.1
ENDS = (3, 4)
TIMES_OUT = "no answer in time"
SECONDS = 0.3
"""Of silence that are borne where that is the fault."""
ALWAYS = {
    *((fault, 1) for fault in PAIRED),
    ("a page once more", 9),
    ("a page once more", 50),
    ("403", 15),
    ("403", 44),
}
"""What found mistakes once."""
MAY_LACK = ("403",)
"""An optional list that is refused is done without, and asked for again by the next run."""


def disturbed(kind: str) -> Callable[..., None]:
    """The test of one connector."""
    places = [
        (fault, place) for fault, place in product((*FAULTS, *PAIRED), range(1, REQUESTS + 1))
        if (fault, place) in ALWAYS or random.Random(f"{kind} {fault} {place}").random() < SHARE  # noqa: S311 - fixed
    ]  # fmt: skip

    @pytest.mark.parametrize(("fault", "place"), places)
    def test(fault: str, place: int, monkeypatch: Any, counted: Any) -> None:
        expected = undisturbed(kind)
        with TemporaryDirectory() as folder, running(VENDORS[kind], desk_of(kind), wire=fault in WIRED) as desk:
            path = Path(folder) / "store.db"  # thousands of them would fill the disk
            plan(fault, desk, place)
            ended = _pulled(desk, path, monkeypatch, SECONDS if fault == TIMES_OUT else None)
            assert ended is None or (ended.exit_code in ENDS and ended.hint)
            at_once = ended is None and content_of(path, desk) == expected
            if ended is None and fault in MAY_LACK:
                pulled(desk, path, monkeypatch)
            assert content_of(path, desk) == expected
        counted("runs with a fault")
        counted("ended like an undisturbed one at once" if at_once else _told(ended))

    return test


def _told(ended: SourceError | None) -> str:
    code = f"ended with exit {ended.exit_code}" if ended else "lacked an optional list"
    return f"{code}, and like an undisturbed one after one re-run"


def plan(fault: str, desk: Desk, place: int) -> None:
    """Have the fault happen at a request; if it needs a page before, at the next one that has it."""

    def later(step: Step) -> Step:
        if desk.before is None:
            desk.faults[len(desk.asked) + 1] = later
            return step
        return PAIRED[fault](step, desk.before)

    desk.faults[place] = FAULTS.get(fault, later)


@cache
def desk_of(kind: str) -> World:
    return world(11, TICKETS.get(kind, 24))


@cache
def undisturbed(kind: str) -> list[bytes]:
    """What a pull brings that nothing disturbs."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "store.db"
        with running(VENDORS[kind], desk_of(kind), wire=False) as desk:
            pulled(desk, path, patch)
            assert len(desk.asked) >= REQUESTS
            return content_of(path, desk)


def _pulled(desk: Desk, path: Path, monkeypatch: Any, seconds: float | None) -> SourceError | None:
    """The error that ended the first run, if any; then one more run has ended well."""
    try:
        pulled(desk, path, monkeypatch, silence=seconds)
    except SourceError as error:
        pulled(desk, path, monkeypatch)
        return error
    return None
