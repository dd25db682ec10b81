"""The file itself: one writer, many readers, damage, a full disk, other versions."""

import contextlib
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pulled import START, minute, page, pull

from cs_audit.errors import AuditError
from cs_audit.store import StoreError, StoreFullError, StoreHeldError, digest, open_store, read_store, schema

HOLD = """
import sys, datetime as dt
from pathlib import Path
from cs_audit.store import StoreHeldError, open_store
try:
    store = open_store(Path(sys.argv[1]), since=dt.datetime.fromisoformat(sys.argv[2]))
except StoreHeldError as error:
    print(error, error.hint)
    sys.exit(error.exit_code)
print("held", flush=True)
sys.stdin.read()
store.close()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.db"


def holder(path):
    command = [sys.executable, "-c", HOLD, path, minute(5).isoformat()]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


def test_a_second_process_is_told_who_holds_the_store_and_ends_with_75(path):
    with holder(path) as first:
        assert first.stdout.readline() == "held\n"
        with holder(path) as second:
            said = second.communicate()[0]
        assert second.returncode == 75
        assert f"process {first.pid}, since 2026-03-02T09:05:00" in said
        assert "wait until it ends" in said
        first.stdin.close()
        assert first.wait() == 0
    open_store(path, since=START).close()


def test_the_lock_of_a_killed_process_is_gone_with_it(path):
    with holder(path) as first:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(StoreHeldError):
            open_store(path, since=START)
        first.send_signal(signal.SIGKILL)
        first.wait()
    pull(path, 2)


def test_the_lock_holds_inside_one_process_and_through_a_link_too(path):
    link = path.with_name("link.db")
    with open_store(path, since=START):
        link.symlink_to(path)
        with pytest.raises(StoreHeldError, match=f"process {os.getpid()}"):
            open_store(link, since=START)
    open_store(link, since=START).close()


def test_a_failed_opening_leaves_no_lock(path):
    path.write_bytes(b"no database, but long enough to be looked at" * 100)
    for _ in range(2):
        with pytest.raises(StoreError, match="no sound store"):
            open_store(path, since=START)


def test_readers_see_one_moment_while_a_pull_writes(path):
    pull(path, 3, finish=False)
    with open_store(path, since=START) as writer, read_store(path) as reader:
        before = digest(reader)
        tickets = reader.bundles("desk")
        seen = [next(tickets).bundle.ticket]
        writer.put_page("desk", "tickets", cursor=4, **page(3))
        seen += [each.bundle.ticket for each in tickets]
        assert len(seen) == 10
        assert reader.counts("desk").gone + reader.counts("desk").live == 13
        assert digest(reader) == digest(writer) != before


def test_a_snapshot_stays_while_a_pull_writes(path):
    pull(path, 3, finish=False)
    with open_store(path, since=START) as writer, read_store(path) as reader:
        with reader.snapshot():
            before = reader.revision, digest(reader)
            writer.put_page("desk", "tickets", cursor=4, **page(3))
            assert (reader.revision, digest(reader)) == before
        assert reader.revision == before[0] + 1


def test_reading_writes_nothing(path):
    pull(path, 2)
    with read_store(path) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._link.execute("DELETE FROM item")


def put_pages(store, pages):
    for number in range(pages):
        store.put_page("desk", "tickets", cursor=number + 1, **page(number))


def test_a_full_disk_is_told_and_loses_nothing_that_was_committed(path, tmp_path):
    with open_store(path, since=START) as store:
        store.begin("desk", "tickets", started_at=START)
        store._link.execute("PRAGMA max_page_count = 30")
        with pytest.raises(StoreFullError, match="disk is full") as full:
            put_pages(store, 60)
        assert full.value.exit_code == 3
        assert "free some space" in full.value.hint
        stored = store.cursor("desk", "tickets").value
    assert stored > 1
    pull(tmp_path / "partial.db", stored, finish=False)
    with read_store(path) as held, read_store(tmp_path / "partial.db") as partial:
        assert digest(held) == digest(partial)
    pull(path, 60)
    pull(tmp_path / "whole.db", 60)
    with read_store(path) as held, read_store(tmp_path / "whole.db") as whole:
        assert digest(held) == digest(whole)


def test_only_its_owner_may_read_the_store(path):
    with open_store(path, since=START) as store:
        store.begin("desk", "tickets", started_at=START)
        kept = [path, *path.parent.glob("store.db-*")]
        assert len(kept) == 3
        assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}


def test_a_missing_folder_is_made_for_writing_and_told_for_reading(tmp_path):
    path = tmp_path / "new" / "folder" / "store.db"
    with pytest.raises(StoreError, match="there is no store") as told:
        read_store(path)
    assert "cs-audit pull" in told.value.hint
    assert not path.parent.exists()
    pull(path, 1)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.mkdir(),
        lambda path: path.write_text("ticket,created_at\n1,2026-01-01\n" * 50),
        lambda path: path.write_bytes(os.urandom(9000)),
        lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(4000)),
    ],
)
def test_what_is_no_store_is_refused_with_a_hint(path, make):
    make(path)
    for opening in (lambda: read_store(path), lambda: open_store(path, since=START)):
        with pytest.raises(StoreError) as told:
            opening()
        assert told.value.hint
        assert told.value.exit_code == 4


def test_a_database_of_another_program_is_refused_and_left_as_it_is(path):
    with sqlite3.connect(path) as link:
        link.execute("CREATE TABLE theirs (a)")
    link.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(path, since=START)
    assert path.read_bytes() == before


def test_a_store_whose_folder_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(tmp_path / "file" / "store.db", since=START)


def test_an_empty_file_holds_nothing_yet(path):
    path.touch()
    with pytest.raises(StoreError, match="nothing has been pulled"):
        read_store(path)


def test_a_store_of_a_newer_version_is_refused(path):
    pull(path, 1)
    with sqlite3.connect(path) as link:
        link.execute("PRAGMA user_version = 99")
    link.close()
    for opening in (lambda: read_store(path), lambda: open_store(path, since=START)):
        with pytest.raises(StoreError, match="newer cs-audit"):
            opening()


def test_an_older_store_is_brought_up_to_date_by_a_pull_and_keeps_its_content(path, monkeypatch):
    pull(path, 3, finish=False)
    with read_store(path) as store:
        before = digest(store)
    monkeypatch.setattr(schema, "SCHEMAS", (*schema.SCHEMAS, "CREATE TABLE later (a); INSERT INTO later VALUES (1)"))
    with pytest.raises(StoreError, match="older cs-audit"):
        read_store(path)
    with open_store(path, since=START) as store:
        assert store._link.execute("SELECT a FROM later").fetchall() == [(1,)]
        assert digest(store) == before
    with read_store(path) as store:
        assert digest(store) == before


def test_a_failed_migration_leaves_the_store_as_it_was(path, monkeypatch):
    pull(path, 3)
    monkeypatch.setattr(schema, "SCHEMAS", (*schema.SCHEMAS, "CREATE TABLE later (a); CREATE TABLE later (a)"))
    with pytest.raises(StoreError):
        open_store(path, since=START)
    monkeypatch.undo()
    with open_store(path, since=START) as store:
        assert store.counts("desk").live


@pytest.mark.parametrize("seed", range(40))
def test_damage_anywhere_is_never_a_crash(path, seed):
    pull(path, 6)
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice
    whole = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 20])):
        start = chance.randrange(len(whole))
        whole[start : start + 30] = chance.randbytes(len(whole[start : start + 30]))
    path.write_bytes(whole[: chance.choice([len(whole), chance.randrange(len(whole))])])
    for work in (read_all, lambda path: pull(path, 8)):
        with contextlib.suppress(StoreError):
            work(path)


def read_all(path):
    with read_store(path) as store:
        digest(store)
        store.completeness()
        store.counts("desk")
        store.check()


def test_changed_content_of_a_ticket_is_noticed(path):
    pull(path, 2)
    with sqlite3.connect(path) as link:
        link.execute("UPDATE payload SET packed = (SELECT packed FROM payload WHERE number = 1) WHERE number = 2")
    link.close()
    with read_store(path) as store, pytest.raises(StoreError, match="not what was stored"):
        store.check()


def test_mistakes_in_calling_are_not_taken_for_damage(path):
    with open_store(path, since=START) as store:
        store.begin("desk", "tickets", started_at=START)
    with pytest.raises((AuditError, sqlite3.ProgrammingError)) as told:
        store.begin("desk", "tickets", started_at=START)
    assert not isinstance(told.value, StoreError)
