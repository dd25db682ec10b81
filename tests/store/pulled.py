"""A small made-up world, pulled page by page; run as a program it pulls into a file until it is killed.

    python pulled.py STORE PAGES never|statement|step [MOMENT]

`statement` kills the process right before its MOMENT-th SQL statement, `step` before that instruction of SQLite's
virtual machine. Ended undisturbed, it prints how many of each there were.
"""

import datetime as dt
import os
import random
import signal
import sqlite3
import sys
from itertools import count
from pathlib import Path

from cs_audit.store import Bundle, Record, Store, Tombstone, open_store, schema

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def minute(number):
    return START + dt.timedelta(minutes=number)


def page(number, size=4):
    """Tickets that overlap with the page before in newer versions, a user, and every third time a deletion."""
    chance = random.Random(number)  # noqa: S311 - a made-up world
    tickets = [str(number * (size - 1) + each) for each in range(size)]
    return {
        "bundles": [
            Bundle(ticket, number, minute(number), {"id": ticket, "body": chance.randbytes(400).hex(), "page": number})
            for ticket in tickets
        ],
        "records": [
            Record("user", f"u{number % 3}", number, minute(number), {"role": chance.choice(["agent", "end-user"])})
        ],
        "tombstones": [Tombstone(tickets[0], "deleted", number, minute(number))] if number % 3 == 0 else [],
    }


def store_in_memory():
    """A store that is gone with the test: for the laws of pages, which know no files."""
    link = sqlite3.connect(":memory:", isolation_level=None)
    for number, script in enumerate(schema.SCHEMAS, 1):
        schema._upgrade(link, script, number)
    return Store(Path("memory"), link, sqlite3.connect(":memory:"))


def pull(path, pages, *, finish=True):
    """Pull the world's first pages, going on where an earlier pull was stopped."""
    with open_store(path, since=START) as store:
        done = store.begin("desk", "tickets", started_at=START).value or 0
        for number in range(done, pages):
            store.put_page("desk", "tickets", cursor=number + 1, **page(number))
        if finish:
            store.expected("desk", "tickets", pages)
            store.finish("desk", "tickets", as_of=minute(pages))


def mortal(kind, moment):
    """Let this process kill itself at a moment of its work with SQLite."""
    passed = {"statement": count(1), "step": count(1)}

    def tick(what):
        if next(passed[what]) == moment and what == kind:
            os.kill(os.getpid(), signal.SIGKILL)

    class Mortal(sqlite3.Connection):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            self.set_trace_callback(lambda _: tick("statement"))
            self.set_progress_handler(lambda: tick("step"), 1)

    connect = sqlite3.connect
    sqlite3.connect = lambda *arguments, **options: connect(*arguments, factory=Mortal, **options)
    return passed


if __name__ == "__main__":
    passed = mortal(sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    print("begun", flush=True)  # noqa: T201 - for the parent process
    pull(Path(sys.argv[1]), int(sys.argv[2]))
    print(*(next(each) - 1 for each in passed.values()))  # noqa: T201 - for the parent process
