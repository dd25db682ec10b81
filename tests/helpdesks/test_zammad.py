"""What is special about Zammad."""

import dataclasses
import datetime as dt

import pytest
from helpdesks.fake_zammad import VENDOR, WALL, articles_of
from helpdesks.harness import client_of, ok, running
from helpdesks.world import World, world

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks.connector import Start
from cs_audit.sources.helpdesks.zammad import CONNECTOR

DESK = world(7, 60)
CONFIG = HelpdeskSource.model_validate({"type": "zammad", "url": "https://z.example/", "token": {"env": "X"}})
AT = "2026-03-02T09:00:{:02}.120Z"
PEOPLE = {"7": {"id": 7, "firstname": "Ann", "lastname": "Lee", "email": "Ann@x.example", "phone": "", "login": "ann"},
          "3": {"id": 3, "firstname": "Olga", "lastname": "Petrova", "email": "o@x.example", "phone": "", "login": "olga"}}  # fmt: skip
STATES = {
    "state": {
        "9": {"id": 9, "name": "wartet", "state_type": "pending action"},
        "4": {"id": 4, "name": "closed", "state_type": "closed"},
    }
}


def article(number, kind="email", sender="Customer", **facts):
    own = {
        "created_by_id": {"Customer": 7, "Agent": 3, "System": 1}[sender],
        "origin_by_id": None,
        "internal": False,
        "preferences": {},
    }
    return {
        "id": number,
        "type": kind,
        "sender": sender,
        "body": f"b{number}",
        "created_at": AT.format(number),
        **own,
        **facts,
    }


def entry(number, kind="updated", **facts):
    return {
        "id": number,
        "object": "Ticket",
        "type": kind,
        "o_id": 5,
        "created_by_id": 3,
        "created_at": AT.format(number),
        **facts,
    }


def one(articles=(), history=(), **facts):
    ticket = {"id": 5, "title": "T", "customer_id": 7, "customer": "ann", "created_by_id": 7, "created_at": AT.format(0), "updated_at": AT.format(50),
              "state": "new", "priority": "2 normal", "group": "Users", "owner": "-", "organization": None, **facts}  # fmt: skip
    payload = {"ticket": ticket, "articles": list(articles), "history": list(history), "people": PEOPLE}
    return list(CONNECTOR.normalise(payload, STATES, CONFIG))


def later(events):
    """Without its beginning."""
    return [each for each in events if each["occurred_at"] > events[0]["occurred_at"]]


def walk(desk, monkeypatch, since=None, cursor=None):
    with client_of(desk, monkeypatch) as client:
        return list(CONNECTOR.pages(client, desk.config, Start(cursor, since, DESK.now)))


def ids(pages):
    return [each.ticket for page in pages for each in page.tickets]


