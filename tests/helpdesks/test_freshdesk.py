"""What is special about Freshdesk: no change log, pages that end at a wall, and lists that leave tickets out."""

import datetime as dt
from dataclasses import replace

import pytest
from helpdesks import fake_freshdesk
from helpdesks.fake_freshdesk import VENDOR, conversations_of, ticket_of
from helpdesks.harness import NAME, client_of, ok, pulled, running, seen, verdicts
from helpdesks.world import AGENTS, REQUESTERS, Ticket, World, world

from cs_audit.config import parse_config
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.rules import find_rule
from cs_audit.sources.helpdesks.freshdesk import CONNECTOR
from cs_audit.store import read_store

DESK = world(7, 20)
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
TABLE = HelpdeskSource.model_validate({"type": "freshdesk", "url": "https://x.freshdesk.com", "token": {"env": "T"}})
AGENT = {"agent": {"100": {"name": "Olga Petrova", "type": "support_agent"}}}


def held(path):
    with read_store(path) as store:
        return {each.bundle.ticket: each for each in store.bundles(NAME)}


def crowd(size):
    """So many tickets that one bulk action changed in the same second."""
    opened, mail = DESK.tickets[0].events[:2]
    first = tuple({**each, "occurred_at": NOON} for each in (opened, mail))
    return World(
        tuple(Ticket(number, REQUESTERS[0], f"S{number}", "email", first) for number in range(1, size + 1)),
        NOON + dt.timedelta(hours=1),
    )


def payload(said=(), **changes):
    return {"ticket": {**ticket_of(crowd(1).tickets[0]), **changes}, "conversations": list(said)}


def reply(number=1, **changes):
    told = {"id": number, "user_id": 100, "incoming": False, "private": False, "source": 0, "category": 3}
    text = {"body": "<p>Hello</p>", "body_text": "Hello", "created_at": "2026-03-04T13:00:00Z", "from_email": None}
    return {**told, **text, **changes}


def normalised(said=(), records=AGENT, **changes):
    return list(CONNECTOR.normalise(payload(said, **changes), records, TABLE))


def last_message(*said, **changes):
    return [each for each in normalised(said, **changes) if each["kind"] == "message"][-1]


def test_rules_that_need_a_change_log_are_not_judged_for_want_of_it(tmp_path, monkeypatch):
    with running(VENDOR, DESK) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        rows = verdicts({NAME: desk.config.model_dump(exclude_none=True)}, tmp_path, DESK.now)
    judged = seen(VENDOR, rows)
    blind = [each for each in rows if each not in judged]
    assert {each["rule"] for each in blind} == {
        "agent_work", "first_resolution", "ownership", "periodic_update", "requester_wait",
    }  # fmt: skip
    assert {each["reason"] for each in blind} == {"history_not_available"}
    assert {each["outcome"] for each in judged if each["rule"] == "resolution"} >= {"achieved", "breached"}


