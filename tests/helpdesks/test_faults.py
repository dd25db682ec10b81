"""Faults on a real socket, at every place of a pull: nothing is lost and nothing doubled, at once or after one more run.

`FAULTS=all pytest tests/helpdesks/test_faults.py` tries every fault at each of the first 60 requests of every connector;
otherwise a seeded share of them.
"""

import os
import random
from functools import cache
from itertools import product

import pytest
from helpdesks.faults import FAULTS
from helpdesks.harness import content_of, pulled, running
from helpdesks.vendors import VENDORS
from helpdesks.world import world

from cs_audit.errors import SourceError

DESK = world(11, 24)
REQUESTS = 60
SHARE = 1.0 if os.environ.get("FAULTS") == "all" else 0.1
PLACES = [
    (vendor, fault, place) for vendor, fault, place in product(VENDORS, FAULTS, range(1, REQUESTS + 1))
    if random.Random(f"{vendor} {fault} {place}").random() < SHARE  # noqa: S311 - a fixed share
]  # fmt: skip
ENDS = (3, 4)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a pull brings that nothing disturbs, and how many requests it takes."""

    @cache
    def known(name):
        path = tmp_path_factory.mktemp("calm") / "store.db"
        with pytest.MonkeyPatch.context() as patch, running(VENDORS[name], DESK) as desk:
            pulled(desk, path, patch)
            return content_of(path, desk), len(desk.asked)

    return known


@pytest.mark.parametrize(("vendor", "fault", "place"), PLACES)
def test_a_disturbed_pull_ends_with_the_same_store(vendor, fault, place, undisturbed, tmp_path, monkeypatch):
    expected, requests = undisturbed(vendor)
    if place > requests:
        pytest.skip(f"a pull takes {requests} requests")
    path = tmp_path / "store.db"
    with running(VENDORS[vendor], DESK) as desk:
        desk.faults[place] = FAULTS[fault]
        ended = _pulled(desk, path, monkeypatch)
        assert ended is None or (ended.exit_code in ENDS and ended.hint)
        assert content_of(path, desk) == expected


def _pulled(desk, path, monkeypatch):
    """The error that ended the first run, if any; then one more run has ended well."""
    try:
        pulled(desk, path, monkeypatch)
    except SourceError as error:
        pulled(desk, path, monkeypatch)
        return error
    return None
