"""Histories that a real Request Tracker wrote itself, pulled and audited: every event, every due time, every verdict."""

import datetime as dt
import json
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from audit.desk import Drawer, bench_of, frame_of, heard, standard_of
from schedules.walk import instants
from servers.request_tracker import AUDITOR, FIXTURE, IDS, NAME, NOW, ROOT, histories, raw, running, wanted

from cs_audit.audit.chain import audit
from cs_audit.audit.moments import micros
from cs_audit.audit.session import Order, readers
from cs_audit.audit.standard import Target, Window
from cs_audit.config import parse_config
from cs_audit.config.build import build_standard
from cs_audit.schedules import Coordinates, Horizon, Schedule
from cs_audit.sources.helpdesks import connector_of
from cs_audit.store import dump, read_store

pytestmark = [pytest.mark.server, pytest.mark.skipif(bool(wanted()), reason=wanted())]

YEARS = Horizon(2023, 2025)
HOUR = 3_600_000_000
NAMES = {"agent.anna": "Anna Agent", "agent.bert": "Bert Agent"}
STATUSES = {"open": "open", "stalled": "on_hold", "resolved": "solved", "rejected": "closed"}
TARGETS = {
    "standard": {"next_reply": Target(HOUR)},
    "us": {"next_reply": Target(HOUR)},
    "resolve8h": {"resolution": Target(8 * HOUR)},
    "hold": {"resolution": Target(8 * HOUR, pause=("on_hold",))},
}
HOLIDAYS = {
    "berlin": ["2024-01-01", "2024-03-29", "2024-04-01", "2024-05-01", "2024-12-25", "2024-12-26"],
    "york": ["2024-01-01", "2024-05-27", "2024-07-04", "2024-12-25"],
}
ZONES = {"berlin": "Europe/Berlin", "york": "America/New_York"}
PAUSED = {"stalled-pause": 2, "pause-1": 2, "pause-2": 0, "pause-3": 1, "pause-4": 1, "pause-5": 1, "pause-6": 3}
"""Seconds that Request Tracker counts too many in all: one for each pause in working time."""
KEYS = {number: key for key, number in IDS.items()}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("request-tracker")) as found:
        assert json.loads((found.state / "ids.json").read_text("utf-8")) == IDS
        yield found


@pytest.fixture(scope="session")
def store(server, tmp_path_factory):
    """A pull as a user who may only read."""
    path = tmp_path_factory.mktemp("pulled") / "store.db"
    run = server.pulled(path)
    assert run.given == len(FIXTURE)
    return path


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace(" ", "T")).replace(tzinfo=dt.UTC)


