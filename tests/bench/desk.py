"""`python -m tests.bench.desk EVENTS STORE`: the generated log as the store of a Zendesk that was pulled.

`python -m tests.bench.desk SHARE STORE again`: what the next pull brings a day later: in that share of the tickets, say
0.01, the requester has written once more.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from cs_audit.sources.helpdesks.pulling import RECORDS, TICKETS
from cs_audit.store import Bundle, Held, Record, Store, open_store
from tests.bench.generate import BLOCK, SEED, TEAMS, block, sentences, tickets

SOURCE = "desk"
PULLED = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PAGE = 1_000
REQUESTER, AGENT, ROBOT, FIRST_TEAM = 900_000, 7, 8, 500
CHANNELS = {"messenger": "whatsapp", "phone": "voice"}
Json = dict[str, Any]
Row = tuple[Any, ...]


def audit_of(row: Row, teams: list[Json]) -> Json:
    """One update of a ticket, as Zendesk tells it."""
    _, number, at, kind, author, channel, public, status, _, _, text = row
    made: list[Json] = {
        "message": [{"type": "Comment", "public": public == "true", "body": text}],
        "assignment": [{"type": "Change", "field_name": "assignee_id", "value": AGENT}],
        "status": [{"type": "Change", "field_name": "status", "value": status}],
    }[kind]
    via = {"bot": "answer_bot", "system": "rule"}.get(author, CHANNELS.get(channel, channel))
    who = {"requester": REQUESTER, "agent": AGENT, "bot": ROBOT}.get(author, -1)
    return {"id": number, "created_at": at, "author_id": who, "via": {"channel": via}, "events": [*teams, *made]}


def bundle(rows: list[Row]) -> Bundle:
    """A whole ticket; its first update says which team has it."""
    ticket, team = rows[0][0], FIRST_TEAM + TEAMS.index(rows[0][9])
    first: list[Json] = [{"type": "Create", "field_name": "group_id", "value": team}]
    audits = [audit_of(row, first if place == 0 else []) for place, row in enumerate(rows)]
    told = {"id": ticket, "requester_id": REQUESTER, "subject": "", "tags": [], "organization_id": None}
    payload = {"ticket": told, "requester": {"email": "someone@example.org"}, "audits": audits}
    return Bundle(ticket, audits[-1]["created_at"], PULLED, payload)


def bundles(events: int) -> Iterator[Bundle]:
    """The tickets of the log, made as `generate` makes them."""
    dice = np.random.default_rng(SEED)
    pool, whole, size = pl.Series(sentences(dice)), tickets(events), tickets(BLOCK)
    told = ("id", "event_id", "at", "kind", "author", "channel", "public", "status", "priority", "team", "text")
    moment = pl.col("occurred_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_zone="UTC")
    for first in range(0, whole, size):
        frame = block(dice, first, min(size, whole - first), pool).with_columns(
            moment.dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("at"), pl.col("ticket").str.slice(2).alias("id")
        )
        rows = frame.sort("ticket", "occurred_at", "event_id").select(told).iter_rows()
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield bundle(list(group))


def fill(store: Store, given: Iterable[Bundle], now: dt.datetime) -> int:
    """One whole run of a pull; how many tickets it brought."""
    store.begin(SOURCE, TICKETS, started_at=now, full=True)
    number, page = 0, list[Bundle]()
    for number, each in enumerate(given, 1):
        page.append(each)
        if len(page) == PAGE:
            store.put_page(SOURCE, TICKETS, cursor=number, bundles=page)
            page = []
    store.put_page(SOURCE, TICKETS, cursor=number or 1, bundles=page)
    store.finish(SOURCE, TICKETS, as_of=now)
    return number


def people(store: Store) -> None:
    """The agents and teams."""
    store.begin(SOURCE, RECORDS, started_at=PULLED, full=True, restart=True)
    told = [("user", AGENT, {"name": "Anna Weber", "email": "anna@desk.example"})]
    told += [("group", FIRST_TEAM + place, {"name": name}) for place, name in enumerate(TEAMS)]
    records = [Record(kind, str(number), "", PULLED, {"id": number} | payload) for kind, number, payload in told]
    store.put_page(SOURCE, RECORDS, cursor={"end": True}, records=records)
    store.finish(SOURCE, RECORDS, as_of=PULLED)


def written_again(held: Held) -> Bundle:
    """A ticket in which the requester has written once more."""
    payload = held.bundle.payload
    last = payload["audits"][-1]
    said: Json = {"type": "Comment", "public": True, "body": "Hello?"}
    more = {**last, "id": last["id"] + 50, "author_id": REQUESTER, "via": {"channel": "web"}, "events": [said]}
    more["created_at"] = (PULLED + DAY / 2).strftime("%Y-%m-%dT%H:%M:%SZ")
    audits = [*payload["audits"], more]
    return Bundle(held.bundle.ticket, more["created_at"], PULLED + DAY, {**payload, "audits": audits})


def main() -> None:
    """Fill a store, or bring it up to date."""
    much, path = float(sys.argv[1]), Path(sys.argv[2])
    with open_store(path, since=PULLED - 600 * DAY) as store:
        if sys.argv[3:]:
            every = round(1 / much)
            with store.snapshot():
                changed = [written_again(each) for place, each in enumerate(store.bundles(SOURCE)) if not place % every]
            print(fill(store, changed, PULLED + DAY), "tickets")
        else:
            people(store)
            print(fill(store, bundles(int(much)), PULLED), "tickets")


if __name__ == "__main__":
    main()