class TestReading:
    def test_each_ticket_is_read_once_whatever_a_page_holds(self, monkeypatch):
        with running(VENDOR, DESK) as desk:
            found = walk(desk, monkeypatch)
        assert sorted(map(int, ids(found))) == [each.number for each in DESK.alive]
        assert max(len(each.tickets) for each in found) <= WALL
        asked = [each for each in desk.asked if "by_ticket" in each.path]
        assert len(asked) == len(DESK.alive)

    def test_a_second_of_more_tickets_than_a_page_is_read_whole(self, monkeypatch):
        """A rule closed them all at once."""
        moment = DESK.now - dt.timedelta(hours=1)
        events = [{**each, "occurred_at": moment} for each in DESK.tickets[0].events[:2]]
        crowd = tuple(
            dataclasses.replace(DESK.tickets[0], number=number, events=tuple(events)) for number in range(1, 3 * WALL)
        )
        with running(VENDOR, World(crowd, DESK.now)) as desk:
            found = ids(walk(desk, monkeypatch))
        assert sorted(map(int, found)) == list(range(1, 3 * WALL))

    def test_it_goes_on_behind_the_last_page_stored(self, monkeypatch):
        with running(VENDOR, DESK) as desk:
            whole = walk(desk, monkeypatch)
            rest = walk(desk, monkeypatch, cursor=whole[1].cursor)
            end = walk(desk, monkeypatch, cursor=whole[-1].cursor)
        assert ids(whole[:2]) + ids(rest) == ids(whole)
        assert ids(end) == []

    def test_only_what_changed_is_read(self, monkeypatch):
        since = DESK.now - dt.timedelta(days=4)
        with running(VENDOR, DESK) as desk:
            found = {*map(int, ids(walk(desk, monkeypatch, since)))}
        quiet = {each.number for each in DESK.alive if each.updated_at < since} - {
            each.merged_into for each in DESK.tickets
        }
        assert found
        assert not found & quiet

    def test_a_ticket_deleted_since_it_was_listed_is_gone(self, monkeypatch):
        good = VENDOR.answers(DESK)
        victim = DESK.alive[3].number
        left = VENDOR.answers(World(tuple(each for each in DESK.tickets if each.number != victim), DESK.now))
        vendor = dataclasses.replace(
            VENDOR, answers=lambda _: lambda asked: (good if "search" in asked.path else left)(asked)
        )
        with running(vendor, DESK) as desk:
            found = walk(desk, monkeypatch)
        assert [(each.ticket, each.reason) for page in found for each in page.gone] == [(str(victim), "deleted")]

    def test_what_a_merge_moved_is_read_from_where_it_went(self, monkeypatch):
        source = next(each for each in DESK.alive if each.merged_into)
        with running(VENDOR, DESK) as desk:
            pulled = {each.ticket: each.payload for page in walk(desk, monkeypatch) for each in page.tickets}
        moved = [each["id"] for each in articles_of(DESK) if each["ticket_id"] == source.merged_into]
        told = [
            each["text"]
            for each in CONNECTOR.normalise(pulled[str(source.number)], {}, CONFIG)
            if each["kind"] == "message"
        ]
        assert told == [*(each["text"] for each in source.events if each["kind"] == "message"), "merged"]
        target = pulled[str(source.merged_into)]
        assert len(target["articles"]) == len(moved)
        own = [each for each in CONNECTOR.normalise(target, {}, CONFIG) if each["kind"] == "message"]
        assert len(own) < len(moved)

    @pytest.mark.parametrize("there", [True, False])
    def test_calendars_and_slas_are_capabilities(self, there, monkeypatch):
        good = VENDOR.answers(DESK)
        vendor = dataclasses.replace(
            VENDOR,
            answers=lambda _: (
                lambda asked: ok([]) if there and asked.path.endswith(("calendars", "slas")) else good(asked)
            ),
        )
        with running(vendor, DESK) as desk, client_of(desk, monkeypatch) as client:
            told = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
        assert told == {"tickets": True, "schedules": there, "policies": there}


class TestArticles:
    def test_who_wrote_is_the_sender_of_that_time(self):
        events = later(one([article(1), article(2, sender="Agent"), article(3, sender="System")]))
        assert [(each["author"], each["author_id"], each["automatic"], each["public"]) for each in events] == [
            ("requester", "ann@x.example", False, True), ("agent", "Olga Petrova", False, True), ("system", None, True, True),
        ]  # fmt: skip

    def test_notes_of_agents_are_not_communication_those_of_customers_are(self):
        kinds = [
            article(1, "note", "Agent"),
            article(2, "note", "Customer"),
            article(3, "email", "Agent", internal=True),
        ]
        assert [each["public"] for each in later(one(kinds))] == [False, True, False]

    def test_a_call_an_agent_wrote_down_is_the_customers_word(self):
        (event,) = later(one([article(1, "phone", created_by_id=3, origin_by_id=7)]))
        assert (event["author"], event["author_id"], event["channel"]) == ("requester", "ann@x.example", "phone")

    def test_out_of_office_mail_is_automatic(self):
        (event,) = later(one([article(1, preferences={"is-auto-response": True})]))
        assert (event["author"], event["automatic"]) == ("requester", True)

    def test_channels(self):
        kinds = [
            "email",
            "web",
            "chat",
            "sms",
            "telegram personal-message",
            "twitter direct-message",
            "whatsapp message",
            "fax",
        ]
        events = later(one([article(place, kind) for place, kind in enumerate(kinds, 1)]))
        assert [each["channel"] for each in events] == [
            "email",
            "web",
            "chat",
            "messenger",
            "messenger",
            "social",
            "messenger",
            "other",
        ]