def wanted_events(ticket: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What the fixture's events must become: time, kind, role, name, public, value or beginning of the text."""
    status = "new"
    for number, event in enumerate(ticket["events"]):
        at, who = moment(event["at"]), NAMES.get(event["actor"], event["actor"])
        role = "agent" if event["actor"] in NAMES else "requester"
        said, do = f"[{ticket['key']}] event {number}:", event["do"]
        if do in ("mail_create", "rest_create"):
            yield at, "other", role, who, False, "new"
            yield at, "team", role, who, False, ticket["queue"]
        if do in ("mail_create", "rest_create", "mail_reply", "reply", "comment"):
            yield at, "message", role, who, do != "comment", said
        if do in ("mail_reply", "reply") and status in ("new", "resolved"):
            status = "open"
            yield at, "status", "system", None, False, "open"
        if do in ("take", "steal", "give"):
            owner = NAMES[event["owner"]] if do == "give" else who
            yield at, "assignment", role, who, False, owner
        elif do == "status":
            status = event["status"]
            yield at, "status", role, who, False, STATUSES[status]
        elif do == "move":
            yield at, "team", role, who, False, event["queue"]
        elif do == "merge":
            yield at, "merge", role, who, False, None
        elif do == "put" and "Priority" in event["fields"]:
            yield at, "priority", role, who, False, "normal"


def told(event: dict[str, Any]) -> tuple[Any, ...]:
    """An event of ours in the same form."""
    column = {"other": "status", "assignment": "agent", "message": "text", "merge": "merge"}.get(event["kind"], event["kind"])  # fmt: skip
    value = event.get(column)
    if event["kind"] == "message":
        value = f"{str(value).partition(':')[0]}:"
    return event["occurred_at"], event["kind"], event["author"], event["author_id"], event["public"], value


class TestHistories:
    def test_every_event_of_every_ticket_is_what_was_played_to_the_second(self, server, store, counted):
        ours = histories(store, server)
        assert sum(len(ticket["events"]) for ticket in FIXTURE) == 111
        for ticket in FIXTURE:
            found = [told(event) for event in ours.pop(IDS[ticket["key"]])]
            assert found == list(wanted_events(ticket)), ticket["key"]
        assert not ours
        counted("events of a real Request Tracker that are what was played, to the second", 111)

    def test_mail_and_programs_are_told_apart(self, server, store):
        ours = histories(store, server)
        for ticket in FIXTURE:
            messages = [event for event in ours[IDS[ticket["key"]]] if event["kind"] == "message"]
            assert {each["channel"] for each in messages if each["author"] == "requester"} <= {"email"}
            assert {each["channel"] for each in messages if each["author"] == "agent"} <= {"api"}

    def test_a_mail_in_several_parts_gives_its_text_alone(self, server, store):
        message = next(each for each in histories(store, server)[IDS["merge-target"]] if each["kind"] == "message")
        assert message["text"] == "[merge-target] event 0: first message\n"
        assert message["channel"] == "email"
        assert message["subject"] == "Grüße: Anhang fehlt"

    def test_a_second_pull_brings_no_news(self, server, store):
        before = content(store)
        again = server.pulled(store)
        assert again.changed == 0
        assert content(store) == before
        assert server.traffic[-1].requests < 20

    def test_a_pull_takes_fewer_requests_than_there_are_tickets(self, server, tmp_path):
        server.pulled(tmp_path / "store.db")
        assert server.traffic[-1].requests < len(FIXTURE)

    @pytest.mark.parametrize("who", ["token", "superuser"])
    def test_other_ways_to_log_in_bring_the_same_events(self, server, store, tmp_path, who):
        login = ROOT if who == "superuser" else (None, server.script("token", AUDITOR[0]))
        server.pulled(tmp_path / "store.db", login)
        assert histories(tmp_path / "store.db", server) == histories(store, server)

    def test_small_pages_bring_the_same_events(self, server, store, tmp_path, monkeypatch):
        for module in ("rt.MOST", "rt._A_PAGE", "rt_search.MOST"):
            monkeypatch.setattr(f"cs_audit.sources.helpdesks.{module}", 5)
        monkeypatch.setattr("cs_audit.sources.helpdesks.rt_search.listed.__defaults__", (0, 5))
        server.pulled(tmp_path / "store.db")
        assert server.traffic[-1].requests > 50
        assert histories(tmp_path / "store.db", server) == histories(store, server)


def content(path) -> list[bytes]:
    with read_store(path) as store:
        return [line for line in dump(store) if b'"stream"' not in line]


def schedule(name: str) -> Schedule:
    """Nine to five from Monday to Friday."""
    week = tuple([((9 * 3600, 17 * 3600),)] * 5 + [()] * 2)
    off = {dt.date.fromisoformat(day): "" for day in HOLIDAYS[name]}
    return Schedule(name, ZONES[name], week, off=off)


def calendar_of(payload: Any) -> str:
    return "york" if payload["ticket"]["SLA"] == "us" else "berlin"


def due_rows(payload: Any) -> list[tuple[str, str]]:
    """Each moment at which Request Tracker set or cleared the due time, with what stood then."""
    found = {row["Created"]: row["NewValue"] for row in payload["rows"] if row["Field"] == "Due"}
    return sorted(found.items())


def due_at(events: list[dict[str, Any]], payload: Any, as_of: str) -> int | None:
    """The due instant of the ticket's open wait, as of an instant."""
    targets = TARGETS[payload["ticket"]["SLA"]]
    at = dt.datetime.fromisoformat(as_of)
    bench = bench_of(standard_of(targets, schedule(calendar_of(payload))), at, years=YEARS)
    rows = [
        {"ticket": "T", "row": place, "seq": None, "status": None, **event}
        for place, event in enumerate(events)
        if event["occurred_at"] <= at
    ]
    names = ("ticket", "row", "seq", "occurred_at", "kind", "author", "public", "automatic", "status")
    frame = frame_of([{name: row[name] for name in names} for row in rows])
    still = [row["due_at"] for row in heard(frame, bench)[0].rows() if row["ended_at"] is None and row["began_at"]]
    return next(iter(still), None)


class TestDueTimes:
    def test_every_due_time_it_ever_set_is_ours(self, server, store):
        """Equal, or with no working time between: where a target ends at closing, its due time is the next opening."""
        ours, payloads, compared = histories(store, server), raw(store), 0
        for number, payload in payloads.items():
            if KEYS[number] == "merged-away":
                continue
            pauses = 0
            for at, due in due_rows(payload):
                theirs = None if due.startswith("1970") else micros(moment(due))
                mine = due_at(ours[number], payload, at)
                assert (mine is None) == (theirs is None), (KEYS[number], at, due)
                if theirs is not None and mine is not None:
                    clock = Coordinates([schedule(calendar_of(payload)).timetable(YEARS)])
                    low, high = clock.worked(0, instants(mine, theirs))
                    pauses = int(high - low)
                    assert pauses in {0, *range(1_000_000, PAUSED.get(KEYS[number], 0) * 1_000_000 + 1, 1_000_000)}
                compared += 1
            assert pauses == PAUSED.get(KEYS[number], 0) * 1_000_000, KEYS[number]
        assert compared > 50

    def test_verdicts_on_first_replies_are_those_by_its_due_times(self, server, store, monkeypatch):
        ours = histories(store, server)
        promised = {number: events[-1]["due_first_reply"] for number, events in ours.items() if "due_first_reply" in events[-1]}  # fmt: skip
        assert len(promised) == 17
        rows = {int(row["ticket"]): row for row in verdicts(server, store, monkeypatch) if row["rule"] == "first_reply"}
        for number, due in promised.items():
            row = rows[number]
            assert (row["ended_at"] <= micros(due)) == (row["outcome"] == "achieved"), (KEYS[number], row, due)
        assert {KEYS[number] for number in promised if rows[number]["outcome"] != "achieved"} >= {"one-second-late", "us-dst-weekend"}  # fmt: skip
        assert rows[IDS["exactly-60"]]["outcome"] == "achieved"

    def test_a_time_to_resolve_by_is_told_from_a_time_to_answer_by(self, server, store):
        ours = histories(store, server)
        assert ours[IDS["outage-met"]][-1]["due_resolution"] == moment("2024-04-11 07:00:00")
        assert "due_first_reply" not in ours[IDS["outage-met"]][-1]
        assert "due_resolution" not in ours[IDS["easter-dst"]][-1]


def verdicts(server: Any, store: Any, monkeypatch: Any) -> list[dict[str, Any]]:
    """Every verdict of an audit of the store, by a configuration like any other."""
    monkeypatch.setenv("DESK_TOKEN", AUDITOR[1])
    table = server.config("auditor").model_dump(exclude_none=True)
    hours = {"hours": {"mon-fri": ["09:00-17:00"]}}
    schedules = {
        name: {
            "timezone": ZONES[name],
            **hours,
            "exceptions": {dt.date.fromisoformat(day): [] for day in HOLIDAYS[name]},
        }
        for name in ZONES
    }
    policies = [
        {"name": "US", "match": {"team": ["Support US"]}, "schedule": "york", "targets": {"first_reply": "60m"}},
        {"name": "All", "schedule": "berlin", "targets": {"first_reply": "60m"}},
    ]
    config = parse_config(
        {"sources": {NAME: table}, "schedules": schedules, "policies": policies, "store": {"path": str(store)}},
        folder=store.parent,
    )
    window, drawer = Window(as_of=NOW), Drawer()
    order = Order(config, window)
    with readers(order, order.needs) as (found, place):
        audit(found, build_standard(config), window, place, drawer)
        assert not [reject for source in found for reject in source.rejects]
    return drawer.rows()


def put(server: Any, ticket: int, **changes: Any) -> None:
    """A change by the superuser, on the server's clock."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{server.url}/REST/2.0/ticket/{ticket}", method="PUT", data=json.dumps(changes).encode(),
        headers={"Authorization": "Basic " + b64encode(":".join(ROOT).encode()).decode(), "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
        assert answer.status == 200


class TestWhatComesAfter:
    """The last tests: they change the server's tickets."""

    def test_a_deleted_and_a_merged_ticket_are_seen_by_the_next_pull(self, server, store):
        later = NOW + dt.timedelta(days=1)
        (server.state / "clock.new").write_text(f"{later:%Y-%m-%d %H:%M:%S}\n", "utf-8")
        (server.state / "clock.new").replace(server.state / "clock")
        put(server, IDS["never-answered"], Status="deleted")
        put(server, IDS["overnight"], MergeInto=IDS["exactly-60"])
        run = server.pulled(store, now=later)
        assert (run.gone, run.changed) == (1, 3)
        with read_store(store) as held:
            gone = {each.bundle.ticket: each.tombstone for each in held.bundles(NAME) if each.tombstone}
        assert [(ticket, stone.reason) for ticket, stone in gone.items()] == [(str(IDS["never-answered"]), "deleted")]
        last = histories(store, server)[IDS["overnight"]][-1]
        assert (last["kind"], last["occurred_at"]) == ("merge", later)

    def test_the_capabilities_are_those_of_the_user(self, server, monkeypatch):
        from cs_audit.sources.web.client import Client  # noqa: PLC0415 - here alone
        from cs_audit.sources.web.secret import Secret  # noqa: PLC0415

        declared, config = connector_of("rt"), server.config("auditor")
        assert declared.capabilities is not None
        monkeypatch.setenv("DESK_TOKEN", AUDITOR[1])
        secret = Secret(config.token, where="sources.desk.token")
        with Client(declared.site(NAME, config), declared.credentials(config, secret)) as client:
            assert all(each.there and not each.note for each in declared.capabilities(client, config))