class TestLists:
    def test_a_second_of_more_tickets_than_a_page_is_paged_through(self, tmp_path, monkeypatch):
        monkeypatch.setattr(fake_freshdesk, "WALL", 300)
        with running(VENDOR, crowd(45)) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert len(held(tmp_path / "store.db")) == 45

    def test_a_list_that_shifts_while_it_is_paged_loses_nothing(self, tmp_path, monkeypatch):
        monkeypatch.setattr(fake_freshdesk, "WALL", 300)
        desk_of = {"now": crowd(25)}
        whole = desk_of["now"].tickets
        later = {**whole[0].events[1], "id": 99, "occurred_at": NOON + dt.timedelta(minutes=5)}
        moved = replace(whole[0], events=(*whole[0].events, later))

        def answer(asked):
            step = VENDOR.answers(desk_of["now"])(asked)
            if asked.path == "api/v2/tickets" and asked.query["page"] == "2":
                desk_of["now"] = World((moved, *whole[1:]), desk_of["now"].now)  # the 21st is the 20th from now on
            return step

        with running(replace(VENDOR, answers=lambda _: answer), desk_of["now"]) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert set(held(tmp_path / "store.db")) == {str(number) for number in range(1, 26)}

    def test_hardly_any_second_page_is_asked_for(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            pages = [each.query["page"] for each in desk.asked if each.path == "api/v2/tickets"]
        assert set(pages) == {"1"}
        assert len(pages) < 8

    def test_what_is_deleted_or_spam_later_is_gone_and_its_history_stays(self, tmp_path, monkeypatch):
        path = tmp_path / "store.db"
        first, second, *rest = (replace(each, deleted=False) for each in DESK.tickets)
        with running(VENDOR, World((first, second, *rest), DESK.now)) as desk:
            pulled(desk, path, monkeypatch)
        spam = {"id": second.number, "updated_at": "2026-04-20T00:00:00Z", "spam": True}
        gone = replace(first, deleted=True)

        def answers(made):
            usual = VENDOR.answers(World((gone, *rest), made.now))
            return lambda asked: ok([spam]) if asked.query.get("filter") == "spam" else usual(asked)

        with running(replace(VENDOR, answers=answers), DESK) as desk:
            pulled(desk, path, monkeypatch, full=True)
        found = held(path)
        for each in (first, second):
            assert found[str(each.number)].tombstone.reason == "deleted"
            assert found[str(each.number)].bundle.payload["conversations"] is not None
        assert sum(each.tombstone is None for each in found.values()) == len(rest)

    def test_a_rating_arrives_though_its_ticket_did_not_change(self, tmp_path, monkeypatch):
        ticket = crowd(1).tickets[0]
        given = {"kind": "rating", "occurred_at": NOON + dt.timedelta(days=2), "score": 1.0, "id": 77}
        rated = replace(ticket, events=(*ticket.events, given))
        with running(VENDOR, World((ticket,), NOON + dt.timedelta(days=1))) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        with running(VENDOR, World((rated,), NOON + dt.timedelta(days=3))) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        with read_store(tmp_path / "store.db") as store:
            ratings = {each.id: each.payload for each in store.records(NAME, "rating")}
            events = list(
                CONNECTOR.normalise(next(iter(store.bundles(NAME))).bundle.payload, {"rating": ratings}, TABLE)
            )
        assert [(each["score"], each["scale"]) for each in events if each["kind"] == "rating"] == [(6.0, 6.0)]

    def test_addresses_of_attachments_are_not_kept(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        said = [note for each in held(tmp_path / "store.db").values() for note in each.bundle.payload["conversations"]]
        assert said
        assert not any("attachments" in each for each in said)


class TestMessages:
    def test_the_description_is_the_first_message(self):
        first = next(each for each in normalised() if each["kind"] == "message")
        assert (first["occurred_at"], first["author"], first["author_id"]) == (NOON, "requester", REQUESTERS[0].email)
        assert (first["public"], first["channel"], first["channel_detail"]) == (True, "email", "email")

    def test_a_web_chats_description_that_repeats_its_first_message_counts_once(self):
        said = reply(incoming=True, user_id=REQUESTERS[0].id, body_text="Hi")
        messages = [each for each in normalised([said], source=15, description_text="Hi") if each["kind"] == "message"]
        assert len(messages) == 1
        assert messages[0]["channel"] == "chat"
        other = [each for each in normalised([said], source=15, description_text="Ho") if each["kind"] == "message"]
        assert len(other) == 2

    def test_an_outbound_ticket_begins_with_an_agent(self):
        first = next(each for each in normalised(source=10) if each["kind"] == "message")
        assert (first["author"], first.get("author_id"), first["public"]) == ("agent", None, True)

    @pytest.mark.parametrize(
        ("changes", "author", "author_id", "public"),
        [
            ({}, "agent", "Olga Petrova", True),
            ({"private": True, "source": 2}, "agent", "Olga Petrova", False),
            ({"user_id": 555}, "agent", "555", True),
            ({"source": 8}, "agent", "Olga Petrova", False),
            ({"category": 6}, "agent", "Olga Petrova", False),
            ({"incoming": True, "user_id": 1000}, "requester", "requester0@example.org", True),
            ({"incoming": True, "user_id": 7, "from_email": "CC@x.org"}, "requester", "cc@x.org", True),
            (
                {"incoming": True, "user_id": 7, "from_email": "a@lab.org", "category": 4},
                "requester",
                "a@lab.org",
                False,
            ),
        ],
    )
    def test_who_wrote_and_who_can_see_it(self, changes, author, author_id, public):
        told = last_message(reply(**changes))
        assert (told["author"], told["author_id"], told["public"], told["automatic"]) == (
            author, author_id, public, False,
        )  # fmt: skip

    def test_what_an_automation_wrote_is_automatic(self):
        told = last_message(reply(user_id=None))
        assert (told["author"], told["automatic"], told["automatic_reason"]) == ("system", True, "source")

    def test_what_a_bot_answers_is_an_ai_agents_answer(self):
        told = last_message(reply(), records={"agent": {"100": {"name": "Freddy", "type": "bot"}}})
        assert (told["author"], told["author_id"], told["automatic"]) == ("bot", "Freddy", True)
        assert told["automatic_reason"] == "ai_agent"

    def test_the_comment_of_a_survey_is_no_question(self):
        events = normalised([reply(incoming=True, source=6, user_id=1000)])
        assert [each["kind"] for each in events] == ["other", "message", "other"]

    def test_a_reply_by_phone_or_on_facebook_has_its_own_channel(self):
        assert last_message(reply(source=9))["channel"] == "phone"
        assert last_message(reply(source=7))["channel_detail"] == "facebook"

    def test_what_is_unknown_breaks_nothing(self):
        events = normalised([reply(source=77, category=99)], source=99, status=42, priority=9, stats=None)
        assert [each["kind"] for each in events] == ["other", "message", "message"]
        assert events[0]["priority"] is None


class TestStages:
    @pytest.mark.parametrize(
        ("status", "stats", "told"),
        [
            (4, {"resolved_at": "2026-03-05T00:00:00Z"}, [("status", "solved", 5)]),
            (5, {"resolved_at": "2026-03-05T00:00:00Z", "closed_at": "2026-03-07T00:00:00Z"},
             [("status", "solved", 5), ("status", "closed", 7)]),
            (5, {"resolved_at": "2026-03-07T00:00:00Z", "closed_at": "2026-03-07T00:00:00Z"}, [("status", "closed", 7)]),
            (4, {}, [("other", "solved", 4)]),
            (3, {"pending_since": "2026-03-06T00:00:00Z", "status_updated_at": "2026-03-06T00:00:01Z"},
             [("status", "pending", 6)]),
            (7, {"status_updated_at": "2026-03-06T00:00:00Z"}, [("status", "on_hold", 6)]),
            (12, {"status_updated_at": "2026-03-06T00:00:00Z"}, [("status", "open", 6)]),
            (2, {"status_updated_at": "2026-03-04T12:00:00Z"}, []),
        ],
    )  # fmt: skip
    def test_the_times_in_stats_are_all_that_is_known(self, status, stats, told):
        events = normalised(status=status, stats=stats)[2:]
        assert [(each["kind"], each["status"], each["occurred_at"].day) for each in events] == told
        assert {each["author"] for each in events} <= {"unknown"}

    def test_a_solved_ticket_without_a_time_is_not_judged(self):
        assert not any(each["kind"] == "status" for each in normalised(status=5, stats={"resolved_at": None}))

    def test_the_hands_it_is_in_now_stand_for_its_whole_life(self):
        opening = normalised(records={**AGENT, "group": {"501": {"name": "Support"}}}, group_id=501, responder_id=100)[
            0
        ]
        assert (opening["team"], opening["agent"], opening["priority"]) == ("Support", "Olga Petrova", "normal")


class TestOwnNumbers:
    def told(self, **changes):
        stats = {"first_responded_at": "2026-03-04T14:00:00Z", "resolved_at": "2026-03-06T00:00:00Z"}
        due = {"fr_due_by": "2026-03-04T15:00:00Z", "due_by": "2026-03-05T15:00:00Z", "status": 4}
        return normalised([reply()], **{**due, "stats": {**stats, **changes.pop("stats", {})}, **changes})

    def test_they_stand_on_the_last_event_only(self):
        *rest, last = self.told()
        assert (last["reported_first_reply"], last["reported_resolution"]) == (True, False)
        assert last["due_first_reply"] == dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)
        assert last["due_resolution"] == dt.datetime(2026, 3, 5, 15, tzinfo=dt.UTC)
        assert not any(key.startswith(("reported_", "due_")) for each in rest for key in each)

    def test_an_escalation_is_a_breach_and_no_answer_yet_is_no_verdict(self):
        assert self.told(fr_escalated=True)[-1]["reported_first_reply"] is False
        waiting = self.told(stats={"first_responded_at": None, "resolved_at": None}, status=2)[-1]
        assert (waiting["reported_first_reply"], waiting["reported_resolution"]) == (None, None)

    @pytest.mark.parametrize(
        ("answer", "score", "scale"), [(103, 6, 6), (100, 3, 6), (-103, 0, 6), (1, 2, 2), (2, 1, 2), (3, 0, 2)]
    )
    def test_ratings_have_seven_faces_or_the_old_three(self, answer, score, scale):
        rating = {"id": 1, "ratings": {"default_question": answer}, "created_at": "2026-03-09T00:00:00Z"}
        told = normalised(records={"rating": {"1": [rating]}})[-1]
        assert (told["kind"], told["score"], told["scale"]) == ("rating", score, scale)

    def test_a_rating_without_the_main_question_is_none(self):
        rating = {"id": 1, "ratings": {"question_5": 103}, "created_at": "2026-03-09T00:00:00Z"}
        assert not any(each["kind"] == "rating" for each in normalised(records={"rating": {"1": [rating]}}))


HOURS = {
    "7": {
        "id": 7, "name": "Default", "is_default": True, "time_zone": "Eastern Time (US & Canada)",
        "business_hours": {"monday": {"start_time": "08:00:00 am", "end_time": "11:59:59 pm"},
                           "friday": {"start_time": "12:30 pm", "end_time": "5:00 pm"}},
    },
    "8": {"id": 8, "name": "Default", "is_default": False, "time_zone": "Moscow",
          "business_hours": {"sunday": {"start_time": "12:00:00 am", "end_time": "12:00:00 pm"}}},
}  # fmt: skip
ONE = {"respond_within": 900, "resolve_within": 7230, "business_hours": True, "escalation_enabled": True}
POLICIES = {
    "1": {"id": 1, "name": "Rest", "is_default": True, "position": 1, "active": True, "sla_target": {"priority_1": ONE}},
    "2": {"id": 2, "name": "Paying", "is_default": False, "position": 2, "active": True,
          "applicable_to": {"group_ids": [501], "ticket_types": ["Question"]},
          "sla_target": {"priority_4": {**ONE, "next_respond_within": 1800, "business_hours": False}}},
    "3": {"id": 3, "name": "Off", "active": False, "sla_target": {"priority_1": ONE}},
}  # fmt: skip
GROUPS = {"501": {"name": "Support", "business_hour_id": 8}, "502": {"name": "Billing", "business_hour_id": None}}
RECORDS = {"schedule": HOURS, "policy": POLICIES, "group": GROUPS}


class TestRules:
    def test_business_hours_become_schedules_in_zones_of_the_tz_database(self):
        assert CONNECTOR.schedules(RECORDS) == {
            "Default (7)": {
                "timezone": "America/New_York",
                "hours": {"mon": ["08:00-24:00"], "fri": ["12:30-17:00"]},
            },
            "Default (8)": {"timezone": "Europe/Moscow", "hours": {"sun": ["00:00-12:00"]}},
        }

    def test_policies_come_by_priority_in_their_order_with_the_default_last(self):
        paying, rest = CONNECTOR.policies(RECORDS)
        assert (paying["name"], rest["name"]) == ("Paying, urgent", "Rest, low")
        assert paying["match"] == {"priority": ["urgent"], "team": ["Support"]}
        assert paying["note"] == {"ticket_types": ["Question"]}
        assert paying["targets"] == {
            "first_reply": {"limit": "15m", "clock": "calendar"},
            "next_reply": {"limit": "30m", "clock": "calendar"},
            "resolution": {"limit": "7230s", "clock": "calendar"},
        }
        assert rest["targets"]["first_reply"] == {"limit": "15m", "clock": "working"}
        assert (rest["schedule"], rest["schedule_by"]) == ("Default (7)", {"team": {"Support": "Default (8)"}})

    def test_the_configuration_takes_them_as_they_are(self, tmp_path):
        tables = [{key: each[key] for key in each if key != "note"} for each in CONNECTOR.policies(RECORDS)]
        config = parse_config(
            {"audit": {"timezone": "UTC"}, "schedules": dict(CONNECTOR.schedules(RECORDS)), "policies": tables},
            folder=tmp_path,
        )
        assert len(config.policies) == 2


def test_nobody_is_told_to_ask_for_ratings_since_asking_leaves_no_trace():
    assert not find_rule("survey_not_sent").needs <= CONNECTOR.sees
    assert find_rule("low_rating_without_follow_up").needs <= CONNECTOR.sees


def test_capabilities_tell_what_this_key_may_read(monkeypatch):
    with running(VENDOR, DESK) as desk, client_of(desk, monkeypatch) as client:
        told = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
    assert told == {
        "tickets": True, "agents": True, "teams": True, "schedules": False, "policies": False, "ratings": True,
        "statuses": False,
    }  # fmt: skip


def test_a_merged_ticket_is_a_closed_one_with_a_note():
    ticket = next(each for each in DESK.tickets if each.merged_into)
    events = list(
        CONNECTOR.normalise({"ticket": ticket_of(ticket), "conversations": conversations_of(ticket)}, AGENT, TABLE)
    )
    assert events[-1]["status"] == "closed"
    assert any(not each["public"] and "merged into" in (each.get("text") or "") for each in events)
    assert AGENTS[0].name in {each.get("author_id") for each in events}
