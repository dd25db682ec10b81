"""What holds of every connector: complete histories, nothing lost, nothing doubled, the same verdicts as from a file."""

import datetime as dt
from pathlib import Path

import pytest
from helpdesks.harness import (
    NAME,
    TOKEN,
    as_csv,
    audited,
    content_of,
    csv_source,
    pulled,
    running,
    seen,
    verdicts,
)
from helpdesks.vendors import VENDORS
from helpdesks.world import World, world

from cs_audit.sources.pulled import PulledReader
from cs_audit.store import read_store

DESK = world(7, 60)
every = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS)


def store_at(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "store.db"


@every
class TestWholePull:
    def test_verdicts_are_those_of_the_same_world_in_a_file(self, vendor, tmp_path, monkeypatch, counted):
        with running(vendor, DESK) as desk:
            pulled(desk, store_at(tmp_path), monkeypatch)
            as_csv(desk, tmp_path / "world.csv")
            table = desk.config.model_dump(exclude_none=True)
            ours = verdicts({NAME: table}, tmp_path, DESK.now)
        theirs = verdicts({NAME: csv_source(tmp_path / "world.csv")}, tmp_path, DESK.now)
        judged, expected = seen(vendor, ours), seen(vendor, theirs)
        assert judged == expected
        assert len(expected) > 4 * len(DESK.alive)
        assert {each.get("reason") for each in ours if each not in judged} <= {"history_not_available"}
        counted("worlds that were pulled and judged like the same in a file, one of each connector")
        counted("verdicts of these that are equal", len(expected))

    def test_every_ticket_is_held_or_known_to_be_gone(self, vendor, tmp_path, monkeypatch):
        with running(vendor, DESK) as desk:
            run = pulled(desk, store_at(tmp_path), monkeypatch)
        with read_store(tmp_path / "store.db") as store:
            held = {each.bundle.ticket for each in store.bundles(NAME) if each.tombstone is None}
            assert all(each.missing == 0 for each in store.completeness())
        assert len(held) == len(DESK.alive)
        assert run.given >= len(held)

    def test_a_second_pull_brings_no_news(self, vendor, tmp_path, monkeypatch):
        with running(vendor, DESK) as desk:
            pulled(desk, store_at(tmp_path), monkeypatch)
            before, asked = content_of(tmp_path / "store.db", desk), len(desk.asked)
            again = pulled(desk, tmp_path / "store.db", monkeypatch)
            assert again.changed == 0
            assert len(desk.asked) - asked < asked
        assert content_of(tmp_path / "store.db", desk) == before

    def test_a_pull_of_what_changed_ends_where_a_whole_one_does(self, vendor, tmp_path, monkeypatch):
        half = DESK.at(DESK.now - dt.timedelta(days=8))
        if not vendor.tells_deletions:  # so none happens in between
            gone = {each.number for each in DESK.tickets if each.deleted}
            half = World(tuple(each for each in half.tickets if each.number not in gone), half.now)
        with running(vendor, half) as desk:
            pulled(desk, store_at(tmp_path / "a"), monkeypatch)
        with running(vendor, DESK) as desk:
            pulled(desk, store_at(tmp_path / "a"), monkeypatch)
            pulled(desk, store_at(tmp_path / "b"), monkeypatch)
            sources = {NAME: desk.config.model_dump(exclude_none=True)}
            found = [verdicts(sources, tmp_path / each, DESK.now) for each in ("a", "b")]
        assert found[0] == found[1]

    def test_an_audit_reads_again_only_what_a_pull_changed(self, vendor, tmp_path, monkeypatch, counted):
        half = DESK.at(DESK.now - dt.timedelta(days=8))
        read = []
        events = PulledReader._events
        monkeypatch.setattr(PulledReader, "_events", lambda *told: read.append(told[1].bundle.ticket) or events(*told))
        store = store_at(tmp_path)
        with running(vendor, half) as desk:
            pulled(desk, store, monkeypatch)
            sources = {NAME: desk.config.model_dump(exclude_none=True)}
            first = audited(sources, tmp_path)
            whole = len(read)
            assert audited(sources, tmp_path) == first
            assert len(read) == whole
            with read_store(store) as before:
                states = dict(before.states(NAME))
        with running(vendor, DESK) as desk:
            pulled(desk, store, monkeypatch)
            with read_store(store) as after:
                same = {ticket for ticket, state in after.states(NAME) if states.get(ticket) == state}
        read.clear()
        second = audited(sources, tmp_path)
        changed = set(read)
        assert second == audited(sources, tmp_path, cache=False)
        assert second != first
        assert same
        counted("tickets of a second audit that had changed, and were read", len(changed - same))
        counted(
            "tickets of a second audit that had not, and were read for what was said of others", len(changed & same)
        )

    def test_only_reads_leave_and_each_with_the_token(self, vendor, tmp_path, monkeypatch):
        with running(vendor, DESK) as desk:
            pulled(desk, store_at(tmp_path), monkeypatch)
            assert desk.refused == 0
            assert {each.method for each in desk.asked} <= {"GET", "POST"}
        everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert TOKEN.encode() not in everything


@every
def test_an_empty_helpdesk_is_pulled_to_its_end(vendor, tmp_path, monkeypatch):
    with running(vendor, World((), DESK.now)) as desk:
        run = pulled(desk, store_at(tmp_path), monkeypatch)
    assert (run.given, run.changed) == (0, 0)
