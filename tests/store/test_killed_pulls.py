"""A pull may be killed at any moment: what is held is whole pages, and one more run makes the store whole."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pulled import START, page, pull

from cs_audit.store import StoreError, digest, open_store, read_store

PAGES = 5
LONG = 300


def child(path, pages, *arguments):
    command = [sys.executable, Path(__file__).with_name("pulled.py"), path, str(pages), *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


def digest_of(path):
    with read_store(path) as store:
        store.check()
        return digest(store)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The digests that may be found after each number of pages, that of the finished pull, and how many moments it has."""
    folder = tmp_path_factory.mktemp("undisturbed")
    whole = child(folder / "whole.db", PAGES, "never")
    statements, steps = map(int, whole.communicate()[0].split()[1:])
    partial = []
    for pages in range(PAGES + 1):
        pull(folder / f"{pages}.db", pages, finish=False)
        partial.append({digest_of(folder / f"{pages}.db")})
    with open_store(folder / f"{PAGES}.db", since=START) as store:
        store.expected("desk", "tickets", PAGES)
        partial[PAGES] |= {digest(store), digest_of(folder / "whole.db")}
    return partial, digest_of(folder / "whole.db"), {"statement": statements, "step": steps}


def pages_held(path):
    """How many pages are held; None before there is a store or its run began."""
    try:
        store = read_store(path)
    except StoreError as error:
        if str(error).endswith(("nothing has been pulled yet", "there is no store")):
            return None
        raise
    with store:
        held = store.cursor("desk", "tickets")
    return held and (held.value or 0)


@pytest.mark.parametrize("kind", ["statement", "step"])
@pytest.mark.parametrize("seed", range(50))
def test_killed_at_any_moment_whole_pages_are_held_and_one_run_completes_them(
    tmp_path, undisturbed, counted, kind, seed
):
    partial, whole, moments = undisturbed
    path = tmp_path / "store.db"
    moment = random.Random(f"{kind}{seed}").randint(1, moments[kind])  # noqa: S311 - a repeatable choice
    killed = child(path, PAGES, kind, moment)
    _, complaint = killed.communicate()
    assert killed.returncode == -signal.SIGKILL, complaint
    pages = pages_held(path)
    if pages is not None:
        assert digest_of(path) in partial[pages]
    pull(path, PAGES)
    assert digest_of(path) == whole
    counted("writers of a store that were killed between two writes, and made whole by one re-run")


def test_killed_again_and_again_the_pull_still_arrives(tmp_path, undisturbed):
    path, kills = tmp_path / "store.db", 0
    for moment in range(40, 400, 10):
        run = child(path, PAGES, "statement", moment)
        run.communicate()
        kills += run.returncode == -signal.SIGKILL
        if run.returncode == 0:
            break
    assert kills > 1
    assert digest_of(path) == undisturbed[1]


@pytest.mark.parametrize("seed", range(8))
def test_killed_by_the_clock_in_mid_commit_nothing_is_torn(tmp_path, long_digest, seed):
    path = tmp_path / "store.db"
    run = child(path, LONG, "none")
    assert run.stdout.readline() == "begun\n"
    time.sleep(random.Random(seed).uniform(0.02, 0.4))  # noqa: S311 - a repeatable choice
    run.kill()
    run.communicate()
    pages = pages_held(path)
    if pages:
        with read_store(path) as store:
            held = {each.bundle.ticket: each.bundle for each in store.bundles("desk")}
        assert held == {bundle.ticket: bundle for number in range(pages) for bundle in page(number)["bundles"]}
    pull(path, LONG)
    assert digest_of(path) == long_digest


@pytest.fixture(scope="module")
def long_digest(tmp_path_factory):
    path = tmp_path_factory.mktemp("long") / "store.db"
    pull(path, LONG)
    return digest_of(path)