class TestHistory:
    def test_states_are_read_by_their_type(self):
        changes = [
            entry(1, attribute="state", value_from="new", value_to="wartet"),
            entry(2, attribute="state", value_from="wartet", value_to="closed"),
        ]
        assert [(each["kind"], each["status"], each["author_id"]) for each in later(one(history=changes))] == [
            ("status", "pending", "Olga Petrova"), ("status", "closed", "Olga Petrova"),
        ]  # fmt: skip

    def test_what_it_began_with_stands_before_the_first_change(self):
        changes = [
            entry(1, attribute="group", value_from="Sales", value_to="Users"),
            entry(2, attribute="priority", value_to="3 high", value_from="1 low"),
        ]
        events = one(history=changes, owner="olga", state="closed", created_by_id=3)
        begun = [
            (each["kind"], each.get("status") or each.get("team") or each.get("agent") or each.get("priority"))
            for each in events[:5]
        ]
        assert begun == [
            ("other", "new"),
            ("status", "closed"),
            ("priority", "low"),
            ("team", "Sales"),
            ("assignment", "Olga Petrova"),
        ]
        assert {each["author"] for each in events[:5]} == {"agent"}

    def test_an_owner_taken_away_and_entries_of_other_things_say_nothing(self):
        changes = [entry(1, attribute="owner", value_to="-", id_to=1, value_from="x"), entry(2, attribute="title", value_to="x"), entry(3, "notification"),
                   entry(4, "received_merge"), entry(5, "unheard of")]  # fmt: skip
        assert later(one(history=changes, owner="-")) == []

    def test_the_system_and_the_customer_change_things_too(self):
        changes = [
            entry(1, attribute="state", value_from="closed", value_to="closed", created_by_id=1),
            entry(2, attribute="state", value_to="closed", created_by_id=7),
        ]
        assert [(each["author"], each["automatic"]) for each in later(one(history=changes))] == [
            ("system", True),
            ("requester", False),
        ]

    def test_a_merge_ends_the_ticket(self):
        (event,) = later(
            one(
                history=[
                    entry(4, "merged_into", id_to=8),
                    entry(4, attribute="state", value_from="new", value_to="merged"),
                ]
            )
        )
        assert event["kind"] == "merge"


def test_its_own_verdicts_stand_on_the_last_event():
    event = one(
        [article(1)], first_response_diff_in_min=-1, close_diff_in_min=0, first_response_escalation_at=AT.format(30)
    )[-1]
    assert (event["reported_first_reply"], event["reported_resolution"]) == (False, True)
    assert event["due_first_reply"] == dt.datetime(2026, 3, 2, 9, 0, 30, 120_000, tzinfo=dt.UTC)
    assert "due_resolution" not in event


def test_calendars_and_slas_become_tables():
    hours = {"mon": {"active": True, "timeframes": [["09:00", "12:30"], ["13:00", "18:00"]]}, "sat": {"active": True, "timeframes": [["10:00", "23:59"]]},
             "sun": {"active": False, "timeframes": [["09:00", "17:00"]]}}  # fmt: skip
    days = {"2021-11-10": {"active": True, "summary": "Feast day"}, "2021-12-24": {"active": False, "summary": "Eve"}}
    calendar = {
        "id": 1,
        "name": "Berlin",
        "timezone": "Europe/Berlin",
        "business_hours": hours,
        "public_holidays": days,
    }
    sla = {
        "id": 2,
        "name": "new sla",
        "calendar_id": 1,
        "first_response_time": 120,
        "response_time": None,
        "update_time": 60,
        "solution_time": 240,
        "condition": {"a": 1},
    }
    records = {
        "calendar": {"1": calendar},
        "sla": {
            "2": sla,
            "3": {**sla, "id": 3, "first_response_time": None, "update_time": None, "solution_time": None},
        },
    }
    assert CONNECTOR.schedules(records) == {"Berlin": {
        "timezone": "Europe/Berlin", "hours": {"mon": ["09:00-12:30", "13:00-18:00"], "sat": ["10:00-24:00"]},
        "exceptions": {dt.date(2021, 11, 10): []}}}  # fmt: skip
    assert CONNECTOR.policies(records) == [{
        "name": "new sla", "match": {}, "note": {"a": 1}, "schedule": "Berlin", "targets": {
            "first_reply": {"limit": "120m", "clock": "working"}, "periodic_update": {"limit": "60m", "clock": "working"},
            "resolution": {"limit": "240m", "clock": "working"}}}]  # fmt: skip
